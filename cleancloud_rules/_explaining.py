"""Why a rule fired or did not: which facts satisfy it, which tests no fact met."""

from collections.abc import Iterable

from cleancloud_rules._conditions import field_named
from cleancloud_rules._counting import count
from cleancloud_rules._words import value_in_words, when_in_words
from cleancloud_rules.conditions import AllOf, AnyOf, Condition, Count, NoneOf, When
from cleancloud_rules.facts import Fact
from cleancloud_rules.methodology import Vocabulary
from cleancloud_rules.rulesets import CompiledCondition, Ruleset
from cleancloud_rules.scorecards import Unmet


class Reading:
    """The counting facts of one company as the conditions of a ruleset see them.

    Args:
        ruleset: the compiled methodology.
        vocabulary: its vocabulary.
        facts: the facts that count.
    """

    def __init__(self, ruleset: Ruleset, vocabulary: Vocabulary, facts: Iterable[Fact]) -> None:
        self.ruleset = ruleset
        self.vocabulary = vocabulary
        self.facts: dict[str, list[Fact]] = {}
        for fact in facts:
            self.facts.setdefault(fact.type, []).append(fact)
        self._bits: dict[str, dict[str, int]] = {}

    def bits(self, fact: Fact) -> dict[str, int]:
        """Return the cells of the fields of a fact that tests read."""
        if fact.id not in self._bits:
            cells = self.ruleset.encodings[fact.type].cells
            self._bits[fact.id] = {name: c.bits_of(fact.get(name), name in fact.disclosed) for name, c in cells.items()}
        return self._bits[fact.id]

    def compiled(self, condition: Condition) -> CompiledCondition:
        """Return the compiled form of a condition."""
        return self.ruleset.conditions[self.ruleset.by_condition[condition]]

    def failing(self, fact: Fact, passing: dict[str, int]) -> list[str]:
        """Return the names of the fields whose tests a fact fails."""
        bits = self.bits(fact)
        return [name for name, allowed in passing.items() if bits[name] & ~allowed]

    def satisfying(self, condition: Condition) -> list[Fact]:
        """Return the facts that pass a condition."""
        passing = self.compiled(condition).passing
        return [fact for fact in self.facts.get(condition.fact_type, ()) if not self.failing(fact, passing)]

    def is_kin(self, fact: Fact, condition: Condition) -> bool:
        """Whether a fact has the condition's type and passes its tests on key fields."""
        return fact.type == condition.fact_type and not self.failing(fact, self.compiled(condition).key_passing)

    def unmet(self, when: When, *, wanted: bool = True) -> tuple[Unmet, ...]:
        """Return why what a rule asks for does not hold; empty where it holds."""
        match when:
            case Condition():
                found = self._unmet_condition(when) if wanted else self._forbidden(when)
                return (found,) if found else ()
            case Count():
                found = self._unmet_count(when, wanted=wanted)
                return (found,) if found else ()
            case NoneOf(parts):
                return self._unmet_parts(parts, every=wanted, wanted=not wanted)
            case AllOf(parts):
                return self._unmet_parts(parts, every=wanted, wanted=wanted)
            case AnyOf(parts):
                return self._unmet_parts(parts, every=not wanted, wanted=wanted)

    def _unmet_parts(self, parts: tuple[When, ...], *, every: bool, wanted: bool) -> tuple[Unmet, ...]:
        found = [self.unmet(part, wanted=wanted) for part in parts]
        if not every and any(not part for part in found):
            return ()
        return tuple(dict.fromkeys(unmet for part in found for unmet in part))

    def _unmet_condition(self, condition: Condition) -> Unmet | None:
        passing = self.compiled(condition).passing
        nearest: tuple[int, str, list[str]] | None = None
        fact_by_id: dict[str, Fact] = {}
        for fact in self.facts.get(condition.fact_type, ()):
            failing = self.failing(fact, passing)
            if not failing:
                return None
            fact_by_id[fact.id] = fact
            if self.is_kin(fact, condition):
                candidate = (len(failing), fact.id, failing)
                nearest = candidate if nearest is None else min(nearest, candidate)
        tests = {test.field: test.test.text for test in condition.tests}
        if nearest is None:
            return Unmet(str(condition), tuple(f"{name}: {text}" for name, text in tests.items()))
        _, id, failing = nearest
        said = tuple(f"{name}: {tests[name]} ({self._said(fact_by_id[id], name)})" for name in sorted(failing))
        return Unmet(str(condition), said, id)

    def _said(self, fact: Fact, name: str) -> str:
        if name in fact.disclosed:
            return "the fact says disclosed, without the value"
        field = field_named(name, self.vocabulary.by_id[fact.type], self.vocabulary)
        assert field is not None
        value = fact.get(name)
        return f"the fact says {value_in_words(value, field)}" if value is not None else "the fact does not say"

    def _forbidden(self, condition: Condition) -> Unmet | None:
        found = self.satisfying(condition)
        if not found:
            return None
        return Unmet(str(condition), (), min(fact.id for fact in found), forbidden=True)

    def _unmet_count(self, when: Count, *, wanted: bool) -> Unmet | None:
        number = count(self.satisfying(when.of), when.distinct)
        if (number >= when.at_least) is wanted:
            return None
        return Unmet(when_in_words(when), (f"counted {number}",), None, forbidden=not wanted)

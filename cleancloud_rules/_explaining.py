"""Why a rule fired or did not: which facts satisfy it, which tests no fact met."""

from collections.abc import Iterable

from cleancloud_rules._conditions import field_named
from cleancloud_rules._counting import count
from cleancloud_rules._words import NOT_AT_HAND, goodness, value_in_words, when_in_words
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
        for some in self.facts.values():
            if len(some) > 1:
                some.sort(key=lambda fact: goodness(fact, vocabulary))
        self._bits: dict[tuple[str, str], int] = {}

    def bits(self, fact: Fact, name: str) -> int:
        """Return the cells of a field that tests read."""
        found = self._bits.get((fact.id, name))
        if found is None:
            cells = self.ruleset.encodings[fact.type].cells[name]
            found = self._bits[fact.id, name] = cells.bits_of(fact.get(name), name in fact.disclosed)
        return found

    def compiled(self, condition: Condition) -> CompiledCondition:
        """Return the compiled form of a condition."""
        return self.ruleset.conditions[self.ruleset.by_condition[condition]]

    def failing(self, fact: Fact, passing: dict[str, int]) -> list[str]:
        """Return the names of the fields whose tests a fact fails."""
        return [name for name, allowed in passing.items() if self.bits(fact, name) & ~allowed]

    def satisfying(self, condition: Condition) -> list[Fact]:
        """Return the facts that pass a condition, the best first."""
        passing = self.compiled(condition).passing
        return [fact for fact in self.facts.get(condition.fact_type, ()) if not self.failing(fact, passing)]

    def unmet(self, when: When, *, wanted: bool = True) -> tuple[Unmet, ...]:
        """Return why what a rule asks for does not hold; empty where it holds."""
        match when:
            case Condition():
                return self._unmet_condition(when) if wanted else self._forbidden(when)
            case Count():
                return self._unmet_count(when) if wanted else self._forbidden_count(when)
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

    def _unmet_condition(self, condition: Condition) -> tuple[Unmet, ...]:
        if self.satisfying(condition):
            return ()
        near = self._nearest(condition)
        if near is None:
            return (Unmet(str(condition), tuple(f"{test.field}: {test.test.text}" for test in condition.tests)),)
        return (near,)

    def _nearest(self, condition: Condition) -> Unmet | None:
        """Return what the nearest of the facts fails that are about a condition and do not pass it."""
        compiled = self.compiled(condition)
        nearest: tuple[Fact, list[str]] | None = None
        for fact in self.facts.get(condition.fact_type, ()):
            failing = self.failing(fact, compiled.passing)
            if not failing or self.failing(fact, compiled.key_passing):
                continue
            if nearest is None or len(failing) < len(nearest[1]):
                nearest = fact, failing
        if nearest is None:
            return None
        fact, failing = nearest
        tests = (test for test in condition.tests if test.field in failing)
        said = tuple(f"{test.field}: {test.test.text} ({self._said(fact, test.field)})" for test in tests)
        return Unmet(str(condition), said, fact.id)

    def _said(self, fact: Fact, name: str) -> str:
        if name in fact.disclosed:
            return f"disclosed, value {NOT_AT_HAND}"
        field = field_named(name, self.vocabulary.by_id[fact.type], self.vocabulary)
        assert field is not None
        value = fact.get(name)
        return f"the fact says {value_in_words(value, field)}" if value is not None else "the fact does not say"

    def _forbidden(self, condition: Condition) -> tuple[Unmet, ...]:
        found = self.satisfying(condition)
        return (Unmet(str(condition), (), found[0].id, forbidden=True),) if found else ()

    def _unmet_count(self, when: Count) -> tuple[Unmet, ...]:
        number = count(self.satisfying(when.of), when.distinct)
        if number >= when.at_least:
            return ()
        near = self._nearest(when.of)
        return (Unmet(when_in_words(when), (f"counted {number}",)), *((near,) if near else ()))

    def _forbidden_count(self, when: Count) -> tuple[Unmet, ...]:
        found = self.satisfying(when.of)
        number = count(found, when.distinct)
        if number < when.at_least:
            return ()
        return (Unmet(when_in_words(when), (f"counted {number}",), found[0].id, forbidden=True),)

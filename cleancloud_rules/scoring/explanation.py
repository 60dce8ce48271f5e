"""Why a rule did not fire: which conditions no fact passes, and which tests the nearest fact fails."""

from collections.abc import Iterable
from typing import Any

from cleancloud_rules.engine.eligibility import count
from cleancloud_rules.engine.fact_index import FactIndex
from cleancloud_rules.engine.ruleset import CompiledCondition, Ruleset
from cleancloud_rules.language.wording import NOT_AT_HAND, precedence, value_in_words, when_in_words
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, NoneOf, When
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.results.scorecards import Unmet


class FactView:
    """The facts of one company that count, as the conditions of a ruleset see them.

    Args:
        ruleset: the compiled methodology.
        facts: the facts that count.
    """

    def __init__(self, ruleset: Ruleset, facts: Iterable[Fact]) -> None:
        self.ruleset = ruleset
        self.vocabulary = ruleset.methodology.vocabulary
        self.index = FactIndex(ruleset.encodings, facts)
        self._precedence: dict[str, tuple[Any, ...]] = {}
        self._about: dict[tuple[str, int], list[Fact]] = {}

    def compiled(self, condition: Condition) -> CompiledCondition:
        """Return the compiled form of a condition."""
        return self.ruleset.conditions[self.ruleset.by_condition[condition]]

    def satisfying(self, condition: Condition) -> list[Fact]:
        """Return the facts that pass a condition, the best first."""
        return self._best_first(self.index.passing(condition.fact_type, self.compiled(condition).passing))

    def _best_first(self, facts: list[Fact]) -> list[Fact]:
        return sorted(facts, key=self._rank) if len(facts) > 1 else facts

    def _rank(self, fact: Fact) -> tuple[Any, ...]:
        if fact.id not in self._precedence:
            self._precedence[fact.id] = precedence(fact, self.vocabulary)
        return self._precedence[fact.id]

    def unmet(self, when: When, *, wanted: bool = True) -> tuple[Unmet, ...]:
        """Return why `when` does not hold (or, if it is not `wanted`, why it does); empty if there is no reason."""
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
        failing = self._relevant(condition)
        if any(not names for _, names in failing):
            return ()
        near = self._nearest(condition, failing)
        if near is None:
            return (Unmet(str(condition), tuple(f"{test.field}: {test.test.text}" for test in condition.tests)),)
        return (near,)

    def _relevant(self, condition: Condition) -> list[tuple[Fact, list[str]]]:
        """Return the facts that are relevant to a condition, the best first, with the fields whose tests they fail."""
        compiled = self.compiled(condition)
        about = condition.fact_type, compiled.topic
        relevant = self._about.get(about)
        if relevant is None:
            found = self.index.passing(condition.fact_type, compiled.key_passing)
            relevant = self._about[about] = self._best_first(found)
        return [(fact, self.index.failing(fact, compiled.passing)) for fact in relevant]

    def _nearest(self, condition: Condition, relevant: list[tuple[Fact, list[str]]]) -> Unmet | None:
        """Return the tests that the nearest relevant fact fails: the one that fails the fewest."""
        fact, failing = min((pair for pair in relevant if pair[1]), key=lambda pair: len(pair[1]), default=(None, []))
        if fact is None:
            return None
        tests = (test for test in condition.tests if test.field in failing)
        said = tuple(f"{test.field}: {test.test.text} ({self._said(fact, test.field)})" for test in tests)
        return Unmet(str(condition), said, fact.id)

    def _said(self, fact: Fact, name: str) -> str:
        if name in fact.disclosed:
            return f"disclosed, value {NOT_AT_HAND}"
        field = self.vocabulary.field_of(fact.type, name)
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
        near = self._nearest(when.of, self._relevant(when.of))
        return (Unmet(when_in_words(when), (f"counted {number}",)), *((near,) if near else ()))

    def _forbidden_count(self, when: Count) -> tuple[Unmet, ...]:
        found = self.satisfying(when.of)
        number = count(found, when.distinct)
        if number < when.at_least:
            return ()
        return (Unmet(when_in_words(when), (f"counted {number}",), found[0].id, forbidden=True),)

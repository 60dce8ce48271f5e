"""Why a rule did not fire: which conditions no fact passes, and which tests the nearest fact fails."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from attrs import frozen

from cleancloud_rules.engine.eligibility import count
from cleancloud_rules.engine.fact_index import FactIndex
from cleancloud_rules.engine.ruleset import CompiledCondition, Ruleset
from cleancloud_rules.language.wording import NOT_AT_HAND, Say, precedence, value_in_words, when_in_words
from cleancloud_rules.model.cells import Cells, FieldCells
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, NoneOf, When
from cleancloud_rules.model.facts import Fact, Field, reader
from cleancloud_rules.model.partitions.boxes import within
from cleancloud_rules.model.partitions.families import Bits
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.results.scorecards import Unmet


@frozen
class Column:
    """A field of a fact type that conditions test.

    Args:
        field: the field.
        cells: the cells of its values.
        value: returns the value of a fact.
    """

    field: Field
    cells: Cells
    value: Callable[[Fact], Any]

    def key(self, fact: Fact, is_disclosed: bool) -> object:
        """Return what tests on the field read of a fact: its cell, or its set."""
        value, cells = self.value(fact), self.cells
        return cells.bits_of(value, is_disclosed) if isinstance(cells, FieldCells) else (value, is_disclosed)

    def said(self, fact: Fact) -> str:
        """Return what a fact says."""
        value = self.value(fact)
        if fact.disclosed and self.field.id in fact.disclosed:
            return f"(disclosed, value {NOT_AT_HAND})"
        if value is None:
            return "(the fact does not say)"
        return f"(the fact says {value_in_words(value, self.field)})"


@frozen
class _FieldTests:
    """The tests of a condition on one field.

    Args:
        column: the field.
        passing: the values that pass all of them.
        texts: the tests in words.
    """

    column: Column
    passing: Bits
    texts: tuple[str, ...]

    def fails(self, fact: Fact) -> bool:
        """Whether a fact fails them."""
        column = self.column
        bits = column.cells.bits_of(column.value(fact), column.field.id in fact.disclosed)
        return not within(bits, self.passing)

    def told(self, fact: Fact, say: Say | None) -> list[str]:
        """Return the tests in words, with what a fact says."""
        said = self.column.said(fact) if say is None else say(self.column.said, fact)
        return [f"{text} {said}" for text in self.texts]


@frozen
class Asked:
    """What a condition asks, prepared for the facts of any company.

    Args:
        compiled: the condition.
        text: the condition in words.
        tests: the tests that facts about its topic can fail: those on fields that are no keys.
        unmet: why it does not hold if there is no fact about its topic.
    """

    compiled: CompiledCondition
    text: str
    tests: tuple[_FieldTests, ...]
    unmet: tuple[Unmet, ...]

    def failing(self, fact: Fact) -> list[_FieldTests]:
        """Return the tests that a fact about its topic fails."""
        return [tests for tests in self.tests if tests.fails(fact)]

    def near(self, fact: Fact, failing: Sequence[_FieldTests], say: Say | None) -> Unmet:
        """Return the condition as unmet, with the tests that the nearest fact fails."""
        told = [tests.told(fact, say) for tests in failing]
        return Unmet(self.text, tuple(told[0] if len(told) == 1 else chain.from_iterable(told)), fact.id)


class Asking:
    """What the conditions of a ruleset ask. Each condition is prepared when it is first needed.

    Args:
        ruleset: the compiled methodology.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.vocabulary: Vocabulary = ruleset.methodology.vocabulary
        self._asked: dict[Condition, Asked] = {}
        self._columns: dict[tuple[str, str], Column] = {}

    def of(self, condition: Condition) -> Asked:
        """Return what a condition asks."""
        found = self._asked.get(condition)
        if found is None:
            found = self._asked[condition] = self._prepared(condition)
        return found

    def _prepared(self, condition: Condition) -> Asked:
        compiled = self.ruleset.conditions[self.ruleset.by_condition[condition]]
        texts: dict[str, tuple[str, ...]] = {}
        for test in condition.tests:
            texts[test.field] = (*texts.get(test.field, ()), f"{test.field}: {test.test.text}")
        tests = tuple(
            _FieldTests(self._column(condition.fact_type, name), compiled.passing[name], own)
            for name, own in texts.items()
            if name not in compiled.key_passing
        )
        unmet = Unmet(str(condition), tuple(text for own in texts.values() for text in own))
        return Asked(compiled, unmet.condition, tests, (unmet,))

    def _column(self, type_id: str, name: str) -> Column:
        found = self._columns.get((type_id, name))
        if found is None:
            field = self.vocabulary.field_of(type_id, name)
            assert field is not None
            found = Column(field, self.ruleset.encodings[type_id].cells[name], reader(name))
            self._columns[type_id, name] = found
        return found


class FactView:
    """The facts of one company that count, as the conditions of a ruleset see them.

    Args:
        ruleset: the compiled methodology.
        facts: the facts that count.
        asking: what the conditions ask; None to prepare it.
        about: the facts about each topic that is asked for; None to look for them.
        say: the text about a fact; None for the default one.
    """

    def __init__(
        self,
        ruleset: Ruleset,
        facts: Iterable[Fact],
        asking: Asking | None = None,
        about: Mapping[int, list[Fact]] | None = None,
        say: Say | None = None,
    ) -> None:
        self.asking: Asking = asking or Asking(ruleset)
        self._say = say
        self.index: FactIndex = FactIndex(ruleset.encodings, facts)
        self._about = about
        self._precedence: dict[str, tuple[Any, ...]] = {}
        self._relevant: dict[int, list[Fact]] = {}

    def compiled(self, condition: Condition) -> CompiledCondition:
        """Return the compiled form of a condition."""
        return self.asking.of(condition).compiled

    def satisfying(self, condition: Condition) -> list[Fact]:
        """Return the facts that pass a condition, the best first."""
        asked = self.asking.of(condition)
        return [fact for fact in self.relevant(asked) if not asked.failing(fact)]

    def relevant(self, asked: Asked) -> list[Fact]:
        """Return the facts that are about the topic of a condition, the best first."""
        compiled = asked.compiled
        found = self._relevant.get(compiled.topic)
        if found is None:
            if self._about is None:
                found = self.index.passing(compiled.condition.fact_type, compiled.key_passing)
            else:
                found = self._about.get(compiled.topic, [])
            found = self._relevant[compiled.topic] = sorted(found, key=self._rank) if len(found) > 1 else found
        return found

    def _rank(self, fact: Fact) -> tuple[Any, ...]:
        if fact.id not in self._precedence:
            self._precedence[fact.id] = precedence(fact, self.asking.vocabulary)
        return self._precedence[fact.id]

    def why_not(self, asked: Asked) -> tuple[Unmet, ...]:
        """Return why a condition does not hold."""
        relevant = self.relevant(asked)
        if not relevant:
            return asked.unmet
        if len(asked.tests) == 1:  # every fact fails this test, because otherwise the condition would hold
            return (asked.near(relevant[0], asked.tests, self._say),)
        return (self._nearest(asked, [(fact, asked.failing(fact)) for fact in relevant]),)

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
        asked = self.asking.of(condition)
        holds = any(not asked.failing(fact) for fact in self.relevant(asked))
        return () if holds else self.why_not(asked)

    def _forbidden(self, condition: Condition) -> tuple[Unmet, ...]:
        found = self.satisfying(condition)
        return (Unmet(str(condition), (), found[0].id, forbidden=True),) if found else ()

    def _unmet_count(self, when: Count) -> tuple[Unmet, ...]:
        asked = self.asking.of(when.of)
        tried = [(fact, asked.failing(fact)) for fact in self.relevant(asked)]
        number = count((fact for fact, tests in tried if not tests), when.distinct)
        if number >= when.at_least:
            return ()
        failing = [(fact, tests) for fact, tests in tried if tests]
        counted = Unmet(when_in_words(when), (f"counted {number}",))
        return (counted, self._nearest(asked, failing)) if failing else (counted,)

    def _forbidden_count(self, when: Count) -> tuple[Unmet, ...]:
        found = self.satisfying(when.of)
        number = count(found, when.distinct)
        if number < when.at_least:
            return ()
        return (Unmet(when_in_words(when), (f"counted {number}",), found[0].id, forbidden=True),)

    def _nearest(self, asked: Asked, failing: list[tuple[Fact, list[_FieldTests]]]) -> Unmet:
        """Return the tests that the nearest fact fails: of facts that fail some, the best first that fails fewest."""
        return asked.near(*min(failing, key=lambda pair: len(pair[1])), self._say)

"""The compiled form of a methodology: plain data for the rules engine."""

from enum import Enum
from functools import cached_property
from typing import Any

from attrs import field, frozen

from cleancloud_rules.model.cells import Cells
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.derivations import Derivation
from cleancloud_rules.model.facts import Selection
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.partitions.boxes import Box

ANCHOR, SENTINEL = "anchor", "sentinel"
"""The rules that begin and end every batch; both must fire."""

NAME = '{"'
"""What stands before the name of a rule in a message of the engine."""

Term = tuple[str, str, int]
"""A comparison of an encoded property with a small integer: name, ``==``, ``>=``, ``<=`` or ``<``, and the integer."""

Key = tuple[str, str]
"""Criterion or group, and rule."""

Alternative = tuple[str, str, int]
"""One of the conjunctions of a rule: criterion or group, rule, and its position."""

Pattern = tuple[Term, ...]
"""Comparisons that one record must pass together."""


@frozen
class Shard:
    """A group of engine rules that is small enough for the engine.

    Args:
        name: unique within the ruleset.
        definition: the rules as JSON text in the engine's own form, anchor and sentinel included.
        meaning: what a firing of each rule means, by the rule's name.
        reads: in stage 1, the names of the properties that its rules read of a fact, by fact type; nothing else of a
            fact is sent, and no fact of another type.
        allowed: in stage 1, for each of these types the cells that some rule of the shard allows, in the fields that
            all of its rules test; a fact with other cells passes no rule and is not sent.
        literals: in later stages, the names of the literals that its rules read.
        unconditional: whether one of its rules always holds.
    """

    name: str
    definition: str
    meaning: dict[str, Any]
    reads: dict[str, frozenset[str]] = field(factory=dict)
    allowed: dict[str, Box] = field(factory=dict)
    literals: tuple[str, ...] = ()
    unconditional: bool = False

    @cached_property
    def told(self) -> dict[str, Any]:
        """What a firing of each rule means, by the beginning of the engine's message about it."""
        return {f"{NAME}{name}": meaning for name, meaning in self.meaning.items()}

    @property
    def rules(self) -> int:
        """The number of its rules, without anchor and sentinel."""
        return len(self.meaning)


@frozen
class FactEncoding:
    """How the facts of one type are sent to the engine.

    Args:
        index: the type's number.
        cells: the values of each field that a test reads, by name of the field.
        properties: for each of these fields the beginning of the names of its properties.
        lists: for each of these fields that holds sets, the lists of names that tests give, by their numbers.
        own: for each of the other fields, the cells that have a property of their own, because some condition asks for
            just this cell: the name of the property by the position of the cell.
    """

    index: int
    cells: dict[str, Cells]
    properties: dict[str, str]
    lists: dict[str, dict[int, frozenset[str]]] = field(factory=dict)
    own: dict[str, dict[int, str]] = field(factory=dict)

    @cached_property
    def numbers(self) -> dict[str, dict[frozenset[str], int]]:
        """For each field that holds sets, the number of each list of names."""
        return {name: {names: number for number, names in lists.items()} for name, lists in self.lists.items()}


@frozen
class CompiledCondition:
    """A distinct condition.

    Args:
        index: its number, by which literals refer to it.
        condition: the condition.
        passing: for each field that it tests, the values that pass.
        key_passing: the part of `passing` that is about key fields.
        topic: a number that conditions on one fact type share if their `key_passing` is equal.
    """

    index: int
    condition: Condition
    passing: Box
    key_passing: Box
    topic: int


class LiteralKind(Enum):
    """What a literal asks: some fact passes, none does, or a count reaches a limit or stays below it."""

    PRESENT = "present"
    ABSENT = "absent"
    AT_LEAST = "at_least"
    FEWER = "fewer"

    @property
    def is_positive(self) -> bool:
        """Whether further facts can only make it true."""
        return self is LiteralKind.PRESENT or self is LiteralKind.AT_LEAST

    @property
    def counts(self) -> bool:
        """Whether it limits a count."""
        return self is LiteralKind.AT_LEAST or self is LiteralKind.FEWER


@frozen
class Literal:
    """One requirement of a rule on one condition.

    Args:
        condition: number of the condition.
        kind: what it asks.
        number: the limit of a count; 0 for the other kinds.
        distinct: the field whose distinct values are counted; None counts facts.
    """

    condition: int
    kind: LiteralKind
    number: int = 0
    distinct: str | None = None

    @property
    def counter(self) -> str:
        """The name of what it counts."""
        return f"c{self.condition}_{self.distinct}" if self.distinct else f"c{self.condition}"

    @property
    def counts(self) -> bool:
        """Whether it limits a count."""
        return self.kind.counts

    @property
    def is_positive(self) -> bool:
        """Whether further facts can only make it true."""
        return self.kind.is_positive

    @property
    def needed(self) -> int:
        """How many facts, or distinct values, reach what it asks about: the limit of a count, otherwise one."""
        return max(self.number, 1)

    def holds(self, reached: int | None) -> bool:
        """Whether it holds.

        Args:
            reached: how many facts, or distinct values, there are; None for as many as any literal asks about. For a
                literal that does not count it is enough to know whether there are any.
        """
        return (reached is None or reached >= self.needed) is self.is_positive


Conjunction = tuple[Literal, ...]
"""Literals that must hold together, each once, sorted."""


@frozen
class CompiledRule:
    """A rule of a criterion in disjunctive normal form: it holds if one of its conjunctions does.

    Args:
        criterion: id of the criterion.
        rule: id of the rule.
        disjuncts: conjunctions; an empty one always holds.
    """

    criterion: str
    rule: str
    disjuncts: tuple[Conjunction, ...]

    @cached_property
    def supporting(self) -> tuple[tuple[int, ...], ...]:
        """For each conjunction the numbers of the conditions whose facts make it hold."""
        return tuple(tuple(literal.condition for literal in d if literal.is_positive) for d in self.disjuncts)


@frozen
class Join:
    """A derivation as the engine joins it.

    Args:
        derivation: the derivation.
        conditions: numbers of the conditions of its inputs, in their order.
        shard: a shard of one rule, whose firings name the joined facts.
    """

    derivation: Derivation
    conditions: tuple[int, ...]
    shard: Shard


@frozen
class Ruleset:
    """A compiled methodology.

    Args:
        methodology: what it was compiled from.
        conditions: every distinct condition, by number.
        encodings: how facts are sent, by fact type.
        matching: stage 1, which finds the facts that pass each condition.
        joins: the derivations, in their order.
        direct: the rules that hold if a fact passes one condition, by the number of the condition.
        levels: the later stages, level by level, which find the other alternatives that hold.
        rules: every rule, by criterion and rule, sorted by them.
        counters: the counts that rules ask for: the name under which a count is sent, the number of the condition, the
            distinct field.
        from_zero: the names of the counts that are sent even if they are 0, because a rule asks for fewer.
        absences: numbers of the conditions that a rule requires no fact to pass.
        by_condition: the number of each condition.
    """

    methodology: Methodology = field(repr=False)
    conditions: tuple[CompiledCondition, ...]
    encodings: dict[str, FactEncoding]
    matching: tuple[Shard, ...]
    joins: tuple[Join, ...]
    direct: dict[int, tuple[Key, ...]]
    levels: tuple[tuple[Shard, ...], ...]
    rules: dict[Key, CompiledRule]
    counters: tuple[tuple[str, int, str | None], ...]
    from_zero: frozenset[str]
    absences: frozenset[int]
    by_condition: dict[Condition, int] = field(repr=False)

    @cached_property
    def selecting(self) -> frozenset[str]:
        """The fact types whose later facts supersede earlier ones."""
        return frozenset(t.id for t in self.methodology.vocabulary.fact_types if t.selection is not Selection.BEST)

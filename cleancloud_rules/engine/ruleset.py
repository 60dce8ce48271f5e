"""The compiled form of a methodology: plain data that the rules engine takes."""

from collections.abc import Collection
from typing import Any

from attrs import field, frozen

from cleancloud_rules.model.cells import Box, FieldCells
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.derivations import Derivation

ANCHOR, SENTINEL = "anchor", "sentinel"
"""The rules that lead and end every batch; both must fire."""

Term = tuple[str, str, int]
"""A comparison of an encoded property with a small integer: name, ``==``, ``>=``, ``<=`` or ``<``, and the integer."""

Record = dict[str, int]
"""What is sent to the engine of one fact or of one thing found: small integers by name of property."""

Pattern = tuple[Term, ...]
"""Comparisons that one record passes together."""


@frozen
class Shard:
    """A group of engine rules that is small enough for the engine.

    Args:
        name: unique within the ruleset.
        definition: the rules as JSON text in the engine's own form, anchor and sentinel included.
        meaning: what the firing of each rule says, by the rule's name.
        encodings: in stage 1, how facts travel to this shard, by fact type; facts of other types do not.
        allowed: in stage 1, for each of these types the cells that some rule of the shard allows, for the fields that
            all of its rules test; a fact with others passes none of them, and need not travel.
        literals: in later stages, the names of what its rules read.
        unconditional: whether one of its rules holds whatever the facts are.
    """

    name: str
    definition: str
    meaning: dict[str, Any]
    encodings: dict[str, "FactEncoding"] = field(factory=dict)
    allowed: dict[str, Box] = field(factory=dict)
    literals: tuple[str, ...] = ()
    unconditional: bool = False

    @property
    def rules(self) -> int:
        """How many rules it has without anchor and sentinel."""
        return len(self.meaning)


@frozen
class FactEncoding:
    """How the facts of one type travel to the engine.

    Args:
        index: the type's number.
        cells: for each field that a test reads its cells, by name of the field.
        properties: for each of these fields the property names that carry it.
    """

    index: int
    cells: dict[str, FieldCells]
    properties: dict[str, str]

    def width(self, name: str) -> int:
        """Return how many properties carry a field."""
        cells = self.cells[name]
        return 1 + len(cells.marks) + bool(cells.rest) if cells.field.type == "set" else 2

    def only(self, names: Collection[str]) -> "FactEncoding":
        """Return the encoding of some of the fields alone."""
        cells = {name: cells for name, cells in self.cells.items() if name in names}
        return FactEncoding(self.index, cells, {name: self.properties[name] for name in cells})


@frozen
class CompiledCondition:
    """A distinct condition.

    Args:
        index: its number, which names its literals.
        condition: the condition.
        passing: for each field that it tests the bits of the values that pass.
        key_passing: the part of `passing` that reads key fields.
    """

    index: int
    condition: Condition
    passing: dict[str, int]
    key_passing: dict[str, int]


@frozen
class Literal:
    """What a rule of a criterion asks about one condition.

    Args:
        condition: number of the condition.
        kind: ``present`` (some fact passes), ``absent`` (none does), ``at_least`` or ``fewer`` (a count).
        number: the limit of a count; 0 for the others.
        distinct: the field over which a count is distinct; None counts facts.
    """

    condition: int
    kind: str
    number: int = 0
    distinct: str | None = None

    @property
    def counter(self) -> str:
        """What it counts."""
        return f"c{self.condition}_{self.distinct}" if self.distinct else f"c{self.condition}"

    @property
    def counts(self) -> bool:
        """Whether it asks for a count."""
        return self.kind in ("at_least", "fewer")


Conjunction = tuple[Literal, ...]
"""Literals that must hold together, each once, sorted."""


@frozen
class CompiledRule:
    """A rule of a criterion as alternatives of which one is enough.

    Args:
        criterion: id of the criterion.
        rule: id of the rule.
        disjuncts: conjunctions; an empty one always holds.
    """

    criterion: str
    rule: str
    disjuncts: tuple[Conjunction, ...]


@frozen
class Join:
    """A derivation as the engine joins it.

    Args:
        derivation: the derivation.
        conditions: numbers of the conditions of its inputs, in their order.
        shard: one rule whose firings name the joined facts.
    """

    derivation: Derivation
    conditions: tuple[int, ...]
    shard: Shard


@frozen
class Ruleset:
    """A compiled methodology.

    Args:
        conditions: every distinct condition, by number.
        encodings: how facts travel, by fact type.
        matching: stage 1, which finds the facts that pass each condition.
        joins: the derivations, in their order.
        levels: the later stages, level by level, which find the rules of criteria that hold.
        rules: every rule, by criterion and rule.
        counters: the counts that rules ask for: the name under which one travels, number of the condition, distinct
            field.
        absences: numbers of the conditions whose absence a rule asks for.
    """

    conditions: tuple[CompiledCondition, ...]
    encodings: dict[str, FactEncoding]
    matching: tuple[Shard, ...]
    joins: tuple[Join, ...]
    levels: tuple[tuple[Shard, ...], ...]
    rules: dict[tuple[str, str], CompiledRule]
    counters: tuple[tuple[str, int, str | None], ...]
    absences: frozenset[int]
    by_condition: dict[Condition, int] = field(repr=False)

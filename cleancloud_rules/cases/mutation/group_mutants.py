"""Mutants that change one group, the root or a decision table."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.cases.mutation.condition_changes import test_changes, with_item, without
from cleancloud_rules.cases.mutation.criterion_mutants import exemption_changes, moved_requirement, requirement_changes
from cleancloud_rules.cases.mutation.mutants import Family, Mutant, with_group
from cleancloud_rules.cases.mutation.numbers import half, moves, said
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.conditions import Condition, UnaryTest
from cleancloud_rules.model.exact import multiply, subtract
from cleancloud_rules.model.groups import Band, Cap, Combining, DecisionTable, Level
from cleancloud_rules.model.methodology import Group, Methodology
from cleancloud_rules.model.values import Interval
from cleancloud_rules.results.mutants import MutantKind

_NUMBERS = ("base", "scale", "at_least", "at_most")


@frozen
class GroupMutants:
    """The mutants of one group, or of the root.

    Args:
        methodology: the methodology.
        group: the group; None for the root.
    """

    methodology: Methodology
    group: Group | None

    @property
    def _combining(self) -> Combining:
        return self.methodology.combining if self.group is None else self.group

    @property
    def _digits(self) -> int:
        rounding = self.methodology.rounding
        return rounding.digits if self.group is None else self.methodology.rounding_of(self.group).digits

    @property
    def _node(self) -> MappingNode | None:
        return self.methodology.node if self.group is None else self.group.node

    def __iter__(self) -> Iterator[Family]:
        yield from self._numbers()
        yield from self._caps()
        yield from self._bands()
        yield from self._levels()
        yield from ((mutant,) for mutant in self._rest())

    def _numbers(self) -> Iterator[Family]:
        for name in _NUMBERS:
            number: Decimal | None = getattr(self._combining, name)
            if number is not None and (name != "base" or number):
                for moved in moves(number, self._digits, half(number)):
                    changes = [(f"`{name}` {said(number)} became {said(new)}", {name: new}) for new in moved]
                    yield self._family(MutantKind.LIMIT, changes, near=number)
        if self.group is not None and self.group.weight is not None:
            (new,) = moves(self.group.weight, 0)[1]
            change = f"`weight` {said(self.group.weight)} became {said(new)}"
            yield self._family(MutantKind.LIMIT, [(change, {"weight": new})])

    def _caps(self) -> Iterator[Family]:
        caps = self._combining.caps
        for index, cap in enumerate(caps):
            name = f"the cap at {said(cap.at_most)}"

            def changed(new: Cap, index: int = index) -> dict[str, Any]:
                return {"caps": with_item(caps, index, new)}

            removed = {"caps": without(caps, index)}
            yield self._family(MutantKind.CAP, [(f"{name} was removed", removed)], cap.node)
            for moved in moves(cap.at_most, self._digits, half(cap.at_most)):
                changes = [(f"{name} became one at {said(m)}", changed(evolve(cap, at_most=m))) for m in moved]
                yield self._family(MutantKind.CAP, changes, cap.node, near=cap.at_most)
            for number in (0, 1):
                required = (cap.given, cap.unless)[number]
                for new in () if required is None else moved_requirement(required, self._digits):
                    words = f"{name}: the requirement `{required}` became `{new}`"
                    other = evolve(cap, given=new) if number == 0 else evolve(cap, unless=new)
                    yield self._family(MutantKind.CAP, [(words, changed(other))], cap.node)

    def _bands(self) -> Iterator[Family]:
        bands = self._combining.bands
        edges = sorted({end for band in bands for end in _ends(band.score)})
        gaps = [subtract(high, low) for low, high in pairwise(edges)]
        for edge in edges:
            near = [gap for gap, pair in zip(gaps, pairwise(edges), strict=True) if edge in pair]
            room = half(edge) if not near else multiply(min(near), Decimal("0.5"))
            node = next(band.node for band in bands if edge in _ends(band.score))
            for moved in moves(edge, self._digits, room):
                changes = [
                    (f"the edge {said(edge)} of the bands became {said(new)}", {"bands": _with_edge(bands, edge, new)})
                    for new in moved
                ]
                yield self._family(MutantKind.BAND, changes, node, near=edge)
        for index, band in enumerate(bands):
            if band.value is not None:
                (new,) = moves(band.value, self._digits)[1]
                change = f"the value {said(band.value)} of the band `{band.label}` became {said(new)}"
                fields = {"bands": with_item(bands, index, evolve(band, value=new))}
                yield self._family(MutantKind.BAND, [(change, fields)], band.node)

    def _levels(self) -> Iterator[Family]:
        levels, top = self._combining.levels, self._combining.top_level
        for index, level in enumerate(levels):
            change = f"the level `{level.id}` was removed"
            yield self._family(MutantKind.LEVEL, [(change, {"levels": without(levels, index)})], level.node)
            for changes in self._of_level(level):
                made = [(words, {"levels": with_item(levels, index, new)}) for words, new in changes]
                yield self._family(MutantKind.LEVEL, made, level.node, near=level.at_least)
        if top is not None:
            change = f"the level `{top.id}` was removed"
            yield self._family(MutantKind.LEVEL, [(change, {"top_level": None})], top.node)
            for changes in self._of_level(top):
                of_top = [(words, {"top_level": new}) for words, new in changes]
                yield self._family(MutantKind.LEVEL, of_top, top.node)

    def _of_level(self, level: Level) -> Iterator[list[tuple[str, Level]]]:
        name = f"the level `{level.id}`"
        for words, requires, _ in requirement_changes(level.requires, self._digits):
            yield [(f"{name}: {words}", evolve(level, requires=requires))]
        if level.at_least is not None:
            for moved in moves(level.at_least, self._digits, half(level.at_least)):
                before = f"{name}: `at_least` {said(level.at_least)} became"
                yield [(f"{before} {said(new)}", evolve(level, at_least=new)) for new in moved]
        if level.value is not None:
            (new,) = moves(level.value, self._digits)[1]
            yield [(f"{name}: `value` {said(level.value)} became {said(new)}", evolve(level, value=new))]

    def _rest(self) -> Iterator[Mutant]:
        combining, group = self._combining, self.group
        if combining.needs is not None:
            change = f"`needs: {combining.needs.value}` was removed"
            yield self._changed(MutantKind.REQUIREMENT, change, {"needs": None})
        for index, part in enumerate(combining.tiers):
            change = f"the tier `{part}` was removed"
            yield self._changed(MutantKind.REQUIREMENT, change, {"tiers": without(combining.tiers, index)})
        if group is None:
            return
        for words, requires, node in requirement_changes(group.requires, self._digits):
            yield self._changed(MutantKind.REQUIREMENT, words, {"requires": requires}, node)
        if group.not_applicable is not None:
            for words, exemption, inner in exemption_changes(group.not_applicable, self.methodology):
                conditions = None if inner is None else inner.conditions
                fields = {"not_applicable": exemption}
                node = group.not_applicable.node
                yield self._changed(MutantKind.EXEMPTION, words, fields, node, conditions)

    def _family(
        self,
        kind: MutantKind,
        changes: list[tuple[str, dict[str, Any]]],
        node: MappingNode | None = None,
        near: Decimal | None = None,
    ) -> Family:
        return tuple(evolve(self._changed(kind, change, fields, node), near=near) for change, fields in changes)

    def _changed(
        self,
        kind: MutantKind,
        change: str,
        fields: dict[str, Any],
        node: MappingNode | None = None,
        conditions: tuple[Condition, Condition] | None = None,
    ) -> Mutant:
        where = node or self._node
        if self.group is None:
            made = evolve(self.methodology, combining=evolve(self.methodology.combining, **fields))
            return Mutant(kind, ("total",), change, made, where, None, conditions)
        id = self.group.id
        made = with_group(self.methodology, id, lambda old: evolve(old, **fields))
        return Mutant(kind, (id,), change, made, where, id, conditions)


def _ends(test: UnaryTest) -> list[Decimal]:
    intervals = [a.written for a in test.alternatives if isinstance(a, Interval)]
    return [end for i in intervals for end in (i.low, i.high) if isinstance(end, Decimal)]


def _with_edge(bands: tuple[Band, ...], edge: Decimal, new: Decimal) -> tuple[Band, ...]:
    """Return bands in which one of the edges is another number; the band below and the one above both end there."""

    def moved(band: Band) -> Band:
        alternatives = []
        for alternative in band.score.alternatives:
            assert isinstance(alternative, Interval)
            ends = alternative.written
            low, high = (new if end == edge else end for end in (ends.low, ends.high))
            alternatives.append(Interval(low, high, ends.low_open, ends.high_open))
        return evolve(band, score=evolve(band.score, alternatives=tuple(alternatives)))

    return tuple(map(moved, bands))


def table_mutants(methodology: Methodology) -> Iterator[Family]:
    """Yield the mutants of the decision tables: without each row and each test, and with each test changed."""
    for number, table in enumerate(methodology.tables):
        for change, changed, node in _table_changes(table):
            made = evolve(methodology, tables=with_item(methodology.tables, number, changed))
            yield (Mutant(MutantKind.ROW, (str(table.id),), change, made, node or table.node, table.id),)


def _table_changes(table: DecisionTable) -> Iterator[tuple[str, DecisionTable, MappingNode | None]]:
    fields = {entry.name: entry.field for entry in table.inputs}
    for index, row in enumerate(table.rows):
        name = f"row {index + 1}"
        yield f"{name} was removed", evolve(table, rows=without(table.rows, index)), row.node
        for number, (input_name, test) in enumerate(row.tests):
            fewer = evolve(row, tests=without(row.tests, number))
            words = f"{name}: the test `{input_name}: {test.text}` was removed"
            yield words, evolve(table, rows=with_item(table.rows, index, fewer)), row.node
            for changed in test_changes(test, fields[input_name]):
                tests = with_item(row.tests, number, (input_name, changed.test))
                new = evolve(row, tests=tests)
                yield f"{name}: {changed.change}", evolve(table, rows=with_item(table.rows, index, new)), row.node
    if table.otherwise is not None:
        yield f"`otherwise: {table.otherwise}` was removed", evolve(table, otherwise=None), table.node


def families(methodology: Methodology) -> Iterator[Family]:
    """Yield all mutants of the groups, the root and the decision tables."""
    for group in (*methodology.groups, None):
        yield from GroupMutants(methodology, group)
    yield from table_mutants(methodology)

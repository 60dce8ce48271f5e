"""Warnings about decision tables: one function for each code."""

from collections.abc import Iterable, Iterator

from cleancloud_rules.analysis.lint.implication import Implications
from cleancloud_rules.analysis.lint.warnings import at_value, warning
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.model.cells import cells_of
from cleancloud_rules.model.conditions import UnaryTest
from cleancloud_rules.model.groups import DecisionTable, TableHitPolicy
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.partitions.boxes import Box

MAX_BOXES = 1000
"""The maximum number of boxes into which the part of a row that earlier rows leave is cut."""


def rows_without_effect(methodology: Methodology, _: Implications) -> Iterator[Diagnostic]:
    """A row of a decision table changes no result: nothing fits it, or earlier rows fit whenever it does."""
    for table in methodology.tables:
        possible, boxes = _boxes(table)
        for index, (row, box) in enumerate(zip(table.rows, boxes, strict=True)):
            assert row.node is not None
            if not all(box.values()):
                message = f"row {index + 1} of `{table.id}` never fits: no value passes one of its tests"
                yield warning("row-without-effect", message, row.node.beginning)
                continue
            collects = table.hit_policy is TableHitPolicy.COLLECT
            earlier = [i for i in range(index) if not collects or table.rows[i].then == row.then]
            if _is_covered(box, [boxes[i] for i in earlier], possible):
                covering = next((i for i in earlier if _is_covered(box, [boxes[i]], possible)), None)
                which = "earlier rows fit" if covering is None else f"row {covering + 1} fits"
                message = f"row {index + 1} of `{table.id}` has no effect: whenever it fits, {which} too"
                help = f"put it before row {covering + 1}, or remove it" if covering is not None else "remove it"
                yield warning("row-without-effect", message, row.node.beginning, help)


def outputs_without_row(methodology: Methodology, _: Implications) -> Iterator[Diagnostic]:
    """A table declares an output that no row and no `otherwise` gives."""
    for table in methodology.tables:
        given = {row.then for row in table.rows} | {table.otherwise}
        for index, output in enumerate(table.outputs):
            if output not in given:
                message = f"no row of `{table.id}` gives the output `{output}`"
                yield warning("output-never-given", message, at_value(table.node, "outputs", index))


def _boxes(table: DecisionTable) -> tuple[Box, list[Box]]:
    """Return the possible bits of each input, and those that pass for each row."""
    tests: dict[str, list[UnaryTest]] = {entry.name: [] for entry in table.inputs}
    for row in table.rows:
        for name, test in row.tests:
            tests[name].append(test)
    cells = {entry.name: cells_of(entry.field, tests[entry.name]) for entry in table.inputs}
    possible = {name: found.possible & ~found.disclosed_bit for name, found in cells.items()}
    return possible, [
        {name: cells[name].passing(test) & possible[name] for name, test in row.tests} for row in table.rows
    ]


def _is_covered(box: Box, holes: Iterable[Box], possible: Box) -> bool:
    """Whether holes cover a box. True is certain; False may also mean that the box is cut into too many pieces."""
    # Subtraction of boxes, one hole after another. What a hole leaves of a box is a union of disjoint boxes, one for
    # each input: outside the hole in this input, and inside it in all earlier ones.
    rest = [box]
    for hole in holes:
        rest = [piece for whole in rest for piece in _without(whole, hole, possible)]
        if not rest or len(rest) > MAX_BOXES:
            break
    return not rest


def _without(box: Box, hole: Box, possible: Box) -> Iterator[Box]:
    if any(not bits & box.get(name, possible[name]) for name, bits in hole.items()):
        yield box
        return
    inside = dict(box)
    for name, bits in hole.items():
        allowed = inside.get(name, possible[name])
        if allowed & ~bits:
            yield {**inside, name: allowed & ~bits}
        inside[name] = allowed & bits

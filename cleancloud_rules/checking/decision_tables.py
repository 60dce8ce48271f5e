"""Checks of decision tables and of `rank_by`: one function for each kind of mistake."""

from collections.abc import Iterator

from cleancloud_rules.checking.groups import item, key, place
from cleancloud_rules.diagnostics.collector import did_you_mean, listed
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.nodes import SequenceNode
from cleancloud_rules.model.cells import cells_of
from cleancloud_rules.model.conditions import UnaryTest
from cleancloud_rules.model.groups import Aggregation, DecisionTable, TableHitPolicy
from cleancloud_rules.model.methodology import Criterion, Group, Methodology

_WHOLE = "total"
"""The name of the root in decision tables."""

_RANKED = (_WHOLE, "level", "label")
"""The results by which companies can be ranked, besides tables. No table may have such an id."""


def tables(methodology: Methodology) -> Iterator[Diagnostic]:
    """A decision table has rows and outputs, lists each output once, and its id is not reserved."""
    for table in methodology.tables:
        if table.id in _RANKED:
            message = f"`{table.id}` is reserved and cannot name a table"
            yield Diagnostic("reserved-name", message, place(table.node, "id"))
        for name in ("inputs", "outputs", "rows"):
            if not getattr(table, name):
                yield Diagnostic("empty-value", f"table `{table.id}` has no {name}", place(table.node, name))
        for index, output in enumerate(table.outputs):
            if output in table.outputs[:index]:
                yield Diagnostic("repeated-value", f"`{output}` is repeated", item(table.node, "outputs", index))
        if table.hit_policy is TableHitPolicy.UNIQUE:
            yield from _overlaps(table)


def _overlaps(table: DecisionTable) -> Iterator[Diagnostic]:
    """Report each row of a table with the hit policy `unique` that can fit together with an earlier row."""
    tests: dict[str, list[UnaryTest]] = {}
    for row in table.rows:
        for name, test in row.tests:
            tests.setdefault(name, []).append(test)
    # A row is a box: for each input that it tests, the set of cells that pass. Two rows can fit together if and only
    # if their boxes meet in every input that both test, since the values of inputs are taken to be independent.
    cells = {entry.name: cells_of(entry.field, tests.get(entry.name, ())) for entry in table.inputs}
    boxes = [{name: cells[name].passing(test) & cells[name].possible for name, test in row.tests} for row in table.rows]
    for j, (row, second) in enumerate(zip(table.rows, boxes, strict=True)):
        earlier = (i for i, first in enumerate(boxes[:j]) if all(first[n] & second[n] for n in first.keys() & second))
        i = next(earlier, None)
        if i is not None:
            message = f"rows {i + 1} and {j + 1} of `{table.id}` can both fit, but its hit policy is `unique`"
            help = "make their tests exclude each other, or set `hit_policy: first`"
            assert row.node is not None
            yield Diagnostic("overlapping-rows", message, row.node.beginning, help)


def names_in_tables(methodology: Methodology) -> Iterator[Diagnostic]:
    """If there are decision tables, no criterion and no group has the name of the root in them."""
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
    for owner in owners:
        if owner.id == _WHOLE and methodology.tables:
            message = f"decision tables read the total as `{owner.id}`, so it cannot name a criterion or group"
            yield Diagnostic("reserved-name", message, place(owner.node, "id"))


def ranked_by(methodology: Methodology) -> Iterator[Diagnostic]:
    """`rank_by` lists at least one result that the methodology gives, and each once."""
    combining = methodology.combining
    has = {
        "total": combining.aggregate is not Aggregation.NONE,
        "level": bool(combining.levels or combining.top_level),
        "label": bool(combining.bands),
        **{table.id: table.hit_policy is not TableHitPolicy.COLLECT for table in methodology.tables},
    }
    known = [name for name, present in has.items() if present]
    assert methodology.node is not None
    written = methodology.node.get("rank_by")
    if not methodology.rank_by:
        where = place(methodology.node, "rank_by")
        yield Diagnostic("empty-value", "`rank_by` is empty", where, "list a result, such as `[total]`")
    for index, name in enumerate(methodology.rank_by):
        is_written = isinstance(written, SequenceNode)
        where = item(methodology.node, "rank_by", index) if is_written else key(methodology.node, "aggregate")
        if name in methodology.rank_by[:index]:
            yield Diagnostic("repeated-value", f"`{name}` is repeated", where)
        elif not has.get(name, False):
            message = f"companies cannot be ranked by `{name}`: the methodology has no such result"
            if name in has and name not in _RANKED:
                message = f"companies cannot be ranked by `{name}`: a table that collects may give several outputs"
            help = did_you_mean(name, known) if name not in has else f"known: {listed(known)}" if known else ""
            if not is_written:
                help = "list another result under `rank_by`"
            yield Diagnostic("unknown-reference", message, where, help)

"""What decision tables and the order of rankings get wrong: one function for each kind of mistake."""

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
"""What decision tables call the whole."""

_RANKED = (_WHOLE, "level", "label")
"""What companies can be ranked by beside tables; no table is called so."""


def tables(methodology: Methodology) -> Iterator[Diagnostic]:
    """A decision table has rows and outputs, each output once, and a name of its own."""
    for table in methodology.tables:
        if table.id in _RANKED:
            message = f"`{table.id}` has a meaning of its own, it cannot name a table"
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
    """Report each row of a table with the hit policy `unique` that can fit together with an earlier one."""
    tests: dict[str, list[UnaryTest]] = {}
    for row in table.rows:
        for name, test in row.tests:
            tests.setdefault(name, []).append(test)
    cells = {entry.name: cells_of(entry.field, tests.get(entry.name, ())) for entry in table.inputs}
    boxes = [{name: cells[name].passing(test) & cells[name].possible for name, test in row.tests} for row in table.rows]
    for j, (row, second) in enumerate(zip(table.rows, boxes, strict=True)):
        earlier = (i for i, first in enumerate(boxes[:j]) if all(first[n] & second[n] for n in first.keys() & second))
        i = next(earlier, None)
        if i is not None:
            message = f"rows {i + 1} and {j + 1} of `{table.id}` can fit together, and its hit policy is `unique`"
            help = "tell them apart, or say `hit_policy: first`"
            assert row.node is not None
            yield Diagnostic("overlapping-rows", message, row.node.beginning, help)


def names_in_tables(methodology: Methodology) -> Iterator[Diagnostic]:
    """Where there are decision tables no criterion and no group is called as they call the whole."""
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
    for owner in owners:
        if owner.id == _WHOLE and methodology.tables:
            message = f"decision tables call the whole `{owner.id}`, it cannot name a part"
            yield Diagnostic("reserved-name", message, place(owner.node, "id"))


def ranked_by(methodology: Methodology) -> Iterator[Diagnostic]:
    """Companies are ranked by what they come to: by one thing at least, and by each once."""
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
        yield Diagnostic("empty-value", "it is not said what companies are ranked by", where)
    for index, name in enumerate(methodology.rank_by):
        is_written = isinstance(written, SequenceNode)
        where = item(methodology.node, "rank_by", index) if is_written else key(methodology.node, "aggregate")
        if name in methodology.rank_by[:index]:
            yield Diagnostic("repeated-value", f"`{name}` is repeated", where)
        elif not has.get(name, False):
            message = f"companies cannot be ranked by `{name}`, which the methodology does not give"
            if name in has and name not in _RANKED:
                message = f"companies cannot be ranked by `{name}`, which may give several outputs at once"
            help = did_you_mean(name, known) if name not in has else f"there is {listed(known)}" if known else ""
            if not is_written:
                help = "say `rank_by` what else"
            yield Diagnostic("unknown-reference", message, where, help)

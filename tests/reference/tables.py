"""What decision tables give."""

from typing import Any

from cleancloud_rules.model.groups import Reads, TableHitPolicy, TableInput
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.model.outcomes import GroupOutcome
from tests.reference.conditions import passes
from tests.reference.groups import Tree, criteria_in, named


def tables_of(tree: Tree) -> dict[str, tuple[str, ...]]:
    """Return what each decision table gives."""
    given: dict[str, tuple[str, ...]] = {}
    for table in tree.methodology.tables:
        values = {entry.name: value_of(entry, tree, given) for entry in table.inputs}
        fitting = [row.then for row in table.rows if all(passes(test, values[name]) for name, test in row.tests)]
        if table.hit_policy is TableHitPolicy.UNIQUE:
            assert len(fitting) < 2
        if table.hit_policy is TableHitPolicy.FIRST:
            fitting = fitting[:1]
        if not fitting and table.otherwise is not None:
            fitting = [table.otherwise]
        given[table.id] = tuple(output for i, output in enumerate(fitting) if output not in fitting[:i])
    return given


def value_of(entry: TableInput, tree: Tree, given: dict[str, tuple[str, ...]]) -> Any:
    """Return what an input reads."""
    if entry.reads is Reads.TABLE:
        return next(iter(given[str(entry.of)]), None)
    part = None if entry.of is None else named(entry.of, tree.methodology)
    if entry.reads is Reads.MET:
        criteria = tree.methodology.criteria if part is None else criteria_in(part)
        return all(tree.criterion(criterion.id).met for criterion in criteria)
    if isinstance(part, Criterion):
        standing = tree.criterion(part.id)
        return None if standing.left_out else standing.points
    group = tree.group(entry.of)
    match entry.reads:
        case Reads.LABEL:
            return group.label
        case Reads.LEVEL:
            return group.level
        case Reads.SCORE:
            return group.score
        case _:
            return None if group.outcome is GroupOutcome.NOT_APPLICABLE else group.points

"""Evaluates decision tables over the results of criteria and groups."""

from attrs import frozen

from cleancloud_rules.documents.extra_keys import extra_keys
from cleancloud_rules.model.cells import test_passes
from cleancloud_rules.model.groups import DecisionTable, Reads, TableHitPolicy, TableInput, TableRow
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.outcomes import GroupOutcome
from cleancloud_rules.model.rounding import short
from cleancloud_rules.model.values import Value
from cleancloud_rules.results.records import FittedRow, TableResult
from cleancloud_rules.scoring.combination import Combination


def decide(methodology: Methodology, combination: Combination) -> tuple[TableResult, ...]:
    """Return the outputs of the decision tables of a methodology, in their order.

    Args:
        methodology: the methodology.
        combination: the results of its criteria and groups for one company.
    """
    results: dict[str, TableResult] = {}
    for table in methodology.tables:
        results[table.id] = _Deciding(table, combination, results).result()
    return tuple(results.values())


@frozen
class _Deciding:
    """The evaluation of one table for one company."""

    table: DecisionTable
    combination: Combination
    earlier: dict[str, TableResult]

    def result(self) -> TableResult:
        table = self.table
        values = {entry.name: self._value(entry) for entry in table.inputs}
        said = "; ".join(f"{name}: {_in_words(value)}" for name, value in values.items())
        rows = [(number, row) for number, row in enumerate(table.rows, 1) if self._fits(row, values)]
        if table.hit_policy is not TableHitPolicy.COLLECT:
            rows = rows[:1]  # under `unique`, checking has rejected rows that could fit together
        outputs = tuple(dict.fromkeys(row.then for _, row in rows))
        if not outputs:
            outputs = () if table.otherwise is None else (table.otherwise,)
            said += "; no row fits"
        fitted = tuple(
            FittedRow(number, tuple(f"{name}: {test.text}" for name, test in row.tests)) for number, row in rows
        )
        return TableResult(table.id, table.title, outputs, said, fitted, extra_keys(table.node))

    def _fits(self, row: TableRow, values: dict[str, Value | None]) -> bool:
        fields = {entry.name: entry.field for entry in self.table.inputs}
        return all(test_passes(test, fields[name], values[name]) for name, test in row.tests)

    def _value(self, entry: TableInput) -> Value | None:
        if entry.reads is Reads.TABLE:
            assert entry.of is not None
            outputs = self.earlier[entry.of].outputs
            return outputs[0] if outputs else None
        return value_of(entry, self.combination)


def value_of(entry: TableInput, combination: Combination) -> Value | None:
    """Return the value of an input that reads a criterion, a group or the root."""
    of = entry.of
    if of is not None and of in combination.structure.criteria:
        state = combination.criterion(of)
        if entry.reads is Reads.MET:
            return state.met
        return state.points if state.is_part else None
    if entry.reads is Reads.MET:
        criteria = combination.structure.methodology.criteria
        return combination.is_complete(of) if of else all(combination.criterion(c.id).met for c in criteria)
    group = combination.whole() if of is None else combination.group(of)
    match entry.reads:
        case Reads.LABEL:
            return group.label
        case Reads.LEVEL:
            return group.level.id if group.level else None
        case Reads.SCORE:
            return group.score
        case _:
            return None if group.outcome is GroupOutcome.NOT_APPLICABLE else group.points


def _in_words(value: Value | None) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if isinstance(value, str) else short(value)  # type: ignore[arg-type]

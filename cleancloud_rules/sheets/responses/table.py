"""The sheet `responses` of a dataset: a row for each fact that a response offers, and at least one row for each."""

from collections.abc import Callable, Iterator

from attrs import define, field

from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents.nodes import Node, SequenceNode
from cleancloud_rules.generators.serialise import stated_fact
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Fact, Response, ResponseStatus
from cleancloud_rules.sheets.fact_rows import CellTable, FactRows, Stated
from cleancloud_rules.sheets.grid import Cell, Row, Sheet, rows_of, table_of
from cleancloud_rules.sheets.layout import BESIDE, COMPANY, FACT, RESPONSE_COLUMNS, RESPONSES, VALUE
from cleancloud_rules.sheets.nodes import mapping
from cleancloud_rules.sheets.responses.evidence import fact_node, value_cell
from cleancloud_rules.sheets.rows import Table
from cleancloud_rules.sheets.values import NOTHING, list_node, plain_node, text_node

COLUMNS = (COMPANY, *RESPONSE_COLUMNS, FACT, VALUE, *BESIDE)

_REQUIRED = ("id", "received", "by", "reason")
_READERS: dict[str, Callable[[Cell], Node]] = {
    "id": text_node, "received": plain_node, "by": text_node, "about": list_node, "reason": text_node,
    "disputes": list_node, "status": text_node, "decision": text_node,
}  # fmt: skip


def response_tables(dataset: Dataset) -> tuple[Table, ...]:
    """Return the table of the responses of all companies; none if there are no responses."""
    rows = tuple(
        tuple(cells.get(column, "") for column in COLUMNS)
        for company in dataset.companies
        for response in company.responses
        for cells in _rows(response, company.id)
    )
    return (Table(RESPONSES, COLUMNS, rows),) if rows else ()


def _rows(response: Response, company: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a response as texts by column."""
    head = {
        "received": response.received.isoformat(),
        "by": response.by,
        "about": ", ".join(response.about),
        "reason": response.reason,
        "disputes": ", ".join(response.disputes),
        "status": "" if response.status is ResponseStatus.OPEN else response.status.value,
        "decision": response.decision or "",
    }
    for fact in response.facts or (None,):
        yield {COMPANY: company, "id": response.id, **head, **({} if fact is None else _evidence(fact))}
        head = {}


def _evidence(fact: Fact) -> dict[str, str]:
    stated = stated_fact(fact)
    beside = {"basis": fact.basis.value, "source": NOTHING, **{key: stated[key] for key in BESIDE if key in stated}}
    return {FACT: fact.type, VALUE: value_cell(fact), **{key: str(value) for key, value in beside.items()}}


@define
class _Response:
    """A response whose rows are read.

    Args:
        whose: what is stated about its company.
        first: its first row.
        entries: what that row says of it as a whole.
        facts: the facts that its rows offer.
    """

    whose: Stated
    first: Row
    entries: list[tuple[str, Node]]
    facts: list[Node] = field(factory=list)


def read_responses(sheet: Sheet, rows: FactRows, gather: DiagnosticCollector) -> None:
    """Read a sheet of responses, and add them to what is stated about companies. Errors are added to `gather`.

    Args:
        sheet: the sheet.
        rows: knows what is stated about companies.
        gather: collects the diagnostics.
    """
    sheet, columns = table_of(sheet, COLUMNS, (COMPANY, *_REQUIRED), gather)
    table = CellTable(sheet, columns, gather)
    found: dict[tuple[str | None, ...], _Response] = {}
    for row in rows_of(sheet, columns):
        whose, _ = rows.company(row, table)
        key = row.texts([columns.get(name, len(row.held)) for name in (COMPANY, "id")])
        if None in key:
            key = (*key, str(row.number))  # a row without a name is a response of its own, whose mistakes are reported
        if key in found:
            _refuse_other(row, found[key].first, table)
        else:
            found[key] = _Response(whose, row, _entries(row, table))
        beside = table.beside(row, BESIDE, ())
        fact = fact_node(row, table, rows.vocabulary, beside, gather)
        if fact is not None:
            found[key].facts.append(fact)
    for response in found.values():
        where = table.place(response.first, "id")
        facts = [("facts", SequenceNode(tuple(response.facts), where))] if response.facts else []
        response.whose.responses.append(mapping([*response.entries, *facts], where))


def _entries(row: Row, table: CellTable) -> list[tuple[str, Node]]:
    """Return what the first row of a response says of it as a whole."""
    read = ((name, table.node(row, name, own, is_required=name in _REQUIRED)) for name, own in _READERS.items())
    return [(name, node) for name, node in read if node is not None]


def _refuse_other(row: Row, first: Row, table: CellTable) -> None:
    """Report each cell of a further row of a response that says something else than its first row."""
    for name in RESPONSE_COLUMNS[1:]:
        number = table.columns.get(name, len(row.held))
        if row.holds(number) and row.texts([number]) != first.texts([number]):
            message = f"row {first.number} says something else under `{name}` of this response"
            help = "leave the cell empty, or give this row another `id`"
            table.gather.add("repeated-key", message, table.place(row, name), help)

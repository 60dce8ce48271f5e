"""Reads filled answer sheets: what a company writes about a criterion is a response, at the places of its cells."""

from collections.abc import Callable, Container, Iterable, Iterator
from datetime import date
from pathlib import Path

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, Severity, SourceFile, ordered
from cleancloud_rules.documents.file_reader import is_folder, tables_in
from cleancloud_rules.documents.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.sheets import csv_files, workbook_reader
from cleancloud_rules.sheets.fact_rows import CellTable
from cleancloud_rules.sheets.grid import (
    IGNORED,
    Cell,
    Row,
    Sheet,
    invisible_characters,
    repeated_rows,
    rows_of,
    table_of,
)
from cleancloud_rules.sheets.layout import (
    ANSWER,
    ANSWER_COLUMNS,
    BASE,
    BESIDE,
    PRINTED,
    PUBLICATION,
    READ_ME,
    REPLY,
    REPLY_KEYS,
    is_read,
)
from cleancloud_rules.sheets.nodes import broken, mapping, quoted
from cleancloud_rules.sheets.responses.evidence import fact_node
from cleancloud_rules.sheets.values import NOTHING, is_word, list_node, plain_node, text_node

_FILLED = ANSWER_COLUMNS[1 + len(PRINTED) :]
"""The columns that a company fills in."""

_KEYS: dict[str, tuple[str, Callable[[Cell], Node]]] = {
    "source type": ("type", text_node), "source": ("title", text_node), "publisher": ("publisher", text_node),
    "published": ("published", plain_node), "address": ("url", text_node),
}  # fmt: skip
"""The columns of a publication, each with the key of a source and how it is read."""


@frozen(eq=False)
class Answers:
    """What a filled answer sheet holds.

    Args:
        responses: a response for each criterion that is answered, as a company file has it.
        warnings: what is odd in the sheets and was read all the same, sorted by place.
    """

    responses: tuple[MappingNode, ...]
    warnings: tuple[Diagnostic, ...]


def sheets_of_answers(path: Path, gather: DiagnosticCollector) -> tuple[Sheet, ...]:
    """Return the sheets of an answer sheet. Errors are added to `gather`.

    Args:
        path: a workbook, a folder with its sheets as CSV files, or the CSV file of the sheet `answer` in such a folder.
        gather: collects the diagnostics.

    Raises:
        MissingExtraError: if openpyxl is missing; the message says what to install.
        Rejected: if the workbook cannot be read.
    """
    if is_folder(path):
        return csv_files.sheets_of_csv(
            [file for file in tables_in(path, csv_files.SUFFIX) if is_read(file.stem)], gather
        )
    if path.suffix.lower() != csv_files.SUFFIX:
        return workbook_reader.sheets_of_workbook(path)
    files = [file for file in tables_in(path.parent, csv_files.SUFFIX) if file.stem in (BASE, REPLY) and file != path]
    return (evolve(csv_files.sheet_of_csv(path), name=ANSWER), *csv_files.sheets_of_csv(files, gather))


def answers_of(
    sheets: Iterable[Sheet],
    file: str,
    company: str,
    methodology: Methodology,
    known: Container[str],
    received: date,
    gather: DiagnosticCollector,
) -> Answers:
    """Return the responses that an answer sheet holds. Errors are added to `gather`.

    Args:
        sheets: its sheets.
        file: the name of the file, for diagnostics.
        company: the id of the company that it must be an answer of.
        methodology: whose criteria and fact types it uses.
        known: the ids of the sources that it can cite.
        received: the day on which it was received.
        gather: collects the diagnostics.
    """
    by_name = {sheet.name: sheet for sheet in sheets}
    for name, sheet in by_name.items():
        if name not in (ANSWER, REPLY, READ_ME) and not name.startswith(IGNORED):
            help = f"move what it says into the sheet `{ANSWER}`, or begin its name with `{IGNORED}`"
            gather.add("unknown-sheet", f"an answer sheet has no sheet `{name}`", sheet.location, help)
    where = Location(SourceFile(file))
    for name in (name for name in (ANSWER, REPLY) if name not in by_name and not gather.failed):
        help = "`template --answer` writes a workbook that has all sheets"
        gather.add("missing-sheet", f"there is no sheet `{name}`", where, help)
    by: Node = broken(where)
    if REPLY in by_name:
        by = _by(by_name[REPLY], company, methodology, gather)
    if ANSWER not in by_name:
        return Answers((), ())
    sheet, columns = table_of(by_name[ANSWER], ANSWER_COLUMNS, ("criterion", "reason"), gather)
    reader = _Reader(CellTable(sheet, columns, gather), by, methodology, known, received)
    read = [by_name[name] for name in (ANSWER, REPLY) if name in by_name]
    odd = [one for each in read for one in (*each.warnings, *invisible_characters(each.rows), *repeated_rows(each))]
    changed = _changed(sheet, columns, by_name[BASE]) if BASE in by_name else ()
    return Answers(tuple(reader.responses()), ordered((*odd, *changed)))


def _by(sheet: Sheet, company: str, methodology: Methodology, gather: DiagnosticCollector) -> Node:
    """Return who answers, and refuse the answer of another company or to another methodology."""
    sheet, columns = table_of(sheet, ("key", "value"), ("key", "value"), gather)
    told: dict[str, Node] = {}
    place = sheet.location
    for row in rows_of(sheet, columns):
        key, cell = row.cell(columns.get("key")), row.cell(columns.get("value"))
        name = None if key is None else gather.attempt(text_node, key)
        if key is None or name is None:
            continue
        if name.raw not in REPLY_KEYS:
            gather.add("unknown-key", f"unknown key `{name.raw}`", key.location, did_you_mean(name.raw, REPLY_KEYS))
        elif name.raw in told:
            gather.add("repeated-key", f"key `{name.raw}` is repeated", key.location, "keep one of the two")
        elif cell is not None:
            told[name.raw] = gather.attempt(text_node, cell) or broken(cell.location)
        elif name.raw == "by":
            place = sheet.at(row.number, columns.get("value", 0))
    for told_as, right, code, what in (
        ("company", company, "unknown-company", "the answer of"),
        ("methodology", methodology.id, "wrong-methodology", "an answer to a score by"),
    ):
        node = told.get(told_as)
        if isinstance(node, ScalarNode) and isinstance(node.value, str) and node.value != right:
            gather.add(code, f"this is {what} `{node.value}`, not {what.split()[-1]} `{right}`", node.location)
    if "by" not in told:
        gather.add("missing-key", "the answer does not say who answers", place, "write a name or a role beside `by`")
        return broken(place)
    return told["by"]


def _changed(sheet: Sheet, columns: dict[str, int], base: Sheet) -> Iterator[Diagnostic]:
    """Yield a warning for each cell that was printed and says something else now: it is not read."""
    heads = [str(cell.value) for _, cell in base.head.cells]
    printed = {row.texts([0])[0]: dict(zip(heads, row.texts(range(len(heads))), strict=True)) for row in base.rows}
    for row in rows_of(sheet, columns):
        (criterion,) = row.texts([columns.get("criterion", len(row.held))])
        before = printed.get(criterion, {})
        for name in PRINTED:
            cell = row.cell(columns.get(name))
            if cell is not None and str(cell.value).split() != (before.get(name) or "").split():
                message = f"the text under `{name}` was changed, and is not read"
                help = "answer in the columns from `reason` on"
                yield Diagnostic("unread-cell", message, cell.location, help, Severity.WARNING)


@frozen(eq=False)
class _Reader:
    """Reads the rows of the sheet `answer`.

    Args:
        table: the sheet.
        by: who answers.
        methodology: whose criteria and fact types it uses.
        known: the ids of the sources that it can cite.
        received: the day on which it was received.
    """

    table: CellTable
    by: Node
    methodology: Methodology
    known: Container[str]
    received: date

    @property
    def gather(self) -> DiagnosticCollector:
        """What collects the diagnostics."""
        return self.table.gather

    def responses(self) -> Iterator[MappingNode]:
        """Yield a response for each criterion about which the company says something."""
        numbers = [self.table.columns[name] for name in _FILLED if name in self.table.columns]
        groups: dict[str | int, list[Row]] = {}
        for row in rows_of(self.table.sheet, self.table.columns):
            if any(map(row.holds, numbers)):
                node = self.table.node(row, "criterion", text_node, is_required=True)
                named = isinstance(node, ScalarNode) and isinstance(node.value, str) and node.raw
                groups.setdefault(named or row.number, []).append(row)
        criteria = {str(criterion.id) for criterion in self.methodology.criteria}
        for name, rows in groups.items():
            stem = name if name in criteria else f"row-{rows[0].number}"
            yield self._response(f"{stem}-{self.received}", name, rows)

    def _response(self, id: str, criterion: str | int, rows: list[Row]) -> MappingNode:
        """Return the response that some rows make.

        Args:
            id: its id.
            criterion: the criterion that it is about; a number if none can be read.
            rows: the rows.
        """
        where = self.table.place(rows[0], "criterion")
        named = quoted(criterion, where) if isinstance(criterion, str) else broken(where)
        sources: dict[tuple[str | None, ...], Entry] = {}
        facts: list[Node] = []
        for row in rows:
            source = self._source(row, id, sources)
            others = self.table.beside(row, [name for name in BESIDE if name != "source"], ())
            beside = [*others, *([] if source is None else [("source", source)])]
            fact = fact_node(row, self.table, self.methodology.vocabulary, beside, self.gather)
            facts += [] if fact is None else [fact]
        disputes = [item for row in rows for item in self._wrong(row)]
        entries: list[tuple[str, Node]] = [
            ("id", quoted(id, where)),
            ("received", ScalarNode(self.received, where, str(self.received), "data")),
            ("by", self.by),
            ("about", SequenceNode((named,), where)),
            ("reason", self._reason(rows)),
        ]
        if sources:
            entries.append(("sources", MappingNode(tuple(sources.values()), where)))
        for key, nodes in (("facts", facts), ("disputes", disputes)):
            if nodes:
                entries.append((key, SequenceNode(tuple(nodes), where)))
        return mapping(entries, where)

    def _reason(self, rows: list[Row]) -> Node:
        """Return the reasons that rows give, one in a line."""
        given = [node for row in rows if (node := self.table.node(row, "reason", text_node, is_required=False))]
        if not given:
            number = self.table.columns.get("reason", 0)
            place = self.table.sheet.at(rows[0].number, number)
            self.gather.add("missing-key", "the answer gives no `reason`", place, "say what is wrong or missing")
            return broken(place)
        texts = [node.raw for node in given if isinstance(node, ScalarNode) and isinstance(node.value, str)]
        return quoted("\n".join(dict.fromkeys(texts)), given[0].location) if len(texts) == len(given) else given[0]

    def _wrong(self, row: Row) -> tuple[Node, ...]:
        node = self.table.node(row, "wrong", list_node, is_required=False)
        return node.items if isinstance(node, SequenceNode) else ()

    def _source(self, row: Row, response: str, sources: dict[tuple[str | None, ...], Entry]) -> Node | None:
        """Return the id of the source that a row cites; None for none. A new publication is added to the sources.

        Args:
            row: the row.
            response: the id of the response.
            sources: the publications that the response has cited so far.
        """
        columns = self.table.columns
        cells = {name: row.cell(columns.get(name)) for name in _KEYS}
        title = cells["source"]
        beside = [each for name, each in cells.items() if each is not None and name != "source"]
        if title is None or is_word(title, NOTHING):
            if beside:
                help = "write its title, or the id of a known source, under `source`"
                self.gather.add("missing-key", "the publication has no title", beside[0].location, help)
            return None
        named = self.gather.attempt(text_node, title)
        if named is None:
            return broken(title.location)
        if named.raw in self.known:
            for each in beside:
                message = f"`{named.raw}` is the id of a known source, which is not described again"
                self.gather.add("misplaced-key", message, each.location, "leave the cell empty")
            return named
        if cells["source type"] is None:
            help = "choose the kind of the publication, or write the id of a known source under `source`"
            place = self.table.sheet.at(row.number, columns.get("source type", columns["source"]))
            self.gather.add("missing-key", f"`{named.raw}` is no known source, and has no `source type`", place, help)
            return broken(title.location)
        key = row.texts([columns.get(name, len(row.held)) for name in ("source", *PUBLICATION)])
        if key not in sources:
            nodes = [
                (own, self.gather.attempt(read, cell) or broken(cell.location))
                for name, (own, read) in _KEYS.items()
                if (cell := cells[name]) is not None
            ]
            id = quoted(f"{response}-{len(sources) + 1}", title.location)
            sources[key] = Entry(id, mapping(nodes, title.location))
        return quoted(sources[key].key.raw, title.location)

"""Sheets become the documents of a dataset, whose nodes have the places of cells. The loader judges them as YAML."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from attrs import define, field

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean, nearest
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location
from cleancloud_rules.documents.nodes import Document, Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.language.converter import salvage
from cleancloud_rules.language.file_types import DatasetFile
from cleancloud_rules.language.load.dataset_root import MemoryRoot
from cleancloud_rules.language.load.datasets import DatasetDocuments
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.sheets.fact_rows import FactRows, Stated
from cleancloud_rules.sheets.grid import IGNORED, Cell, Row, Sheet, rows_of, table_of
from cleancloud_rules.sheets.layout import (
    ANSWERS,
    COMPANIES,
    COMPANY_COLUMNS,
    DATASET,
    DATASET_COLUMNS,
    DATASET_KEYS,
    FACTS,
    NOT_FOUND,
    OWN_SHEETS,
    READ_ME,
    RESPONSES,
    RESULTS,
    SOURCE_COLUMNS,
    SOURCES,
    has_sheet,
)
from cleancloud_rules.sheets.nodes import broken, mapping, quoted
from cleancloud_rules.sheets.responses.table import read_responses
from cleancloud_rules.sheets.values import boolean_node, list_node, plain_node, text_node
from cleancloud_rules.sheets.wide_tables import WideRows, WideTable

BY_SEMICOLON = re.compile("[;；\n]")
"""What separates other names of a company, which may hold commas."""

_PLAIN = ("published", "accessed")


def documents_of(
    sheets: Iterable[Sheet],
    wide: Iterable[WideTable],
    methodology: Methodology,
    file: Location,
    title: str,
    gather: DiagnosticCollector,
) -> tuple[DatasetDocuments, Sequence[Diagnostic]]:
    """Return the documents of a dataset that sheets hold, and warnings. Errors are added to `gather`.

    Args:
        sheets: the sheets.
        wide: the wide tables beside them.
        methodology: whose vocabulary they use.
        file: the place of all of them.
        title: the title of the dataset, if the sheets name none.
        gather: collects the diagnostics.
    """
    reader = _Reader(methodology, file, gather)
    return reader.dataset(tuple(sheets), tuple(wide), title), reader.warnings


@define
class _Reader:
    """Reads the sheets of one dataset."""

    methodology: Methodology
    file: Location
    gather: DiagnosticCollector
    companies: list[tuple[str, list[Entry], Location]] = field(factory=list)
    sources: list[Entry] = field(factory=list)
    head: dict[str, Node] = field(factory=dict)
    is_sure: bool = True
    nameless: int = 0
    warnings: list[Diagnostic] = field(factory=list)

    def dataset(self, sheets: tuple[Sheet, ...], wide: tuple[WideTable, ...], title: str) -> DatasetDocuments:
        """Return the documents."""
        rows = FactRows(self.methodology.vocabulary, self.gather, self._is_company)
        others: dict[str, Callable[[Sheet], None]] = {
            COMPANIES: self._read_companies, SOURCES: self._read_sources, DATASET: self._read_head,
            FACTS: rows.fact_sheet, ANSWERS: rows.answer_sheet, NOT_FOUND: rows.search_sheet,
            RESPONSES: lambda sheet: read_responses(sheet, rows, self.gather),
        }  # fmt: skip
        types = {each.id: each for each in self.methodology.vocabulary.fact_types if has_sheet(each)}
        for sheet in sorted(sheets, key=lambda sheet: sheet.name != COMPANIES):  # other rows name companies
            if sheet.name in others:
                others[sheet.name](sheet)
            elif sheet.name in types:
                rows.type_sheet(sheet, types[sheet.name])
            elif sheet.name not in (READ_ME, *RESULTS) and not sheet.name.startswith(IGNORED):
                help = did_you_mean(sheet.name, (*types, *OWN_SHEETS), few=0)
                help = help or f"name it after a fact type, or begin its name with `{IGNORED}` if it holds no facts"
                self.gather.add("unknown-sheet", f"there is no fact type `{sheet.name}`", sheet.location, help)
        if not any(sheet.name == COMPANIES for sheet in sheets):
            self.is_sure = False
            self.gather.add("missing-sheet", f"there is no sheet `{COMPANIES}`", self.file)
        tables = WideRows(self.methodology.vocabulary, self._words(), rows.stated, self.gather, self.warnings)
        for table in wide:
            tables.read(table)
        nothing = SequenceNode((), self.file)
        given = {"title": quoted(title, self.file), "methodology": quoted(self.methodology.id, self.file), **self.head}
        head = mapping([*given.items(), ("companies", nothing)], self.file)
        read, _ = salvage(head, DatasetFile, self.gather, title="", methodology="", companies=nothing)
        sources = MappingNode(tuple(self.sources), self.file)
        listed = Document(mapping([("sources", sources)], self.file), self.file)
        return DatasetDocuments(MemoryRoot({}), read, listed, self._companies(rows.stated))

    def _is_company(self, name: str) -> bool:
        """Return whether a name is that of a company, or resembles one, or may be one that cannot be read."""
        words = {word for own in self._words().values() for word in own}
        return not self.is_sure or self.nameless > 0 or name in words or nearest(name, words) is not None

    def _words(self) -> dict[str, tuple[str, ...]]:
        """Return the id, the name and the aliases of each company, by id."""
        return {id: tuple(_texts(entries)) for id, entries, _ in self.companies}

    def _companies(self, stated: dict[str, Stated]) -> tuple[Document, ...]:
        """Return the company files: those of the sheet of companies, and of what is stated about unknown ones."""
        known = [id for id, _, _ in self.companies if id]
        names = {entry.value.raw: id for id, entries, _ in self.companies for entry in entries
                 if id and entry.key.raw == "name" and isinstance(entry.value, ScalarNode)}  # fmt: skip
        found: list[Document] = []
        given = dict(stated)
        for id, entries, where in self.companies:
            found.append(self._company(entries, given.pop(id, Stated()) if id else Stated(), where))
        # As many unknown names as rows of companies without an id may be their ids.
        are_sure = self.is_sure and sum(map(bool, given)) > self.nameless
        for number, (name, what) in enumerate(given.items()):
            where = what.places[0]
            if name and are_sure:
                help = f"its id is `{names[name]}`" if name in names else did_you_mean(name, known)
                for place in what.places:
                    self.gather.add("unknown-company", f"there is no company `{name}`", place, help)
            # What is stated about it is read all the same, so that all errors are reported at once.
            lost = [Entry(quoted(key, where), quoted(f"{number}.lost", where)) for key in ("id", "name")]
            found.append(self._company(lost, what, where))
        return tuple(found)

    def _company(self, entries: list[Entry], stated: Stated, where: Location) -> Document:
        lists = [("facts", stated.facts), ("not_found", stated.not_found), ("responses", stated.responses)]
        full = mapping([(name, SequenceNode(tuple(nodes), where)) for name, nodes in lists], where)
        return Document(MappingNode((*entries, *full.entries), where), where)

    def _read_companies(self, sheet: Sheet) -> None:
        sheet, columns = table_of(sheet, COMPANY_COLUMNS, ("id", "name"), self.gather)
        self.is_sure = self.is_sure and "id" in columns
        for row in rows_of(sheet, columns):
            entries: list[Entry] = []
            for name, number in columns.items():
                cell = row.cell(number)
                node = self._node(cell, name)
                if node is None and name in ("id", "name"):
                    where = sheet.at(row.number, number)
                    self.gather.add("missing-key", f"the company has no `{name}`", where)
                    node = broken(where)
                if node is not None:
                    entries.append(Entry(quoted(name, node.location), node))
            entries += [Entry(quoted(name, sheet.location), broken(sheet.location))
                        for name in ("id", "name") if name not in columns]  # fmt: skip
            id = next(entry.value for entry in entries if entry.key.raw == "id")
            is_named = isinstance(id, ScalarNode) and isinstance(id.value, str)
            self.nameless += not is_named
            self.companies.append((id.raw if isinstance(id, ScalarNode) and is_named else "", entries, id.location))

    def _node(self, cell: Cell | None, name: str) -> Node | None:
        """Return the node of a cell of a company or a source; None if it is empty."""
        if cell is None:
            return None
        if name == "aliases":
            return self.gather.attempt(list_node, cell, separators=BY_SEMICOLON) or broken(cell.location)
        if name == "footnotes":
            return self.gather.attempt(list_node, cell, are_numbers=True) or broken(cell.location)
        if name == "public":
            return self.gather.attempt(boolean_node, cell) or broken(cell.location)
        read = plain_node if name in (*_PLAIN, "as_of") else text_node
        return self.gather.attempt(read, cell) or broken(cell.location)

    def _read_sources(self, sheet: Sheet) -> None:
        sheet, columns = table_of(sheet, SOURCE_COLUMNS, ("id", "type"), self.gather)
        first: dict[str, Location] = {}
        for row in rows_of(sheet, columns):
            where = sheet.at(row.number, columns.get("id", 0))
            id = self._node(row.cell(columns.get("id")), "id")
            if id is None and "id" in columns:
                self.gather.add("missing-key", "the source has no `id`", where)
            if isinstance(id, ScalarNode) and isinstance(id.value, str) and id.value in first:
                message = f"source `{id.value}` is already listed at {first[id.value]}"
                self.gather.add("repeated-id", message, where, "keep one of the two")
                id = None
            # Under a broken id the rest of the row is read all the same, so that all errors are reported at once.
            key = id if isinstance(id, ScalarNode) else broken(where)
            first.setdefault(key.raw, where)
            self.sources.append(Entry(key, self._source(sheet, row, columns, where)))

    def _source(self, sheet: Sheet, row: Row, columns: dict[str, int], where: Location) -> MappingNode:
        pairs: list[tuple[str, Node]] = []
        for name in SOURCE_COLUMNS[1:]:
            node = self._node(row.cell(columns.get(name)), name)
            if node is None and name == "type":
                place = sheet.at(row.number, columns.get(name, 0))
                if name in columns:
                    self.gather.add("missing-key", "the source has no `type`", place)
                node = broken(place)
            if node is not None:
                pairs.append((name, node))
        return mapping(pairs, where)

    def _read_head(self, sheet: Sheet) -> None:
        sheet, columns = table_of(sheet, DATASET_COLUMNS, DATASET_COLUMNS, self.gather)
        for row in rows_of(sheet, columns):
            key, cell = row.cell(columns.get("key")), row.cell(columns.get("value"))
            name = None if key is None else self.gather.attempt(text_node, key)
            if key is None or name is None:
                continue
            if name.raw not in DATASET_KEYS:
                help = did_you_mean(name.raw, DATASET_KEYS)
                self.gather.add("unknown-key", f"unknown key `{name.raw}`", key.location, help)
            elif cell is not None:
                self.head[name.raw] = self._node(cell, name.raw) or broken(cell.location)


def _texts(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the id, the name and the aliases among the entries of a company."""
    for key in ("id", "name", "aliases"):
        for entry in entries:
            if entry.key.raw == key and isinstance(entry.value, ScalarNode):
                yield entry.value.raw
            elif entry.key.raw == key and isinstance(entry.value, SequenceNode):
                yield from (item.raw for item in entry.value.items if isinstance(item, ScalarNode))

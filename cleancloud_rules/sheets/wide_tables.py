"""Wide tables: a row for each company, and columns of any names, whose meaning ``tables.yaml`` declares."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from attrs import define, evolve, field, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean, reject
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, Severity
from cleancloud_rules.documents.contents import read_document
from cleancloud_rules.documents.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.language.converter import salvage
from cleancloud_rules.language.load.dataset_root import DatasetRoot
from cleancloud_rules.language.load.stated_facts import valid_value
from cleancloud_rules.language.table_file_types import BesideEntry, ColumnEntry, NoIs, TableEntry, TablesFile
from cleancloud_rules.language.values import wrong_type
from cleancloud_rules.model.facts import FactType, Field
from cleancloud_rules.model.texts import called
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.sheets.csv_files import SUFFIX, sheet_of_csv
from cleancloud_rules.sheets.fact_rows import Stated
from cleancloud_rules.sheets.grid import IGNORED, Cell, Row, Sheet, with_heads
from cleancloud_rules.sheets.layout import BESIDE, COMPANIES, DATASET, NOT_FOUND, RESPONSES, SOURCES
from cleancloud_rules.sheets.nodes import broken, mapping, quoted
from cleancloud_rules.sheets.values import DISCLOSED, is_word, text_node, value_node
from cleancloud_rules.sheets.workbook_reader import is_workbook, sheets_of_workbook

TABLES = "tables.yaml"
"""The file that declares what columns mean."""

_BESIDE_TABLES = (COMPANIES, SOURCES, DATASET, NOT_FOUND, RESPONSES)
"""The sheets that are read beside the tables, if the same workbook has them."""


@frozen(eq=False)
class Column:
    """What a column means: its cells are values of a field.

    Args:
        entry: how it is declared.
        fact_type: the type of the facts.
        field: the field.
        is_whole: whether there is no mistake in how it is declared. Otherwise its cells are checked and state nothing.
    """

    entry: ColumnEntry
    fact_type: FactType
    field: Field
    is_whole: bool


@frozen(eq=False)
class WideTable:
    """A wide table.

    Args:
        entry: how it is declared; a part that is wrong is empty.
        columns: what its columns mean, by name; None for one whose field is not known.
        sheet: the table; None if it cannot be read.
    """

    entry: TableEntry
    columns: Mapping[str, Column | None]
    sheet: Sheet | None


def wide_tables(
    path: Path, vocabulary: Vocabulary, gather: DiagnosticCollector
) -> tuple[tuple[WideTable, ...], tuple[Sheet, ...]]:
    """Return the tables that a file declares, and the other sheets of their workbooks. Errors are added to `gather`.

    The files must lie in the folder of the file.

    Args:
        path: the file.
        vocabulary: the fact types.
        gather: collects the diagnostics.
    """
    document = read_document(path, gather)
    if document is None:
        return (), ()
    root, tables, others = DatasetRoot(path.parent), list[WideTable](), dict[str, Sheet]()
    read: dict[Path, tuple[Sheet, ...]] = {}
    for entry in _entries(document.root, gather):
        assert entry.node is not None
        columns = {name: gather.attempt(_column, node, vocabulary, gather) for name, node in entry.columns.items()}
        where = entry.node.value_location("file")
        named = gather.attempt(root.file, entry.file, where) if entry.file else None
        sheets = None if named is None else read.get(named) or gather.attempt(_sheets, named)
        sheet = None
        if named is not None and sheets is not None:
            read[named] = sheets
            others |= {sheet.name: sheet for sheet in sheets if sheet.name in _BESIDE_TABLES}
            sheet = gather.attempt(_named, entry, sheets)
        tables.append(WideTable(entry, columns, sheet))
    return tuple(tables), tuple(others.values())


def _entries(root: MappingNode, gather: DiagnosticCollector) -> list[TableEntry]:
    """Return the tables of a file. Those with mistakes are read as far as they can be."""
    file, _ = salvage(root, TablesFile, gather, tables=SequenceNode((), root.location))
    if not isinstance(file.tables, SequenceNode):
        gather.include(*wrong_type(file.tables, "a list under `tables`").diagnostics)
        return []
    found = (
        gather.attempt(salvage, node, TableEntry, gather, file="", company="", columns={}) for node in file.tables.items
    )
    return [each[0] for each in found if each is not None]


def _column(node: Node, vocabulary: Vocabulary, gather: DiagnosticCollector) -> Column | None:
    """Return what a column means; None if its field is not known. Errors are added to `gather`."""
    part = DiagnosticCollector()
    entry, wrong = salvage(node, ColumnEntry, part, fact="", name="")
    assert entry.node is not None
    fact_type = vocabulary.by_id.get(entry.fact)
    if fact_type is None and "fact" not in wrong:
        help = did_you_mean(entry.fact, vocabulary.by_id)
        where = entry.node.value_location("fact")
        part.add("unknown-fact-type", f"there is no fact type `{entry.fact}`", where, help)
    own = fact_type.get(entry.name) if fact_type is not None else None
    if fact_type is not None and own is None and "name" not in wrong:
        help = did_you_mean(entry.name, (each.id for each in fact_type.fields))
        message = f"fact type `{fact_type.id}` has no field `{entry.name}`"
        part.add("unknown-field", message, entry.node.value_location("field"), help)
    if own is not None and entry.no_is is not NoIs.FACT and own.type is not FieldType.BOOLEAN:
        message = f"`no_is` is for fields of type boolean, and `{own.id}` is {own.type}"
        part.add("misplaced-key", message, entry.node.key_location("no_is"))
    gather.absorb(part)
    return Column(entry, fact_type, own, not part.failed) if fact_type is not None and own is not None else None


def _sheets(path: Path) -> tuple[Sheet, ...]:
    return sheets_of_workbook(path) if is_workbook(path) else (sheet_of_csv(path),)


def _named(entry: TableEntry, sheets: Sequence[Sheet]) -> Sheet:
    """Return the sheet that an entry names; the only one of a CSV file."""
    assert entry.node is not None
    if entry.file.lower().endswith(SUFFIX):
        return sheets[0]
    if entry.sheet is None:
        raise reject("missing-key", "key `sheet` is missing", entry.node.beginning, "name the sheet of the workbook")
    found = next((sheet for sheet in sheets if sheet.name == entry.sheet), None)
    if found is None:
        help = did_you_mean(entry.sheet, (sheet.name for sheet in sheets))
        message = f"`{entry.file}` has no sheet `{entry.sheet}`"
        raise reject("missing-sheet", message, entry.node.value_location("sheet"), help)
    return found


@define
class WideRows:
    """Reads wide tables, and adds to each company what they state.

    Args:
        vocabulary: the fact types.
        words: the id, the name and the aliases of each company, by id.
        stated: what is stated about each company, by id.
        gather: collects the diagnostics.
        warnings: collects the warnings.
    """

    vocabulary: Vocabulary
    words: Mapping[str, Sequence[str]]
    stated: dict[str, Stated]
    gather: DiagnosticCollector
    warnings: list[Diagnostic] = field(factory=list)

    def read(self, table: WideTable) -> None:
        """Read a table."""
        entry, sheet = table.entry, table.sheet
        if sheet is None:
            return
        assert entry.node is not None
        sheet = with_heads(sheet, (*table.columns, entry.company), self.gather)
        heads = {str(cell.value).strip(): number for number, cell in sheet.head.cells}
        places = entry.node.get("columns")
        places = places if isinstance(places, MappingNode) else entry.node
        columns: list[tuple[str, int, Column]] = []
        for name, column in table.columns.items():
            if name not in heads:
                help = did_you_mean(name, heads)
                message = f"`{sheet.name}` has no column `{name}`"
                self.gather.add("missing-column", message, places.key_location(name), help)
            elif column is not None:
                columns.append((name, heads[name], column))
        if not entry.company:
            return
        if entry.company not in heads:
            help = did_you_mean(entry.company, heads)
            message = f"`{sheet.name}` has no column `{entry.company}`"
            self.gather.add("missing-column", message, entry.node.value_location("company"), help)
            return
        self._warn_of_unread(entry, sheet, heads)
        for row in sheet.rows:
            whose = self.gather.attempt(self._company, row, heads[entry.company], sheet)
            for name, number, column in columns if whose is not None else ():
                cell = row.cell(number)
                if cell is not None and whose is not None:
                    self._state(whose, cell, name, entry.defaults, column)

    def _company(self, row: Row, column: int, sheet: Sheet) -> Stated:
        """Return what is stated about the company that a row names by its id, its name or an alias."""
        cell = row.cell(column)
        if cell is None:
            raise reject("missing-key", "the row names no company", sheet.at(row.number, column))
        name = text_node(cell).raw
        found = called(name, self.words)
        if len(found) != 1:
            message = f"several companies are called `{name}`" if found else f"there is no company `{name}`"
            help = did_you_mean(name, (word for own in self.words.values() for word in own))
            raise reject("unknown-company", message, cell.location, help)
        whose = self.stated.setdefault(found[0], Stated())
        whose.places.append(cell.location)
        return whose

    def _state(
        self,
        whose: Stated,
        cell: Cell,
        name: str,
        defaults: BesideEntry,
        column: Column,
    ) -> None:
        """Add what a cell states about a company."""
        where, entry, fact_type, own = cell.location, column.entry, column.fact_type, column.field
        beside = [(key, node) for key in BESIDE if (node := _beside(key, name, entry, defaults)) is not None]
        fixed: list[tuple[str, Node]] = list(entry.set.items())
        if is_word(cell, DISCLOSED):
            beside.append(("disclosed", SequenceNode((quoted(own.id, where),), where)))
            if column.is_whole:
                whose.facts.append(_entry(fact_type.id, fixed, beside, where))
            return
        value = self.gather.attempt(value_node, cell, own) or broken(where)
        if not column.is_whole:
            self.gather.attempt(valid_value, value, own, self.vocabulary.units)
            return
        is_no = isinstance(value, ScalarNode) and value.value is False
        if is_no and entry.no_is is NoIs.NOT_FOUND:
            sought = [*fixed, (own.id, ScalarNode(True, where, "true", "cell"))]
            known = [(key, node) for key, node in beside if key in ("basis", "source", "locator", "note")]
            whose.not_found.append(_entry(fact_type.id, sought, known, where))
        elif not is_no or entry.no_is is NoIs.FACT:
            whose.facts.append(_entry(fact_type.id, [*fixed, (own.id, value)], beside, where))

    def _warn_of_unread(self, entry: TableEntry, sheet: Sheet, heads: Mapping[str, int]) -> None:
        for name, number in heads.items():
            if name not in (*entry.columns, entry.company, *entry.unread) and not name.startswith(IGNORED):
                message = f"column `{name}` is not read: `{TABLES}` does not mention it"
                where = sheet.at(sheet.head.number, number)
                help = "declare it under `columns`, or list it under `unread`"
                self.warnings.append(Diagnostic("unread-column", message, where, help, Severity.WARNING))


def _beside(key: str, name: str, column: ColumnEntry, defaults: BesideEntry) -> Node | None:
    """Return what stands beside a fact under a key: what its column says, else the default of the table."""
    own: Node | None = getattr(column, key)
    found: Node | None = own if own is not None else getattr(defaults, key)
    if key == "locator" and isinstance(found, ScalarNode) and isinstance(found.value, str):
        return evolve(found, value=found.value.replace("{column}", name), raw=found.raw.replace("{column}", name))
    return found


def _entry(
    type_id: str, values: Iterable[tuple[str, Node]], beside: Iterable[tuple[str, Node]], where: Location
) -> MappingNode:
    stated = Entry(quoted(type_id, where), mapping(values, where))
    return MappingNode((stated, *mapping(beside, where).entries), where)

"""Rows of facts, answers and searches become the entries of company files."""

from collections.abc import Callable, Iterable, Iterator

from attrs import define, field

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.language.answers import asked_fields
from cleancloud_rules.model.facts import FactType, Field
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.sheets.grid import IGNORED, Cell, Row, Sheet, rows_of, table_of
from cleancloud_rules.sheets.layout import (
    BESIDE,
    COMPANY,
    FACT,
    NOT_FOUND_COLUMNS,
    column_of,
    columns_of_facts,
    columns_of_type,
    questions_of,
)
from cleancloud_rules.sheets.nodes import broken, mapping, quoted
from cleancloud_rules.sheets.values import (
    DISCLOSED,
    NOTHING,
    is_word,
    plain_node,
    tests_node,
    text_node,
    value_node,
    year_node,
)

_REQUIRED = ("basis", "source")
_READERS: dict[str, Callable[[Cell], Node]] = {
    "period": year_node, "as_of": plain_node, "basis": text_node, "source": text_node, "locator": text_node,
    "entity": text_node, "note": text_node,
}  # fmt: skip


@define
class Stated:
    """What rows state about a company.

    Args:
        places: the cells that name it.
        facts: entries of ``facts``.
        not_found: entries of ``not_found``.
        responses: entries of ``responses``.
    """

    places: list[Location] = field(factory=list)
    facts: list[Node] = field(factory=list)
    not_found: list[Node] = field(factory=list)
    responses: list[Node] = field(factory=list)


@define
class FactRows:
    """Reads rows, and keeps for each company what they state.

    Args:
        vocabulary: the fact types.
        gather: collects the diagnostics.
        is_company: returns whether a name may be that of a company.
        stated: what is stated, by the text that names the company; an empty text where none does.
    """

    vocabulary: Vocabulary
    gather: DiagnosticCollector
    is_company: Callable[[str], bool]
    stated: dict[str, Stated] = field(factory=dict)
    _known: dict[str, bool] = field(factory=dict, init=False)

    def type_sheet(self, sheet: Sheet, fact_type: FactType) -> None:
        """Read the sheet of a fact type."""
        required = (column_of(own) for own in fact_type.fields if not own.optional)
        sheet, columns = table_of(sheet, columns_of_type(fact_type), (COMPANY, *required, *_REQUIRED), self.gather)
        fields = [(own, columns.get(column_of(own))) for own in fact_type.fields]
        table = CellTable(sheet, columns, self.gather)
        for row in self._rows(table):
            whose, where = self.company(row, table)
            whose.facts.append(self._fact(row, table, fact_type, fields, where))

    def fact_sheet(self, sheet: Sheet) -> None:
        """Read the sheet of facts of all types."""
        known = columns_of_facts(self.vocabulary)
        sheet, columns = table_of(sheet, known, (COMPANY, FACT, *_REQUIRED), self.gather)
        table = CellTable(sheet, columns, self.gather)
        for row in self._rows(table):
            whose, where = self.company(row, table)
            fact_type = self._fact_type(row, table)
            if fact_type is not None:
                own = {column_of(each): each for each in fact_type.fields}
                fields = [(each, columns[name]) for name, each in own.items() if name in columns]
                foreign = [name for name in columns if name not in (COMPANY, FACT, *BESIDE, *own)]
                found = self._fact(row, table, fact_type, fields, where, is_long=True)
                whose.facts.append(_with_foreign(found, row, columns, foreign))

    def answer_sheet(self, sheet: Sheet) -> None:
        """Read the sheet of answers: companies down, questions across."""
        questions = questions_of(self.vocabulary)
        sheet, columns = table_of(sheet, (COMPANY, FACT, *questions, *BESIDE), (COMPANY, *_REQUIRED), self.gather)
        table = CellTable(sheet, columns, self.gather)
        for row in self._rows(table):
            whose, _ = self.company(row, table)
            beside = table.beside(row, BESIDE, _REQUIRED)
            asked_by = self._fact_type(row, table) if row.cell(columns.get(FACT)) is not None else None
            for question, types in questions.items():
                cell = row.cell(columns.get(question))
                fact_type = asked_by or types[0]
                if cell is None:
                    continue
                if asked_by is None and len(types) > 1:
                    message = f"several fact types have the question `{question}`"
                    help = f"name one in a column `{FACT}`: " + ", ".join(f"`{each.id}`" for each in types)
                    self.gather.add("missing-key", message, cell.location, help)
                fields = asked_fields(fact_type)
                if fields is not None:
                    answer = self.gather.attempt(value_node, cell, fields[1]) or broken(cell.location)
                    pairs = ((fields[0].id, quoted(question, cell.location)), (fields[1].id, answer))
                    values = mapping(pairs, cell.location)
                    whose.facts.append(mapping([(fact_type.id, values), *beside], cell.location))

    def search_sheet(self, sheet: Sheet) -> None:
        """Read the sheet of searches without result."""
        required = (COMPANY, FACT, *_REQUIRED)
        sheet, columns = table_of(sheet, NOT_FOUND_COLUMNS, required, self.gather)
        table = CellTable(sheet, columns, self.gather)
        for row in self._rows(table):
            whose, where = self.company(row, table)
            named = table.node(row, FACT, text_node, is_required=True)
            what = row.cell(columns.get("what"))
            tests = MappingNode((), where) if what is None else self.gather.attempt(tests_node, what)
            if isinstance(named, ScalarNode) and isinstance(named.value, str) and tests is not None:
                stated = Entry(quoted(named.value, named.location), tests)
                beside = table.beside(row, ("basis", "source", "locator", "note"), _REQUIRED)
                whose.not_found.append(MappingNode((stated, *mapping(beside, where).entries), where))

    def _rows(self, table: "CellTable") -> Iterator[Row]:
        """Yield the rows. Of one that was meant for something else, such as a total, that is reported, and no more."""
        needed = [table.columns[name] for name in _REQUIRED if name in table.columns]
        for row in rows_of(table.sheet, table.columns):
            lacking = [number for number in needed if not row.holds(number)]
            (name,) = row.texts([table.columns.get(COMPANY, len(row.held))])
            if name == COMPANY and row.texts(needed) == tuple(_REQUIRED):
                message, help = "the row repeats the heads of the columns", "a sheet holds one table: delete the row"
            elif lacking and COMPANY in table.columns and self._is_other(name, is_bare=len(lacking) == len(needed)):
                message = "the row names no company, and lacks its basis or its source, so it is no fact"
                help = f"keep totals, remarks and other tables in a sheet whose name begins with `{IGNORED}`"
            else:
                yield row
                continue
            first = next(number for number, held in enumerate(row.held) if held is not None)
            self.gather.add("not-a-fact", message, table.sheet.at(row.number, first), help)

    def _is_other(self, name: str | None, *, is_bare: bool) -> bool:
        """Return whether a row without basis or source names no company, nor one that is spelt wrong.

        Args:
            name: what stands for the company; None if nothing does.
            is_bare: whether it has neither a basis nor a source.
        """
        if name is None:
            return is_bare
        if name not in self._known:
            self._known[name] = self.is_company(name.strip())
        return not self._known[name]

    def company(self, row: Row, table: "CellTable") -> tuple[Stated, Location]:
        """Return what is stated about the company of a row, to add to it, and the place of the row."""
        node = table.node(row, COMPANY, text_node, is_required=True)
        name = node.value if isinstance(node, ScalarNode) and isinstance(node.value, str) else ""
        where = table.place(row, COMPANY)
        whose = self.stated.setdefault(name, Stated())
        whose.places.append(where)
        return whose, where

    def _fact_type(self, row: Row, table: "CellTable") -> FactType | None:
        node = table.node(row, FACT, text_node, is_required=True)
        if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
            return None
        found = self.vocabulary.by_id.get(node.value)
        if found is None:
            help = did_you_mean(node.value, self.vocabulary.by_id)
            self.gather.add("unknown-fact-type", f"there is no fact type `{node.value}`", node.location, help)
        return found

    def _fact(
        self,
        row: Row,
        table: "CellTable",
        fact_type: FactType,
        fields: Iterable[tuple[Field, int | None]],
        where: Location,
        *,
        is_long: bool = False,
    ) -> MappingNode:
        """Return the entry of a fact."""
        values: list[tuple[str, Node]] = []
        disclosed: list[Node] = []
        for own, column in fields:
            cell = row.cell(column)
            if cell is not None and is_word(cell, DISCLOSED):
                disclosed.append(quoted(own.id, cell.location))
            elif cell is not None:
                values.append((own.id, self.gather.attempt(value_node, cell, own) or broken(cell.location)))
            elif not own.optional and (column is not None or not is_long):
                place = where if column is None else table.sheet.at(row.number, column)
                if column is not None:
                    help = f"if it was published without its value, write `{DISCLOSED}`"
                    self.gather.add("missing-key", f"`{fact_type.id}` needs `{own.id}`", place, help)
                values.append((own.id, broken(place)))
        beside = table.beside(row, BESIDE, _REQUIRED)
        if disclosed:
            beside.append(("disclosed", SequenceNode(tuple(disclosed), disclosed[0].location)))
        stated = Entry(quoted(fact_type.id, where), mapping(values, where))
        return MappingNode((stated, *mapping(beside, where).entries), where)


def _with_foreign(fact: MappingNode, row: Row, columns: dict[str, int], names: Iterable[str]) -> MappingNode:
    """Return a fact with the cells in columns of other fact types, which the loader will refuse."""
    cells = ((name, row.cell(columns[name])) for name in names)
    found = [(name, broken(cell.location)) for name, cell in cells if cell is not None]
    if not found:
        return fact
    stated, *beside = fact.entries
    assert isinstance(stated.value, MappingNode)
    values = MappingNode((*stated.value.entries, *mapping(found, fact.location).entries), fact.location)
    return MappingNode((Entry(stated.key, values), *beside), fact.location)


@define
class CellTable:
    """The cells of a sheet by column.

    Args:
        sheet: the sheet.
        columns: the numbers of its columns.
        gather: collects the diagnostics.
    """

    sheet: Sheet
    columns: dict[str, int]
    gather: DiagnosticCollector

    def place(self, row: Row, name: str) -> Location:
        """Return the place of the cell in a column; that of the first cell of the row if there is no such column."""
        cell = row.cell(self.columns.get(name))
        return cell.location if cell is not None else self.sheet.at(row.number, self.columns.get(name, 0))

    def node(self, row: Row, name: str, read: Callable[[Cell], Node], *, is_required: bool) -> Node | None:
        """Return the node of a cell: a broken one for what was reported; None if it is empty."""
        cell = row.cell(self.columns.get(name))
        if cell is not None:
            if name == "source" and is_word(cell, NOTHING):
                return None
            return self.gather.attempt(read, cell) or broken(cell.location)
        if not is_required:
            return None
        if name in self.columns:
            help = f"write `{NOTHING}` if there is none" if name == "source" else ""
            self.gather.add("missing-key", f"the row has no `{name}`", self.place(row, name), help)
        return broken(self.place(row, name))

    def beside(self, row: Row, names: Iterable[str], required: Iterable[str]) -> list[tuple[str, Node]]:
        """Return what stands beside the values of a row."""
        read = ((name, self.node(row, name, _READERS[name], is_required=name in required)) for name in names)
        return [(name, node) for name, node in read if node is not None]

"""Users' tables become normalised tables. Every cell is checked, and each mistake is reported at its row and column."""

from collections.abc import Mapping
from typing import Any

from attrs import define, field

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location
from cleancloud_rules.errors import FactsError
from cleancloud_rules.model.facts import Company, FactType, Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.sheets.grid import IGNORED, table_of, without_head
from cleancloud_rules.sheets.layout import (
    ANSWERS,
    BESIDE,
    COMPANIES,
    COMPANY,
    NOT_FOUND,
    SOURCES,
    column_of,
    columns_of_type,
)
from cleancloud_rules.sheets.values import DISCLOSED
from cleancloud_rules.tables.backends import Backend
from cleancloud_rules.tables.facts import FactTables, field_columns
from cleancloud_rules.tables.facts import columns_of as normalised_columns
from cleancloud_rules.tables.reading.checks import Findings, Origin
from cleancloud_rules.tables.reading.columns import RAW, Column, TableReader, held_in
from cleancloud_rules.tables.reading.contradictions import Contradictions
from cleancloud_rules.tables.reading.fact_columns import (
    PERIODS,
    REQUIRED,
    beside_columns,
    beside_expressions,
    company_column,
)
from cleancloud_rules.tables.reading.forms import UserTable, place_of, tables_at
from cleancloud_rules.tables.reading.listings import ListingReader
from cleancloud_rules.tables.reading.one_company import rows_of_company
from cleancloud_rules.tables.reading.references import References
from cleancloud_rules.tables.reading.rows import bibliography, company_of_rows
from cleancloud_rules.tables.reading.searches import PARSED, SearchReader
from cleancloud_rules.tables.reading.small_tables import TYPES, register
from cleancloud_rules.tables.reading.text_values import ANYWHERE, field_reading
from cleancloud_rules.tables.reading.typed_values import content_of_field, further_columns
from cleancloud_rules.tables.reading.wide import AnswerReader

_OWN = (COMPANIES, SOURCES, NOT_FOUND, ANSWERS)


def fact_tables_of(facts: Any, methodology: Methodology, backend: Backend) -> FactTables:
    """Return the facts that tables hold, checked and normalised.

    Args:
        facts: the tables; see `forms.tables_at`.
        methodology: whose vocabulary they use.
        backend: where they are read, and where the normalised tables are made.

    Raises:
        FactsError: with all diagnostics, each with its table, row and column.
        MissingExtraError: if DuckDB or Arrow is missing; the message says what to install.
    """
    gather = DiagnosticCollector()
    return _read(tables_at(facts, backend, gather), methodology, backend, gather, place_of(facts))


def company_of_tables(facts: Any, methodology: Methodology, backend: Backend, name: str) -> Company:
    """Return a company of tables. Only its own rows are read and checked.

    Args:
        facts: the tables; see `forms.tables_at`.
        methodology: whose vocabulary they use.
        backend: where they are read.
        name: the id of the company, its name or an alias.

    Raises:
        FactsError: with all diagnostics; also if there is no such company.
        MissingExtraError: if DuckDB or Arrow is missing; the message says what to install.
    """
    gather = DiagnosticCollector()
    id, tables = rows_of_company(tables_at(facts, backend, gather), name, backend)
    return company_of_rows(_read(tables, methodology, backend, gather, place_of(facts)), methodology, id)


def _read(
    tables: tuple[UserTable, ...],
    methodology: Methodology,
    backend: Backend,
    gather: DiagnosticCollector,
    where: Location,
) -> FactTables:
    reader = _Reader(methodology, backend, gather, where, {})
    found = reader.read(tables)
    if found is not None:
        reader.refuse_contradictions(found)
    if gather.failed or found is None:
        raise FactsError(gather.diagnostics)
    return found


@define
class _Reader:
    """Reads all tables of a user.

    Args:
        methodology: whose vocabulary they use.
        backend: where they are.
        gather: collects the diagnostics.
        where: the place of all tables.
        origins: where the facts of each type come from, and the searches.
    """

    methodology: Methodology
    backend: Backend
    gather: DiagnosticCollector
    where: Location
    origins: dict[str, list[Origin]]
    _parts: dict[str, list[str]] = field(factory=dict, init=False)

    def read(self, tables: tuple[UserTable, ...]) -> FactTables | None:
        """Return the normalised tables; None if something is wrong."""
        by_name = {table.name: table for table in tables}
        self._refuse_unknown(tables)
        listings = ListingReader(self.methodology, self.backend, self.gather)
        references = References(self.backend, listings.companies(by_name.get(COMPANIES)))
        listings.sources(by_name.get(SOURCES))
        self._forget(by_name.get(COMPANIES), by_name.get(SOURCES))
        for fact_type in self.methodology.vocabulary.fact_types:
            if fact_type.id in by_name and fact_type.id not in _OWN:
                self._facts(by_name[fact_type.id], fact_type, references)
        if ANSWERS in by_name:
            origin, made = AnswerReader(self.methodology, references, self.gather).read(by_name[ANSWERS])
            for type_id, name in made.items():
                self._keep(type_id, name, origin)
            self._forget(by_name[ANSWERS])
        searches = SearchReader(self.methodology, self.backend, self.gather)
        if NOT_FOUND in by_name:
            findings = searches.read(by_name[NOT_FOUND])
            self.origins[NOT_FOUND] = [Origin(findings, (COMPANY,))]
            references.refuse(findings, PARSED)
            self._forget(by_name[NOT_FOUND])
        if self.gather.failed:
            return None
        for number, fact_type in enumerate(self.methodology.vocabulary.fact_types):
            self._join(f"facts_{number}", fact_type)
        if NOT_FOUND not in by_name:
            searches.none()
            return FactTables(self.backend)
        cited = [id for (id,) in self.backend.rows(f"SELECT DISTINCT source FROM {PARSED} WHERE source IS NOT NULL")]
        listed = bibliography(FactTables(self.backend), self.methodology, cited)
        own = {source.id: source for source in self.methodology.bibliography}
        return FactTables(self.backend, searches.normalised({**own, **listed}))

    def refuse_contradictions(self, tables: FactTables) -> None:
        """Report facts that contradict searches without result."""
        Contradictions(tables, self.methodology, self.gather, self._place).refuse()

    def _place(self, name: str, line: int) -> Location:
        """Return the place of a normalised row, by the name of a fact type, or that of the searches."""
        origins = self.origins[name]
        row, number = divmod(line, len(origins))
        return origins[number].place(row)

    def _refuse_unknown(self, tables: tuple[UserTable, ...]) -> None:
        """Report tables that are none, and that there is none of companies."""
        types = self.methodology.vocabulary.by_id
        for table in tables:
            self._refuse_headless(table)
            if table.name not in (*_OWN, *types) and not table.name.startswith(IGNORED):
                help = did_you_mean(table.name, (*types, *_OWN), few=0)
                help = help or f"name it after a fact type, or begin its name with `{IGNORED}` if it holds no facts"
                message = f"there is no fact type `{table.name}`"
                self.gather.add("unknown-sheet", message, table.sheet.location, help)
        if not any(table.name == COMPANIES for table in tables) and not self.gather.failed:
            self.gather.add("missing-sheet", f"there is no table `{COMPANIES}`", self.where)

    def _refuse_headless(self, table: UserTable) -> None:
        """Report the first cell of each column of a CSV file that has no head."""
        if table.csv is None or table.is_counted or not table.has_rows:
            return
        findings = Findings(table, self.backend, self.gather)
        for held, column in zip(table.sheet.head.held, table.columns, strict=True):
            if held is None:
                query = f"SELECT MIN(line), 0 FROM {table.relation} WHERE TRIM({column}) <> '' HAVING COUNT(*) > 0"
                findings.add(query, "", {0: (without_head(ANYWHERE),)})

    def _facts(self, table: UserTable, fact_type: FactType, references: References) -> None:
        """Make a normalised table of the facts of a type."""
        heads = {str(cell.value) for _, cell in table.sheet.head.cells}
        is_typed = table.csv is None
        further = {own.id: further_columns(own) if is_typed else () for own in fact_type.fields}
        more = (*PERIODS, *(name for names in further.values() for name in names)) if is_typed else ()
        known = (*columns_of_type(fact_type), *more)
        needed = [column_of(own) for own in fact_type.fields if not own.optional and heads.isdisjoint(further[own.id])]
        _, columns = table_of(table.sheet, known, (COMPANY, *needed, *REQUIRED), self.gather)
        made = [
            company_column(table, columns),
            *(self._field(table, columns, fact_type, number) for number in range(len(fact_type.fields))),
            *beside_columns(table, columns, BESIDE),
        ]
        if not columns or not table.has_rows:
            return
        raw = held_in(table, made, self.backend)
        findings = Findings(table, self.backend, self.gather)
        reader = TableReader(findings, self.backend, raw, "d", made)
        parsed = reader.parsed()
        chosen = {COMPANY: f"CAST({parsed[COMPANY].parts[0]} AS VARCHAR)", "line": "r.line"}
        for number, own in enumerate(fact_type.fields):
            values = (parsed[f"f{number}"].state, *parsed[f"f{number}"].parts)
            names = field_columns(number, own).items()
            chosen |= {n: f"CAST({v} AS {TYPES[type]})" for (n, type), v in zip(names, values, strict=True)}
        chosen |= beside_expressions(parsed)
        joins = "".join(one.joined for one in parsed.values())
        listed = ", ".join(f"{expression} AS {name}" for name, expression in chosen.items())
        name, stated = f"read_{fact_type.id}", reader.is_stated(parsed, COMPANY)
        self.backend.create(name, f"SELECT {listed} FROM {reader.rows} r{joins} WHERE {stated}", lasting=True)
        reader.drop()
        references.refuse(findings, name)
        self._keep(fact_type.id, name, Origin(findings, (COMPANY,)))
        self._forget(table)

    def _forget(self, *tables: UserTable | None) -> None:
        """Drop the rows of tables that were read."""
        for name in (RAW, *(table.relation for table in tables if table is not None and table.is_held)):
            self.backend.drop(name)

    def _field(self, table: UserTable, columns: Mapping[str, int], fact_type: FactType, number: int) -> Column:
        own: Field = fact_type.fields[number]
        content = content_of_field(table, columns, own, self.gather)
        help = f"if it was published without its value, write `{DISCLOSED}`"
        missing = Diagnostic("missing-key", f"`{fact_type.id}` needs `{own.id}`", ANYWHERE, help)
        reading = field_reading(own, self.methodology.vocabulary.units)
        return Column(f"f{number}", content, reading, None if own.optional else missing)

    def _keep(self, type_id: str, name: str, origin: Origin) -> None:
        self._parts.setdefault(type_id, []).append(name)
        self.origins.setdefault(type_id, []).append(origin)

    def _join(self, name: str, fact_type: FactType) -> None:
        """Make the normalised table of a fact type from those of its origins."""
        types = normalised_columns(fact_type)
        parts = self._parts.get(fact_type.id, [])
        if not parts:
            register(self.backend, name, types, ())
            return
        count = len(parts)
        columns = ", ".join(f"line * {count} + {{0}} AS line" if column == "line" else column for column in types)
        queries = [f"SELECT {columns.format(number)} FROM {part}" for number, part in enumerate(parts)]
        if count == 1:
            self.backend.move(parts[0], name)
            return
        self.backend.create(name, " UNION ALL ".join(queries), lasting=True)
        for part in parts:
            self.backend.drop(part)

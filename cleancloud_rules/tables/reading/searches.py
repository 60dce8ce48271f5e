"""Reads the table of searches without result."""

from collections.abc import Callable, Mapping

from attrs import define, field

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.nodes import Entry, MappingNode, Node
from cleancloud_rules.language.conditions import Scope, conditions_together
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.facts import Basis, Bibliography, NotFound
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.sheets.csv_files import unguarded
from cleancloud_rules.sheets.grid import Cell, table_of
from cleancloud_rules.sheets.layout import COMPANY, FACT, NOT_FOUND, NOT_FOUND_COLUMNS
from cleancloud_rules.sheets.nodes import quoted
from cleancloud_rules.sheets.values import tests_node
from cleancloud_rules.tables import facts
from cleancloud_rules.tables.backends import Backend
from cleancloud_rules.tables.reading.checks import Findings
from cleancloud_rules.tables.reading.columns import Column, TableReader, held_in
from cleancloud_rules.tables.reading.fact_columns import REQUIRED, beside_columns, company_column
from cleancloud_rules.tables.reading.forms import UserTable
from cleancloud_rules.tables.reading.readings import fact_type_reading
from cleancloud_rules.tables.reading.small_tables import register
from cleancloud_rules.tables.reading.text_values import ANYWHERE, Parts, Reading, State
from cleancloud_rules.tables.reading.typed_values import Content, content_of_column

_BETWEEN = "\x1f"
"""What stands between the fact type and the tests of a search."""

_BESIDE = ("basis", "source", "locator", "note")

_NO_TYPE = Diagnostic("missing-key", f"the row has no `{FACT}`", ANYWHERE)

PARSED = "parsed_searches"
"""The table of searches whose sources have not been looked up yet."""


@define
class SearchReader:
    """Reads searches without result.

    Args:
        methodology: whose vocabulary they use.
        backend: where the tables are.
        gather: collects the diagnostics.
    """

    methodology: Methodology
    backend: Backend
    gather: DiagnosticCollector
    _unguarded: Callable[[str], str] = field(default=str, init=False)
    _conditions: list[tuple[Condition, ...]] = field(factory=list, init=False)

    def read(self, table: UserTable) -> Findings:
        """Make the table of the searches."""
        _, columns = table_of(table.sheet, NOT_FOUND_COLUMNS, (COMPANY, FACT, *REQUIRED), self.gather)
        findings = Findings(table, self.backend, self.gather)
        self._unguarded = unguarded if table.csv is not None else str
        named = content_of_column(table, columns, FACT)
        made = [
            company_column(table, columns),
            Column(FACT, named, fact_type_reading(self.methodology.vocabulary), _NO_TYPE),
            Column("what", self._what(table, columns, named), Reading((("", "int"),), self._search)),
            *beside_columns(table, columns, _BESIDE),
        ]
        raw = held_in(table, made, self.backend)
        reader = TableReader(findings, self.backend, raw, "searches", made)
        parsed = reader.parsed()
        types = {COMPANY: "VARCHAR", "what": "BIGINT", **dict.fromkeys(_BESIDE, "VARCHAR")}
        parts = (f"CAST({parsed[key].parts[0]} AS {type}) AS {key}" for key, type in types.items())
        joins = "".join(one.joined for one in parsed.values())
        where = reader.is_stated(parsed, COMPANY)
        self.backend.create(PARSED, f"SELECT {', '.join(parts)}, r.line FROM {reader.rows} r{joins} WHERE {where}")
        reader.drop()
        return findings

    def normalised(self, bibliography: Bibliography) -> tuple[NotFound, ...]:
        """Make the normalised table, and return the searches, each once.

        Args:
            bibliography: the sources that they cite.
        """
        columns = ", ".join(("what", *_BESIDE))
        found = self.backend.rows(f"SELECT DISTINCT {columns} FROM {PARSED} ORDER BY {columns}")
        searches: dict[NotFound, int] = {}
        rows = []
        for what, basis, source, locator, note in found:
            first, *others = self._conditions[what]
            cited = None if source is None else bibliography[source]
            search = NotFound(first, Basis(basis), cited, locator, note, also=tuple(others))
            number = searches.setdefault(search, len(searches))
            rows.append((what, basis, source, locator, note, number))
        types = {"what": "int", **dict.fromkeys(_BESIDE, "text"), "search": "int"}
        register(self.backend, "searches", types, rows)
        same = " AND ".join(f"p.{key} IS NOT DISTINCT FROM s.{key}" for key in ("what", *_BESIDE))
        joined = f"{PARSED} p JOIN searches s ON {same}"
        self.backend.create(NOT_FOUND, f"SELECT p.company, s.search, MIN(p.line) AS line FROM {joined} GROUP BY 1, 2")
        self.backend.drop("searches")
        self.backend.drop(PARSED)
        return tuple(searches)

    def none(self) -> None:
        """Make the normalised table without any search."""
        register(self.backend, NOT_FOUND, {**facts.NOT_FOUND, "line": "int"}, ())

    @staticmethod
    def _what(table: UserTable, columns: Mapping[str, int], named: Content | None) -> Content | None:
        """Return the fact type and the tests of each search, as one text."""
        tests = content_of_column(table, columns, "what")
        if named is None:
            return None
        text = "''" if tests is None else f"COALESCE({tests.text}, '')"
        return Content(FACT if tests is None else "what", f"{named.text} || '{_BETWEEN}' || {text}")

    def _search(self, cell: Cell) -> tuple[State, Parts]:
        named, _, tests = map(self._unguarded, str(cell.value).partition(_BETWEEN))
        if named.strip() not in self.methodology.vocabulary.by_id:
            raise Rejected
        where = cell.location
        stated: Node = tests_node(Cell(tests, where)) if tests.strip() else MappingNode((), where)
        entry = MappingNode((Entry(quoted(named.strip(), where), stated),), where)
        self._conditions.append(conditions_together(entry, Scope(self.methodology.vocabulary)))
        return State.VALUE, (len(self._conditions) - 1,)

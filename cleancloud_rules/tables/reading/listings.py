"""Reads the tables of companies and of sources."""

from collections.abc import Mapping

from attrs import define

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean, reject
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.model.facts import Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.sheets.grid import Cell, table_of
from cleancloud_rules.sheets.layout import COMPANIES, COMPANY_COLUMNS, SOURCE_COLUMNS, SOURCES
from cleancloud_rules.tables import facts
from cleancloud_rules.tables.backends import Backend
from cleancloud_rules.tables.reading import readings
from cleancloud_rules.tables.reading.checks import Findings
from cleancloud_rules.tables.reading.columns import Column, Parsed, TableReader, held_in
from cleancloud_rules.tables.reading.forms import UserTable
from cleancloud_rules.tables.reading.references import IDS_OF_SOURCES, NAMES_OF_COMPANIES
from cleancloud_rules.tables.reading.small_tables import TYPES, register
from cleancloud_rules.tables.reading.text_values import ANYWHERE, Reading
from cleancloud_rules.tables.reading.typed_values import content_of_column

COMPANY_PARTS = {**facts.COMPANIES, "aliases": "texts"}
"""The columns of the normalised table of companies, with their types."""

SOURCE_PARTS = {
    **facts.SOURCES, "title": "text", "publisher": "text", "url": "text", "archived": "text", "footnotes": "texts",
    "note": "text", "public": "bool",
}  # fmt: skip
"""The columns of the normalised table of sources, with their types."""


@define
class ListingReader:
    """Reads companies and sources.

    Args:
        methodology: whose cohorts and types of sources they have.
        backend: where the tables are.
        gather: collects the diagnostics.
    """

    methodology: Methodology
    backend: Backend
    gather: DiagnosticCollector

    def companies(self, table: UserTable | None) -> bool:
        """Make the normalised table of companies. Return whether the ids of all of them could be read."""
        if table is None:
            register(self.backend, COMPANIES, {**COMPANY_PARTS, "line": "int"}, ())
            self._known(NAMES_OF_COMPANIES, f"SELECT company AS id, name, TRUE AS is_right FROM {COMPANIES}")
            return False
        _, columns = table_of(table.sheet, COMPANY_COLUMNS, ("id", "name"), self.gather)
        known = readings.company_readings(self._refuse_cohort)
        said = {name: f"the company has no `{name}`" for name in ("id", "name")}
        parsed = self._listing(table, columns, known, said)
        if parsed is None:
            return "id" in columns
        reader, found, raw = parsed
        ends = {"company": found["id"].parts[0], **{key: found[key].parts[0] for key in ("cohort", "name", "aliases")}}
        self._create(COMPANIES, reader, ends, COMPANY_PARTS, found)
        self._refuse_repeated(reader.findings, COMPANIES, "company", "company `{}` is already declared at {}", "")
        ids = found["id"].parts[0]
        broken = f"SELECT r.id, NULL, TRUE FROM {raw} r WHERE r.id IS NOT NULL"
        listed = f"SELECT company AS id, name, TRUE AS is_right FROM {COMPANIES} WHERE company IS NOT NULL"
        self._known(NAMES_OF_COMPANIES, f"{listed} UNION ALL {broken}" if self.gather.failed and ids else listed)
        reader.drop()
        return "id" in columns and "id" not in reader.lacking

    def sources(self, table: UserTable | None) -> None:
        """Make the normalised table of sources: those of the user and of the methodology."""
        own = [_row(source) for source in self.methodology.bibliography]
        register(self.backend, SOURCES, {**SOURCE_PARTS, "line": "int"}, own)
        broken = ""
        if table is not None:
            _, columns = table_of(table.sheet, SOURCE_COLUMNS, ("id", "type"), self.gather)
            known = readings.source_readings(self.methodology.vocabulary.source_types)
            said = {name: f"the source has no `{name}`" for name in ("id", "type")}
            parsed = self._listing(table, columns, known, said)
            if parsed is not None:
                reader, found, raw = parsed
                self._add_sources(reader, found)
                broken = (
                    f" UNION ALL SELECT r.id, FALSE FROM {raw} r WHERE r.id IS NOT NULL" if self.gather.failed else ""
                )
        listed = f"SELECT source AS id, TRUE AS is_right FROM {SOURCES} WHERE source IS NOT NULL"
        self._known(IDS_OF_SOURCES, f"{listed}{broken}")

    def _add_sources(self, reader: TableReader, found: Mapping[str, Parsed]) -> None:
        days = {
            f"{key}{ending}": part
            for key in ("published", "accessed")
            for (ending, _), part in zip(reader.reading(key).parts, found[key].parts, strict=True)
        }
        others = ("type", "title", "publisher", "url", "archived", "footnotes", "note", "public")
        ends = dict.fromkeys(("source", "id"), found["id"].parts[0]) | days
        self._create(
            "user_sources", reader, {**ends, **{key: found[key].parts[0] for key in others}}, SOURCE_PARTS, found
        )
        self._refuse_repeated(
            reader.findings, "user_sources", "source", "source `{}` is already listed at {}", "keep one of the two"
        )
        query = f"SELECT u.line, u.source FROM user_sources u JOIN {SOURCES} s ON u.source = s.source"
        for line, id in self.backend.rows(f"{query} ORDER BY 1"):
            message = f"the methodology already lists a source `{id}`"
            reader.findings.say(line, "id", Diagnostic("repeated-id", message, ANYWHERE))
        message = "the source was accessed before it was published"
        early = Diagnostic("bad-date", message, ANYWHERE, "correct one of the two dates")
        query = "SELECT line, 0 FROM user_sources WHERE accessed_high < published_low"
        reader.findings.add(query, "accessed", {0: (early,)})
        columns = ", ".join([*SOURCE_PARTS, "line"])
        self.backend.create(SOURCES, f"SELECT {columns} FROM {SOURCES} UNION ALL SELECT {columns} FROM user_sources")
        self.backend.drop("user_sources")
        reader.drop()

    def _listing(
        self, table: UserTable, columns: Mapping[str, int], known: Mapping[str, Reading], required: Mapping[str, str]
    ) -> tuple[TableReader, dict[str, Parsed], str] | None:
        """Return how the rows of a table are read, and its raw table; None if it has none of the columns."""
        made = [
            Column(
                key,
                content_of_column(table, columns, key),
                reading,
                Diagnostic("missing-key", required[key], ANYWHERE) if key in required else None,
            )
            for key, reading in known.items()
        ]
        if not columns:
            return None
        raw = held_in(table, made, self.backend)
        reader = TableReader(Findings(table, self.backend, self.gather), self.backend, raw, f"{table.name}_d", made)
        return reader, reader.parsed(), raw

    def _create(
        self,
        name: str,
        reader: TableReader,
        ends: Mapping[str, str],
        types: Mapping[str, str],
        found: Mapping[str, Parsed],
    ) -> None:
        chosen = ", ".join(f"CAST({ends[key]} AS {TYPES[type]}) AS {key}" for key, type in types.items())
        joins = "".join(parsed.joined for parsed in found.values())
        some = " OR ".join(f"{parsed.state} > 0" for parsed in found.values())
        self.backend.create(name, f"SELECT {chosen}, r.line FROM {reader.rows} r{joins} WHERE {some}")

    def _known(self, name: str, query: str) -> None:
        self.backend.create(name, query)

    def _refuse_repeated(self, findings: Findings, table: str, column: str, message: str, help: str) -> None:
        first = f"SELECT {column} AS id, MIN(line) AS line FROM {table} GROUP BY 1 HAVING COUNT(*) > 1"
        query = (
            f"SELECT t.line, f.id, f.line FROM {table} t JOIN ({first}) f ON t.{column} = f.id WHERE t.line > f.line"
        )
        for line, id, earlier in self.backend.rows(f"{query} ORDER BY 1"):
            said = Diagnostic("repeated-id", message.format(id, findings.place(earlier, "id")), ANYWHERE, help)
            findings.say(line, "id", said)

    def _refuse_cohort(self, cohort: str, cell: Cell) -> None:
        cohorts = dict(self.methodology.vocabulary.cohorts)
        if cohort not in cohorts:
            help = did_you_mean(cohort, cohorts)
            raise reject("unknown-cohort", f"there is no cohort `{cohort}`", cell.location, help)


def _row(source: Source) -> tuple[object, ...]:
    """Return a source of the methodology as a row."""
    days = (*facts.ends_of(source.published), *facts.ends_of(source.accessed))
    texts = (source.title, source.publisher, source.url, source.archived)
    footnotes = list(map(str, source.footnotes))
    return (source.id, source.id, source.type, *days, *texts, footnotes, source.note, source.public, -1)

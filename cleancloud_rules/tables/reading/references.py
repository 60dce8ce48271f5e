"""Companies and sources that tables name and that are not listed."""

from collections.abc import Callable

from attrs import define, field

from cleancloud_rules.diagnostics.collector import Rejected, did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.language.converter import cited
from cleancloud_rules.model.facts import Source
from cleancloud_rules.sheets.layout import COMPANY
from cleancloud_rules.sheets.nodes import quoted
from cleancloud_rules.tables import sql
from cleancloud_rules.tables.backends import Backend
from cleancloud_rules.tables.reading.checks import Findings
from cleancloud_rules.tables.reading.small_tables import register
from cleancloud_rules.tables.reading.text_values import ANYWHERE

_FEW, _NEAR, _MANY = 2_000, 20, 50
"""Up to how many names each unknown one is compared with all; how many similar ones it is compared with else; and for
how many unknown names that is done."""

NAMES_OF_COMPANIES, IDS_OF_SOURCES = "known_companies", "known_sources"
"""The tables of all ids, also of those that were rejected for something else."""


@define
class References:
    """Refuses what names no company or no source.

    Args:
        backend: where the tables are.
        are_companies_known: whether all companies could be read.
    """

    backend: Backend
    are_companies_known: bool = True
    _counts: dict[str, int] = field(factory=dict, init=False)

    def refuse(self, findings: Findings, table: str) -> None:
        """Report the rows of a normalised table that name an unknown company or source."""
        if self.are_companies_known:
            self._refuse(findings, table, COMPANY, NAMES_OF_COMPANIES, self._no_company)
        self._refuse(findings, table, "source", IDS_OF_SOURCES, self._no_source)

    def _refuse(
        self, findings: Findings, table: str, column: str, known: str, say: Callable[[str, list[str]], Diagnostic]
    ) -> None:
        lost = f"t.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {known} k WHERE k.id = t.{column})"
        names = [name for (name,) in self.backend.rows(f"SELECT DISTINCT t.{column} FROM {table} t WHERE {lost}")]
        if not names:
            return
        said = {number: (say(name, self._similar(name, known, number)),) for number, name in enumerate(sorted(names))}
        rows = [(name, number) for number, name in enumerate(sorted(names))]
        own = f"{table}_unknown"
        register(self.backend, own, {"name": "text", "number": "int"}, rows)
        findings.add(f"SELECT t.line, u.number FROM {table} t JOIN {own} u ON t.{column} = u.name", column, said)
        self.backend.drop(own)

    def _similar(self, name: str, known: str, number: int) -> list[str]:
        """Return the ids among which the one may be that was meant."""
        if known not in self._counts:
            ((self._counts[known],),) = self.backend.rows(f"SELECT COUNT(*) FROM {known} WHERE is_right")
        if self._counts[known] > _FEW and number >= _MANY:
            return []
        near = f" ORDER BY LEVENSHTEIN(id, {sql.text(name)}) LIMIT {_NEAR}" if self._counts[known] > _FEW else ""
        return [id for (id,) in self.backend.rows(f"SELECT id FROM {known} WHERE is_right{near}")]

    def _no_company(self, name: str, similar: list[str]) -> Diagnostic:
        query = f"SELECT id FROM {NAMES_OF_COMPANIES} WHERE name = {sql.text(name)} ORDER BY 1 DESC LIMIT 1"
        called = self.backend.rows(query)
        help = f"its id is `{called[0][0]}`" if called else did_you_mean(name, similar)
        return Diagnostic("unknown-company", f"there is no company `{name}`", ANYWHERE, help)

    @staticmethod
    def _no_source(name: str, similar: list[str]) -> Diagnostic:
        try:
            cited(quoted(name, ANYWHERE), {id: Source(id, "") for id in similar})
        except Rejected as rejected:
            return rejected.diagnostics[0]
        raise AssertionError(name)

"""Sheets of results: the ranking, the criteria of each company, and published claims. They are never read."""

from cleancloud_rules.reports.pages.site import Site
from cleancloud_rules.reports.pages.tables import Column, Table, tables_of
from cleancloud_rules.results.claims import ClaimReport
from cleancloud_rules.sheets.layout import RESULTS
from cleancloud_rules.sheets.workbook_writer import Head, Page

_CLAIM_COLUMNS = (
    Column("claim", "string", "Id of the published claim."),
    Column("title", "string", "What the claim counts."),
    Column("published", "string", "The published count."),
    Column("floor", "integer", "Lower bound of the count."),
    Column("ceiling", "integer", "Upper bound of the count."),
    Column("verdict", "string", "Whether the published count agrees with the facts."),
    Column("yes", "string", "Ids of the companies that are counted, separated by spaces."),
    Column("cannot_tell", "string", "Ids of the companies that may be counted, separated by spaces."),
    Column("no", "string", "Ids of the companies that are not counted, separated by spaces."),
)


def result_tables(site: Site) -> tuple[Table, ...]:
    """Return the tables of results."""
    found = [table for table in tables_of(site) if table.name in RESULTS]
    return (*found, *(() if site.claims is None else (_claims(site.claims),)))


def _claims(report: ClaimReport) -> Table:
    rows = tuple(
        (
            *(claim.id, claim.title, claim.published, claim.floor, claim.ceiling, claim.verdict.value),
            *(" ".join(ids) or None for ids in (claim.yes, claim.cannot_tell, claim.no)),
        )
        for claim in report.rows
    )
    return Table("findings", "Published claims, recounted", _CLAIM_COLUMNS, ("claim",), rows)


def page_of_results(table: Table) -> Page:
    """Return a table of results as a sheet with real numbers."""
    heads = (Head(column.name, comment=column.description) for column in table.columns)
    return Page(table.name, tuple(heads), table.rows, is_text=False)

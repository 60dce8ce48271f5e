"""Writes datasets as workbooks and as CSV files, and reads each back before it is kept."""

from collections.abc import Iterable
from pathlib import Path

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, listed
from cleancloud_rules.errors import FactsError, OutputError
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.reports.pages.site import Site
from cleancloud_rules.reports.pages.tables import Column, Table
from cleancloud_rules.reports.pages.tables import tables_of as tables_of_results
from cleancloud_rules.results.claims import ClaimReport
from cleancloud_rules.sheets.csv_files import csv_text, sheet_of_text
from cleancloud_rules.sheets.grid import Sheet
from cleancloud_rules.sheets.layout import DATASET_KEYS, READ_ME, RESPONSES, RESULTS
from cleancloud_rules.sheets.load import dataset_of_sheets
from cleancloud_rules.sheets.pages import answer_page, introduction, page_of
from cleancloud_rules.sheets.responses.table import response_tables
from cleancloud_rules.sheets.rows import base_table, known_sources, tables_of
from cleancloud_rules.sheets.workbook_reader import sheets_of_content
from cleancloud_rules.sheets.workbook_writer import Head, Page, workbook_bytes

LAYOUT = "1"
"""The version of the layout of sheets, a property of each workbook."""

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


def template(methodology: Methodology) -> bytes:
    """Return an empty workbook for the facts of a methodology, as the bytes of its file.

    Raises:
        MissingExtraError: if XlsxWriter is missing; the message says what to install.
    """
    empty = Dataset(f"Facts for {methodology.title}", methodology.id, ())
    answers = answer_page(methodology)
    return _workbook(empty, methodology, () if answers is None else (answers,))


def workbook_of(dataset: Dataset, methodology: Methodology, results: Iterable[Page] = ()) -> bytes:
    """Return a workbook of a dataset, as the bytes of its file.

    Args:
        dataset: the dataset.
        methodology: for which it was loaded.
        results: sheets of results, which are not read again.

    Raises:
        MissingExtraError: if XlsxWriter or openpyxl is missing; the message says what to install.
        OutputError: if the workbook does not keep something; the message says what.
    """
    content = _workbook(dataset, methodology, results)
    _refuse_loss(dataset, methodology, sheets_of_content(content, "the workbook"), "the workbook")
    return content


def _workbook(dataset: Dataset, methodology: Methodology, more: Iterable[Page]) -> bytes:
    tables = tables_of(dataset, methodology, is_long=False)
    base = base_table(dataset)
    kept = Page(base.name, tuple(map(Head, base.columns)), base.rows, is_hidden=True)
    pages = [*(page_of(table, methodology) for table in (*tables, *response_tables(dataset))), *more, kept]
    first = introduction(dataset, methodology, (page.name for page in pages))
    properties = {"layout": LAYOUT, "methodology": methodology.id}
    return workbook_bytes(pages, first, READ_ME, properties)


def csv_files_of(dataset: Dataset, methodology: Methodology) -> dict[str, str]:
    """Return the CSV files of a dataset: their texts by name. The facts of all types stand in one file.

    Raises:
        OutputError: if the files do not keep something; the message says what.
    """
    tables = (*tables_of(dataset, methodology, is_long=True), *response_tables(dataset), base_table(dataset))
    texts = {f"{table.name}.csv": csv_text([table.columns, *table.rows]) for table in tables}
    sheets = [sheet_of_text(text, name, Path(name).stem) for name, text in texts.items()]
    _refuse_loss(dataset, methodology, sheets, "CSV")
    return texts


def _refuse_loss(dataset: Dataset, methodology: Methodology, sheets: Iterable[Sheet], form: str) -> None:
    """Read sheets back, and refuse them if they do not hold the same dataset.

    Raises:
        OutputError: with what they do not keep.
    """
    try:
        back = dataset_of_sheets(sheets, methodology, form, dataset.title, DiagnosticCollector()).dataset
    except FactsError as error:
        raise OutputError(f"nothing is written: {form} cannot be read back\n{error}") from error
    refuse_differences(dataset, back, form)


def refuse_differences(dataset: Dataset, back: Dataset, form: str) -> None:
    """Refuse a form of a dataset from which another one was read back.

    Args:
        dataset: the dataset.
        back: what was read back.
        form: the form, in words.

    Raises:
        OutputError: if the two differ; the message says in what.
    """
    lost = differences(dataset, back)
    if lost:
        raise OutputError(f"nothing is written: {form} does not keep {listed(lost[:5])}")


def differences(dataset: Dataset, other: Dataset) -> list[str]:
    """Return what two datasets state differently: their heads, sources, companies with their facts, and responses."""
    found = [key for key in DATASET_KEYS if getattr(dataset, key) != getattr(other, key)]
    sources = known_sources(other)
    found += [source.id for source in dataset.bibliography if sources.get(source.id) != source]
    companies = {company.id: company for company in other.companies}
    for company in dataset.companies:
        back = companies.pop(company.id, None)
        if back is None or back.sha256 != company.sha256:
            kept = {fact.id for fact in back.facts} if back is not None else set()
            lost = [fact.id for fact in company.facts if fact.id not in kept]
            found += [f"{company.id}: {id}" for id in lost] or [company.id]
        elif back.responses != company.responses:
            lost = [one.id for one in company.responses if one not in back.responses]
            found += [f"{company.id}: response {id}" for id in lost] or [f"{company.id}: {RESPONSES}"]
    return [*found, *companies]


def result_tables(site: Site) -> tuple[Table, ...]:
    """Return the tables of results: the ranking, the criteria of each company, and published claims."""
    found = [table for table in tables_of_results(site) if table.name in RESULTS]
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

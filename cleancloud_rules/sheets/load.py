"""Loads datasets from workbooks and from CSV files."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile, ordered
from cleancloud_rules.documents.file_reader import is_file, is_folder, tables_in
from cleancloud_rules.errors import FactsError
from cleancloud_rules.language.arguments import check_methodology
from cleancloud_rules.language.load.datasets import dataset_of
from cleancloud_rules.language.load.files import PathLike
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.sheets import csv_files, workbook_reader
from cleancloud_rules.sheets.documents import documents_of
from cleancloud_rules.sheets.grid import Sheet, invisible_characters, repeated_rows
from cleancloud_rules.sheets.layout import (
    ANSWERS,
    BASE,
    COMPANIES,
    DATASET,
    FACTS,
    NOT_FOUND,
    RESPONSES,
    SOURCES,
    is_read,
)
from cleancloud_rules.sheets.memory_tables import FILE, sheets_of_tables
from cleancloud_rules.sheets.wide_tables import TABLES, WideTable, wide_tables

_BESIDE = (ANSWERS, BASE, COMPANIES, DATASET, NOT_FOUND, RESPONSES, SOURCES)
"""The tables that are read beside a CSV file with facts."""


@frozen(eq=False)
class SheetsRead:
    """A dataset that sheets hold.

    Args:
        dataset: the dataset.
        warnings: what is odd in the sheets and was read all the same, sorted by place.
        base: the ids of what each company stated when the sheets were exported; None if they do not say it.
    """

    dataset: Dataset
    warnings: tuple[Diagnostic, ...]
    base: Mapping[str, frozenset[str]] | None = None


def load_sheets(path: PathLike, methodology: Methodology) -> SheetsRead:
    """Return the dataset that a workbook or CSV files hold, with the warnings about them.

    Args:
        path: a workbook, a folder of CSV files, or a CSV file with facts of all types that lies in such a folder; or a
            file ``tables.yaml`` that says what the columns of wide tables beside it mean, or its folder.
        methodology: whose vocabulary they use.

    Raises:
        FactsError: with all diagnostics, each with its cell.
        MissingExtraError: if openpyxl is missing; the message says what to install.
    """
    gather = DiagnosticCollector()
    file = Path(path)
    declared = file / TABLES if is_file(file / TABLES) else file
    wide, others = wide_tables(declared, methodology.vocabulary, gather) if declared.name == TABLES else ((), ())
    sheets = gather.attempt(_sheets_at, file, [table.entry.file for table in wide], gather)
    if sheets is None:
        raise FactsError(gather.diagnostics)
    known = {sheet.name for sheet in sheets}
    sheets += tuple(sheet for sheet in others if sheet.name not in known)
    if gather.failed and COMPANIES not in {sheet.name for sheet in sheets}:  # it may be in what could not be read
        raise FactsError(gather.diagnostics)
    return dataset_of_sheets(sheets, methodology, str(file), file.stem, gather, wide)


def dataset_from_tables(tables: Mapping[str, Any], methodology: Methodology, *, title: str = "Tables") -> Dataset:
    """Return the dataset that tables in memory hold.

    They have the columns of the sheets that ``cleancloud-rules template`` writes: ``companies``, ``sources``, one table
    for each fact type, or ``facts`` for all types with a column ``fact``; and perhaps ``not_found``, ``answers``,
    ``responses`` and ``dataset``. A cell that is None or NaN is empty.

    Args:
        tables: the tables by name, each a data frame of pandas or Polars, or of another library that narwhals knows,
            or a list of rows, which are mappings of columns to values.
        methodology: whose vocabulary they use.
        title: the title of the dataset.

    Returns:
        The dataset, with a company for each row of ``companies``.

    Raises:
        FactsError: with all diagnostics, each with its table, row and column.
        MissingExtraError: if there is a data frame, and narwhals is missing; the message says what to install.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> tables = {
        ...     "companies": [{"id": "shop", "name": "Corner Shop"}],
        ...     "sources": [{"id": "web", "type": "corporate_publication", "title": "Energy", "published": 2024}],
        ...     "pue": [{"company": "shop", "breakdown": "average", "value": 1.2, "basis": "reported", "source": "web"}]
        ... }
        >>> len(cc.dataset_from_tables(tables, methodology).companies[0].facts)
        1
    """
    check_methodology(methodology)
    gather = DiagnosticCollector()
    return dataset_of_sheets(sheets_of_tables(tables, gather), methodology, FILE, title, gather).dataset


def dataset_of_sheets(
    sheets: Iterable[Sheet],
    methodology: Methodology,
    name: str,
    title: str,
    gather: DiagnosticCollector,
    wide: Iterable[WideTable] = (),
) -> SheetsRead:
    """Return the dataset that sheets hold.

    Args:
        sheets: the sheets.
        methodology: whose vocabulary they use.
        name: the name of all of them, for diagnostics.
        title: the title of the dataset, if the sheets name none.
        gather: what was found wrong with the sheets before.
        wide: the wide tables beside them.

    Raises:
        FactsError: with all diagnostics.
    """
    sheets = tuple(sheets)
    documents, warnings = documents_of(sheets, wide, methodology, Location(SourceFile(name)), title, gather)
    dataset = dataset_of(documents, methodology, gather)
    if gather.failed:
        raise FactsError(gather.diagnostics)
    shown = [sheet for sheet in sheets if sheet.name != BASE]
    odd = [one for each in shown for one in (*each.warnings, *invisible_characters(each.rows), *repeated_rows(each))]
    return SheetsRead(dataset, ordered((*odd, *warnings)), _base(sheets))


def _base(sheets: Iterable[Sheet]) -> dict[str, frozenset[str]] | None:
    """Return the ids of what each company stated at the export; None if no sheet says it."""
    sheet = next((sheet for sheet in sheets if sheet.name == BASE), None)
    if sheet is None or not sheet.rows:
        return None
    found: dict[str, set[str]] = {}
    for row in sheet.rows:
        company, id = row.texts((0, 1))
        if company is not None and id is not None:
            found.setdefault(company, set()).add(id)
    return {company: frozenset(ids) for company, ids in found.items()}


def _sheets_at(path: Path, wide: Iterable[str], gather: DiagnosticCollector) -> tuple[Sheet, ...]:
    """Return the sheets at a path but for the wide tables, whose names are given."""
    if is_folder(path) or path.name == TABLES:
        folder = path if is_folder(path) else path.parent
        named = {folder / name for name in wide}
        files = (file for file in tables_in(folder, csv_files.SUFFIX) if file not in named and is_read(file.stem))
        return csv_files.sheets_of_csv(files, gather)
    if path.suffix.lower() != csv_files.SUFFIX:
        return workbook_reader.sheets_of_workbook(path)
    beside = (file for file in tables_in(path.parent, csv_files.SUFFIX) if file.stem in _BESIDE and file != path)
    return (evolve(csv_files.sheet_of_csv(path), name=FACTS), *csv_files.sheets_of_csv(beside, gather))

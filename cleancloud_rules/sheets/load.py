"""Loads datasets from workbooks and from CSV files."""

from collections.abc import Iterable
from pathlib import Path

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile, ordered
from cleancloud_rules.documents.file_reader import files_in, is_folder
from cleancloud_rules.errors import FactsError
from cleancloud_rules.language.load.datasets import dataset_of
from cleancloud_rules.language.load.files import PathLike
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.sheets import csv_files, workbook_reader
from cleancloud_rules.sheets.documents import documents_of
from cleancloud_rules.sheets.grid import Sheet, invisible_characters
from cleancloud_rules.sheets.layout import ANSWERS, COMPANIES, DATASET, FACTS, NOT_FOUND, SOURCES

_BESIDE = (ANSWERS, COMPANIES, DATASET, NOT_FOUND, SOURCES)
"""The tables that are read beside a CSV file with facts."""


@frozen(eq=False)
class SheetsRead:
    """A dataset that sheets hold.

    Args:
        dataset: the dataset.
        warnings: what is odd in the sheets and was read all the same, sorted by place.
    """

    dataset: Dataset
    warnings: tuple[Diagnostic, ...]


def load_sheets(path: PathLike, methodology: Methodology) -> SheetsRead:
    """Return the dataset that a workbook or CSV files hold, with the warnings about them.

    Args:
        path: a workbook, a folder of CSV files, or a CSV file with facts of all types that lies in such a folder.
        methodology: whose vocabulary they use.

    Raises:
        FactsError: with all diagnostics, each with its cell.
        MissingExtraError: if openpyxl is missing; the message says what to install.
    """
    gather = DiagnosticCollector()
    file = Path(path)
    sheets = gather.attempt(_sheets_at, file, gather)
    if sheets is None:
        raise FactsError(gather.diagnostics)
    return dataset_of_sheets(sheets, methodology, str(file), file.stem, gather)


def dataset_of_sheets(
    sheets: Iterable[Sheet], methodology: Methodology, name: str, title: str, gather: DiagnosticCollector
) -> SheetsRead:
    """Return the dataset that sheets hold.

    Args:
        sheets: the sheets.
        methodology: whose vocabulary they use.
        name: the name of all of them, for diagnostics.
        title: the title of the dataset, if the sheets name none.
        gather: what was found wrong with the sheets before.

    Raises:
        FactsError: with all diagnostics.
    """
    sheets = tuple(sheets)
    documents = documents_of(sheets, methodology, Location(SourceFile(name)), title, gather)
    dataset = dataset_of(documents, methodology, gather)
    if gather.failed:
        raise FactsError(gather.diagnostics)
    odd = [warning for sheet in sheets for warning in (*sheet.warnings, *invisible_characters(sheet.rows))]
    return SheetsRead(dataset, ordered(odd))


def _sheets_at(path: Path, gather: DiagnosticCollector) -> tuple[Sheet, ...]:
    if is_folder(path):
        return csv_files.sheets_of_csv(files_in(path, (csv_files.SUFFIX,)), gather)
    if path.suffix.lower() != csv_files.SUFFIX:
        return workbook_reader.sheets_of_workbook(path)
    beside = (file for file in files_in(path.parent, (csv_files.SUFFIX,)) if file.stem in _BESIDE and file != path)
    return (evolve(csv_files.sheet_of_csv(path), name=FACTS), *csv_files.sheets_of_csv(beside, gather))

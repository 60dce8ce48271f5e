"""Workbooks for tests: good ones that are changed cell by cell, as a researcher or a spreadsheet program would."""

from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from cleancloud_rules import Dataset, Diagnostic, FactsError, Methodology, dataset_from, load_methodology
from cleancloud_rules.diagnostics.diagnostic import SheetCell
from cleancloud_rules.sheets.export import workbook_of
from cleancloud_rules.sheets.load import SheetsRead, load_sheets
from tests.support.places import ROOT

COMMITMENT = "commitment: {topic: carbon_neutrality, scopes: [scope_1, scope_2], target_year: {at_most: 2030}, announced: 2022-05-01, public: true}"  # noqa: E501
ENERGY = "energy: {amount: {between: [1.5 GWh, 2 GWh]}, region: North, sites: {more_than: 3}}"
SHARE = "share: {percent: 12.5, denominator: electricity}"

Edit = Callable[[Any], object]
"""What is done to a workbook of openpyxl."""


@cache
def rules() -> Methodology:
    """Return the methodology of the workbooks, with fields of every type but numbers."""
    return load_methodology(ROOT / "tests" / "bad_criteria" / "good")


@cache
def dataset(companies: int = 1) -> Dataset:
    """Return a dataset of so many companies, each with a fact of every type and a search without result."""
    files = {
        "dataset.yaml": "{title: Demo, methodology: demo, companies: companies, sources: sources.yaml}",
        "sources.yaml": "sources: {report: {type: report, title: A report, published: 2024-03-01, footnotes: [3, 4],"
        " public: false}}",
    }
    for number in range(1, companies + 1):
        facts = "".join(
            f"  - {{{fact}, period: 2023, source: report, locator: page {number}}}\n"
            for fact in (COMMITMENT, ENERGY, SHARE)
        )
        files[f"companies/c{number:03}.yaml"] = (
            f"id: c{number:03}\nname: Company {number}\naliases: [A{number}, B{number}]\ncohort: cloud\nfacts:\n{facts}"
            "not_found:\n  - {commitment: {topic: renewable_energy}, source: rulebook}\n"
        )
    return dataset_from(files, rules())


@cache
def content(companies: int = 1) -> bytes:
    """Return the workbook of that dataset."""
    return workbook_of(dataset(companies), rules())


def edited(file: Path, edit: Edit, companies: int = 1) -> Path:
    """Write that workbook with a change, and return the file."""
    book = load_workbook(BytesIO(content(companies)))
    edit(book)
    book.save(file)
    return file


def cells(values: Mapping[str, Any]) -> Edit:
    """Return a change of cells, such as ``{"share!B2": 15}``. A pair is a value with its number format."""

    def edit(book: Any) -> None:
        for place, value in values.items():
            sheet, name = place.split("!")
            cell = book[sheet][name]
            cell.value, format = (
                value if isinstance(value, tuple) else (value, "@" if isinstance(value, str) else "General")
            )
            cell.number_format = format
            if format == "@" and isinstance(cell.value, str):
                cell.data_type = "s"

    return edit


def read(file: Path) -> SheetsRead:
    """Return what a workbook holds."""
    return load_sheets(file, rules())


def rejected(file: Path) -> tuple[Diagnostic, ...]:
    """Return the diagnostics for which a workbook is rejected; none if it is not."""
    try:
        load_sheets(file, rules())
    except FactsError as error:
        return error.diagnostics
    return ()


def place(diagnostic: Diagnostic) -> str:
    """Return the place of a diagnostic, such as ``share!B2``."""
    cell = diagnostic.location.cell or SheetCell("")
    return f"{cell.sheet}!{cell.name}" if cell.row else cell.sheet

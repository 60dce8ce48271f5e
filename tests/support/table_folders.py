"""Folders of tables: the companies of Clean Cloud 2024, and the survey of the page for users."""

import re
from pathlib import Path

from pyarrow import parquet

from cleancloud_rules.tables.reading.written import csv_tables
from tests.support.examples import example
from tests.support.places import ROOT
from tests.support.typed_tables import arrow_tables

PAGE = (ROOT / "docs" / "how-to" / "score-a-million-companies.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^`(\S+\.csv)`:\n\n```csv\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))


def survey(folder: Path) -> Path:
    """Write the files that the page shows into a folder, and return it."""
    for name, text in FILES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def parquet_folder(folder: Path) -> Path:
    """Write Parquet files into a folder, and return it."""
    methodology, dataset = example("clean_cloud_2024")
    for name, table in arrow_tables(dataset, methodology).items():
        file = folder / f"{name}.parquet"
        file.parent.mkdir(exist_ok=True, parents=True)
        parquet.write_table(table, file)
    return folder


def text_folder(folder: Path) -> Path:
    """Write CSV files into a folder, and return it."""
    methodology, dataset = example("clean_cloud_2024")
    for name, text in csv_tables(dataset, methodology):
        file = folder / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(text, newline="")
    return folder

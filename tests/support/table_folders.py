"""The companies of Clean Cloud 2024 as folders of tables."""

from pathlib import Path

from pyarrow import parquet

from cleancloud_rules.tables.reading.written import arrow_tables, csv_tables
from tests.support.examples import example


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

"""Writes datasets as tables: one for each fact type, and those of companies, sources and searches without result."""

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from cleancloud_rules.errors import FactsError, OutputError
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.sheets.csv_files import csv_text
from cleancloud_rules.sheets.export import refuse_differences
from cleancloud_rules.sheets.rows import Table, listing_tables, table_of_type
from cleancloud_rules.tables.arrow import arrow_table
from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.reading.forms import FACTS
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.reading.rows import dataset_of_rows


def text_tables(dataset: Dataset, methodology: Methodology) -> tuple[Table, ...]:
    """Return the tables of a dataset, whose cells are texts. Empty ones are left out."""
    facts = (table_of_type(dataset, fact_type) for fact_type in methodology.vocabulary.fact_types)
    return tuple(table for table in (*listing_tables(dataset, methodology), *facts) if table.rows)


def csv_tables_of(dataset: Dataset, methodology: Methodology) -> dict[str, str]:
    """Return the CSV files of a dataset, one for each fact type: their texts by their paths. They hold no responses.

    Raises:
        MissingExtraError: if DuckDB or Arrow is missing; the message says what to install.
        OutputError: if the files do not keep something; the message says what.
    """
    dataset = evolve(dataset, companies=tuple(evolve(company, responses=()) for company in dataset.companies))
    texts = {table.name: as_arrow(table) for table in text_tables(dataset, methodology)}
    try:
        back = dataset_of_rows(fact_tables_of(texts, methodology, DuckDB()), methodology, dataset.title)
    except FactsError as error:
        raise OutputError(f"nothing is written: tables cannot be read back\n{error}") from error
    kept = evolve(dataset, companies=back.companies, bibliography=back.bibliography)
    refuse_differences(dataset, kept, "tables")
    return dict(csv_tables(dataset, methodology))


def csv_tables(dataset: Dataset, methodology: Methodology) -> Iterator[tuple[str, str]]:
    """Yield the CSV files of a dataset: the path of each in their folder, and its text."""
    for table in text_tables(dataset, methodology):
        folder = f"{FACTS}/" if table.name in methodology.vocabulary.by_id else ""
        yield f"{folder}{table.name}.csv", csv_text([table.columns, *table.rows])


def as_arrow(table: Table) -> Any:
    """Return a table of texts as an Arrow table."""
    return arrow_table(dict.fromkeys(table.columns, "text"), ([text or None for text in row] for row in table.rows))

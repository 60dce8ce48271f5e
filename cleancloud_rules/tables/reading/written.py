"""Writes datasets as tables: one for each fact type, and those of companies, sources and searches without result."""

from collections.abc import Iterator
from typing import Any

from attrs import evolve

from cleancloud_rules.errors import FactsError, OutputError
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Fact, FactType, Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import FieldType, Interval, Value
from cleancloud_rules.sheets.csv_files import csv_text
from cleancloud_rules.sheets.export import refuse_differences
from cleancloud_rules.sheets.layout import column_of
from cleancloud_rules.sheets.rows import Table, listing_tables, table_of_type
from cleancloud_rules.sheets.values import NOTHING
from cleancloud_rules.tables.backends import Columns, DuckDB, arrow_table
from cleancloud_rules.tables.reading.forms import FACTS
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.reading.rows import dataset_of_rows
from cleancloud_rules.tables.reading.typed_values import (
    HIGH,
    HIGH_OPEN,
    LOW,
    LOW_OPEN,
    UNIT,
    WITHOUT_VALUE,
)

_BESIDE = {
    "period": "text", "as_of": "date", "basis": "text", "source": "text", "locator": "text",
    "entity": "text", "note": "text",
}  # fmt: skip


def text_tables(dataset: Dataset, methodology: Methodology) -> tuple[Table, ...]:
    """Return the tables of a dataset, whose cells are texts. Empty ones are left out."""
    facts = (table_of_type(dataset, fact_type) for fact_type in methodology.vocabulary.fact_types)
    return tuple(table for table in (*listing_tables(dataset, methodology), *facts) if table.rows)


def csv_tables_of(dataset: Dataset, methodology: Methodology) -> dict[str, str]:
    """Return the CSV files of a dataset, one for each fact type: their texts by their paths.

    Raises:
        MissingExtraError: if DuckDB or Arrow is missing; the message says what to install.
        OutputError: if the files do not keep something; the message says what.
    """
    texts = {table.name: _as_arrow(table) for table in text_tables(dataset, methodology)}
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


def arrow_tables(dataset: Dataset, methodology: Methodology) -> dict[str, Any]:
    """Return the tables of a dataset as Arrow tables by name, those of facts with columns of the types of their fields.

    Raises:
        MissingExtraError: if Arrow is missing; the message says what to install.
    """
    found = {table.name: _as_arrow(table) for table in listing_tables(dataset, methodology) if table.rows}
    for fact_type in methodology.vocabulary.fact_types:
        rows = [
            _row(company.id, fact, fact_type)
            for company in dataset.companies
            for fact in company.facts
            if fact.type == fact_type.id
        ]
        if rows:
            found[f"{FACTS}/{fact_type.id}"] = arrow_table(_columns(fact_type), rows)
    return found


def _as_arrow(table: Table) -> Any:
    """Return a table of texts as an Arrow table."""
    return arrow_table(dict.fromkeys(table.columns, "text"), ([text or None for text in row] for row in table.rows))


def _columns(fact_type: FactType) -> Columns:
    """Return the columns of the typed table of a fact type, with their types."""
    found = {"company": "text"}
    for own in fact_type.fields:
        name, type = column_of(own), _type(own)
        found[name] = type
        if own.type.is_ordered:
            found |= {f"{name}{LOW}": type, f"{name}{HIGH}": type, f"{name}{LOW_OPEN}": "bool"}
            found |= {f"{name}{HIGH_OPEN}": "bool", f"{name}{UNIT}": "text"}
        found[f"{name}{WITHOUT_VALUE}"] = "bool"
    return found | _BESIDE


def _type(field: Field) -> str:
    match field.type:
        case FieldType.BOOLEAN:
            return "bool"
        case FieldType.SET:
            return "texts"
        case FieldType.DATE:
            return "date"
        case _:
            return f"decimal{field.digits}" if field.type.is_ordered else "text"


def _row(company: str, fact: Fact, fact_type: FactType) -> tuple[Any, ...]:
    cells = (cell for own in fact_type.fields for cell in _cells(fact, own))
    period = fact.period and fact.period.text
    source = NOTHING if fact.source is None else fact.source.id
    return (company, *cells, period, fact.as_of, fact.basis.value, source, fact.locator, fact.entity, fact.note)


def _cells(fact: Fact, own: Field) -> tuple[Any, ...]:
    """Return what a fact says in the columns of a field."""
    value: Value | None = fact.values.get(own.id)
    is_disclosed = own.id in fact.disclosed
    if not own.type.is_ordered:
        return (sorted(value) if isinstance(value, frozenset) else value, is_disclosed)
    unit = "%" if own.type is FieldType.PERCENT else own.unit
    if isinstance(value, Interval):
        return (None, value.low, value.high, value.low_open, value.high_open, unit, is_disclosed)
    return (value, None, None, None, None, unit, is_disclosed)

"""Datasets as tables whose columns have the types of their fields."""

from typing import Any

from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Fact, FactType, Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import FieldType, Interval, Value
from cleancloud_rules.sheets.layout import column_of
from cleancloud_rules.sheets.rows import listing_tables
from cleancloud_rules.sheets.values import NOTHING
from cleancloud_rules.tables.arrow import Columns, arrow_table
from cleancloud_rules.tables.reading.forms import FACTS
from cleancloud_rules.tables.reading.typed_values import HIGH, HIGH_OPEN, LOW, LOW_OPEN, UNIT, WITHOUT_VALUE
from cleancloud_rules.tables.reading.written import as_arrow

_BESIDE = {
    "period": "text", "as_of": "date", "basis": "text", "source": "text", "locator": "text",
    "entity": "text", "note": "text",
}  # fmt: skip


def arrow_tables(dataset: Dataset, methodology: Methodology) -> dict[str, Any]:
    """Return the tables of a dataset as Arrow tables by name, those of facts with columns of the types of their fields.

    Raises:
        MissingExtraError: if Arrow is missing; the message says what to install.
    """
    found = {table.name: as_arrow(table) for table in listing_tables(dataset, methodology) if table.rows}
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

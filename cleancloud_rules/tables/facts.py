"""Facts as tables: a table for each fact type, with the columns of its fields and of what stands beside them."""

from datetime import date
from typing import Any

from attrs import field, frozen

from cleancloud_rules.model.exact import multiply
from cleancloud_rules.model.facts import Fact, FactType, Field, NotFound
from cleancloud_rules.model.values import FieldType, Interval, Value
from cleancloud_rules.tables.backends import Backend

MISSING, STATED, DISCLOSED = 0, 1, 2
"""The states of a field: it is missing, it has a value, or it was disclosed without its value at hand."""


@frozen
class FactTables:
    """Facts of companies in a database.

    The tables are ``facts_0``, ``facts_1`` and so on by the number of the fact type, ``companies``, ``sources`` and
    ``not_found``; their columns are those of `columns_of`, `COMPANIES`, `SOURCES` and `NOT_FOUND`.

    Args:
        backend: the database.
        searches: the documented searches without result, each once, by the numbers that ``not_found`` has.
        names: the name of each table, where it differs.
    """

    backend: Backend
    searches: tuple[NotFound, ...] = ()
    names: dict[str, str] = field(factory=dict)

    def named(self, table: str) -> str:
        """Return the name of a table in the database."""
        return self.names.get(table, table)


COMPANIES = {"company": "text", "cohort": "text", "name": "text"}
SOURCES = {
    "source": "text", "id": "text", "type": "text", "published_low": "date", "published_high": "date",
    "accessed_low": "date", "accessed_high": "date",
}  # fmt: skip
"""``source`` is unique and what facts refer to; ``id`` is what they cite."""

NOT_FOUND = {"company": "text", "search": "int"}

BESIDE = {
    "entity": "text", "period_start": "date", "period_end": "date", "period_is_year": "bool", "as_of": "date",
    "basis": "text", "source": "text", "locator": "text", "note": "text",
}  # fmt: skip
"""The columns beside those of the fields."""


def field_columns(number: int, own: Field) -> dict[str, str]:
    """Return the columns of a field of a fact type with their types: its state and its value, or the ends of it."""
    columns = {f"f{number}_state": "int"}
    if own.type.is_ordered:
        columns |= {f"f{number}_low": "whole", f"f{number}_high": "whole"}
        columns |= {f"f{number}_low_open": "bool", f"f{number}_high_open": "bool"}
    else:
        columns[f"f{number}"] = "texts" if own.type is FieldType.SET else "text"
    return columns


def columns_of(fact_type: FactType) -> dict[str, str]:
    """Return the columns of the table of a fact type, with their types."""
    fields = [field_columns(number, own) for number, own in enumerate(fact_type.fields)]
    return {"company": "text", "line": "int"} | {k: v for columns in fields for k, v in columns.items()} | BESIDE


def scaled(value: Any, digits: int) -> int | None:
    """Return a number in whole units of its last decimal place, and a date as the number of the day."""
    if value is None or isinstance(value, date):
        return None if value is None else value.toordinal()
    return int(multiply(value, 10**digits))


def field_row(fact: Fact, own: Field, digits: int) -> tuple[Any, ...]:
    """Return what a fact says in a field, in the order of `field_columns`, with numbers in units of decimal places."""
    value: Any = fact.values.get(own.id)
    state = STATED if value is not None else DISCLOSED if own.id in fact.disclosed else MISSING
    if own.type.is_ordered:
        held = value if isinstance(value, Interval) else Interval(value, value)
        ends = scaled(held.low, digits), scaled(held.high, digits)
        return state, *ends, held.low_open, held.high_open
    if own.type is FieldType.SET:
        return state, None if value is None else sorted(value)
    return state, None if value is None else in_text(value)


def in_text(value: Value) -> str:
    """Return a word, a text or a boolean as text."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def ends_of(day: date | Interval | None) -> tuple[Any, Any]:
    """Return the first and the last day of a day or of an interval of days."""
    return (day.low, day.high) if isinstance(day, Interval) else (day, day)

"""Makes tables of rows that are at hand. Few rows are written into the statement itself."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from cleancloud_rules.tables import sql
from cleancloud_rules.tables.arrow import Columns, arrow_table
from cleancloud_rules.tables.backends import Backend, DuckDB

TYPES = {
    "int": "BIGINT", "bool": "BOOLEAN", "text": "VARCHAR", "texts": "VARCHAR[]", "date": "DATE",
    "whole": "DECIMAL(38, 0)",
}  # fmt: skip
"""The types of columns in SQL."""

_FEW = 400
"""Up to how many values are written into a statement. Of many, Arrow is quicker."""


def register(backend: Backend, name: str, columns: Columns, rows: Iterable[Sequence[Any]]) -> None:
    """Make a table of rows, in place of one of the same name.

    Args:
        backend: where it is made.
        name: its name.
        columns: the types of its columns, each of them one of `TYPES`.
        rows: the rows.
    """
    held = tuple(rows)
    # An array of Arrow takes half a second to begin with if pandas is installed, because Arrow imports it. Spark would
    # translate every statement.
    if isinstance(backend, DuckDB) and len(held) * len(columns) <= _FEW:
        backend.create(name, _query(columns, held))
    else:
        backend.register(name, arrow_table(columns, held))


def _query(columns: Columns, rows: Sequence[Sequence[Any]]) -> str:
    if not rows:
        return (
            f"SELECT {sql.listed({name: f'CAST(NULL AS {TYPES[kind]})' for name, kind in columns.items()})} WHERE FALSE"
        )
    chosen = {name: f"CAST(v{number} AS {TYPES[kind]})" for number, (name, kind) in enumerate(columns.items())}
    names = ", ".join(f"v{number}" for number in range(len(columns)))
    listed = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
    return f"SELECT {sql.listed(chosen)} FROM (VALUES {listed}) AS v({names})"


def _literal(value: Any) -> str:
    match value:
        case None:
            return "NULL"
        case str():
            return sql.text(value)
        case date():
            return f"DATE '{value.isoformat()}'"
        case list():
            return f"[{', '.join(map(_literal, value))}]"
        case bool():
            return str(value).upper()
        case _:
            return sql.whole(value)

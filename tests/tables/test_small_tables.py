"""Rows become tables, whether they are written into a statement or pass as a table of Arrow."""

from datetime import date
from decimal import Decimal
from typing import Any

from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.reading import small_tables
from cleancloud_rules.tables.reading.small_tables import TYPES, register

ROWS: list[tuple[Any, ...]] = [
    (-(2**63), True, 'it\'s \\ "so"; -- \0\n\u3000\U0001f600', ["a'b", ""], date(1, 1, 1), 10**38 - 1),
    (0, False, "", [], date(9999, 12, 31), -(10**38) + 1),
    (None, None, None, None, None, None),
    (2**63 - 1, True, "NULL", [None, "NULL"], date(2024, 2, 29), 2**64),
]
"""Rows with each type of `TYPES`."""


def _held(rows: list[tuple[Any, ...]]) -> tuple[list[Any], list[Any]]:
    """Return the columns of a table with their types, and its rows."""
    backend = DuckDB()
    register(backend, "held", {f"a_{kind}": kind for kind in TYPES}, rows)
    return backend.types("held"), backend.rows("SELECT * FROM held")


def test_few_rows_are_what_many_rows_are() -> None:
    many = ROWS * (small_tables._FEW // len(TYPES) // len(ROWS) + 1)
    types, found = _held(many)
    assert len(found) * len(TYPES) > small_tables._FEW >= len(ROWS) * len(TYPES)
    assert types == [(f"a_{kind}", type.replace("(38, 0)", "(38,0)")) for kind, type in TYPES.items()]
    assert found == [tuple(Decimal(v) if n == 5 and v is not None else v for n, v in enumerate(row)) for row in many]
    assert _held(ROWS) == (types, found[: len(ROWS)])
    assert _held(ROWS[2:3]) == (types, ROWS[2:3])
    assert _held([]) == (types, [])


def test_a_table_takes_the_place_of_one_of_its_name() -> None:
    backend = DuckDB()
    for number in (3, 900, 0, 1):
        register(backend, "held", {"n": "int"}, ((n,) for n in range(number)))
        assert backend.rows("SELECT COUNT(*) FROM held") == [(number,)]

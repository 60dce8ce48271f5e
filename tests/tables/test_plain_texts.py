"""What SQL converts itself is what the library reads, to the last digit, and nothing that the library refuses."""

import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.language.unary_tests import test_of as unary_test_of
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.units import Unit, Units
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.sheets.grid import Row, Sheet
from cleancloud_rules.sheets.nodes import quoted
from cleancloud_rules.tables.arrow import arrow_table
from cleancloud_rules.tables.reading.checks import Findings
from cleancloud_rules.tables.reading.columns import Column, TableReader
from cleancloud_rules.tables.reading.forms import UserTable
from cleancloud_rules.tables.reading.text_values import Kind, State, field_reading, judged
from cleancloud_rules.tables.reading.typed_values import Content
from tests.support.score_tables import database

WHERE = Location(SourceFile("<texts>"))

UNITS = Units().with_more(
    (
        Unit("toe", "energy", Decimal(11_630_000)),
        Unit("t.x", "odd mass", Decimal(1)),
        Unit("k t.x", "odd mass", Decimal(1000)),
        Unit("thirds", "odd mass", Decimal(3)),
    )
)


def valid(field: Field, text: str) -> Field:
    """Return a field with a test that every value must pass."""
    test = unary_test_of(quoted(text, WHERE), field, UNITS)
    return Field(field.id, field.type, unit=field.unit, digits=field.digits, valid=test)


FIELDS = {
    "integers": Field("f", FieldType.INTEGER),
    "valid integers": valid(Field("f", FieldType.INTEGER), "[-5..7], > 100"),
    "numbers": Field("f", FieldType.NUMBER, digits=2),
    "whole numbers": Field("f", FieldType.NUMBER, digits=0),
    "numbers with most digits": Field("f", FieldType.NUMBER, digits=12),
    "valid numbers": valid(Field("f", FieldType.NUMBER, digits=2), "(0.5..7)"),
    "numbers that are no list of ranges": valid(Field("f", FieldType.NUMBER, digits=2), "not(3)"),
    "percentages": Field("f", FieldType.PERCENT, digits=2),
    "valid percentages": valid(Field("f", FieldType.PERCENT, digits=1), "[0..100]"),
    "quantities": Field("f", FieldType.QUANTITY, unit="GWh", digits=3),
    "quantities in the smallest unit": Field("f", FieldType.QUANTITY, unit="Wh", digits=0),
    "quantities in an odd unit": Field("f", FieldType.QUANTITY, unit="toe", digits=4),
    "quantities in a unit with signs": Field("f", FieldType.QUANTITY, unit="t.x", digits=1),
    "valid quantities": valid(Field("f", FieldType.QUANTITY, unit="MWh", digits=3), ">= 1.5 MWh"),
    "texts": Field("f", FieldType.TEXT),
}

_SIGNS = ["", "", "", "", "-", "+", ">", "> ", ">=", ">= ", "<", "<=", "< ", "=", "~", " ", ">-", "=>"]
_WHOLE = [
    "0",
    "00",
    "1",
    "2",
    "7",
    "8",
    "9",
    "100",
    "007",
    "12345678901234567",
    "123456789012345678",
    "",
    "1e5",
    "1,300",
]
_AFTER = [
    "",
    "",
    "",
    ".0",
    ".00",
    ".5",
    ".50",
    ".123",
    ".1234567",
    ".123456789012",
    ".1234567890123",
    ".",
    ".5.5",
    ",5",
]
_ENDS = [
    "",
    "",
    "%",
    " %",
    " GWh",
    " MWh",
    " TWh",
    " kWh",
    " Wh",
    "GWh",
    "  GWh",
    " gwh",
    " toe",
    " t.x",
    " tax",
    " k t.x",
]
_MORE = [" thirds", " kg", "\n", " ", " and <9", "..9", "\u00a0%"]


def texts(seed: int, count: int) -> list[str]:
    """Return numbers and bounds as people write them, rightly and wrongly."""
    chosen = random.Random(seed)  # noqa: S311 - no secret
    parts = (_SIGNS, _WHOLE, _AFTER, _ENDS + _MORE)
    return sorted({"".join(chosen.choice(part) for part in parts) for _ in range(count)} - {""})


def by_sql(field: Field, contents: list[str]) -> dict[str, tuple[Any, ...]]:
    """Return the state and the parts of each text, as a table of them is read."""
    backend, gather = database(), DiagnosticCollector()
    backend.register("texts", arrow_table({"line": "int", "f": "text"}, enumerate(contents)))
    sheet = Sheet("texts", WHERE, Row(1, (), lambda *_: WHERE), (), lambda *_: WHERE)
    table = UserTable("texts", sheet, "texts", ("f",), (Kind.TEXT,), Path("texts.csv"), is_counted=True)
    column = Column("f", Content("f", "f"), field_reading(field, UNITS))
    reader = TableReader(Findings(table, backend, gather), backend, "texts", "d", [column])
    found = reader.parsed()["f"]
    parts = ", ".join((found.state, *found.parts))
    rows = backend.rows(f"SELECT r.f, {parts} FROM {reader.rows} r{found.joined}")  # noqa: S608 - made above
    return {text: tuple(said) for text, *said in rows}


@pytest.mark.parametrize("name", FIELDS)
def test_sql_reads_what_the_library_reads(name: str) -> None:
    field = FIELDS[name]
    contents = texts(len(name), 1200)
    found = by_sql(field, contents)
    reading = field_reading(field, UNITS)
    read = 0
    for text in contents:
        one = judged(text, Kind.TEXT, reading, is_csv=True)
        read += one.state is State.VALUE
        nothing = (None,) * len(reading.parts)
        assert found[text] == (one.state, *(one.parts or nothing)), text
    assert read > 10


def test_no_digit_is_cut_and_none_is_made_up() -> None:
    field = Field("f", FieldType.QUANTITY, unit="GWh", digits=3)
    assert by_sql(field, ["1234.565 GWh"])["1234.565 GWh"][:2] == (1, 1234565)
    assert by_sql(field, ["1234.5655 GWh"])["1234.5655 GWh"][0] == State.WRONG
    assert by_sql(field, ["1e5 GWh"])["1e5 GWh"][0] == State.WRONG
    assert by_sql(field, ["1 toe"])["1 toe"][0] == State.WRONG  # 0.01163 GWh
    assert by_sql(field, ["100 toe"])["100 toe"][:2] == (1, Fraction(1163))


def test_most_texts_are_converted_by_sql_alone() -> None:
    field = Field("f", FieldType.QUANTITY, unit="GWh", digits=3)
    plain = field_reading(field, UNITS).plain
    assert plain is not None
    backend = database()
    for text, is_plain in (
        ("1.5 TWh", True),
        ("> 7 MWh", True),
        ("0.25 GWh", True),
        ("1 toe", True),
        ("1..2 GWh", False),
    ):
        assert backend.rows(f"SELECT {plain.matches(repr(text))}") == [(is_plain,)], text

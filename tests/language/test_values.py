"""Tests of values: what a field of each type takes, exactly, and what it refuses."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import yaml
from attrs import evolve
from hypothesis import example, given
from hypothesis import strategies as st

from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.documents.limits import MAX_DIGITS
from cleancloud_rules.documents.nodes import Node
from cleancloud_rules.documents.plain_data import read_data
from cleancloud_rules.language.fact_values import value_of
from cleancloud_rules.language.values import day_or_year_of, period_of, text_of
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.units import BUILT_IN, Units
from cleancloud_rules.model.values import FieldType, Interval
from tests.support.nodes import node, refused, seen

FIELDS = {
    "boolean": Field("public", FieldType.BOOLEAN),
    "integer": Field("sites", FieldType.INTEGER),
    "number": Field("ratio", FieldType.NUMBER, digits=3),
    "percent": Field("percent", FieldType.PERCENT, digits=2),
    "year": Field("target_year", FieldType.YEAR),
    "date": Field("announced", FieldType.DATE),
    "text": Field("region", FieldType.TEXT),
    "enum": Field("topic", FieldType.ENUM, values=("energy", "carbon", "NO", "2022")),
    "set": Field("scopes", FieldType.SET, values=("scope_1", "scope_2", "scope_3")),
    "quantity": Field("amount", FieldType.QUANTITY, unit="GWh", digits=3),
}


def value(text: str, type: str) -> Any:
    return value_of(node(text), FIELDS[type], Units())


def data_node(data: Any) -> Node:
    document, findings = read_data({"x": data})
    assert not findings
    assert document is not None
    found = document.root.get("x")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("type", "text", "expected"),
    [
        ("boolean", "true", True), ("boolean", "false", False),
        ("integer", "0", 0), ("integer", "-12", -12), ("integer", "1300", 1300),
        ("number", "1.250", Decimal("1.25")), ("number", "-0.5", Decimal("-0.5")), ("number", "7", Decimal(7)),
        ("percent", "5.11", Decimal("5.11")), ("percent", "100.00", Decimal(100)), ("percent", "-0.0", Decimal(0)),
        ("year", "2030", 2030), ("year", "1000", 1000), ("year", "9999", 9999),
        ("date", "2024-06-30", date(2024, 6, 30)), ("date", '"2024-02-29"', date(2024, 2, 29)),
        ("text", "Inner Mongolia", "Inner Mongolia"), ("text", '"12:30"', "12:30"), ("text", '" a "', " a "),
        ("text", ">-\n  two\n  lines", "two lines"), ("text", "a\n  b", "a b"), ("text", "<= x", "<= x"),
        ("enum", "energy", "energy"), ("enum", '"carbon"', "carbon"), ("enum", "NO", "NO"), ("enum", "2022", "2022"),
        ("set", "scope_1", frozenset({"scope_1"})), ("set", "[scope_2, scope_1]", frozenset({"scope_1", "scope_2"})),
        ("quantity", "1.61 TWh", Decimal(1610)), ("quantity", '"5 MWh"', Decimal("0.005")),
        ("quantity", "-2 GWh", Decimal(-2)),
    ],
)  # fmt: skip
def test_a_value_of_each_type_is_read_exactly(type: str, text: str, expected: Any) -> None:
    found = value(text, type)
    assert found == expected
    assert type not in ("number", "percent", "quantity") or str(found) == str(expected)


@pytest.mark.parametrize(
    ("type", "text", "finding"),
    [
        ("boolean", "NO", ("wrong-type", "NO")), ("boolean", '"true"', ("wrong-type", '"true"')),
        ("boolean", "1", ("wrong-type", "1")), ("boolean", "[true]", ("wrong-type", "[true]")),
        ("integer", "1.0", ("wrong-type", "1.0")), ("integer", '"5"', ("wrong-type", '"5"')),
        ("integer", "true", ("wrong-type", "true")), ("integer", "0x1F", ("wrong-type", "0x1F")),
        ("number", "1e-9", ("wrong-type", "1e-9")), ("number", "12:30", ("wrong-type", "12:30")),
        ("number", "017", ("wrong-type", "017")), ("number", ".inf", ("wrong-type", ".inf")),
        ("number", "1.2345", ("too-many-digits", "1.2345")), ("percent", "5%", ("wrong-type", "5%")),
        ("year", '"2030"', ("wrong-type", '"2030"')), ("year", "203", ("bad-date", "203")),
        ("year", "20300", ("bad-date", "20300")),
        ("date", "2024", ("wrong-type", "2024")), ("date", "2024-13-01", ("bad-date", "2024-13-01")),
        ("date", "2024-06-30T00:00:00", ("wrong-type", "2024-06-30T00:00:00")),
        ("date", "٢٠٢٤-٠٦-٣٠", ("wrong-type", "٢٠٢٤-٠٦-٣٠")),
        ("text", "12", ("wrong-type", "12")), ("text", "off", ("ambiguous-text", "off")),
        ("text", '""', ("empty-value", '""')),
        ("text", "[a]", ("wrong-type", "[a]")), ("text", ">5\n", ("wrong-type", ">5")),
        ("enum", "Energy", ("unknown-value", "Energy")), ("enum", "[energy]", ("wrong-type", "[energy]")),
        ("set", "[scope_1, scope_9]", ("unknown-value", "scope_9")),
        ("set", "[scope_1, scope_1]", ("repeated-value", "scope_1")),
        ("set", "[]", ("empty-value", "[]")), ("set", "{is: [scope_1]}", ("wrong-type", "{is: [scope_1]}")),
        ("quantity", "10", ("wrong-type", "10")), ("quantity", "10GWh", ("wrong-type", "10GWh")),
        ("quantity", "10  GWh", ("wrong-type", "10  GWh")), ("quantity", "10 km", ("unknown-unit", "km")),
        ("quantity", "10 tce", ("wrong-dimension", "tce")), ("quantity", "1 Wh", ("too-many-digits", "1 Wh")),
        *((kind, nothing, ("empty-value", nothing)) for kind in FIELDS for nothing in ("null", "~")),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_refused_at_its_place(type: str, text: str, finding: tuple[str, str]) -> None:
    assert refused(value_of, node(text), FIELDS[type], Units()) == [finding]


def test_all_findings_in_a_list_are_given_at_once() -> None:
    findings = refused(value_of, node("[scope_9, scope_1, scope_8, scope_1]"), FIELDS["set"], Units())
    assert findings == [("unknown-value", "scope_9"), ("unknown-value", "scope_8"), ("repeated-value", "scope_1")]


# ---- bounds


@pytest.mark.parametrize(
    ("type", "text", "expected"),
    [
        ("percent", "{more_than: 38}", Interval(low=Decimal(38), low_open=True)),
        ("percent", "{at_least: 38, less_than: 40}", Interval(Decimal(38), Decimal(40), False, True)),
        ("year", "{at_most: 2030}", Interval(high=2030)),
        ("date", "{less_than: 2024-06-30}", Interval(high=date(2024, 6, 30), high_open=True)),
        ("quantity", "{between: [500 MWh, 1 TWh]}", Interval(Decimal("0.5"), Decimal(1000))),
        ("number", "{between: [5, 5.0]}", Decimal(5)),
        ("integer", "{more_than: 4, less_than: 6}", 5),
        ("date", "{more_than: 2024-06-29, at_most: 2024-06-30}", date(2024, 6, 30)),
    ],
)
def test_a_bound_is_an_interval_and_a_bound_around_one_value_is_that_value(type: str, text: str, expected: Any) -> None:
    assert value(text, type) == expected


@pytest.mark.parametrize(
    ("type", "text", "finding"),
    [
        ("percent", "{}", ("bad-bound", "{}")),
        ("percent", "{at_least: 1, more_than: 2}", ("bad-bound", "{at_least: 1, more_than: 2}")),
        ("percent", "{between: [1, 2], at_most: 3}", ("bad-bound", "{between: [1, 2], at_most: 3}")),
        ("percent", "{between: 5}", ("wrong-type", "5")),
        ("percent", "{between: [1, 2, 3]}", ("bad-bound", "[1, 2, 3]")),
        ("percent", "{between: [2, 1]}", ("bad-bound", "{between: [2, 1]}")),
        ("integer", "{more_than: 4, less_than: 5}", ("bad-bound", "{more_than: 4, less_than: 5}")),
        ("percent", "{above: 2}", ("unknown-key", "above")),
        ("percent", "{more_than: two}", ("wrong-type", "two")),
        ("percent", "{more_than: }", ("empty-value", "")),
        ("boolean", "{at_least: true}", ("wrong-type", "{at_least: true}")),
        ("text", "{at_least: a}", ("wrong-type", "{at_least: a}")),
        ("enum", "{at_least: energy}", ("wrong-type", "{at_least: energy}")),
    ],
)
def test_a_bound_that_makes_no_sense_is_refused(type: str, text: str, finding: tuple[str, str]) -> None:
    assert refused(value_of, node(text), FIELDS[type], Units()) == [finding]


# ---- numbers


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9),
    st.sampled_from(BUILT_IN),
)
def test_a_quantity_is_converted_exactly_or_refused(amount: Decimal, unit: Any) -> None:
    fine = evolve(FIELDS["quantity"], digits=12)
    own = Units().get("GWh")
    assert own is not None
    try:
        found = value_of(node(f"{amount:f} {unit.id}"), fine, Units())
    except Rejected as rejected:
        (finding,) = rejected.diagnostics
        exact = Fraction(amount) * Fraction(unit.size) / Fraction(own.size)
        assert (finding.code == "wrong-dimension") == (unit.dimension != own.dimension)
        assert unit.dimension != own.dimension or exact.denominator > 10**12 or len(str(exact)) > MAX_DIGITS
    else:
        assert isinstance(found, Decimal)
        assert Fraction(found) * Fraction(own.size) == Fraction(amount) * Fraction(unit.size)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_a_number_is_the_same_from_text_and_from_data(number: Decimal) -> None:
    field = FIELDS["number"]
    from_text = value_of(node(f"{number:f}"), field, Units())
    assert from_text == number
    assert str(from_text) == str(value_of(data_node(number), field, Units()))


def test_a_number_may_be_long_but_not_endless() -> None:
    field = evolve(FIELDS["number"], digits=12)
    assert value_of(node("9" * MAX_DIGITS), field, Units()) == Decimal("9" * MAX_DIGITS)
    longer = "9" * (MAX_DIGITS + 1)
    assert refused(value_of, node(longer), field, Units()) == [("too-many-digits", longer)]
    assert refused(value_of, node(longer), FIELDS["integer"], Units()) == [("too-many-digits", longer)]
    assert refused(value_of, node(f"{longer} GWh"), FIELDS["quantity"], Units()) == [
        ("too-many-digits", f"{longer} GWh")
    ]
    assert [code for code, _ in refused(value_of, node("9" * 1000), field, Units())] == ["too-many-digits"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('"5"', "`5`"), ("5%", "`5`"), ('"1,300"', "`1300`"), ("1_300", "`1300`"), ("+5", "`5`"), (".5", "`0.5`"),
        ("1e-9", "`0.000000001`"), ("2.5e3", "`2500`"), ("5.", "`5`"),
    ],
)  # fmt: skip
def test_a_number_that_is_meant_is_spelled_out_in_the_hint(text: str, hint: str) -> None:
    with pytest.raises(Rejected) as caught:
        value_of(node(text), FIELDS["number"], Units())
    (finding,) = caught.value.diagnostics
    assert finding.help == f"write it in digits, unquoted: {hint}"


@pytest.mark.parametrize(
    ("type", "text", "hint"),
    [
        ("number", "1,5", "write the number with a decimal point, not with a comma: `1.5`"),
        ("percent", '"-0,25"', "write the number with a decimal point, not with a comma: `-0.25`"),
        ("integer", "1,5", ""),
        ("integer", '">= 1"', "write a bound: `{at_least: 1}`"),
        ("number", '"=< 1.5"', "write a bound: `{at_most: 1.5}`"),
        ("percent", '">5"', "write a bound: `{more_than: 5}`"),
        ("date", '"< 2024-06-30"', "write a bound: `{less_than: 2024-06-30}`"),
    ],
)
def test_a_value_in_another_notation_is_written_out_in_the_hint(type: str, text: str, hint: str) -> None:
    with pytest.raises(Rejected) as caught:
        value_of(node(text), FIELDS[type], Units())
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.help) == ("wrong-type", hint)


@pytest.mark.parametrize("text", ["12:30", "0x1F", "017", "e5", "ten", "1e99"])
def test_what_could_be_two_numbers_is_guessed_as_none(text: str) -> None:
    with pytest.raises(Rejected) as caught:
        value_of(node(text), FIELDS["number"], Units())
    (finding,) = caught.value.diagnostics
    assert "`" not in finding.help


# ---- texts

YAML_1_1 = st.from_regex(
    r"[-+]?[0-9._:]{1,6}([eE][-+]?[0-9]{1,2})?|0[xXbBoO][0-9a-fA-F_]{1,4}|[-+]?\.(inf|Inf|INF|nan|NaN)", fullmatch=True
)
WORDS = st.sampled_from(
    [
        "y",
        "Y",
        "n",
        "yes",
        "Yes",
        "NO",
        "No",
        "on",
        "OFF",
        "true",
        "True",
        "FALSE",
        "null",
        "Null",
        "NULL",
        "~",
        "=",
        "<<",
    ]
) | st.text(alphabet="0123456789-:tTzZ .+", min_size=1, max_size=20)


@given(YAML_1_1 | WORDS)
@example("190:20:30.15")
@example("2001-12-14t21:59:43.10-05:00")
@example("685.230_15e+03")
@example("0b1010")
def test_a_plain_word_that_yaml_1_1_does_not_read_as_a_text_is_none(raw: str) -> None:
    try:
        other = yaml.safe_load(f"x: {raw}\n")
        found = node(raw)
    except (yaml.YAMLError, AssertionError, ValueError):
        return
    if not isinstance(other, dict) or not isinstance(other.get("x"), str):
        assert next(code for code, _ in refused(text_of, found)) in ("ambiguous-text", "wrong-type", "empty-value")


@pytest.mark.parametrize("text", ["NO", "off", "12:30", "2024-06-30", "1e-9", "0o17", "1_000", "Null", "y"])
def test_a_word_that_looks_like_something_else_is_a_text_in_quotes(text: str) -> None:
    assert refused(text_of, node(text)) == [("ambiguous-text", text)]
    assert text_of(node(f'"{text}"')) == text
    assert text_of(data_node(text)) == text


# ---- time


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2022-04-01/2023-03-31", date(2022, 4, 1), date(2023, 3, 31)),
        ("2023-02-01/2023-02-01", date(2023, 2, 1), date(2023, 2, 1)),
    ],
)
def test_a_period_is_a_year_or_an_interval(text: str, start: date, end: date) -> None:
    period = period_of(node(text))
    assert (period.start, period.end, str(period)) == (start, end, text)


def test_a_period_is_the_same_however_it_is_written() -> None:
    assert period_of(node("2023")) == period_of(node("2023-01-01/2023-12-31"))


@pytest.mark.parametrize(
    ("text", "code"),
    [("2023/2024", "wrong-type"), ("2023-02-30/2023-03-01", "bad-date"), ("2023-03-01/2023-02-01", "bad-date"),
     ("23", "bad-date"),
     ('"2023"', "wrong-type"), ("[2023]", "wrong-type"), ("", "empty-value")],
)  # fmt: skip
def test_what_is_no_period_is_refused(text: str, code: str) -> None:
    assert [found for found, _ in refused(period_of, node(text))] == [code]


def test_a_day_of_publication_may_be_a_year_or_unknown() -> None:
    assert day_or_year_of(node("unknown")) is None
    assert day_or_year_of(node("2024-06-30")) == day_or_year_of(data_node(date(2024, 6, 30))) == date(2024, 6, 30)
    assert day_or_year_of(node("2024")) == Interval(date(2024, 1, 1), date(2024, 12, 31))
    assert refused(day_or_year_of, node("June 2024")) == [("wrong-type", "June 2024")]


@given(st.dates())
def test_every_day_is_read_as_itself(day: date) -> None:
    assert value(day.isoformat(), "date") == day
    assert value_of(data_node(day), FIELDS["date"], Units()) == day


# ---- what was refused before


@pytest.mark.parametrize("type", FIELDS)
def test_what_was_refused_while_reading_is_no_finding_again(type: str) -> None:
    document, _ = read_data({"x": {1, 2}})
    assert document is not None
    broken = document.root.get("x")
    with pytest.raises(Rejected) as caught:
        value_of(broken, FIELDS[type], Units())  # type: ignore[arg-type] # it is there
    assert seen(caught.value.diagnostics) == []

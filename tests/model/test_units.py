"""Tests of units and exact conversion."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules.model.exact import decimal_of, plain
from cleancloud_rules.model.units import BUILT_IN, Unit, Units, convert

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)
PAIRS = [(a, b) for a in BUILT_IN for b in BUILT_IN if a.dimension == b.dimension]


@given(st.sampled_from(PAIRS), DECIMALS)
def test_a_conversion_there_and_back_loses_nothing(pair: tuple[Unit, Unit], amount: Decimal) -> None:
    unit, other = pair
    there = convert(amount, unit, other)
    assert there is not None
    assert Fraction(there) * Fraction(other.size) == Fraction(amount) * Fraction(unit.size)
    assert convert(there, other, unit) == amount


@pytest.mark.parametrize(
    ("amount", "unit", "to", "result"),
    [
        ("1.61", "TWh", "GWh", "1610"), ("1", "Wh", "TWh", "0.000000000001"),
        ("0.50", "Mt CO2e", "kg CO2e", "500000000"),
        ("3", "ktce", "tce", "3000"), ("2.5", "GW", "MW", "2500"), ("7", "t", "kt", "0.007"),
    ],
)  # fmt: skip
def test_conversions_are_exact(amount: str, unit: str, to: str, result: str) -> None:
    units = Units()
    found, other = units.get(unit), units.get(to)
    assert found is not None
    assert other is not None
    converted = convert(Decimal(amount), found, other)
    assert converted is not None
    assert f"{converted:f}" == result


def test_a_conversion_that_does_not_end_is_none() -> None:
    assert convert(Decimal(1), Unit("day", "time", Decimal(1)), Unit("week", "time", Decimal(7))) is None


@given(st.integers(-(10**9), 10**9), st.integers(0, 12))
def test_a_finite_fraction_is_a_decimal_and_equals_it(numerator: int, places: int) -> None:
    exact = Fraction(numerator, 10**places)
    found = decimal_of(exact)
    assert found is not None
    assert Fraction(found) == exact


@given(st.integers(1, 10**6), st.sampled_from([3, 7, 11, 30]))
def test_an_endless_fraction_is_none(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    assert (decimal_of(exact) is None) == any(exact.denominator % prime == 0 for prime in (3, 7, 11))


@given(DECIMALS, st.integers(0, 5))
def test_equal_numbers_are_the_same_text(number: Decimal, zeros: int) -> None:
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    longer = Decimal((sign, (*digits, *([0] * zeros)), exponent - zeros))
    assert str(plain(longer)) == str(plain(number))
    assert plain(number) == number
    assert f"{plain(number):f}" == f"{plain(longer):f}"


@pytest.mark.parametrize("zero", ["0", "-0", "0.000", "0E+5", "-0.0"])
def test_there_is_one_zero(zero: str) -> None:
    assert str(plain(Decimal(zero))) == "0"


def test_a_number_beyond_the_usual_precision_is_kept() -> None:
    digits = "1234567890" * 6 + ".5"
    assert str(plain(Decimal(digits + "0"))) == digits


def test_the_units_of_a_dimension_are_listed_smallest_first() -> None:
    assert Units().like("energy") == ("Wh", "kWh", "MWh", "GWh", "TWh")
    assert Units().like("taste") == ()


def test_units_are_added_to_a_copy() -> None:
    more = Units().with_more([Unit("CNY", "money", Decimal(1))])
    assert more.get("CNY") == Unit("CNY", "money", Decimal(1))
    assert Units().get("CNY") is None

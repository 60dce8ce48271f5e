from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules.model.rounding import RoundingMode, in_few_places, rounded, rounding_in_words

HALF_UP, HALF_EVEN = RoundingMode.HALF_UP, RoundingMode.HALF_EVEN
FLOOR, CEILING = RoundingMode.FLOOR, RoundingMode.CEILING

FRACTIONS = st.fractions(min_value=-1000, max_value=1000, max_denominator=1000)


@pytest.mark.parametrize(
    ("exact", "mode", "expected"),
    [
        ("50/3", HALF_UP, "16.67"),
        ("50/3", FLOOR, "16.66"),
        ("49/3", CEILING, "16.34"),
        ("49/3", HALF_UP, "16.33"),
        ("0.125", HALF_UP, "0.13"),
        ("0.125", HALF_EVEN, "0.12"),
        ("0.135", HALF_EVEN, "0.14"),
        ("0.135", HALF_UP, "0.14"),
        ("0.1251", HALF_EVEN, "0.13"),
        ("0.005", HALF_UP, "0.01"),
        ("0.005", HALF_EVEN, "0.00"),
        ("-0.005", HALF_UP, "-0.01"),
        ("-0.125", HALF_UP, "-0.13"),
        ("-0.125", HALF_EVEN, "-0.12"),
        ("-0.135", HALF_EVEN, "-0.14"),
        ("-0.121", FLOOR, "-0.13"),
        ("-0.129", CEILING, "-0.12"),
        ("-1/1000", CEILING, "0.00"),
        ("8", HALF_UP, "8.00"),
        ("8", CEILING, "8.00"),
        ("0", HALF_EVEN, "0.00"),
    ],
)
def test_a_fraction_is_rounded_as_declared_and_keeps_its_digits(exact: str, mode: RoundingMode, expected: str) -> None:
    assert str(rounded(Fraction(exact), 2, mode)) == expected


@given(FRACTIONS, st.integers(0, 6), st.sampled_from(RoundingMode))
def test_no_mode_moves_a_value_by_a_whole_step(exact: Fraction, digits: int, mode: RoundingMode) -> None:
    found = rounded(exact, digits, mode)
    assert abs(Fraction(found) - exact) < Fraction(1, 10**digits)
    assert found.as_tuple().exponent == -digits


@given(FRACTIONS, st.integers(0, 6), st.sampled_from([HALF_UP, HALF_EVEN]))
def test_halves_are_the_furthest_that_a_value_moves(exact: Fraction, digits: int, mode: RoundingMode) -> None:
    assert abs(Fraction(rounded(exact, digits, mode)) - exact) <= Fraction(1, 2 * 10**digits)


@given(FRACTIONS, st.integers(0, 6))
def test_floor_and_ceiling_enclose(exact: Fraction, digits: int) -> None:
    assert rounded(exact, digits, FLOOR) <= exact <= rounded(exact, digits, CEILING)


@given(FRACTIONS, FRACTIONS, st.sampled_from(RoundingMode))
def test_rounding_keeps_order(one: Fraction, other: Fraction, mode: RoundingMode) -> None:
    low, high = sorted((one, other))
    assert rounded(low, 2, mode) <= rounded(high, 2, mode)


@given(FRACTIONS, st.sampled_from([HALF_UP, HALF_EVEN]))
def test_a_value_and_its_opposite_round_alike(exact: Fraction, mode: RoundingMode) -> None:
    assert rounded(-exact, 2, mode) == -rounded(exact, 2, mode)


@given(st.decimals(-1000, 1000, places=2), st.sampled_from(RoundingMode))
def test_what_has_no_more_digits_stays(value: Decimal, mode: RoundingMode) -> None:
    assert rounded(Fraction(value), 2, mode) == value


def test_what_is_rounded_is_told_as_a_decimal_where_it_is_one_of_few_places() -> None:
    assert rounding_in_words(Fraction(2073, 25), Decimal("82.9"), HALF_UP) == "82.92, rounded half up to 82.9"
    assert rounding_in_words(Fraction(50, 3), Decimal("16.67"), HALF_UP) == "50/3, rounded half up to 16.67"
    assert rounding_in_words(Fraction(5, 2), Decimal("2.50"), HALF_UP) == "2.50"


def test_needless_zeros_are_left_out() -> None:
    assert [str(in_few_places(units, 2)) for units in (2500, 2050, -1234, 0)] == ["25", "20.5", "-12.34", "0"]

"""Whole numbers in SQL: they are what Python computes, and what may not fit is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules.model.rounding import RoundingMode, rounded_units
from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.scoring.plain.whole_numbers import (
    MAX_NARROW,
    MAX_WIDE,
    Together,
    Whole,
    WideError,
    constant,
    rounded,
    total,
)
from tests.support.score_tables import database

SIZES = st.sampled_from((1, 10, 10**6, 10**15, 10**25))


@st.composite
def numbers(draw: st.DrawFn) -> tuple[Whole, int]:
    """Return a column with its bounds, and a number within them."""
    size = draw(SIZES)
    low, high = sorted((draw(st.integers(-size, size)), draw(st.integers(-size, size))))
    number = draw(st.one_of(st.integers(low, high), st.sampled_from((low, high))))
    return Whole("number", low, high), number


def computed(whole: Whole, number: Whole, value: int) -> tuple[int, str]:
    """Return the value of an expression of a column `number`, and its type in the database."""
    kind = "HUGEINT" if number.is_wide else "BIGINT"
    query = f"SELECT {whole.sql} AS found FROM (SELECT CAST({value} AS {kind}) AS number)"  # noqa: S608
    ((found, type_of),) = database().rows(f"SELECT found, TYPEOF(found) FROM ({query})")  # noqa: S608
    return found, type_of


@given(numbers(), st.integers(1, 10**9), st.integers(0, 4), st.sampled_from(RoundingMode))
def test_rounding_is_that_of_the_library(held: tuple[Whole, int], unit: int, digits: int, mode: RoundingMode) -> None:
    number, value = held
    try:
        whole = rounded(number, unit, digits, mode)
    except WideError:
        largest = max(-number.low, number.high)
        assert largest * 10**digits // unit >= MAX_NARROW // 2 or largest * 10**digits * 2 + unit >= MAX_WIDE
        return
    found, _ = computed(whole, number, value)
    assert found == rounded_units(value, unit, digits, mode)
    assert whole.low <= found <= whole.high


@pytest.mark.parametrize("mode", RoundingMode)
@pytest.mark.parametrize("low", [-1000, 0])
def test_halves_go_where_the_mode_says(mode: RoundingMode, low: int) -> None:
    number = Whole("number", low, 1000)
    whole = rounded(number, 8, 0, mode)
    for value in range(low, 1001, 4):
        assert computed(whole, number, value)[0] == rounded_units(value, 8, 0, mode), value


@given(numbers(), numbers())
def test_sums_and_products_have_the_bits_that_their_bounds_need(
    held: tuple[Whole, int], other: tuple[Whole, int]
) -> None:
    (number, value), (factor, by) = held, other
    if max(-factor.low, factor.high) * max(-number.low, number.high) >= MAX_WIDE:
        with pytest.raises(WideError):
            number.times(factor)
        return
    both = (
        Whole(constant(by).sql, factor.low, factor.high)
        if factor.is_wide
        else Whole(f"CAST({by} AS BIGINT)", factor.low, factor.high)
    )
    cases = {
        number.times(both): value * by,
        number.plus(both, constant(3)): value + by + 3,
        number.plus(number): 2 * value,
    }
    for whole, expected in cases.items():
        found, kind = computed(whole, number, value)
        assert (found, kind) == (expected, "HUGEINT" if whole.is_wide else "BIGINT")
        assert whole.low <= found <= whole.high


def test_a_number_without_bounds_is_refused() -> None:
    with pytest.raises(WideError):
        Whole("number", 0, MAX_WIDE)
    with pytest.raises(WideError):
        Whole("number", -MAX_WIDE, 0)
    with pytest.raises(WideError):  # the quotient has more than 64 bits
        Whole("number", 0, MAX_NARROW * 10).over(10)
    assert Whole("number", 0, MAX_NARROW * 10 - 1).over(10).high == MAX_NARROW - 1


def test_a_column_has_the_kind_of_its_numbers() -> None:
    assert (Whole("n", 0, 5).kind, Whole("n", 0, 5).named("m").sql) == ("int", "m")
    wide = Whole("n", -MAX_NARROW, 0)
    assert (wide.kind, wide.named("m").sql) == ("whole", "CAST(m AS HUGEINT)")
    assert DuckDB().rows(f"SELECT {constant(-(10**30)).sql}, {total([]).sql}") == [(-(10**30), 0)]


@given(
    st.lists(
        st.dictionaries(st.integers(0, 3), st.lists(st.integers(-50, 10**6), min_size=1, max_size=4), max_size=4),
        min_size=1,
        max_size=3,
    ),
    st.data(),
)
def test_sums_that_are_packed_together_are_the_sums(sums: list[dict[int, list[int]]], data: st.DataObject) -> None:
    sums = [{place: (values * 4)[:4] for place, values in terms.items()} for terms in sums]
    together = Together.of(sums)
    assert together.is_narrow
    packed = together.packed(sums)
    taken = {place: data.draw(st.integers(0, 3)) for place in packed}
    most = sum(max(values) for values in packed.values())
    number = Whole("number", 0, most)
    value = sum(packed[place][n] for place, n in taken.items())
    for terms, whole in zip(sums, together.unpacked(number), strict=True):
        expected = sum(values[taken[place]] for place, values in terms.items())
        assert computed(whole, number, value)[0] == expected
        assert whole.low <= expected <= whole.high


def test_sums_that_do_not_fit_into_64_bits_are_not_packed() -> None:
    half = 2**31 - 1
    assert Together.of([{0: [0, half]}, {0: [1 - half, 0], 1: [0]}]).is_narrow
    assert not Together.of([{0: [0, half]}, {0: [1 - half, 0], 1: [0, 1]}]).is_narrow

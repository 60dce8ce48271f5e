"""The finite cells into which tests cut the values of a field."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules.crosscheck.value_tests import acceptor
from cleancloud_rules.model.cells import MISSING, Cells, cells_of, ends, field_cells, test_passes
from cleancloud_rules.model.conditions import Members, Null, SetMode, UnaryTest
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.partitions.boxes import within
from cleancloud_rules.model.partitions.runs import runs
from cleancloud_rules.model.values import FieldType, Interval, Value

test_passes.__test__ = False  # type: ignore[attr-defined] # a function of the library, and none of pytest's

NUMBER = Field("n", FieldType.NUMBER, digits=2, optional=True)
INTEGER = Field("i", FieldType.INTEGER, optional=True)
DAY = Field("d", FieldType.DATE, optional=True)
WORD = Field("e", FieldType.ENUM, values=("a", "b", "c"), optional=True)
YES = Field("b", FieldType.BOOLEAN, optional=True)
TEXT = Field("t", FieldType.TEXT, optional=True)
NAMES = Field("s", FieldType.SET, values=("a", "b", "c", "d"), optional=True)


def exactly(*values: Any) -> UnaryTest:
    return UnaryTest("=", tuple(Interval.at(value) for value in values))


def between(low: Any, high: Any, *, open_low: bool = False, open_high: bool = False) -> UnaryTest:
    return UnaryTest("[..]", (Interval(low, high, open_low, open_high),))


def negated(test: UnaryTest) -> UnaryTest:
    return UnaryTest("not", test.alternatives, negated=True)


ANYTHING = UnaryTest("-", anything=True)
NULL = UnaryTest("null", (Null(),))
PRESENT = negated(NULL)


def fits(cells: Cells, value: Value | None, test: UnaryTest, *, disclosed: bool = False) -> bool:
    return within(cells.bits_of(value, disclosed), cells.passing(test))


def test_thresholds_cut_numbers_at_themselves_and_between() -> None:
    cells = field_cells(NUMBER, [between(10, 20), between(None, Decimal("15.5"), open_high=True)])
    assert cells.marks == (10, Decimal("15.5"), 20)
    assert cells.count == 7
    positions = {value: ends(cells.bits_of(Decimal(value))) for value in ("9", "10", "12", "15.5", "16", "20", "21")}
    assert positions == {
        "9": (1, 1), "10": (2, 2), "12": (3, 3), "15.5": (4, 4), "16": (5, 5), "20": (6, 6), "21": (7, 7),
    }  # fmt: skip


def test_a_bounded_value_is_the_run_of_the_cells_that_it_allows() -> None:
    cells = field_cells(NUMBER, [between(10, 20)])
    assert ends(cells.bits_of(Interval(Decimal(10), None, low_open=True))) == (3, 5)
    assert ends(cells.bits_of(Interval(Decimal(10), None))) == (2, 5)
    assert ends(cells.bits_of(Interval(None, Decimal(20), high_open=True))) == (1, 3)
    assert ends(cells.bits_of(Interval(Decimal(12), Decimal(13)))) == (3, 3)
    assert ends(cells.bits_of(Interval(Decimal(20), Decimal(20)))) == (4, 4)


def test_a_missing_value_is_bit_zero_and_a_disclosed_one_may_be_any() -> None:
    cells = field_cells(NUMBER, [between(10, 20)])
    assert cells.bits_of(None) == MISSING
    assert ends(cells.bits_of(None, disclosed=True)) == (1, 6)
    assert cells.disclosed_bit == 1 << 6


@pytest.mark.parametrize(
    ("test", "missing", "disclosed"),
    [(ANYTHING, True, True), (NULL, True, False), (PRESENT, False, True), (between(None, 5), False, False)],
)
def test_what_missing_and_disclosed_values_pass(test: UnaryTest, missing: bool, disclosed: bool) -> None:
    cells = field_cells(NUMBER, [test])
    assert fits(cells, None, test) is missing
    assert fits(cells, None, test, disclosed=True) is disclosed


def test_an_open_end_of_whole_numbers_and_days_is_the_closed_one_beside_it() -> None:
    assert field_cells(INTEGER, [between(5, 9, open_low=True, open_high=True)]).marks == (6, 8)
    above = between(date(2023, 12, 31), None, open_low=True)
    assert field_cells(DAY, [above]).marks == (date(2024, 1, 1),)


def test_every_other_text_shares_a_cell() -> None:
    cells = field_cells(TEXT, [exactly("North", "South")])
    assert cells.marks == ("North", "South")
    assert cells.bits_of("East") == cells.bits_of("West") == 2 << 2
    assert cells.examples() == ("North", "South", "other")
    assert field_cells(TEXT, [exactly("other")]).examples() == ("other", "other_")


def test_enums_and_booleans_have_a_cell_for_each_value() -> None:
    assert field_cells(WORD, []).examples() == ("a", "b", "c")
    assert field_cells(YES, []).examples() == (False, True)
    assert field_cells(YES, []).bits_of(True) == 2 << 1


def test_only_possible_cells_are_possible() -> None:
    whole = field_cells(INTEGER, [between(5, 6)])
    assert whole.examples() == (4, 5, None, 6, 7)
    assert whole.possible == 0b1110111
    valid = Field("i", FieldType.INTEGER, valid=between(0, 10))
    limited = field_cells(valid, [between(None, 5)])
    assert limited.examples() == (-1, 0, 1, 5, 6, 10, 11)
    assert limited.possible == 0b101111100, "below 0 and above 10 are not valid, and the field is not optional"


def test_no_day_lies_beyond_the_last_that_a_date_can_be() -> None:
    cells = field_cells(DAY, [between(date.min, date.max)])
    assert cells.examples()[0] is None
    assert cells.examples()[-1] is None
    assert cells.bits_of(date.max) & cells.possible


def test_runs_and_ends_of_bits() -> None:
    assert runs(0) == ()
    assert runs(0b1) == ((0, 0),)
    assert runs(0b110110) == ((1, 2), (4, 5))
    assert ends(0b0111000) == (3, 5)


numbers = st.integers(-2, 12).map(Decimal) | st.integers(-4, 24).map(lambda n: Decimal(n) / 2)
wholes = st.integers(-2, 12)
days = st.integers(0, 12).map(lambda n: date(2024, 1, 1 + n))


def intervals(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Interval]:
    made = st.builds(Interval, st.none() | values, st.none() | values, st.booleans(), st.booleans())
    return made.filter(lambda interval: not interval.is_empty and interval != Interval())


def some_tests(alternatives: st.SearchStrategy[Any]) -> st.SearchStrategy[UnaryTest]:
    several = st.lists(alternatives, min_size=1, max_size=3).map(tuple)
    plain = st.builds(UnaryTest, st.just("t"), several, st.booleans())
    with_null = several.map(lambda some: UnaryTest("t", (*some, Null())))
    return plain | with_null | st.sampled_from([ANYTHING, NULL, PRESENT])


def cases(field: Field) -> st.SearchStrategy[tuple[Field, UnaryTest, list[UnaryTest], Value | None, bool]]:
    """Return a test, others that cut the same field, a value, and whether it was disclosed."""
    by_type: dict[FieldType, st.SearchStrategy[Any]] = {
        FieldType.NUMBER: numbers,
        FieldType.INTEGER: wholes,
        FieldType.DATE: days,
    }
    values: st.SearchStrategy[Any]
    if field.type is FieldType.SET:
        values = st.frozensets(st.sampled_from(field.values), min_size=1)
        tests = some_tests(st.builds(Members, st.sampled_from(SetMode), values))
    elif field.type in by_type:
        ordered = by_type[field.type]
        values = st.one_of(ordered, intervals(ordered))
        tests = some_tests(st.one_of(intervals(ordered), ordered.map(Interval.at)))
    else:
        listed: dict[FieldType, tuple[Any, ...]] = {
            FieldType.ENUM: field.values,
            FieldType.BOOLEAN: (False, True),
            FieldType.TEXT: ("a", "b", "c"),
        }
        plain = st.sampled_from(listed[field.type])
        tests, values = some_tests(plain.map(Interval.at)), plain
    return st.tuples(st.just(field), tests, st.lists(tests, max_size=3), st.none() | values, st.booleans())


@given(st.sampled_from([NUMBER, INTEGER, DAY, WORD, YES, TEXT, NAMES]).flatmap(cases))
def test_values_pass_by_their_cells_as_they_do_by_comparison(
    case: tuple[Field, UnaryTest, list[UnaryTest], Value | None, bool],
) -> None:
    field, test, others, value, disclosed = case
    disclosed = disclosed and value is None
    cells = cells_of(field, [*others, test])
    passes = acceptor(test)(value, disclosed)
    assert fits(cells, value, test, disclosed=disclosed) is passes
    assert test_passes(test, field, value, disclosed) is passes


@given(st.sampled_from([NUMBER, INTEGER, DAY, WORD, YES, TEXT]).flatmap(cases))
def test_examples_lie_in_their_cells(case: tuple[Field, UnaryTest, list[UnaryTest], Value | None, bool]) -> None:
    field, test, others, _, _ = case
    cells = field_cells(field, [*others, test])
    for cell, example in enumerate(cells.examples()):
        assert example is None or cells.bits_of(example) == 2 << cell
        assert (example is not None) is bool(cells.possible >> (cell + 1) & 1)
        assert cells.example(2 << cell) == example


def test_one_cell_of_each_class_represents_it_and_a_missing_value_before_any_other() -> None:
    cells = field_cells(NUMBER, [between(10, 20)])
    assert cells.classes(cells.everything, [0b1110, 0b0111, None]) == {0b110: 1, 0b111: 2, 0b101: 8, 0b100: 16}
    assert cells.any_of(0b1100) == 0b100


def test_sets_of_many_names_are_judged_without_listing_them() -> None:
    field = Field("s", FieldType.SET, values=tuple(f"v{i}" for i in range(300)))
    exact = UnaryTest("is", (Members(SetMode.IS, frozenset(field.values)),))
    assert test_passes(exact, field, frozenset(field.values))
    assert not test_passes(exact, field, frozenset(field.values[1:]))

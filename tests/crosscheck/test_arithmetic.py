"""The arithmetic of the cross-check, compared with that of the library, which shares no code with it."""

from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cleancloud_rules.crosscheck.arithmetic import Span, evaluate, round_to
from cleancloud_rules.crosscheck.points import Ramp
from cleancloud_rules.language.formulas import Range, compute
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.derivations import Formula, Operand, Operation, Operator
from cleancloud_rules.model.facts import Fact, FactType, FactValues, Field
from cleancloud_rules.model.methodology import Proportion, Rule
from cleancloud_rules.model.rounding import Rounding, RoundingMode, rounded
from cleancloud_rules.model.values import FieldType, Id, Interval
from cleancloud_rules.scoring.points import earned_by
from tests.support.sizes import sized

FRACTIONS = st.one_of(
    st.fractions(-20, 20, max_denominator=40),
    st.integers(-400, 400).map(lambda number: Fraction(number, 20)),  # halves of the last decimal place
)
NUMBERS = st.integers(-40, 40).map(lambda number: Decimal(number) / 4)
MODES = st.sampled_from(RoundingMode)


@settings(sized(300))
@given(FRACTIONS, st.integers(0, 3), MODES)
def test_numbers_are_rounded_alike(number: Fraction, places: int, mode: RoundingMode) -> None:
    assert round_to(number, places, mode) == Fraction(rounded(number, places, mode))


@pytest.mark.parametrize("mode", RoundingMode)
def test_halves_are_rounded_alike(mode: RoundingMode) -> None:
    for halves in range(-50, 50):
        number = Fraction(halves, 20)
        assert round_to(number, 1, mode) == Fraction(rounded(number, 1, mode))


@st.composite
def bounds(draw: st.DrawFn) -> Interval:
    """Return a bound of numbers that some number lies in."""
    low, high = draw(st.none() | NUMBERS), draw(st.none() | NUMBERS)
    made = Interval(low, high, low is not None and draw(st.booleans()), high is not None and draw(st.booleans()))
    assume(not made.is_empty)
    return made


def range_of(bound: Interval) -> Range:
    low, high = (None if end is None else Fraction(end) for end in (bound.low, bound.high))  # type: ignore[arg-type]
    return Range(low, high, bound.low_open, bound.high_open)


def span_of(bound: Interval) -> Span:
    low = -inf if bound.low is None else Fraction(bound.low)  # type: ignore[arg-type]
    high = inf if bound.high is None else Fraction(bound.high)  # type: ignore[arg-type]
    return Span(low, high, not bound.low_open, not bound.high_open)


FORMULAS: st.SearchStrategy[Formula] = st.recursive(
    st.one_of(NUMBERS, st.sampled_from("abc").map(lambda name: Operand(name, "n"))),
    lambda inner: st.builds(Operation, st.sampled_from(Operator), inner, inner),
    max_leaves=5,
)


@settings(sized(600))
@given(FORMULAS, st.fixed_dictionaries({name: bounds() for name in "abc"}))
def test_formulas_have_the_same_range(formula: Formula, values: dict[str, Interval]) -> None:
    expected = compute(formula, lambda operand: range_of(values[operand.input]))
    try:
        found = evaluate(formula, lambda operand: span_of(values[operand.input]))
    except ZeroDivisionError:
        assert expected is None
        return
    assert expected is not None
    assert found.low == (-inf if expected.low is None else expected.low)
    assert found.high == (inf if expected.high is None else expected.high)
    assert expected.low is None or found.has_low is not expected.low_open
    assert expected.high is None or found.has_high is not expected.high_open


@pytest.mark.parametrize("number", ["9" * 400, "-" + "9" * 400])
def test_ends_far_beyond_floating_point_are_exact(number: str) -> None:
    big = Operation(Operator.MULTIPLY, Operand("a", "n"), Decimal(number))
    found = evaluate(big, lambda _: Span(Fraction(1), inf))
    assert (found.low if number[0] != "-" else found.high) == Fraction(int(number))
    assert evaluate(Operation(Operator.ADD, big, big), lambda _: Span(Fraction(0), inf)).has_zero


SHARE = FactType("share", "Share", "any", (Field("n", FieldType.NUMBER, digits=4),))


def _values(number: object) -> FactValues:
    model: Any = SHARE.model
    values: FactValues = model(n=number)
    return values


@settings(sized(600))
@given(
    st.integers(-8, 8),
    st.integers(-8, 8),
    st.tuples(NUMBERS, NUMBERS),
    st.integers(0, 2),
    MODES,
    st.lists(st.one_of(NUMBERS, bounds()), max_size=3),
)
def test_points_in_proportion_are_the_same(
    most: int, least: int, over: tuple[Decimal, Decimal], places: int, mode: RoundingMode, values: list[object]
) -> None:
    assume(over[0] != over[1])
    proportion = Proportion("share", "n", over, Decimal(least), places, mode)
    rule = Rule(Id("r"), Decimal(most), Condition("share"), "", proportion)
    facts = [Fact(str(i), "share", _values(value)) for i, value in enumerate(values)]
    assert Ramp(proportion, Fraction(most), places, mode).earned(facts) == Fraction(earned_by(rule, facts, Rounding()))

"""Tests of formulas: their grammar, and their exact value over exact and bounded numbers."""

from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.nodes import ScalarNode
from cleancloud_rules.language.formulas import MAX_OPERATIONS, Range, compute, formula_of, readings_of
from cleancloud_rules.model.derivations import Formula, Operand, Operation, Operator
from tests.support.nodes import lies_in_its_file, node, refused

ONE_LINE = st.characters(exclude_categories=["Cc", "Zl", "Zp"])
X, Y = Operand("x", "a"), Operand("y", "b_2")


def read(text: str) -> Formula:
    found = node(f'"{text}"')
    assert isinstance(found, ScalarNode)
    return formula_of(found)


def operation(left: Formula, operator: str, right: Formula) -> Operation:
    return Operation(Operator(operator), left, right)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("1", Decimal(1)),
        ("0.50", Decimal("0.5")),
        ("x.a", X),
        (" x . a ", X),
        ("x.a+y.b_2", operation(X, "+", Y)),
        ("x.a - y.b_2 - 1", operation(operation(X, "-", Y), "-", Decimal(1))),
        ("x.a / y.b_2 * 100", operation(operation(X, "/", Y), "*", Decimal(100))),
        ("x.a + y.b_2 * 2", operation(X, "+", operation(Y, "*", Decimal(2)))),
        ("(x.a + y.b_2) * 2", operation(operation(X, "+", Y), "*", Decimal(2))),
        ("((x.a))", X),
        ("2 / (x.a - 1)", operation(Decimal(2), "/", operation(X, "-", Decimal(1)))),
    ],
)
def test_a_formula_binds_as_in_school(text: str, formula: Formula) -> None:
    assert read(text) == formula


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("", '"'), ("x", "x"), ("x.", "."), ("x.a +", "+"), ("x.a y.b", "y"), ("x.a ** 2", "*"), ("-x.a", "-"),
        ("x.a % 2", "%"),
        ("1e3", "1"), ("1,000", ","), ("010", "0"), ("(x.a", "a"), ("x.a)", ")"), ("X.a", "X"), ("x.a.b", "."),
        ("__import__", "_"),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused_at_its_place(text: str, finding: str) -> None:
    assert refused(read, text) == [("bad-formula", finding)]


def test_a_formula_has_a_limit() -> None:
    assert read(" + ".join(["x.a"] * (MAX_OPERATIONS + 1)))
    longer = " + ".join(["x.a"] * (MAX_OPERATIONS + 2))
    assert refused(read, longer) == [("bad-formula", f'"{longer}"')]
    assert [code for code, _ in refused(read, "+".join(["1"] * 20000))] == ["bad-formula"]
    assert read("(" * 3000 + "x.a" + ")" * 3000) == X


def test_a_number_in_a_formula_has_a_limit() -> None:
    assert refused(read, "x.a * " + "9" * 30) == [("too-many-digits", "9" * 30)]


def test_readings_are_listed_in_the_order_of_writing() -> None:
    assert readings_of(read("y.b_2 / (x.a + 1) - y.b_2")) == (Y, X, Y)
    assert readings_of(read("1 + 2")) == ()


@given(st.text(alphabet="xya_.bB0123456789+-*/() ,e", max_size=24) | st.text(ONE_LINE, max_size=10))
def test_no_text_does_worse_than_be_refused_inside_itself(text: str) -> None:
    where = Location(SourceFile("<text>", f"x: {text}"), 1, 4, 1, 4 + len(text))
    findings = findings_of(ScalarNode(text, where, text))
    for finding in findings:
        assert lies_in_its_file(finding.location)


def test_a_formula_may_stand_on_several_lines() -> None:
    found = node(">-\n  x.a\n  + 1")
    assert isinstance(found, ScalarNode)
    assert formula_of(found) == operation(X, "+", Decimal(1))


def findings_of(scalar: ScalarNode) -> tuple[Any, ...]:
    try:
        formula_of(scalar)
    except Rejected as rejected:
        return rejected.diagnostics
    return ()


# ---- values


def at(**values: Any) -> Any:
    """Return a function that reads `x.a` and `y.b_2` as these numbers or ranges."""

    def find(reading: Operand) -> Range:
        value = values[reading.input]
        return value if isinstance(value, Range) else Range.at(Fraction(value))

    return find


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("x.a / y.b_2 * 100", Fraction(100, 3)),
        ("x.a - y.b_2", -2),
        ("x.a * 0.1", Fraction(1, 10)),
        ("(x.a + y.b_2) / 2", 2),
    ],
)
def test_exact_numbers_give_an_exact_number(text: str, result: Any) -> None:
    found = compute(read(text), at(x=1, y=3))
    assert found == Range.at(result)
    assert found is not None
    assert found.is_point


def test_a_division_by_what_may_be_zero_gives_nothing() -> None:
    zero, one = Fraction(0), Fraction(1)
    for divisor in (Range.at(0), Range(-one, one), Range(None, None), Range(zero, one), Range(None, zero)):
        assert compute(read("x.a / y.b_2"), at(x=1, y=divisor)) is None
    assert compute(read("x.a / y.b_2 + 1"), at(x=1, y=0)) is None
    assert compute(read("1 - x.a / y.b_2"), at(x=1, y=0)) is None


@pytest.mark.parametrize(
    ("text", "x", "result"),
    [
        ("x.a * 2", Range(Fraction(38), None, True), Range(Fraction(76), None, True)),
        ("0 - x.a", Range(Fraction(38), None, True), Range(None, Fraction(-38), False, True)),
        ("100 / x.a", Range(Fraction(2), Fraction(4), True), Range(Fraction(25), Fraction(50), False, True)),
        ("100 / x.a", Range(Fraction(4), None), Range(Fraction(0), Fraction(25), True)),
        ("100 / x.a", Range(Fraction(0), Fraction(4), True), Range(Fraction(25), None)),
        ("0 * x.a", Range(None, None), Range.at(0)),
        ("x.a * (0 - 1)", Range(Fraction(1), Fraction(2), False, True), Range(Fraction(-2), Fraction(-1), True)),
    ],
)  # fmt: skip
def test_bounds_are_carried_through(text: str, x: Range, result: Range) -> None:
    assert compute(read(text), at(x=x)) == result


SMALL = st.integers(-24, 24).map(lambda quarters: Fraction(quarters, 4))


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    low, high = sorted((draw(SMALL), draw(SMALL)))
    if low == high:
        return Range.at(low)
    ends = draw(st.sampled_from(["both", "low", "high", "none"]))
    has_low, has_high = ends in ("both", "low"), ends in ("both", "high")
    open_ends = draw(st.booleans()) and has_low, draw(st.booleans()) and has_high
    return Range(low if has_low else None, high if has_high else None, *open_ends)


@st.composite
def member(draw: st.DrawFn, of: Range) -> Fraction:
    """Return a number in a range, often near its ends."""
    low = of.low if of.low is not None else (of.high if of.high is not None else Fraction(0)) - 10**6
    high = of.high if of.high is not None else (of.low if of.low is not None else Fraction(0)) + 10**6
    near = Fraction(1, 10**9)
    part = draw(st.sampled_from([Fraction(0), near, Fraction(1, 3), Fraction(1, 2), 1 - near, Fraction(1)]))
    if (part == 0 and of.low_open) or (part == 1 and of.high_open):
        part = Fraction(1, 2)
    return low + (high - low) * part


def contains(of: Range, number: Fraction) -> bool:
    above = of.low is None or number > of.low or (number == of.low and not of.low_open)
    below = of.high is None or number < of.high or (number == of.high and not of.high_open)
    return above and below


FORMULAS = st.recursive(
    st.sampled_from([X, Y]) | st.sampled_from([Decimal(0), Decimal(1), Decimal("0.5"), Decimal(3)]),
    lambda inner: st.builds(Operation, st.sampled_from(list(Operator)), inner, inner),
    max_leaves=5,
)


def evaluated(formula: Formula, numbers: dict[str, Fraction]) -> Fraction | None:
    match formula:
        case Decimal():
            return Fraction(formula)
        case Operand():
            return numbers[formula.input]
        case Operation(operator, left, right):
            a, b = evaluated(left, numbers), evaluated(right, numbers)
            if a is None or b is None or (operator is Operator.DIVIDE and b == 0):
                return None
            return {
                Operator.ADD: lambda: a + b, Operator.SUBTRACT: lambda: a - b,
                Operator.MULTIPLY: lambda: a * b, Operator.DIVIDE: lambda: a / b,
            }[operator]()  # fmt: skip


@given(st.data(), FORMULAS, ranges(), ranges())
def test_every_number_that_a_formula_can_take_lies_in_its_range(
    data: st.DataObject, formula: Formula, x: Range, y: Range
) -> None:
    found = compute(formula, at(x=x, y=y))
    numbers = {"x": data.draw(member(x)), "y": data.draw(member(y))}
    exact = evaluated(formula, numbers)
    if found is not None:
        assert exact is not None, "a range excludes a division by zero"
        assert contains(found, exact)


@given(st.sampled_from(list(Operator)), ranges(), ranges())
def test_the_ends_of_a_range_are_reached_where_they_are_closed(operator: Operator, x: Range, y: Range) -> None:
    formula = Operation(operator, X, Y)
    found = compute(formula, at(x=x, y=y))
    ends = [[end for end in (z.low, z.high) if end is not None] for z in (x, y)]
    if found is None or [len(z) for z in ends] != [2, 2]:
        return
    corners = [evaluated(formula, {"x": a, "y": b}) for a, b in product(*ends)]
    known = [corner for corner in corners if corner is not None]
    if len(known) == 4:
        assert (found.low, found.high) == (min(known), max(known))
    if not (x.low_open or x.high_open or y.low_open or y.high_open):
        assert not found.low_open
        assert not found.high_open

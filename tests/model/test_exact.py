"""Arithmetic of decimals keeps every digit, in any decimal context of the caller, or raises."""

import ast
import decimal
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules.model import exact
from tests.support.places import ROOT

NUMBERS = st.builds(Decimal, st.builds("{}E-{}".format, st.integers(-(10**30), 10**30), st.integers(0, 30)))
MODES = (decimal.ROUND_FLOOR, decimal.ROUND_HALF_EVEN, decimal.ROUND_UP)
OWN = ("model/exact.py",)
BANNED = {
    *("quantize", "scaleb", "to_integral_value", "to_integral_exact", "to_integral", "getcontext", "setcontext"),
    *("localcontext", "remainder_near", "fma", "next_plus", "next_minus", "logb"),
}


@pytest.fixture(params=MODES)
def _coarse(request: pytest.FixtureRequest) -> Iterator[None]:
    with decimal.localcontext() as context:
        context.prec, context.rounding = 1, request.param
        yield


@pytest.mark.usefixtures("_coarse")
@given(NUMBERS, NUMBERS)
def test_operations_equal_those_of_fractions(a: Decimal, b: Decimal) -> None:
    x, y = Fraction(a), Fraction(b)
    assert Fraction(exact.add(a, b)) == x + y
    assert Fraction(exact.subtract(a, b)) == x - y
    assert Fraction(exact.multiply(a, b)) == x * y
    assert Fraction(exact.total([a, b, a])) == x + y + x
    assert Fraction(exact.negate(a)) == -x
    assert Fraction(exact.magnitude(a)) == abs(x)
    assert exact.is_whole(a) is (x.denominator == 1)
    assert exact.decimal_of(x) == exact.plain(a) == a


@pytest.mark.usefixtures("_coarse")
def test_a_number_is_written_with_a_given_number_of_places() -> None:
    assert str(exact.shifted(-123456, 3)) == "-123.456"
    assert str(exact.unit(4)) == "0.0001"
    assert str(exact.with_places(Decimal("1234.5"), 2)) == "1234.50"
    assert exact.has_places(Decimal("1234.50"), 1)
    assert not exact.has_places(Decimal("1234.56"), 1)
    assert exact.steps_in(Decimal("1234.5"), Decimal("0.5")) == 2469


@given(NUMBERS)
def test_a_number_is_a_multiple_of_a_unit_or_is_refused(number: Decimal) -> None:
    if exact.has_places(number, 3):
        assert exact.shifted(exact.units_in(number, 3), 3) == number
    else:
        with pytest.raises(decimal.Inexact, match="more than 3 decimal places"):
            exact.units_in(number, 3)


@given(st.lists(st.fractions(max_denominator=60)))
def test_the_sum_of_fractions_is_exact(numbers: list[Fraction]) -> None:
    expected = Fraction(0)
    for number in numbers:
        expected += number
    assert exact.fraction_sum(numbers) == expected


@pytest.mark.usefixtures("_coarse")
def test_zero_has_no_sign() -> None:
    assert [str(exact.negate(Decimal(0))), str(exact.subtract(Decimal(1), Decimal(1)))] == ["0", "0"]


def test_a_digit_is_never_lost_in_silence() -> None:
    with pytest.raises(decimal.Inexact):
        exact.with_places(Decimal("1.25"), 1)
    with pytest.raises(decimal.Inexact):
        exact.add(Decimal("1E+20000"), Decimal("1E-20000"))


def sources() -> list[Path]:
    return [*(ROOT / "cleancloud_rules").rglob("*.py"), *(ROOT / "tests" / "reference").rglob("*.py")]


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_other_module_computes_in_a_decimal_context(path: Path) -> None:
    if path.relative_to(ROOT / path.relative_to(ROOT).parts[0]).as_posix() in OWN:
        return
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    used = [node for node in nodes if isinstance(node, ast.Attribute) and node.attr in BANNED]
    sums = [node for node in nodes if isinstance(node, ast.Call) and _adds_decimals(node)]
    assert [f"line {node.lineno}: {ast.unparse(node)}" for node in (*used, *sums)] == []


def _adds_decimals(call: ast.Call) -> bool:
    arguments = [ast.unparse(argument) for argument in call.args[1:]]
    return ast.unparse(call.func) == "sum" and any(argument in ("ZERO", "Decimal(0)") for argument in arguments)


@given(NUMBERS | st.builds(Decimal, st.builds("{}E{}".format, st.integers(-(10**9), 10**9), st.integers(-30, 30))))
def test_a_number_is_written_with_all_its_places_and_without_an_exponent(number: Decimal) -> None:
    assert exact.written(number) == f"{number:f}"
    assert Decimal(exact.written(number)) == number

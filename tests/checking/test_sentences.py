from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support.sentences import result_of, value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3 + 1 + (-4)", 0),
        ("(3 / 4 + 1 / 2) / 2", Fraction(5, 8)),
        ("2 x (3 / 4) + 1 x 4", Fraction(11, 2)),
        ("100 x 8/3 / 16/3", 50),
        ("-2 + (-5 - -2) x (40 - 0) / (100 - 0)", Fraction(-16, 5)),
        ("minimum of 3, 1 / 2, -1", -1),
        ("maximum of 3, 7 / 2", Fraction(7, 2)),
    ],
)
def test_a_sum_comes_to_its_value(text: str, value: Fraction) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("sentence", "exact", "printed"),
    [
        ("12.50", Fraction(25, 2), "12.50"),
        ("3 + 1 = 4.00", 4, "4.00"),
        ("(3 + 1 + 4) / 3 = 8/3; 100 x 8/3 / 16/3 = 50.00", 50, "50.00"),
        ("3 + 4 = 7; as a is not met, at most 5 = 5.00", 5, "5.00"),
        ("1/3, rounded half up to 0.33", Fraction(1, 3), "0.33"),
        ("1 / 3 = 1/3, rounded up to 0.34", Fraction(1, 3), "0.34"),
    ],
)
def test_a_sentence_that_is_right_ends_with_its_result(sentence: str, exact: Fraction, printed: str) -> None:
    assert result_of(sentence) == (exact, Decimal(printed))


@pytest.mark.parametrize(
    "sentence",
    ["3 + 1 = 5.00", "1 / 3 = 1/3, rounded half up to 0.34", "3 + 4 = 7; at most 8 = 8.00", "3 + 1 = 5; at most 4 = 4"],
)
def test_a_sentence_that_is_wrong_is_found_out(sentence: str) -> None:
    with pytest.raises(AssertionError):
        result_of(sentence)

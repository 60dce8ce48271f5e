"""Tests of figures and their places on an axis."""

from decimal import Decimal
from fractions import Fraction

import pytest

from cleancloud_rules.reports.numbers import digits_of, number_text, rounded, signed
from cleancloud_rules.reports.pages.figures import Axis, Figures, axis_of, group_figures, percent, total_figures
from tests.support.result_pages import example

NONE = Figures(None, None, None, None, True, None)


def figures(*values: str | None, hypothetical: str | None = None) -> Figures:
    published, supported, floor, ceiling = (None if value is None else Decimal(value) for value in values)
    added = None if hypothetical is None else Decimal(hypothetical)
    return Figures(published, supported, floor, ceiling, True, Decimal(100), added)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(1, 3, "33.33%"), (2, 3, "66.67%"), (0, 5, "0%"), (5, 5, "100%"), (7, 5, "100%"), (-1, 5, "0%"), (1, 0, "0%"),
     (1, 2, "50%"), (1, 8, "12.5%")],
)  # fmt: skip
def test_a_part_is_a_percentage_between_0_and_100(part: int, whole: int, text: str) -> None:
    assert percent(Fraction(part), Fraction(whole)) == text


def test_an_axis_holds_every_figure_and_zero() -> None:
    assert axis_of((figures("20", "5", "5", "30"), NONE)) == Axis(Decimal(0), Decimal(100))
    assert axis_of((figures(None, "-5", "-7.5", "0"),)) == Axis(Decimal("-7.5"), Decimal(100))
    assert axis_of((NONE,)) == Axis(Decimal(0), Decimal(1))


def test_zero_lies_inside_an_axis_with_penalties() -> None:
    axis = Axis(Decimal(-50), Decimal(50))
    assert axis.at(Decimal(0)) == "50%"
    assert axis.at(Decimal(-50)) == "0%"
    assert axis.length(Decimal(-25), Decimal(0)) == "25%"
    assert [label for label, _ in axis.ticks] == ["\u221250", "0", "50"]


def test_an_axis_without_round_steps_has_its_ends_alone() -> None:
    assert Axis(Decimal(0), Decimal(7)).ticks == (("0", "0%"), ("7", "100%"))
    assert Axis(Decimal("-0.5"), Decimal(100)).ticks == (("0", "0.5%"), ("100", "100%"))


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        ("40/3", 2, "13.33"),
        ("5/2", 0, "3"),
        ("-5/2", 0, "-3"),
        ("1/3", 1, "0.3"),
        ("0", 2, "0.00"),
        ("-1/1000", 2, "0.00"),
    ],
)
def test_a_number_is_rounded_half_away_from_zero(value: str, digits: int, text: str) -> None:
    assert f"{rounded(Fraction(value), digits):f}" == text


def test_a_number_is_shown_with_its_sign_and_all_its_digits() -> None:
    assert signed(Decimal("5.30")) == "+5.30"
    assert signed(Decimal("-1.15")) == "\u22121.15"
    assert signed(Decimal("0.00")) == "0.00"
    assert number_text(Decimal("1E+2")) == "100"
    assert digits_of(Decimal("1.20")) == 2
    assert digits_of(Decimal("1E+2")) == 0


def test_a_published_figure_lies_between_the_bounds_or_outside() -> None:
    assert figures("10", "5", "5", "10").holds_published
    assert figures("5", "5", "5", "10").holds_published
    assert not figures("10.01", "5", "5", "10").holds_published
    assert not figures("4.99", "5", "5", "10").holds_published
    assert not figures("6", "5", None, "10").holds_published
    assert not figures(None, "5", "5", "10").holds_published


def test_the_stated_part_leaves_out_what_hypothetical_facts_add() -> None:
    assert figures("10", "10", None, None, hypothetical="7.5").stated == Decimal("2.5")
    assert figures("10", "10", None, None, hypothetical="0").stated == Decimal(10)
    assert NONE.stated is None


def test_the_figures_are_those_of_the_scorecard() -> None:
    for card in example("clean_cloud_2024").cards:
        total = total_figures(card)
        assert card.company.published is not None
        assert card.bounds is not None
        assert (total.published, total.supported) == (card.company.published.total, card.total)
        assert (total.floor, total.ceiling) == (card.bounds.floor, card.bounds.ceiling)
        for group in card.groups:
            found = group_figures(card, group)
            bounds = card.bounds.category(group.id)
            assert (found.published, found.supported) == (dict(card.company.published.scores)[group.id], group.score)
            assert (found.floor, found.ceiling, found.exact) == (bounds.floor, bounds.ceiling, bounds.exact)

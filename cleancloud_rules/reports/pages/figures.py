"""The figures of a total or a group, and their places on an axis."""

from decimal import Decimal
from fractions import Fraction
from math import floor

from attrs import frozen

from cleancloud_rules.model.exact import subtract
from cleancloud_rules.model.rounding import short
from cleancloud_rules.reports.numbers import MINUS
from cleancloud_rules.results.bounds import CompanyBounds, GroupBounds
from cleancloud_rules.results.scorecards import GroupScore, Scorecard

STEPS = 5
"""How many parts an axis has between its labels."""


@frozen
class Figures:
    """The figures of a total or of a group, in the order in which pages show them.

    Args:
        published: what the publisher printed; None if nothing is printed.
        supported: what the stated facts support; None if there is no score.
        floor: the lower bound; None if it is not known.
        ceiling: the upper bound; None if it is not known.
        exact: whether completions reach both bounds.
        maximum: the maximum; None without a score.
        hypothetical: the part of `supported` that hypothetical facts alone earn.
    """

    published: Decimal | None
    supported: Decimal | None
    floor: Decimal | None
    ceiling: Decimal | None
    exact: bool
    maximum: Decimal | None
    hypothetical: Decimal | None = None

    @property
    def stated(self) -> Decimal | None:
        """The part of the score that stated facts earn."""
        if self.supported is None or not self.hypothetical:
            return self.supported
        return subtract(self.supported, self.hypothetical)

    @property
    def has_range(self) -> bool:
        """Whether both bounds are known."""
        return self.floor is not None and self.ceiling is not None

    @property
    def holds_published(self) -> bool:
        """Whether the published figure lies between the bounds."""
        if self.published is None or self.floor is None or self.ceiling is None:
            return False
        return self.floor <= self.published <= self.ceiling

    @property
    def ends(self) -> tuple[Decimal, ...]:
        """All figures that an axis must hold."""
        return tuple(
            figure
            for figure in (self.published, self.supported, self.floor, self.ceiling, self.maximum)
            if figure is not None
        )


def total_figures(card: Scorecard) -> Figures:
    """Return the figures of the total of a scorecard."""
    printed = card.company.published
    published = None if printed is None else printed.total
    return _figures(published, card.total, card.bounds, card.max_total, card.hypothetical_total)


def group_figures(card: Scorecard, group: GroupScore) -> Figures:
    """Return the figures of a group of a scorecard."""
    printed = card.company.published
    published = None if printed is None else dict(printed.scores).get(group.id)
    bounds = None if card.bounds is None else card.bounds.category(group.id)
    return _figures(published, group.score, bounds, group.max_score, group.hypothetical_score)


def _figures(
    published: Decimal | None,
    supported: Decimal | None,
    bounds: GroupBounds | CompanyBounds | None,
    maximum: Decimal | None,
    hypothetical: Decimal | None,
) -> Figures:
    lower, upper, exact = (None, None, True) if bounds is None else (bounds.floor, bounds.ceiling, bounds.exact)
    return Figures(published, supported, lower, upper, exact, maximum, hypothetical)


@frozen
class Axis:
    """A scale from a lower to an upper end, with 0 on it."""

    low: Decimal
    high: Decimal

    def at(self, value: Decimal) -> str:
        """Return the place of a value as a percentage of the length of the axis."""
        return percent(Fraction(value) - Fraction(self.low), Fraction(self.high) - Fraction(self.low))

    def length(self, start: Decimal, end: Decimal) -> str:
        """Return the distance of two values as a percentage of the length of the axis."""
        return percent(abs(Fraction(end) - Fraction(start)), Fraction(self.high) - Fraction(self.low))

    @property
    def ticks(self) -> tuple[tuple[str, str], ...]:
        """The labels of the axis, each with its place: round steps if the ends have them, and 0 inside an axis."""
        step = (Fraction(self.high) - Fraction(self.low)) / STEPS
        values = [Fraction(self.low) + step * number for number in range(STEPS + 1)]
        if any(value.denominator != 1 for value in values):
            values = [Fraction(self.low), Fraction(self.high)]
        if self.low < 0 < self.high:  # an end beside 0 has no label: the two would lie on each other
            ends = (Fraction(self.low), Fraction(0), Fraction(self.high))
            values = [end for end in ends if not 0 < abs(end) < step / 2]
        return tuple((label_of(value), percent(value - Fraction(self.low), step * STEPS)) for value in values)


def axis_of(figures: tuple[Figures, ...]) -> Axis:
    """Return the axis that holds all figures, and 0."""
    ends = [Decimal(0), *(end for one in figures for end in one.ends)]
    low, high = min(ends), max(ends)
    return Axis(low, high if high > low else low + 1)


def label_of(value: Fraction) -> str:
    """Return a number as the label of an axis."""
    return short(value).replace("-", MINUS)


def percent(part: Fraction, whole: Fraction) -> str:
    """Return a part of a whole as a percentage with at most two decimal places, between 0 and 100."""
    share = min(max(part / whole, Fraction(0)), Fraction(1)) if whole else Fraction(0)
    hundredths = floor(share * 10_000 + Fraction(1, 2))
    text = f"{hundredths // 100}.{hundredths % 100:02}"
    return f"{text.rstrip('0').rstrip('.')}%"

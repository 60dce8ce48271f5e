"""The times that facts that count can have, given their window and the cut-off."""

from datetime import date

from attrs import frozen

from cleancloud_rules.model.conditions import UnaryTest
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import Interval
from cleancloud_rules.model.vocabulary import PeriodCounts, Window


@frozen
class Times:
    """The times that a fact of a type can have if it counts.

    Args:
        last_days: the test that the last days of periods pass.
        without_period: whether it can count without a period.
        is_any: whether it can count at all.
    """

    last_days: UnaryTest
    without_period: bool
    is_any: bool = True

    @classmethod
    def of(cls, methodology: Methodology, horizon: str) -> "Times":
        """Return those of the fact types that have a horizon."""
        # A period that ends in the window, or overlaps it, can have begun by any cut-off: only whole periods cannot
        # begin before the window does. A fact without a period has one day, which lies in the window.
        window = dict(methodology.windows)[horizon]
        if not window.has_ends:
            return cls(UnaryTest("-", anything=True), True)
        is_open = methodology.as_of is None or window.start is None or window.start <= methodology.as_of
        last_days = UnaryTest("", (window.last_days,))
        return cls(last_days, is_open, is_open or window.counts is not PeriodCounts.WHOLE)


def until(cut_off: date | None) -> UnaryTest:
    """Return the test that the days of publication pass on which a fact can count."""
    return UnaryTest("-", anything=True) if cut_off is None else UnaryTest("", (Interval(None, cut_off),))


def stated_period(end: date, window: Window, cut_off: date | None) -> int | str:
    """Return a period that ends on a day, lies in a window and had begun by the cut-off: the year up to it, if it can.

    Args:
        end: its last day.
        window: the window.
        cut_off: the cut-off, or None.
    """
    start = min(day for day in (end.replace(month=1, day=1), cut_off, window.end) if day is not None)
    if window.counts is PeriodCounts.WHOLE and window.start is not None:
        start = max(start, window.start)
    is_year = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year
    return end.year if is_year else f"{start}/{end}"

"""Tests of the times that facts that count can have: they are those that some fact has which counts."""

from datetime import date, timedelta

import pytest
from attrs import evolve

from cleancloud_rules.completions.times import Times, stated_period
from cleancloud_rules.engine.eligibility import why_not
from cleancloud_rules.model.cells import cells_of
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.vocabulary import PeriodCounts, Window
from tests.support import small

FIRST, LAST = date(2022, 1, 1), date(2023, 6, 30)
DAYS = [FIRST + timedelta(days=step) for step in (-400, -1, 0, 1)] + [
    LAST + timedelta(days=step) for step in (-1, 0, 1, 400)
]
ENDS: list[tuple[date | None, date | None]] = [(FIRST, LAST), (FIRST, None), (None, LAST)]
WINDOWS = [Window(), *(Window(start, end, how) for how in PeriodCounts for start, end in ENDS)]
CUT_OFFS = [None, *DAYS]
PLAIN = small.methodology(small.LADDER)


def under(window: Window, cut_off: date | None) -> Methodology:
    return evolve(PLAIN, windows=(("short_term", window), ("long_term", Window())), as_of=cut_off)


@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("cut_off", CUT_OFFS, ids=str)
def test_a_fact_can_have_a_time_if_one_that_has_it_counts(window: Window, cut_off: date | None) -> None:
    methodology = under(window, cut_off)
    times = Times.of(methodology, "short_term")
    field = methodology.vocabulary.field_of("share", "period")
    assert field is not None
    cells = cells_of(field, [times.last_days])
    ends = {day for day in DAYS if times.is_any and cells.bits_of(day) & cells.passing(times.last_days)}
    assert ends == {
        end for end in DAYS if any(_counts(methodology, period=f"{start}/{end}") for start in DAYS if start <= end)
    }
    dated = [{"as_of": str(day)} for day in DAYS] + [{}]
    assert (times.is_any and times.without_period) is any(_counts(methodology, **time) for time in dated)


@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("cut_off", CUT_OFFS, ids=str)
def test_a_stated_period_counts_wherever_one_with_its_end_does(window: Window, cut_off: date | None) -> None:
    methodology = under(window, cut_off)
    for end in DAYS:
        if _can_end(end, methodology):
            assert _counts(methodology, period=stated_period(end, window, cut_off))


def _can_end(day: date, methodology: Methodology) -> bool:
    """Whether some period counts that ends on a day."""
    return any(_counts(methodology, period=f"{start}/{day}") for start in DAYS if start <= day)


def _counts(methodology: Methodology, **time: object) -> bool:
    (fact,) = small.company(PLAIN, {"share": {"percent": 5}, "source": "leaflet", **time}).facts
    assert fact.source is not None
    accepted = evolve(fact, source=evolve(fact.source, type="report"))
    return why_not(accepted, methodology, with_hypothetical=False) is None

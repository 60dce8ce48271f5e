import pickle
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules.engine.eligibility import count, known_searches, was_there, why_not
from cleancloud_rules.language.values import year_days
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.vocabulary import PeriodCounts, Window
from tests.support import small
from tests.support.places import COMPANIES

METHODOLOGY = small.methodology(small.LADDER, small.GOALS)
BEGIN, END = date(2022, 1, 1), date(2024, 6, 30)
DAY = timedelta(days=1)


def one(stated: dict[str, Any]) -> Fact:
    (fact,) = small.company(METHODOLOGY, stated).facts
    return fact


def share(**more: Any) -> Fact:
    return one({"share": {"percent": 5}, "source": "report", **more})


def judged(fact: Fact, methodology: Methodology = METHODOLOGY, *, with_hypothetical: bool = False) -> str | None:
    return why_not(fact, methodology, with_hypothetical=with_hypothetical)


@pytest.mark.parametrize("day", [BEGIN, BEGIN + DAY, END - DAY, END])
def test_a_fact_counts_on_every_day_of_its_window(day: date) -> None:
    assert judged(share(as_of=day)) is None
    assert judged(share(period=f"2020-01-01/{day}")) is None


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (BEGIN - DAY, "2021-12-31, before the window begins on 2022-01-01"),
        (END + DAY, "2024-07-01, after the window ends on 2024-06-30"),
    ],
)
def test_a_fact_does_not_count_a_day_outside_and_says_why(day: date, reason: str) -> None:
    assert judged(share(as_of=day)) == f"it is as of {reason}"
    assert judged(share(period=f"2020-01-01/{day}")) == f"its period ends on {reason}"


def test_a_fact_counts_by_the_end_of_its_period_before_its_date() -> None:
    late = evolve(share(period=2023), as_of=END + DAY)
    assert judged(late) is None


def test_a_fact_without_a_time_counts_only_where_time_does_not_matter() -> None:
    reason = "it has neither a period nor a date, and the horizon short_term requires one"
    assert judged(share()) == reason
    assert judged(one({"goal": {"topic": "energy"}, "source": "report"})) is None


def test_a_window_may_be_open_on_one_side() -> None:
    for window, early, late in ((Window(BEGIN), False, True), (Window(None, END), True, False)):
        windows = (("short_term", window), ("long_term", Window()))
        methodology = evolve(METHODOLOGY, windows=windows)
        assert (judged(share(as_of=BEGIN - DAY), methodology) is None) is early
        assert (judged(share(as_of=END + DAY), methodology) is None) is late


CUT_OFF = date(2023, 6, 30)
SPANS = [
    (BEGIN - 2 * DAY, BEGIN - DAY, ""),
    (BEGIN - DAY, BEGIN, "end overlap"),
    (BEGIN, BEGIN, "end overlap whole"),
    (BEGIN, END, "end overlap whole"),
    (END, END, "end overlap whole"),
    (END, END + DAY, "overlap"),
    (END + DAY, END + 2 * DAY, ""),
    (BEGIN - DAY, END + DAY, "overlap"),
]
"""Periods, each with the values of `counts` under which it lies in the window."""


def counting(counts: PeriodCounts) -> Methodology:
    windows = (("short_term", Window(BEGIN, END, counts)), ("long_term", Window()))
    return evolve(METHODOLOGY, windows=windows)


@pytest.mark.parametrize(("first", "last", "words"), SPANS, ids=str)
def test_the_window_says_which_days_of_a_period_must_lie_in_it(first: date, last: date, words: str) -> None:
    fact = share(period=f"{first}/{last}")
    found = {counts.value for counts in PeriodCounts if judged(fact, counting(counts)) is None}
    assert found == set(words.split())


@pytest.mark.parametrize("counts", PeriodCounts)
def test_a_fact_with_a_date_has_one_day(counts: PeriodCounts) -> None:
    days = (BEGIN - DAY, BEGIN, END, END + DAY)
    assert [judged(share(as_of=day), counting(counts)) is None for day in days] == [False, True, True, False]


def test_a_period_that_counts_by_other_days_says_which_of_them_is_outside() -> None:
    long = share(period=f"{BEGIN - DAY}/{END + DAY}")
    late = share(period=f"{END + DAY}/{END + DAY}")
    early = share(period=f"{BEGIN - DAY}/{BEGIN - DAY}")
    begins, ends = "before the window begins on 2022-01-01", "after the window ends on 2024-06-30"
    assert judged(long, counting(PeriodCounts.WHOLE)) == f"its period begins on 2021-12-31, {begins}"
    assert judged(share(period=f"{END}/{END + DAY}"), counting(PeriodCounts.WHOLE)) == (
        f"its period ends on 2024-07-01, {ends}"
    )
    assert judged(late, counting(PeriodCounts.OVERLAP)) == f"its period begins on 2024-07-01, {ends}"
    assert judged(early, counting(PeriodCounts.OVERLAP)) == f"its period ends on 2021-12-31, {begins}"


def cited(published: Any = None, accessed: Any = None, **time: Any) -> Fact:
    """Return a fact whose source has these dates; a year is an unknown day of it."""
    fact = share(**(time or {"period": 2022}))
    assert fact.source is not None
    days = [year_days(day) if isinstance(day, int) else day for day in (published, accessed)]
    return evolve(fact, source=evolve(fact.source, published=days[0], accessed=days[1]))


@pytest.mark.parametrize(
    ("published", "accessed", "counts", "is_certain"),
    [
        (CUT_OFF, None, True, True),
        (CUT_OFF + DAY, None, False, True),
        (2022, None, True, True),
        (2023, None, True, False),
        (2024, None, False, True),
        (None, None, True, False),
        (None, CUT_OFF, True, True),
        (None, CUT_OFF + DAY, True, False),
        (2023, CUT_OFF, True, True),
        (2023, 2023, True, False),
    ],
)
def test_a_fact_counts_unless_its_source_was_certainly_published_after_the_cut_off(
    published: Any, accessed: Any, counts: bool, is_certain: bool
) -> None:
    fact = cited(published, accessed)
    assert fact.source is not None
    assert (judged(fact, evolve(METHODOLOGY, as_of=CUT_OFF)) is None) is counts
    assert judged(fact) is None
    assert was_there(fact.source, CUT_OFF) is (counts if is_certain else None)


@pytest.mark.parametrize(
    ("fact", "reason"),
    [
        (cited(date(2026, 5, 1)), "its source was published on 2026-05-01"),
        (cited(2024), "its source was published in 2024"),
        (cited(2022, as_of=date(2023, 7, 1)), "it is as of 2023-07-01"),
        (cited(2022, period="2023-07-01/2023-12-31"), "its period begins on 2023-07-01"),
    ],
)
def test_a_fact_that_was_not_there_by_the_cut_off_says_why(fact: Fact, reason: str) -> None:
    assert judged(fact, evolve(METHODOLOGY, as_of=CUT_OFF)) == f"{reason}, after the cut-off on 2023-06-30"


def test_a_period_counts_from_the_day_on_which_it_begins() -> None:
    methodology = evolve(METHODOLOGY, as_of=CUT_OFF)
    assert judged(share(period=f"{CUT_OFF}/{CUT_OFF + DAY}"), evolve(methodology, as_of=CUT_OFF - DAY)) is not None
    assert judged(evolve(cited(2022, period=f"{CUT_OFF}/{CUT_OFF + DAY}"), as_of=CUT_OFF + DAY), methodology) is None


def test_a_search_counts_unless_its_source_was_published_after_the_cut_off() -> None:
    company = small.company(METHODOLOGY, not_found=[{"goal": {"topic": "carbon"}, "source": "report"}, {"goal": {}}])
    for day, left in ((date(2024, 2, 29), 1), (date(2024, 3, 1), 2), (None, 2)):
        assert len(known_searches(company, evolve(METHODOLOGY, as_of=day))) == left


def test_a_fact_counts_only_with_a_source_of_an_accepted_type() -> None:
    assert judged(one({"share": {"percent": 5}, "period": 2023})) == "no source is given"
    assert judged(share(period=2023, source="leaflet")) == "sources of type leaflet are not accepted"
    assert judged(share(period=2023, source="book")) is None


def test_a_hypothetical_fact_counts_only_on_request_and_then_like_any_other() -> None:
    guess = share(period=2023, basis="hypothetical")
    assert judged(guess) == "hypothetical facts are read only on request"
    assert judged(guess, with_hypothetical=True) is None
    assert judged(share(period=2021, basis="hypothetical"), with_hypothetical=True) is not None


def sites(*stated: dict[str, Any]) -> tuple[Fact, ...]:
    return small.company(METHODOLOGY, *(small.fact("site", site) for site in stated)).facts


def test_facts_are_counted() -> None:
    assert count(sites(), None) == 0
    assert count(sites({"region": "a"}, {"region": "b"}), None) == 2
    assert count(sites({"region": "a"}, {"region": "a"}), None) == 1


def test_distinct_values_are_counted_once() -> None:
    assert count(sites({"region": "a"}, {"region": "a", "public": True}, {"region": "b"}), "region") == 2


def test_the_members_of_a_set_are_counted_one_by_one() -> None:
    found = sites(
        {"region": "a", "uses": ["wind", "solar"]}, {"region": "b", "uses": ["solar", "hydro"]}, {"region": "c"}
    )
    assert count(found, "uses") == 3


def test_missing_and_bounded_values_are_not_counted() -> None:
    found = sites(
        {"region": "a"},
        {"region": "b", "load": {"more_than": 1}},
        {"region": "c", "load": {"between": [2, 3]}},
        {"region": "d", "load": Decimal("2.5")},
    )
    assert count(found, "load") == 1


def test_no_is_a_value_like_yes() -> None:
    assert count(sites({"region": "a", "public": False}, {"region": "b", "public": True}), "public") == 2


def _other_vocabulary() -> cc.Methodology:
    used = cc.load_methodology("clean_cloud_2024")
    types = tuple(evolve(t, title="Other") if t.id == "commitment" else t for t in used.vocabulary.fact_types)
    return evolve(used, vocabulary=evolve(used.vocabulary, fact_types=types))


def test_a_company_of_another_vocabulary_is_refused_with_the_place_of_its_facts() -> None:
    company = cc.load_company(COMPANIES / "gds.yaml", cc.load_methodology("clean_cloud_2024"))
    other = _other_vocabulary()
    for call in (
        lambda: cc.score(company, other),
        lambda: cc.rank([company], other),
        lambda: cc.analysis.bounds([company], other),
    ):
        with pytest.raises(cc.FactsError) as caught:
            call()
        (finding,) = caught.value.diagnostics
        assert (finding.code, finding.location.text) == ("wrong-methodology", "commitment")


def test_what_was_not_found_in_another_vocabulary_is_refused_too() -> None:
    company = cc.load_company(COMPANIES / "hotwon.yaml", cc.load_methodology("clean_cloud_2024"))
    assert not company.facts
    with pytest.raises(cc.FactsError) as caught:
        cc.score(company, METHODOLOGY)
    assert {finding.code for finding in caught.value.diagnostics} == {"wrong-methodology"}


def test_a_copy_of_a_company_is_of_the_same_vocabulary() -> None:
    used = cc.load_methodology("clean_cloud_2024")
    company = cc.load_company(COMPANIES / "gds.yaml", used)
    assert cc.score(pickle.loads(pickle.dumps(company)), used) == cc.score(company, used)  # noqa: S301 - our own bytes

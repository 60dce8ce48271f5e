import pickle
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules.engine.eligibility import count, why_not
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.methodology import Methodology, Window
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

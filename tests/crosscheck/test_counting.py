"""Tests of the second evaluation of which facts count: it notices an engine that counts others."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules.crosscheck.counting import counting_of, counts
from cleancloud_rules.engine import eligibility
from cleancloud_rules.engine.eligibility import judged, why_not
from cleancloud_rules.model.vocabulary import PeriodCounts, Window
from tests.support import small

DAY = date(2024, 2, 29)
PLAIN = small.methodology(small.LADDER)
WINDOW = Window(date(2022, 1, 1), date(2024, 6, 30))


def test_both_say_the_same_of_every_fact() -> None:
    times: list[dict[str, Any]] = [
        {}, {"as_of": "2021-12-31"}, {"as_of": "2024-06-30"}, {"period": 2021}, {"period": 2022},
        {"period": "2021-12-31/2022-01-01"}, {"period": "2024-06-30/2024-07-01"}, {"period": "2024-07-01/2024-07-02"},
    ]  # fmt: skip
    sources = [{}, {"source": "report"}, {"source": "leaflet"}, {"source": "book"}]
    entries = [
        {"share": {"percent": 5}, "locator": f"p. {number}", **time, **source, "basis": basis}
        for number, time in enumerate(times)
        for source in sources
        for basis in ("reported", "hypothetical")
    ]
    entries += [{"goal": {"topic": "energy"}, "source": "report", **time} for time in times]  # of another window
    company = small.company(PLAIN, *entries)
    facts = company.facts
    assert len(facts) == len(entries)
    for how in PeriodCounts:
        for day in (None, DAY, date(2021, 12, 31), date(2024, 6, 30)):
            windows = (("short_term", evolve(WINDOW, counts=how)), ("long_term", Window()))
            methodology = evolve(PLAIN, as_of=day, windows=windows)
            for asked in (True, False):
                for fact in facts:
                    said = why_not(fact, methodology, with_hypothetical=asked)
                    assert counts(fact, methodology, with_hypothetical=asked) is (said is None), (
                        fact,
                        methodology,
                        said,
                    )
                expected = [why_not(fact, methodology, with_hypothetical=asked) for fact in facts]
                together = judged(facts, methodology, with_hypothetical=asked)
                assert [(counted.fact, counted.why_not) for counted in together] == list(
                    zip(facts, expected, strict=True)
                )
                counting = [fact for fact, reason in zip(facts, expected, strict=True) if reason is None]
                assert counting_of(company, methodology, with_hypothetical=asked) == counting


@pytest.mark.parametrize(("skipped", "day", "period"), [("after_cut_off", DAY, 2023), ("outside_window", None, 2020)])
def test_an_engine_that_counts_other_facts_is_noticed(
    skipped: str, day: date | None, period: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = small.company(PLAIN, small.fact("share", {"percent": 60}, period=period))
    assert cc.score(company, PLAIN, as_of=day).facts[0].counts is False
    monkeypatch.setattr(eligibility, skipped, lambda *_: None)
    with pytest.raises(cc.EngineError, match="facts that count"):
        cc.score(company, PLAIN, as_of=day)


def test_an_engine_that_counts_hypothetical_facts_unasked_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    company = small.company(PLAIN, small.fact("share", {"percent": 60}, basis="hypothetical"))
    monkeypatch.setattr(eligibility, "why_not", lambda *_, **__: None)
    with pytest.raises(cc.EngineError, match="facts that count"):
        cc.score(company, PLAIN)

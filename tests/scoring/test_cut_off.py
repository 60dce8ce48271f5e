"""Tests of the cut-off that applies: that of the caller, of a dataset or a test case, or of the methodology."""

import gc
import weakref
from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules.model.digest import sha256
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.scoring import compiled as module
from cleancloud_rules.scoring.compiled import KEPT_CUT_OFFS, compiled, with_cut_off
from cleancloud_rules.scoring.cut_off import of_companies, of_company
from tests.support import small

EARLY, LATE = date(2024, 2, 29), date(2024, 3, 1)
"""The day before the source of the facts was published, and that day."""

FACT = small.fact("share", {"percent": 60}, source="report")


@pytest.fixture
def methodology() -> Methodology:
    return small.methodology(small.LADDER)


@pytest.fixture
def company(methodology: Methodology) -> Company:
    return small.company(methodology, FACT)


def points(card: cc.Scorecard) -> int:
    return int(card.criteria[0].points)


def test_the_caller_decides_before_the_company_and_the_company_before_the_methodology(
    company: Company, methodology: Methodology
) -> None:
    full = points(cc.score(company, methodology))
    assert full > 0
    assert points(cc.score(company, methodology, as_of=EARLY)) == 0
    late = evolve(methodology, as_of=LATE)
    assert points(cc.score(company, late)) == full
    dated = evolve(company, cut_off=EARLY)
    assert points(cc.score(dated, late)) == 0
    assert points(cc.score(dated, late, as_of=LATE)) == full


def test_a_result_says_which_cut_off_was_applied_and_why_a_fact_does_not_count(
    company: Company, methodology: Methodology
) -> None:
    card = cc.score(company, methodology, as_of=EARLY)
    assert (card.methodology.as_of, card.methodology.sha256) == ("2024-02-29", methodology.sha256)
    assert card.facts[0].why_not == "its source was published on 2024-03-01, after the cut-off on 2024-02-29"
    assert card != cc.score(company, methodology)
    assert cc.score(company, methodology).methodology.as_of is None
    assert cc.rank([company], methodology, as_of=EARLY).methodology.as_of == "2024-02-29"
    assert cc.analysis.bounds([company], methodology, as_of=EARLY).methodology.as_of == "2024-02-29"


def test_the_digest_of_a_company_is_that_of_its_facts(company: Company) -> None:
    assert sha256(evolve(company, cut_off=EARLY)) == sha256(company)


def test_companies_with_different_cut_offs_are_not_compared(company: Company, methodology: Methodology) -> None:
    other = evolve(company, id="other", cut_off=EARLY)
    words = "different cut-offs, 2024-02-29 and none: give one"
    with pytest.raises(ValueError, match=words):
        cc.rank([company, other], methodology)
    with pytest.raises(ValueError, match=words):
        cc.analysis.bounds([company, other], methodology)
    assert cc.rank([company, other], methodology, as_of=LATE).methodology.as_of == "2024-03-01"
    assert cc.rank([company, evolve(other, cut_off=LATE)], evolve(methodology, as_of=LATE)).cohorts


@pytest.mark.parametrize("day", [datetime(2024, 6, 30, tzinfo=UTC), "2024-06-30", 2024])
def test_a_cut_off_is_a_date(company: Company, methodology: Methodology, day: Any) -> None:
    with pytest.raises(TypeError, match="`as_of` must be a date"):
        cc.score(company, methodology, as_of=day)
    with pytest.raises(TypeError, match="`as_of` must be a date"):
        of_companies([company], methodology, day)


def test_another_cut_off_uses_the_same_rules_and_the_same_engine(
    company: Company, methodology: Methodology, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = compiled(methodology)
    monkeypatch.setattr(module, "compile_methodology", lambda *_: pytest.fail("it is compiled again"))
    other = of_company(company, methodology, EARLY)
    assert compiled(other).engine is own.engine
    assert compiled(other).methodology.as_of == EARLY
    assert of_company(company, methodology, EARLY) is other
    assert of_company(company, methodology) is methodology
    assert of_company(company, other, EARLY) is other


def test_what_is_kept_for_other_cut_offs_is_limited_and_freed_with_the_methodology() -> None:
    methodology = small.methodology(small.LADDER)
    made = [with_cut_off(methodology, date(2024, 1, 1 + number % 28)) for number in range(5)]
    assert made[0] is with_cut_off(methodology, date(2024, 1, 1))
    for number in range(KEPT_CUT_OFFS):
        with_cut_off(methodology, date(2000 + number, 1, 1))
    assert made[1] is not with_cut_off(methodology, date(2024, 1, 2))
    last = weakref.ref(with_cut_off(methodology, date(2031, 1, 1)))
    assert last() is not None
    del methodology, made
    gc.collect()
    assert last() is None


def test_the_latest_facts_are_those_of_the_day() -> None:
    types = {**small.FACT_TYPES, "share": {**small.FACT_TYPES["share"], "selection": "latest"}}
    methodology = small.methodology(small.LADDER, fact_types=types)
    company = small.company(
        methodology,
        small.fact("share", {"percent": 60}, source="book", period=2022),
        small.fact("share", {"percent": 1}, source="report", period=2023),
    )
    before, after = (cc.score(company, methodology, as_of=day) for day in (EARLY, LATE))
    assert points(before) > points(after)
    reasons = {fact.period: fact.why_not for fact in after.facts}
    assert str(reasons["2022"]).startswith("a later fact counts in its place")


def test_a_search_is_no_answer_before_it_was_published(methodology: Methodology) -> None:
    entry = {"share": {}, "source": "report"}
    company = small.company(methodology, not_found=[entry])
    outcomes = [cc.score(company, methodology, as_of=day).criteria[0].outcome.value for day in (EARLY, LATE)]
    assert outcomes == ["not_assessed", "not_found"]
    ceilings = [cc.analysis.bounds([company], methodology, as_of=day).companies[0].ceiling for day in (EARLY, LATE)]
    assert ceilings[0] is not None
    assert ceilings[1] is not None
    assert ceilings[0] > ceilings[1]

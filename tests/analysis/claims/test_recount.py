"""Tests of the published claims of the example, and of the three answers to claims."""

from collections.abc import Sequence
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules import Company, Dataset, Methodology
from cleancloud_rules.analysis.claims.recount import verdict
from cleancloud_rules.completions import fact_kinds
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.values import Interval
from cleancloud_rules.results.claims import ClaimResult, ClaimVerdict
from tests.reference.conditions import holds
from tests.reference.derivations import derived_facts
from tests.reference.evaluation import counts
from tests.support import small

AGREES, POSSIBLE, DISAGREES = ClaimVerdict.AGREES, ClaimVerdict.POSSIBLE, ClaimVerdict.DISAGREES


@pytest.fixture(scope="module")
def stated_rows(methodology: Methodology, stated: Dataset) -> dict[str, ClaimResult]:
    return {row.id: row for row in cc.analysis.findings(stated, methodology).rows}


@pytest.fixture(scope="module")
def fitted_rows(methodology: Methodology, fitted: Dataset) -> dict[str, ClaimResult]:
    return {row.id: row for row in cc.analysis.findings(fitted, methodology, with_hypothetical=True).rows}


# ---- the claims of Clean Cloud 2024

ANSWERS = {
    "cloud_providers": ("10", 10, 0, 15, AGREES),
    "data_center_operators": ("15", 15, 0, 10, AGREES),
    "renewable_by_2030": ("8", 8, 0, 17, AGREES),
    "renewable_and_neutral_by_2030": ("6", 6, 2, 17, POSSIBLE),
    "neutral": ("12", 12, 13, 0, POSSIBLE),
    "neutral_by_2030": ("9", 9, 16, 0, POSSIBLE),
    "neither_by_2030": ("14", 0, 14, 11, POSSIBLE),
    "not_both_by_2030": ("14", 17, 2, 6, DISAGREES),
    "neither_by_2030_whole_company": ("14", 0, 15, 10, POSSIBLE),
    "scope_3_by_2030_one": ("1", 1, 0, 24, AGREES),
    "scope_3_by_2030_two": ("2", 2, 0, 23, AGREES),
    "share_above_10": ("5", 5, 0, 20, AGREES),
    "renewable_target_without_data": ("1", 1, 6, 18, POSSIBLE),
    "electricity_and_emissions": ("18", 0, 24, 1, POSSIBLE),
    "energy_mix": ("13", 0, 24, 1, POSSIBLE),
    "scope_3_emissions": ("9", 0, 24, 1, POSSIBLE),
    "assured_emissions": ("10", 0, 24, 1, POSSIBLE),
    "distributed_generation": ("22", 0, 25, 0, POSSIBLE),
    "green_power_trading": ("12", 0, 25, 0, POSSIBLE),
    "efficiency_progress": ("at least 23", 0, 25, 0, POSSIBLE),
    "supporting_technology": ("at least 13", 0, 25, 0, POSSIBLE),
}
"""Of each claim what is published, the numbers of yes, cannot tell and no, and the verdict."""

COUNTED_FOR_SILENCE = {
    "neither_by_2030": (14, 0),
    "not_both_by_2030": (19, 17),
    "neither_by_2030_whole_company": (15, 0),
    "renewable_target_without_data": (7, 1),
}
"""Claims with a `none`: how many companies state no such fact, and for how many it was looked for."""


def test_each_claim_of_the_example_has_its_answers(stated_rows: dict[str, ClaimResult]) -> None:
    found = {
        id: (row.published, len(row.yes), len(row.cannot_tell), len(row.no), row.verdict)
        for id, row in stated_rows.items()
    }
    assert found == ANSWERS
    for row in stated_rows.values():
        assert (row.floor, row.ceiling) == (len(row.yes), len(row.yes) + len(row.cannot_tell))


def test_the_counts_from_stated_facts_alone_are_what_they_were(
    methodology: Methodology, stated: Dataset, stated_rows: dict[str, ClaimResult]
) -> None:
    """Where no claim asks for absence, these are the companies that are counted; else they were never looked at."""
    facts = {
        company: derived_facts(methodology, [fact for fact in company.facts if counts(fact, methodology)])[1]
        for company in stated.companies
    }
    for claim in stated.statements:
        row = stated_rows[claim.id]
        of_cohort = [c for c in stated.companies if claim.cohort in (None, c.cohort)]
        silent = {c.id for c in of_cohort if claim.when is None or holds(claim.when, facts[c])}
        before, now = COUNTED_FOR_SILENCE.get(claim.id, (row.floor, row.floor))
        assert (len(silent), len(row.yes)) == (before, now), claim.id
        assert set(row.yes) <= silent <= {*row.yes, *row.cannot_tell}, claim.id


def test_the_readings_of_the_56_percent_stand_side_by_side(stated_rows: dict[str, ClaimResult]) -> None:
    readings = [row for row in stated_rows.values() if row.topic == "share_of_56_percent"]
    assert [(row.floor, row.ceiling) for row in readings] == [(0, 14), (17, 19), (0, 15)]


def test_the_statements_on_scope_3_contradict_each_other(stated_rows: dict[str, ClaimResult]) -> None:
    one, two = stated_rows["scope_3_by_2030_one"], stated_rows["scope_3_by_2030_two"]
    assert (one.contradicts, two.contradicts) == ((two.id,), (one.id,))
    assert (one.yes, two.yes) == (("tencent",), ("alibaba", "tencent"))


def test_earlier_editions_are_shown(stated_rows: dict[str, ClaimResult]) -> None:
    assert stated_rows["scope_3_emissions"].earlier == (("2022", 5),)
    assert stated_rows["share_above_10"].earlier == (("2022", 1),)


@pytest.mark.parametrize(
    ("id", "count"),
    [
        ("electricity_and_emissions", 18),
        ("energy_mix", 13),
        ("scope_3_emissions", 9),
        ("assured_emissions", 10),
        ("green_power_trading", 12),
        ("distributed_generation", 22),
        ("renewable_target_without_data", 1),
    ],
)
def test_hypothetical_facts_meet_what_was_imposed(
    stated_rows: dict[str, ClaimResult], fitted_rows: dict[str, ClaimResult], id: str, count: int
) -> None:
    row, before = fitted_rows[id], stated_rows[id]
    assert (len(row.yes), row.imposed) == (count, True)
    assert row.verdict is not DISAGREES
    answered = {*row.yes, *row.no} - {*before.yes, *before.no}
    assert answered
    assert set(row.by_hypothetical) == answered


def test_hypothetical_facts_change_no_answer_that_stated_facts_give(
    stated_rows: dict[str, ClaimResult], fitted_rows: dict[str, ClaimResult]
) -> None:
    for id, row in stated_rows.items():
        assert set(row.yes) <= set(fitted_rows[id].yes)
        assert set(row.no) <= set(fitted_rows[id].no)
        assert set(fitted_rows[id].by_hypothetical) <= set(row.cannot_tell)
        assert row.by_hypothetical == ()


def test_a_count_from_words_says_so(stated_rows: dict[str, ClaimResult]) -> None:
    assert {row.id for row in stated_rows.values() if row.from_words} == {
        "distributed_generation", "efficiency_progress", "supporting_technology",
    }  # fmt: skip


def test_the_notice_on_hypothetical_facts_is_there_only_where_they_are_read(
    methodology: Methodology, stated: Dataset, fitted: Dataset
) -> None:
    assert "hypothetical" not in {n.code for n in cc.analysis.findings(stated, methodology).notices}
    read = cc.analysis.findings(fitted, methodology, with_hypothetical=True)
    assert "hypothetical" in {notice.code for notice in read.notices}


# ---- one claim about one company

ENERGY, CARBON = {"goal": {"topic": "energy"}}, {"goal": {"topic": "carbon"}}
SOON = {"goal": {"topic": "energy", "year": "<= 2030"}}


def made(when: Any, **more: Any) -> Methodology:
    return small.methodology(small.criterion("c", 1, small.rule("r", 1, when)), **more)


def answer(
    when: Any, facts: Sequence[dict[str, Any]] = (), missing: Sequence[Any] = (), *, cohort: str | None = "big"
) -> str:
    """Return the answer to whether a company of a cohort meets a condition."""
    methodology = made(when)
    company = small.company(methodology, *facts, not_found=list(missing), cohort=cohort)
    return answered(methodology, company, None)


def answered(methodology: Methodology, company: Company, cohort: str | None, *, asks: bool = True) -> str:
    when = methodology.criteria[0].rules[0].when if asks else None
    claim = PublishedClaim("one", "One", 1, when, cohort)
    row = cc.analysis.findings(Dataset("D", "small", (company,), statements=(claim,)), methodology).rows[0]
    (found,) = (name for name in ("yes", "cannot_tell", "no") if getattr(row, name) == (company.id,))
    return found


BY_2028 = small.fact("goal", {"topic": "energy", "year": 2028})
UNDATED = small.fact("goal", {"topic": "energy", "year": {"at_most": 2035}})
COUNTED = {"count": {"of": ENERGY, "at_least": 2}}
ONE_USE = {"count": {"of": {"site": {"uses": "not(null)"}}, "distinct": "uses", "at_least": 2}}
ONE_SITE = {"count": {"of": {"site": {"uses": "not(null)"}}, "at_least": 2}}


@pytest.mark.parametrize(
    ("when", "facts", "missing", "expected"),
    [
        (SOON, [], [], "cannot_tell"),
        (SOON, [BY_2028], [], "yes"),
        (SOON, [UNDATED], [], "cannot_tell"),
        (SOON, [UNDATED], [SOON], "no"),
        (SOON, [], [SOON], "no"),
        (SOON, [], [ENERGY], "no"),
        (SOON, [], [{"goal": {"topic": "energy", "year": "<= 2029"}}], "cannot_tell"),
        ({"none": [SOON]}, [], [], "cannot_tell"),
        ({"none": [SOON]}, [BY_2028], [], "no"),
        ({"none": [SOON]}, [], [SOON], "yes"),
        ({"all": [ENERGY, {"none": [CARBON]}]}, [BY_2028], [], "cannot_tell"),
        ({"all": [ENERGY, {"none": [CARBON]}]}, [BY_2028], [CARBON], "yes"),
        ({"all": [ENERGY, {"none": [CARBON]}]}, [], [ENERGY], "no"),
        ({"any": [ENERGY, {"none": [CARBON]}]}, [BY_2028], [], "yes"),
        (COUNTED, [BY_2028], [], "cannot_tell"),
        (COUNTED, [BY_2028, UNDATED], [], "yes"),
        (COUNTED, [], [ENERGY], "no"),
        ({"none": [COUNTED]}, [], [ENERGY], "yes"),
        ({"all": [ONE_USE, {"none": [ONE_SITE]}]}, [], [], "cannot_tell"),
    ],
)
def test_silence_is_neither_a_yes_nor_a_no(
    when: Any, facts: list[dict[str, Any]], missing: list[Any], expected: str
) -> None:
    assert answer(when, facts, missing) == expected


def test_a_company_without_a_cohort_may_be_in_any() -> None:
    methodology = made(SOON)
    expected = {"big": "yes", "tiny": "no", None: "cannot_tell"}
    for cohort, found in expected.items():
        company = small.company(methodology, BY_2028, cohort=cohort)
        assert answered(methodology, company, "big") == found
        assert answered(methodology, company, "big", asks=False) == found
    nowhere = small.company(methodology, not_found=[SOON], cohort=None)
    assert answered(methodology, nowhere, "big") == "no"


def test_a_fact_that_another_one_implies_is_a_part_of_every_completion() -> None:
    files = small.files(small.criterion("c", 1, small.rule("r", 1, {"goal": {"topic": "carbon", "year": "<= 2030"}})))
    files["facts.yaml"]["implies"] = [{"if": ENERGY, "then": {"goal": {"topic": "carbon", "year": "<= 2025"}}}]
    methodology = cc.methodology_from(files)
    assert answered(methodology, small.company(methodology), None) == "cannot_tell"
    assert answered(methodology, small.company(methodology, BY_2028), None) == "yes"


def test_an_answer_that_a_later_one_may_replace_cannot_be_told() -> None:
    types = {"answer": {
        "title": "Answer", "horizon": "long_term", "selection": "latest",
        "fields": {"value": {"type": "enum", "values": ["yes", "no"]}},
    }}  # fmt: skip
    methodology = made({"answer": {"value": "yes"}}, fact_types=types)
    stated = small.company(methodology, {"answer": {"value": "yes"}, "source": "report", "as_of": "2024-01-01"})
    assert answered(methodology, stated, None) == "cannot_tell"


def test_too_many_kinds_of_facts_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {"all": [ENERGY, {"none": [CARBON]}]}
    assert answer(without, [BY_2028], [CARBON]) == "yes"
    monkeypatch.setattr(fact_kinds, "MAX_KINDS", 0)
    assert answer(without, [BY_2028], [CARBON]) == "yes"  # its own conditions tell few kinds apart
    monkeypatch.setattr(fact_kinds, "MAX_KINDS_AMONG", 0)
    assert answer(without, [BY_2028], [CARBON]) == "cannot_tell"


def test_a_claim_that_is_too_complex_is_refused() -> None:
    pair = {"all": [ENERGY, CARBON]}
    assert answer({"none": [pair]}) == "cannot_tell"
    methodology = made(ENERGY)
    whens = [
        made({"goal": {"topic": topic, "year": year}}) for year in range(2020, 2029) for topic in ("energy", "carbon")
    ]
    conditions = [each.criteria[0].rules[0].when for each in whens]
    when = cc.model.NoneOf(tuple(cc.model.AllOf(tuple(conditions[i : i + 2])) for i in range(0, 18, 2)))
    claim = PublishedClaim("one", "One", 1, when)
    with pytest.raises(CriteriaError, match="more than 256 alternatives"):
        cc.analysis.findings(Dataset("D", "small", (), statements=(claim,)), methodology)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (2, DISAGREES), (3, POSSIBLE), (4, POSSIBLE), (5, POSSIBLE), (6, DISAGREES),
        (Interval(3, None), AGREES), (Interval(4, None), POSSIBLE), (Interval(6, None), DISAGREES),
        (Interval(None, 5), AGREES), (Interval(None, 2), DISAGREES),
    ],
)  # fmt: skip
def test_a_range_agrees_is_possible_or_disagrees(published: int | Interval, expected: ClaimVerdict) -> None:
    assert verdict(3, 5, published) is expected


def test_a_count_that_is_known_agrees_or_disagrees() -> None:
    assert [verdict(3, 3, number) for number in (2, 3, 4)] == [DISAGREES, AGREES, DISAGREES]


def test_contradictions_stand_beside_the_claims_and_on_the_companies_that_they_name() -> None:
    methodology = cc.load_methodology("clean_cloud_2024")
    dataset = cc.load_dataset("clean_cloud_2024", methodology)
    ids = [found.id for found in cc.analysis.findings(dataset, methodology).contradictions]
    assert ids == [found.id for found in dataset.contradictions]
    assert len(set(ids)) == 22
    (tencent,) = (company for company in dataset.companies if company.id == "tencent")
    card = cc.score(tencent, methodology)
    named = {"contracted_in_2024", "dates_and_addresses", "scope_3_count", "twenty_two_or_twenty_three", "window"}
    about_all = {"share_above_ten", "scope_3_disclosed_or_tracked", "fourth_influence_criterion"}
    assert {found.id for found in card.contradictions} == named | about_all
    said = cc.render(card, "explanation")
    assert all(f"{found.id}: {found.title}" in said for found in card.contradictions)
    assert cc.Scorecard.from_json(card.to_json()) == card

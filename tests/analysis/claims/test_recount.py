"""Tests of the published claims of the example, and of the three answers to claims."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules import Company, Dataset, Methodology
from cleancloud_rules.analysis.claims.recount import is_met, verdict
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
    found = cc.analysis.findings(stated, methodology)
    return {row.id: row for row in (*found.rows, *found.refused)}


@pytest.fixture(scope="module")
def fitted_rows(methodology: Methodology, fitted: Dataset) -> dict[str, ClaimResult]:
    found = cc.analysis.findings(fitted, methodology, with_hypothetical=True)
    return {row.id: row for row in (*found.rows, *found.refused)}


# ---- the claims of Clean Cloud 2024

ANSWERS = {
    "cloud_providers": ("10", 10, 0, 15, AGREES),
    "data_center_operators": ("15", 15, 0, 10, AGREES),
    "renewable_by_2030": ("8", 8, 0, 17, AGREES),
    "dated_target": ("9", 9, 16, 0, POSSIBLE),
    "clean_for_cloud_service": ("at least 1", 1, 24, 0, AGREES),
    "renewable_and_neutral_by_2030": ("6", 6, 2, 17, POSSIBLE),
    "neutral": ("12", 12, 13, 0, POSSIBLE),
    "neutral_by_2030": ("9", 9, 16, 0, POSSIBLE),
    "neutral_from_2040": ("3", 3, 22, 0, POSSIBLE),
    "neither_by_2030": ("14", 0, 14, 11, POSSIBLE),
    "scope_3_by_2030_one": ("1", 1, 0, 24, AGREES),
    "scope_3_by_2030_two": ("2", 2, 0, 23, AGREES),
    "scope_3_in_goals": ("1", 1, 24, 0, POSSIBLE),
    "share_above_10": ("5", 5, 0, 20, AGREES),
    "share_above_38": ("at least 1", 1, 4, 20, AGREES),
    "highest_share": ("1", 0, 5, 20, POSSIBLE),
    "share_below_6": ("at least 2", 2, 22, 1, AGREES),
    "share_above_30_in_2021": ("1", 1, 24, 0, POSSIBLE),
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

REFUSED = {
    "not_both_by_2030": ("14", 17, 2, 6, DISAGREES),
    "neither_by_2030_whole_company": ("14", 0, 15, 10, POSSIBLE),
}
"""The same for the readings that are refused."""

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
    assert found == ANSWERS | REFUSED
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
        if claim.window is not None or claim.highest is not None:
            continue
        row = stated_rows[claim.id]
        of_cohort = [c for c in stated.companies if claim.cohort in (None, c.cohort)]
        silent = {c.id for c in of_cohort if claim.when is None or holds(claim.when, facts[c])}
        before, now = COUNTED_FOR_SILENCE.get(claim.id, (row.floor, row.floor))
        assert (len(silent), len(row.yes)) == (before, now), claim.id
        assert set(row.yes) <= silent <= {*row.yes, *row.cannot_tell}, claim.id


def test_the_readings_of_the_56_percent_stand_side_by_side(stated_rows: dict[str, ClaimResult]) -> None:
    readings = [row for row in stated_rows.values() if row.topic == "share_of_56_percent"]
    assert [row.reason is None for row in readings] == [True, False, False]
    assert [(row.floor, row.ceiling) for row in readings] == [(0, 14), (17, 19), (0, 15)]


def test_the_statements_on_scope_3_contradict_each_other(stated_rows: dict[str, ClaimResult]) -> None:
    one, two = stated_rows["scope_3_by_2030_one"], stated_rows["scope_3_by_2030_two"]
    assert (one.contradicts, two.contradicts) == ((two.id,), (one.id,))
    assert (one.yes, two.yes) == (("tencent",), ("alibaba", "tencent"))


def test_earlier_editions_are_shown(stated_rows: dict[str, ClaimResult]) -> None:
    assert stated_rows["scope_3_emissions"].earlier == (("2022", 5),)
    assert stated_rows["share_above_10"].earlier == (("2022", 1),)


def test_hypothetical_facts_break_no_count(
    stated: Dataset, stated_rows: dict[str, ClaimResult], fitted_rows: dict[str, ClaimResult]
) -> None:
    for claim in stated.statements:
        if claim.reading is cc.model.Reading.REFUSED:
            continue
        row, before = fitted_rows[claim.id], stated_rows[claim.id]
        assert row.verdict is not DISAGREES, claim.id
        assert set(claim.companies).isdisjoint(row.no), claim.id
        assert set(row.by_hypothetical) == {*row.yes, *row.no} - {*before.yes, *before.no}
        if claim.binds and claim.highest is None and claim.id not in COUNTED_FOR_SILENCE:
            assert is_met(len(row.yes), claim.published), claim.id


def test_a_refused_reading_stands_apart_with_its_reason(methodology: Methodology, stated: Dataset) -> None:
    found = cc.analysis.findings(stated, methodology)
    assert [row.id for row in found.refused] == list(REFUSED)
    assert all(row.reason for row in found.refused)
    assert all(row.reason is None for row in found.rows)
    said = cc.render(found)
    assert said.index("Refused readings") > said.index("supporting_technology: Explore")
    assert "refused: It would be 19 of 25 companies, which is 76% and not 56%." in said


def test_what_no_fact_can_answer_is_said_as_such(methodology: Methodology, stated: Dataset) -> None:
    found = cc.analysis.findings(stated, methodology)
    assert [claim.id for claim in found.unanswerable] == [
        "average_share_risen", "microsoft_365_data_centers", "cloud_market_share", "data_center_market_share",
    ]  # fmt: skip
    said = cc.render(found)
    assert "no fact can answer it: The report prints no average" in said
    page = "docs/clean-cloud-2024/contradictions.md"
    assert f"contradiction market_share: Whose market share; see {page}#market_share" in said


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
        "dated_target", "clean_for_cloud_service", "neutral_from_2040", "share_above_38", "share_below_6",
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
        ({"any": [SOON, CARBON]}, [], [], "cannot_tell"),
        ({"any": [SOON, CARBON]}, [BY_2028], [], "yes"),
        ({"any": [SOON, CARBON]}, [], [SOON], "cannot_tell"),
        ({"any": [SOON, CARBON]}, [], [SOON, CARBON], "no"),
        ({"none": [{"any": [SOON, CARBON]}]}, [], [SOON, CARBON], "yes"),
        ({"all": [{"any": [SOON, CARBON]}, {"none": [CARBON]}]}, [], [CARBON], "cannot_tell"),
        ({"all": [{"any": [SOON, CARBON]}, {"none": [CARBON]}]}, [BY_2028], [CARBON], "yes"),
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


# ---- named companies, windows and readings


def found_of(methodology: Methodology, members: Sequence[Company], **more: Any) -> ClaimResult:
    """Return the result of a claim about goals for energy by 2030."""
    claim = PublishedClaim("one", "One", when=made(SOON).criteria[0].rules[0].when, **more)
    return cc.analysis.findings(Dataset("D", "small", tuple(members), statements=(claim,)), methodology).rows[0]


@pytest.mark.parametrize(
    ("named", "published", "expected"),
    [
        (("yes",), 1, POSSIBLE),  # the company of which nothing is known may be a second one
        (("yes",), 2, POSSIBLE),
        (("yes",), Interval(1, None), AGREES),
        (("open",), Interval(1, None), POSSIBLE),
        (("yes", "open"), 2, POSSIBLE),
        (("open",), 1, DISAGREES),  # with the one that is counted there would be two
        (("no",), 1, DISAGREES),
        (("no",), Interval(0, None), DISAGREES),
    ],
)
def test_a_count_agrees_only_if_the_companies_that_it_names_are_counted(
    named: tuple[str, ...], published: int | Interval, expected: ClaimVerdict
) -> None:
    methodology = made(SOON)
    companies = (
        small.company(methodology, BY_2028, id="yes"),
        small.company(methodology, id="open"),
        small.company(methodology, id="no", not_found=[SOON]),
    )
    row = found_of(methodology, companies, published=published, companies=named)
    assert (row.verdict, row.named) == (expected, named)


def test_a_window_of_its_own_decides_which_facts_a_claim_reads() -> None:
    above = {"share": {"percent": "> 30"}}
    methodology = small.methodology(small.criterion("c", 1, small.rule("r", 1, above), horizon="short_term"))
    old = small.company(methodology, small.fact("share", {"percent": 40}, period=2021), id="old")
    new = small.company(methodology, small.fact("share", {"percent": 40}), id="new")
    when = methodology.criteria[0].rules[0].when
    window = cc.model.Window(date(2021, 1, 1), date(2021, 12, 31))
    claims = (PublishedClaim("now", "Now", 1, when), PublishedClaim("then", "Then", 1, when, window=window))
    dataset = Dataset("D", "small", (new, old), statements=claims)
    now, then = cc.analysis.findings(dataset, methodology).rows
    assert (now.yes, now.cannot_tell) == (("new",), ("old",))
    assert (then.yes, then.cannot_tell) == (("old",), ("new",))
    assert [claim.binds for claim in claims] == [True, False]


def test_a_search_says_nothing_about_years_outside_of_the_windows_of_the_methodology() -> None:
    above = {"share": {"percent": "> 30"}}
    methodology = small.methodology(small.criterion("c", 1, small.rule("r", 1, above), horizon="short_term"))
    company = small.company(methodology, not_found=[above, SOON])
    window = cc.model.Window(date(2021, 1, 1), date(2021, 12, 31))
    for asked, expected in ((methodology, "cannot_tell"), (made(SOON), "no")):
        when = asked.criteria[0].rules[0].when
        claim = PublishedClaim("then", "Then", 1, when, window=window)
        (row,) = cc.analysis.findings(Dataset("D", "small", (company,), statements=(claim,)), methodology).rows
        assert getattr(row, expected) == ("acme",)


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
    assert len(set(ids)) == 24
    (tencent,) = (company for company in dataset.companies if company.id == "tencent")
    card = cc.score(tencent, methodology)
    named = {"contracted_in_2024", "dates_and_addresses", "scope_3_count", "twenty_two_or_twenty_three", "window"}
    named |= {"reported_or_calculated"}
    about_all = {"scope_3_disclosed_or_tracked", "fourth_influence_criterion"}
    assert {found.id for found in card.contradictions} == named | about_all
    said = " ".join(cc.render(card, detail="full").split())
    assert all(f"{found.id}: {found.title}" in said for found in card.contradictions)
    assert cc.Scorecard.from_json(card.to_json()) == card


def test_facts_and_criteria_refer_to_the_contradictions_on_which_they_depend(fitted: Dataset) -> None:
    methodology = cc.load_methodology("clean_cloud_2024")
    (kuaishou,) = (company for company in fitted.companies if company.id == "kuaishou")
    card = cc.score(kuaishou, methodology, with_hypothetical=True)
    records = {record.id: record for record in card.contradictions}
    (target,) = records["kuaishou_coverage"].facts
    assert card.fact(target).fields[0] == ("topic", "renewable_energy")
    assert records["kuaishou_coverage"].claims == ("renewable_by_2030", "neither_by_2030_whole_company")
    assert not any(card.fact(id).basis == "hypothetical" for record in records.values() for id in record.facts)
    said = cc.render(card, detail="full")
    page = "docs/clean-cloud-2024/contradictions.md#kuaishou_coverage"
    line = f"  contradiction kuaishou_coverage: A target for part of the company among the eight; see\n  {page}\n"
    assert said.count(line) == 1
    assert said.index(line) > said.index(" (renewable_target): ")
    depending = [text.strip() for text in said.splitlines() if text.strip().startswith("depends on a contradiction: ")]
    assert "depends on a contradiction: kuaishou_coverage, clean_or_renewable" in depending


def test_a_contradiction_that_no_page_explains_is_explained_in_full() -> None:
    methodology = made(SOON)
    contradiction = cc.model.Contradiction("two", "Two goals", "It says two.", "One is stated.", criteria=("c",))
    alone = evolve(small.company(methodology), contradictions=(contradiction,))
    said = cc.render(cc.score(alone, methodology), detail="full")
    assert "  contradiction two: Two goals\n" in said
    assert "published: It says two." in said
    elsewhere = evolve(alone, contradictions=(evolve(contradiction, page="page.md#two", criteria=()),))
    said = cc.render(cc.score(elsewhere, methodology), detail="full")
    assert "\n  contradiction two: Two goals; see page.md#two\n" in said
    assert "It says two." not in said

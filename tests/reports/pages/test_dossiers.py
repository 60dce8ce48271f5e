"""Tests of the page of a company: every criterion stands in one place, with what is known of it."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve

from cleancloud_rules import rank
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.reports.numbers import rounded
from cleancloud_rules.reports.pages.dossiers import Dossier, dossiers
from cleancloud_rules.reports.pages.pages import dossier_page
from cleancloud_rules.reports.pages.site import Site
from tests.support.examined_forms import averages, company, dataset, partly_applicable
from tests.support.result_pages import EXAMPLES, PageReader, example, example_pages, read


def dossier(name: str, company: str) -> Dossier:
    return next(one for one in dossiers(example(name)) if one.card.company.id == company)


def page_of(name: str, company: str) -> PageReader:
    return read(example_pages(name)[f"companies/{company}.html"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_criterion_has_one_anchor_on_the_page_of_every_company(name: str) -> None:
    for one in dossiers(example(name)):
        page = page_of(name, one.card.company.id)
        for criterion in one.card.criteria:
            assert page.ids.count(criterion.id) == 1, f"{one.card.company.id}: {criterion.id}"


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_is_not_assessed_has_no_remedy_and_is_never_a_no(name: str) -> None:
    for one in dossiers(example(name)):
        page = page_of(name, one.card.company.id)
        for entry in one.not_assessed:
            assert entry.criterion.remedy is None
        if one.not_assessed:
            assert "not assessed: no stated evidence decides either way. That is not a “no”." in page.text


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_remedy_of_what_is_partial_not_found_or_not_met_is_a_next_step(name: str) -> None:
    for one in dossiers(example(name)):
        page = page_of(name, one.card.company.id)
        for entry in one.answers.having(Outcome.PARTIAL, Outcome.NOT_FOUND, Outcome.NOT_MET):
            if entry.criterion.remedy:
                assert " ".join(entry.criterion.remedy.split()) in page.text


def test_what_counts_comes_with_fact_source_and_effect_the_largest_first() -> None:
    one, page = dossier("clean_cloud_2024", "gds"), page_of("clean_cloud_2024", "gds")
    assert [str(entry.effect) for entry in one.answers.counting] == ["13.33", "6.92", "5.33", "0.95"]
    for entry in one.answers.counting:
        assert entry.facts
        for fact in entry.facts:
            assert " ".join(fact.text.replace("; ", " · ").split()) in page.text
            assert fact.source is not None
            assert (one.sources[fact.source].title or "untitled") in page.text
            assert fact.locator is not None
            assert fact.locator in page.text
    step = (
        "Next step Publish the electricity mix of each year by kind of generation, and leave nothing out. +1.43 ( R4 )"
    )
    assert step in page.text
    assert "The recommendations behind these steps" in page.headings
    assert "R4 Publish more, and keep it current: " in page.text


def test_the_effects_of_all_criteria_add_up_to_the_total() -> None:
    for one in dossiers(example("clean_cloud_2024")):
        effects = [entry.effect for entry in one.answers.all]
        found = sum((effect for effect in effects if effect is not None), Decimal(0))
        assert one.card.total is not None
        assert abs(found - one.card.total) <= Decimal("0.02")


@pytest.mark.parametrize("name", ["clean_cloud_2024", "careful_water", "mendable_tools"])
def test_the_table_of_categories_shows_the_scores_of_the_groups(name: str) -> None:
    for one in dossiers(example(name)):
        page = page_of(name, one.card.company.id)
        assert len(page.tables["groups"]) == len(one.card.groups)
        for group, row in zip(one.card.groups, page.tables["groups"], strict=True):
            assert one.card.bounds is not None
            bounds = one.card.bounds.category(group.id)
            assert row.cells[0].text.strip().startswith(group.title)
            missing = "none" if group.outcome is GroupOutcome.NOT_APPLICABLE else "no score"
            assert row["Supported"] == (missing if group.score is None else f"{group.score}")
            if bounds.floor is not None and bounds.ceiling is not None:
                ends = dict.fromkeys((f"{bounds.floor}", f"{bounds.ceiling}"))
                assert row["Possible"].rstrip("*") == "–".join(ends).replace("-", "\u2212")


def test_further_facts_stand_with_their_largest_gain_first() -> None:
    for one in dossiers(example("clean_cloud_2024")):
        rows = page_of("clean_cloud_2024", one.card.company.id).tables["open"]
        assert len(rows) == len(one.open)
        gains = []
        for entry, row in zip(one.open, rows, strict=True):
            assert one.card.bounds is not None
            bounds = one.card.bounds.criterion(entry.criterion.id)
            more = bounds.ceiling - bounds.points
            whole = [rule.total for rule in bounds.next_rules if rule.points == more and rule.total is not None]
            gain = max(whole, default=rounded(Fraction(more) * (bounds.point_effect or 0), 2))
            assert row["Gain"] == (f"up to +{gain}" if more else "none")
            gains.append(gain if more else 0)
        assert gains == sorted(gains, reverse=True)


def test_a_gain_is_that_of_all_rules_that_further_facts_could_meet() -> None:
    rows = {row["Criterion"]: row["Gain"] for row in page_of("clean_cloud_2024", "gds").tables["open"]}
    assert rows["Procurement mechanisms used"] == "up to +8.00", "six mechanisms, a point each, and not one of them"
    assert rows["Corporate governance of climate matters"] == "up to +1.90"


def test_a_search_without_result_says_who_looked() -> None:
    page = page_of("clean_cloud_2024", "gds")
    assert "Looked for, and not found (1)" in page.headings
    assert "Stated by Greenpeace East Asia" in page.text
    assert "decides none of them alone" in page.text


def test_a_fact_that_does_not_count_says_why() -> None:
    assert "Does not count its period ends on 2021-12-31" in page_of("clean_cloud_2024", "gds").text


def test_levels_are_steps_with_what_is_missing() -> None:
    page = page_of("open_reading_rooms", "example_heath")
    steps = "Aware reached by stated facts Prepared possible Practised possible Leading possible Exemplary possible"
    assert steps in page.text
    ways = {row["Level"]: row["What stands in the way"] for row in page.tables["way"]}
    assert list(ways) == ["Prepared", "Practised", "Leading", "Exemplary"]
    assert ways["Prepared"].startswith("A toilet for wheelchair users (not met), A shelf of large print (not met), ")
    assert ways["Leading"].endswith("A policy that is reviewed (not met), Arriving")


def test_a_withheld_result_says_what_stands_in_the_way() -> None:
    page = page_of("open_reading_rooms", "example_moor")
    assert "Result: withheld" in page.text
    assert "The result is withheld. What stands in the way: No complaint without an answer ." in page.text
    assert "#complaints_answered" in page.links
    assert "Aware withheld Prepared withheld" in page.text
    assert "complaints_answered" not in page.text


def test_penalties_gates_and_what_does_not_apply_have_their_places() -> None:
    fen = page_of("careful_water", "example_fen")
    assert "Stated, and not met (2)" in fen.headings
    assert "\u22122.0 of 0.0 points" in fen.text
    assert "Gated, left out, or not applicable (1)" in page_of("careful_water", "example_ridge").headings
    anvil = page_of("mendable_tools", "example_anvil")
    assert "The group electrics does not apply to the cohort Makers of hand tools: excluded" in anvil.text


def test_a_company_that_is_not_the_first_leads_to_the_comparison_with_the_one_above() -> None:
    site = example("clean_cloud_2024")
    for one in dossiers(site):
        first = one.cohort.rows[0] is one.row
        assert (one.above is None) is first


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("acme,big,2,1\nbolt,big,1,2\n", "Published rank 2 of 2 (Big ones)."),
        ("acme,big,1,1\nbolt,tiny,1,2\n", "Published rank 1 of 1 (Big ones)."),
        ("acme,big,2,1\n", "Published rank 2 (Big ones)."),
        ("acme,big,2,1\nbolt,big,,2\n", "Published rank 2 (Big ones)."),
        ("acme,big,9,1\nbolt,big,1,2\n", "Published rank 9 (Big ones)."),
        ("acme,,2,1\nbolt,,1,2\n", "Published rank 2 (Big ones)."),
    ],
)
def test_of_how_many_a_rank_is_one_is_said_only_where_all_have_a_printed_rank(rows: str, said: str) -> None:
    methodology = averages()
    companies = [company(methodology, id=id) for id in ("acme", "bolt")]
    site = Site(rank(dataset(methodology, f"company,cohort,rank,total\n{rows}", *companies), methodology))
    ledes = {one.card.company.id: one.lede[0] for one in dossiers(site)}
    assert ledes["acme"] == said
    alone = next(one for one in dossiers(evolve(site, is_single=True)) if one.card.company.id == "acme")
    assert alone.lede[0] == said


def test_what_does_not_apply_has_no_points() -> None:
    methodology = partly_applicable()
    site = Site(rank([company(methodology, "north")], methodology))
    (one,) = dossiers(site)
    points = [row["Points"] for row in read(dossier_page(one)).tables["groups"]]
    assert points == ["2.0", "none"]


def test_each_point_leads_to_the_rule_that_earned_it() -> None:
    for name in EXAMPLES:
        for one in dossiers(example(name)):
            page = page_of(name, one.card.company.id)
            for entry in one.answers.counting:
                (first, *_) = [rule.id for rule in entry.criterion.rules if rule.won]
                assert f"../criteria/{entry.criterion.id}.html#rule-{first}" in page.links


def test_a_page_shows_what_the_company_answers_with_its_effect() -> None:
    page = example_pages("careful_water")["companies/example_ridge.html"]
    part = page[page.index('id="the-answer"') : page.index('id="the-figure"')]
    assert part.count('<article class="answer response"') == 2
    assert "<blockquote><p><bdi>What ran over the track was rain.</bdi></p></blockquote>" in part
    assert "The company’s own words, received 2026-02-03 from <bdi>Office of the farm (fictional)</bdi>." in part
    assert "says:</b> <bdi>The register lists a spill of fuel on this day.</bdi>" in part
    effects = re.findall(r"<li><bdi>(.*?)</bdi></li>", part)
    assert effects[0] == "The total goes from 16.8 to 26.8."
    assert effects[4:6] == ["Rank: 4 to 3.", "Other ranks: Example Fen Growers (fictional) 3 to 4."]
    assert effects[-1] == "No rank would change."
    other = example_pages("careful_water")["companies/example_fen.html"]
    assert "The results hold no answer of the company." in other

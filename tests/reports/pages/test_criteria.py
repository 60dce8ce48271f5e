"""Tests of the pages of criteria and of the methodology."""

from collections import Counter

import pytest

from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.reports.pages.criteria import HEADINGS, MEANINGS, criterion_pages
from tests.support.result_pages import EXAMPLES, example, example_pages, read


def test_every_outcome_has_a_heading_and_a_meaning() -> None:
    assert set(HEADINGS) == set(MEANINGS) == set(Outcome)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_company_stands_once_under_its_outcome(name: str) -> None:
    for view in criterion_pages(example(name)):
        page = read(example_pages(name)[f"criteria/{view.criterion.id}.html"])
        for company in example(name).names:
            listed = [link for link in page.links if link.split("#")[0].endswith(f"/{company}.html")]
            assert len(listed) == 1, f"{view.criterion.id}: {company}"
        for outcome, entries in view.by_outcome:
            assert any(heading.startswith(f"{HEADINGS[outcome]} ({len(entries)})") for heading in page.headings)
        for entry in view.having(Outcome.NOT_ASSESSED):
            assert entry.card.company.name in page.text


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_rule_stands_with_its_points_and_its_condition(name: str) -> None:
    for view in criterion_pages(example(name)):
        rows = read(example_pages(name)[f"criteria/{view.criterion.id}.html"]).tables["rules"]
        assert len(rows) == len(view.criterion.rules)
        for rule, row in zip(view.criterion.rules, rows, strict=True):
            assert rule.says in row["If"]
            assert (
                row["Points"].replace("\u2212", "-")
                == f"{max((e.criterion.rules[view.criterion.rules.index(rule)].points for e in view.entries), key=abs)}"
            )


def test_the_effect_of_a_rule_on_the_total_is_shown_with_its_points() -> None:
    page = read(example_pages("clean_cloud_2024")["criteria/renewable_share.html"])
    found = [(row["Points"], row["On the total"], row["Whose"]) for row in page.tables["rules"]]
    assert found == [
        ("4.0", "+5.33", "Condition and points: this project"),
        ("2.0", "+2.67", "Condition and points: this project"),
        ("1.0", "+1.33", "Condition and points: this project"),
    ]
    assert "Worth 5.33 of the total of 100: 4.0 points" in page.text
    assert "7 of 25" in page.text


def test_a_company_whose_ceiling_is_lower_says_so() -> None:
    page = read(example_pages("clean_cloud_2024")["criteria/neutrality_scope_3.html"])
    assert "GDS (at most 1)" in page.text


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_of_the_methodology_lists_every_group_and_criterion(name: str) -> None:
    site, page = example(name), read(example_pages(name)["methodology.html"])
    rows = page.tables["criteria"]
    assert len(rows) == len(site.criteria) + len(site.cards[0].groups)
    titles = [row["Criterion"] for row in rows if len(row.cells) > 1]
    assert titles == [criterion.title for group in site.cards[0].groups for criterion in group.criteria]
    for outcome in Outcome:
        assert HEADINGS[outcome] in page.text


def test_the_page_of_the_methodology_counts_the_rules_of_this_project() -> None:
    site, page = example("clean_cloud_2024"), read(example_pages("clean_cloud_2024")["methodology.html"])
    bases = Counter(rule.basis for criterion in site.criteria for rule in criterion.rules)
    assert bases == {"project": 62, "published": 10}
    assert "62 of 72 rules are marked as devised by this project." in page.text


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_source_stands_on_the_page_of_the_data_with_its_facts(name: str) -> None:
    site, page = example(name), read(example_pages(name)["data.html"])
    cited = {source.id for card in site.cards for source in card.sources}
    rows = {row.id: row for row in page.tables["sources"]}
    assert set(rows) == {f"source-{id}" for id in cited}
    for id in cited:
        facts = sum(fact.source == id for card in site.cards for fact in card.facts)
        assert rows[f"source-{id}"]["Facts"] == str(facts)


def test_a_reference_has_the_title_of_its_source() -> None:
    text = read(example_pages("clean_cloud_2024")["criteria/pue_average.html"]).text
    assert (
        "Reference: Clean Cloud 2024: Tracking Renewable Energy Use in China's Tech Industry, Methodology, Trans"
        in text
    )
    assert "clean-cloud-2024, Methodology" not in text

"""Tests of the heat map: each cell shows the result of a company on a criterion, and never by colour alone."""

from decimal import Decimal

import pytest
from attrs import evolve

from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.reports.pages.heat_map import MAX_COMPANIES, SENTENCES, STATES, cell_of, heat_maps
from cleancloud_rules.reports.pages.pages import pages_of
from cleancloud_rules.reports.pages.site import Row, Site
from cleancloud_rules.results.rankings import Cohort, ranked
from tests.support.result_pages import EXAMPLES, example, example_pages, read


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_company_has_a_cell_for_every_criterion(name: str) -> None:
    site, page = example(name), read(example_pages(name)["heatmap.html"])
    rows = [row for row in page.tables["heat"] if len(row.cells) > 1]
    assert [row.cells[0].text for row in rows] == [card.company.name for card in site.cards]
    for card, row in zip(site.cards, rows, strict=True):
        for criterion, cell in zip(card.criteria, row.cells[1:], strict=True):
            state = cell.classes[0]
            words = STATES[state]
            if criterion.outcome is Outcome.AWARDED:
                assert (state, Decimal(cell.text)) == ("full", criterion.points)
            elif criterion.outcome is Outcome.PARTIAL:
                assert state == "part"
                assert tuple(map(Decimal, cell.text.split("/"))) == (criterion.points, criterion.max_points)
            else:
                assert cell.text.endswith(words)
                assert state not in ("full", "part")
            assert (state == "not_found") is (criterion.outcome is Outcome.NOT_FOUND)
            assert (state == "not_met") is (criterion.outcome is Outcome.NOT_MET)
            assert (state in ("open", "uncounted")) is (criterion.outcome is Outcome.NOT_ASSESSED)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_counts_its_cells(name: str) -> None:
    site, page = example(name), read(example_pages(name)["heatmap.html"])
    answers = len(site.cards) * len(site.criteria)
    assert f"Of {answers} answers, " in page.text
    awarded = sum(card.count(Outcome.AWARDED) for card in site.cards)
    assert f"{awarded} earn full points" in page.text
    assert set(SENTENCES) == set(STATES)


def test_a_fact_that_does_not_count_shows_in_its_cell() -> None:
    card = example("clean_cloud_2024").cards[0]
    criterion = next(c for c in card.criteria if c.outcome is Outcome.NOT_ASSESSED and not c.facts)
    fact = evolve(card.facts[0], counts=False, why_not="it is too old")
    stated = evolve(card, facts=(fact, *card.facts[1:]))
    row = Row(1, stated)
    assert cell_of(row, criterion).state == "open"
    found = cell_of(row, evolve(criterion, facts=(fact.id,)))
    assert (found.state, found.mark) == ("uncounted", "·")
    assert cell_of(row, evolve(criterion, facts=(fact.id, card.facts[1].id))).state == "open"


def test_the_heads_are_short_titles_that_lead_to_the_criteria() -> None:
    site, page = example("clean_cloud_2024"), read(example_pages("clean_cloud_2024")["heatmap.html"])
    for criterion in site.criteria:
        assert f"criteria/{criterion.id}.html" in page.links
        assert criterion.short is not None
        assert criterion.short in page.text


def test_many_companies_have_a_heat_map_for_each_cohort() -> None:
    site = example("clean_cloud_2024")
    cards = [
        evolve(card, company=evolve(card.company, id=f"{card.company.id}_{number}"))
        for number in range(MAX_COMPANIES // 25 + 1)
        for card in site.cards
    ]
    cohorts = tuple(
        Cohort(id, title, tuple(ranked(1, card) for card in cards if card.company.cohort == id))
        for id, title in (("cloud_provider", "Cloud providers"), ("data_center_operator", "Data center operators"))
    )
    many = Site(evolve(site.ranking, cohorts=cohorts))
    assert [name for name, _ in heat_maps(many)] == ["heatmap.html", "heatmap-2.html"]
    assert [len(heat_map.cohorts) for _, heat_map in heat_maps(many)] == [1, 1]
    pages = dict(pages_of(many))
    assert {"heatmap.html", "heatmap-2.html"} <= set(read(pages["heatmap.html"]).links)
    assert len(heat_maps(site)) == 1

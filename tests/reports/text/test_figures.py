"""Tests of the figures that stand together: published, supported by stated facts, possible."""

from decimal import Decimal
from functools import cache

import pytest
from attrs import evolve

from cleancloud_rules import Scorecard, load_dataset, load_methodology, rank, render, score
from cleancloud_rules.analysis import bounds
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.bounds import bounds_text
from cleancloud_rules.reports.text.explanation import explanation_text
from cleancloud_rules.reports.text.figures import (
    NOTHING,
    figures_of_group,
    figures_of_total,
    supported_to_possible,
)
from cleancloud_rules.reports.text.ranking import ranking_text
from cleancloud_rules.reports.text.scorecard import scorecard_text
from cleancloud_rules.results.records import PublishedRecord
from tests.support import samples
from tests.support.examined_forms import averages, company, dataset, partly_applicable
from tests.support.places import DATASET

METHODOLOGY = load_methodology("clean_cloud_2024")
CLEAN_CLOUD = load_dataset(DATASET, METHODOLOGY)
GDS = score(CLEAN_CLOUD.company("GDS"), METHODOLOGY, with_bounds=True)


@cache
def fitted() -> Scorecard:
    """Return the scorecard of GDS with the hypothetical facts of the example."""
    dataset = load_dataset(DATASET, METHODOLOGY, with_hypothetical=True)
    return score(dataset.company("GDS"), METHODOLOGY, with_hypothetical=True)


def printed(card: Scorecard) -> PublishedRecord:
    assert card.company.published is not None
    return card.company.published


def text_of(card: Scorecard) -> str:
    return as_text(scorecard_text(card))


def with_printed(card: Scorecard, **fields: object) -> Scorecard:
    """Return a scorecard of which the publisher printed these figures alone."""
    published = evolve(NOTHING, **fields)  # type: ignore[arg-type] # a test may pass any field
    return evolve(card, company=evolve(card.company, published=published))


def test_the_three_figures_stand_together_in_one_order() -> None:
    assert figures_of_total(GDS, printed(GDS)).in_words() == (
        "published 83.08 · supported by stated facts 26.54 · possible 26.54 to 97.69 · 27 of 31 criteria not assessed"
    )
    assert figures_of_group(GDS, GDS.category("carbon_reduction"), printed(GDS)).in_words() == (
        "published 23.08 · supported by stated facts 6.92 · possible 6.92 to 27.69 · 7 of 8 criteria not assessed"
    )


def test_hypothetical_facts_support_nothing() -> None:
    assert (
        figures_of_total(fitted(), printed(fitted()))
        .in_words()
        .startswith("published 83.08 · supported by stated facts 26.54 · with HYPOTHETICAL facts 83.08 · ")
    )
    said = text_of(fitted())
    assert "GDS: published 83.08; stated facts support 26.54 of 100, with HYPOTHETICAL facts 83.08.\n" in said
    row = next(line for line in said.splitlines() if line.startswith("Transparency   "))
    assert row.split()[1:5] == ["16.67", "0.95", "16.67", "20"]
    (total,) = (line for line in said.splitlines() if line.startswith("Total   "))
    assert total.split() == ["Total", "83.08", "26.54", "83.08", "100"]


def test_what_hypothetical_facts_add_is_taken_from_what_is_supported() -> None:
    card = evolve(samples.scorecard(), total=Decimal("56.67"), hypothetical_total=Decimal("30.00"))
    assert (
        figures_of_total(card, NOTHING)
        .in_words()
        .startswith("nothing published · supported by stated facts 26.67 · with HYPOTHETICAL facts 56.67 · ")
    )


def test_what_the_publisher_does_not_print_is_not_invented() -> None:
    assert figures_of_total(GDS, NOTHING).in_words().startswith("nothing published · supported by stated facts 26.54")
    assert figures_of_group(GDS, GDS.category("influence"), NOTHING).published == "-"


def test_printed_levels_and_points_of_criteria_are_shown() -> None:
    card = with_printed(samples.scorecard(), words=(("level", "gold"),), points=(("ladder", Decimal("3.0")),), rank=2)
    assert ": published level gold; stated facts support " in text_of(card)
    assert "\nRank among Cloud providers          2" in text_of(card)
    assert "published: 3.0 points" in as_text(explanation_text(card))


def test_a_range_that_begins_with_what_is_supported_says_it_once() -> None:
    assert supported_to_possible("0.95", "0.95 to 20.00") == "0.95 to 20.00"
    assert supported_to_possible("5.00", "5.00") == "5.00"
    assert supported_to_possible("0.95", "0.00 to 20.00") == "0.95 · 0.00 to 20.00"
    assert supported_to_possible("-", "0.00 to 20.00") == "- · 0.00 to 20.00"


@pytest.mark.parametrize("with_bounds", [True, False])
def test_a_ranking_gives_every_company_and_category_its_published_figure(with_bounds: bool) -> None:
    ranking = rank([CLEAN_CLOUD.company(id) for id in ("alibaba", "ucloud")], METHODOLOGY, with_bounds=with_bounds)
    lines = as_text(ranking_text(ranking)).splitlines()
    total, categories = [" ".join(line.split()) for line in lines if "Alibaba Group" in line]
    shown = "28.85 28.85 to 97.52 25" if with_bounds else "28.85 25"
    assert total == f"1 Alibaba Group 1 90.35 {shown}"
    ranges = ["0.95 to 20.00", "9.23 to 28.85", "18.67 to 38.67", "0.00 to 10.00"]
    first = [one if with_bounds else one.split()[0] for one in ranges]
    wanted = zip(["17.14", "26.54", "38.67", "8.00"], first, strict=True)
    assert categories == "Alibaba Group " + " ".join(f"{printed} · {stated}" for printed, stated in wanted)


def test_a_company_that_the_table_lacks_has_dashes_and_comes_last_in_the_published_order() -> None:
    unlisted = evolve(CLEAN_CLOUD.company("tencent"), published_row=None)
    ranking = rank([unlisted, CLEAN_CLOUD.company("ucloud")], METHODOLOGY).in_published_order()
    said = as_text(ranking_text(ranking))
    rows = [" ".join(line.split()) for line in said.splitlines() if "Tencent" in line or "UCloud" in line]
    assert rows[:2] == ["10 UCloud 2 15.03 0.00 30", "- Tencent 1 - 31.33 25"]


def test_without_a_published_table_there_is_no_published_order() -> None:
    unlisted = [evolve(company, published_row=None) for company in CLEAN_CLOUD.companies[:2]]
    with pytest.raises(ValueError, match="no company has a row in a published table"):
        rank(unlisted, METHODOLOGY).in_published_order()


def test_a_printed_level_has_a_column_in_a_ranking() -> None:
    ranking = samples.ranking()
    cohort = ranking.cohorts[0]
    cards = [with_printed(row.scorecard, words=(("level", "gold"),)) for row in cohort.rows]
    published = [
        evolve(row.company, published=card.company.published) for row, card in zip(cohort.rows, cards, strict=True)
    ]
    rows = [evolve(row, scorecard=c, company=p) for row, c, p in zip(cohort.rows, cards, published, strict=True)]
    said = as_text(ranking_text(evolve(ranking, cohorts=(evolve(cohort, rows=tuple(rows)),))))
    assert "Published\n" not in said
    assert next(line for line in said.splitlines() if "Acme" in line).split()[3] == "gold"


def test_bounds_stand_beside_what_is_published() -> None:
    one = as_text(bounds_text(bounds([CLEAN_CLOUD.company("GDS")], METHODOLOGY))).splitlines()
    assert [" ".join(line.split()) for line in one if line.startswith(("Influence", "Government", "Total "))] == [
        "Government and industry influence 6.00 0.00 0.00 to 10.00",
        "Total 83.08 26.54 26.54 to 97.69",
        "Government and industry influence",
    ]
    several = render(bounds([CLEAN_CLOUD.company(id) for id in ("GDS", "jd")], METHODOLOGY)).splitlines()
    rows = [" ".join(line.split()) for line in several if line.startswith("JD.com")]
    assert rows == [
        "JD.com 40.34 0.00 0.00 to 86.77",
        "JD.com 11.19 · 0.00 to 20.00 16.15 · 0.00 to 20.77 12.00 · 0.00 to 36.00 1.00 · 0.00 to 10.00",
    ]


def test_an_explanation_gives_each_category_its_published_score() -> None:
    said = " ".join(as_text(explanation_text(GDS)).split())
    assert said.count("published ") >= 5
    assert (
        "Renewable energy procurement and targets: 40 x 14 / 30 = 56/3, rounded half up to 18.67 "
        "published 37.33 · supported by stated facts 18.67 · possible 18.67 to 40.00 · 5 of 7 criteria not assessed "
    ) in said


def test_what_does_not_apply_has_no_points_beside_what_is_published() -> None:
    methodology = partly_applicable()
    listed = dataset(methodology, "company,level\nacme,Very High\n", company(methodology, "north"))
    card = score(listed.companies[0], methodology)
    one, two = (figures_of_group(card, group, printed(card)).supported for group in card.categories)
    assert (one, two) == ("2.0", "-")
    said = as_text(ranking_text(rank(listed, methodology))).splitlines()
    assert [" ".join(line.split()) for line in said if line.startswith("Acme")] == ["Acme - · 2.0 - · -"]


def test_a_publisher_that_says_that_there_is_no_score_has_published_something() -> None:
    methodology = averages()
    listed = dataset(methodology, "company,total,deep,flat\nacme,-,n/a,\n", company(methodology, "north"))
    card = score(listed.companies[0], methodology)
    assert ": published no score; " in text_of(card)
    assert next(line for line in text_of(card).splitlines() if line.startswith("Total ")).split()[1:3] == [
        "no",
        "score",
    ]
    said = [figures_of_group(card, group, printed(card)).in_words() for group in card.categories]
    assert [words.split(" · ")[0] for words in said] == ["published: no score", "nothing published"]


def test_without_totals_there_is_no_total_beside_what_is_published() -> None:
    methodology = partly_applicable()
    listed = dataset(methodology, "company,level\nacme,Very High\nbolt,low\n", company(methodology, "north"))
    card = score(listed.companies[0], methodology, with_bounds=True)
    said = text_of(card)
    assert "Total" not in said
    assert ": published level Very High; by stated facts level Very High.\n" in said
    level = next(line for line in said.splitlines() if line.startswith("Level "))
    assert " ".join(level.split()) == "Level Very High Very High Very High"
    assert ": published no score; " in text_of(with_printed(card, none=("total",)))


def test_printed_levels_have_titles_in_a_ranking() -> None:
    methodology = partly_applicable()
    companies = [company(methodology, "north"), company(methodology, id="bolt")]
    listed = dataset(methodology, "company,level\nacme,low\nbolt,very_high\n", *companies)
    said = as_text(ranking_text(rank(listed, methodology))).splitlines()
    rows = [" ".join(line.split()) for line in said if " Acme " in line or " Bolt " in line]
    assert rows == ["1 Acme - Low level Very High 0", "2 Bolt - Very High Low level 1"]
    alone = score(listed.companies[1], methodology)
    assert ": published level Very High; by stated facts level Low level.\n" in text_of(alone)

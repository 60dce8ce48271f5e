"""Tests of the first page: each row of its tables shows the figures of the ranking."""

from decimal import Decimal

from attrs import evolve

from cleancloud_rules import rank
from cleancloud_rules.model.outcomes import GroupOutcome
from cleancloud_rules.reports.pages.pages import pages_of
from cleancloud_rules.reports.pages.site import Site
from tests.support.examined_forms import averages, company, dataset
from tests.support.result_pages import EXAMPLES, example, example_pages, read, site_of


def number(text: str) -> Decimal:
    return Decimal(text.replace("\u2212", "-"))


def test_the_three_figures_stand_together_in_one_order() -> None:
    page = read(example_pages("clean_cloud_2024")["index.html"])
    site = example("clean_cloud_2024")
    assert [row.id for row in page.tables["ranking"]] == [card.company.id for card in site.cards]
    heads = [cell.head for cell in page.tables["ranking"][0].cells]
    assert heads == ["Rank", "Company", "Chart", "Published", "Supported", "Possible", "Answeredof 31"]
    for row, shown in zip(site.rows, page.tables["ranking"], strict=True):
        printed, bounds = row.card.company.published, row.card.bounds
        assert printed is not None
        assert bounds is not None
        assert shown["Rank"] == str(printed.rank)
        assert number(shown["Published"]) == printed.total
        assert number(shown["Supported"]) == row.card.total
        assert tuple(map(number, shown["Possible"].split("–"))) == (bounds.floor, bounds.ceiling)
        assert int(shown["Answeredof 31"]) == row.answered


def test_companies_stand_in_the_published_order() -> None:
    printed = [card.company.published for card in example("clean_cloud_2024").cards]
    positions = [record.position for record in printed if record is not None]
    assert positions == sorted(positions)
    assert len(positions) == 25


def test_without_a_published_table_there_are_two_figures_and_no_diamond() -> None:
    for name in ("careful_water", "mendable_tools", "two_editions"):
        text = example_pages(name)["index.html"]
        page, site = read(text), example(name)
        assert "Published" not in page.text
        assert 'class="diamond"' not in text
        for row, shown in zip(site.rows, page.tables["ranking"], strict=True):
            assert number(shown["Supported"]) == row.card.total
            assert row.card.bounds is not None
            ends = shown["Possible"].rstrip("*").split("–")
            assert (number(ends[0]), number(ends[-1])) == (row.card.bounds.floor, row.card.bounds.ceiling)
            assert shown["Possible"].endswith("*") is not row.card.bounds.exact


def test_a_range_that_may_be_too_wide_is_marked_and_explained() -> None:
    assert "* The range may be wider than necessary" in read(example_pages("careful_water")["index.html"]).text
    assert "wider than necessary" not in read(example_pages("clean_cloud_2024")["index.html"]).text


def test_without_totals_levels_stand_in_the_table() -> None:
    page, site = read(example_pages("open_reading_rooms")["index.html"]), example("open_reading_rooms")
    assert "Supported" not in [cell.head for cell in page.tables["ranking"][0].cells]
    for row, shown in zip(site.rows, page.tables["ranking"], strict=True):
        level = row.card.level
        expected = level.title if level else "none"
        expected = f"{expected} possible: none to Exemplary"
        expected = "withheld" if row.card.outcome.value == "withheld" else expected
        assert shown["Level"] == expected
    assert "Withheld" not in page.text
    assert [shown["Level"] for shown in page.tables["ranking"]].count("withheld") == 1
    assert "The lowest and the highest level over all further facts" in page.text


def test_labels_and_decision_tables_stand_in_the_table() -> None:
    page, site = read(example_pages("careful_water")["index.html"]), example("careful_water")
    for row, shown in zip(site.rows, page.tables["ranking"], strict=True):
        assert row.card.bounds is not None
        labels = row.card.bounds.labels
        assert labels is not None
        possible = f" possible: {labels.floor} to {labels.ceiling}" if labels.floor != labels.ceiling else ""
        assert shown["Label"] == f"{row.card.label}{possible}"
        assert shown["Standing"] == row.card.tables[0].outputs[0]


def test_cohorts_can_be_chosen_where_there_are_several() -> None:
    for name in EXAMPLES:
        text = example_pages(name)["index.html"]
        assert ('name="cohort"' in text) is (len(example(name).cohorts) > 1)


def test_the_answer_counts_the_published_totals_inside() -> None:
    text = read(example_pages("clean_cloud_2024")["index.html"]).text
    assert "Stated facts support between 0.00 and 31.33 of 100 points." in text
    assert "All 25 published totals lie inside." in text
    assert "Greenpeace East Asia prints a total for each company." in text


def test_the_parts_are_the_scores_of_the_categories() -> None:
    page, site = read(example_pages("clean_cloud_2024")["index.html"]), example("clean_cloud_2024")
    for row, shown in zip(site.rows, page.tables["parts"], strict=True):
        for category in row.card.categories:
            printed = row.card.company.published
            assert printed is not None
            assert shown[category.title] == f"{dict(printed.scores)[category.id]} {category.score}"


def test_a_table_sorted_by_name_does_not_change_the_published_order() -> None:
    methodology = averages()
    companies = [company(methodology, id=id) for id in ("acme", "bolt", "coal")]
    site = Site(rank(dataset(methodology, "company,rank,total\nbolt,2,0\ncoal,1,0\n", *companies), methodology))
    assert [card.company.id for card in site.cards] == ["coal", "bolt", "acme"]


def test_the_order_of_a_table_without_ranks_is_called_published_too() -> None:
    methodology = averages()
    companies = [company(methodology, id=id) for id in ("acme", "bolt")]
    site = Site(rank(dataset(methodology, "company,total\nbolt,0\nacme,0\n", *companies), methodology))
    assert [card.company.id for card in site.cards] == ["bolt", "acme"]
    assert site.order == "in the published order"
    assert Site(rank(companies, methodology)).order == "by total"


def test_a_total_below_zero_has_a_line_at_zero_and_what_is_not_assessed_has_no_score() -> None:
    site = example("two_editions")
    below, none, last = site.cards
    cards = [
        evolve(below, total=Decimal("-12.5")),
        evolve(last, total=None, max_total=None, outcome=GroupOutcome.NOT_ASSESSED, bounds=None),
        none,
    ]
    made = site_of(cards, site)
    text = dict(pages_of(made))["index.html"]
    page = read(text)
    assert text.count('class="zero"') == 3
    assert page.tables["ranking"][0]["Supported"] == "\u221212.5"
    assert page.tables["ranking"][1]["Supported"] == "no score"
    assert page.tables["ranking"][1]["Possible"] == "not known"
    assert [label for label, _ in made.axis.ticks] == ["\u221212.5", "0", "100"]

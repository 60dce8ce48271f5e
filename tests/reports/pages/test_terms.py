"""Tests of results in words: levels, labels and outputs of decision tables, published, supported and possible."""

import csv
import io

from attrs import evolve

from cleancloud_rules.reports.pages.pages import pages_of
from cleancloud_rules.reports.pages.site import Site
from cleancloud_rules.reports.pages.terms import Ladder, ladders_of, terms_of
from cleancloud_rules.results.records import LevelStep, PublishedRecord
from tests.support.result_pages import example, example_pages, read, site_of


def printed(name: str, **words: str) -> Site:
    """Return the results of an example whose publisher printed words of each company."""
    site = example(name)
    row = PublishedRecord(1, None, None, (), (), tuple(words.items()), ())
    cards = [evolve(card, company=evolve(card.company, published=evolve(row, position=n)))
             for n, card in enumerate(site.cards, 1)]  # fmt: skip
    return site_of(cards, site)


def test_the_levels_of_a_company_stand_in_their_order_with_their_bounds() -> None:
    cards = {card.company.id: card for card in example("open_reading_rooms").cards}
    (ladder,) = ladders_of(cards["example_heath"])
    assert [step.id for step in ladder.steps] == ["aware", "prepared", "practised", "leading", "exemplary"]
    assert (ladder.reached, ladder.floor, ladder.ceiling, ladder.published) == (1, 0, 5, None)
    (withheld,) = ladders_of(cards["example_moor"])
    assert (withheld.reached, withheld.ceiling) == (0, 0)


def test_the_page_of_the_methodology_says_what_each_level_asks_for() -> None:
    rows = read(example_pages("open_reading_rooms")["methodology.html"]).tables["way"]
    asked = {row["Level"]: row["Asks for"] for row in rows}
    assert asked["2. Prepared"] == "A toilet for wheelchair users, A shelf of large print, Trained staff"
    assert asked["4. Leading"] == "Three formats, All staff trained, A policy that is reviewed, Arriving"
    assert asked["5. Exemplary"] == "every criterion"


def test_each_criterion_stands_in_the_way_of_the_lowest_level_that_asks_for_it_alone() -> None:
    steps = (
        LevelStep("one", "One", True, ("a",), (), (), ()),
        LevelStep("two", "Two", False, ("b",), ("b",), (), ()),
        LevelStep("all", "All", False, ("a", "b", "c"), ("b", "c"), ("a score of 5",), ("a score of 5",)),
    )
    found = Ladder(None, steps, None, None, None).in_the_way
    assert [(step.id, ids) for step, ids in found] == [("two", ("b",)), ("all", ("c",))]


def test_a_published_level_stands_beside_the_others_on_pages_and_in_the_table() -> None:
    site = printed("open_reading_rooms", level="practised")
    pages = dict(pages_of(site))
    assert read(pages["index.html"]).tables["ranking"][2]["Level"].startswith("published Practised Aware possible")
    assert "Practised possible published" in read(pages["companies/example_heath.html"]).text
    rows = list(csv.DictReader(io.StringIO(pages["data/ranking.csv"], newline="")))
    assert {row["level_published"] for row in rows} == {"Practised"}
    assert [row["level_supported"] for row in rows] == [card.level.title if card.level else "" for card in site.cards]


def test_published_labels_and_outputs_of_tables_stand_beside_the_others() -> None:
    site = printed("careful_water", label="silver", standing="watched")
    pages = dict(pages_of(site))
    first = read(pages["index.html"]).tables["ranking"][0]
    assert first["Label"] == "published silver gold possible: silver to gold"
    assert first["Standing"] == "published watched steward"
    page = read(pages["companies/example_brook.html"])
    assert "Published silver In any case silver By stated facts gold Possible at most gold" in page.text
    row = next(csv.DictReader(io.StringIO(pages["data/ranking.csv"], newline="")))
    names = ("label_published", "label_supported", "label_floor", "label_ceiling", "standing_published")
    assert [row[name] for name in names] == ["silver", "gold", "silver", "gold", "watched"]


def test_a_methodology_without_words_has_no_columns_for_them() -> None:
    assert not any(terms_of(card) for card in example("clean_cloud_2024").cards)
    head = example_pages("clean_cloud_2024")["data/ranking.csv"].splitlines()[0]
    assert "label" not in head
    assert "level" not in head

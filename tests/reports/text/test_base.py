"""Tests of what the documents in text share."""

from cleancloud_rules.reports.outline.blocks import Outline
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.base import add_fact, fact_in_words, source_in_words
from tests.support import samples


def test_a_source_is_given_with_title_publisher_date_and_footnotes() -> None:
    said = source_in_words(samples.SOURCES[0])
    assert said == "“Annual Report”, Acme, published 2024-04-02, footnotes 15, 17"


def test_what_is_not_known_of_a_source_is_said() -> None:
    assert source_in_words(samples.SOURCES[1]) == "untitled (unnamed), publisher unknown, date unknown"


def test_a_fact_is_given_with_its_time_and_the_part_of_the_company() -> None:
    assert fact_in_words(samples.fact("a", period=None, as_of="2024-01-19", entity="Acme Cloud", text="x")) == (
        "a: x; as of 2024-01-19; of Acme Cloud"
    )
    assert fact_in_words(samples.fact("a", period=None, text="x")) == "a: x"


def test_a_derived_fact_is_given_with_the_facts_it_came_from() -> None:
    card = samples.scorecard()
    outline = Outline()
    add_fact(outline, card.fact("share-3"), card, 0)
    lines = as_text(outline).splitlines()
    assert "  derived by share_from_use from share-1" in lines
    assert any(line.startswith("    share-1: ") for line in lines)
    assert "  disclosed, value not at hand: amount" in lines
    assert "  note: Of three sites." in lines


def test_a_fact_without_a_source_says_so() -> None:
    outline = Outline()
    add_fact(outline, samples.fact("a", source=None), samples.scorecard(), 0)
    assert "  source: none given" in as_text(outline).splitlines()

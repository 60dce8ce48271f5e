"""Tests of what the documents in text share."""

from io import StringIO

from rich.console import Console

from cleancloud_rules.reports.text.base import (
    WIDTH,
    Outline,
    add_fact,
    as_text,
    fact_in_words,
    source_in_words,
    table,
)
from tests.support import samples


def test_a_paragraph_is_wrapped_inside_its_indentation() -> None:
    outline = Outline()
    outline.add("word " * 60, 4)
    lines = as_text(outline).splitlines()
    assert len(lines) == 3
    assert all(line.startswith("    word") and len(line) <= WIDTH for line in lines)


def test_a_long_word_is_never_broken() -> None:
    outline = Outline()
    outline.add(f"at {'x' * 300}", 2)
    outline.add(f"url: {'y' * 300}", 2, whole=True)
    assert as_text(outline).splitlines() == ["  at", f"  {'x' * 300}", f"  url: {'y' * 300}"]


def test_a_wide_table_is_kept_whole() -> None:
    made = table(*(f"column {index}" for index in range(20)))
    made.add_row(*("a rather long cell" for _ in range(20)))
    outline = Outline()
    outline.add_table(made)
    lines = as_text(outline).splitlines()
    assert len(lines) == 2
    assert len(lines[1]) > WIDTH


def test_only_the_wrapping_column_of_a_table_is_wrapped() -> None:
    made = table("Name", "Text", wraps=1)
    made.add_row("a name of several words", "word " * 60)
    outline = Outline()
    outline.add_table(made)
    lines = as_text(outline).splitlines()
    assert lines[1].startswith("a name of several words  word")
    assert all(len(line) <= WIDTH for line in lines)


def test_brackets_are_text_and_never_markup() -> None:
    made = table("[bold]")
    made.add_row("[red]x[/red]")
    outline = Outline()
    outline.add("[2022..2024]")
    outline.add_table(made)
    assert as_text(outline) == "[2022..2024]\n[bold]\n[red]x[/red]\n"


def test_a_terminal_shows_the_same_words() -> None:
    outline = Outline()
    outline.add("first", 2, style="bold")
    outline.gap()
    outline.add("second")
    console = Console(file=StringIO(), width=WIDTH, color_system=None)
    with console.capture() as captured:
        console.print(outline)
    assert [line.rstrip() for line in captured.get().splitlines()] == as_text(outline).splitlines()


def test_a_narrow_terminal_wraps_a_table_and_cuts_nothing_off() -> None:
    made = table("Name", "Points", "Text", right=(1,), wraps=2)
    made.add_row("a name of several words", "1.0 of 4.0", " ".join(f"word{index}" for index in range(40)))
    outline = Outline()
    outline.add_table(made)
    console = Console(file=StringIO(), width=60, color_system=None)
    with console.capture() as captured:
        console.print(outline)
    shown = captured.get()
    assert all(len(line) <= 60 for line in shown.splitlines())
    assert set(as_text(outline).split()) == set(shown.split())


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

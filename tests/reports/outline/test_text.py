"""Tests of documents as text and on a terminal."""

from rich.cells import cell_len

from cleancloud_rules.reports.outline.blocks import WIDTH, Outline, Ref, table
from cleancloud_rules.reports.outline.text import as_text, on_terminal


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
    assert [line.plain.rstrip() for line in on_terminal(outline, 120)] == as_text(outline).splitlines()


def test_a_narrow_terminal_wraps_a_table_and_cuts_nothing_off() -> None:
    made = table("Name", "Points", "Text", right=(1,), wraps=2)
    made.add_row("a name of several words", "1.0 of 4.0", " ".join(f"word{index}" for index in range(40)))
    outline = Outline()
    outline.add_table(made)
    lines = [line.plain for line in on_terminal(outline, 60)]
    assert all(len(line) <= 60 for line in lines)
    assert set(as_text(outline).split()) == set(" ".join(lines).split())


def test_east_asian_characters_take_two_columns_each() -> None:
    outline = Outline(20)
    outline.add("阿里巴巴集团控股有限公司，以及数据中心。")
    outline.item("数据中心数据中心数据中心", "+1.0", 4)
    lines = as_text(outline).splitlines()
    assert lines == ["阿里巴巴集团控股有限", "公司，以及数据中心。", "  +1.0  数据中心数据", "        中心数据中心"]
    assert all(cell_len(line) <= 20 for line in lines)


def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one() -> None:
    outline = Outline(6)
    outline.add("公司。（数据）")
    assert as_text(outline).splitlines() == ["公司。", "（数", "据）"]


def test_labels_stand_in_a_column_of_their_own() -> None:
    outline = Outline(30)
    outline.item("a text that needs two lines", "+13.33", 6)
    outline.item("short", "+5.33", 6)
    outline.item("plain")
    assert as_text(outline).splitlines() == [
        "  +13.33  a text that needs",
        "          two lines",
        "   +5.33  short",
        "  - plain",
    ]


def test_notes_have_the_numbers_by_which_they_are_cited() -> None:
    outline = Outline()
    outline.add(("Said so.", " ", Ref(2), Ref(11)))
    outline.notes([(2, "A source"), (11, "Another")])
    assert as_text(outline).splitlines() == ["Said so. [2][11]", "   [2]  A source", "  [11]  Another"]

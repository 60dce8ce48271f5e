"""Tests of documents as blocks."""

from cleancloud_rules.reports.outline.blocks import Gap, Heading, Link, Outline, Paragraph, lists_of, table


def test_indented_lines_are_lists_inside_lists() -> None:
    outline = Outline()
    outline.heading("Title", 1)
    for text, indent in (("top", 0), ("a", 2), ("b", 4), ("c", 6), ("d", 4), ("e", 2)):
        outline.add(text, indent)
    outline.gap()
    outline.add("end")
    heading, first, lines, last = lists_of(outline.blocks)
    assert isinstance(heading, Heading)
    assert isinstance(first, Paragraph)
    assert isinstance(last, Paragraph)
    assert isinstance(lines, tuple)
    assert [line.paragraph.text for line in lines] == [("a",), ("e",)]
    assert [line.paragraph.text for line in lines[0].lines] == [("b",), ("d",)]
    assert [line.paragraph.text for line in lines[0].lines[0].lines] == [("c",)]


def test_a_list_continues_after_an_empty_line() -> None:
    outline = Outline()
    outline.item("a")
    outline.gap()
    outline.item("b")
    assert Gap() in outline.blocks
    (lines,) = lists_of(outline.blocks)
    assert isinstance(lines, tuple)
    assert len(lines) == 2


def test_cells_that_are_not_given_are_empty() -> None:
    made = table("A", "B", "C", right=(1,))
    made.add_row("x")
    assert made.rows[0].cells == (("x",), ("",), ("",))
    assert [column.right for column in made.columns] == [False, True, False]


def test_only_addresses_of_the_web_can_be_followed() -> None:
    assert Link("https://example.org/a").is_web
    assert not any(Link(url).is_web for url in ("javascript:alert(1)", "https://a b", "data:text/html,x", ""))

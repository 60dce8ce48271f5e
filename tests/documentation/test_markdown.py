"""Tests of pages as Markdown: what a reader of Markdown makes of them is the text that went in."""

import html
import re

import pytest
from markdown_it import MarkdownIt

from cleancloud_rules.documentation.markdown import page_markdown
from cleancloud_rules.documentation.page import Code, Link, Listing, Page, Paragraph, Section, Table, Text

AWKWARD = [
    "a | b",
    "<b>",
    "`x`",
    "*x*",
    "_x_ y",
    "1. x",
    "12) x",
    "- x",
    "+ x",
    "# x",
    "> x",
    "&lt;",
    "[a](b)",
    "~~x~~",
]
CODE = ["a | b", "`x", "x``y`", "<b>", "*x*"]


def rendered(page: Page) -> str:
    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(page_markdown(page)))


def page(*blocks: Paragraph | Listing | Table | Section) -> Page:
    return Page("T", "en", blocks)


def cells(text: str) -> list[str]:
    found = re.findall(r"<(td|p|li|h2)>(.*?)</\1>", text)
    return [html.unescape(re.sub(r"</?code>", "", inner)) for _, inner in found]


@pytest.mark.parametrize("text", AWKWARD)
def test_text_is_read_as_it_was_meant_wherever_it_stands(text: str) -> None:
    made = page(
        Section("s", text, (Paragraph((text,)), Listing(((text,),)), Table("C", ("A", "B"), (((text,), (text,)),))))
    )
    assert [cell for cell in cells(rendered(made)) if "<strong>" not in cell] == [text] * 5


@pytest.mark.parametrize("text", CODE)
def test_code_is_read_as_it_was_meant(text: str) -> None:
    code: Text = (Code(text),)
    made = rendered(page(Paragraph(code), Table("C", ("A", "B"), ((code, code),))))
    assert [cell for cell in cells(made) if "<strong>" not in cell] == [text] * 3
    assert made.count("<code>") == 3


def test_an_address_on_the_web_can_be_followed_and_no_other() -> None:
    made = rendered(page(Paragraph((Link("https://example.org/a_b_c"), " ", Link("javascript:x")))))
    assert '<a href="https://example.org/a_b_c">' in made
    assert "<code>javascript:x</code>" in made


def test_line_breaks_do_not_end_a_row() -> None:
    made = page(Table("C", ("A", "B"), ((("a\n\nb",), (Code("c\nd"),)),)))
    assert page_markdown(made).splitlines()[-1] == "| a b | `c d` |"


def test_headings_go_no_deeper_than_six() -> None:
    section = Section("s9", "9", ())
    for depth in range(8, 1, -1):
        section = Section(f"s{depth}", str(depth), (section,))
    assert re.findall(r"^#+ \d", page_markdown(page(section)), re.MULTILINE)[3:6] == ["##### 5", "###### 6", "###### 7"]

"""Tests of pages as HTML: well nested, escaped, readable without eyes, and in need of nothing else."""

from html.parser import HTMLParser
from itertools import pairwise

import pytest

from cleancloud_rules import load_methodology
from cleancloud_rules.documentation.html import page_html
from cleancloud_rules.documentation.methodology import page_of
from cleancloud_rules.documentation.page import Code, Link, Listing, Page, Paragraph, Section, Table
from tests.support.places import ROOT

METHODOLOGIES = ["clean_cloud_2024", *sorted(str(p.parent) for p in (ROOT / "examples").glob("*/*/methodology.yaml"))]
EMPTY = {"meta"}


class Reader(HTMLParser):
    """Reads a page, and fails where a tag is closed that is not the last one opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.data: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.data.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("name", METHODOLOGIES)
def test_a_methodology_makes_a_page_that_is_well_nested_and_needs_nothing_else(name: str) -> None:
    reader = Reader(page_html(page_of(load_methodology(name))))
    names = {tag for tag, _ in reader.tags}
    assert not names & {"script", "link", "img", "iframe", "object"}
    assert not any("src" in attributes for _, attributes in reader.tags)
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids)) > 5
    links = {a["href"] for a in reader.all("a")}
    assert {f"#{id}" for id in ids} >= {link for link in links if link and link.startswith("#")} != set()


@pytest.mark.parametrize("name", METHODOLOGIES)
def test_headings_skip_no_depth_and_tables_say_what_their_cells_are_about(name: str) -> None:
    reader = Reader(page_html(page_of(load_methodology(name))))
    depths = [int(tag[1]) for tag, _ in reader.tags if tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]
    assert depths.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(depths))
    assert reader.all("html") == [{"lang": "en"}]
    assert {head.get("scope") for head in reader.all("th")} == {"col", "row"}
    assert len(reader.all("caption")) == len(reader.all("table")) > 0


def test_everything_is_escaped() -> None:
    bad = '<b>"&amp;`|'
    blocks = (
        Paragraph((bad, Code(bad), Link(bad))),
        Listing(((bad,),)),
        Section(bad, bad, (Table(bad, (bad,), (((bad,),),)),)),
    )
    reader = Reader(page_html(Page(bad, "en", blocks)))
    assert "b" not in {tag for tag, _ in reader.tags}
    assert sum(data.count(bad) for data in reader.data) == 11
    assert reader.all("h2") == [{"id": bad}]


def test_only_an_address_on_the_web_can_be_followed() -> None:
    links = (Link("https://example.org/?a=1&b=2"), Link("javascript:x"), Link("https://example.org/ x"))
    reader = Reader(page_html(Page("T", "en", (Paragraph(links),))))
    assert [a["href"] for a in reader.all("a")] == ["https://example.org/?a=1&b=2"]


def test_a_section_below_the_sixth_depth_says_how_deep_it_is() -> None:
    section = Section("s7", "7", ())
    for depth in range(6, 1, -1):
        section = Section(f"s{depth}", str(depth), (section,))
    assert Reader(page_html(Page("T", "en", (section,)))).all("h6") == [{"id": "s6"}, {"id": "s7", "aria-level": "7"}]

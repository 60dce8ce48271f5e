"""Tests of what makes the site: how pages and docstrings are read. They need no site."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest

import cleancloud_rules as cc
from docs.site.docstrings import Alias, aliases, arguments, attributes, names_of, section, type_text, without
from docs.site.reading import NAVIGATION, for_the_site, pages
from tests.support.places import ROOT
from tests.support.site import HtmlPage, is_outside, target_of

DOCSTRING = """Return a sum.

Args:
    first: a number
        on two lines.
    second: another one.

Raises:
    ValueError: if it is too large.

Example:
    >>> 1 + 1
    2
"""


def test_the_sections_of_a_docstring_are_read() -> None:
    assert arguments(DOCSTRING) == {"first": "a number on two lines.", "second": "another one."}
    assert section(DOCSTRING, "Example") == [">>> 1 + 1", "2"]
    assert section(DOCSTRING, "Returns") == []
    assert "first" not in "\n".join(without(DOCSTRING, "Args"))
    assert "ValueError" in "\n".join(without(DOCSTRING, "Args"))
    assert without(DOCSTRING, "Returns") == DOCSTRING.splitlines()


def test_a_class_has_the_attributes_of_its_bases_and_nothing_private() -> None:
    inherited = attributes(cc.model.Combining)
    assert inherited.items() <= attributes(cc.model.Group).items()
    assert "node" not in attributes(cc.model.Group)
    assert not [name for name in attributes(cc.model.Interval) if name.startswith("_")]


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        (int | None, "int | None"),
        (tuple[Decimal, ...], "tuple[decimal.Decimal, ...]"),
        (Callable[[int], str], "collections.abc.Callable[[int], str]"),
        (Mapping[str, Any], "collections.abc.Mapping[str, typing.Any]"),
        (Literal["a", "b"], "Literal['a', 'b']"),
        (cc.model.When, "cleancloud_rules.model.When"),
        (cc.model.When | None, "cleancloud_rules.model.When | None"),
    ],
)
def test_a_type_is_written_in_full_and_by_its_public_name(hint: Any, text: str) -> None:
    assert type_text(hint, {alias: one.name for alias, one in aliases().items()}) == text


def test_a_thing_has_all_its_public_names_the_shortest_first() -> None:
    assert names_of(cc.Company) == ["cleancloud_rules.Company", "cleancloud_rules.model.Company"]
    assert names_of(HtmlPage) == []
    assert aliases()[cc.model.When] == Alias("cleancloud_rules.model.When", aliases()[cc.model.When].meaning)


def test_a_new_page_is_in_the_navigation_after_those_that_are_named() -> None:
    found = pages(["facts", "criteria", "docs/reference/language/*"], "docs/reference/language/index")
    assert found[:2] == ["/docs/reference/language/facts", "/docs/reference/language/criteria"]
    assert sorted(found) == sorted(
        f"/docs/reference/language/{file.stem}"
        for file in (ROOT / "docs" / "reference" / "language").glob("*.md")
        if file.stem != "index"
    )


def test_a_page_is_read_with_its_anchors_and_without_links_to_folders() -> None:
    text = '<a id="score-as-of"></a>`--as-of`\n\n<a id="a_b"></a>\n\n[two](../examples/two_editions) [page](index.md)\n'
    assert for_the_site("docs/page", text) == (
        '[`--as-of`]{#score-as-of}\n\n<a id="a_b"></a>\n\n(a_b)=\n\ntwo [page](index.md)\n'
    )
    assert all("{toctree}" in for_the_site(name, "") for name in NAVIGATION)


def test_a_link_that_leads_nowhere_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text('<p id="x"><a href="lost.html#y">1</a><a href="#x">2</a><img src="https://example.org/a.png"></p>')
    read = HtmlPage(page)
    assert read.ids == ["x"]
    assert [target_of(read, link) for link in read.links] == [(tmp_path / "lost.html", "y"), (page, "x")]
    assert [is_outside(link) for link in read.loads] == [True]

"""The built site of the documentation: its pages, what they refer to, and its search."""

import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from attrs import define, field, frozen

from tests.support.places import ROOT

SITE = ROOT / "build" / "docs"
LOADING = {
    ("script", "src"),
    ("img", "src"),
    ("link", "href"),
    ("iframe", "src"),
    ("source", "src"),
    ("object", "data"),
}
"""The attributes by which a browser loads something with a page."""

TITLE, WORD = 15, 5
"""What a word of a query counts in a title and elsewhere: the weights of Sphinx's own search."""


@define
class HtmlPage(HTMLParser):
    """A page of the site.

    Args:
        path: its file.
        ids: all ids in it, in their order.
        links: what it leads to.
        loads: what a browser loads with it.
    """

    path: Path
    ids: list[str] = field(factory=list)
    links: list[str] = field(factory=list)
    loads: list[str] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Keep what an element says about links."""
        for name, value in attributes:
            if name == "id" and value:
                self.ids.append(value)
            elif (tag, name) in LOADING and value:
                self.loads.append(value)
            elif (tag, name) == ("a", "href") and value:
                self.links.append(value)


@cache
def pages() -> dict[Path, HtmlPage]:
    """Return all pages of the site by their files."""
    found = {path: HtmlPage(path) for path in sorted(SITE.rglob("*.html"))}
    assert found, "there is no site: `make docs` builds it"
    return found


def target_of(page: HtmlPage, link: str) -> tuple[Path, str]:
    """Return the file and the anchor to which a link inside the site leads."""
    parts = urlsplit(link)
    file = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
    return file, unquote(parts.fragment)


def is_outside(link: str) -> bool:
    """Return whether a link leads to another host, or is no link to a page."""
    parts = urlsplit(link)
    return bool(parts.scheme or parts.netloc)


@frozen
class Search:
    """The index in which the site searches, without a network: Sphinx writes it as one file.

    Args:
        names: the pages, as paths without ending.
        words: for each word in its form without endings the pages that have it.
        titles: the same for the words of titles and headings.
    """

    names: tuple[str, ...]
    words: dict[str, Any]
    titles: dict[str, Any]

    @classmethod
    def of_site(cls) -> "Search":
        """Return the index of the built site."""
        text = (SITE / "searchindex.js").read_text(encoding="utf-8")
        index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
        return cls(tuple(index["docnames"]), index["terms"], index["titleterms"])

    def find(self, query: str) -> list[str]:
        """Return the pages that have all words of a query, the best first."""
        points = dict.fromkeys(range(len(self.names)), 0)
        for word in stems(query):
            titled, others = (_pages(words.get(word, [])) for words in (self.titles, self.words))
            points = {
                page: score + (TITLE if page in titled else WORD)
                for page, score in points.items()
                if page in titled or page in others
            }
        return [self.names[page] for page in sorted(points, key=lambda page: (-points[page], page))]


def _pages(entry: Any) -> set[int]:
    return {entry} if isinstance(entry, int) else set(entry)


def stems(query: str) -> list[str]:
    """Return the words of a query as the index has them: in lower case, without endings and without frequent words."""
    from sphinx.search.en import SearchEnglish  # noqa: PLC0415 - it is there where the site is

    language = SearchEnglish({})
    words = (word.lower() for word in re.findall(r"\w+", query))
    return [language.stem(word) for word in words if word not in language.stopwords]

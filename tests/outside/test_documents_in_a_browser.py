"""Tests that a browser shows the document of a methodology whole, loads nothing for it, and prints it."""

import re
from pathlib import Path

import pytest

from cleancloud_rules import Methodology, load_methodology
from cleancloud_rules.cli import main
from tests.documentation.test_html import METHODOLOGIES, Reader
from tests.support.browser import STRICT, Seen, Server, printed, seen, serving
from tests.support.places import ROOT

pytestmark = pytest.mark.outside

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

NARROW = """<!DOCTYPE html>
<iframe src="page.html" width="360" height="600"></iframe>
<script>
addEventListener("load", () => {
  const page = document.querySelector("iframe").contentDocument.documentElement;
  document.documentElement.dataset.widths = `${page.clientWidth} ${page.scrollWidth}`;
});
</script>
"""
"""A page that shows another one in a frame as narrow as a telephone, and says how wide that is."""


class Headings(Reader):
    """Reads the texts of the headings of a page."""

    def __init__(self, text: str) -> None:
        self.headings: list[str] = []
        super().__init__(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        if tag in HEADINGS:
            self.headings.append("")

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        if self.open and self.open[-1] in HEADINGS:
            self.headings[-1] += data


def document(name: str, folder: Path) -> str:
    """Return the document that the command line writes for a methodology."""
    file = folder / "document.html"
    main(["docs", name, "--format", "html", "-o", str(file)], standalone_mode=False)
    return file.read_text(encoding="utf-8")


def visited(server: Server, folder: Path, name: str = "page.html") -> Seen:
    return seen(server.url(name), folder / "profile")


@pytest.mark.parametrize("name", METHODOLOGIES, ids=lambda name: name.removeprefix(str(ROOT)))
def test_a_browser_shows_every_heading_and_criterion_and_loads_nothing(name: str, tmp_path: Path) -> None:
    text = document(name, tmp_path)
    with serving({"page.html": text}, {"page.html": STRICT}) as server:
        shown = visited(server, tmp_path)
    assert shown.console == ()
    assert set(server.asked_for) <= {"/page.html", "/favicon.ico"}
    found, made = Headings(shown.dom), Headings(text)
    assert found.headings == made.headings
    assert "".join(found.data).split() == "".join(made.data).split()
    assert_shows_all(load_methodology(name), found)


def assert_shows_all(methodology: Methodology, found: Headings) -> None:
    assert found.headings[0] == methodology.title
    titles = {criterion.title for criterion in methodology.criteria} | {group.title for group in methodology.groups}
    assert titles <= set(found.headings)
    assert {criterion.id for criterion in methodology.criteria} <= set(found.data)


def test_what_a_page_would_load_is_noticed(tmp_path: Path) -> None:
    pages = {"page.html": '<!DOCTYPE html><title>Page</title><p>Text</p><img src="picture.png" alt="">'}
    with serving(pages, {"page.html": STRICT}) as server:
        shown = visited(server, tmp_path)
    (message,) = shown.console
    assert "picture.png" in message
    with serving(pages, {}) as server:
        visited(server, tmp_path)
    assert "/picture.png" in server.asked_for


def test_on_a_narrow_screen_tables_scroll_and_the_page_does_not(tmp_path: Path) -> None:
    pages = {"page.html": document("clean_cloud_2024", tmp_path), "narrow.html": NARROW}
    with serving(pages, {"page.html": STRICT}) as server:
        shown = visited(server, tmp_path, "narrow.html")
    widths = re.search(r'data-widths="(\d+) (\d+)"', shown.dom)
    assert widths is not None
    inner, whole = map(int, widths.groups())
    assert inner == whole <= 360


def test_a_document_is_printed_on_pages(tmp_path: Path) -> None:
    with serving({"page.html": document("clean_cloud_2024", tmp_path)}, {"page.html": STRICT}) as server:
        file = printed(server.url("page.html"), tmp_path / "profile")
    assert file.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", file)) >= 10

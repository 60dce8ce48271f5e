"""Tests of the links of the documentation: each leads to a file, and to a heading where it names one."""

import re
from pathlib import Path

import pytest

from tests.support.places import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def prose_of(page: Path) -> str:
    """Return the text of a page without its examples."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """Return what may follow `#` in a link to a page: its headings as GitHub names them, and what it names itself."""
    headings = re.findall(r"^#+ +(.+?) *$", prose_of(page), re.MULTILINE)
    named = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return named | set(re.findall(r'<a id="([^"]+)">', prose_of(page)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose_of(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file), target


DOCS = ROOT / "docs"
INDEXES = {
    DOCS / "reference" / "language": DOCS / "reference" / "language" / "index.md",
    DOCS / "reference" / "api": DOCS / "reference" / "python-api.md",
}
"""The pages that lead to the pages of a folder. To all other pages leads the index."""


def led_to(page: Path) -> set[Path]:
    return {(page.parent / path).resolve() for path in re.findall(r"\]\(([^)#\s]+)", prose_of(page))}


def test_an_index_leads_to_every_page() -> None:
    index = DOCS / "index.md"
    for page in DOCS.rglob("*.md"):
        assert page == index or page in led_to(INDEXES.get(page.parent, index)) | {*INDEXES.values()}, page
    assert led_to(index) >= {*INDEXES.values()}

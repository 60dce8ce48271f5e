"""Tests of every kind of result page of every example in a browser: accessibility, errors, requests, and layout."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.browser import walked
from tests.support.hostile_pages import HOSTILE, poisoned_pages
from tests.support.result_pages import EXAMPLES, example_pages

pytestmark = pytest.mark.outside

SETS = [*EXAMPLES, "hypothetical"]
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
LONGEST = ("companies/gds.html", "companies/bytedance.html")
"""Pages of companies with much on them."""

AXE = """
  const found = [];
  for (const theme of ["light", "dark"]) {
    page.documentElement.dataset.theme = theme;
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const result = await window.axe.run(page, { runOnly: tags, resultTypes: ["violations"] });
    for (const one of result.violations) found.push([theme, one.id, one.nodes[0].html, one.nodes[0].failureSummary]);
  }
  return [window.axe.version, found];
"""

LAYOUT = """
  for (const part of page.querySelectorAll("details")) part.open = true;
  const root = page.documentElement, wide = [];
  for (const element of page.querySelectorAll("main *")) {
    const inside = element.closest(".wide");
    if (inside && inside !== element) continue;
    const box = element.getBoundingClientRect();
    const out = box.right > root.clientWidth + 1 && !element.closest("svg, .sr, thead");
    if (out) wide.push(element.outerHTML.slice(0, 200));
  }
  return [root.scrollWidth <= root.clientWidth, wide];
"""

CUT = """
  for (const part of page.querySelectorAll("details")) part.open = true;
  const root = page.documentElement, cut = [];
  for (const element of page.querySelectorAll("main *")) {
    if (element.closest("svg, .sr, .heads, i")) continue;
    if (element.getBoundingClientRect().right > root.clientWidth + 1) cut.push(element.outerHTML.slice(0, 200));
  }
  return cut;
"""


def pages_of(name: str) -> dict[str, str]:
    return example_pages("clean_cloud_2024", hypothetical=True) if name == "hypothetical" else example_pages(name)


def one_of_each_kind(pages: dict[str, str]) -> dict[str, str]:
    """Return the pages of which there is one, and two pages of companies and of criteria."""
    names = [name for name in pages if name.endswith(".html")]
    some = [[n for n in names if n.startswith(folder)][:2] for folder in ("companies/", "criteria/")]
    kept = {*(n for n in names if "/" not in n), *some[0], *some[1], *LONGEST}
    return {name: pages[name] for name in names if name in kept}


@pytest.mark.parametrize("name", SETS)
def test_axe_finds_no_violation_in_either_theme(name: str, tmp_path: Path) -> None:
    package = find_spec("axe_playwright_python")
    assert package is not None, "axe-core is missing; `make test-outside` installs it"
    assert package.origin is not None
    script = (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    pages = {
        page: POLICY.sub("", text).replace("</body>", f"<script>{script}</script></body>")
        for page, text in one_of_each_kind(pages_of(name)).items()
    }
    found, _ = walked(pages, AXE, tmp_path)
    assert set(found) == set(pages)
    for page, (version, violations) in found.items():
        assert version.startswith("4."), page
        assert violations == [], page


def test_axe_notices_what_is_wrong(tmp_path: Path) -> None:
    package = find_spec("axe_playwright_python")
    assert package is not None
    assert package.origin is not None
    script = (Path(package.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    page = f"<!DOCTYPE html><title>x</title><p style='color: #ccc'>pale</p><img src=data:><script>{script}</script>"
    found, _ = walked({"wrong": page}, AXE, tmp_path)
    assert {"color-contrast", "image-alt", "html-has-lang"} <= {rule for _, rule, *_ in found["wrong"][1]}


@pytest.mark.parametrize("width", [375, 1200])
@pytest.mark.parametrize("name", SETS)
def test_no_page_says_an_error_asks_for_anything_or_is_wider_than_the_window(
    name: str, width: int, tmp_path: Path
) -> None:
    pages = one_of_each_kind(pages_of(name))
    found, asked_for = walked(pages, LAYOUT, tmp_path, width)
    assert found == {page: [True, []] for page in pages}
    assert {path.removeprefix("/") for path in asked_for} <= {*pages, "walk", "favicon.ico"}


@pytest.mark.parametrize("width", [375, 1200])
@pytest.mark.parametrize("name", ["clean_cloud_2024", "careful_water", "open_reading_rooms"])
def test_no_hostile_text_breaks_the_layout_or_runs(name: str, width: int, tmp_path: Path) -> None:
    pages = {
        f"{number}/{page}": html
        for number, text in enumerate(HOSTILE)
        for page, html in one_of_each_kind(poisoned_pages(name, text)).items()
    }
    steps = f"const ran = window.ran || page.title.includes('49'); return [ran, ...(() => {{ {LAYOUT} }})()];"
    found, _ = walked(pages, steps, tmp_path, width)
    assert found == {page: [False, True, []] for page in pages}


@pytest.mark.parametrize("name", SETS)
def test_nothing_is_cut_off_on_paper(name: str, tmp_path: Path) -> None:
    pages = {
        page: POLICY.sub("", text).replace("@media print", "@media all").replace("@media screen", "@media not all")
        for page, text in one_of_each_kind(pages_of(name)).items()
    }
    found, _ = walked(pages, CUT, tmp_path, width=703)  # 186 mm between the margins of A4
    assert found == {page: [] for page in pages}

"""Tests of result pages in a browser: no errors, no requests, and scripts that find, compare, weigh and print."""

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.support.browser import Server, printed, seen, serving
from tests.support.result_pages import example, example_pages, read

pytestmark = pytest.mark.outside

PROBE = """<!DOCTYPE html><title>Probe</title>
<iframe src="PAGE" width="WIDTH" height="900"></iframe>
<script>
const frame = document.querySelector("iframe"), said = {};
addEventListener("load", async () => {
  const page = frame.contentDocument, window = frame.contentWindow;
  const input = (field, value) => {
    field.value = value;
    for (const kind of ["input", "change"]) field.dispatchEvent(new window.Event(kind, {bubbles: true}));
  };
  STEPS
  document.body.dataset.said = JSON.stringify(said);
});
</script>
"""
"""A page that shows another one in a frame, does something there, and says what it found."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(example_pages("clean_cloud_2024"), {}) as started:
        yield started


def found(name: str, page: str, steps: str, folder: Path, width: int = 1200) -> dict[str, object]:
    """Return what steps in a page find."""
    probe = PROBE.replace("PAGE", page).replace("WIDTH", str(width)).replace("STEPS", steps)
    with serving({**example_pages(name), "probe.html": probe}, {}) as started:
        shown = seen(started.url("probe.html"), folder / "profile")
    assert shown.console == ()
    match = re.search(r'data-said="([^"]*)"', shown.dom)
    assert match is not None, shown.dom[-2000:]
    said: dict[str, object] = json.loads(unescape(match[1]))
    return said


def test_a_page_works_as_a_file(tmp_path: Path) -> None:
    for name, text in example_pages("clean_cloud_2024").items():
        if name in ("index.html", "companies/gds.html"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
            shown = seen((tmp_path / name).as_uri(), tmp_path / "profile")
            assert shown.console == ()
            assert read(text).headings[0] in shown.dom


def test_companies_are_found_by_name_cohort_and_order(tmp_path: Path) -> None:
    steps = """
  const form = page.querySelector(".tools"), out = () => form.querySelector("output").textContent;
  const names = () => [...page.querySelectorAll(".ranking tbody tr:not([hidden])")].map((row) => row.id);
  said.hidden = form.hidden; said.all = out();
  input(form.elements.q, "21via"); said.alias = names(); said.found = out(); said.address = window.location.hash;
  input(form.elements.q, ""); input(form.elements.cohort[1], form.elements.cohort[1].value);
  form.elements.cohort[1].checked = true;
  form.elements.cohort[1].dispatchEvent(new window.Event("input", {bubbles: true}));
  said.cloud = out(); input(form.elements.sort, "stated"); said.first = names()[0];
  input(form.elements.sort, ""); said.again = names()[0];
"""
    said = found("clean_cloud_2024", "index.html", steps, tmp_path)
    assert said == {
        "hidden": False,
        "all": "25 of 25 companies",
        "alias": ["vnet"],
        "found": "1 of 25 companies",
        "address": "#q=21via",
        "cloud": "10 of 25 companies",
        "first": "tencent",
        "again": "alibaba",
    }


def test_the_heat_map_keeps_the_heads_of_cohorts_above_their_companies(tmp_path: Path) -> None:
    steps = """
  const form = page.querySelector(".tools");
  input(form.elements.sort, "name");
  said.heads = [...page.querySelectorAll(".heat tbody")].map((body) => body.rows[0].className);
  said.names = [...page.querySelectorAll(".heat tbody")[0].rows].slice(1, 4).map((row) => row.cells[0].textContent);
  const cell = page.querySelector("td.not_found");
  cell.dispatchEvent(new window.PointerEvent("pointerover", {bubbles: true}));
  said.title = cell.title;
"""
    said = found("clean_cloud_2024", "heatmap.html", steps, tmp_path)
    assert said["heads"] == ["cohort", "cohort"]
    assert said["names"] == ["Alibaba Group", "Baidu", "ByteDance"]
    assert said["title"] == "ByteDance, Electricity use: looked for, not found"


SUMS = """
  const units = (text) => Math.round(Number(text.replace("\\u2212", "-")) * 100);
  const cell = (row) => units(row.querySelector(":scope > .n").textContent);
  said.pairs = 0; said.wrong = [];
  const form = page.querySelector(".tools"), {first, second} = form.elements;
  const options = [...first.options].map((option) => option.value);
  for (const a of options.slice(0, 5)) for (const b of options) {
    if (a === b) continue;
    first.value = a;
    input(second, b);
    let criteria = 0, categories = 0;
    for (const row of page.querySelectorAll(".compare tbody tr")) {
      if (row.className === "total") {
        if (cell(row) !== categories) said.wrong.push([a, b]);
      } else if (row.className === "category") {
        if (cell(row) !== criteria) said.wrong.push([a, b]);
        categories += criteria;
        criteria = 0;
      } else criteria += cell(row);
    }
    said.pairs += 1;
  }
"""


def test_every_comparison_adds_up(tmp_path: Path) -> None:
    assert found("clean_cloud_2024", "compare.html", SUMS, tmp_path) == {"pairs": 120, "wrong": []}


SUPPORT = "Stated facts support 28.85 for Alibaba Group and"


def test_a_comparison_says_where_the_publisher_has_it_the_other_way_round(tmp_path: Path) -> None:
    steps = """
  const said_now = () => [page.querySelector("h1").textContent, page.querySelector(".lede").textContent];
  said.first = said_now();
  input(page.querySelector(".tools").elements.second, "baidu"); said.second = said_now();
  said.address = window.location.hash;
"""
    said = found("clean_cloud_2024", "compare.html", steps, tmp_path)
    assert said["first"] == [
        "By stated facts Tencent is 2.48 above Alibaba Group",
        f"The publisher has it the other way round: Alibaba Group 90.35, Tencent 89.31. {SUPPORT} 31.33 for Tencent.",
    ]
    assert said["second"] == [
        "By stated facts Alibaba Group is 16.88 above Baidu",
        f"The published order is the same: Alibaba Group 90.35, Baidu 60.77. {SUPPORT} 11.97 for Baidu.",
    ]
    assert said["address"] == "#alibaba,baidu"


def test_sliders_weigh_the_scores_anew(tmp_path: Path) -> None:
    steps = """
  const scores = () => [...page.querySelectorAll("#own-tables tbody tr")].map((row) => row.textContent);
  said.declared = scores()[0];
  for (const slider of [...page.querySelectorAll("input[type=range]")].slice(1)) input(slider, 0);
  said.one = scores()[0]; said.shares = [...page.querySelectorAll(".share")].map((share) => share.textContent);
  page.querySelector("[data-weights=declared]").click(); said.again = scores()[0];
"""
    said = found("clean_cloud_2024", "weights.html", steps, tmp_path)
    assert said["declared"] == said["again"] == "1Alibaba Group90.35"
    assert said["shares"] == ["100%", "0%", "0%", "0%"]
    cards = [card for card in example("clean_cloud_2024").cards if card.company.cohort == "cloud_provider"]
    best = max(dict(c.company.published.scores)["transparency"] for c in cards if c.company.published)
    assert f"{best * 5:.2f}" in str(said["one"])


def test_the_theme_changes_and_the_text_does_not(tmp_path: Path) -> None:
    steps = """
  const button = page.getElementById("theme-button"), colour = () => window.getComputedStyle(page.body).backgroundColor;
  said.before = colour(); button.click(); said.after = colour(); said.label = button.textContent;
"""
    said = found("clean_cloud_2024", "index.html", steps, tmp_path)
    assert said["before"] != said["after"]
    assert said["label"] == "Light"


@pytest.mark.parametrize(("company", "sheets"), [("gds", 4), ("alibaba", 5), ("bytedance", 5)])
def test_a_dossier_is_printed_on_a_few_sheets_with_what_is_folded(
    server: Server, company: str, sheets: int, tmp_path: Path
) -> None:
    file = printed(server.url(f"companies/{company}.html"), tmp_path)
    assert 2 <= len(re.findall(rb"/Type\s*/Page\b", file)) <= sheets


CONTRAST = """
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = parts(colour).slice(0, 3).map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const style = window.getComputedStyle(at);
      if (style.backgroundImage !== "none" && at.matches("td, .state, .cell")) return null;
      if (parts(style.backgroundColor)[3] !== 0) return style.backgroundColor;
    }
    return null;
  };
  said.low = []; said.seen = 0;
  for (const theme of ["light", "dark"]) {
    page.documentElement.dataset.theme = theme;
    const walker = page.createTreeWalker(page.body, window.NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
      if (element.closest("script, svg, .sr, .marks, .skip")) continue;
      const ground = behind(element);
      if (ground === null) continue;
      const [a, b] = [light(window.getComputedStyle(element).color), light(ground)];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      said.seen += 1;
      if (ratio < 4.5) said.low.push([theme, element.className, walker.currentNode.data.trim().slice(0, 30), ratio]);
    }
  }
"""


@pytest.mark.parametrize("page", ["index", "heatmap", "compare", "findings", "weights", "companies/bytedance"])
def test_every_text_has_enough_contrast_in_both_themes(page: str, tmp_path: Path) -> None:
    said = found("clean_cloud_2024", f"{page}.html", CONTRAST, tmp_path)
    assert said["low"] == []
    assert int(str(said["seen"])) > 50

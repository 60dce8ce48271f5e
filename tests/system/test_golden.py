"""Tests that results are byte for byte what ``tests/golden`` holds; ``make golden`` writes it anew.

The companies are chosen so that every outcome and every part of an explanation occurs: GDS has a bound and a fact
before the window, Baidu a share that is too low and two sources, JD.com a target that was looked for and not found,
ByteDance what was looked for in vain, Alibaba, Tencent and VNET contradictions of the report.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path

import pytest

import cleancloud_rules as cc
from cleancloud_rules import Scorecard, load_company, load_dataset, load_methodology, rank, render, score
from cleancloud_rules.analysis import what_if
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.rendering import Format
from cleancloud_rules.reports.text.explanation import explanation_text
from cleancloud_rules.reports.text.ranking import ranking_text
from cleancloud_rules.reports.text.what_if import what_if_text
from cleancloud_rules.results import WhatIf
from tests.support.kept import forged, two_editions
from tests.support.places import COMPANIES, DATASET, GOLDEN

METHODOLOGY = load_methodology("clean_cloud_2024")
CLEAN_CLOUD = load_dataset(DATASET, METHODOLOGY)
EXPLAINED = ("alibaba", "baidu", "bytedance", "gds", "jd_com", "tencent", "vnet")


SCORED = ("alibaba", "baidu", "bytedance", "gds", "jd_com")


def card(name: str) -> Scorecard:
    return score(load_company(COMPANIES / f"{name}.yaml", METHODOLOGY), METHODOLOGY)


def explanation(name: str) -> str:
    """Return what `explain` prints of a company that is found by its name."""
    company = CLEAN_CLOUD.company(name)
    return as_text(explanation_text(score(company, METHODOLOGY, with_bounds=True)))


def scorecard(name: str, format: Format) -> str:
    """Return what `score` prints of a company that is found by its name."""
    return render(score(CLEAN_CLOUD.company(name), METHODOLOGY, with_bounds=True), format)


def ranking_json() -> str:
    return rank(CLEAN_CLOUD, METHODOLOGY).to_json()


def ranking() -> str:
    return as_text(ranking_text(rank(CLEAN_CLOUD, METHODOLOGY, with_bounds=True)))


@cache
def question() -> WhatIf:
    """Return what a higher share of Baidu would change, and what GDS would lose without its target."""
    share = {"renewable_share": {"percent": 12, "denominator": "electricity"}, "period": 2023}
    facts = {"id": "baidu", "facts": [{**share, "source": "clean-cloud-2024", "locator": "p. 3"}]}
    target = card("gds").criterion("renewable_target").rules[0].facts[0]
    return what_if(CLEAN_CLOUD, METHODOLOGY, facts=facts, without=f"gds:{target}")


def comparison(format: Format) -> str:
    """Return what `compare` prints of two editions with news about a company, as if one Python had made the records."""
    data = [record.data() for record in two_editions()]
    old, new = (forged({**each, "made": {**each["made"], "python": "3.11.7"}}) for each in data)
    return render(cc.compare(old, new), format).replace("\r\n", "\n")


FILES: Mapping[str, Callable[[], str]] = {
    **{f"{name}.explanation.txt": partial(explanation, name) for name in EXPLAINED},
    "gds.scorecard.json": lambda: card("gds").to_json(),
    **{f"{name}.scorecard.txt": partial(scorecard, name, "text") for name in SCORED},
    "gds.scorecard.md": partial(scorecard, "gds", "markdown"),
    "gds.scorecard.csv": lambda: scorecard("gds", "csv").replace("\r\n", "\n"),
    "comparison.csv": partial(comparison, "csv"),
    "comparison.html": partial(comparison, "html"),
    "comparison.json": partial(comparison, "json"),
    "comparison.md": partial(comparison, "markdown"),
    "comparison.txt": partial(comparison, "text"),
    "ranking.json": ranking_json,
    "ranking.txt": ranking,
    "what_if.json": lambda: question().to_json(),
    "what_if.txt": lambda: as_text(what_if_text(question())),
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_result_is_what_it_was(name: str) -> None:
    assert FILES[name]() == (GOLDEN / name).read_text(encoding="utf-8"), "see the difference, or run `make golden`"


def test_no_golden_file_is_left_over() -> None:
    assert {file.name for file in GOLDEN.iterdir()} == {*FILES, "figures.json", "digests.json"}


def write(folder: Path) -> None:
    """Write all golden files."""
    for name, make in FILES.items():
        (folder / name).write_text(make(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(GOLDEN)

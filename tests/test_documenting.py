"""Tests of methodologies as pages: nothing that their files say is left out."""

from collections.abc import Iterator

import pytest

from cleancloud_rules import load_methodology
from cleancloud_rules._documenting import page_of
from cleancloud_rules._documenting_words import prose, said
from cleancloud_rules._words import when_in_words
from cleancloud_rules.methodology import Methodology
from cleancloud_rules.pages import Block, Code, Link, Listing, Paragraph, Section, Table, Text
from tests import small
from tests.places import ROOT
from tests.test_combining import group, one

METHODOLOGIES = ["clean_cloud_2024", *sorted(str(p.parent) for p in (ROOT / "examples").glob("*/*/methodology.yaml"))]


def plain(text: Text) -> str:
    return "".join(
        part.text if isinstance(part, Code) else part.url if isinstance(part, Link) else part for part in text
    )


def lines(blocks: tuple[Block, ...]) -> Iterator[str]:
    """Give all that blocks say: paragraphs, items, headings, and rows with bars between their cells."""
    for block in blocks:
        match block:
            case Paragraph(text):
                yield plain(text)
            case Listing(items):
                yield from map(plain, items)
            case Table(caption, headers, rows):
                yield caption
                yield from (" | ".join(map(plain, row)) for row in rows)
                assert all(len(row) == len(headers) for row in rows)
            case Section(_, title, inner):
                yield title
                yield from lines(inner)


def sections(blocks: tuple[Block, ...]) -> dict[str, Section]:
    found: dict[str, Section] = {}
    for block in blocks:
        if isinstance(block, Section):
            found |= {block.id: block, **sections(block.blocks)}
    return found


def section(methodology: Methodology, id: str) -> list[str]:
    return list(lines(sections(page_of(methodology).blocks)[id].blocks))


@pytest.mark.parametrize("name", METHODOLOGIES)
def test_every_criterion_and_every_rule_appears(name: str) -> None:
    methodology = load_methodology(name)
    found = sections(page_of(methodology).blocks)
    assert methodology.criteria
    for criterion in methodology.criteria:
        here = found[f"criterion-{criterion.id}"]
        said_here = list(lines(here.blocks))
        assert here.title == criterion.title
        assert f"Otherwise: {plain(said(criterion.otherwise))}" in said_here
        for rule in criterion.rules:
            row = next(line for line in said_here if line.startswith(f"{rule.id} | "))
            assert row.endswith(f" | {when_in_words(rule.when)} | {plain(said(rule.because))}")


@pytest.mark.parametrize("name", METHODOLOGIES)
def test_groups_fields_notices_and_sources_appear(name: str) -> None:
    methodology = load_methodology(name)
    page = page_of(methodology)
    found, everything = sections(page.blocks), list(lines(page.blocks))
    assert [g for g in methodology.groups if f"group-{g.id}" not in found] == []
    for fact_type in methodology.vocabulary.fact_types:
        here = list(lines(found[f"facts-{fact_type.id}"].blocks))
        assert [f.id for f in fact_type.fields if not any(line.startswith(f"{f.id} | ") for line in here)] == []
    assert all(any(n.text.split("{")[0] in line for line in everything) for n in methodology.notices)
    assert all(any(line.startswith(f"{s.id}: ") for line in everything) for s in methodology.bibliography)
    assert all(any(line.startswith(f"{id} | ") for line in everything) for id, _ in methodology.windows)


def test_groups_stand_inside_each_other_with_what_keeps_them_out() -> None:
    methodology = small.tree(
        [
            group("x", groups=[group("x1", tiers=["b", "a"]), group("x2", requires=["c"])], tiers=["x1", "x2"]),
            group("y", not_applicable={"cohorts": ["tiny"]}, levels=[{"id": "l", "title": "L"}]),
        ],
        {"x1": [one("a"), one("b")], "x2": [one("d", requires=["a"])], "y": [one("c", level="l"), one("e")]},
    )
    inner = [b.id for b in sections(page_of(methodology).blocks)["group-x"].blocks if isinstance(b, Section)]
    assert inner == ["group-x1", "group-x2"]
    assert "Each of these earns something only where all before it are complete: b, a." in section(
        methodology, "group-x1"
    )
    assert "Each criterion in it earns nothing unless c is met" in section(methodology, "group-x2")
    assert "Earns nothing unless a is met" in section(methodology, "criterion-d")
    assert "Does not apply to the cohorts tiny" in section(methodology, "group-y")
    assert "L | l | c | any | -" in section(methodology, "group-y")


def test_caps_scales_bands_and_tables_are_said() -> None:
    methodology = load_methodology(ROOT / "examples" / "careful_water" / "methodology")
    care = section(methodology, "group-care")
    assert "Unless permit is met, the value is at most 35." in care
    assert "The value is brought to a scale on which all parts at their most give 100." in care
    assert "fair | [30..60)" in care
    assert "1 | sparing | good | steward" in section(methodology, "table-standing")


def test_a_derivation_and_an_implication_are_said() -> None:
    methodology = load_methodology("clean_cloud_2024")
    derivation = section(methodology, "derivation-share_from_consumption")
    assert "percent is set to renewable.amount / total.amount * 100" in derivation
    assert "What is computed is rounded half up to 2 decimal places" in derivation
    assert len(section(methodology, "implications")) == len(methodology.vocabulary.implications)


def test_names_in_sentences_and_prose_are_code() -> None:
    assert said("{{x}} is {a.b}!") == ("{", "x", "}", " is ", Code("a.b"), "!")
    assert prose("Where no `period` is given.") == ("Where no ", Code("period"), " is given.")

"""Tests of methodologies as pages: nothing that their files say is left out."""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules import load_methodology
from cleancloud_rules.documentation.inline import prose, sentence_text
from cleancloud_rules.documentation.methodology import ORDER, page_of
from cleancloud_rules.documentation.page import Block, Code, Link, Listing, Paragraph, Section, Table, Text
from cleancloud_rules.language.wording import when_in_words
from cleancloud_rules.model.methodology import Methodology
from tests.scoring import test_assessment as assessment
from tests.scoring.test_combination import combined, group, one
from tests.support import small
from tests.support.places import ROOT

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
        assert f"Otherwise: {plain(sentence_text(criterion.otherwise))}" in said_here
        for rule in criterion.rules:
            row = next(line for line in said_here if line.startswith(f"{rule.id} | "))
            assert row.endswith(f" | {when_in_words(rule.when)} | {plain(sentence_text(rule.because))}")


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


def test_what_the_edition_changed_is_said_with_both_counts() -> None:
    methodology = load_methodology("clean_cloud_2024")
    said = section(methodology, "changes")
    assert "Since 2022: Kuaishou Technology is ranked for the first time. Where: Methodology." in said
    assert any(line.endswith("1 in 2022, 5 in 2024. Criteria: renewable_share. Where: Key Findings.") for line in said)
    assert "changes" not in sections(page_of(small.methodology(small.LADDER)).blocks)


def test_groups_stand_inside_each_other_with_their_gates_and_exemptions() -> None:
    methodology = small.tree(
        [
            group("x", groups=[group("x1", tiers=["b", "a"]), group("x2", requires=["c"])], tiers=["x1", "x2"]),
            group("y", not_applicable={"cohorts": ["tiny"]}, levels=[{"id": "l", "title": "L"}]),
        ],
        {"x1": [one("a"), one("b")], "x2": [one("d", requires=["a"])], "y": [one("c", level="l"), one("e")]},
    )
    inner = [b.id for b in sections(page_of(methodology).blocks)["group-x"].blocks if isinstance(b, Section)]
    assert inner == ["group-x1", "group-x2"]
    assert "Tiers: each of these earns points only if all before it are complete: b, a." in section(
        methodology, "group-x1"
    )
    assert "Each criterion in it earns nothing unless c is met" in section(methodology, "group-x2")
    assert "Earns nothing unless a is met" in section(methodology, "criterion-d")
    assert "Not applicable to the cohorts tiny" in section(methodology, "group-y")
    assert "L | l | c | any | -" in section(methodology, "group-y")


def test_caps_scales_bands_and_tables_are_said() -> None:
    methodology = load_methodology(ROOT / "examples" / "careful_water" / "methodology")
    care = section(methodology, "group-care")
    assert "Unless permit is met, the value is at most 35." in care
    assert "Scale: if all parts have their maximum, the value is 100." in care
    assert "fair | [30..60)" in care
    assert "1 | sparing | good | steward" in section(methodology, "table-standing")


FORMULAS: list[tuple[dict[str, Any], str]] = [
    ({}, "points"),
    ({"weight": 100}, "100 x points / 16"),
    ({"base": 4}, "4 + points"),
    ({"base": 4, "scale": 10}, "10 x (4 + points) / 20"),
    ({"of": "shares"}, "a / 4 + b / 2 + c / 10"),
    ({"of": "shares", "scale": 60}, "60 x (a / 4 + b / 2 + c / 10) / 3"),
    ({"aggregate": "mean"}, "(a + b + c) / 3"),
    ({"aggregate": "mean", "scale": 100}, "100 x ((a + b + c) / 3) / (16/3)"),
    ({"aggregate": "minimum", "of": "shares", "scale": 5}, "5 x (minimum of a / 4, b / 2, c / 10)"),
    ({"aggregate": "maximum"}, "maximum of a, b, c"),
    ({"aggregate": "weighted sum", "scale": 60}, "60 x (2 x a + 1 x b + 3 x c) / 40"),
    ({"aggregate": "weighted sum", "of": "shares"}, "2 x (a / 4) + 1 x (b / 2) + 3 x (c / 10)"),
    ({"aggregate": "weighted mean", "scale": 60}, "60 x ((2 x a + 1 x b + 3 x c) / 6) / (20/3)"),
    ({"aggregate": "weighted mean", "of": "shares"}, "(2 x (a / 4) + 1 x (b / 2) + 3 x (c / 10)) / 6"),
]  # fmt: skip
EARNED = {"a": 3, "b": 1, "c": 4}


def computed(formula: str) -> Fraction:
    """Return what a formula gives for what was earned."""
    made = re.sub(r"(minimum|maximum) of ([^)]*)", lambda m: f"{m[1][:3]}({m[2]})", formula).replace(" x ", " * ")
    made = re.sub(r"\d+", lambda m: f"Fraction({m[0]})", made)
    return Fraction(eval(made, {"Fraction": Fraction, "points": sum(EARNED.values()), **EARNED}))  # noqa: S307 - ours


@pytest.mark.parametrize(("more", "formula"), FORMULAS)
def test_a_score_has_a_formula_that_gives_it(more: dict[str, Any], formula: str) -> None:
    weights = (2, 1, 3) if "weighted" in more.get("aggregate", "") else (None, None, None)
    criteria = [
        one(id, most, **({} if weight is None else {"weight": weight}))
        for id, most, weight in zip("abc", (4, 2, 10), weights, strict=True)
    ]
    methodology = small.tree([group("g", **more)], {"g": criteria})
    here = section(methodology, "group-g")
    assert ("shares" if more.get("of") else "points") + " of its criteria" in here[2 if "weight" in more else 1]
    (line,) = (line for line in here if line.startswith("Score = "))
    assert line.startswith(f"Score = {formula}, rounded half up to 2 decimal places, where ")
    assert computed(formula) == combined(methodology, **EARNED).group("g").value


def test_the_formula_of_a_weighted_category_names_its_figures() -> None:
    more = {"rounding": {"digits": 1}, "at_least": 0}
    methodology = small.tree(
        [group("g", weight=60, **more), group("h", weight=40)], {"g": [one("a", 5), one("b", 2)], "h": [one("c")]}
    )
    assert (
        "Score = 60 x points / 7, within the limits below, rounded half up to 1 decimal place, "
        "where points is the sum of the points of its criteria." in section(methodology, "group-g")
    )
    assert (
        "Total = g + h, rounded half up to 2 decimal places, where the id of a group stands for its value."
        in section(methodology, "total")
    )


def test_an_excluded_criterion_changes_the_numbers_and_a_group_without_score_has_no_formula() -> None:
    exempt: dict[str, Any] = {"not_applicable": {"cohorts": ["tiny"]}}
    methodology = small.tree(
        [group("g", scale=10), group("h"), group("i", aggregate="none")],
        {"g": [one("a", **exempt)], "h": [one("b", **exempt)], "i": [one("c")]},
    )
    left_out = "the numbers are those of the remaining parts"
    formulas = {id: [t for t in section(methodology, f"group-{id}") if t.startswith("Score = ")] for id in "ghi"}
    assert left_out in formulas["g"][0]
    assert left_out not in formulas["h"][0]
    assert formulas["i"] == []


def test_the_order_is_told_and_what_goes_beyond_begins_as_its_neighbours_do() -> None:
    methodology = small.tree(
        [group("g")],
        {
            "g": [
                one("a", basis="project", rationale="Ours."),
                one("b", monotone=False, rationale="So."),
                one("c", basis="published"),
            ]
        },
    )
    everything = list(lines(page_of(methodology).blocks))
    assert ORDER in everything
    assert "By this project, beyond the publisher's words: Ours." in everything
    assert "Rationale: So." in everything
    assert "By the publisher" in everything


def test_a_derivation_and_an_implication_are_said() -> None:
    methodology = load_methodology("clean_cloud_2024")
    derivation = section(methodology, "derivation-share_from_consumption")
    assert "percent is set to renewable.amount / total.amount * 100" in derivation
    assert "Results are rounded half up to 2 decimal places" in derivation
    assert len(section(methodology, "implications")) == len(methodology.vocabulary.implications)


def test_names_in_sentences_and_prose_are_code() -> None:
    assert sentence_text("{{x}} is {a.b}!") == ("{", "x", "}", " is ", Code("a.b"), "!")
    assert prose("Where no `period` is given.") == ("Where no ", Code("period"), " is given.")


def test_assessment_coverage_and_empty_groups_are_said() -> None:
    asked = [{"at_least": 2}, {"at_least": "60%", "of": "criteria"}, {"at_least": 1, "of": ["a"]}]
    methodology = assessment.made(
        [{"id": "air", "coverage": asked, "empty": "zero", "not_assessed": "zero"}],
        {"air": [assessment.ask("a", not_assessed="excluded"), assessment.ask("b")]},
        not_assessed="excluded",
    )
    text = "\n".join(lines(page_of(methodology).blocks))
    for said in (
        "What is not assessed counts as excluded, unless it states otherwise.",
        "If not assessed, it counts as zero",
        "If not assessed, it counts as excluded",
        "there is no score, label or level unless so many of its parts are assessed: 2.",
        "unless so many of all criteria in it are assessed: 60% of those that apply.",
        "unless so many of a are assessed: 1.",
        "If nothing in it applies, its score is 0.",
    ):
        assert said in text, said


def test_who_approved_it_is_said_if_the_file_says_so_and_which_source_is_not_public() -> None:
    methodology = small.methodology(one("a"))
    assert not [line for line in lines(page_of(methodology).blocks) if line.startswith("Approved by")]
    (source, *others) = methodology.bibliography
    made = evolve(methodology, approved_by="A committee", bibliography=(evolve(source, public=False), *others))
    said = list(lines(page_of(made).blocks))
    assert "Approved by: A committee" in said
    assert len([line for line in said if line.startswith(source.id) and "not public" in line]) == 1

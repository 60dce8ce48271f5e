"""Tests of answer sheets: a row for each criterion with what is held, and room for evidence and reasons."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from cleancloud_rules import score
from cleancloud_rules.sheets.layout import ANSWER, ANSWER_COLUMNS, PRINTED, READ_ME
from cleancloud_rules.sheets.responses.answer_sheet import NOTHING_STATED, answer_sheet
from tests.support import small
from tests.support.examples import FOLDERS, example

ROOM = ANSWER_COLUMNS[1 + len(PRINTED) :]


def rows_of(content: bytes) -> list[dict[str, Any]]:
    head, *rows = openpyxl.load_workbook(BytesIO(content))[ANSWER].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


@pytest.mark.parametrize("name", FOLDERS)
def test_each_criterion_has_a_row_with_its_points_and_room_for_an_answer(name: str) -> None:
    methodology, dataset = example(name)
    card = score(dataset.companies[0], methodology)
    rows = rows_of(answer_sheet(card, methodology))
    assert [(row["criterion"], row["title"]) for row in rows] == [(one.id, one.title) for one in card.criteria]
    shown = [(row["points"].replace("\N{MINUS SIGN}", "-"), row["maximum"]) for row in rows]
    assert shown == [(f"{one.points:f}", f"{one.max_points:f}") for one in card.criteria]
    assert {row[column] for row in rows for column in ROOM} == {None}
    assert all(row["asked"] for row in rows)


def test_a_row_says_what_is_held_and_where_from() -> None:
    own = small.methodology(small.LADDER, small.GOALS)
    late = small.fact("share", {"percent": 50}, source="leaflet")
    missing = [{"goal": {"topic": "energy"}, "source": "book", "locator": "Page 4"}]
    company = small.company(own, small.fact("share", {"percent": 5}), late, not_found=missing)
    card = score(company, own)
    ladder, goals = rows_of(answer_sheet(card, own))
    held = {fact.get("percent"): fact.id for fact in company.facts}
    late_one = f"Share: percent: 50%, 2023 [{held[Decimal(50)]}]"
    assert set(ladder["held"].split("\n")) == {
        f"Share: percent: 5%, 2023 [{held[Decimal(5)]}]",
        f"{late_one} (does not count: sources of type leaflet are not accepted)",
    }
    assert "“Report”, Acme, published 2024-03-01" in ladder["held source"]
    assert goals["held"] == "Looked for, and not found: Goal (topic: energy)"
    assert goals["held source"].endswith(", Page 4")
    nothing = score(small.company(own), own)
    assert {row["held"] for row in rows_of(answer_sheet(nothing, own))} == {NOTHING_STATED}


def test_no_text_becomes_a_formula_and_equal_scorecards_give_equal_bytes() -> None:
    own = small.methodology(small.LADDER)
    card = score(small.company(own, small.fact("share", {"percent": 5}, entity="=1+1"), name="=A1"), own)
    content = answer_sheet(card, own)
    assert content == answer_sheet(card, own)
    book = openpyxl.load_workbook(BytesIO(content))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_kinds_of_facts_types_of_sources_and_bases_are_drop_downs() -> None:
    own = small.methodology(small.LADDER)
    book = openpyxl.load_workbook(BytesIO(answer_sheet(score(small.company(own), own), own)))
    heads = [cell.value for cell in book[ANSWER][1]]
    areas = [area for choices in book[ANSWER].data_validations.dataValidation for area in choices.sqref.ranges]
    columns = {area.min_col for area in areas}
    assert {heads[column - 1] for column in columns} == {"fact", "source type", "basis"}
    lists = {value for row in book["_lists"].iter_rows(values_only=True) for value in row}
    assert {"share", "leaflet", "reported"} <= lists
    assert "hypothetical" not in lists


@pytest.mark.parametrize("name", FOLDERS)
def test_the_first_sheet_says_how_evidence_of_each_kind_is_written(name: str) -> None:
    methodology, dataset = example(name)
    content = answer_sheet(score(dataset.companies[0], methodology), methodology)
    lines = [str(row[0]) for row in openpyxl.load_workbook(BytesIO(content))[READ_ME].iter_rows(values_only=True)]
    for kind in methodology.vocabulary.fact_types:
        (line,) = [line for line in lines if line.startswith(f"{kind.id}: ")]
        assert all(f"{own.id}: " in line for own in kind.fields)

"""Tests of answer sheets: a row for each criterion with what is held, and room for evidence and reasons."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from cleancloud_rules import score
from cleancloud_rules.sheets.responses.answer_sheet import ANSWER, NOTHING_STATED, answer_sheet
from tests.support import small
from tests.support.examples import FOLDERS, example

ROOM = ("fact", "value", "period", "source", "address", "reason")


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
    card = score(small.company(own, small.fact("share", {"percent": 5}), late, not_found=missing), own)
    ladder, goals = rows_of(answer_sheet(card, own))
    assert sorted(ladder["held"].split("\n")) == [
        "Share: percent: 5%, 2023",
        "Share: percent: 50%, 2023 (does not count: sources of type leaflet are not accepted)",
    ]
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


def test_the_kinds_of_facts_are_a_drop_down() -> None:
    own = small.methodology(small.LADDER)
    book = openpyxl.load_workbook(BytesIO(answer_sheet(score(small.company(own), own), own)))
    assert len(book[ANSWER].data_validations.dataValidation) == 1

from typing import Any

import pytest

from cleancloud_rules.results.records import FittedRow, TableResult
from cleancloud_rules.scoring.decision_tables import decide
from tests.scoring.test_combination import combined, group, one
from tests.support import small

BANDS = [{"label": "high", "score": ">= 3"}, {"label": "low", "score": "< 3"}]
LEVELS = {"levels": [{"id": "l1", "title": "One"}]}


def table(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    inputs = {
        "x": {"label": "x"},
        "y": {"score": "y"},
        "l": {"level": "total"},
        "m": {"met": "a"},
        "p": {"points": "b"},
    }
    return {"id": "t", "title": "T", "inputs": inputs, "outputs": ["good", "fair", "bad"], "rows": list(rows), **more}


def given(*tables: dict[str, Any], **points: float) -> list[TableResult]:
    used = small.tree(
        [group("x", bands=BANDS), group("y")],
        {"x": [one("a", level="l1")], "y": [one("b")]},
        tables=list(tables),
        **LEVELS,
    )
    return list(decide(used, combined(used, **points)))


@pytest.mark.parametrize(
    ("row", "fits"),
    [
        ({"x": "high"}, True),
        ({"x": ["high", "low"]}, True),
        ({"x": "low"}, False),
        ({"y": ">= 2"}, True),
        ({"y": "> 2"}, False),
        ({"l": "l1"}, True),
        ({"m": True}, True),
        ({"m": False}, False),
        ({"p": 2}, True),
        ({"x": "high", "y": "> 2"}, False),
        ({}, True),
    ],
)
def test_a_row_fits_where_all_its_tests_pass(row: dict[str, Any], fits: bool) -> None:
    (found,) = given(table({**row, "then": "good"}), a=4, b=2)
    assert found.outputs == (("good",) if fits else ())


def test_what_is_not_there_is_null() -> None:
    (found,) = given(table({"l": "null", "then": "bad"}), a=3, b=2)
    assert found.outputs == ("bad",)


def test_where_no_row_fits_the_table_may_say_what_holds_otherwise() -> None:
    (found,) = given(table({"x": "low", "then": "good"}, otherwise="bad"), a=4, b=2)
    assert found.outputs == ("bad",)
    assert found.because == "x: high; y: 2; l: l1; m: yes; p: 2; no row fits"


def test_the_first_row_that_fits_decides_or_all_of_them_do() -> None:
    rows = ({"y": ">= 1", "then": "fair"}, {"y": ">= 2", "then": "good"}, {"y": ">= 0", "then": "fair"})
    (first,) = given(table(*rows, hit_policy="first"), a=4, b=2)
    (every,) = given(table(*rows, hit_policy="collect"), a=4, b=2)
    assert (first.outputs, every.outputs) == (("fair",), ("fair", "good"))
    assert first.rows == (FittedRow(1, ("y: >= 1",)),)
    assert [row.number for row in every.rows] == [1, 2, 3]


def test_the_rows_that_fitted_are_told() -> None:
    rows = ({"y": "> 9", "then": "bad"}, {"x": "high", "m": True, "then": "good"}, {"then": "fair"})
    (found,) = given(table(*rows, hit_policy="collect"), a=4, b=2)
    assert found.rows == (FittedRow(2, ("x: high", "m: true")), FittedRow(3, ()))
    (none,) = given(table(rows[0], otherwise="fair"), a=4, b=2)
    assert (none.outputs, none.rows) == (("fair",), ())


def test_a_table_may_read_an_earlier_one() -> None:
    later = {
        "id": "u", "title": "U", "inputs": {"t": {"table": "t"}}, "outputs": ["yes", "no"],
        "rows": [{"t": ["good", "fair"], "then": "yes"}], "otherwise": "no",
    }  # fmt: skip
    assert [r.outputs for r in given(table({"x": "high", "then": "good"}), later, a=4)] == [("good",), ("yes",)]
    assert [r.outputs for r in given(table({"x": "high", "then": "good"}), later, a=1)] == [(), ("no",)]

"""Values of plain data: which go the short way, and how they are told from equal ones."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from cleancloud_rules.documents.nodes import ScalarNode
from cleancloud_rules.language.load import plain_values
from cleancloud_rules.language.load.plain_values import (
    MAX_CHARACTERS,
    Unknown,
    ValueParser,
    copied,
    kept,
    node_without_place,
    spelling_of,
)
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import FieldType, Interval

NUMBER = Field("amount", FieldType.NUMBER, digits=2)

DIFFERENT: list[Any] = [
    1, 1.0, True, "1", Decimal(1), Decimal("1.0"), date(2024, 1, 1), "2024-01-01", ["1"], ["1", "1"],
    {"at_least": 1}, {"at_least": 1.0}, {"at_most": 1}, {"between": [1, 1]}, {"between": [1, 1.0]},
]  # fmt: skip


def test_equal_values_that_are_read_otherwise_have_spellings_of_their_own() -> None:
    spelt = [spelling_of(value, is_whole=False) for value in DIFFERENT]
    assert len(set(spelt)) == len(DIFFERENT)
    assert spelt == [spelling_of(copied(value), is_whole=False) for value in DIFFERENT]


@pytest.mark.parametrize(
    "value",
    [
        None, float("nan"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), "x" * (MAX_CHARACTERS + 1),
        ["x" * MAX_CHARACTERS, "y", "z"], [1, 2, 3], [[1]], (1, 2), {"a": 1, "b": 2, "c": 3},
        {"at_least": {"at_least": 1}}, {"at_least": None}, datetime(2024, 1, 1), b"1", object(),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_what_is_rare_goes_the_long_way(value: Any) -> None:
    with pytest.raises(Unknown):
        spelling_of(value, is_whole=False)


@pytest.mark.parametrize("value", [["x"], {"at_least": 1}])
def test_a_whole_value_has_no_parts(value: Any) -> None:
    with pytest.raises(Unknown):
        spelling_of(value)


def test_a_value_is_read_once_for_each_spelling() -> None:
    parser = ValueParser(NUMBER, Units())
    first = parser.parse(Decimal("2.50"), spelling_of(Decimal("2.50")))
    assert first == (Decimal("2.5"), '"2.5"')
    assert parser.parse(Decimal("2.50"), spelling_of(Decimal("2.50"))) is first
    assert parser.parse(2.5, spelling_of(2.5)) == (Decimal("2.5"), '"2.5"')
    bound = {"more_than": 3}
    assert parser.parse(bound, spelling_of(bound, is_whole=False))[0] == Interval(low=Decimal(3), low_open=True)


def test_all_is_forgotten_when_there_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_values, "KEPT_VALUES", 2)
    known: dict[int, str] = {}
    assert [kept(known, number, str(number)) for number in range(3)] == ["0", "1", "2"]
    assert known == {2: "2"}


def test_a_copy_shares_no_list_and_no_dictionary() -> None:
    data: dict[str, Any] = {"a": [{"b": 1}], "c": {"d": [2]}}
    copy = copied(data)
    data["a"].clear()
    data["c"]["d"].clear()
    assert copy == {"a": [{"b": 1}], "c": {"d": [2]}}


def test_data_that_no_file_can_hold_is_unknown() -> None:
    node = node_without_place(3)
    assert isinstance(node, ScalarNode)
    assert node.value == 3
    with pytest.raises(Unknown):
        node_without_place("\ud800")

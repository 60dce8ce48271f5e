"""Tests of scalars of numpy and pandas as values of facts, and of text as bytes."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest

from cleancloud_rules import Company, FactsError, company_from
from tests.support import small

METHODOLOGY = small.methodology(small.criterion("c", 1, small.rule("r", 1, {"goal": {}})))


def company(values: dict[str, Any], type: str = "goal", **beside: Any) -> Company:
    fact = {type: values, "source": "report", **beside}
    return company_from({"id": "acme", "name": "Acme", "facts": [fact]}, METHODOLOGY)


@pytest.mark.parametrize("year", [np.int64(2030), np.uint16(2030), np.float64(2030), 2030.0])
def test_a_whole_number_of_any_kind_is_a_year(year: Any) -> None:
    assert company({"topic": "energy", "year": year}) == company({"topic": "energy", "year": 2030})


@pytest.mark.parametrize("percent", [np.float64(12.5), np.float32(12.5), np.float16(12.5), 12.5])
def test_a_float_of_any_width_is_the_shortest_number_that_it_stands_for(percent: Any) -> None:
    stated = company({"percent": percent}, "share", period=2023).facts[0]
    assert stated.get("percent") == Decimal("12.5")
    tenth = company({"percent": np.float32(0.1)}, "share", period=np.int32(2023)).facts[0]
    assert tenth.get("percent") == Decimal("0.1")


def test_booleans_and_texts_are_taken() -> None:
    site = company({"public": np.bool_(True), "region": np.str_("north")}, "site").facts[0]
    assert site.get("public") is True
    assert site.get("region") == "north"


MIDNIGHTS = [
    pd.Timestamp("2024-06-30"),
    np.datetime64("2024-06-30"),
    np.datetime64("2024-06-30", "ns"),
]
NOTHING = [float("nan"), np.float32("nan"), pd.NaT, pd.NA, np.datetime64("NaT"), Decimal("nan")]


@pytest.mark.parametrize("day", MIDNIGHTS)
def test_a_midnight_is_its_day(day: Any) -> None:
    assert company({"region": "north", "opened": day}, "site").facts[0].get("opened") == date(2024, 6, 30)


@pytest.mark.parametrize("nothing", NOTHING)
def test_what_says_that_there_is_no_value_is_absent(nothing: Any) -> None:
    assert company({"topic": "energy", "year": nothing}, note=nothing) == company({"topic": "energy"})


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (datetime(2024, 6, 30), "`2024-06-30 00:00:00` is a time of a day, and not a day"),  # noqa: DTZ001
        (pd.Timestamp("2024-06-30 10:00"), "`2024-06-30 10:00:00` is a time of a day, and not a day"),
        (pd.Timestamp("2024-06-30", tz="UTC"), "`2024-06-30 00:00:00+00:00` is a time of a day, and not a day"),
        (np.timedelta64(3, "D"), "a file cannot hold"),
        (np.array([1, 2]), "a file cannot hold"),
    ],
)
def test_what_is_not_exact_or_no_single_value_is_refused(value: Any, message: str) -> None:
    with pytest.raises(FactsError) as refused:
        company({"region": "north", "opened": value}, "site")
    (diagnostic,) = refused.value.diagnostics
    assert message in diagnostic.message
    assert str(diagnostic.location) == "<data>:facts[0].site.opened"


def test_bytes_are_text_in_utf_8() -> None:
    text = '{"id": "acme", "name": "Ăcme", "facts": []}'
    assert company_from(text.encode(), METHODOLOGY) == company_from(text, METHODOLOGY)
    with pytest.raises(FactsError, match="byte 0xff is not UTF-8"):
        company_from(b'{"id": "\xff"}', METHODOLOGY)


@pytest.mark.parametrize("nothing", NOTHING)
def test_an_absent_value_in_a_list_is_null(nothing: Any) -> None:
    with pytest.raises(FactsError) as refused:
        company({"region": "north", "uses": ["wind", nothing]}, "site")
    assert [str(diagnostic.location) for diagnostic in refused.value.diagnostics] == ["<data>:facts[0].site.uses[1]"]

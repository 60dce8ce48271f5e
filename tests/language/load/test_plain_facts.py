"""The short way for facts of plain data: what it gives is what the long way gives, with the same places."""

import copy
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleancloud_rules as cc
from cleancloud_rules.documents.nodes import MappingNode, Node, SequenceNode
from cleancloud_rules.language.converter import _scoped_converter
from cleancloud_rules.language.load import files, plain_facts
from cleancloud_rules.language.load.plain_facts import facts_of_data
from cleancloud_rules.language.load.vocabulary import BESIDE_FACT
from cleancloud_rules.testing import company_data, methodologies
from tests.support import small

METHODOLOGY = small.methodology(small.LADDER, small.GOALS)


@contextmanager
def long_way() -> Iterator[None]:
    """Let every fact go the long way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "facts_of_data", lambda *_: None)
        yield


def loaded(data: Any, methodology: cc.Methodology) -> cc.Company | list[str]:
    """Return the company, or its errors."""
    try:
        return cc.company_from(data, methodology)
    except cc.FactsError as error:
        return [str(diagnostic) for diagnostic in error.diagnostics]


def places(node: Node | None) -> Any:
    """Return a node with the places of all its parts."""
    match node:
        case MappingNode():
            return str(node.location), [(e.key, str(e.key.location), places(e.value)) for e in node]
        case SequenceNode():
            return str(node.location), [places(item) for item in node.items]
        case _:
            return node, str(node.location) if node else None


def assert_both_ways(data: Any, methodology: cc.Methodology) -> None:
    short = loaded(data, methodology)
    with long_way():
        long = loaded(data, methodology)
    assert short == long
    if isinstance(short, cc.Company) and isinstance(long, cc.Company):
        assert short.sha256 == long.sha256
        assert [places(fact.node) for fact in short.facts] == [places(fact.node) for fact in long.facts]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Any, cc.Methodology]:
    methodology = draw(methodologies())
    return draw(company_data(methodology)), methodology


@given(cases())
def test_both_ways_give_the_same(case: tuple[Any, cc.Methodology]) -> None:
    assert_both_ways(*case)


def data(*facts: Any, **more: Any) -> dict[str, Any]:
    return {"id": "acme", "name": "Acme", "cohort": "big", "facts": list(facts), **more}


DAY = date(2024, 1, 2)
SHARE = small.fact("share", {"percent": 20})
SITE = {
    "region": "North",
    "uses": ["wind", "solar"],
    "load": Decimal("0.50"),
    "public": True,
    "opened": date(2024, 1, 2),
}
KNOWN = [
    SHARE,
    {"share": {"percent": 20.5}, "source": "report", "period": 2023},
    {"share": {"percent": 20}, "source": "report", "period": "2023-01-01/2023-06-30", "locator": "p. 3", "note": "x"},
    {"goal": {"topic": "energy", "year": 2030, "coverage": "whole"}, "source": "report"},
    {"goal": {"topic": "carbon", "scopes": ["one", "two"]}, "source": "report", "entity": "  North  "},
    {"energy": {"status": "used", "amount": "10 GWh"}, "source": "report", "period": 2023, "basis": "calculated"},
    {"site": SITE, "source": "report", "as_of": date(2024, 1, 1)},
    {"site": {"region": "n"}, "source": "report", "as_of": "2024-01-01"},
]
"""Entries that go the short way."""

UNKNOWN: list[Any] = [
    {**SHARE, "x-own": 1},
    {**SHARE, "disclosed": ["base"]},
    {"share": {"percent": {"more_than": 3}}, "source": "report", "period": 2023},
    {"share": {"percent": float("nan")}, "source": "report", "period": 2023},
    {"share": {"percent": None}, "source": "report"},
    {"share": {}, "source": "report"},
    {"share": {"percent": 20, "per_cent": 3}, "source": "report"},
    {"share": {"percent": True}, "source": "report"},
    {"share": {"percent": "20"}, "source": "report"},
    {"share": {"percent": Decimal("NaN")}, "source": "report"},
    {"share": {"percent": 10**30}, "source": "report"},
    {"share": 20, "source": "report"},
    {"shares": {"percent": 20}, "source": "report"},
    {"share": {"percent": 20}, "goal": {"topic": "energy"}, "source": "report"},
    {"share": {"percent": 20}, "source": "rumour"},
    {"share": {"percent": 20}, "source": "report", "period": "last year"},
    {"share": {"percent": 20}, "source": "report", "note": ""},
    {"share": {"percent": 20}, "source": "report", "note": "\ud800"},
    {"share": {"percent": 20}, "source": "report", "note": "n" * 201},
    {"share": {"percent": 20}, "source": ["report"]},
    {"goal": {"topic": "energy", "scopes": []}, "source": "report"},
    {"goal": {"topic": "energy", "scopes": ["one", 2]}, "source": "report"},
    {"goal": {"topic": "energy", "scopes": ["one", "one"]}, "source": "report"},
    {},
    {"source": "report"},
    [],
    "share",
    None,
]
"""Entries that go the long way, right and wrong ones."""


@pytest.mark.parametrize("entry", KNOWN)
def test_common_entries_go_the_short_way(entry: Any) -> None:
    found = facts_of_data(data(entry), METHODOLOGY, {})
    assert found is not None
    assert len(found) == 1
    assert_both_ways(data(entry), METHODOLOGY)


@pytest.mark.parametrize("entry", UNKNOWN)
def test_what_the_short_way_does_not_know_goes_the_long_way(entry: Any) -> None:
    for stated in (data(entry), data(SHARE, entry), data(entry, SHARE)):
        assert facts_of_data(stated, METHODOLOGY, {}) is None
        assert_both_ways(stated, METHODOLOGY)


@pytest.mark.parametrize(
    "stated",
    [
        data(),
        data(SHARE, SHARE),
        data(SHARE, sources={"own": {"type": "report", "title": "Own"}}),
        data(SHARE, facts=(SHARE,)),
        data(SHARE, facts={"share": {"percent": 20}}),
        data(SHARE, not_found=[{"share": {"percent": "> 10"}}]),
        data(SHARE, cohort="unknown", colour="red"),
        data(*KNOWN),
    ],
)
def test_both_ways_agree_about_whole_companies(stated: Any) -> None:
    assert_both_ways(stated, METHODOLOGY)


def test_a_value_is_not_taken_for_an_equal_one_of_another_type() -> None:
    for percent in (1, 1.0, Decimal(1), True, "1", Decimal("1.0")):
        assert_both_ways(data({"share": {"percent": percent}, "source": "report", "period": 2023}), METHODOLOGY)


@pytest.mark.parametrize("first", [Decimal(20), Decimal("20." + 1500 * "0"), Decimal(0), Decimal("0E-1500")])
def test_a_number_is_not_taken_for_an_equal_one_of_other_digits(first: Decimal) -> None:
    own = small.methodology(small.LADDER, small.GOALS)
    for percent in (first, Decimal("20." + 1500 * "0"), Decimal(20), Decimal("0E-1500"), Decimal("20.0")):
        assert_both_ways(data({"share": {"percent": percent}, "source": "report", "period": 2023}), own)
    for year in (Decimal(2023), Decimal("2023.0")):
        assert_both_ways(data({"share": {"percent": 20}, "source": "report", "period": year}), own)


def test_more_facts_than_go_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    fields = max(len(fact_type.fields) for fact_type in METHODOLOGY.vocabulary.fact_types)
    values = 2 * 2 * (fields + len(BESIDE_FACT) + 1)  # of two facts, each value with its key
    for name, most in (("MAX_NODES", values), ("MAX_BYTES", values * plain_facts.MAX_CHARACTERS)):
        with monkeypatch.context() as patch:
            patch.setattr(plain_facts, name, most)
            assert facts_of_data(data(*KNOWN[:2]), METHODOLOGY, {}) is not None
            assert facts_of_data(data(*KNOWN[:3]), METHODOLOGY, {}) is None


def test_a_place_does_not_change_with_the_data() -> None:
    stated = data(*copy.deepcopy(KNOWN))
    company = cc.company_from(stated, METHODOLOGY)
    expected = cc.company_from(copy.deepcopy(stated), METHODOLOGY)
    for entry in stated["facts"]:
        for values in [value for value in entry.values() if isinstance(value, dict)]:
            for value in values.values():
                if isinstance(value, list):
                    value.clear()
            values.clear()
        entry.clear()
    stated["facts"].clear()
    assert [places(fact.node) for fact in company.facts] == [places(fact.node) for fact in expected.facts]


def test_what_was_read_is_freed_with_the_vocabulary() -> None:
    own = small.methodology(small.LADDER)
    cc.company_from(data(SHARE), own)
    key = id(own.vocabulary)
    assert key in plain_facts._readers
    del own
    _scoped_converter.cache_clear()  # it keeps the last few vocabularies
    gc.collect()
    assert key not in plain_facts._readers

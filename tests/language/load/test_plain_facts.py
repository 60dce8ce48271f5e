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
from cleancloud_rules.diagnostics.diagnostic import SourceFile
from cleancloud_rules.documents import plain_data
from cleancloud_rules.documents.nodes import MappingNode, Node, SequenceNode
from cleancloud_rules.language.converter import _scoped_converter
from cleancloud_rules.language.load import files, plain_facts, plain_values
from cleancloud_rules.language.load.plain_facts import facts_of_data
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
    {**SHARE, "disclosed": ["base"]},
    {"share": {}, "source": "report", "period": 2023, "disclosed": ["percent", "base"]},
    {"share": {"percent": {"more_than": 3}}, "source": "report", "period": 2023},
    {"share": {"percent": {"at_least": Decimal("3.0"), "less_than": 5}}, "source": "report", "period": 2023},
    {"share": {"percent": {"between": [3, Decimal("4.50")]}}, "source": "report", "period": 2023},
    {"goal": {"topic": "energy", "year": {"at_most": 2030}}, "source": "report"},
]
"""Entries that go the short way."""

UNKNOWN: list[Any] = [
    {**SHARE, "x-own": 1},
    {**SHARE, "disclosed": ["percent"]},
    {**SHARE, "disclosed": ["bases"]},
    {**SHARE, "disclosed": "base"},
    {**SHARE, "note": ["x"]},
    {"share": {"percent": {"more_than": 3, "at_least": 3}}, "source": "report", "period": 2023},
    {"share": {"percent": {"between": [4, 3]}}, "source": "report", "period": 2023},
    {"share": {"percent": {"between": 4}}, "source": "report", "period": 2023},
    {"share": {"percent": {"at_least": {"at_least": 4}}}, "source": "report", "period": 2023},
    {"share": {"percent": {3: 4}}, "source": "report", "period": 2023},
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
    assert len(found.facts) == 1
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
        data(SHARE, sources={"report": {"type": "report", "title": "Own"}}),
        data(SHARE, sources={"own": {"type": "rumour", "title": "Own"}}),
        data(SHARE, sources=["own"]),
        data({**SHARE, "source": "own"}, {**SHARE, "disclosed": ["base"]}, sources={"own": {"type": "report"}}),
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


def limited(patch: pytest.MonkeyPatch, name: str, most: int) -> None:
    for module in (plain_facts, plain_data):
        patch.setattr(module, name, most)


def test_more_facts_than_go_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    stated = data({"share": {"percent": 20}, "source": "report", "note": "n" * 100})
    # The lists of facts and of answers, the fact, its three keys, the share with its key, and three values.
    for name, most in (
        ("MAX_NODES", 3 + 1 + 3 + 2 + 3),
        ("MAX_BYTES", 100 + len("share source note percent report") - 4),
    ):
        for is_short, limit in ((True, most), (False, most - 1)):
            with monkeypatch.context() as patch:
                limited(patch, name, limit)
                assert (facts_of_data(stated, METHODOLOGY, {}) is not None) is is_short


def test_few_facts_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_facts, "is_within_limits", lambda _: False)
    most = 2 * max(map(plain_facts._most_nodes, METHODOLOGY.vocabulary.fact_types))
    for name, limit in (("MAX_NODES", most), ("MAX_BYTES", most * plain_values.MAX_CHARACTERS)):
        with monkeypatch.context() as patch:
            patch.setattr(plain_facts, name, limit)
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


def test_sources_of_its_own_do_not_keep_a_company_from_the_short_way() -> None:
    for title in ("Own", "Other"):
        stated = data({**SHARE, "source": "own"}, sources={"own": {"type": "report", "title": title}})
        found = facts_of_data(stated, METHODOLOGY, {})
        assert found is not None
        (fact, _), source = found.facts[0], found.sources["own"]
        assert fact.source is source
        assert source.title == title
        assert_both_ways(stated, METHODOLOGY)
        assert facts_of_data(stated, METHODOLOGY, {"own": source}) is None


REPLY = {
    "title": "Reply",
    "horizon": "long_term",
    "fields": {
        "question": {"type": "enum", "values": ["one", "two", "three"], "key": True},
        "value": {"type": "number", "digits": 1},
        "extent": {"type": "enum", "values": ["all", "some"], "optional": True},
    },
}
ASKING = small.methodology(small.LADDER, small.GOALS, fact_types={**small.FACT_TYPES, "reply": REPLY})


def replies(values: Any, **beside: Any) -> dict[str, Any]:
    return {"fact": "reply", "values": values, **beside}


ANSWERED = [
    replies({"one": 1, "two": 2.5, "three": Decimal("2.50")}),
    replies({"one": {"is": 1, "locator": "p. 3"}, "two": 1}, source="report", locator="p. 1"),
    replies({"one": {"is": {"at_least": 3}}, "two": {"is": 2, "source": "leaflet", "disclosed": ["extent"]}}),
    replies({"one": {"is": 1}}, period=2023, entity=" North "),
]
"""Blocks of answers that go the short way."""

NOT_ANSWERED: list[Any] = [
    replies({"four": 1}),
    replies({"one": 1.25}),
    replies({"one": None}),
    replies({"one": float("nan"), "two": 1}),
    replies({"one": {"at_least": 3}}),
    replies({"one": {"is": 1, "locator": float("nan")}}, locator="p. 1"),
    replies({"one": {"is": 1, "x-own": 2}}),
    replies({"one": {"is": 1, "value": 2}}),
    replies({1: 1}),
    replies({"one": 1}, source="rumour"),
    replies({"one": 1}, x=1),
    replies({"one": 1}, disclosed=["value"]),
    replies(["one"]),
    {"fact": "reply"},
    {"fact": "share", "values": {"one": 1}},
    {"fact": "replies", "values": {"one": 1}},
    {"fact": ["reply"], "values": {"one": 1}},
    "reply",
    None,
]
"""Blocks of answers that go the long way, right and wrong ones."""


@pytest.mark.parametrize("block", ANSWERED)
def test_common_answers_go_the_short_way(block: Any) -> None:
    for answers in (block, [block], [replies({"three": 7}), block]):
        for stated in (data(SHARE, answers=answers), {"id": "acme", "name": "Acme", "answers": answers}):
            assert facts_of_data(stated, ASKING, {}) is not None
            assert_both_ways(stated, ASKING)


@pytest.mark.parametrize("block", NOT_ANSWERED)
def test_answers_that_the_short_way_does_not_know_go_the_long_way(block: Any) -> None:
    for answers in (block, [block], [ANSWERED[0], block], (block,)):
        stated = data(SHARE, answers=answers)
        assert facts_of_data(stated, ASKING, {}) is None
        assert_both_ways(stated, ASKING)


@given(st.lists(st.sampled_from(ANSWERED), max_size=3), st.lists(st.sampled_from(KNOWN), max_size=4))
def test_both_ways_give_the_same_answers(blocks: list[Any], entries: list[Any]) -> None:
    assert_both_ways(data(*entries, answers=blocks), ASKING)
    assert_both_ways({"id": "acme", "name": "Acme", "answers": blocks}, ASKING)


@pytest.mark.parametrize("entry", KNOWN)
def test_a_fact_has_no_more_nodes_than_are_reckoned_with(entry: Any) -> None:
    reader = plain_data._Reader(SourceFile("<data>"))
    reader.node(entry, "", 0)
    name = next(key for key in entry if key in METHODOLOGY.vocabulary.by_id)
    assert reader.nodes <= plain_facts._most_nodes(METHODOLOGY.vocabulary.by_id[name])


def test_few_answers_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_facts, "is_within_limits", lambda _: False)
    most = 3 * max(map(plain_facts._most_nodes, ASKING.vocabulary.fact_types))  # a block with two answers
    monkeypatch.setattr(plain_facts, "MAX_NODES", most)
    assert facts_of_data({"answers": replies({"one": 1, "two": 1})}, ASKING, {}) is not None
    assert facts_of_data({"answers": replies({"one": 1, "two": 1, "three": 1})}, ASKING, {}) is None
    assert facts_of_data(data(SHARE, answers=replies({"one": 1, "two": 1})), ASKING, {}) is None


def test_places_of_answers_do_not_change_with_the_data() -> None:
    stated: dict[str, Any] = {"id": "acme", "name": "Acme", "answers": copy.deepcopy(ANSWERED)}
    company = cc.company_from(stated, ASKING)
    expected = cc.company_from(copy.deepcopy(stated), ASKING)
    for block in stated["answers"]:
        block["values"].clear()
        block.clear()
    assert [places(fact.node) for fact in company.facts] == [places(fact.node) for fact in expected.facts]


def test_a_deep_answer_is_refused_like_a_deep_file() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = {"at_least": deep}
    assert_both_ways(data(SHARE, answers=replies({"one": {"is": deep}})), ASKING)


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_values, "KEPT_VALUES", 3)
    own = small.methodology(small.LADDER)
    for number in range(20):
        entry = {"share": {"percent": number}, "source": "report", "period": 2000 + number}
        assert_both_ways(data(entry, SHARE), own)
    reader = plain_facts._readers[id(own.vocabulary)]
    assert 0 < len(reader._contents) <= 3
    assert 0 < len(reader._heads) <= 3


def test_what_was_read_is_freed_with_the_vocabulary() -> None:
    own = small.methodology(small.LADDER)
    cc.company_from(data(SHARE), own)
    key = id(own.vocabulary)
    assert key in plain_facts._readers
    del own
    _scoped_converter.cache_clear()  # it keeps the last few vocabularies
    gc.collect()
    assert key not in plain_facts._readers


def test_a_name_is_looked_up_in_the_bibliography_of_each_call() -> None:
    methodology = small.methodology(small.LADDER)
    data = {"id": "acme", "name": "Acme", "facts": [small.fact("share", {"percent": 5}, source="own")]}
    first = {"own": {"type": "report", "title": "First"}}
    second = {"own": {"type": "report", "title": "Second"}, "other": {"type": "report", "title": "First"}}
    sources = [cc.company_from(data, methodology, sources=some).facts[0].source for some in (first, second, first)]
    assert [source.title for source in sources if source is not None] == ["First", "Second", "First"]

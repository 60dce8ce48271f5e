"""Records, and the shards to which facts are sent: the same as if each fact were compared with every shard."""

import json
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules.engine import by_cells, compiler
from cleancloud_rules.engine.batches import numbered
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.encoding import encode
from cleancloud_rules.engine.fact_index import FactIndex
from cleancloud_rules.engine.records import Record, Routes, record_of
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.model.facts import Company, Fact
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.testing import companies, methodologies
from tests.support import small


def test_a_record_is_text_that_lacks_its_end() -> None:
    assert record_of({"t": 1, "f0l": 20}) == '{"t":1,"f0l":20'
    assert [json.loads(text) for text in numbered([record_of({"t": 1}), record_of({"t": 1})])] == [
        {"t": 1, "id": 0, "sid": 0},
        {"t": 1, "id": 1, "sid": 0},
    ]


def looked_up(fact: Fact, ruleset: Ruleset) -> list[tuple[int, Record]]:
    """Return the shards of a fact and its records, by comparing it with every shard."""
    index = FactIndex(ruleset.encodings, [fact])
    whole = encode(fact, ruleset.encodings[fact.type])
    parts = [
        (position, {name: value for name, value in whole.items() if name in shard.reads[fact.type]})
        for position, shard in enumerate(ruleset.matching)
        if fact.type in shard.reads and not index.failing(fact, shard.allowed[fact.type])
    ]
    return [(position, record_of(part)) for position, part in parts if part]


def test_a_fact_without_what_a_shard_reads_is_not_sent() -> None:
    rules = [small.rule(kind, 1, {"plant": {"kind": kind}}) for kind in "ab"]
    used = small.methodology(small.criterion("c", 1, *rules), fact_types=TYPES)
    routes = Routes(compile_methodology(used))
    sent = {kind: routes.of(small.company(used, small.fact("plant", {"kind": kind})).facts[0]) for kind in "abc"}
    assert sent == {"a": ((0, '{"k0":1'),), "b": ((0, '{"k1":1'),), "c": ()}


@st.composite
def cases(draw: st.DrawFn) -> tuple[Methodology, list[Company]]:
    methodology = draw(methodologies())
    return methodology, draw(st.lists(companies(methodology), min_size=1, max_size=3))


@given(cases(), st.sampled_from([1, 2, 40]), st.sampled_from([1, 2, 4096]))
def test_facts_are_sent_where_they_can_pass(case: tuple[Methodology, list[Company]], rules: int, kept: int) -> None:
    methodology, stated = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiler, "MAX_RULES", rules)
        patch.setattr(by_cells, "KEPT", kept)
        ruleset = compile_methodology(methodology)
        routes = Routes(ruleset)
        for company in stated * 2:
            for fact in company.facts:
                assert list(routes.of(fact)) == looked_up(fact, ruleset)


FIELDS: dict[str, Any] = {
    "kind": {"type": "enum", "values": ["a", "b", "c"]},
    "size": {"type": "integer", "optional": True},
    "uses": {"type": "set", "values": ["wind", "sun"], "optional": True},
}
TYPES = {name: {"title": name, "horizon": "long_term", "fields": FIELDS} for name in ("plant", "site")}


def test_a_fact_is_sent_to_the_shards_that_allow_all_its_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "MAX_RULES", 1)
    whens: list[dict[str, Any]] = [
        {"plant": {"kind": "a"}},
        {"site": {"kind": "a", "size": "> 5"}},
        {"site": {"kind": "b"}},
        {"site": {"uses": "wind"}},
        {"site": {"size": "not(null)"}},
    ]
    rules = [small.rule(f"r{i}", 1, when) for i, when in enumerate(whens)]
    used = small.methodology(small.criterion("c", 1, *rules), fact_types=TYPES)
    ruleset = compile_methodology(used)
    routes = Routes(ruleset)

    def sent(**values: Any) -> set[str]:
        disclosed = values.pop("disclosed", [])
        fact = small.fact("site", values) | ({"disclosed": disclosed} if disclosed else {})
        (stated,) = small.company(used, fact).facts
        found = routes.of(stated)
        assert list(found) == looked_up(stated, ruleset)
        names = [next(iter(ruleset.matching[position].meaning.values())) for position, _ in found]
        return {str(ruleset.conditions[name].condition) for name in names}

    wind = "site: {uses: wind}"  # which sets pass is for the engine to say: every site is sent
    assert sent(kind="a", size=3) == {wind, "site: {size: not(null)}"}
    assert sent(kind="a", size=6) == {wind, "site: {size: not(null)}", "site: {kind: a, size: >= 6}"}
    assert sent(kind="b") == {wind, "site: {kind: b}"}
    assert sent(kind="c") == {wind}
    assert sent(kind="c", disclosed=["size"]) == {wind, "site: {size: not(null)}"}


def test_facts_that_share_values_are_sent_by_what_stands_beside_them_too() -> None:
    asked = {"site": {"uses": "not(null)", "evidence": {"source_type": "report"}}}
    used = small.methodology(small.criterion("c", 1, small.rule("r", 1, asked)), fact_types=TYPES)
    (stated,) = small.company(used, small.fact("site", {"kind": "a"})).facts
    assert stated.source is not None
    ruleset = compile_methodology(used)
    routes = Routes(ruleset)
    for fact in (
        stated,
        evolve(stated, disclosed=("uses",)),
        evolve(stated, source=evolve(stated.source, type="leaflet")),
        stated,
    ):
        assert list(routes.of(fact)) == looked_up(fact, ruleset)
    plain = {"site": {"size": "not(null)"}}
    used = small.methodology(small.criterion("c", 1, small.rule("r", 1, plain)), fact_types=TYPES)
    (stated,) = small.company(used, small.fact("site", {"kind": "a"})).facts
    ruleset = compile_methodology(used)
    routes = Routes(ruleset)
    for fact in (stated, evolve(stated, disclosed=("size",)), stated):
        assert list(routes.of(fact)) == looked_up(fact, ruleset)

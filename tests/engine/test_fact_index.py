"""Tests of the index of facts: what it leaves out could not have passed."""

from typing import Any

import pytest

from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.fact_index import FEW, FactIndex
from cleancloud_rules.engine.ruleset import Ruleset
from tests.support import small

CONDITIONS: list[dict[str, Any]] = [
    {"goal": {"topic": "energy"}},
    {"goal": {"topic": "energy", "year": "<= 2030"}},
    {"goal": {"year": "[2026..2034]", "coverage": "whole"}},
    {"goal": {"year": "null"}},
    {"goal": {"year": "not(null)"}},
    {"goal": {"coverage": 'not("part")'}},
    {"goal": {"scopes": "one"}},
    {"goal": {}},
]


@pytest.fixture(scope="module")
def indexed() -> tuple[Ruleset, FactIndex]:
    criteria = [small.criterion(f"c{i}", 1, small.rule("r", 1, when)) for i, when in enumerate(CONDITIONS)]
    methodology = small.methodology(*criteria)
    years: list[Any] = [None, 2025, 2030, 2035, {"at_most": 2030}, {"more_than": 2028}]
    facts = [
        small.fact("goal", {k: v for k, v in values.items() if v is not None}, period=None)
        for topic in ("energy", "carbon")
        for year in years
        for coverage in (None, "part", "whole")
        if (values := {"topic": topic, "year": year, "coverage": coverage, "scopes": ["one"] if coverage else None})
    ]
    facts = [{key: value for key, value in fact.items() if value is not None} for fact in facts]
    disclosed = {"goal": {"topic": "energy"}, "source": "report", "disclosed": ["year", "coverage"]}
    ruleset = compile_methodology(methodology)
    return ruleset, FactIndex(ruleset.encodings, small.company(methodology, *facts, disclosed).facts)


def test_it_finds_what_looking_at_each_fact_finds(indexed: tuple[Ruleset, FactIndex]) -> None:
    ruleset, index = indexed
    facts = index.by_type["goal"]
    assert len(facts) == 37 > FEW
    found = {}
    for compiled in ruleset.conditions:
        if compiled.condition.fact_type == "goal":
            passing = index.passing("goal", compiled.passing)
            one_by_one = [fact.id for fact in facts if not index.failing(fact, compiled.passing)]
            assert sorted(fact.id for fact in passing) == sorted(one_by_one)
            found[str(compiled.condition)] = len(passing)
    assert found["goal: {topic: energy}"] == 19
    assert found["goal: {year: null}"] == 6
    assert found["goal: {}"] == 37


def test_there_is_nothing_of_a_type_without_facts(indexed: tuple[Ruleset, FactIndex]) -> None:
    assert indexed[1].passing("share", {}) == []


def test_a_shard_is_sent_only_what_one_of_its_rules_could_take() -> None:
    topics = [small.criterion(t, 1, small.rule("r", 1, {"goal": {"topic": t}})) for t in ("energy",)]
    both = small.criterion("both", 1, small.rule("r", 1, {"goal": {"topic": "energy", "coverage": "whole"}}))
    (shard,) = [s for s in compile_methodology(small.methodology(*topics, both)).matching if "goal" in s.allowed]
    assert set(shard.allowed["goal"]) == {"topic"}, "coverage is not tested by every rule"

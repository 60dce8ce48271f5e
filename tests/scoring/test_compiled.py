"""Tests of the compiled form of a methodology: made once, shared, and freed with the methodology."""

import gc
import weakref
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules.cases.runner import run_cases
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.scoring import compiled as module
from cleancloud_rules.scoring.compiled import compiled
from tests.support import small

SHARE = small.fact("share", {"percent": 5})


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[Methodology]:
    """Return the list to which each compilation adds its methodology."""
    made: list[Methodology] = []

    def counting(methodology: Methodology, *further: Any) -> Any:
        made.append(methodology)
        return compile_methodology(methodology, *further)

    monkeypatch.setattr(module, "compile_methodology", counting)
    return made


def test_loading_scoring_and_analyses_compile_a_methodology_once(compilations: list[Methodology]) -> None:
    methodology = small.methodology(small.LADDER, small.GOALS)
    assert len(compilations) == 1
    company = small.company(methodology, SHARE)
    cc.score(company, methodology, cross_check=True)
    cc.check(methodology)
    cc.analysis.bounds([company], methodology)
    cc.analysis.certify(methodology, examples=2)
    assert len(compilations) == 1


def test_its_test_cases_compile_it_once_and_each_changed_criterion_alone(compilations: list[Methodology]) -> None:
    assert run_cases("clean_cloud_2024").passed
    (whole,) = (made for made in compilations if len(made.criteria) > 1)
    alone = [made.criteria for made in compilations if made is not whole]
    assert len(set(alone)) == len(alone)


def test_every_part_is_made_once() -> None:
    found = compiled(small.methodology(small.LADDER))
    for part in ("tree", "spaces", "engine", "scorer"):
        assert getattr(found, part) is getattr(found, part)


def test_nothing_is_loaded_into_the_engine_before_a_company_is_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[Any] = []
    monkeypatch.setattr(module, "Engine", loaded.append)
    cc.check(small.methodology(small.LADDER))
    assert loaded == []


def test_what_is_kept_is_freed_with_the_methodology_and_at_once() -> None:
    gc.collect()
    before = len(module._compiled)
    gc.disable()
    try:
        methodology = small.methodology(small.LADDER)
        small.card(methodology, SHARE)
        cc.analysis.bounds([small.company(methodology, SHARE)], methodology)
        engine = weakref.ref(compiled(methodology).engine)
        assert len(module._compiled) == before + 1
        del methodology
        assert len(module._compiled) == before
        assert engine() is None
    finally:
        gc.enable()


GOAL = next(
    compiled.condition
    for compiled in compile_methodology(small.methodology(small.GOALS)).conditions
    if compiled.condition.fact_type == "goal"
)


def test_further_conditions_are_known_and_need_no_engine_of_their_own() -> None:
    methodology = small.methodology(small.LADDER)
    plain = compiled(methodology)
    found = plain.including([GOAL])
    assert GOAL not in plain.ruleset.by_condition
    assert GOAL in found.ruleset.by_condition
    assert found.engine is plain.engine
    assert found.methodology == methodology


def test_conditions_that_rules_read_are_nothing_further() -> None:
    plain = compiled(small.methodology(small.GOALS))
    assert plain.including([GOAL]) is plain

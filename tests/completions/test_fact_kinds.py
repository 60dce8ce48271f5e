"""Kinds of facts are those that all cells of all fields give, in whatever order the fields are looked at."""

import json
from itertools import product
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules.analysis import session
from cleancloud_rules.completions import fact_kinds
from cleancloud_rules.completions.fact_kinds import Vector, VectorSpaces
from cleancloud_rules.engine.durable import Engine
from cleancloud_rules.model.cells import single
from cleancloud_rules.scoring.compiled import compiled
from tests.benchmarks import rungs

CRITERIA = 12


def methodology(key: str) -> cc.Methodology:
    """Return criteria that each ask for a fact of their own by a key, with thresholds of their own."""
    files: dict[str, Any] = json.loads(
        json.dumps(rungs.files(CRITERIA)).replace('"of"', f'"{key}"').replace(".of}", f".{key}}}")
    )
    rules = [rule for name in files for criterion in files[name].get("criteria", ()) for rule in criterion["rules"]]
    for number, rule in enumerate(rules):
        rule["when"]["measure"]["percent"] = f">= {10 + number}"
    # A kind that two keys give: with the first key its least percentage is above that with the second one.
    rules[0]["when"]["measure"] |= {key: ["m0", "m1"], "percent": ">= 5"}
    rules[1]["when"]["measure"]["percent"] = "[5..7]"
    return cc.methodology_from(files)


def by_hand(spaces: VectorSpaces) -> list[tuple[list[int], tuple[int, ...]]]:
    """Return each set of conditions that some fact passes, with the first such fact by the names of the fields."""
    space = spaces.get("measure", ())
    names = sorted(space.cells)
    boxes = [(condition.index, space.box(condition.condition)) for condition in spaces.ruleset.conditions]
    found: dict[tuple[int, ...], tuple[int, ...]] = {}
    for point in product(*(single(space.possible[name]) for name in names)):
        fact = dict(zip(names, point, strict=True))
        passed = tuple(number for number, box in boxes if all(fact[name] & bits for name, bits in box.items()))
        if passed:
            found.setdefault(passed, point)
    return sorted((list(passed), point) for passed, point in found.items())


def shown(vectors: tuple[Vector, ...] | None) -> list[tuple[list[int], tuple[int, ...]]]:
    assert vectors is not None
    return [(sorted(vector.satisfied), tuple(bits for _, bits in vector.point)) for vector in vectors]


@pytest.mark.parametrize("key", ["of", "zone"])
@pytest.mark.parametrize("fewer", [1, 4, 10**6])
def test_the_kinds_are_those_of_all_cells(key: str, fewer: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key comes first or last by its name, and other fields are cut by few conditions or by all."""
    monkeypatch.setattr(fact_kinds, "MUCH_FEWER", fewer)
    spaces = VectorSpaces(compiled(methodology(key)).ruleset)
    assert shown(spaces.vectors("measure", ())) == by_hand(spaces)


@pytest.mark.parametrize("key", ["of", "zone"])
def test_a_kind_is_told_from_others_by_its_own_conditions_alone(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the work grows with the square of the number of criteria."""
    made: list[int] = []
    classes = fact_kinds._Classes.__call__

    def counted(self: fact_kinds._Classes, passing: int) -> list[tuple[int, Any]]:
        found = classes(self, passing)
        made.append(len(found))
        return found

    monkeypatch.setattr(fact_kinds._Classes, "__call__", counted)
    VectorSpaces(compiled(methodology(key)).ruleset).vectors("measure", ())
    assert max(made) > 2 * CRITERIA
    assert sum(made) < 20 * CRITERIA


def test_bounds_of_a_company_that_is_scored_fire_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    fired: list[str] = []
    fire = Engine.fire

    def counted(self: Engine, company: cc.Company, **more: Any) -> Any:
        fired.append(company.id)
        return fire(self, company, **more)

    rules = rungs.methodology(3)
    companies = [rungs.company(number, 3, 2, rules) for number in range(2)]
    expected = [cc.analysis.bounds([company], rules).companies[0] for company in companies]
    monkeypatch.setattr(Engine, "fire", counted)
    assert session.score(companies[0], rules, with_bounds=True).bounds == expected[0]
    ranked = session.rank(companies, rules, with_bounds=True).cohorts[0].rows
    assert sorted(fired) == ["c0", "c0", "c1"]
    assert {row.company.id: row.scorecard.bounds for row in ranked} == {"c0": expected[0], "c1": expected[1]}

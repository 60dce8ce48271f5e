"""Tests of the small worlds themselves: their companies are what the reference evaluator says, and have every form."""

from collections import Counter
from random import Random
from typing import Any

from cleancloud_rules import company_from
from tests.reference.evaluation import evaluate
from tests.support.worlds.companies import Small, company_of
from tests.support.worlds.making import world

SEEDS = 25

WORDS = (
    "sum", "weighted sum", "mean", "weighted mean", "minimum", "maximum", "none", "shares", "caps", "bands", "levels",
    "base", "scale", "at_least", "at_most", "needs", "rounding", "coverage", "not_assessed", "empty", "tiers",
    "requires",
    "not_applicable", "excluded", "full", "zero", "implies", "latest", "single", "count", "distinct", "all", "any",
    "in_proportion", "collect max", "collect min", "collect sum", "first", "parts", "key", "met_at", "cohorts",
)  # fmt: skip
"""Keys and values that some worlds have."""


def small(seed: int) -> Small:
    return company_of(world(seed), Random(seed))  # noqa: S311 - nothing secret is made


def test_companies_come_to_what_the_reference_evaluator_says() -> None:
    compared = 0
    for seed in range(SEEDS):
        one, chance = small(seed), Random(seed)  # noqa: S311 - nothing secret is made
        states = list(one.visit(100).nearest.items())
        for state, added in chance.sample(states, min(5, len(states))):
            company = company_from(one.grown(added), one.world.methodology)
            found = evaluate(one.world.methodology, company)
            shown = one.rules.standings(one.rules.summary(state), company.cohort, one.searched)
            for id, standing in shown.criteria.items():
                assert standing.points == found.criteria[id].points, (seed, id)
            assert shown.groups[None] == found.whole, seed
            assert all(shown.groups[id] == group for id, group in found.groups.items()), seed
            compared += 1
    assert compared > 3 * SEEDS


def test_worlds_have_every_form_of_group_rule_and_fact() -> None:
    seen: Counter[str] = Counter()
    for seed in range(120):
        seen.update(_words(world(seed).files))
    for word in WORDS:
        assert seen[word] >= 2, word


def _words(data: Any) -> set[str]:
    if isinstance(data, dict):
        return {str(key) for key in data}.union(*map(_words, data.values()))
    if isinstance(data, list):
        return set[str]().union(*map(_words, data))
    return {str(data)}


def test_most_companies_are_known_with_all_their_completions() -> None:
    whole = [small(seed).visit(200).whole for seed in range(SEEDS)]
    assert sum(whole) > SEEDS / 2

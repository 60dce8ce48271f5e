"""Which columns of facts are read after they are encoded."""

from typing import Any

import pytest

from cleancloud_rules import Methodology
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.tables.scoring.read_again import READ, columns_of_figures, columns_of_inputs, columns_read
from tests.support.small import LADDER, criterion, methodology, rule

AMOUNT = ["f1_state", "f1_low", "f1_high", "f1_low_open", "f1_high_open"]


def read(made: Methodology, type_id: str) -> tuple[list[str], list[str]]:
    """Return the columns of the facts of a type that figures read, and those that derivations read."""
    ruleset = compiled(made).ruleset
    fact_type = made.vocabulary.by_id[type_id]
    numbers = [n for n, one in enumerate(ruleset.conditions) if one.condition.fact_type == type_id]
    conditions = range(min(numbers, default=0), max(numbers, default=-1) + 1)
    return columns_of_figures(ruleset, fact_type, conditions), columns_of_inputs(ruleset, fact_type, conditions)


def counting(**count: Any) -> Methodology:
    return methodology(criterion("many", 1, rule("two", 1, {"count": {"at_least": 2, **count}})))


def test_conditions_alone_read_nothing_again() -> None:
    assert read(methodology(LADDER), "share") == ([], [])


@pytest.mark.parametrize(
    ("count", "columns"),
    [
        ({"of": {"site": {}}}, ["line"]),
        ({"of": {"site": {}}, "distinct": "region"}, ["f0_state", "f0"]),
        ({"of": {"site": {}}, "distinct": "rank"}, ["f4_state", "f4_low", "f4_high", "f4_low_open", "f4_high_open"]),
        ({"of": {"site": {}}, "distinct": "entity"}, ["entity"]),
        ({"of": {"site": {}}, "distinct": "period"}, ["period_low", "period_high"]),
        ({"of": {"site": {}}, "distinct": "evidence.source"}, ["source_id"]),
    ],
)
def test_a_count_reads_what_it_counts(count: dict[str, Any], columns: list[str]) -> None:
    assert read(counting(**count), "site") == (columns, [])


def test_a_proportion_reads_its_number() -> None:
    own = rule("so", 4, {"share": {}}, in_proportion={"to": "share.percent", "over": [0, 80]})
    columns = ["f0_state", "f0_low", "f0_high", "f0_low_open", "f0_high_open"]
    assert read(methodology(criterion("part", 4, own, horizon="short_term")), "share") == (columns, [])


def test_a_derivation_reads_its_numbers_and_what_its_facts_are_joined_by() -> None:
    made = methodology(LADDER)
    figures, inputs = read(made, "energy")
    assert figures == []
    assert inputs == ["line", *AMOUNT, *READ]
    derivation = made.vocabulary.derivations[0]
    assert columns_read(derivation, "green", made.vocabulary.by_id["energy"]) == [*AMOUNT, *READ]
    assert read(made, "share") == ([], [])

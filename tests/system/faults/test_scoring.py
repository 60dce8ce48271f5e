"""Scores and outcomes that were wrong once: what counts as an answer, and what does not apply."""

from typing import Any

import pytest

from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.explanation import explanation_text
from cleancloud_rules.reports.text.scorecard import scorecard_text
from tests.scoring.test_combination import group, one
from tests.support import small

ENERGY = {"goal": {"topic": "energy"}}
CARBON = {"goal": {"topic": "carbon"}}
SCANDAL = small.criterion("scandal", 0, small.rule("found", -2, ENERGY), hit_policy="collect sum", at_least=-2)


@pytest.mark.parametrize(
    ("facts", "outcome", "points"),
    [
        ([], Outcome.NOT_ASSESSED, 0),
        ([small.fact("goal", {"topic": "energy"}, source=None)], Outcome.EXCLUDED, 0),
        ([small.fact("goal", {"topic": "energy"})], Outcome.NOT_MET, -2),
    ],
)
def test_a_penalty_is_not_avoided_by_a_fact_that_does_not_count(
    facts: list[dict[str, Any]], outcome: Outcome, points: int
) -> None:
    methodology = small.methodology(SCANDAL, small.LADDER)
    stated = [{key: value for key, value in fact.items() if value is not None} for fact in facts]
    found = small.card(methodology, *stated).criterion("scandal")
    assert (found.outcome, int(found.points)) == (outcome, points)


def test_a_penalty_for_saying_nothing_is_an_answer() -> None:
    silent = small.rule("silent", -2, {"none": [ENERGY]})
    methodology = small.methodology(
        small.criterion("c", 2, silent, small.rule("paid", 2, ENERGY), hit_policy="collect sum", at_least=-2)
    )
    found = small.card(methodology).criterion("c")
    assert (found.outcome, int(found.points)) == (Outcome.NOT_MET, -2)


def tree(**exemption: Any) -> Any:
    """Return two groups; the criterion of the second requires a score of the first, which may not apply."""
    return small.tree(
        [group("a", not_applicable=exemption), group("b")],
        {"a": [one("first")], "b": [one("second", requires=[{"of": "a", "at_least": 1}])]},
    )


@pytest.mark.parametrize("counts_as", ["excluded", "full", "zero"])
@pytest.mark.parametrize("exemption", [{"cohorts": ["big"]}, {"when": {"none": [CARBON]}}])
def test_a_group_that_does_not_apply_meets_every_requirement_however_it_counts(
    counts_as: str, exemption: dict[str, Any]
) -> None:
    card = small.card(tree(counts_as=counts_as, **exemption))
    assert card.criterion("first").outcome is Outcome.NOT_APPLICABLE
    assert card.criterion("second").outcome is not Outcome.GATED


def test_a_group_that_applies_must_reach_the_score() -> None:
    assert small.card(tree(cohorts=["tiny"], counts_as="zero")).criterion("second").outcome is Outcome.GATED


def tables(counts_as: str) -> Any:
    rows = [{"p": "< 1", "then": "bad"}, {"p": ">= 1", "then": "good"}, {"p": "null", "then": "open"}]
    reads = [("points_of_criterion", {"points": "first"}), ("points_of_group", {"points": "a"})]
    return small.tree(
        [group("a"), group("b")],
        {"a": [one("first", not_applicable={"cohorts": ["big"], "counts_as": counts_as})], "b": [one("second")]},
        tables=[
            {"id": id, "title": id, "inputs": {"p": read}, "outputs": ["good", "bad", "open"], "rows": rows}
            for id, read in reads
        ],
    )


@pytest.mark.parametrize(("counts_as", "output"), [("excluded", "open"), ("zero", "bad"), ("full", "good")])
def test_a_decision_table_reads_no_points_of_what_is_left_out(counts_as: str, output: str) -> None:
    found = {table.id: table.outputs for table in small.card(tables(counts_as)).tables}
    assert found == {"points_of_criterion": (output,), "points_of_group": (output,)}


@pytest.mark.parametrize("counts_as", ["excluded", "full", "zero"])
def test_a_criterion_without_points_says_how_it_counts_where_it_does_not_apply(counts_as: str) -> None:
    exempt = {**SCANDAL, "not_applicable": {"cohorts": ["big"], "counts_as": counts_as}}
    assert small.card(small.methodology(exempt, small.LADDER)).criterion("scandal").counts_as == counts_as


def test_the_explanation_names_the_cohort_only_where_the_cohort_decides() -> None:
    by_cohort = small.card(tree(cohorts=["big"], counts_as="zero"))
    by_absence = small.card(tree(when={"none": [CARBON]}, counts_as="zero"), cohort=None)
    said = [as_text(explanation_text(card, "first")) for card in (by_cohort, by_absence)]
    assert "the group a does not apply to the cohort Big ones: " in said[0]
    assert "the group a does not apply to the company: " in said[1]
    assert "None" not in said[1]


def test_a_group_without_result_says_why_in_the_scorecard() -> None:
    methodology = small.tree([group("a", needs="must")], {"a": [one("first", requirement="must"), one("second")]})
    card = small.card(methodology)
    assert card.groups[0].outcome is GroupOutcome.WITHHELD
    said = as_text(scorecard_text(card))
    assert all(reason in said for reason in card.groups[0].because)

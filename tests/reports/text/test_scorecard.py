"""Tests of a scorecard in text."""

from attrs import evolve

from cleancloud_rules.reports.text.base import as_text
from cleancloud_rules.reports.text.scorecard import scorecard_text
from tests.support import fictional as examples
from tests.support import samples
from tests.support.fictional import LIBRARIES, TOOLS


def lines() -> list[str]:
    return as_text(scorecard_text(samples.scorecard())).splitlines()


def test_the_notices_stand_above_all() -> None:
    assert lines()[:2] == [notice.text for notice in samples.NOTICES]


def test_the_head_says_who_scored_how_much_by_what() -> None:
    said = lines()
    assert "Acme (Cloud providers)" in said
    assert "Demonstration, edition 2024, Demo Institute" in said
    assert "Total: 56.67 of 100, including 30.00 from hypothetical facts alone" in said
    assert "4 criteria: 1 awarded, 1 partial, 1 not found, 1 not assessed" in said


def test_a_company_outside_any_cohort_has_none_in_its_head() -> None:
    card = samples.scorecard()
    alone = evolve(card, company=evolve(card.company, cohort=None, cohort_title=None))
    assert "Acme" in as_text(scorecard_text(alone)).splitlines()


def test_each_category_has_points_score_and_arithmetic() -> None:
    row = next(line for line in lines() if line.startswith("Energy"))
    assert row.split("  ")[-1] == "40 x 4.0 / 6.0 = 80/3, rounded to 26.67"
    assert "4.0 of 6.0" in row
    assert "26.67 of 40" in row


def test_each_criterion_has_outcome_points_and_reason() -> None:
    row = next(line for line in lines() if line.startswith("ladder"))
    assert "partial  4.0 of 6.0  More than 38% in 2023." in row


def test_no_answer_is_never_shown_as_no() -> None:
    row = next(line for line in lines() if line.startswith("open"))
    assert "not assessed" in row


def test_what_does_not_count_and_what_could_not_be_derived_is_at_the_end() -> None:
    said = lines()
    assert "    does not count: its period 2021 ends before the window begins" in said
    assert said[-2:] == ["Facts that could not be derived", "  share_from_use divides by zero for 2022"]


def test_a_scorecard_without_such_leaves_the_headings_out() -> None:
    card = samples.scorecard()
    clean = evolve(card, facts=card.facts[:1], problems=())
    said = as_text(scorecard_text(clean))
    assert "Facts that do not count" not in said
    assert "Facts that could not be derived" not in said


def fictional(example: str, company: str) -> list[str]:
    return as_text(scorecard_text(examples.card(example, company))).splitlines()


def test_a_methodology_without_scores_has_no_column_for_them() -> None:
    said = fictional(LIBRARIES, "example_harbour")
    assert said[said.index("Category  Points") + 1].split() == ["Arriving", "3", "of", "3"]
    assert "Level: Practised" in said
    assert "Leading is not reached: missing formats, training_of_all, policy_reviewed" in said
    assert "Requirements met: 2 of 2 must, 6 of 6 should, 0 of 4 suggested" in said


def test_requirement_and_level_of_a_criterion_stand_beside_it() -> None:
    said = fictional(LIBRARIES, "example_marsh")
    header = next(line for line in said if line.startswith("People ") and "Points" in line)
    assert header.split() == ["People", "Requirement", "Level", "Outcome", "Points", "Because"]
    assert next(line for line in said if line.startswith("training ")).split()[:4] == [
        "training", "should", "prepared", "awarded",
    ]  # fmt: skip


def test_what_is_left_out_has_no_points_that_its_group_would_lack() -> None:
    said = fictional(TOOLS, "example_anvil")
    assert next(line for line in said if line.startswith("screws")).split()[:4] == ["screws", "not", "applicable", "-"]
    assert next(line for line in said if line.startswith("  Electrics")).split()[:3] == ["Electrics", "-", "-"]


def test_a_result_that_is_withheld_says_why() -> None:
    said = fictional(LIBRARIES, "example_moor")
    assert "Result: withheld" in said
    assert "no result, because not every must is met: complaints_answered" in said

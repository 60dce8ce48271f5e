"""Tests of the audit reading in text."""

import pytest
from attrs import evolve

from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.explanation import explanation_text
from cleancloud_rules.results.scorecards import Unmet
from tests.support import samples, small
from tests.support.fictional import FARMS, TOOLS, card


def read(criterion: str | None = None, *, full: bool = False, rules: bool = True) -> str:
    return as_text(explanation_text(samples.scorecard(), criterion, full=full, rules=rules))


def test_every_explanation_has_the_notices() -> None:
    said = read("ladder").splitlines()
    assert [line for line in said if line in [notice.text for notice in samples.NOTICES]] == [
        notice.text for notice in samples.NOTICES
    ]


def test_a_criterion_is_headed_by_outcome_and_points() -> None:
    assert "Criterion ladder (ladder): partial, 4.0 of 6.0 points\n" in read("ladder")


def test_the_syntax_of_rules_is_shown_only_on_request() -> None:
    said = read("ladder", rules=False)
    assert "asks for" not in said
    assert "fails" not in said
    assert "the nearest fact:\n      Share of renewable energy, share-1: " in said
    assert "asks for share: {percent: >= 100}\n" in read("ladder")


def test_what_the_facts_do_not_answer_has_a_sentence_unless_everything_is_asked_for() -> None:
    said = read(rules=False)
    assert "  - Criterion open (open), up to 0.5 points: A public report.\n" in said
    assert "rule none" not in said
    assert "rule none, 0.5 points: does not hold\n" in read(full=True, rules=False)


def test_rules_that_earned_nothing_are_shown_only_if_everything_is_asked_for() -> None:
    said = read(rules=False)
    assert "rule some, 4.0 points, rests on:\n" in said
    assert "rule any" not in said
    assert "rule all" not in said
    assert "rule any, 1.0 points: holds, points not taken\n" in read(full=True)


def test_the_arithmetic_names_the_rules_that_won_and_what_is_forgone() -> None:
    assert "arithmetic: collect max: 4.0 by a rule = 4.0; 2.0 not earned\n" in read("ladder")


def test_hypothetical_points_are_marked() -> None:
    assert "= 1.0, including 1.0 from hypothetical facts alone\n" in read("found")


def test_every_rule_says_whether_it_fired_and_whether_its_points_were_taken() -> None:
    said = read("ladder")
    assert "rule all, 6.0 points: does not hold\n" in said
    assert "rule some, 4.0 points: holds, points taken\n" in said
    assert "rule any, 1.0 points: holds, points not taken\n" in said


def test_a_condition_beyond_the_publishers_words_is_marked_with_its_reason() -> None:
    assert "by this project, beyond the publisher's words: The publisher names no threshold.\n" in read("ladder")


def test_a_fact_is_given_in_full_once_and_then_by_id() -> None:
    said = read("ladder")
    assert said.count("share-1: percent more than 38%") == 1
    assert said.count("share-1, as above") == 2
    assert said.count("published by the company; p. 12 [1]") == 2  # share-1, and share-2 that does not count
    assert said.count("[1]  Annual Report, Acme, published 2024-04-02, accessed 2024-06-29 (footnotes 15, 17),\n") == 1
    assert "       https://example.org/report\n" in said


def test_the_nearest_fact_and_the_tests_it_fails_are_named() -> None:
    said = read("ladder")
    assert "not met: share: {percent: >= 100}; the nearest fact\n      Share of renewable energy, share-1: " in said
    assert "      fails percent: >= 100\n" in said


def test_a_fact_that_does_not_count_is_given_with_the_reason() -> None:
    assert (
        "does not count: its period 2021 ends before the window begins\n    Share of renewable energy, share-2: "
        in read("ladder")
    )


def test_the_remedy_names_its_recommendation() -> None:
    assert "next step: Raise the share.\n  recommendation R2: Use more renewable energy.\n" in read("ladder")


def test_what_is_not_assessed_asks_for_evidence_and_for_nothing_else() -> None:
    methodology = small.methodology(small.LADDER, small.GOALS)
    said = as_text(explanation_text(small.card(methodology), full=True))
    assert said.count("not assessed: what would count: facts that a rule asks for.\n") == 1
    assert said.count("not assessed: what would count: A public goal.\n") == 1
    assert "next step" not in said
    assert "what counts: " not in said


def test_what_was_looked_for_and_not_found_is_listed() -> None:
    assert "looked for and not found: share: {percent: > 10}\n" in read("gone")


def explained(unmet: Unmet) -> str:
    card = samples.scorecard()
    category = card.category("other")
    criterion = evolve(card.criterion("open"), rules=(samples.rule("only", "0.5", unmet=(unmet,)),))
    changed = evolve(card, categories=(evolve(category, criteria=(criterion,)),))
    return as_text(explanation_text(changed, "open", rules=True))


def test_a_test_that_no_fact_met_is_named() -> None:
    unmet = Unmet("share: {percent: > 10}", ("percent: > 10",))
    assert "not met: share: {percent: > 10} (by no fact)\n" in explained(unmet)


def test_a_count_that_is_too_low_is_given() -> None:
    unmet = Unmet("at least 2 facts of share: {}", ("counted 1",))
    assert "not met: at least 2 facts of share: {} (counted 1)\n" in explained(unmet)


def test_a_fact_that_must_not_be_there_is_named() -> None:
    unmet = Unmet("share: {}", (), "share-1", forbidden=True)
    assert "holds but must not: share: {}\n      Share of renewable energy, share-1: " in explained(unmet)


def test_a_count_that_must_not_be_reached_is_given() -> None:
    unmet = Unmet("at least 2 facts of share: {}", ("counted 2",), forbidden=True)
    assert "holds but must not: at least 2 facts of share: {} (counted 2)\n" in explained(unmet)


def test_a_rule_that_holds_by_absence_says_so() -> None:
    card = samples.scorecard()
    category = card.category("other")
    rules = (samples.rule("absent", "0.5", fired=True, won=True, because="None.", unmet=()),)
    criterion = evolve(card.criterion("open"), rules=rules)
    changed = evolve(card, categories=(evolve(category, criteria=(criterion,)),))
    assert "on no fact: it asks for the absence of facts\n" in as_text(explanation_text(changed, "open"))


def test_all_criteria_are_read_where_none_is_chosen() -> None:
    said = read()
    assert all(f"{criterion.title} ({criterion.id})" in said for criterion in samples.scorecard().criteria)
    assert "Stated, but does not count\n" in said


def test_one_criterion_leaves_the_rest_out() -> None:
    said = read("ladder")
    assert "(gone)" not in said
    assert "Other: " not in said


def test_an_unknown_criterion_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        read("unknown")


def test_the_groups_around_a_criterion_are_explained_up_to_the_total() -> None:
    said = as_text(explanation_text(card(FARMS, "example_dale"), "rain")).splitlines()
    headings = [line for line in said if line.startswith(("Total: (", "Use of water", "Care for"))]
    assert [heading.split(":")[0] for heading in headings] == ["Use of water", "Use of water / In the yard", "Total"]
    assert headings[-1].startswith("Total: (3 x 74 + 2 x 35.0) / 5 = 58.4. ")


def test_points_in_proportion_are_reckoned_out() -> None:
    said = " ".join(as_text(explanation_text(card(FARMS, "example_dale"))).split())
    assert "from 0 to 80; 95 counts as 80: 6 x (80 - 0) / (80 - 0) = 6.0" in said
    assert "from 50 to 450; 1 + (4 - 1) x (300 - 50) / (450 - 50) = 2.875, rounded down to 2.8" in said


def test_a_question_is_a_heading_with_its_id() -> None:
    said = as_text(explanation_text(card(TOOLS, "example_chisel"), "wearing_parts"))
    assert "Can every part that wears be taken out by itself? (wearing_parts): not met, 0.00 of 1.00 points\n" in said


def test_what_does_not_apply_names_the_facts_that_say_so_and_asks_for_nothing() -> None:
    said = as_text(explanation_text(card(TOOLS, "example_anvil"), "screws"))
    assert "Can the tool be opened with screws alone? (screws): not applicable\n" in said
    assert "  not applicable because of these facts:\n    " in said
    assert "does not hold" not in said


def test_what_does_not_apply_to_a_cohort_names_it() -> None:
    said = as_text(explanation_text(card(TOOLS, "example_anvil"), "switch"))
    assert "  the group electrics does not apply to the cohort Makers of hand tools: excluded\n" in said

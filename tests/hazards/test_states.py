"""States, batches and what is left over of them."""

import pytest

from tests.hazards.children import crashes, misused, used


def test_deleting_a_state_in_which_nothing_started_crashes() -> None:
    assert crashes("delete_a_state_in_which_nothing_started")


def test_an_anchor_in_every_batch_makes_states_safe_to_delete() -> None:
    assert misused("delete_a_state_in_which_an_anchor_started").value == "alive"
    assert used("score_companies_of_which_nothing_matches") == 0


def test_an_empty_batch_gives_a_handle_that_crashes() -> None:
    assert crashes("drain_after_an_empty_batch")


def test_what_cannot_be_parsed_drops_the_rest_of_a_batch_without_a_word() -> None:
    code, ids = misused("send_a_number_in_exponent_notation_between_others").value
    assert code == 0
    assert ids == [0]


@pytest.mark.parametrize(("count", "ids"), [(254, [0, 1, 2]), (255, [0])])
def test_a_record_of_255_properties_drops_the_rest_of_a_batch_without_a_word(count: int, ids: list[int]) -> None:
    assert misused("send_properties", count).value == [0, ids]


def test_a_fact_type_may_have_more_fields_than_a_record_properties() -> None:
    counts = [99, 100, 101, 126, 127, 300]
    assert used("for_each", "read_fields_of_one_type", *counts) == counts


def test_facts_of_a_batch_that_broke_off_are_there_for_the_next() -> None:
    assert misused("leave_facts_behind").value == ["r"]


def test_more_than_1024_sessions_at_once_fail_and_crash() -> None:
    assert misused("keep_sessions", 1024).value == "alive"
    assert misused("keep_sessions", 1025).value == "MemoryError at session 1025"
    assert crashes("delete_the_session_that_was_too_many")


def test_more_than_1100_companies_at_once_are_no_more_than_one() -> None:
    assert used("hold_companies_at_once", 1200) == [1200, [], 1200]


def test_a_session_with_a_quote_cannot_be_deleted() -> None:
    assert misused("delete_a_session_with_a_quote").value == ["Could not delete state, error code: 309"]


def test_rulesets_that_are_deleted_with_their_state_leak() -> None:
    assert misused("delete_rulesets", "with_their_state", plain_memory=True).value > 1
    assert misused("delete_rulesets", "after_their_state", plain_memory=True).value < 0.05


def test_a_batch_that_is_broken_off_and_mended_costs_little_memory() -> None:
    assert used("keep_companies_of_one_engine", 500, plain_memory=True) < 25


@pytest.mark.deep(part="hazards")
def test_the_131_072nd_ruleset_is_refused() -> None:
    ended = misused("keep_rulesets", timeout=500, plain_memory=True)
    assert ended.value == [131_072, "Could not create ruleset, error code: 112"]


def test_a_public_host_starts_threads_that_never_stop() -> None:
    assert misused("start_the_public_host", timeout=30).value == 2


def test_scoring_leaves_no_thread_behind() -> None:
    assert used("leave_no_thread") == [1, 1, 1]

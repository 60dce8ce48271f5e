"""Many companies, threads and processes."""

import os

import pytest

from tests.hazards.children import used

deep = pytest.mark.deep(part="hazards")
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


@pytest.mark.parametrize("count", [1000, pytest.param(50_000, marks=deep)])
@pytest.mark.parametrize("what", ["score_in_one_process", "fire_in_one_process"])
def test_memory_does_not_grow_with_the_number_of_companies(what: str, count: int) -> None:
    found = used(what, count, timeout=600, plain_memory=True)
    assert found["largest"] < 1.02 * found["after_500"]
    assert found.get("wrong", 0) == 0


@pytest.mark.parametrize("rounds", [1, pytest.param(100, marks=deep)])
def test_eight_threads_score_as_one_does(rounds: int) -> None:
    assert used("score_in_threads", rounds, timeout=600) == 0


def test_eight_threads_may_begin_at_once() -> None:
    assert used("begin_in_threads") == [8, 1]


@pytest.mark.parametrize("method", [pytest.param("fork", marks=forks), "spawn"])
def test_four_processes_score_as_one_does(method: str) -> None:
    assert used("score_in_processes", method) == [0, 0, 0, 0]


@forks
def test_a_child_that_inherits_locks_hangs() -> None:
    assert used("fork_while_threads_score", 200, "inherited", timeout=240) == [0, 1]


@forks
@pytest.mark.parametrize("times", [3, pytest.param(100, marks=deep)])
def test_a_child_that_is_forked_while_threads_score_scores_as_they_do(times: int) -> None:
    assert used("fork_while_threads_score", times, "renewed", timeout=600) == [0, 0]


@pytest.mark.parametrize("times", [100, pytest.param(3000, marks=deep)])
def test_memory_does_not_grow_with_methodologies_that_are_loaded_and_dropped(times: int) -> None:
    found = used("load_and_drop", times, timeout=600, plain_memory=True)
    assert found["largest"] < 1.05 * found["after_a_tenth"]

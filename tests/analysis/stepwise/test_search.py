"""Tests of steps: what is valid alone is a step, what is not waits for as few others as possible."""

from collections.abc import Callable

from cleancloud_rules.analysis.stepwise.search import StepSearch

State = frozenset[str]


def steps(items: str, is_valid: Callable[[State], bool]) -> list[str]:
    """Return the changes of each step, and assert that the state after each is that of all changes until then."""

    def after(taken: State, is_last: bool) -> State | None:
        return taken if is_last or is_valid(taken) else None

    found, until = [], frozenset[str]()
    for taken, state in StepSearch(after)(items):
        until |= set(taken)
        assert state == until
        found.append("".join(taken))
    assert until == set(items)
    return found


def test_changes_that_are_valid_alone_are_steps_in_their_order() -> None:
    assert steps("cab", lambda _: True) == ["c", "a", "b"]


def test_a_change_waits_for_the_one_that_it_needs() -> None:
    assert steps("abc", lambda taken: "a" not in taken or "c" in taken) == ["b", "c", "a"]


def test_a_change_that_became_valid_alone_is_a_step_of_its_own() -> None:
    assert steps("abcd", lambda taken: taken <= {"c", "d"} or {"c", "d"} <= taken) == ["c", "d", "a", "b"]


def test_two_changes_that_need_each_other_leave_a_third_alone() -> None:
    assert steps("abcd", lambda taken: ("a" in taken) == ("c" in taken)) == ["b", "ac", "d"]


def test_more_than_four_changes_that_need_each_other_are_one_step() -> None:
    assert steps("abdefc", lambda taken: len(taken - {"c"}) in (0, 5)) == ["abdef", "c"]


def test_what_still_waits_at_the_end_is_one_step() -> None:
    groups = [frozenset("abcdef"), frozenset("ghijkl")]
    found = steps(
        "abcdefghijkl"[::2] + "abcdefghijkl"[1::2], lambda taken: all(g <= taken for g in groups) or not taken
    )
    assert found == ["acegikbdfhjl"]


def test_changes_can_be_applied_together_before_the_others() -> None:
    search = StepSearch[str, State](lambda taken, _: taken if "b" not in taken or "a" in taken else None)
    assert search.together(("b",)) is None
    assert search.together(("a",)) == frozenset("a")
    assert list(search("b")) == [(("b",), frozenset("ab"))]

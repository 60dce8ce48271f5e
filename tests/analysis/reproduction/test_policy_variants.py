"""Tests of methodologies with one policy changed: the mode of scores and the mode of points are changed separately."""

from collections.abc import Iterator

from cleancloud_rules.analysis.reproduction.policy_variants import alternatives_of
from cleancloud_rules.model.methodology import Methodology
from tests.support.written import card, criterion, methodology

HALF = "[{reading: {n: 5}, source: form}]"
"""A reading that earns 2.5 of 5 points before they are rounded."""


def rounds_down(own: str = "", group: str = "") -> Methodology:
    """Return a methodology that rounds down: half of the points of its criterion count in a mean, so 2.5 / 2 or so."""
    rule = f"5, in_proportion: {{to: reading.n, over: [0, 10]{own}}}, when: {{reading: {{}}}}"
    return methodology(
        f"rounding: {{mode: floor, digits: 0}}\ncategories: [{{id: a, title: A, aggregate: mean{group}}}]\n",
        a=criterion("c", 5, rule) + criterion("d", 1, "1, when: {reading: {}}"),
    )


def given(used: Methodology, words: str) -> Iterator[list[str]]:
    """Yield the points of the criterion and the score of the category under the alternatives that words begin."""
    for alternative in alternatives_of(used):
        if alternative.words.startswith(words):
            found = card(alternative.methodology, HALF)
            yield [alternative.words, str(found.criterion("c").points), str(found.categories[0].score)]


def test_the_declared_policy_is_no_alternative() -> None:
    used = rounds_down(own=", mode: floor", group=", rounding: {mode: floor}")
    for methodology_of in (rounds_down(), used):
        words = [alternative.words for alternative in alternatives_of(methodology_of)]
        assert "rounding scores down" not in words
        assert "rounding points down" not in words
        assert {"rounding scores up", "rounding points up"} <= set(words)


def test_another_mode_of_scores_leaves_points_as_they_are() -> None:
    assert list(given(rounds_down(), "rounding scores")) == [
        ["rounding scores half up", "2", "2"],
        ["rounding scores half to even", "2", "2"],
        ["rounding scores up", "2", "2"],
    ]
    assert list(given(rounds_down(group=", rounding: {mode: half_even}"), "rounding scores up")) == [
        ["rounding scores up", "2", "2"]
    ]


def test_another_mode_of_points_leaves_scores_rounded_as_they_are() -> None:
    assert list(given(rounds_down(), "rounding points")) == [
        ["rounding points half up", "3", "2"],
        ["rounding points half to even", "2", "1"],
        ["rounding points up", "3", "2"],
    ]
    assert list(given(rounds_down(own=", mode: half_even"), "rounding points down")) == [
        ["rounding points down", "2", "1"]
    ]

"""What the benchmark computes from its measurements, and that what it times gives the same points."""

import pytest

import cleancloud_rules as cc
from tests.benchmarks import heap_trimming, rungs
from tests.benchmarks.bench import RATIOS, Ratio, exponent, ratio_of, read, timed
from tests.benchmarks.peers import PEERS


def test_a_cost_grows_by_its_power() -> None:
    assert exponent({10: 3.0, 100: 30.0, 1000: 300.0}) == pytest.approx(1)
    assert exponent({10: 5.0, 1000: 50_000.0}) == pytest.approx(2)


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    figures = {"a": [2.0, 9.0, 4.0], "b": [1.0, 3.0, 1.0]}
    assert ratio_of(Ratio("a to b", "a", "b", (1,)), figures) == 3


def test_each_action_is_timed_in_each_round() -> None:
    calls: list[str] = []
    found = timed({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2)
    assert {name: len(times) for name, times in found.items()} == {"a": 2, "b": 2}
    assert {ratio.to for ratio in RATIOS} - {"checked", "extension module alone"} <= set(PEERS)


def test_plain_closures_give_the_points_that_we_give() -> None:
    rules, evaluate = rungs.methodology(12), PEERS["plain closures"](12)
    for number in range(5):
        stated = rungs.stated(number, 12, 6)
        card = read(cc.score(rungs.company(number, 12, 6, rules), rules))
        points = evaluate({name: value / 10 for name, value in stated.items()})
        earned = {c.id.removeprefix("c_"): c.points for c in card.criteria if c.points}
        assert points == earned


def test_the_engine_step_is_measured_with_both_settings_of_the_heap() -> None:
    usual, raised = heap_trimming.measured(3, 2, 1, seconds=0.01)
    assert min(usual) > 0
    assert min(raised) > 0
    assert len(usual) == len(raised) == 1

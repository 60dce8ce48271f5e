"""Tests that what the library computes is what ``tests/golden/figures.json`` holds; `make golden` writes it anew.

Compared are, for the companies of Clean Cloud 2024 and of the other examples: totals, scores, points, outcomes, ranks,
bounds, certificates, weights, published claims, the reproduction, the fit, scores with hypothetical facts, and the
differences between two editions. Texts are not compared, so that these may be reworded.
"""

import json
from typing import Any

import pytest

from tests.support.figures import COMMANDS, FILE, compared, figures, leaves, outcome

GOLDEN: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", COMMANDS)
def test_the_figures_are_what_they_were(kind: str) -> None:
    assert {name: outcome(command) for name, command in COMMANDS[kind].items()} == GOLDEN[kind]


def test_every_kind_is_compared_and_holds_figures() -> None:
    assert GOLDEN.keys() == COMMANDS.keys()
    for kind, examples in COMMANDS.items():
        assert GOLDEN[kind].keys() == examples.keys()
    said = compared(GOLDEN)
    assert said.startswith("bounds: ")
    assert sum(1 for _ in leaves(GOLDEN)) > 20_000, said


def test_all_companies_are_compared() -> None:
    companies = {name: len(outcome["result"]) for name, outcome in GOLDEN["scores"].items()}
    assert companies == {
        "careful_water": 5,
        "clean_cloud_2024": 25,
        "mendable_tools": 4,
        "open_reading_rooms": 6,
        "two_editions/first": 3,
    }


def test_texts_and_places_are_left_out() -> None:
    record = {"id": "one", "title": "One", "points": "2.0", "note": "Two words", "reason": "two words", "line": 3}
    unfired = {"id": "low", "points": "1.0", "fired": False}
    assert figures([record, unfired]) == {"one": {"points": "2.0"}}

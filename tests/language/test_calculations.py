"""Tests of the formulas of derived facts, with the numbers that they read."""

from typing import Any

import pytest

from cleancloud_rules import Scorecard, methodology_from
from cleancloud_rules.results import Calculation, ReadValue
from tests.support import small


def calculated(green: Any, total: Any, **derivation: Any) -> tuple[Calculation, ...]:
    """Return the calculations of the share that two amounts give."""
    made = {**small.DERIVATION, **derivation}
    files = small.files(small.LADDER, small.GOALS)
    files["facts.yaml"]["derivations"] = [made]
    methodology = methodology_from(files)
    facts = (
        small.fact("energy", {"status": "bought", "amount": green}),
        small.fact("energy", {"status": "used", "amount": total}),
    )
    card = small.card(methodology, *facts)
    assert Scorecard.from_json(card.to_json()) == card
    (derived,) = (fact for fact in card.facts if fact.derived_by == made["id"])
    assert {value.fact for c in derived.calculations for value in c.values} <= set(derived.derived_from)
    assert all(not fact.calculations for fact in card.facts if fact is not derived)
    return derived.calculations


@pytest.mark.parametrize(
    ("green", "total", "said"),
    [
        ("25 GWh", "50 GWh", "25 GWh / 50 GWh * 100 = 50%"),
        ("25 GWh", "75 GWh", "25 GWh / 75 GWh * 100 = 100/3, ROUNDED to 33.33%"),
        ("25 GWh", {"at_least": "50 GWh"}, "25 GWh / (at least 50 GWh) * 100 = between 0% and 50%, its ends ROUNDED"),
        ({"at_least": "1 GWh"}, "3 GWh", "(at least 1 GWh) / 3 GWh * 100 = at least 33.33%, its ends ROUNDED"),
        ({"at_least": "1 GWh"}, "2 GWh", "(at least 1 GWh) / 2 GWh * 100 = at least 50%"),
    ],
)
def test_a_calculation_says_the_formula_and_its_numbers(green: Any, total: Any, said: str) -> None:
    (found,) = calculated(green, total)
    expected = f"percent = green.amount / total.amount * 100 = {said}"
    assert found.text == expected.replace("ROUNDED", "rounded half up")
    assert (found.field, found.formula) == ("percent", "green.amount / total.amount * 100")


def test_values_are_kept_as_they_are_stated() -> None:
    (found,) = calculated("25 GWh", {"at_least": "50 GWh"})
    shown = [(value.name, value.value, value.text) for value in found.values]
    assert shown == [("green.amount", "25 GWh", "25 GWh"), ("total.amount", {"at_least": "50 GWh"}, "at least 50 GWh")]
    assert all(isinstance(value, ReadValue) for value in found.values)


def test_a_value_that_is_read_twice_is_kept_once() -> None:
    (found,) = calculated("25 GWh", "50 GWh", set={"percent": "green.amount / (green.amount + total.amount) * 90"})
    assert [value.name for value in found.values] == ["green.amount", "total.amount"]
    assert found.text.endswith("= 25 GWh / (25 GWh + 50 GWh) * 90 = 30%")


def test_inputs_that_are_exchanged_are_told_apart() -> None:
    # The ids of the facts are sorted in `derived_from`, so that the order of the inputs must come from elsewhere.
    for green, total, said in (("10 GWh", "40 GWh", "= 25%"), ("1 GWh", "80 GWh", "= 5/4, rounded half up to 1.25%")):
        (found,) = calculated(green, total)
        assert f"= {green} / {total} * 100 =" in found.text
        assert found.text.endswith(said) or found.text.endswith("= 1.25%")


def test_a_formula_without_readings_stands_once() -> None:
    (found,) = calculated("25 GWh", "50 GWh", set={"percent": "10 + 5"})
    assert found.text == "percent = 10 + 5 = 15%"
    assert found.values == ()

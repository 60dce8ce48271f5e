"""Figures do not depend on the decimal context of the program that calls the library."""

import decimal
from decimal import Decimal

import pytest

import cleancloud_rules as cc
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.bounds import bounds_text
from cleancloud_rules.reports.text.explanation import explanation_text
from cleancloud_rules.reports.text.ranking import ranking_text
from cleancloud_rules.reports.text.scorecard import scorecard_text
from cleancloud_rules.results.json import to_json
from tests.support import small
from tests.support.decimal_contexts import LARGEST, MODES, context
from tests.support.places import ROOT

EXAMPLES = ("clean_cloud_2024", "careful_water")
OWN_METHODOLOGY = ("careful_water",)
deep = pytest.mark.deep(part="bounds")


def loaded(example: str) -> tuple[cc.Methodology, cc.Dataset]:
    """Return an example, read anew."""
    folder = ROOT / "examples" / example
    methodology = cc.load_methodology(folder / "methodology" if example in OWN_METHODOLOGY else example)
    return methodology, cc.load_dataset(folder, methodology)


def results(example: str) -> str:
    """Return all that scoring and ranking an example gives, loaded anew: JSON and text."""
    methodology, dataset = loaded(example)
    ranking = cc.rank(dataset, methodology)
    cards = [row.scorecard for cohort in ranking.cohorts for row in cohort.rows]
    texts = [text for card in cards for text in (scorecard_text(card), explanation_text(card))]
    return "\n".join([ranking.to_json(), as_text(ranking_text(ranking)), *map(as_text, texts)])


SHARE = {"shares": {"percent": ">= 50", "excess": "[1234567.4..1234567.4]"}}
CARBON = {"goal": {"topic": "carbon"}}
LOAD = {"site": {"load": ">= 0"}}
FIELDS = {
    "amounts": {name: {"type": "quantity", "unit": "GWh", "digits": 12} for name in ("energy", "use")},
    "shares": {"percent": {"type": "percent", "digits": 12}, "excess": {"type": "number", "digits": 12}},
}
DERIVATION = {
    "id": "shares_of_amounts",
    "fact": "shares",
    "from": {"a": {"amounts": {}}},
    "join": ["period"],
    "set": {"percent": "a.energy / a.use * 100", "excess": "a.use - a.energy + 0.000000000001"},
    "round": {"digits": 12, "mode": "half_even"},
}


def fine() -> cc.Methodology:
    """Return a methodology of fine numbers: a derivation, a proportion, a penalty, a cap and sums."""
    two = [small.rule("one", 1111.1111, {"goal": {"topic": "energy"}}), small.rule("two", 2222.2222, CARBON)]
    own = {id: {"title": id, "horizon": "long_term", "fields": fields} for id, fields in FIELDS.items()}
    in_proportion = {"to": "site.load", "over": [0, Decimal("7.5")], "digits": 4}
    files = small.files(
        small.criterion("share", 4321.0987, small.rule("most", 4321.0987, SHARE)),
        small.criterion("loads", 1234.5678, small.rule("part", 1234.5678, LOAD, in_proportion=in_proportion)),
        small.criterion("both", 2345.6789, *two, hit_policy="collect sum", at_most=Decimal("2345.6789")),
        small.criterion("lost", 0, small.rule("load", -333.3333, LOAD)),
        fact_types=small.FACT_TYPES | own,
        rounding={"digits": 5, "mode": "half_even", "total": "sum_of_rounded", "points_digits": 4},
    )
    files["facts.yaml"]["derivations"] = [DERIVATION]
    return cc.methodology_from(files)


def result_of_fine_numbers() -> str:
    card = small.card(
        fine(),
        small.fact("site", {"region": "north", "load": Decimal("3.7")}),
        small.fact("goal", {"topic": "energy"}),
        small.fact("goal", {"topic": "carbon"}),
        small.fact("amounts", {"energy": "1234567.400000000001 GWh", "use": "2469134.8 GWh"}, period=2023),
    )
    return "\n".join([card.to_json(), as_text(scorecard_text(card)), as_text(explanation_text(card))])


@pytest.fixture(scope="module")
def expected() -> str:
    found = result_of_fine_numbers()
    assert "4321.0987 by most" in found
    return found


@pytest.mark.parametrize("mode", MODES)
def test_fine_numbers_give_equal_bytes_under_every_precision_and_mode(mode: str, expected: str) -> None:
    for precision in range(2, LARGEST + 1):
        with context(precision, mode):
            assert result_of_fine_numbers() == expected, precision


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_gives_equal_bytes_under_the_coarsest_context(example: str) -> None:
    usual = results(example)
    for mode in (decimal.ROUND_FLOOR, decimal.ROUND_05UP):
        with context(2, mode):
            assert results(example) == usual


@deep
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_gives_equal_bytes_under_every_precision_and_mode(example: str, mode: str) -> None:
    usual = results(example)
    for precision in range(2, LARGEST + 1):
        with context(precision, mode):
            assert results(example) == usual, precision


def bounds_of(example: str) -> str:
    methodology, dataset = loaded(example)
    found = cc.analysis.bounds(dataset, methodology)
    return to_json(found) + as_text(bounds_text(found))


@pytest.mark.parametrize("precision", [2, pytest.param(range(3, LARGEST + 1), marks=deep)])
@pytest.mark.parametrize("example", EXAMPLES)
def test_bounds_are_equal_bytes_under_every_precision(example: str, precision: int | range) -> None:
    usual = bounds_of(example)
    for one in (precision,) if isinstance(precision, int) else precision:
        with context(one, MODES[one % len(MODES)]):
            assert bounds_of(example) == usual, one


@deep
@pytest.mark.parametrize("precision", [2, 4, 28])
def test_the_fit_is_equal_bytes_under_three_precisions(precision: int) -> None:
    methodology, dataset = loaded("clean_cloud_2024")
    usual = cc.analysis.fit(dataset, methodology)
    with context(precision, decimal.ROUND_FLOOR):
        methodology, dataset = loaded("clean_cloud_2024")
        found = cc.analysis.fit(dataset, methodology)
    assert (to_json(found[0]), found[1]) == (to_json(usual[0]), usual[1])


def quantity(rule: str) -> cc.Methodology:
    fields = {"q": {"type": "quantity", "unit": "GWh", "digits": 3}}
    types = {"f": {"title": "F", "horizon": "long_term", "fields": fields}}
    return small.methodology(small.criterion("c", 10, small.rule("r", 10, {"f": {"q": rule}})), fact_types=types)


@pytest.mark.parametrize("precision", [2, 4, 6, 8, 28])
@pytest.mark.parametrize(("amount", "points"), [("1234567.4 GWh", 0), ("1234568 GWh", 10), ("1234568.001 GWh", 10)])
def test_a_threshold_is_compared_with_every_digit(precision: int, amount: str, points: int) -> None:
    with context(precision, decimal.ROUND_HALF_EVEN):
        card = small.card(quantity(">= 1234568 GWh"), small.fact("f", {"q": amount}))
    assert int(card.criterion("c").points) == points

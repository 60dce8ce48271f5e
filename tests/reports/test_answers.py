"""Tests of the criteria of a scorecard by what the facts say of them."""

from decimal import Decimal

from attrs import evolve

from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.on_demand import changed
from cleancloud_rules.reports.answers import Answer, Answers, answers_of, stated
from tests.support import samples
from tests.support.result_pages import example


def answers(company: str, name: str = "clean_cloud_2024") -> Answers[Answer]:
    return answers_of(next(card for card in example(name).cards if card.company.id == company))


def test_a_derived_fact_rests_on_those_that_were_stated() -> None:
    card = samples.scorecard()
    assert [fact.id for fact in stated(["share-3", "share-1"], card)] == ["share-1"]


def test_what_several_criteria_are_worth_adds_up_to_the_upper_bound() -> None:
    gds = answers("gds")
    total, points = gds.worth(gds.having(Outcome.NOT_ASSESSED))
    assert total == Decimal("69.72")
    assert points == Decimal("81.0")
    assert gds.card.bounds is not None
    assert gds.card.bounds.ceiling == Decimal("97.69")  # 26.54 + 69.72 + the 1.43 of a criterion that is partly met


def test_where_points_do_not_add_up_to_the_total_only_points_are_said() -> None:
    moor = answers("example_moor", "open_reading_rooms")
    assert moor.worth(moor.having(Outcome.NOT_ASSESSED))[0] is None
    marsh = answers("example_marsh", "careful_water")
    assert marsh.worth(marsh.having(Outcome.NOT_ASSESSED)) == (None, Decimal("15.0"))


def test_where_a_limit_holds_the_total_down_only_points_are_said() -> None:
    card = answers("gds").card
    assert card.bounds is not None
    held = answers_of(changed(card, bounds=evolve(card.bounds, ceiling=Decimal(50))))
    assert held.worth(held.having(Outcome.NOT_ASSESSED)) == (None, Decimal("81.0"))


def test_without_bounds_nothing_is_worth_anything() -> None:
    found = answers_of(samples.scorecard())
    assert found.worth(found.all) == (None, None)
    assert found.open_ones == ()


def test_the_largest_gain_comes_first() -> None:
    gds = answers("gds")
    gains = [gds.gain(answer) or Decimal(0) for answer in gds.open_ones]
    assert gains == sorted(gains, reverse=True)
    assert gds.open_ones[0].criterion.id == "procurement_mechanisms"
    assert gains[0] == Decimal("8.00")

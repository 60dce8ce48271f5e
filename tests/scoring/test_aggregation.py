from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.nodes import ScalarNode
from cleancloud_rules.language import unary_tests
from cleancloud_rules.model.conditions import UnaryTest
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.groups import Aggregation, Band, Combining, Taken
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.scoring.aggregation import Part, aggregated, best_of, combined, lies_in, part_of
from tests.support.sizes import sized

NUMBERS = st.fractions(min_value=-50, max_value=50, max_denominator=20)
WEIGHTS = st.decimals(min_value="0.1", max_value=20, places=1)
PARTS = st.lists(st.tuples(NUMBERS, WEIGHTS), min_size=1, max_size=6)
SCORED = [aggregate for aggregate in Aggregation if aggregate is not Aggregation.NONE]


def written(text: str) -> UnaryTest:
    return unary_tests.test_of(
        ScalarNode(text, Location(SourceFile("<test>")), text), Field("score", FieldType.NUMBER, digits=12), Units()
    )


@pytest.mark.parametrize("aggregate", SCORED)
@sized(40)
@given(parts=PARTS, more=st.fractions(min_value=0, max_value=5), data=st.data())
def test_raising_a_part_never_lowers_the_group(
    aggregate: Aggregation, parts: list[tuple[Fraction, Decimal]], more: Fraction, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(parts) - 1))
    raised = [(value + more if i == index else value, weight) for i, (value, weight) in enumerate(parts)]
    assert aggregated(aggregate, raised) >= aggregated(aggregate, parts)


@pytest.mark.parametrize("aggregate", [a for a in SCORED if a not in (Aggregation.SUM, Aggregation.WEIGHTED_SUM)])
@sized(40)
@given(parts=PARTS)
def test_means_and_extremes_lie_between_the_least_and_the_greatest_part(
    aggregate: Aggregation, parts: list[tuple[Fraction, Decimal]]
) -> None:
    values = [value for value, _ in parts]
    assert min(values) <= aggregated(aggregate, parts) <= max(values)


@sized(40)
@given(PARTS)
def test_equal_weights_make_a_weighted_mean_a_mean(parts: list[tuple[Fraction, Decimal]]) -> None:
    alike = [(value, Decimal("2.5")) for value, _ in parts]
    assert aggregated(Aggregation.WEIGHTED_MEAN, alike) == aggregated(Aggregation.MEAN, alike)


def test_of_shares_a_part_is_its_value_over_the_most_that_it_can_be() -> None:
    part = part_of(Taken.SHARES, Fraction(3), Fraction(4), None, "3")
    assert part == Part(Fraction(3, 4), Fraction(1), Decimal(1), "3", Fraction(4))
    assert part.text == "3 / 4"


@pytest.mark.parametrize("most", [0, -2])
def test_nothing_is_brought_to_a_scale_where_nothing_can_be_earned(most: int) -> None:
    part = part_of(Taken.POINTS, Fraction(-3), Fraction(most), None, "-3")
    assert combined(Combining(), (part,), Decimal(100))[0] is None


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        (">= 80", (80, 81), (Fraction(7999, 100),)),
        ("[60..80)", (60, Fraction(7999, 100)), (80, 59)),
        ("(60..80]", (61, 80), (60, 81)),
        ("< 5, > 10", (4, 11), (5, 10)),
        ("not([1..2])", (0, 3), (1, 2)),
        ("-", (0,), ()),
    ],
)
def test_a_number_lies_in_a_test(text: str, inside: tuple[Fraction, ...], outside: tuple[Fraction, ...]) -> None:
    assert all(lies_in(written(text), Fraction(number)) for number in inside)
    assert not any(lies_in(written(text), Fraction(number)) for number in outside)


def test_the_best_band_is_the_one_of_the_highest_number() -> None:
    bands = [Band(written("-"), "A", Decimal(1)), Band(written("-"), "B", Decimal(3)), Band(written("-"), "C")]
    assert best_of(bands) == 3

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.model.tree import structure_of
from cleancloud_rules.scoring.combination import Combination
from tests.support import small
from tests.support.known import known

ASKED = {"goal": {"topic": "energy"}}


def one(id: str, most: float = 4, **more: Any) -> dict[str, Any]:
    """Return a criterion of so many points; what it earns is said to the combination."""
    return small.criterion(id, most, small.rule("r", most, ASKED), **more)


def group(id: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "title": f"Title of {id}", **more}


def plain(*criteria: dict[str, Any], **more: Any) -> Methodology:
    """Return a methodology of one group, which is the whole."""
    return small.tree([group("g", **more)], {"g": list(criteria)})


def combined(methodology: Methodology, *exempt: str, **points: float | Decimal) -> Combination:
    earned = {id: Decimal(str(number)) for id, number in points.items()}
    return Combination(structure_of(methodology), earned, exempt, "big")


THREE = (one("a"), one("b", 2), one("c", 10))


@pytest.mark.parametrize(
    ("more", "value", "most", "arithmetic"),
    [
        ({}, 8, 16, "3 + 1 + 4 = 8.00"),
        ({"aggregate": "mean"}, Fraction(8, 3), Fraction(16, 3), "(3 + 1 + 4) / 3 = 8/3, rounded half up to 2.67"),
        ({"aggregate": "minimum"}, 1, 2, "minimum of 3, 1, 4 = 1.00"),
        ({"aggregate": "maximum"}, 4, 10, "maximum of 3, 1, 4 = 4.00"),
        (
            {"aggregate": "mean", "of": "shares"},
            Fraction(33, 60),
            1,
            "(3 / 4 + 1 / 2 + 4 / 10) / 3 = 0.55",
        ),
        ({"scale": 100}, 50, 100, "100 x 8 / 16 = 50.00"),
        (
            {"aggregate": "mean", "scale": 100},
            50,
            100,
            "(3 + 1 + 4) / 3 = 8/3; 100 x (8/3) / (16/3) = 50.00",
        ),
        ({"at_most": 5}, 5, 5, "3 + 1 + 4 = 8; at most 5 = 5.00"),
        ({"at_least": 20}, 20, 20, "3 + 1 + 4 = 8; at least 20 = 20.00"),
        ({"at_least": 9}, 9, 16, "3 + 1 + 4 = 8; at least 9 = 9.00"),
    ],
)
def test_a_group_combines_its_criteria(more: dict[str, Any], value: Fraction, most: Fraction, arithmetic: str) -> None:
    state = combined(plain(*THREE, **more), a=3, b=1, c=4).group("g")
    assert (state.value, state.most) == (value, most)
    assert state.arithmetic == arithmetic


@pytest.mark.parametrize(
    ("aggregate", "value", "arithmetic"),
    [
        ("weighted sum", 10, "2 x 3 + 1 x 4 = 10.00"),
        ("weighted mean", Fraction(10, 3), "(2 x 3 + 1 x 4) / 3 = 10/3, rounded half up to 3.33"),
    ],
)
def test_weights_count(aggregate: str, value: Fraction, arithmetic: str) -> None:
    used = plain(one("a", weight=2), one("b", weight=1), aggregate=aggregate)
    state = combined(used, a=3, b=4).group("g")
    assert state.value == value
    assert state.arithmetic == arithmetic


def test_a_negative_part_stands_in_parentheses() -> None:
    state = combined(plain(one("a"), one("b")), a=3, b=-1).group("g")
    assert state.arithmetic == "3 + (-1) = 2.00"


NESTED = small.tree(
    [
        group("top", aggregate="mean", parts="rounded", groups=[group("x", scale=10), group("y", scale=10)]),
        group("other", aggregate="mean", groups=[group("z", scale=10, rounding={"digits": 0, "mode": "floor"})]),
    ],
    {"x": [one("a", 3)], "y": [one("b", 3)], "z": [one("c", 3)]},
)


def test_the_scores_of_inner_groups_are_rounded_before_they_are_combined_where_that_is_said() -> None:
    found = combined(NESTED, a=1, b=2, c=1)
    assert (found.group("x").value, str(found.group("x").score)) == (Fraction(10, 3), "3.33")
    assert found.group("top").value == Fraction(1, 2) * (Fraction("3.33") + Fraction("6.67")) == 5
    assert (found.group("other").value, str(found.group("z").score)) == (Fraction(10, 3), "3")
    assert found.group("top").points == 3


def test_a_share_of_a_rounded_score_is_one_of_the_rounded_most_and_so_at_most_all_of_it() -> None:
    inner = group("x", aggregate="mean", rounding={"digits": 0, "mode": "ceiling"})
    used = small.tree([group("all", of="shares", parts="rounded", groups=[inner])], {"x": [one("a", 2), one("b", 3)]})
    assert str(combined(used, a=2, b=3).group("x").score) == "3"
    assert combined(used, a=2, b=3).group("all").value == 1


def test_what_does_not_apply_leaves_counts_in_full_or_as_nothing() -> None:
    def value(counts_as: str) -> tuple[Any, ...]:
        never = {"cohorts": ["big"], "counts_as": counts_as}
        found = combined(plain(one("a"), one("b", not_applicable=never), scale=100), a=1, b=4)
        return found.group("g").value, found.criterion("b").points, found.group("g").max_points

    assert value("excluded") == (25, 0, 4)
    assert value("full") == (Fraction(125, 2), 4, 8)
    assert value("zero") == (Fraction(25, 2), 0, 8)


def test_a_group_in_which_nothing_applies_has_no_score_and_does_not_count() -> None:
    used = small.tree(
        [group("all", aggregate="mean", groups=[group("x"), group("y", not_applicable={"when": ASKED})])],
        {"x": [one("a")], "y": [one("b"), one("c")]},
    )
    found = combined(used, "y", a=3, b=4, c=4)
    assert found.criterion("b").ruled_out is Outcome.NOT_APPLICABLE
    assert (found.group("y").outcome, found.group("y").score) == (GroupOutcome.NOT_APPLICABLE, None)
    assert found.group("all").value == 3


@pytest.mark.parametrize(("earned", "gated"), [(4, False), (3, True)])
def test_a_gate_lets_points_count_only_where_another_criterion_is_met(earned: int, gated: bool) -> None:
    found = combined(plain(one("a"), one("b", requires=["a"])), a=earned, b=4)
    assert (found.criterion("b").ruled_out is Outcome.GATED) is gated
    assert found.group("g").value == (earned if gated else earned + 4)
    assert found.group("g").most == 8


@pytest.mark.parametrize(("counts_as", "value"), [("excluded", 3), ("zero", Fraction(3, 2)), ("full", Fraction(3, 2))])
def test_a_penalty_that_does_not_apply_is_left_out_of_a_mean_only_where_that_is_said(
    counts_as: str, value: Fraction
) -> None:
    penalty = small.criterion("b", 0, small.rule("r", -2, ASKED), not_applicable={"cohorts": ["big"]})
    penalty["not_applicable"]["counts_as"] = counts_as
    assert combined(plain(one("a"), penalty, aggregate="mean"), a=3, b=-2).group("g").value == value


def test_a_gate_may_ask_for_points_of_a_criterion_or_for_the_score_of_a_group() -> None:
    used = small.tree(
        [group("x", scale=100), group("y", requires=[{"of": "x", "at_least": 50}])],
        {"x": [one("a"), one("b", requires=[{"of": "a", "at_least": 1}])], "y": [one("c")]},
    )
    assert combined(used, a=1, b=3, c=4).group("y").value == 4
    short = combined(used, a=0, b=4, c=4)
    assert short.criterion("b").why == "a at least 1 is not met"
    assert short.group("x").value == 0
    assert short.criterion("c").why == "x at least 50 is not met"


def test_what_does_not_apply_stands_in_no_ones_way() -> None:
    used = plain(one("a", not_applicable={"cohorts": ["big"]}), one("b", requires=["a", {"of": "a", "at_least": 2}]))
    assert combined(used, b=4).group("g").value == 4


def test_a_criterion_is_met_at_the_points_that_are_said() -> None:
    used = plain(one("a", met_at=2), one("b", requires=["a"]))
    assert combined(used, a=2, b=4).group("g").value == 6
    assert combined(used, a=1, b=4).group("g").value == 1


def test_tiers_stop_at_the_first_that_is_not_complete_which_keeps_its_points() -> None:
    tiers = [group("t1"), group("t2"), group("t3")]
    used = small.tree([group("all", tiers=["t1", "t2", "t3"], groups=tiers)], {
        "t1": [one("a")], "t2": [one("b"), one("c")], "t3": [one("d")],
    })  # fmt: skip
    found = combined(used, a=4, b=4, c=2, d=4)
    assert [found.group(id).value for id in ("t1", "t2", "t3", "all")] == [4, 6, 0, 10]
    assert found.criterion("d").why == "the earlier tier t2 is not complete"
    assert combined(used, a=4, b=4, c=4, d=4).group("all").value == 16
    assert combined(used, a=3, b=4, c=4, d=4).group("all").value == 3


@pytest.mark.parametrize(
    ("caps", "earned", "value"),
    [
        ([{"unless": "a", "at_most": 5}], 3, 5),
        ([{"unless": "a", "at_most": 5}], 4, 8),
        ([{"if": "a", "at_most": 5}], 4, 5),
        ([{"if": {"of": "a", "at_least": 3}, "at_most": 5}], 3, 5),
        ([{"if": {"of": "a", "at_least": 3}, "at_most": 5}], 2, 6),
    ],
)
def test_a_criterion_may_cap_its_group(caps: list[dict[str, Any]], earned: int, value: int) -> None:
    assert combined(plain(one("a"), one("b"), caps=caps), a=earned, b=4).group("g").value == value


def test_a_cap_says_why_it_holds() -> None:
    used = plain(one("a"), one("b"), caps=[{"unless": "a", "at_most": 5}])
    assert combined(used, a=3, b=4).group("g").arithmetic == "3 + 4 = 7; as a is not met, at most 5 = 5.00"


BANDS = [
    {"label": "A", "score": ">= 5", "value": 2},
    {"label": "B", "score": "[1..5)", "value": 1},
    {"label": "C", "score": "(0..1)", "value": 0},
]


@pytest.mark.parametrize(("earned", "label", "taken"), [(5, "A", 2), (4.9, "B", 1), (1, "B", 1), (0, None, 0)])
def test_a_score_lies_in_a_half_open_band_whose_number_the_group_above_takes(
    earned: float, label: str | None, taken: int
) -> None:
    used = small.tree([group("all", groups=[group("x", bands=BANDS)])], {"x": [one("a", 8)]})
    found = combined(used, a=earned)
    assert found.group("x").label == label
    assert known(found.group("x").exact).value == taken
    assert found.group("all").value == taken
    assert label is None or found.group("all").most == 2
    assert ("no band holds 0" in found.group("x").because) is (label is None)


def test_the_number_of_a_band_is_not_rounded_though_it_is_the_score_by_chance() -> None:
    bands = [{"label": "A", "score": ">= 1", "value": Decimal("2.5")}]
    inner = group("x", bands=bands, bands_of="exact", rounding={"digits": 0, "mode": "half_up"})
    used = small.tree([group("all", parts="rounded", groups=[inner])], {"x": [one("a", 8)]})
    assert str(combined(used, a=2.5).group("x").score) == "3"
    assert combined(used, a=2.5).group("all").value == Decimal("2.5")


def test_bands_read_the_printed_score_unless_they_are_to_read_the_exact_one() -> None:
    def label(**more: Any) -> str | None:
        bands = [{"label": "high", "score": ">= 3"}, {"label": "low", "score": "< 3"}]
        used = plain(one("a", 8), one("b", 8), one("c", 8), aggregate="mean", bands=bands, **more)
        return combined(used, a=3, b=3, c=Decimal("2.99")).group("g").label

    assert label() == "high"
    assert label(bands_of="exact") == "low"


@pytest.mark.parametrize("kept", ["exact", "rounded"])
def test_bands_and_levels_of_the_exact_value_read_it_without_rounding_of_the_parts(kept: str) -> None:
    bands = [{"label": "gold", "score": ">= 4"}, {"label": "none", "score": "< 4"}]
    levels = [{"id": "full", "title": "Full", "at_least": 4}]
    inner = group("x", rounding={"digits": 0, "mode": "half_up"})

    def found(read: str) -> tuple[str | None, bool, list[str]]:
        outer = group("all", parts=kept, groups=[inner], bands=bands, levels=levels, bands_of=read)
        outer["rounding"] = {"digits": 0, "mode": "half_up"}
        state = combined(small.tree([outer], {"x": [one("a", 8)]}), a=3.5).group("all")
        assert str(state.score) == "4"
        return state.label, state.level is not None, [why for why in state.because if "reached" in why]

    assert found("score") == ("gold", True, [])
    assert found("exact") == ("none", False, ["Full is not reached. Missing: an exact value of 4"])


def test_bands_of_the_exact_total_read_it_without_rounding_of_the_categories() -> None:
    bands = [{"label": "gold", "score": ">= 4"}, {"label": "none", "score": "< 4"}]
    for read, label in (("score", "gold"), ("exact", "none")):
        inner = group("x", rounding={"digits": 0, "mode": "half_up"})
        used = small.tree([inner], {"x": [one("a", 8)]}, bands=bands, bands_of=read)
        assert combined(used, a=3.5).whole().label == label


@pytest.mark.parametrize(("earned", "value"), [((8, 8), 16), ((8, 7), 9), ((1, 1), 2)])
def test_a_group_caps_itself_unless_all_in_it_is_met(earned: tuple[int, int], value: int) -> None:
    used = plain(one("a", 8), one("b", 8), caps=[{"unless": "g", "at_most": 9}])
    assert combined(used, a=earned[0], b=earned[1]).group("g").value == value


LADDER: dict[str, Any] = {
    "levels": [
        {"id": "l0", "title": "Level 0"},
        {"id": "l1", "title": "Level 1"},
        {"id": "l2", "title": "Level 2", "at_least": 9},
    ],
    "top_level": {"id": "star", "title": "Star"},
}


@pytest.mark.parametrize(
    ("points", "level", "why"),
    [
        ({"a": 4, "b": 4, "c": 4}, "star", ()),
        ({"a": 4, "b": 4, "c": 1}, "l2", ("Star is not reached. Missing: Title of c",)),
        ({"a": 4, "b": 4, "c": 0}, "l1", ("Level 2 is not reached. Missing: a score of 9",)),
        ({"a": 4, "b": 3, "c": 4}, "l1", ("Level 2 is not reached. Missing: Title of b",)),
        ({"a": 3, "b": 4, "c": 4}, "l0", ("Level 1 is not reached. Missing: Title of a",)),
    ],
)
def test_the_level_is_the_highest_of_which_everything_up_to_it_is_met(
    points: dict[str, float], level: str, why: tuple[str, ...]
) -> None:
    used = plain(one("a", level="l1"), one("b", level="l2"), one("c"), **LADDER)
    state = combined(used, **points).group("g")
    assert state.level is not None
    assert (state.level.id, state.because) == (level, why)


def test_the_whole_has_a_ladder_of_its_own_and_criteria_take_the_nearest() -> None:
    inner = group("x", levels=[{"id": "l1", "title": "Inner"}])
    used = small.tree([inner, group("y")], {"x": [one("a", level="l1")], "y": [one("b", level="l1")]},
                      levels=[{"id": "l1", "title": "Outer"}])  # fmt: skip
    found = combined(used, a=4, b=0)
    assert found.group("x").level is not None
    assert found.whole().level is None
    assert combined(used, a=0, b=4).whole().level is not None


def test_without_every_must_there_is_no_result() -> None:
    used = plain(one("a", requirement="must"), one("b", requirement="should"), needs="must", **LADDER)
    found = combined(used, a=3, b=4).group("g")
    assert (found.outcome, found.score, found.level) == (GroupOutcome.WITHHELD, None, None)
    assert found.because == ("no result, because not every must is met: a",)
    assert [(word.value, met, of) for word, met, of in found.words] == [("must", 0, 1), ("should", 1, 1)]
    assert combined(used, a=4, b=0).group("g").score == 4


def test_a_group_without_every_must_counts_as_nothing_of_the_most_that_its_bands_give() -> None:
    inner = [group("x", needs="must", scale=100, bands=BANDS), group("y", needs="must", aggregate="none"), group("z")]
    used = small.tree(
        [group("all", groups=inner, aggregate="mean")],
        {id: [one(f"{id}1", requirement="must")] for id in "xyz"},
    )
    found = combined(used, x1=3, y1=3, z1=4)
    assert (found.group("x").outcome, found.group("x").most) == (GroupOutcome.WITHHELD, None)
    assert found.group("y").outcome is GroupOutcome.WITHHELD
    assert found.group("all").value == 2
    assert found.group("all").most == 3


@pytest.mark.parametrize(("asked", "level"), [({"requires": ["b"]}, "l1"), ({"at_least": 9}, "l1"), ({}, "star")])
def test_the_top_level_asks_for_what_it_says_beside_every_criterion(asked: dict[str, Any], level: str) -> None:
    star = {"top_level": {"id": "star", "title": "Star", **asked}, "levels": LADDER["levels"][:2]}
    used = small.tree([group("x", **star), group("y")], {"x": [one("a")], "y": [one("b")]})
    reached = combined(used, a=4, b=3).group("x").level
    assert reached is not None
    assert reached.id == level


def test_a_group_without_a_number_has_a_level_and_no_score() -> None:
    state = combined(plain(one("a", level="l1"), aggregate="none", levels=LADDER["levels"][:2]), a=4).group("g")
    assert (state.outcome, state.score, state.level and state.level.id) == (GroupOutcome.UNSCORED, None, "l1")


def test_the_weights_of_categories_that_are_added_are_their_scales() -> None:
    used = small.tree([group("x", weight=40), group("y", weight=60)], {"x": [one("a")], "y": [one("b", 3)]})
    whole = combined(used, a=1, b=1).whole()
    assert whole.most == 100
    assert whole.arithmetic == "10.00 + 20.00 = 30.00"


def test_a_category_of_weight_nothing_adds_nothing() -> None:
    used = small.tree([group("x", weight=0), group("y", weight=100)], {"x": [one("a")], "y": [one("b")]})
    assert combined(used, a=4, b=2).whole().score == 50


def test_a_sum_may_begin_with_points_for_penalties_to_be_taken_from() -> None:
    fine = small.criterion("fine", 0, small.rule("r", -30, ASKED))
    state = combined(plain(one("a", 5), fine, base=100, at_most=100), a=3, fine=-30).group("g")
    assert state.value == 73
    assert state.most == 100
    assert state.arithmetic == "100 + 3 + (-30) = 73.00"


def test_a_part_of_weight_nothing_is_shown_and_does_not_count() -> None:
    used = plain(one("a", weight=1), one("b", weight=0), aggregate="weighted mean")
    assert combined(used, a=3, b=4).group("g").value == 3
    alone = plain(one("a", weight=0), aggregate="weighted mean")
    state = combined(alone, a=3).group("g")
    assert (state.outcome, state.because) == (GroupOutcome.UNSCORED, ("nothing that applies can earn points",))


def test_the_group_above_may_take_the_number_of_a_level() -> None:
    steps = [{"id": "one", "title": "One", "value": 1}, {"id": "two", "title": "Two", "value": 2}]
    domains = [group(id, aggregate="none", levels=steps) for id in ("x", "y")]
    used = small.tree(
        [group("all", aggregate="minimum", groups=domains)],
        {"x": [one("a", level="one"), one("b", level="two")], "y": [one("c", level="one"), one("d", level="two")]},
    )
    both = combined(used, a=4, b=4, c=4, d=0).group("all")
    assert (both.value, both.most) == (Fraction(1), Fraction(2))
    assert combined(used, a=0, b=4, c=4, d=4).group("all").value == 0
    assert combined(used, a=4, b=4, c=4, d=4).group("all").value == 2


def test_points_keep_their_zeros_whatever_was_evaluated_before() -> None:
    used = plain(*THREE)
    for text in ("3.0", "3", "3.00"):
        found = Combination(structure_of(used), {"a": Decimal(text)}, (), None)
        assert str(found.criterion("a").points) == text
        assert found.group("g").arithmetic == "3 + 0 + 0 = 3.00"

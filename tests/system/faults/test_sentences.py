"""Sentences of the reference of the language that once left two readings: 1 to 11, on groups, rounding and derivations.

Each test names the sentences of a page, and compares what a small methodology, written as text, gives with what they
promise. The page, the engine and the oracle say the same.
"""

import re
from decimal import Decimal
from fractions import Fraction

import pytest

from cleancloud_rules import CriteriaError
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.scorecard import scorecard_text
from tests.support.written import card, criterion, earned, methodology, promises

D = Decimal
ONE = "categories: [{id: a, title: A}]\n"
SHARES = "aggregate: mean\nof: shares\nscale: 100\n"
OTHER = "  other: {title: Other, horizon: ever, fields: {n: {type: number, optional: true}}}\n"
NEVER = criterion("never", 1, "1, when: {reading: {n: 99}}")


@pytest.mark.parametrize(
    ("limit", "value", "maximum", "share"),
    [
        ("at_most: 5", 5, 5, 100),
        ("at_least: 12", 12, 12, 100),
        ("caps: [{unless: never, at_most: 5}]", 5, 10, 50),
    ],
)
def test_01_at_least_and_at_most_move_the_maximum_and_caps_do_not(
    limit: str, value: int, maximum: int, share: int
) -> None:
    promises(
        "groups",
        "| 5. `at_least`, then `at_most` | raised to `at_least`, lowered to `at_most` | raised and lowered likewise |",
        "| 5. each of the `caps` that applies | lowered to its `at_most` | unchanged |",
        "a category of 10 points with `at_most: 5` that earns all of them has 5 of 5, which is a share of 1. With a "
        "cap of "
        "5 it has 5 of 10, which is a share of 1/2.",
    )
    outside = "categories: [{id: whole, title: W, aggregate: mean, of: shares, scale: 100, groups: "
    used = methodology(f"{outside}[{{id: a, title: A, {limit}}}]}}, {{id: b, title: B}}]", a=earned("c", 10), b=NEVER)
    found = card(used)
    limited = found.categories[0].groups[0]
    assert [limited.score, limited.max_score, found.categories[0].score] == [value, maximum, share]
    assert re.search(rf"^  A +{value:.2f} +{maximum}$", as_text(scorecard_text(found)), re.MULTILINE)


def test_02_without_a_scale_a_maximum_that_is_not_above_0_has_a_score() -> None:
    promises(
        "groups",
        "without a `scale` the value and the maximum are those of step 3, even where the maximum is 0 or negative: "
        "with "
        "`base: -20` and a criterion of 5 points, 5 points earned give -15 of -15.",
        "With a `scale`, a maximum that is not above 0 (a negative `base` or band can outweigh all else) leaves the "
        "group "
        "without a score. So does a weighted mean whose weights are all 0.",
        "`aggregate: none`, or nothing is left to aggregate, or a scale or a weighted mean would divide by 0 or less",
    )
    penalty = criterion("p", 0, "-3, when: {reading: {}}", more=", at_least: -3")
    used = methodology(
        "aggregate: mean\ncategories: [{id: a, title: A, base: -20}, {id: b, title: B}]\n", a=earned("c", 5), b=penalty
    )
    found = card(used)
    assert [c.outcome for c in found.categories] == 2 * [GroupOutcome.SCORED]
    assert [[c.score, c.max_score] for c in found.categories] == [[-15, -15], [-3, 0]]
    assert [found.total, found.max_total] == [-9, D("-7.5")]
    scaled = methodology(
        "aggregate: mean\ncategories: [{id: a, title: A, base: -20, scale: 10}, "
        "{id: b, title: B, base: -5, scale: 10}, {id: d, title: D, aggregate: weighted mean}]\n",
        a=earned("c", 5), b=earned("f", 5), d=earned("e", 5, more=", weight: 0"),
    )  # fmt: skip
    assert {c.outcome for c in card(scaled).categories} == {GroupOutcome.UNSCORED}


@pytest.mark.parametrize(
    ("own", "score"),
    [("{digits: 0}", "4"), ("{mode: ceiling}", "4.6"), ("{}", "4.5"), ("{digits: 0, mode: ceiling}", "5")],
)
def test_03_rounding_of_a_group_takes_each_missing_key_from_the_methodology(own: str, score: str) -> None:
    promises(
        "groups",
        "A key that it leaves out is that of the methodology, not that of the group around it. With `mode: floor` "
        "in the "
        "methodology and `rounding: {digits: 0}` in a group, a value of 4.5 gives the score 4.",
    )
    inside = f"[{{id: a, title: A, aggregate: mean, rounding: {own}}}]"
    used = methodology(
        "rounding: {digits: 1, mode: floor, points_digits: 2}\n"
        f"categories: [{{id: whole, title: W, rounding: {{digits: 3, mode: half_up}}, groups: {inside}}}]\n",
        a=earned("c", 4.52),
    )
    (inner,) = card(used).categories[0].groups
    assert (str(inner.score), inner.exact) == (score, Fraction(452, 100))


@pytest.mark.parametrize(
    ("rounding", "own", "points"),
    [
        ("{mode: floor}", "", "2"),
        ("{mode: half_up}", "", "3"),
        ("{}", "", "3"),
        ("{mode: floor}", ", mode: ceiling", "3"),
        ("{mode: ceiling}", ", mode: half_even", "2"),
        ("{mode: floor, points_digits: 1}", "", "2.5"),
        ("{mode: floor, points_digits: 1}", ", digits: 0", "2.0"),
    ],
)
def test_04_points_in_proportion_take_a_missing_mode_from_the_methodology(rounding: str, own: str, points: str) -> None:
    promises(
        "criteria",
        "mode: half_up # default: the `mode` under `rounding` of the methodology",
        "The defaults of `digits` and `mode` are those of the methodology's [rounding](methodology.md#rounding): with "
        "`mode: floor` and `points_digits: 0` there, half of 5 points is 2.",
    )
    rule = f"5, in_proportion: {{to: reading.n, over: [0, 10]{own}}}, when: {{reading: {{}}}}"
    used = methodology(f"rounding: {rounding}\n{ONE}", a=criterion("c", 5, rule))
    found = card(used, "[{reading: {n: 5}, source: form}]").criterion("c")
    assert str(found.points) == points
    words = {"2": "5/2, rounded", "3": "5/2, rounded", "2.5": "= 2.5", "2.0": "rounded down to 2"}[points]
    assert words.replace("5/2", "2.5") in str(found.rules[0].arithmetic)


@pytest.mark.parametrize(
    ("rounding", "score", "maximum"), [("{digits: 0}", 5, 5), ("{digits: 0, mode: floor}", 4, 4), ("{}", "4.9", "4.9")]
)
def test_05_under_parts_rounded_a_group_passes_on_its_maximum_rounded_like_its_score(
    rounding: str, score: float, maximum: float
) -> None:
    promises(
        "groups",
        "its exact maximum; its maximum rounded likewise, if the group above has `parts: rounded`",
        "under `parts: rounded`, a group of 4.9 of 4.9 points with `digits: 0` passes on 5 of 5, and with `mode: "
        "floor` 4 "
        "of 4.",
        "For the root, `total: sum_of_rounded` under [`rounding`](methodology.md#rounding) is the same as `parts: "
        "rounded`",
    )
    head = "rounding: {digits: 1, points_digits: 1}\n"
    inside = f"{{id: a, title: A, rounding: {rounding}}}"
    rounds = methodology(
        f"{head}categories: [{{id: whole, title: W, parts: rounded, groups: [{inside}]}}]\n", a=earned("c", 4.9)
    )
    whole = card(rounds).categories[0]
    assert (whole.exact, whole.max_score) == (Fraction(str(score)), D(str(maximum)))
    total = card(methodology(f"{head}categories: [{inside}]\n", a=earned("c", 4.9)))
    assert (total.total, total.max_total) == (D(str(score)), D(str(maximum)))


VALUES = "bands: [{label: good, score: '[1..4]', value: 4}, {label: bad, score: '< 1', value: 1}]"


@pytest.mark.parametrize(
    ("points", "needs", "passed"),
    [(3, "", (4, 4)), (37, "", (37, 100)), (3, ", needs: must", (0, 4)), (37, ", needs: must", (0, 100))],
)
def test_06_a_score_in_none_of_the_bands_is_passed_on_itself(points: int, needs: str, passed: tuple[int, int]) -> None:
    promises(
        "groups",
        "| `scored`, even if its score lies in none of its bands | its exact value;",
        "| `withheld`, and would pass something on otherwise | 0 | as if it were not withheld |",
        "| its score lies in a band with a `value` | the `value` of the band | the highest `value` of its bands |",
    )
    inside = f"{{id: a, title: A, {VALUES}{needs}}}"
    own = earned("c", points, 100, more=", requirement: must")
    used = methodology(f"categories: [{{id: whole, title: W, groups: [{inside}]}}]", a=own)
    whole = card(used).categories[0]
    assert [whole.score, whole.max_score] == list(passed)


LEVELS = "levels: [{id: low, title: L, value: 2}, {id: high, title: H, value: 7}]"


@pytest.mark.parametrize(
    ("keys", "cohort", "passed"),
    [
        ("aggregate: none", "", (2, 7)),
        ("scale: 10, base: -50", "", (2, 7)),
        ("aggregate: none, needs: must", "", (0, 7)),
        ("not_applicable: {cohorts: [big]}", "cohort: big", None),
    ],
)
def test_07_levels_with_a_value_decide_even_without_a_score(
    keys: str, cohort: str, passed: tuple[int, int] | None
) -> None:
    promises(
        "groups",
        "| it has `levels` with a `value`, even if it is `unscored` | the `value` of the level reached, 0 below the "
        "lowest | the highest `value` of its levels |",
        "| `not_applicable` | none, it is left out | none |",
    )
    own = criterion("c", 1, "1, when: {reading: {n: 99}}", more=", level: high, requirement: must")
    used = methodology(f"categories: [{{id: whole, title: W, groups: [{{id: a, title: A, {LEVELS}, {keys}}}]}}]", a=own)
    whole = card(used, more=cohort).categories[0]
    assert ((whole.score, whole.max_score) if passed else whole.score) == passed


@pytest.mark.parametrize(
    ("keys", "weight", "outcome", "passed"),
    [
        ("aggregate: none", "", GroupOutcome.UNSCORED, None),
        ("aggregate: weighted mean", ", weight: 0", GroupOutcome.UNSCORED, None),
        ("aggregate: sum", "", GroupOutcome.SCORED, (0, 2)),
    ],
)
def test_08_a_withheld_group_counts_0_only_if_it_would_pass_something_on(
    keys: str, weight: str, outcome: GroupOutcome, passed: tuple[int, int] | None
) -> None:
    promises(
        "groups",
        "| `withheld`, and would pass nothing on otherwise | none, it is left out | none |",
        "| `withheld`, and would pass something on otherwise | 0 | as if it were not withheld |",
    )
    own = criterion("c", 2, "2, when: {reading: {n: 99}}", more=f", requirement: must{weight}")
    inside = f"[{{id: a, title: A, needs: must, {keys}}}]"
    whole = card(methodology(f"categories: [{{id: whole, title: W, groups: {inside}}}]", a=own)).categories[0]
    assert (whole.outcome, whole.groups[0].outcome) == (outcome, GroupOutcome.WITHHELD)
    assert ((whole.score, whole.max_score) if passed else whole.score) == passed


@pytest.mark.parametrize(("least", "met"), [("", False), (", at_least: 1", False), (", at_least: 0", True)])
def test_09_a_gated_criterion_has_0_points_and_is_not_met(least: str, met: bool) -> None:
    promises(
        "requirements",
        "A criterion that is gated has 0 points: it is not met, and it satisfies `at_least` only if that is 0 or less.",
    )
    asks = f"[{{of: gated{least}}}]"
    used = methodology(
        ONE,
        a=NEVER + earned("gated", 3, more=", requires: [never]") + earned("after", 3, more=f", requires: {asks}"),
    )
    found = card(used)
    gated = found.criterion("gated")
    assert (gated.outcome, int(gated.points)) == (Outcome.GATED, 0)
    assert found.criterion("after").outcome is (Outcome.AWARDED if met else Outcome.GATED)


MADE = """\
  made:
    title: Made
    horizon: ever
    fields:
      none: {type: number, optional: true}
      four: {type: number, digits: 4, optional: true}
      whole: {type: integer, optional: true}
derivations:
  - {id: d, fact: made, from: {x: {reading: {}}}, set: {FIELD: "x.n / 3"}ROUND}
"""


@pytest.mark.parametrize(
    ("field", "round", "number", "value"),
    [
        ("none", "", 5, "2"),
        ("four", "", 5, "1.6667"),
        ("four", ", round: {mode: floor}", 5, "1.6666"),
        ("four", ", round: {digits: 1}", 5, "1.7"),
        ("whole", "", 6, "2"),
        ("whole", "", 5, None),
        ("whole", ", round: {digits: 0}", 5, "2"),
    ],
)
def test_10_a_computed_value_has_the_digits_of_its_field(
    field: str, round: str, number: int, value: str | None
) -> None:
    promises(
        "derivations",
        "Their default is the `digits` of the field. By default an integer is not rounded: the result must be whole. "
        "The default of `mode` is `half_up`, regardless of the methodology's mode",
        "| an integer field, and a result that is not whole | no fact is derived, and the scorecard reports it |",
    )
    used = methodology(
        f"rounding: {{mode: ceiling}}\n{ONE}",
        MADE.replace("FIELD", field).replace("ROUND", round),
        a=criterion("c", 1, "1, when: {made: {}}"),
    )
    found = card(used, f"[{{reading: {{n: {number}}}, source: form}}]")
    made = [dict(fact.fields)[field] for fact in found.facts if fact.type == "made"]
    assert [str(one) for one in made] == ([] if value is None else [value])
    assert [problem.endswith("x.n / 3 is not a whole number") for problem in found.problems] == [True] * (value is None)


def test_10_a_bounded_result_keeps_the_whole_numbers_inside_it() -> None:
    promises("derivations", "| an integer field, and a bounded result | the whole numbers inside the bound;")
    used = methodology(
        ONE,
        MADE.replace("FIELD", "whole").replace("ROUND", ""),
        a=criterion("c", 1, "1, when: {made: {}}"),
    )
    found = card(used, "[{reading: {n: {between: [3.1, 9.1]}}, source: form}]")
    (made,) = [dict(fact.fields)["whole"] for fact in found.facts if fact.type == "made"]
    assert made == {"between": (2, 3)}


def test_11_the_defaults_of_rounding() -> None:
    promises(
        "methodology",
        "| `digits` | decimal places of the scores of groups and of the total, 0 to 12 | 2 |",
        "| `mode` | `half_up`, `half_even`, `floor` or `ceiling` | `half_up` |",
        "only the total is rounded | `sum_of_rounded` |",
        "| `points_digits` | decimal places of points, 0 to 12. `points: 1.5` needs at least 1 | 0 |",
        "| `digits` | `digits` of the methodology | `points_digits` of the methodology | `digits` of each field; an "
        "integer "
        "is not rounded |",
        "| `mode` | `mode` of the methodology | `mode` of the methodology | `half_up` |",
    )
    parts = "aggregate: mean, groups: [{id: NAME, title: One}, {id: NAMEx, title: Two}, {id: NAMEy, title: Three}]"
    categories = ", ".join(f"{{id: {id}0, title: T, {parts.replace('NAME', id)}}}" for id in "ab")
    points = {f"{id}{more}": earned(f"{id}_{more or 'z'}", 1 if more else 3) for id in "ab" for more in ("", "x", "y")}
    found = card(methodology(f"categories: [{categories}]", **points))
    assert [str(category.score) for category in found.categories] == ["1.67", "1.67"]
    assert str(found.total) == "3.34", "the sum of the rounded scores; 10/3 would be 3.33"
    with pytest.raises(CriteriaError) as caught:
        methodology(ONE, a=earned("c", 1.5))
    assert "`1.5` has 1 decimal places; points may have at most 0" in str(caught.value)

"""Tests of what well-shaped groups get wrong; each mistake has its case in `bad_forms`, these are its edges."""

import pytest

from tests.support.forms import Change, energy, loaded, supply, wrong

SUM = ("methodology", "aggregate: weighted mean\n", "aggregate: sum\n")
UNWEIGHED: tuple[Change, ...] = (
    SUM,
    ("methodology", "    weight: 2\n    scale: 100\n", "    scale: 60\n"),
    ("methodology", "    weight: 1\n    scale: 100\n", "    scale: 40\n"),
)


# ---- weights


@pytest.mark.parametrize(
    ("keys", "inner", "findings"),
    [
        ("aggregate: sum", "{id: audits, title: Audits, weight: 5}", []),
        ("aggregate: sum", "{id: audits, title: Audits, weight: 0}", []),
        ("aggregate: sum", "{id: audits, title: Audits, weight: -0.1}", [("out-of-range", "-0.1")]),
        ("aggregate: sum", "{id: audits, title: Audits, weight: 5, scale: 3}", [("misplaced-key", "scale")]),
        ("aggregate: weighted sum", "{id: audits, title: Audits, weight: 5, scale: 3}", []),
        ("aggregate: weighted sum", "{id: audits, title: Audits}", [("missing-key", "audits")]),
        ("aggregate: weighted mean", "{id: audits, title: Audits, weight: -1}", [("out-of-range", "-1")]),
        ("aggregate: mean", "{id: audits, title: Audits, weight: 5}", [("misplaced-key", "weight")]),
        ("aggregate: maximum", "{id: audits, title: Audits, weight: 5}", [("misplaced-key", "weight")]),
        ("aggregate: none", "{id: audits, title: Audits, weight: 5}", [("misplaced-key", "weight")]),
    ],
)
def test_a_weight_stands_where_it_weighs_and_is_not_below_nothing(
    keys: str, inner: str, findings: list[tuple[str, str]]
) -> None:
    assert wrong(supply(keys, inner)) == findings


def test_a_criterion_has_a_weight_in_a_weighted_group_and_no_other() -> None:
    weighed = [("board", "ask: Does", "weight: 2, ask: Does"), ("board", "ask: Is", "weight: 1, ask: Is")]
    mean = ("methodology", "{id: board, title: Board,", "{id: board, title: Board, aggregate: weighted mean,")
    assert wrong(mean, *weighed) == []
    assert wrong(*weighed) == [("misplaced-key", "weight"), ("misplaced-key", "weight")]
    assert wrong(mean) == [("missing-key", "oversight"), ("missing-key", "pay")]


def test_categories_of_a_sum_all_have_weights_or_none_has() -> None:
    assert wrong(*UNWEIGHED) == []
    one = (*UNWEIGHED[:2], ("methodology", "    weight: 1\n    scale: 100\n", "    weight: 40\n"))
    assert wrong(*one) == [("missing-key", "governance")], "and not that they do not sum to 100"


def test_an_aggregate_that_is_not_read_says_nothing_about_weights() -> None:
    assert wrong(("methodology", "aggregate: weighted mean\n", "aggregate: meen\n")) == [("unknown-value", "meen")]


# ---- ranges


@pytest.mark.parametrize(
    ("keys", "findings"),
    [
        ("at_least: 5\n    at_most: 5", []),
        ("at_least: -5", []),
        ("at_least: 6\n    at_most: 5", [("out-of-range", "6")]),
        ("rounding: {digits: 0}", []),
        ("rounding: {digits: 12, mode: floor}", []),
        ("rounding: {digits: -1}", [("out-of-range", "-1")]),
        ("rounding: {mode: floor}", []),
    ],
)
def test_floors_caps_and_digits_are_possible(keys: str, findings: list[tuple[str, str]]) -> None:
    assert wrong(energy(keys)) == findings


def test_a_scale_is_above_nothing() -> None:
    assert wrong(supply("scale: 0.1")) == []
    assert wrong(supply("scale: -1")) == [("out-of-range", "-1")]


@pytest.mark.parametrize(
    ("asked", "findings"),
    [
        ((None, None, 5), []),
        ((5, None, 5), []),
        ((5, 6, 7), []),
        ((5, None, 4), [("out-of-range", "4")]),
        ((7, 6, 5), [("out-of-range", "6"), ("out-of-range", "5")]),
    ],
)
def test_levels_ask_for_no_less_than_those_below(
    asked: tuple[int | None, ...], findings: list[tuple[str, str]]
) -> None:
    scores = (f", at_least: {least}" if least is not None else ", requires: [board]" for least in asked)
    levels = ", ".join(f"{{id: l{i}, title: L{score}}}" for i, score in enumerate(scores))
    assert wrong(supply(f"levels: [{levels}]")) == findings


# ---- keys that do not go together


def test_shares_are_taken_of_criteria_that_can_earn_points() -> None:
    assert wrong(energy("of: shares")) == [("misplaced-key", "0")]
    first = "      - {id: one, points: -1.5"
    earning = f"      - {{id: none, points: 1, when: {{share: {{}}}}, because: No.}}\n{first}"
    can = (("energy", "max_points: 0", "max_points: 1"), ("energy", first, earning))
    assert wrong(energy("of: shares"), *can) == []


@pytest.mark.parametrize("keys", ["scale: 3", "at_least: 3", "at_most: 3", "caps: [{if: board, at_most: 3}]"])
def test_a_group_without_a_score_has_nothing_that_holds_one(keys: str) -> None:
    assert wrong(supply("aggregate: none")) == []
    assert wrong(supply(f"aggregate: none, {keys}")) == [("misplaced-key", keys.split(":", 1)[0])]


def test_a_group_without_a_score_may_have_levels_that_ask_for_none() -> None:
    levels = "levels: [{id: low, title: Low}, {id: high, title: High, requires: [audited]}]"
    assert wrong(supply(f"aggregate: none, {levels}")) == []


def test_the_ids_of_the_levels_of_two_ladders_may_be_alike() -> None:
    assert wrong(supply("levels: [{id: aware, title: A}]")) == []
    assert wrong(supply("levels: [{id: a, title: A}, {id: a, title: B, at_least: 1}]")) == [("repeated-id", "a")]
    assert wrong(supply("levels: [{id: a, title: A}], top_level: {id: a, title: B}")) == [("repeated-id", "a")]


def test_a_cap_depends_on_one_thing() -> None:
    assert wrong(supply("caps: [{if: board, at_most: 3}, {unless: {of: board, at_least: 2}, at_most: 3}]")) == []
    assert wrong(supply("caps: [{at_most: 3}]")) == [("missing-key", "at_most")]
    assert wrong(supply("caps: [{if: board, unless: board, at_most: 3}]")) == [("misplaced-key", "unless")]


# ---- criteria


@pytest.mark.parametrize(
    ("most", "met_at", "findings"),
    [
        ("5", "5", []), ("5", "0.5", []), ("5", "0", [("out-of-range", "0")]), ("5", "5.5", [("out-of-range", "5.5")]),
        ("0", "0", []), ("0", "-1", []), ("0", "-2", [("out-of-range", "-2")]), ("0", "1", [("out-of-range", "1")]),
    ],
)  # fmt: skip
def test_a_criterion_is_met_at_points_that_it_can_have_and_can_miss(
    most: str, met_at: str, findings: list[tuple[str, str]]
) -> None:
    line = f"    max_points: {most}\n"
    assert wrong(("energy", line, f"{line}    met_at: {met_at}\n")) == findings


def test_a_floor_of_points_is_not_above_nothing() -> None:
    assert wrong(("energy", "at_least: -2", "at_least: 0")) == []
    assert wrong(("energy", "at_least: -2", "at_least: 0.5")) == [("out-of-range", "0.5")]


@pytest.mark.parametrize(
    ("keys", "findings"),
    [
        ("cohorts: [small, large]", []),
        ("when: {incident: {}}", []),
        ("cohorts: [small], when: {incident: {}}, counts_as: zero", []),
        ("cohorts: [smal, small, larg]", [("unknown-cohort", "smal"), ("unknown-cohort", "larg")]),
        ("cohorts: []", [("missing-key", "not_applicable")]),
        ("counts_as: full", [("missing-key", "not_applicable")]),
        ("when: {incidnt: {}}", [("unknown-fact-type", "incidnt")]),
    ],
)
def test_what_may_not_apply_says_to_whom_or_when(keys: str, findings: list[tuple[str, str]]) -> None:
    assert wrong(energy(f"not_applicable: {{{keys}}}")) == findings
    assert wrong(("energy", "    max_points: 5\n", f"    max_points: 5\n    not_applicable: {{{keys}}}\n")) == findings


def test_cohorts_that_are_not_read_are_not_looked_for() -> None:
    cohorts = ("methodology", "{large: Large companies, small: Small companies}", "[large, small]")
    assert wrong(cohorts) == [("wrong-type", "[large, small]")]


def test_the_changes_of_these_tests_are_changes_of_what_is_right() -> None:
    assert wrong() == []
    assert loaded().category("supply").title == "Suppliers"

"""Tests of what well-shaped files get wrong; each code has its cases in `bad_criteria`, these are its edges."""

from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules import CriteriaError
from cleancloud_rules.checking.methodology import check
from cleancloud_rules.checking.sentences import positive_conditions
from cleancloud_rules.language.conditions import Scope, when_of
from tests.language.load.test_methodology import GOOD, edited, found
from tests.support.nodes import node
from tests.support.small import FACT_TYPES
from tests.system.test_bad_files import CRITERIA

METHODOLOGY = cc.load_methodology(CRITERIA / "good")
RULE = "      - {{id: {id}, points: {points}, when: {{share: {{}}}}, because: {because}}}\n"


def energy(
    *rules: tuple[str, str], more: str = "", policy: str = "collect sum", most: str = "4", because: str = "It is."
) -> str:
    """Return a file of one criterion with rules of these ids and points."""
    lines = "".join(RULE.format(id=id, points=points, because=because) for id, points in rules)
    return (
        "category: energy\ncriteria:\n  - id: c\n    title: T\n    horizon: recent\n"
        f"    max_points: {most}\n    hit_policy: {policy}\n{more}    rules:\n{lines}    otherwise: None.\n"
    )


def wrong(text: str) -> list[tuple[str, str]]:
    """Return code and underlined text of what is wrong with a file of criteria."""
    return [(code, underlined) for _, code, underlined in found(energy=text)]


def test_nothing_is_wrong_with_what_is_right() -> None:
    assert check(METHODOLOGY, complete=True) == ()


# ---- points


@pytest.mark.parametrize(
    ("policy", "points", "more", "findings"),
    [
        ("collect sum", "22", "", []),
        ("collect sum", "31", "", []),
        ("collect sum", "33", "", [("points-above-max", "4")]),
        ("collect sum", "33", "    at_most: 4\n", []),
        ("collect sum", "33", "    at_most: 5\n", [("points-above-max", "5")]),
        ("collect sum", "33", "    at_most: 3\n", [("max-unreachable", "4")]),
        ("collect sum", "11", "", [("max-unreachable", "4")]),
        ("collect max", "43", "", []),
        ("collect max", "33", "", [("max-unreachable", "4")]),
        ("collect max", "54", "", [("points-above-max", "5")]),
        ("collect max", "44", "    at_most: 4\n", [("misplaced-key", "at_most")]),
        ("first", "14", "", []),
        ("first", "12", "", [("max-unreachable", "4")]),
    ],
)
def test_points_add_up_to_the_maximum_and_not_above_it(policy: str, points: str, more: str, findings: Any) -> None:
    rules = [(f"r{index}", digit) for index, digit in enumerate(points)]
    assert wrong(energy(*rules, policy=policy, more=more)) == findings


def test_points_have_the_declared_digits() -> None:
    assert wrong(energy(("a", "3.5"), ("b", "0.5"))) == []
    assert wrong(energy(("a", "3.75"), ("b", "0.25"))) == [("too-many-digits", "3.75"), ("too-many-digits", "0.25")]
    assert wrong(energy(("a", "4.00"))) == [], "zeros at the end are no digits"


@pytest.mark.parametrize(
    ("points", "proportion", "findings"),
    [
        ("4", "over: [0, 50], digits: 0", []),
        ("4.0", "over: [0, 50], digits: 0", []),
        ("4", "over: [0, 50], least: 0.5, digits: 0", [("too-many-digits", "0")]),
        ("4", "over: [0, 50], least: 0.5", []),
        ("4", "over: [0, 50], digits: 2", [("out-of-range", "2")]),
    ],
)
def test_points_in_proportion_are_not_rounded_beyond_their_ends(
    points: str, proportion: str, findings: list[tuple[str, str]]
) -> None:
    rule = energy(("a", points)).replace("when:", f"in_proportion: {{to: share.percent, {proportion}}}, when:")
    assert wrong(rule) == findings


def test_a_rule_may_earn_nothing_or_less_and_a_criterion_no_less_than_nothing() -> None:
    assert wrong(energy(("a", "4"), ("b", "0"))) == []
    assert wrong(energy(("a", "4"), ("b", "-1"), policy="collect max")) == []
    assert wrong(energy(("a", "-4"), most="0")) == [("empty-category", "energy")]
    assert wrong(energy(("a", "-4"), most="-4")) == [("out-of-range", "-4")]
    assert wrong(energy(("a", "4"), more="    at_most: -1\n")) == [("out-of-range", "-1")]


def test_penalties_make_no_room_for_more_points() -> None:
    assert wrong(energy(("a", "3"), ("b", "2"), ("c", "-1"))) == [("points-above-max", "4")]
    assert wrong(energy(("a", "3"), ("b", "1"), ("c", "-1"))) == []


@pytest.mark.parametrize(
    ("weights", "findings"),
    [
        ("100", []), ("100.00", []), ("99.99", ["weights-not-100"]), ("100.01", ["weights-not-100"]),
        ("0", ["weights-not-100"]),
        ("33.33", ["weights-not-100"]), ("99.999", ["too-many-digits", "weights-not-100"]),
    ],
)  # fmt: skip
def test_weights_sum_to_one_hundred_exactly(weights: str, findings: list[str]) -> None:
    head = edited("methodology", ("weight: 100", f"weight: {weights}"))
    assert sorted(code for _, code, _ in found(methodology=head)) == sorted(findings)


def test_a_category_of_weight_nothing_still_needs_a_criterion() -> None:
    head = edited("methodology", ("weight: 100}", "weight: 100}\n  - {id: other, title: Other, weight: 0}"))
    assert found(methodology=head) == [("methodology", "empty-category", "other")]


# ---- names


def test_ids_of_rules_are_unique_in_a_criterion_and_of_criteria_everywhere() -> None:
    one = energy(("a", "4"))
    again = one[one.index("  - id: c") :]
    assert wrong(one + again) == [("repeated-id", "c")]
    assert wrong(one + again.replace("id: c", "id: d")) == [], "the rules of two criteria may be called alike"
    assert wrong(energy(("a", "2"), ("a", "2"))) == [("repeated-id", "a")]


def test_the_second_of_two_equal_ids_is_reported_whatever_the_order_of_reading() -> None:
    one = energy(("a", "4"))
    both = one + one[one.index("  - id: c") :]
    files = {**GOOD, "energy.yaml": both}
    for names in (list(files), list(reversed(files))):
        with pytest.raises(CriteriaError) as caught:
            cc.methodology_from({name: files[name] for name in names})
        assert [(str(f.location), f.message) for f in caught.value.diagnostics] == [
            ("energy.yaml:11:9", "criterion `c` is already declared at energy.yaml:3:9"),
        ]


def test_a_remedy_needs_no_recommendation() -> None:
    remedy = "    remedy: {text: Use more.}\n"
    assert wrong(energy(("a", "4"), more=remedy)) == []
    assert wrong(energy(("a", "4"), more=remedy.replace("}", ", recommendation: R1}"))) == []
    assert wrong(energy(("a", "4"), more=remedy.replace("}", ", recommendation: R9}"))) == [
        ("unknown-recommendation", "R9")
    ]


def test_only_what_goes_beyond_the_publisher_needs_a_rationale() -> None:
    assert wrong(energy(("a", "4"), more="    basis: published\n")) == []
    assert wrong(energy(("a", "4"), more="    basis: project\n    rationale: Ours.\n")) == []
    assert wrong(energy(("a", "4"), more="    basis: project\n")) == [("missing-rationale", "project")]


def test_a_fact_type_of_an_unknown_horizon_is_reported_once_and_not_as_a_mismatch() -> None:
    facts = edited(
        "facts", ("title: Share of renewables\n    horizon: recent", "title: Share of renewables\n    horizon: resent")
    )
    assert found(facts=facts) == [("facts", "unknown-horizon", "resent")]


def test_windows_may_be_open_and_of_one_day() -> None:
    for window in ("{}", "{from: 2022-01-01}", "{to: 2022-01-01}", "{from: 2022-01-01, to: 2022-01-01}"):
        head = edited("methodology", ("{from: 2022-01-01, to: 2024-06-30}", window))
        assert found(methodology=head) == []


# ---- sentences


@pytest.mark.parametrize(
    ("because", "findings"),
    [
        ("It is.", []),
        ("{share.percent} of {share.denominator}, {share.period}, {share.basis}, {share.entity}.", []),
        ("{share.evidence.source}, {share.evidence.published}, {share.evidence.source_type}", []),
        ("A brace {{ and another }}.", []),
        ("{{share.percent}}", []),
        ("{share.percnt}", ["{share.percnt}"]),
        ("{share}", ["{share}"]),
        ("{share.evidence}", ["{share.evidence}"]),
        ("{energy.amount}", ["{energy.amount}"]),
        ("{}", ["{}"]),
        ("{share.percent", ["{"]),
        ("share.percent}", ["}"]),
        ("{ share.percent }", ["{ share.percent }"]),
        ("{a} and {share.percent} and {b}", ["{a}", "{b}"]),
    ],
)
def test_a_placeholder_names_a_field_that_was_certainly_read(because: str, findings: list[str]) -> None:
    text = energy(("a", "4"), because=f"'{because}'")
    assert wrong(text) == [("bad-placeholder", underlined) for underlined in findings]


@pytest.mark.parametrize("style", [">-\n            ", "|\n            ", "", '"'])
def test_a_placeholder_is_underlined_in_every_style_of_text(style: str) -> None:
    end = '"' if style == '"' else ""
    old = "because: Renewables were {share.percent} of the energy used."
    text = edited("energy", (old, f"because: {style}Renewables\n            were {{share.prcent}}.{end}"))
    assert wrong(text) == [("bad-placeholder", "{share.prcent}")]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("{share: {}}", ["share"]),
        ("{all: [{share: {}}, {any: [{energy: {}}]}]}", ["share", "energy"]),
        ("{none: [{share: {}}]}", []),
        ("{none: [{none: [{share: {}}]}]}", ["share"]),
        ("{none: [{all: [{none: [{share: {}}]}, {energy: {}}]}]}", ["share"]),
        ("{count: {of: {share: {}}, at_least: 1}}", ["share"]),
        ("{none: [{count: {of: {share: {}}, at_least: 1}}]}", []),
    ],
)
def test_facts_speak_for_conditions_that_must_hold(text: str, read: list[str]) -> None:
    when = when_of(node(text), Scope(METHODOLOGY.vocabulary))
    assert [condition.fact_type for condition in positive_conditions(when)] == read


@pytest.mark.parametrize(
    ("text", "underlined"),
    [("Nothing about {company}.", None), ("{Company}", "{Company}"),
     ("{share.percent} of {company}", "{share.percent}"), ("{}", "{}")],
)  # fmt: skip
def test_a_notice_names_the_company_and_nothing_else(text: str, underlined: str | None) -> None:
    head = edited("methodology", ("text: Points devised here.", f'text: "{text}"'))
    assert found(methodology=head) == ([("methodology", "bad-placeholder", underlined)] if underlined else [])


def test_a_remedy_has_no_placeholder() -> None:
    text = energy(("a", "4"), more='    remedy: {text: "Raise {share.percent}."}\n')
    assert wrong(text) == [("bad-placeholder", "{share.percent}")]


def test_the_vocabulary_of_other_tests_is_good() -> None:
    assert set(FACT_TYPES) == {"share", "goal", "site", "energy"}

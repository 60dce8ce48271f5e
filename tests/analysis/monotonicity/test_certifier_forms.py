"""Tests that certificates claim nothing false of forms in which more does not simply earn more."""

from decimal import Decimal
from typing import Any

import pytest

from cleancloud_rules import Methodology, methodology_from
from cleancloud_rules.analysis import certify
from cleancloud_rules.analysis.monotonicity import state_space
from cleancloud_rules.results import Certificate, Certified, Improvement, Verdict
from cleancloud_rules.results.certificates import Means
from tests.support import small
from tests.support.small import card, criterion, fact, rule, tree
from tests.system.test_questionnaire import questionnaire

PROVED = (Verdict.PROVED,) * 3
REFUTED = (Verdict.REFUTED,) * 3


def fact_type(**fields: Any) -> dict[str, Any]:
    return {"title": "Thing", "horizon": "long_term", "fields": fields}


def latest(**fields: Any) -> dict[str, Any]:
    return {**fact_type(**fields), "selection": "latest"}


def alone(asked: dict[str, Any], types: dict[str, Any], *derivations: dict[str, Any]) -> Methodology:
    """Return a methodology of one criterion."""
    files = small.files(asked, fact_types=types)
    files["facts.yaml"]["derivations"] = list(derivations)
    return methodology_from(files)


def derivation(id: str, made: str, inputs: dict[str, Any], **formulas: str) -> dict[str, Any]:
    return {"id": id, "fact": made, "from": inputs, "join": [], "set": formulas, "round": {"digits": 0}}


def verdicts(part: Certified) -> tuple[Verdict, ...]:
    """Return the verdicts in evidence, value and narrowing."""
    return tuple(part.judgement(sense).verdict for sense in Improvement)


def certified(methodology: Methodology) -> Certificate:
    return certify(methodology, examples=0)


SHARE = {"share": fact_type(percent={"type": "percent", "better": "higher"})}


def test_a_sum_of_points_in_proportion_that_may_be_negative_is_proved_in_no_sense() -> None:
    scaled = {"to": "share.percent", "over": [0, 100], "least": -5}
    asked = criterion("asked", 5, rule("p", 5, {"share": {}}, in_proportion=scaled), hit_policy="collect sum")
    methodology = alone(asked, SHARE)
    assert card(methodology, fact("share", {"percent": 0})).criterion("asked").points == -5
    assert Verdict.PROVED not in verdicts(certified(methodology).criterion("asked"))
    searched = certify(methodology, examples=40).criterion("asked")
    assert searched.judgement(Improvement.EVIDENCE).verdict is Verdict.REFUTED


# Which facts are the latest


def test_a_derived_fact_that_is_later_may_take_the_place_of_a_better_one() -> None:
    types = {
        "energy": fact_type(grade={"type": "integer", "better": "higher"}, part={"type": "percent"}),
        "made": latest(percent={"type": "percent"}),
    }
    making = derivation("making", "made", {"e": {"energy": {"grade": ">= 5"}}}, percent="e.part * 1")
    methodology = alone(criterion("asked", 5, rule("p", 5, {"made": {"percent": "> 10"}})), types, making)
    stated = fact("made", {"percent": 20}, period=2022)
    points = [
        card(methodology, stated, fact("energy", {"grade": grade, "part": 3})).criterion("asked").points
        for grade in (4, 6)
    ]
    assert points == [5, 0]
    assert Verdict.PROVED not in verdicts(certified(methodology).criterion("asked"))


@pytest.mark.parametrize(
    ("key", "kept"), [({}, {Improvement.VALUE, Improvement.NARROWING}), ({"key": True}, {Improvement.VALUE})]
)
def test_an_exemption_by_the_latest_facts_may_end(key: dict[str, Any], kept: set[Improvement]) -> None:
    named = {"type": "enum", "values": ["p", "q"], **key}
    types = {
        "answer": latest(value={"type": "enum", "values": ["yes", "no"]}, about=named),
        "other": fact_type(note={"type": "text"}),
    }
    exempt = {"when": {"answer": {"value": "yes"}}, "counts_as": "full"}
    methodology = alone(criterion("asked", 5, rule("p", 5, {"other": {}}), not_applicable=exempt), types)
    yes = fact("answer", {"value": "yes", "about": "p"}, period=2022)
    no = fact("answer", {"value": "no", "about": "p"}, period=2023)
    assert [card(methodology, *facts).total for facts in ([yes], [yes, no])] == [100, 0]
    found = certified(methodology)
    for part in (found.category("whole"), found.total):
        assert set(part.senses(Verdict.PROVED)) == kept


# What is derived of what is derived


@pytest.mark.parametrize("counted", ["first", "second"])
def test_twins_anywhere_before_a_counted_fact_may_become_one(counted: str) -> None:
    types = {
        "stated": fact_type(amount={"type": "number"}, note={"type": "text"}),
        "first": fact_type(value={"type": "number"}),
        "second": fact_type(value={"type": "number"}),
    }
    twins = derivation("twins", "first", {"p": {"stated": {}}, "q": {"stated": {}}}, value="p.amount - q.amount")
    again = derivation("again", "second", {"p": {"first": {}}}, value="p.value * 1")
    four = {"count": {"of": {counted: {}}, "at_least": 4}}
    methodology = alone(criterion("asked", 5, rule("p", 5, four)), types, twins, again)
    points = []
    for amount in ({"between": [4, 7]}, 5):
        facts = [fact("stated", {"amount": 5, "note": "one"}), fact("stated", {"amount": amount, "note": "two"})]
        points.append(card(methodology, *facts).criterion("asked").points)
    assert points == [5, 0]
    assert certified(methodology).criterion("asked").judgement(Improvement.NARROWING).verdict is not Verdict.PROVED


# Groups

TYPES = {name: fact_type(level={"type": "integer", "better": "higher"}) for name in "xyz"}
ABSENT = criterion("absent", 5, rule("p", 5, {"none": [{"z": {}}]}))


def reaching(id: str, type: str, **more: Any) -> dict[str, Any]:
    """Return a criterion that facts of a type meet from 5 on."""
    return criterion(id, 5, rule("p", 5, {type: {"level": ">= 5"}}), **more)


def grouped(groups: list[dict[str, Any]], criteria: dict[str, list[dict[str, Any]]], **more: Any) -> Certificate:
    return certified(tree(titled(groups), criteria, fact_types=TYPES, **more))


def titled(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"title": group["id"], **group} for group in groups]


INNER = {"id": "vv", "title": "Inner"}
LEVELS = [{"id": "step", "title": "Step", "requires": ["absent"], "value": 5}]
THROUGH: dict[str, tuple[dict[str, Any], str]] = {
    "a cap": ({"caps": [{"unless": "absent", "at_most": 1}]}, "v"),
    "an inner cap": ({"groups": [{**INNER, "caps": [{"unless": "absent", "at_most": 1}]}]}, "vv"),
    "an inner level": ({"groups": [{**INNER, "levels": LEVELS}]}, "vv"),
}


@pytest.mark.parametrize("through", THROUGH)
def test_a_gate_reads_whatever_its_group_reads(through: str) -> None:
    more, owner = THROUGH[through]
    gated = reaching("gated", "x", requires=[{"of": "v", "at_least": 5}])
    found = grouped(
        [{"id": "u"}, {"id": "v", **more}, {"id": "w"}], {"u": [gated], owner: [reaching("b", "y")], "w": [ABSENT]}
    )
    category = found.category("u")
    assert category.judgement(Improvement.EVIDENCE).verdict is Verdict.REFUTED
    assert set(category.criteria) == {"gated", "b", "absent"}
    assert (category.least, category.greatest, category.reached) == (Decimal(0), Decimal(5), True)
    assert found.criterion("gated").judgement(Improvement.EVIDENCE).verdict is Verdict.PROVED  # before gates


def test_what_an_asked_group_holds_inside_is_read_by_a_cap() -> None:
    caps = [{"unless": {"of": "v", "at_least": 5}, "at_most": 1}]
    inner = {**INNER, "caps": [{"unless": "absent", "at_most": 1}]}
    found = grouped(
        [{"id": "u", "caps": caps}, {"id": "v", "groups": [inner]}, {"id": "w"}],
        {"u": [reaching("a", "x")], "vv": [reaching("b", "y")], "w": [ABSENT]},
    )
    assert found.category("u").judgement(Improvement.EVIDENCE).verdict is Verdict.REFUTED


BANDS = [{"label": "good", "score": ">= 5", "value": -1}, {"label": "bad", "score": "< 5", "value": -5}]
BELOW: dict[str, list[dict[str, Any]]] = {
    "base under a scale": [{"id": "g", "base": -10, "scale": 100}],
    "base under a weight": [{"id": "g", "base": -10, "weight": 100}],
    "base under shares": [{"id": "o", "of": "shares", "groups": [{"id": "g", "title": "G", "base": -20}]}],
    "bands under shares": [{"id": "o", "of": "shares", "groups": [{"id": "g", "title": "G", "bands": BANDS}]}],
    "bands under a scale": [{"id": "o", "scale": 10, "groups": [{"id": "g", "title": "G", "bands": BANDS}]}],
}


@pytest.mark.parametrize("form", BELOW)
def test_nothing_is_divided_by_a_most_that_is_not_above_zero(form: str) -> None:
    methodology = tree(titled(BELOW[form]), {"g": [reaching("a", "x")]}, fact_types=TYPES)
    assert [card(methodology, fact("x", {"level": level})).groups[0].score for level in (1, 9)] == [None, None]
    found = certified(methodology)
    for part in (found.categories[0], found.total):
        assert verdicts(part) == PROVED
        assert (part.least, part.greatest) == (Decimal(0), Decimal(0))


def test_a_most_that_is_above_zero_in_some_cohorts_alone_gives_these_a_score() -> None:
    exempt = {"cohorts": ["tiny"]}
    small_one = criterion("b", 2, rule("p", 2, {"y": {"level": ">= 1"}}))
    methodology = tree(
        titled([{"id": "g", "base": -3, "scale": 100}]),
        {"g": [reaching("a", "x", not_applicable=exempt), small_one]},
        fact_types=TYPES,
    )
    facts = [fact("x", {"level": 9}), fact("y", {"level": 9})]
    assert [card(methodology, *facts, cohort=cohort).groups[0].score for cohort in (None, "tiny")] == [100, None]
    found = certified(methodology).category("g")
    assert {judgement.by for judgement in found.judgements} == {Means.LEMMAS}
    assert (found.least, found.greatest) == (Decimal(-75), Decimal(100))


WITHHELD: dict[str, dict[str, Any]] = {
    "base": {"base": -20},
    "cap": {"at_most": -3},
    "cap that is lifted": {"caps": [{"unless": "b", "at_most": -3}]},
    "band": {"bands": [{"label": "good", "score": ">= 6", "value": 1}, {"label": "bad", "score": "< 6", "value": -5}]},
}


@pytest.mark.parametrize("form", WITHHELD)
def test_a_result_that_is_withheld_counts_nothing_and_may_be_less_once_it_is_there(form: str) -> None:
    inner = {"id": "g", "title": "G", "needs": "must", **WITHHELD[form]}
    found = grouped(
        [{"id": "o", "groups": [inner]}, {"id": "w"}],
        {"g": [reaching("a", "x", requirement="must")], "w": [reaching("b", "y")]},
    )
    assert verdicts(found.category("o")) == verdicts(found.total) == REFUTED


def test_the_limits_of_a_group_are_those_of_every_cohort() -> None:
    exempt = reaching("a", "x", not_applicable={"cohorts": ["tiny"]})
    other = criterion("b", 10, rule("p", 10, {"y": {"level": ">= 1"}}))
    methodology = tree([{"id": "g", "title": "G", "aggregate": "mean"}], {"g": [exempt, other]}, fact_types=TYPES)
    assert card(methodology, fact("y", {"level": 1}), cohort="tiny").total == 10
    found = certified(methodology).category("g")
    assert (found.least, found.greatest, found.reached) == (Decimal(0), Decimal(10), True)
    assert found.is_within
    assert found.senses(Verdict.PROVED) == tuple(Improvement)


CAPPED = [{"if": {"of": "a", "at_least": 5}, "at_most": 1}]


def test_the_limits_of_what_is_undecided_for_its_cohorts_are_those_of_each() -> None:
    exempt = reaching("a", "x", not_applicable={"cohorts": ["tiny"]})
    found = grouped([{"id": "g", "caps": CAPPED}], {"g": [exempt, reaching("b", "y")]}).category("g")
    assert Verdict.PROVED not in verdicts(found)
    assert (found.least, found.greatest, found.reached) == (Decimal(0), Decimal(5), True)
    assert found.is_within


def test_the_limits_of_what_is_too_large_are_those_of_both_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_space, "MAX_STATES", 1)
    found = grouped([{"id": "g", "caps": CAPPED}], {"g": [reaching("a", "x"), reaching("b", "y")]}).category("g")
    assert (found.least, found.greatest, found.reached) == (Decimal(0), Decimal(10), False)
    assert found.is_within


@pytest.mark.parametrize("exemptions", [6, 7])
def test_no_limits_are_told_where_more_exemptions_are_open_than_can_be_tried(exemptions: int) -> None:
    criteria = [
        criterion(
            f"c{number}",
            most,
            rule("p", most, {"x": {"level": ">= 1"}}),
            not_applicable={"when": {"y": {"level": number}}},
        )
        for number, most in enumerate([10, *[2] * (exemptions - 1)])
    ]
    found = grouped([{"id": "g", "aggregate": "mean"}], {"g": criteria}).category("g")
    assert (found.least, found.greatest, found.reached) == (Decimal(0), Decimal(10), True)
    assert (found.floor, found.ceiling) == ((Decimal(0), Decimal(10)) if exemptions == 6 else (None, None))
    assert found.is_within


def test_no_limits_are_told_of_a_result_that_may_be_withheld_and_may_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_space, "MAX_STATES", 1)
    group = {"id": "g", "needs": "must", "base": -20}
    found = grouped([group], {"g": [reaching("a", "x", requirement="must")]}).category("g")
    assert (found.least, found.greatest, found.reached) == (None, None, False)
    assert (found.floor, found.ceiling) == (None, None)
    assert found.is_within


@pytest.mark.parametrize("aggregate", ["weighted sum", "weighted mean"])
def test_the_maximum_of_a_weighted_group_is_not_its_weight(aggregate: str) -> None:
    fine = criterion("fine", 0, rule("p", -1, {"x": {"level": ">= 1"}}))
    groups = [{"id": "g", "weight": 7}, {"id": "h", "weight": 1}]
    found = grouped(groups, {"g": [fine], "h": [reaching("b", "y")]}, aggregate=aggregate)
    assert [(part.floor, part.ceiling) for part in found.categories] == [
        (Decimal(-1), Decimal(0)),
        (Decimal(0), Decimal(5)),
    ]


def test_the_maximum_of_a_group_of_a_sum_is_its_weight_or_its_limit_below() -> None:
    groups = [{"id": "g", "weight": 40}, {"id": "h", "weight": 60, "at_most": 50}]
    found = grouped(groups, {"g": [reaching("a", "x")], "h": [reaching("b", "y")]})
    assert [part.greatest for part in found.categories] == [Decimal(40), Decimal(50)]
    assert [part.ceiling for part in found.categories] == [Decimal(40), Decimal(50)]


def test_limits_of_a_group_are_rounded_as_its_scores_are() -> None:
    group = {"id": "g", "aggregate": "mean", "rounding": {"digits": 0, "mode": "ceiling"}}
    parts = [criterion(id, most, rule("p", most, {"x": {"level": ">= 1"}})) for id, most in (("a", 1), ("b", 1.5))]
    found = grouped([group], {"g": parts}).category("g")
    assert (found.least, found.greatest, found.reached) == (Decimal(0), Decimal(2), True)
    assert (found.floor, found.ceiling) == (Decimal(0), Decimal(2))


def test_equal_questions_are_judged_alike_where_only_the_latest_answers_count() -> None:
    few = questionnaire("latest", {"shares": 3, "points": 2, "ladder": 2})
    for seed in (0, 1):
        found = {
            (judgement.sense, judgement.verdict)
            for part in certify(few, examples=3, seed=seed).criteria
            for judgement in part.judgements
        }
        assert found == {
            (Improvement.EVIDENCE, Verdict.REFUTED),
            (Improvement.VALUE, Verdict.PROVED),
            (Improvement.NARROWING, Verdict.REFUTED),
        }

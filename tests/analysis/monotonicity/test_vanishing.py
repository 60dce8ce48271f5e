"""Tests of questions that come not to apply: in which senses the lemma holds, and where a group may lose its parts."""

from typing import Any

import pytest

from cleancloud_rules import Methodology, methodology_from
from cleancloud_rules.analysis import certify
from cleancloud_rules.analysis.monotonicity.improvement import answers_apart
from cleancloud_rules.analysis.monotonicity.lemmas import unanswered
from cleancloud_rules.results import Improvement, Verdict
from cleancloud_rules.scoring.compiled import compiled

ALL = set(Improvement)
NA = {"answer": {"question": "one", "value": "na"}}
YES = {"answer": {"question": "one", "value": "full"}}


def survey(
    *rules: Any,
    exempt: Any = NA,
    selection: str = "single",
    value: Any = None,
    group: Any = None,
    more: Any = (),
    around: Any = None,
    beside: Any = (),
) -> Methodology:
    """Return a methodology of one criterion with rules, in a group with further keys and further criteria.

    If `around` has keys, they are those of a group around that group, which has the criteria of `beside` too.
    """
    fields = {
        "question": {"type": "enum", "values": ["one", "two", "three"], "key": True},
        "value": {"type": "enum", "values": ["none", "na", "full"], **(value or {})},
        "proof": {"type": "boolean", "optional": True},
    }
    answer = {"title": "Answer", "horizon": "ever", "selection": selection, "fields": fields}
    criterion = {"id": "one", "not_applicable": {"when": exempt}, **_criterion(*rules)}
    own = {"id": "a", "title": "A", "aggregate": "mean", **(group or {})}
    outer = {"id": "b", "title": "B", "aggregate": "mean", "groups": [own], **(around or {})}
    return methodology_from(
        {
            "methodology.yaml": {
                "id": "survey", "title": "Survey", "edition": "1", "publisher": "Nobody", "windows": {"ever": "always"},
                "sources": {"form": {"type": "report", "published": 2024}}, "source_types": ["report"],
                "categories": [own if around is None else outer], "aggregate": "sum",
            },
            "facts.yaml": {"fact_types": {"answer": answer}},
            "a.yaml": {"category": "a", "criteria": [criterion, *more]},
            **({} if around is None else {"b.yaml": {"category": "b", "criteria": list(beside)}}),
        }
    )  # fmt: skip


def _criterion(*rules: Any) -> dict[str, Any]:
    made = [{"id": f"r{n}", "points": p, "when": when, "because": "So."} for n, (p, when) in enumerate(rules)]
    return {
        "title": "One", "horizon": "ever", "hit_policy": "collect max", "otherwise": "No.", "rules": made,
        "max_points": max(points for points, _ in rules),
    }  # fmt: skip


FULL = (1, YES)


def senses(methodology: Methodology) -> set[Improvement]:
    """Return the senses in which the lemma holds of the criterion."""
    keys, apart = compiled(methodology).answer_keys, answers_apart(methodology)
    criterion = methodology.criterion("one")
    return {s for s in Improvement if unanswered(criterion, keys, s, methodology.vocabulary, apart)}


@pytest.mark.parametrize(
    ("methodology", "kept"),
    [
        (survey(FULL), ALL),
        (survey(FULL, exempt={"any": [NA, {"answer": {"question": "one", "value": "none"}}]}), ALL),
        (survey(FULL, selection="latest"), set()),
        (survey(FULL, exempt={"answer": {"question": "two", "value": "na"}}), set()),
        (survey(FULL, exempt={"answer": {"value": "na"}}), set()),
        (survey((1, {"answer": {"question": ["one", "two"], "value": "full"}})), set()),
        (survey(FULL, exempt={"none": [NA]}), set()),
        (survey((1, {"none": [NA]})), set()),
        (survey(FULL, (-1, {"answer": {"question": "one", "value": "none"}})), set()),
        (survey(FULL, value={"better": "listed"}), {Improvement.EVIDENCE, Improvement.NARROWING}),
        (survey((1, {"answer": {"question": "one", "proof": True}})), {Improvement.EVIDENCE, Improvement.VALUE}),
    ],
)
def test_the_lemma_holds_of_questions_that_one_answer_decides(methodology: Methodology, kept: set[Improvement]) -> None:
    assert senses(methodology) == kept


ALWAYS = {"id": "always", **_criterion((1, {"answer": {"question": "two", "value": "full"}}))}
UNLESS = {"none": [{"answer": {"question": "two"}}]}
COSTLY = {"id": "costly", **_criterion((1, {"answer": {"question": "two", "value": "full"}}), (-1, UNLESS))}
"""It costs a point as long as there is no answer, so no answer lowers it."""

BANDS = [{"label": "low", "score": "< 1", "value": 1}, {"label": "high", "score": ">= 1", "value": 2}]


@pytest.mark.parametrize(
    ("group", "more", "verdict"),
    [
        ({}, (), Verdict.PROVED),
        ({}, (COSTLY,), Verdict.REFUTED),
        ({"at_least": 1, "scale": 10}, (), Verdict.REFUTED),
        ({"at_least": 1, "scale": 10}, (ALWAYS,), Verdict.PROVED),
        ({"bands": BANDS}, (), Verdict.REFUTED),
        ({"bands": BANDS}, (ALWAYS,), Verdict.PROVED),
        ({"aggregate": "none", "levels": [{"id": "l", "title": "L"}]}, (), Verdict.REFUTED),
        ({"aggregate": "none", "levels": [{"id": "l", "title": "L"}]}, (ALWAYS,), Verdict.PROVED),
    ],
)
def test_a_group_may_lose_parts_only_if_none_costs_and_the_last_only_if_it_is_worth_nothing_without_points(
    group: Any, more: Any, verdict: Verdict
) -> None:
    certificate = certify(survey(FULL, group=group, more=more), examples=0)
    parts = (certificate.categories[0], certificate.total)
    found = [part.judgement(Improvement.EVIDENCE) for part in parts]
    assert (Verdict.REFUTED in {judgement.verdict for judgement in found}) is (verdict is Verdict.REFUTED)
    assert all("unanswered" in judgement.lemmas for judgement in found) is (verdict is Verdict.PROVED)


SCALED = {"scale": 10}
SHARES = {"of": "shares"}
TOP = {"id": "top", **_criterion((2, {"answer": {"question": "two", "value": "full"}}))}
HIGHER = {"id": "higher", **_criterion((2, {"answer": {"question": "three", "value": "full"}}))}
CAP = {"caps": [{"unless": "top", "at_most": 1}]}


@pytest.mark.parametrize(
    ("around", "group", "verdict"),
    [
        (SCALED, {"aggregate": "mean"}, Verdict.REFUTED),
        (SCALED, {"aggregate": "minimum"}, Verdict.REFUTED),
        (SCALED, {"aggregate": "sum"}, Verdict.PROVED),
        (SCALED, {"aggregate": "maximum"}, Verdict.PROVED),
        (SCALED, SHARES, Verdict.PROVED),
        (SCALED, SCALED, Verdict.PROVED),
        ({}, {"aggregate": "minimum"}, Verdict.PROVED),
        (SHARES, {"aggregate": "minimum"}, Verdict.PROVED),
        (SHARES, {"at_least": 1}, Verdict.REFUTED),
        (SHARES, CAP, Verdict.REFUTED),
        (SHARES, {**SHARES, **CAP}, Verdict.PROVED),
    ],
)
def test_a_group_is_not_divided_by_a_maximum_that_rises_where_a_question_comes_not_to_apply(
    around: Any, group: Any, verdict: Verdict
) -> None:
    """The maximum of a mean of 1 and 2 points is 1.5, and without the first 2. So 2 of 3.5 points become 2 of 4."""
    certificate = certify(survey(FULL, group=group, more=(HIGHER,), around=around, beside=(TOP,)), examples=0)
    judgement = certificate.categories[0].judgement(Improvement.EVIDENCE)
    assert judgement.verdict is verdict
    assert ("unanswered" in judgement.lemmas) is (verdict is Verdict.PROVED)


SECOND = {"id": "two", **_criterion((1, {"answer": {"question": "two", "value": "full"}}))}


@pytest.mark.parametrize(
    ("methodology", "greatest"),
    [
        (survey(FULL, group={"aggregate": "sum"}, more=[SECOND]), 2),
        (survey(FULL, exempt=YES, group={"aggregate": "sum"}, more=[SECOND]), 1),
        (survey(FULL, exempt=SECOND["rules"][0]["when"], group={"aggregate": "sum"}, more=[SECOND]), 1),
    ],
)
def test_limits_are_reached_only_if_what_reaches_them_lets_every_criterion_apply(
    methodology: Methodology, greatest: Any
) -> None:
    group = certify(methodology, examples=0).category("a")
    assert (group.greatest, group.reached) == (greatest, True)

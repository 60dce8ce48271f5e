"""Groups declare exceptions from monotonicity, and groups inside groups have verdicts of their own."""

from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules import Methodology
from cleancloud_rules.analysis import certify
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.certificate import certificate_text
from cleancloud_rules.results import Certificate, Improvement, Means, Verdict
from tests.support.small import criterion, rule, tree

ANSWERS = {
    "answer": {
        "title": "Answer",
        "horizon": "long_term",
        "fields": {
            "asked": {"type": "enum", "values": ["first", "second"], "key": True},
            "value": {"type": "enum", "values": ["na", "no", "yes"]},
        },
    }
}
WHY = "A question that is answered begins to count."


def asked(id: str) -> dict[str, Any]:
    """Return a criterion that does not apply if the answer is "na"."""
    exempt = {"when": {"answer": {"asked": id, "value": "na"}}}
    return criterion(id, 2, rule("yes", 2, {"answer": {"asked": id, "value": "yes"}}), not_applicable=exempt)


def nested(inner: dict[str, Any] | None = None, outer: dict[str, Any] | None = None, **more: Any) -> Methodology:
    """Return a mean of two criteria inside another group inside the total. Leaving out one that is earned lowers it."""
    groups = [{"id": "inner", "title": "Inner", "aggregate": "mean", **(inner or {})}]
    category: dict[str, Any] = {"id": "outer", "title": "Outer", "groups": groups, **(outer or {})}
    return tree([category], {"inner": [asked("first"), asked("second")]}, fact_types=ANSWERS, **more)


def failing(methodology: Methodology, *allowed: str) -> list[str]:
    return [part.id for part in certify(methodology, examples=0).failing(allowed)]


def evidence(found: Certificate, id: str) -> Verdict:
    part = found.total if id == "total" else found.category(id)
    return part.judgement(Improvement.EVIDENCE).verdict


EXCEPTION: dict[str, Any] = {"monotone": False, "rationale": WHY}


def test_groups_inside_groups_are_judged_before_the_groups_around_them() -> None:
    found = certify(nested(), examples=0)
    assert [part.id for part in found.all] == ["first", "second", "inner", "outer", "total"]
    assert found.category("inner").groups == ("inner",)
    assert found.category("outer").groups == ("outer", "inner")
    assert all(evidence(found, id) is Verdict.REFUTED for id in ("inner", "outer", "total"))
    assert failing(nested()) == ["inner", "outer", "total"]


@pytest.mark.parametrize(
    ("methodology", "left"),
    [
        (nested(inner=EXCEPTION), []),
        (nested(outer=EXCEPTION), ["inner"]),
        (nested(**EXCEPTION), ["inner", "outer"]),
    ],
)
def test_an_exception_of_a_group_excuses_it_and_what_is_around_it(methodology: Methodology, left: list[str]) -> None:
    assert failing(methodology) == left


@pytest.mark.parametrize(("allowed", "left"), [("inner", []), ("outer", ["inner"]), ("total", ["inner", "outer"])])
def test_a_caller_allows_groups_and_the_total(allowed: str, left: list[str]) -> None:
    assert failing(nested(), allowed) == left


def test_an_exception_excuses_no_sense_in_which_its_group_is_proved() -> None:
    kept = tree(
        [{"id": "proved", "title": "P", **EXCEPTION}, {"id": "refuted", "title": "R", "aggregate": "mean"}],
        {"proved": [criterion("plain", 2, rule("yes", 2, {"answer": {"value": "yes"}}))],
         "refuted": [asked("first"), asked("second")]},
        fact_types=ANSWERS,
    )  # fmt: skip
    assert failing(kept) == ["refuted", "total"]


def test_the_certificate_names_each_exception_with_its_reason_and_one_that_nothing_needs() -> None:
    said = as_text(certificate_text(certify(nested(inner=EXCEPTION), examples=0)))
    assert f"inner is an exception, in evidence, narrowing: {WHY}" in said
    needless = tree(
        [{"id": "calm", "title": "C", **EXCEPTION}],
        {"calm": [criterion("plain", 2, rule("yes", 2, {"answer": {"value": "yes"}}))]},
        fact_types=ANSWERS,
    )
    said = as_text(certificate_text(certify(needless, examples=0)))
    assert f"calm is declared an exception, but nothing refutes it: {WHY}" in said


def test_the_fix_of_a_group_that_falls_by_itself_stands_at_the_group() -> None:
    found = certify(nested(), examples=0)
    for part in (found.category("outer"), found.total):
        (example, *_) = part.judgement(Improvement.EVIDENCE).counterexamples
        assert example.mend.startswith("no criterion loses points; `inner` falls because `")
        assert example.mend.endswith(
            "no longer counts: let what is left out count as `zero`, or declare it: `monotone: false` with a "
            "`rationale` on `inner`"
        )
    (declared, *_) = certify(nested(inner=EXCEPTION), examples=0).total.judgement(Improvement.EVIDENCE).counterexamples
    assert declared.mend.endswith("no longer counts")


def test_an_exception_that_is_undecided_is_not_said_to_be_needless() -> None:
    found = certify(nested(inner=EXCEPTION), examples=0)
    inner = found.category("inner")
    open_ = evolve(inner, judgements=tuple(evolve(j, verdict=Verdict.UNDECIDED, note="N") for j in inner.judgements))
    said = as_text(certificate_text(evolve(found, groups=(open_,))))
    assert f"inner is declared an exception, and is undecided in evidence, value, narrowing: {WHY}" in " ".join(
        said.split()
    )


def test_a_better_answer_assesses_nothing_anew_as_unsure_stands_outside_the_order() -> None:
    types = {
        "answer": {
            "title": "Answer", "horizon": "long_term", "selection": "single",
            "fields": {
                "question": {"type": "enum", "values": "questions", "key": True},
                "value": {"type": "enum", "values": ["unsure", "no", "yes"], "better": "listed"},
            },
        }
    }  # fmt: skip
    answers = {
        "fact": "answer", "question": "question", "answer": "value", "points": {"yes": 2, "no": 0},
        "not_assessed": ["unsure"], "because": "A.", "otherwise": "O.",
    }  # fmt: skip
    asked = [{"id": id, "ask": f"{id}?"} for id in ("a", "b", "c")]
    group = {"id": "g", "title": "G", "aggregate": "mean", "coverage": [{"at_least": 2}], **EXCEPTION}
    found = certify(
        tree([group], {"g": asked}, fact_types=types, answers=answers, not_assessed="excluded"), examples=50
    )
    for part in (found.category("g"), found.total):
        value = part.judgement(Improvement.VALUE)
        assert (value.verdict, value.by) == (Verdict.PROVED, Means.LEMMAS)
        assert "assessment" in value.lemmas
    assert evidence(found, "g") is Verdict.REFUTED
    narrowing = found.category("g").judgement(Improvement.NARROWING)
    assert narrowing.verdict is Verdict.REFUTED, "an answer that was only disclosed begins to count"

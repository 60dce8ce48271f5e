"""The last lines of a certificate, and what a counterexample says of its companies."""

from typing import Any

import pytest

from cleancloud_rules import Methodology, company_from, methodology_from, score
from cleancloud_rules.analysis import certify
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.certificate import certificate_text
from cleancloud_rules.results import Improvement, Verdict
from tests.support import small
from tests.support.small import criterion, rule

EARNED = rule("some", 2, {"site": {"public": True}})
ABSENT = rule("none", 2, {"none": [{"goal": {"topic": "energy"}}]})


def last_line(methodology: Methodology, *allowed: str) -> str:
    return as_text(certificate_text(certify(methodology, examples=0), allowed)).rstrip().rpartition("\n")[2]


def undecided() -> dict[str, Any]:
    """Return the files of a methodology in which an improved field changes a derived fact, which no lemma decides."""
    amount = {**small.FACT_TYPES["energy"]["fields"]["amount"], "better": "higher"}
    energy = {**small.FACT_TYPES["energy"], "fields": {**small.FACT_TYPES["energy"]["fields"], "amount": amount}}
    derived = rule("some", 2, {"share": {"percent": "> 10"}})
    files = small.files(criterion("asked", 2, derived, horizon="short_term"))
    files["facts.yaml"]["fact_types"] = {**small.FACT_TYPES, "energy": energy}
    return files


def test_only_what_is_proved_passes() -> None:
    assert last_line(small.methodology(criterion("a", 2, EARNED))) == "Passed: everything is proved."


def test_what_is_refuted_is_named() -> None:
    assert last_line(small.methodology(criterion("a", 2, ABSENT))).startswith("Refuted: a, ")


def test_what_is_undecided_is_named_and_does_not_pass() -> None:
    found = certify(methodology_from(undecided()), examples=0)
    assert [part.id for part in found.undecided()] == ["asked", "whole", "total"]
    assert found.undecided(["asked"]) == ()
    assert last_line(methodology_from(undecided())) == "Undecided: asked, whole, total."
    assert "exception" in last_line(methodology_from(undecided()), "asked")


def test_an_exception_passes_as_one() -> None:
    excepted = criterion("a", 2, ABSENT, monotone=False, rationale="Nothing was found.")
    assert last_line(small.methodology(excepted)) == (
        "Passed: what is not proved is a declared or allowed exception, or depends on one."
    )


@pytest.mark.parametrize(("digits", "is_below"), [(0, True), (1, False)])
def test_a_difference_below_the_rounding_is_called_one(digits: int, is_below: bool) -> None:
    rounding: dict[str, Any] = {"digits": digits, "mode": "floor"}
    group = {"id": "g", "title": "G", "aggregate": "mean", "scale": 1, "rounding": rounding}
    methodology = small.tree([group], {"g": [criterion("a", 2, ABSENT), criterion("b", 2, EARNED)]})
    judged = certify(methodology, examples=0).category("g").judgement(Improvement.EVIDENCE)
    assert judged.verdict is Verdict.REFUTED
    for example in judged.counterexamples:
        before, after = (
            score(company_from(text, methodology), methodology).category("g").score for text in example.files
        )
        assert example.below_rounding is is_below is (before == after)
        assert example.points_before > example.points_after
    said = "below the rounding: both show the same result" in as_text(
        certificate_text(certify(methodology, examples=0))
    )
    assert said is is_below

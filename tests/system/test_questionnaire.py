"""A questionnaire of 100 questions with "not applicable": its certificate, its bounds and its contradictions."""

from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules.analysis import bounds, certify
from cleancloud_rules.model import Methodology
from cleancloud_rules.results import Certificate, CompanyBounds, Verdict

HEAD: dict[str, Any] = {
    "id": "survey", "title": "Survey", "edition": "1", "publisher": "Nobody",
    "sources": {"form": {"type": "report", "published": 2024}},
    "source_types": ["report"],
    "windows": {"ever": "always"},
    "rounding": {"digits": 4},
    "aggregate": "weighted mean",
    "answers": {
        "fact": "answer", "question": "question", "answer": "value",
        "points": {"full": 2, "partly": 1, "none": 0}, "not_applicable": ["na"],
        "because": "Answered {answer.value}.", "otherwise": "Not answered.",
    },
    "categories": [
        {"id": "shares", "title": "Shares", "weight": 2, "aggregate": "mean", "of": "shares", "scale": 100},
        {"id": "points", "title": "Points", "weight": 1, "aggregate": "mean", "scale": 100},
        {
            "id": "ladder", "title": "Ladder", "weight": 1, "aggregate": "sum", "scale": 100,
            "levels": [{"id": "first", "title": "First"}, {"id": "second", "title": "Second"}],
        },
    ],
}  # fmt: skip
KINDS = ("shares", "points", "ladder")
VALUES = ("full", "partly", "none", "na")
NUMBER = {"shares": 33, "points": 33, "ladder": 34}
QUESTIONS = [f"{kind}_{number}" for kind in KINDS for number in range(NUMBER[kind])]


def questionnaire(selection: str = "single", number: dict[str, int] = NUMBER) -> Methodology:
    """Return a questionnaire in a mean of shares, in a mean of points and in a ladder."""
    answer = {
        "title": "Answer", "horizon": "ever", "selection": selection,
        "fields": {
            "question": {"type": "enum", "values": "questions", "key": True},
            "value": {"type": "enum", "values": list(VALUES)},
        },
    }  # fmt: skip
    files: dict[str, Any] = {"methodology.yaml": HEAD, "facts.yaml": {"fact_types": {"answer": answer}}}
    for kind in KINDS:
        criteria = [
            {"id": f"{kind}_{i}", "ask": f"Is it so ({i})?"}
            | ({"level": "first" if i % 2 else "second"} if kind == "ladder" else {})
            for i in range(number[kind])
        ]
        files[f"{kind}.yaml"] = {"category": kind, "criteria": criteria}
    return cc.methodology_from(files)


@pytest.fixture(scope="module")
def survey() -> Methodology:
    return questionnaire()


def company(methodology: Methodology, *blocks: dict[str, str], **more: Any) -> cc.Company:
    """Return a company that gives some answers, all of one day."""
    answers = [{"fact": "answer", "source": "form", "as_of": "2024-01-01", "values": block, **more} for block in blocks]
    return cc.company_from({"id": "acme", "name": "Acme", "answers": answers}, methodology)


@pytest.fixture(scope="module")
def certificate(survey: Methodology) -> Certificate:
    return certify(survey, examples=20)


def test_every_question_every_group_and_the_total_are_proved(certificate: Certificate) -> None:
    parts = (*certificate.criteria, *certificate.categories, certificate.total)
    assert len(parts) == len(QUESTIONS) + len(KINDS) + 1
    verdicts = {(part.id, j.sense): j.verdict for part in parts for j in part.judgements}
    assert {key: verdict for key, verdict in verdicts.items() if verdict is not Verdict.PROVED} == {}
    assert "unanswered" in certificate.total.judgements[0].lemmas
    assert certificate.total.reached
    assert (str(certificate.total.least), str(certificate.total.greatest)) == ("0.0000", "100.0000")


def bounded(answers: dict[str, str], survey: Methodology) -> CompanyBounds:
    (found,) = bounds([company(survey, answers)], survey).companies
    return found


def test_bounds_are_exact_and_reached_by_the_worst_and_the_best_answers(survey: Methodology) -> None:
    given = {id: VALUES[i // 2 % 4] for i, id in enumerate(QUESTIONS) if i % 3}
    found = bounded(given, survey)
    assert found.exact
    rest = [id for id in QUESTIONS if id not in given]
    for value, total, ends in (("none", found.floor, "floor"), ("full", found.ceiling, "ceiling")):
        card = cc.score(company(survey, given, dict.fromkeys(rest, value)), survey)
        assert card.total == total
        assert [category.score for category in card.categories] == [getattr(c, ends) for c in found.categories]
        assert [category.level and category.level.id for category in card.categories] == [
            category.levels and getattr(category.levels, ends) for category in found.categories
        ]
    assert found.floor is not None
    assert found.ceiling is not None
    assert found.floor < found.ceiling
    for value in ("partly", "na"):
        card = cc.score(company(survey, given, dict.fromkeys(rest, value)), survey)
        assert card.total is not None
        assert found.floor <= card.total <= found.ceiling


def test_an_answered_question_is_closed(survey: Methodology) -> None:
    found = bounded({"shares_0": "none", "shares_1": "partly", "shares_2": "na"}, survey)
    criteria = {c.id: c for c in found.categories[0].criteria}
    ends = {id: (int(c.floor), int(c.ceiling), c.exact) for id, c in criteria.items()}
    assert ends["shares_0"] == (0, 0, True), "no stays no"
    assert ends["shares_1"] == (1, 1, True)
    assert ends["shares_2"] == (0, 0, True)
    assert "does not apply" not in criteria["shares_0"].reason, "and cannot come not to apply"
    assert ends["shares_3"] == (0, 2, True)
    assert "further facts may say that it does not apply" in criteria["shares_3"].reason


def test_the_latest_of_several_answers_closes_no_question() -> None:
    few = questionnaire("latest", dict.fromkeys(KINDS, 2))
    (found,) = bounds([company(few, {"shares_0": "none"})], few).companies
    (first, *_) = found.categories[0].criteria
    assert (int(first.floor), int(first.ceiling)) == (0, 2), "a later answer may count in its place"


def test_one_contradiction_among_a_hundred_answers_is_said_at_its_place(survey: Methodology) -> None:
    text = (
        "id: acme\nname: Acme\nanswers:\n"
        "  - {fact: answer, source: form, as_of: 2024-01-01, values: {"
        + ", ".join(f"{id}: full" for id in QUESTIONS)
        + "}}\n  - fact: answer\n    source: form\n    as_of: 2024-01-01\n"
        "    values:\n      points_1: full\n      points_7: none\n"
    )
    acme = cc.company_from(text, survey)
    with pytest.raises(cc.FactsError) as caught:
        cc.score(acme, survey)
    (found,) = caught.value.diagnostics
    assert (found.code, found.location.line) == ("contradiction", 10)
    assert "<text>:4:" in found.message
    assert [d.code for d in cc.check(acme, survey)] == ["contradiction"]


def test_where_a_group_is_worth_something_without_parts_the_certificate_shows_the_company() -> None:
    two = [{"id": "a", "title": "A", "aggregate": "sum", "base": 1}]
    files = {
        "methodology.yaml": {**HEAD, "aggregate": "sum", "categories": two},
        "facts.yaml": {
            "fact_types": {
                "answer": {
                    "title": "Answer", "horizon": "ever", "selection": "single",
                    "fields": {
                        "question": {"type": "enum", "values": "questions", "key": True},
                        "value": {"type": "enum", "values": list(VALUES)},
                    },
                },
            },
        },
        "a.yaml": {"category": "a", "criteria": [{"id": "first", "ask": "Is it?"}, {"id": "second", "ask": "Is it?"}]},
    }  # fmt: skip
    total = certify(cc.methodology_from(files), examples=0).total
    (evidence, *_) = total.judgements
    assert evidence.verdict is Verdict.REFUTED
    (example, *_) = evidence.counterexamples
    assert example.files[1].count("value: na") == 2, "every question came not to apply"

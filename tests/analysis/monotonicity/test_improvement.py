"""Tests of what is better and what is more exact."""

from decimal import Decimal
from typing import Any

import pytest

from cleancloud_rules import Methodology, methodology_from
from cleancloud_rules.analysis import certify
from cleancloud_rules.analysis.monotonicity.improvement import answers_apart, improves, is_change, narrows
from cleancloud_rules.generators.boundary_values import Held
from cleancloud_rules.model import Field
from cleancloud_rules.model.facts import Better
from cleancloud_rules.model.values import FieldType, Interval
from cleancloud_rules.results import Improvement, Verdict

UP = Field("share", FieldType.PERCENT, better=Better.HIGHER)
DOWN = Field("aim", FieldType.YEAR, better=Better.LOWER)
SOME = Field("scopes", FieldType.SET, values=("a", "b", "c"), better=Better.MORE)
RANK = Field("rank", FieldType.ENUM, values=("low", "mid", "top"), better=Better.LISTED)
FLAG = Field("flag", FieldType.BOOLEAN, better=Better.HIGHER)
PLAIN = Field("level", FieldType.INTEGER)


def number(text: str) -> Decimal:
    return Decimal(text)


@pytest.mark.parametrize(
    ("new", "old", "own"),
    [
        (number("11"), number("10"), UP),
        (Interval(number("11"), None), number("10"), UP),
        (Interval(number("10"), None, True), number("10"), UP),
        (Interval(number("5"), None), Interval(None, number("90")), UP),
        (Interval(number("5"), number("6")), Interval(number("4"), number("90")), UP),
        (2029, 2030, DOWN),
        (Interval(None, 2031), 2032, DOWN),
        (Interval(2000, 2030), Interval(2010, 2031), DOWN),
        (frozenset("ab"), frozenset("a"), SOME),
        ("top", "low", RANK),
        (True, False, FLAG),
    ],
)
def test_this_is_better(new: Any, old: Any, own: Field) -> None:
    assert improves(new, old, own)
    assert not improves(old, new, own)


@pytest.mark.parametrize(
    ("new", "old", "own"),
    [
        (number("10"), number("10"), UP),
        (Interval(None, number("90")), number("10"), UP),
        (Interval(number("10"), None), number("10"), UP),
        (Interval(2030, None), 2031, DOWN),
        (frozenset("bc"), frozenset("a"), SOME),
        (11, 10, PLAIN),
    ],
)
def test_this_is_not_better(new: Any, old: Any, own: Field) -> None:
    assert not improves(new, old, own)


def test_whole_numbers_more_than_one_and_at_least_two_are_the_same() -> None:
    own = Field("level", FieldType.INTEGER, better=Better.HIGHER)
    assert not improves(Interval(1, None, True), 2, own)
    assert improves(Interval(1, None, True), 1, own)
    assert not narrows(Interval(2, None), Interval(1, None, True))


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (number("5"), Interval(number("4"), None)),
        (Interval(number("5"), number("6")), Interval(number("5"), None)),
        (Interval(number("5"), None, True), Interval(number("5"), None)),
        (Interval(number("5"), number("6"), True, True), Interval(number("5"), number("6"))),
        (Interval(None, number("4")), Interval(None, number("5"))),
    ],
)
def test_this_is_more_exact(new: Any, old: Any) -> None:
    assert narrows(new, old)
    assert not narrows(old, new)


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (number("5"), number("5")),
        (number("3"), Interval(number("4"), None)),
        (number("4"), Interval(number("4"), None, True)),
        (Interval(number("3"), number("5")), Interval(number("4"), number("6"))),
        (Interval(number("4"), None), Interval(number("4"), number("6"))),
        (Interval(number("4"), number("6")), Interval(number("4"), number("6"))),
    ],
)
def test_this_is_not_more_exact(new: Any, old: Any) -> None:
    assert not narrows(new, old)


def test_a_disclosed_value_becomes_more_exact_when_it_is_stated_and_a_missing_one_does_not() -> None:
    stated, disclosed, missing = Held(number("5")), Held(disclosed=True), Held()
    assert is_change(Improvement.NARROWING, stated, disclosed, UP)
    assert not is_change(Improvement.NARROWING, stated, missing, UP)
    assert not is_change(Improvement.NARROWING, missing, disclosed, UP)
    assert not is_change(Improvement.NARROWING, disclosed, stated, UP)


def test_only_a_stated_value_improves_and_added_facts_change_no_field() -> None:
    better, worse = Held(number("5")), Held(number("4"))
    assert is_change(Improvement.VALUE, better, worse, UP)
    assert not is_change(Improvement.VALUE, better, Held(), UP)
    assert not is_change(Improvement.VALUE, better, Held(disclosed=True), UP)
    assert not is_change(Improvement.EVIDENCE, better, worse, UP)


# Answers that stand outside the order


def questions() -> Methodology:
    """Return a methodology whose questions have answers in an order, the last of which says that they do not apply."""
    fields = {
        "question": {"type": "enum", "values": "questions", "key": True},
        "value": {"type": "enum", "values": ["none", "na", "full"], "better": "listed"},
    }
    answers = {
        "fact": "answer", "question": "question", "answer": "value", "points": {"full": 1, "none": 0},
        "not_applicable": ["na"], "because": "So.", "otherwise": "Not so.",
    }  # fmt: skip
    answer = {"title": "Answer", "horizon": "ever", "selection": "single", "fields": fields}
    written = {"when": {"answer": {"question": "one", "value": "full"}}}
    return methodology_from(
        {
            "methodology.yaml": {
                "id": "survey", "title": "Survey", "edition": "1", "publisher": "Nobody", "windows": {"ever": "always"},
                "sources": {"form": {"type": "report", "published": 2024}}, "source_types": ["report"],
                "categories": [{"id": "a", "title": "A", "aggregate": "mean"}], "answers": answers,
            },
            "facts.yaml": {"fact_types": {"answer": answer}},
            "a.yaml": {
                "category": "a",
                "criteria": [{"id": "one", "ask": "One?"}, {"id": "two", "ask": "Two?", "not_applicable": written}],
            },
        }
    )  # fmt: skip


def test_an_answer_that_says_not_applicable_is_neither_better_nor_worse_than_others() -> None:
    methodology = questions()
    apart = answers_apart(methodology)
    assert apart == {("answer", "value"): {"na"}}, "a condition that an author wrote takes nothing out of the order"
    value = methodology.vocabulary.by_id["answer"].get("value")
    assert value is not None
    none, na, full = (Held(word) for word in ("none", "na", "full"))
    kept = [(new, old) for new in (none, na, full) for old in (none, na, full)]
    changes = [pair for pair in kept if is_change(Improvement.VALUE, *pair, value, apart["answer", "value"])]
    assert changes == [(full, none)]
    assert is_change(Improvement.VALUE, na, none, value), "where it is no such answer the order holds"


def test_no_certificate_improves_an_answer_to_not_applicable() -> None:
    certificate = certify(questions(), examples=30)
    one = certificate.criterion("one")
    assert {judgement.verdict for judgement in one.judgements} == {Verdict.PROVED}

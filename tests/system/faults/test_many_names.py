"""Questions with 65 and 100 answers to choose from ("select all that apply"): nothing limits what is asked of them."""

from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules.analysis import bounds, certify
from cleancloud_rules.analysis.editions.differ import differences
from cleancloud_rules.analysis.editions.flatten import flattened
from cleancloud_rules.model import Methodology
from cleancloud_rules.results import Means, Verdict
from tests.support import small

QUESTIONS = ("heating", "travel", "waste")


def names_of(question: str, count: int) -> list[str]:
    return [f"{question}_{number}" for number in range(count)]


def asked(question: str, choices: Any) -> dict[str, Any]:
    return {"answer": {"question": question, "choices": choices}}


def checklist(question: str, count: int, *, plain: bool) -> dict[str, Any]:
    """Return a criterion with a point for each name and for some sets."""
    names = names_of(question, count)
    rules = [small.rule(name, 1, asked(question, name)) for name in names]
    rules.append(small.rule("five", 5, asked(question, {"all": names[:5]})))
    if not plain:
        rules.append(small.rule("exactly", 3, asked(question, {"is": names[:2]})))
        rules.append(small.rule("others", 2, asked(question, f'not("{names[0]}", "{names[1]}")')))
    most = sum(rule["points"] for rule in rules)
    return small.criterion(question, most, *rules, hit_policy="collect sum")


def questionnaire(count: int, *, plain: bool = False, **more: Any) -> Methodology:
    values = [name for question in QUESTIONS for name in names_of(question, count)]
    fields = {
        "question": {"type": "enum", "values": [*QUESTIONS, "other"], "key": True},
        "choices": {"type": "set", "values": values, "better": "more", "optional": True},
    }
    types = {"answer": {"title": "Answer", "horizon": "long_term", "fields": fields, **more}}
    return small.methodology(*(checklist(q, count, plain=plain) for q in QUESTIONS), fact_types=types)


@pytest.mark.parametrize("count", [17, 65, 100])
def test_a_question_with_many_answers_is_scored_and_explained(count: int) -> None:
    used = questionnaire(count)
    every, none, two = (names_of(question, count) for question in QUESTIONS)
    company = small.company(
        used,
        small.fact("answer", {"question": "heating", "choices": every}),
        small.fact("answer", {"question": "travel", "choices": none[2:4]}),
        small.fact("answer", {"question": "waste", "choices": two[:2]}),
    )
    card = cc.score(company, used, cross_check=True)
    assert [criterion.points for criterion in card.criteria] == [count + 5, 2 + 2, 2 + 3]
    waste = card.criteria[2]
    assert {rule.id for rule in waste.rules if rule.fired} == {*two[:2], "exactly"}
    others = next(rule for rule in waste.rules if rule.id == "others")
    said = f'choices: not("{two[0]}", "{two[1]}") (the fact says waste 0 and waste 1)'
    assert others.unmet[0].tests == (said,)


@pytest.mark.parametrize("count", [17, 65, 100])
def test_its_bounds_know_which_answers_are_left(count: int) -> None:
    used = questionnaire(count, plain=True)
    heating, travel, _ = (names_of(question, count) for question in QUESTIONS)
    company = small.company(
        used,
        small.fact("answer", {"question": "heating", "choices": heating[:3]}),
        not_found=[asked("travel", name) for name in travel[3:]],
    )
    (found,) = bounds([company], used).companies
    limits: list[Any] = [(c.floor, c.ceiling, c.exact) for c in found.categories[0].criteria]
    assert limits == [(3, count + 5, True), (0, 3, True), (0, count + 5, True)]
    nothing = small.company(used, not_found=[asked("travel", name) for name in travel])
    outcomes = [criterion.outcome.value for criterion in cc.score(nothing, used).criteria]
    assert outcomes == ["not_assessed", "not_found", "not_assessed"]


@pytest.mark.parametrize("count", [17, 65, 100])
def test_a_lemma_proves_that_more_answers_cost_nothing(count: int) -> None:
    certificate = certify(questionnaire(count, plain=True), examples=0)
    parts = (*certificate.criteria, *certificate.categories, certificate.total)
    judged = {(judgement.verdict, judgement.by) for part in parts for judgement in part.judgements}
    assert judged == {(Verdict.PROVED, Means.LEMMAS)}


def test_two_editions_are_compared_name_by_name() -> None:
    before, after = (flattened(questionnaire(count)) for count in (65, 66))
    assert not list(differences(before, before))
    assert any("waste_65" in str(change) for change in differences(before, after))

"""Tests of what a company answered to questions: which facts it is, and what is said of what is wrong in it."""

from datetime import date

import pytest

from cleancloud_rules import Company, FactsError, company_from, score
from cleancloud_rules.language.answers import answered_facts
from cleancloud_rules.model.outcomes import Outcome
from tests.support.forms import COMPANY, loaded
from tests.support.nodes import node, plain, refused

METHODOLOGY = loaded()
VALUES = "{oversight: full, pay: not_asked, audited: {is: none, locator: p. 3}}"
BLOCK = COMPANY.split("answers:\n", 1)[1].split("facts:\n", maxsplit=1)[0]


def company(*pairs: tuple[str, str]) -> Company:
    """Return the good company with changes."""
    text = COMPANY
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return company_from(text, METHODOLOGY)


def wrong(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    """Return code and underlined text of what is wrong with the good company and changes."""
    try:
        company(*pairs)
    except FactsError as error:
        return [(finding.code, finding.location.text) for finding in error.diagnostics]
    return []


def answers(of: Company) -> dict[str, tuple[str, str | None, str | None]]:
    """Return for each question the answer, its source and its locator."""
    found = (fact for fact in of.facts if fact.type == "answer")
    return {
        str(fact.values.get("question")): (
            str(fact.values.get("value")),
            fact.source.id if fact.source else None,
            fact.locator,
        )
        for fact in found
    }


def test_each_answer_is_a_fact_with_what_stands_beside_it() -> None:
    acme = company()
    assert answers(acme) == {
        "oversight": ("full", "form", None),
        "pay": ("not_asked", "form", None),
        "audited": ("none", "form", "p. 3"),
    }
    assert {fact.period.end for fact in acme.facts if fact.period} == {date(2024, 12, 31)}


def test_an_answer_in_short_is_the_same_as_a_fact_in_full() -> None:
    stated = "  - answer: {question: oversight, value: full}\n    source: form\n    period: 2024\n"
    both = company(("facts:\n", f"facts:\n{stated}"))
    assert both.sha256 == company().sha256, "stated in both places it is one fact"
    full = company(("oversight: full, ", ""), ("facts:\n", f"facts:\n{stated}"))
    assert full.sha256 == company().sha256


def test_two_answers_to_one_question_are_two_facts() -> None:
    later = "  - answer: {question: oversight, value: none}\n    source: form\n    period: 2025\n"
    card = score(company(("facts:\n", f"facts:\n{later}")), METHODOLOGY)
    assert card.criterion("oversight").outcome is Outcome.NOT_MET, "of which the latest counts"


def test_answers_may_come_in_blocks() -> None:
    more = "  - fact: answer\n    source: form\n    as_of: 2025-02-01\n    values: {oversight: none}\n"
    lines = [line.strip() for line in BLOCK.rstrip("\n").split("\n")]
    first = "  - " + "\n    ".join(lines) + "\n"
    acme = company((BLOCK, first + more))
    assert len([fact for fact in acme.facts if fact.type == "answer"]) == 4


def test_an_answer_has_keys_of_its_own_before_those_of_the_block() -> None:
    made = answered_facts(
        node("{fact: answer, source: a, note: N, values: {pay: {is: full, source: b}, oversight: none}}"),
        METHODOLOGY.vocabulary,
    )
    assert [plain(fact) for fact in made] == [
        {"answer": {"question": "pay", "value": "full"}, "source": "b", "note": "N"},
        {"answer": {"question": "oversight", "value": "none"}, "source": "a", "note": "N"},
    ]


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("full", [("wrong-type", "full")]),
        ("{}", [("missing-key", "{}"), ("missing-key", "{}")]),
        ("{fact: answer}", [("missing-key", "fact")]),
        ("{fact: [answer], values: {}}", [("wrong-type", "[answer]")]),
        ("{fact: answr, values: {}}", [("unknown-fact-type", "answr")]),
        ("{fact: incident, values: {}}", [("bad-value", "incident")]),
        ("{fact: answer, values: full}", [("wrong-type", "full")]),
        ("{fact: answer, values: {a: {note: N}, b: {}}}", [("missing-key", "note"), ("missing-key", "{}")]),
    ],
)
def test_a_block_that_is_none_is_refused(text: str, findings: list[tuple[str, str]]) -> None:
    assert refused(answered_facts, node(text), METHODOLOGY.vocabulary) == findings


@pytest.mark.parametrize(
    ("new", "findings"),
    [
        ("{oversigt: full, pay: ful}", [("unknown-value", "oversigt"), ("unknown-value", "ful")]),
        ("{oversight: [full]}", [("wrong-type", "[full]")]),
        ("{oversight: {is: full, disclosed: [values]}}", [("unknown-field", "values")]),
        ("{oversight: {is: full, basis: guessed}}", [("unknown-value", "guessed")]),
        ("{oversight: }", [("empty-value", "")]),
        ("{}", []),
    ],
)
def test_what_is_wrong_in_an_answer_is_said_at_its_place(new: str, findings: list[tuple[str, str]]) -> None:
    found = wrong((VALUES, new))
    assert [code for code, _ in found] == [code for code, _ in findings]
    assert [text for _, text in found if text] == [text for _, text in findings if text]


def test_what_is_wrong_beside_the_answers_is_said_once() -> None:
    assert wrong(("  source: form\n  period", "  sorce: form\n  period")) == [("unknown-key", "sorce")]
    assert wrong((f"  values: {VALUES}", f"  values: {VALUES}\n  disclosed: [a]")) == [("unknown-field", "a")]
    assert wrong(("  period: 2024\n  values", "  period: last year\n  values")) == [("wrong-type", "last year")]


def test_an_answer_that_was_not_found_is_a_contradiction_at_its_question() -> None:
    sought = "not_found:\n  - answer: {question: oversight}\n    source: form\n"
    assert wrong(("facts:\n", f"{sought}facts:\n")) == [("contradicts-not-found", "oversight")]

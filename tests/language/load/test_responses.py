"""Tests of responses of companies: what they say, and that they change neither facts nor scores."""

from datetime import date

import pytest
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules import Company, FactsError
from cleancloud_rules.model import Response, ResponseStatus
from cleancloud_rules.model.digest import canonical
from tests.support.examples import example
from tests.system.test_bad_files import COMPANIES, CRITERIA

METHODOLOGY = cc.load_methodology(CRITERIA / "good")
SOURCES = (COMPANIES / "good" / "sources.yaml").read_text(encoding="utf-8")
STATED = """\
id: acme
name: Acme
cohort: cloud
facts:
  - {share: {percent: 12.5}, period: 2023, source: acme-report}
"""
HEAD = "  - {id: letter, received: 2024-07-15, by: Head of energy, reason: More was bought"


def company(responses: str) -> Company:
    return cc.company_from(STATED + responses, METHODOLOGY, sources=SOURCES)


def response(rest: str) -> Response:
    (found,) = company(f"responses:\n{HEAD}, {rest}}}\n").responses
    return found


def found(rest: str) -> list[tuple[str, str]]:
    """Return code and underlined text of what is wrong with a response."""
    with pytest.raises(FactsError) as rejected:
        response(rest)
    return [(finding.code, finding.location.text) for finding in rejected.value.diagnostics]


def test_a_response_has_what_its_entry_says() -> None:
    (stated,) = company("").facts
    own = response(
        "about: [renewable_share], sources: {letter-1: {type: report, published: 2024-05-01}}, "
        f"facts: [{{share: {{percent: 20}}, period: 2023, source: letter-1}}], disputes: [{stated.id}], "
        "status: rejected, decision: It does not say which year"
    )
    (fact,) = own.facts
    assert (own.id, own.received, own.by) == ("letter", date(2024, 7, 15), "Head of energy")
    assert (own.about, own.disputes) == (("renewable_share",), (stated.id,))
    assert (own.status, own.decision) == (ResponseStatus.REJECTED, "It does not say which year")
    assert fact.id.startswith("share-")
    assert fact.source is not None
    assert fact.source.published == date(2024, 5, 1)


def test_a_fact_of_a_response_equals_the_fact_that_a_company_states() -> None:
    (stated,) = company("").facts
    (offered,) = response("facts: [{share: {percent: 12.5}, period: 2023, source: acme-report}]").facts
    assert offered == stated


def test_a_response_is_open_unless_it_says_otherwise() -> None:
    own = response("about: [renewable_share]")
    assert (own.status, own.decision) == (ResponseStatus.OPEN, None)


def test_answers_are_evidence_too() -> None:
    methodology, dataset = example("mendable_tools")
    stated = next(fact for fact in dataset.companies[0].facts if fact.type == "answer")
    values = {stated.get("question"): stated.get("value")}
    told = {"id": "r", "received": "2025-01-01", "by": "Chair", "reason": "Asked again"}
    answers = {"fact": "answer", "period": 2025, "values": values}
    own = cc.company_from({"id": "a", "name": "A", "responses": [{**told, "answers": answers}]}, methodology)
    assert [fact.get("question") for fact in own.responses[0].facts] == [stated.get("question")]


def test_the_digest_and_the_score_do_not_depend_on_responses() -> None:
    plain, answered = company(""), company(f"responses:\n{HEAD}, facts: [{{share: {{percent: 20}}, period: 2023}}]}}\n")
    assert (answered.sha256, answered.facts, canonical(answered)) == (plain.sha256, plain.facts, canonical(plain))
    cards = [cc.score(one, METHODOLOGY) for one in (plain, answered)]
    assert cards[0].total == cards[1].total
    assert [one.points for one in cards[0].criteria] == [one.points for one in cards[1].criteria]
    assert answered != plain
    assert evolve(answered, responses=()) == plain


def test_all_mistakes_of_a_response_are_found_at_once() -> None:
    assert found("about: [renewable], disputes: [share-1], status: open, decision: It does not") == [
        ("unknown-reference", "renewable"),
        ("unknown-fact", "share-1"),
        ("misplaced-key", "decision"),
    ]
    assert [code for code, _ in found("status: rejected")] == ["missing-key", "missing-key"]
    assert found("facts: [{share: {percent: 200}, period: 2023, source: acme}]") == [
        ("out-of-range", "200"),
        ("unknown-source", "acme"),
    ]


def test_an_accepted_response_may_dispute_a_fact_that_is_gone() -> None:
    assert response("disputes: [share-12345678], status: accepted").disputes == ("share-12345678",)


def test_a_source_of_a_response_has_an_id_of_its_own() -> None:
    assert found("about: [renewable_share], sources: {acme-report: {type: report}}") == [("repeated-id", "acme-report")]
    assert found("about: [renewable_share], sources: {rulebook: {type: report}}") == [("repeated-id", "rulebook")]


def test_the_sources_of_one_response_are_not_those_of_another() -> None:
    with pytest.raises(FactsError) as rejected:
        company(
            f"responses:\n{HEAD}, about: [renewable_share], sources: {{other: {{type: report}}}}}}\n"
            f"{HEAD.replace('letter', 'second')}, facts: [{{share: {{percent: 20}}, source: other}}]}}\n"
        )
    assert [finding.code for finding in rejected.value.diagnostics] == ["unknown-source"]

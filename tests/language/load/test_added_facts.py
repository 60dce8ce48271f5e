"""Tests of files of added facts, and of companies after edits."""

from typing import Any

from cleancloud_rules import Company
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents.plain_data import read_data
from cleancloud_rules.language.load.added_facts import (
    FactEdit,
    added_by,
    edited,
    fully_identified,
    with_refuted,
)
from tests.support import small

OWN = small.methodology(small.LADDER, small.GOALS)
SHARE = small.fact("share", {"percent": 5, "base": "electricity"})


def added(data: dict[str, Any], company: Company) -> list[FactEdit]:
    document, _ = read_data(data, "<facts>")
    assert document is not None
    gather = DiagnosticCollector()
    found = added_by(document, {company.id: company}, OWN, {}, gather, frozenset())
    assert gather.diagnostics == []
    return found


def refuted(company: Company, *facts: dict[str, Any]) -> list[list[str]]:
    """Return the searches that each added fact refutes."""
    edits = with_refuted(
        added({"facts": list(facts)}, company), {company.id: company}, OWN, lambda fact: not fact.is_hypothetical
    )
    return [[str(search) for search in edit.refutes] for edit in edits]


def test_added_facts_have_their_full_digest_until_the_company_has_them() -> None:
    company = small.company(OWN)
    (edit,) = added({"facts": [SHARE]}, company)
    assert edit.fact is not None
    assert len(edit.fact.id) == len("share-") + 64
    (fact,) = edited(company, [edit]).facts
    assert edit.fact.id.startswith(fact.id)
    assert fully_identified(fact) == edit.fact
    assert edited(company, [edit]) == small.company(OWN, SHARE)


def test_a_company_without_edits_of_its_own_is_the_same_object() -> None:
    company = small.company(OWN)
    (edit,) = added({"facts": [SHARE]}, small.company(OWN, id="other"))
    assert edited(company, [edit]) is company


def test_searches_without_result_are_added_in_their_order() -> None:
    company = small.company(OWN, not_found=[{"goal": {"topic": "carbon"}}])
    entries = [{"goal": {"topic": "energy"}}, {"share": {"percent": "> 10"}}]
    found = edited(company, added({"not_found": entries}, company))
    assert found == small.company(OWN, not_found=[*entries, {"goal": {"topic": "carbon"}}])


def test_a_fact_refutes_the_searches_that_it_contradicts_and_no_others() -> None:
    entries = [{"share": {"percent": "> 3"}}, {"share": {"percent": "> 10"}}, {"goal": {"topic": "energy"}}]
    company = small.company(OWN, not_found=entries)
    assert refuted(company, SHARE) == [["share: {percent: > 3}"]]
    edits = with_refuted(added({"facts": [SHARE]}, company), {"acme": company}, OWN, lambda _: True)
    assert edited(company, edits) == small.company(OWN, SHARE, not_found=entries[1:])


def test_a_fact_that_does_not_count_refutes_nothing_also_not_together_with_others() -> None:
    company = small.company(OWN, not_found=[{"share": {"percent": "> 3"}}])
    guess = {**SHARE, "basis": "hypothetical"}
    assert refuted(company, guess) == [[]]
    assert refuted(company, guess, small.fact("share", {"percent": 6})) == [[], ["share: {percent: > 3}"]]
    one, two = (small.fact("goal", {"topic": "energy", "scopes": [name]}) for name in ("one", "two"))
    company = small.company(OWN, not_found=[{"goal": {"topic": "energy", "scopes": {"together": ["one", "two"]}}}])
    assert refuted(company, {**one, "basis": "hypothetical"}, two) == [[], []]


def test_of_two_facts_the_first_refutes_what_both_contradict() -> None:
    company = small.company(OWN, not_found=[{"share": {"percent": "> 3"}}])
    assert refuted(company, SHARE, small.fact("share", {"percent": 6})) == [["share: {percent: > 3}"], []]


def test_a_bounded_fact_refutes_searches_that_together_leave_it_no_value() -> None:
    entries = [{"share": {"percent": "[10..20]"}}, {"share": {"percent": "> 20"}}]
    company = small.company(OWN, not_found=entries)
    assert sorted(refuted(company, small.fact("share", {"percent": {"at_least": 10}}))[0]) == [
        "share: {percent: > 20}", "share: {percent: [10..20]}",
    ]  # fmt: skip
    assert refuted(company, small.fact("share", {"percent": {"at_least": 5}})) == [[]]


def test_a_search_of_facts_together_is_refuted_by_the_fact_that_completes_them() -> None:
    one, two = (small.fact("goal", {"topic": "energy", "scopes": [name]}) for name in ("one", "two"))
    company = small.company(OWN, not_found=[{"goal": {"topic": "energy", "scopes": {"together": ["one", "two"]}}}])
    assert [len(searches) for searches in refuted(company, one, two)] == [0, 1]
    assert [len(searches) for searches in refuted(company, two)] == [0]

"""Tests of what changed in the evidence about a company: what is one change, and in which order changes stand."""

from typing import Any

from attrs import evolve

from cleancloud_rules import Company, company_from
from cleancloud_rules.analysis.transitions.evidence import company_pairs, source_pairs
from cleancloud_rules.model import Source
from cleancloud_rules.results import EvidenceKind
from cleancloud_rules.results.differences import ChangeKind
from tests.support import small

METHODOLOGY = small.methodology(small.criterion("c", 1, small.rule("r", 1, {"goal": {"topic": "energy"}})))
ACME = Company("acme", "Acme")


def kinds(old: Company, new: Company) -> list[tuple[EvidenceKind, ChangeKind]]:
    return [(pair.of, pair.kind) for pair in company_pairs(old, new)]


def test_name_aliases_and_cohort_are_one_change_of_the_company() -> None:
    for change in ({"name": "Acme Inc."}, {"aliases": ("A",)}, {"cohort": "north"}, {"name": "A", "cohort": "north"}):
        assert kinds(ACME, evolve(ACME, **change)) == [(EvidenceKind.COMPANY, ChangeKind.CHANGED)]
    assert kinds(ACME, evolve(ACME, sha256="other")) == []


def goals(*facts: Any) -> Company:
    return company_from({"id": "acme", "name": "Acme", "facts": list(facts)}, METHODOLOGY)


def test_facts_with_one_identity_are_paired_once_each_in_their_order() -> None:
    one, other = ({"goal": {"topic": "energy"}, "note": note} for note in ("First.", "Second."))
    third = {"goal": {"topic": "energy"}, "note": "Third."}
    changed = (EvidenceKind.FACT, ChangeKind.CHANGED)
    assert kinds(goals(one), goals(other)) == [changed]
    assert kinds(goals(one), goals(other, third)) == [changed, (EvidenceKind.FACT, ChangeKind.ADDED)]
    assert kinds(goals(one, other), goals(third)) == [(EvidenceKind.FACT, ChangeKind.REMOVED), changed]
    assert kinds(goals(one, other), goals(other, one)) == []


def test_sources_are_compared_by_id() -> None:
    old = {id: Source(id, "report") for id in ("a", "b", "c")}
    new = {"b": Source("b", "report", title="B"), "c": old["c"], "d": Source("d", "report")}
    assert [pair.kind for pair in source_pairs(old, new)] == [ChangeKind.REMOVED, ChangeKind.CHANGED, ChangeKind.ADDED]

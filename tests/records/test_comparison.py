"""Tests of comparing records: what is one change, what is attributed to it, and what is refused."""

import json
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator

import cleancloud_rules as cc
from cleancloud_rules import InputError
from cleancloud_rules.results import ChangedFigureKind, ChangeKind, Comparison, EvidenceKind, Record, Replay
from cleancloud_rules.schemas.catalogue import SCHEMAS
from tests.support.kept import AT, forged, kept, remade, two_editions
from tests.support.known import known

FEN, MARSH = (f"dataset/companies/example_{name}.yaml" for name in ("fen", "marsh"))
WATER = kept("careful_water")


def kinds(found: Comparison) -> list[tuple[str, str, str | None]]:
    return [(one.of.value, one.kind.value, one.company) for one in found.evidence]


def contributions(found: Comparison, company: str) -> dict[tuple[int, ...], Decimal]:
    """Return the parts of the change of a total, by the numbers of changes."""
    steps = {step.number: step.changes for step in found.steps}
    total = found.company(company).figure(ChangedFigureKind.TOTAL)
    return {steps[part.step]: part.change for part in total.contributions}


def test_a_record_does_not_differ_from_itself() -> None:
    found = cc.compare(WATER, WATER.to_json().encode())
    assert (found.evidence, found.changes, found.steps) == ((), (), ())
    assert all(company.kind is None for company in found.companies)
    assert (found.old.replay, found.new.replay) == (Replay.IDENTICAL, Replay.IDENTICAL)
    assert found.old == found.new


def test_evidence_that_the_old_methodology_cannot_read_waits_for_the_change_that_it_needs() -> None:
    found = cc.compare(*two_editions())
    assert [step.changes for step in found.steps] == [(3,), (4, 9), (5,), (1,), (2,), (6, 7), (8,), (10,)]
    assert contributions(found, "old_anchor") == {(1,): Decimal(20), (6, 7): Decimal("1.7"), (8,): Decimal("18.3")}
    (move,) = (move for move in found.company("old_anchor").criteria if move.id == "cooking")
    assert move.old_because == ("No goal to cook without gas by 2030 is on record.",)
    assert move.because == ("Cooks without gas by 2034.",)


def test_a_comparison_has_a_json_form_with_a_schema() -> None:
    found = cc.compare(*two_editions())
    text = found.to_json()
    assert Comparison.from_json(text) == found
    assert list(Draft202012Validator(SCHEMAS["comparison"]()).iter_errors(json.loads(text))) == []
    assert len(repr(found).splitlines()) == 1


def test_a_fact_with_another_value_is_one_changed_fact_and_each_has_its_source() -> None:
    after = remade(WATER, {FEN: ("by_drip: {more_than: 40}", "by_drip: 64"), MARSH: ("width: 2.5 m", "width: 12 m")})
    found = cc.compare(WATER, after)
    assert kinds(found) == [("fact", "changed", "example_fen"), ("fact", "changed", "example_marsh")]
    (fen, _) = found.evidence
    facts = [known(known(side).fact) for side in (fen.old, fen.new)]
    assert [fact.text.split("; ")[0] for fact in facts] == [
        "Share under drip irrigation: more than 40%",
        "Share under drip irrigation: 64%",
    ]
    assert [known(known(side).source).id for side in (fen.old, fen.new)] == ["example-books", "example-books"]
    assert list(contributions(found, "example_fen")) == [(1,)]


def test_each_of_several_changes_of_a_company_has_its_own_part() -> None:
    spill = "  - spill: {place: The lower ditch}\n    as_of: 2025-06-02\n    source: example-register\n"
    without = remade(WATER, {FEN: (spill, "")})
    both = remade(without, {FEN: ("by_drip: {more_than: 40}", "by_drip: 64")})
    assert contributions(cc.compare(WATER, both), "example_fen") == {(1,): Decimal("6.7"), (2,): Decimal("8.4")}
    assert contributions(cc.compare(WATER, without), "example_fen") == {(1,): Decimal("6.7")}


def test_a_fact_of_another_time_is_another_fact() -> None:
    found = cc.compare(WATER, remade(WATER, {FEN: ("as_of: 2025-06-02", "as_of: 2025-06-03")}))
    assert kinds(found) == [("fact", "removed", "example_fen"), ("fact", "added", "example_fen")]


def test_a_source_that_many_facts_cite_is_one_change() -> None:
    title = "title: Books that no farm keeps (invented)"
    found = cc.compare(WATER, remade(WATER, {"dataset/sources.yaml": (title, "title: Other books (invented)")}))
    assert kinds(found) == [("source", "changed", None)]
    (change,) = found.evidence
    assert known(known(change.new).source).title == "Other books (invented)"
    assert all(company.kind is None for company in found.companies)


def test_a_source_that_is_too_late_takes_the_points_of_its_facts() -> None:
    late = ("title: Books that no farm keeps (invented), published: 2025", "title: Books, published: 2026-03-01")
    found = cc.compare(WATER, remade(WATER, {"dataset/sources.yaml": late}))
    assert kinds(found) == [("source", "changed", None)]
    assert [step.changes for step in found.steps] == [(1,)]
    assert list(contributions(found, "example_brook")) == [(1,)]
    assert found.company("example_brook").figure(ChangedFigureKind.TOTAL).change < 0


def test_a_source_has_its_effect_before_the_facts_of_a_company_change() -> None:
    late = ("title: Books that no farm keeps (invented), published: 2025", "title: Books, published: 2026-03-01")
    brook = "dataset/companies/example_brook.yaml"
    edits = {"dataset/sources.yaml": late, brook: ("width: 6.5 m", "width: 2.5 m")}
    after = remade(WATER, edits)
    found = contributions(cc.compare(WATER, after), "example_brook")
    assert list(found) == [(1,), (2,)]
    alone = contributions(cc.compare(WATER, remade(WATER, {"dataset/sources.yaml": late})), "example_brook")
    assert found[1,] == alone[1,]
    day = contributions(cc.compare(WATER, remade(after, {}, as_of="2024-06-30")), "example_brook")
    assert min(day) == (1,)
    assert list(day) != [(1, 2, 3)]


RIDGE = "dataset/companies/example_ridge.yaml"
OFFERED = "facts:\n  - permit: {kept_to: true}\n    source: ridge-letter\n"
LETTER = "{type: farm_record, title: A letter that no farm wrote (invented), published: 2025-12-20}"


def accepted(status: str) -> Record:
    """Return the record in which the permit that a response offers is stated, and what was decided about it."""
    decided = "status: accepted" if status == "accepted" else "status: rejected\n    decision: No."
    edits = [
        (f"    sources:\n      ridge-letter: {LETTER}\n", ""),
        ("(fictional)\nfacts:\n", f"(fictional)\nsources:\n  ridge-letter: {LETTER}\n{OFFERED}"),
        ("        locator: Page 2\n", f"        locator: Page 2\n    {decided}\n"),
    ]
    return remade(WATER, {RIDGE: edits})


@pytest.mark.parametrize(("status", "response"), [("accepted", "meter-books"), ("rejected", None)])
def test_a_fact_that_accepts_a_response_names_it(status: str, response: str | None) -> None:
    found = cc.compare(WATER, accepted(status))
    facts = [one for one in found.evidence if one.of is EvidenceKind.FACT]
    assert [(one.kind, one.company, one.response) for one in facts] == [(ChangeKind.ADDED, "example_ridge", response)]
    assert contributions(found, "example_ridge")[(facts[0].number,)] > 0
    assert ("accepts the response `meter-books` of the company" in cc.render(found)) is (response is not None)


def test_the_cut_off_is_a_change_of_its_own() -> None:
    found = cc.compare(WATER, remade(WATER, {}, as_of="2024-06-30"))
    assert kinds(found) == [("cut_off", "changed", None)]
    (change,) = found.evidence
    assert (known(change.old).as_of, known(change.new).as_of) == ("2025-12-31", "2024-06-30")
    assert (found.old.methodology.as_of, found.new.methodology.as_of) == ("2025-12-31", "2024-06-30")
    assert list(contributions(found, "example_brook")) == [(1,)]


def test_companies_that_only_one_record_has_have_a_total_and_a_rank() -> None:
    less = remade(WATER, {FEN: None})
    gone, come = cc.compare(WATER, less), cc.compare(less, WATER)
    assert (kinds(gone), kinds(come)) == (
        [("company", "removed", "example_fen")],
        [("company", "added", "example_fen")],
    )
    assert gone.companies[-1].kind is ChangeKind.REMOVED
    first, last = (found.company("example_fen").figure(ChangedFigureKind.TOTAL) for found in (gone, come))
    assert (first.old, first.new, first.change) == (last.new, last.old, -last.change)
    rank = gone.company("example_marsh").figure(ChangedFigureKind.RANK)
    assert rank.change == sum(part.change for part in rank.contributions)


def test_of_a_record_of_one_company_only_this_company_is_compared() -> None:
    one = kept("careful_water", "example_fen")
    for found in (cc.compare(one, WATER), cc.compare(WATER, one), cc.compare(one, one)):
        assert [company.company.id for company in found.companies] == ["example_fen"]
        assert not found.is_ranked
        assert found.evidence == ()


def test_a_record_that_does_not_verify_is_named_and_its_files_are_compared() -> None:
    data = WATER.data()
    data["results"]["companies"]["example_fen"]["total"] = "99.9"
    found = cc.compare(WATER, forged(data))
    assert (found.new.replay, found.new.differing) == (Replay.DIFFERENT, 1)
    assert all(company.kind is None for company in found.companies)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (WATER, kept("first_edition"), "no criterion in common"),
        (kept("careful_water", "example_fen"), kept("careful_water", "example_marsh"), "no company in common"),
        (
            cc.record("GDS", "clean_cloud_2024", with_hypothetical=True, at=AT),
            kept("clean_cloud_2024", "gds"),
            "hypothetical",
        ),
    ],
)
def test_what_has_no_meaning_is_refused(old: Record, new: Record, said: str) -> None:
    for pair in ((old, new), (new, old)):
        with pytest.raises(InputError) as refused:
            cc.compare(*pair)
        (diagnostic,) = refused.value.diagnostics
        assert diagnostic.code == "records-not-comparable"
        assert said in diagnostic.message


def test_a_search_that_a_fact_contradicts_now_goes_before_it() -> None:
    baidu = kept("clean_cloud_2024", "baidu")
    text = baidu.data()["inputs"]["dataset/companies/baidu.yaml"]["text"]
    start = text.index('  - renewable_share: {percent: "> 10"}')
    end = text.find("\n  - ", start) + 1
    search = text[start : end or None]
    without = remade(baidu, {"dataset/companies/baidu.yaml": (search, "")})
    after = remade(without, {"dataset/companies/baidu.yaml": ("percent: 5.11", "percent: 12")})
    found = cc.compare(baidu, after)
    assert kinds(found) == [("search", "removed", "baidu"), ("fact", "changed", "baidu")]
    assert [step.changes for step in found.steps] == [(1,), (2,)]
    assert contributions(found, "baidu")[(2,)] > 0
    back = cc.compare(after, baidu)
    assert kinds(back) == [("fact", "changed", "baidu"), ("search", "added", "baidu")]
    assert [step.changes for step in back.steps] == [(1,), (2,)]

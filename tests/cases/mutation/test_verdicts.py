"""Tests of mutation testing: what is noticed, what is not, and that a shown test case notices the change."""

from functools import cache
from pathlib import Path

import pytest
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules.cases.mutation.case_files import case_in
from cleancloud_rules.cases.mutation.equivalence import is_equivalent
from cleancloud_rules.cases.mutation.mutants import Mutant
from cleancloud_rules.cases.mutation.rescoring import Alone, Rescoring, Scored, named
from cleancloud_rules.cases.mutation.verdicts import Judge, mutants_of, mutation_report
from cleancloud_rules.cases.runner import load_cases, run_case, score_case
from cleancloud_rules.model.cases import Case
from cleancloud_rules.results.mutants import MutantKind, MutantVerdict, MutationReport
from cleancloud_rules.scoring.compiled import compiled
from tests.support import small
from tests.support.fictional import EXAMPLES, FICTIONAL
from tests.support.places import CRITERIA

FOLDERS = {name: EXAMPLES / name / "methodology" for name in FICTIONAL} | {"clean_cloud_2024": CRITERIA}


@cache
def loaded(name: str) -> tuple[cc.Methodology, tuple[Case, ...]]:
    methodology = cc.load_methodology(FOLDERS[name])
    return methodology, load_cases(FOLDERS[name], methodology)


def judge_of(methodology: cc.Methodology, cases: tuple[Case, ...]) -> Judge:
    return Judge(methodology, [(case, score_case(case, methodology)[1]) for case in cases])


def by_name(methodology: cc.Methodology) -> dict[tuple[tuple[str, ...], str], Mutant]:
    return {(mutant.of, mutant.change): mutant for family in mutants_of(methodology) for mutant in family}


@pytest.mark.parametrize("name", FOLDERS)
def test_companies_are_scored_again_as_the_engine_scores_them(name: str) -> None:
    methodology, cases = loaded(name)
    alone, every = Alone(methodology), [mutant for family in mutants_of(methodology) for mutant in family]
    some = every[:: max(1, len(every) // 12)]
    assert len(some) >= 12
    for mutant in some:
        again = Rescoring(mutant.methodology, methodology, alone)
        for case in cases[:: max(1, len(cases) // 8)]:
            results = again.results(Scored(case.company, score_case(case, methodology)[1]))
            found = [results.value(named(expected)) for expected in case.expected]
            right = run_case(evolve(case, expected=tuple(
                evolve(expected, value=value) for expected, value in zip(case.expected, found, strict=True)
            )), mutant.methodology)  # fmt: skip
            assert right.mismatches == (), (mutant.of, mutant.change, case.name)


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.deep(part="cases")) for name in FICTIONAL])
def test_a_test_case_that_is_shown_for_an_example_notices_the_change(name: str) -> None:
    methodology, cases = loaded(name)
    assert_shown_cases_notice(methodology, cases[:3], 10)


BANDS = [{"score": ">= 50", "label": "good"}, {"score": "< 50", "label": "poor"}]
TABLE = {"id": "verdict", "title": "Verdict", "inputs": {"label": {"label": "total"}}, "outputs": ["yes", "no"],
         "rows": [{"label": "good", "then": "yes"}, {"label": "poor", "then": "no"}]}  # fmt: skip
CAPPED = small.criterion(
    "sites",
    3,
    small.rule("each", 2, {"count": {"of": {"site": {"public": True}}, "at_least": 2}}),
    small.rule("no_coal", 1, {"none": [{"site": {"uses": "wind"}}]}),
    small.rule("none_at_all", 0, {"site": {}}),
    hit_policy="collect sum",
    requires=["ladder"],
)


def assert_shown_cases_notice(methodology: cc.Methodology, cases: tuple[Case, ...], fewest: int) -> MutationReport:
    """Check each test case that is shown: it passes with the original, fails with the mutant, and is found to do so."""
    found = mutation_report(judge_of(methodology, cases))
    mutants = by_name(methodology)
    assert len(found.survived) >= fewest
    for survivor in found.survived:
        assert survivor.case is not None
        case, mutant = case_in(survivor.case, methodology), mutants[survivor.of, survivor.change]
        assert run_case(case, methodology).passed, survivor
        assert not run_case(case, mutant.methodology).passed, survivor
        assert judge_of(methodology, (*cases, case)).noticing(mutant) == case, survivor
    return found


def test_a_test_case_that_is_shown_notices_the_change() -> None:
    methodology = small.methodology(small.LADDER, CAPPED, weights=(60, 40), bands=BANDS, tables=[TABLE])
    found = assert_shown_cases_notice(methodology, (), 25)
    assert found.of_verdict(MutantVerdict.KILLED) == ()
    assert {mutant.kind for mutant in found.survived} >= {
        MutantKind.RULE, MutantKind.TEST, MutantKind.EDGE, MutantKind.POINTS, MutantKind.COUNT, MutantKind.LIMIT,
        MutantKind.REQUIREMENT, MutantKind.BAND, MutantKind.ROW,
    }  # fmt: skip


def test_a_gate_and_an_exemption_are_noticed_by_outcomes() -> None:
    exempt = {"when": {"goal": {"topic": "carbon"}}, "counts_as": "zero"}
    criterion = {**small.LADDER, "not_applicable": exempt, "requires": ["goals"]}
    methodology = small.methodology(criterion, {**small.GOALS, "requirement": "must"}, needs="must")
    found = assert_shown_cases_notice(methodology, (), 10)
    assert {mutant.kind for mutant in found.survived} >= {MutantKind.EXEMPTION, MutantKind.REQUIREMENT}


def test_parts_of_parts_say_where_they_are() -> None:
    inner = {"all": [{"share": {"percent": "> 5"}}, {"share": {"base": "electricity"}}]}
    rule = small.rule("r", 1, {"any": [inner, {"all": [{"share": {"percent": "> 9"}}, {"energy": {}}]}]})
    methodology = small.methodology(small.criterion("c", 1, rule, horizon="short_term"))
    parts = [m.change for family in mutants_of(methodology) for m in family if m.kind is MutantKind.PART]
    assert len({*parts}) == len(parts) == 6
    assert "the part 1 of 2 of `all` was removed, inside part 2 of `any`" in parts


def test_every_kind_of_change_is_made() -> None:
    kinds = {mutant.kind for name in FOLDERS for family in mutants_of(loaded(name)[0]) for mutant in family}
    assert kinds == {*MutantKind}


def test_every_change_is_one_and_has_a_place() -> None:
    for name in FOLDERS:
        methodology, _ = loaded(name)
        for mutant in by_name(methodology).values():
            assert mutant.methodology != methodology, mutant.change
            assert mutant.node is not None, mutant.change
            assert Path(mutant.node.beginning.file.name).suffix == ".yaml"


def test_what_can_change_nothing_is_proved_to_be_so() -> None:
    rule = small.rule("any", 1, {"share": {"percent": "not(null)", "base": "-"}})
    idle = small.rule("none", 0, {"share": {"percent": "> 10"}})
    methodology = small.methodology(small.criterion("c", 1, rule, idle, horizon="short_term"))
    same = {(mutant.of[-1], mutant.kind) for family in mutants_of(methodology) for mutant in family
            if is_equivalent(mutant, compiled(methodology))}  # fmt: skip
    assert same == {
        ("any", MutantKind.TEST), ("none", MutantKind.RULE), ("none", MutantKind.TEST), ("none", MutantKind.EDGE),
    }  # fmt: skip


def test_a_change_that_no_company_tells_apart_is_undecided() -> None:
    better = small.rule("better", 2, {"share": {"percent": "> 10"}})
    rule = small.rule("good", 1, {"any": [{"share": {"percent": "> 5"}}, {"share": {"percent": "> 10"}}]})
    methodology = small.methodology(small.criterion("c", 2, better, rule, horizon="short_term"))
    found = mutation_report(judge_of(methodology, ()))
    assert "the part 2 of 2 of `any` was removed" in {m.change for m in found.of_verdict(MutantVerdict.UNDECIDED)}

"""Tests that the cases of Clean Cloud 2024 hold its criteria: each rule, each unary test and each number of points."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules import load_cases, load_dataset, load_methodology, run_cases
from cleancloud_rules.cases.runner import result_of, run_case, score_case
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, FieldTest, NoneOf, When
from cleancloud_rules.model.methodology import Criterion, Methodology, Rule
from cleancloud_rules.results.case_reports import CaseReport
from cleancloud_rules.results.mutants import MutantVerdict
from cleancloud_rules.scoring.compiled import CompiledMethodology, compiled
from tests.support.places import CASES, CRITERIA, DATASET

METHODOLOGY = load_methodology(CRITERIA)


@cache
def report() -> CaseReport:
    return run_cases(CRITERIA)


def test_every_case_passes() -> None:
    assert [case.name for case in report().failed] == []


def test_there_is_a_file_of_cases_for_each_category() -> None:
    assert {file.stem for file in CASES.iterdir()} == {category.id for category in METHODOLOGY.categories} | {"edges"}


def test_every_rule_wins_in_some_case_and_does_not_fire_in_another() -> None:
    assert report().coverage.never_won == ()
    assert report().coverage.never_silent == ()
    assert len(report().coverage.rules) == sum(len(criterion.rules) for criterion in METHODOLOGY.criteria)


def test_every_rule_is_covered() -> None:
    assert report().coverage.uncovered_rules == ()


def test_every_unary_test_is_failed_and_needed_in_some_case() -> None:
    assert report().coverage.never_failed == ()
    assert report().coverage.uncovered_tests == ()


def test_the_cases_notice_every_change_that_a_company_tells() -> None:
    found = run_cases(CRITERIA, mutants=True).mutants
    assert found is not None
    assert [(mutant.of, mutant.change) for mutant in found.survived] == []
    assert len(found.mutants) > 300
    assert len(found.of_verdict(MutantVerdict.UNDECIDED)) <= 1


def test_every_company_is_fictional_and_named_so() -> None:
    dataset = load_dataset(DATASET, METHODOLOGY)
    real = {name for company in dataset.companies for name in (company.name, *company.aliases)}
    for file in sorted(CASES.iterdir()):
        text = file.read_text(encoding="utf-8")
        assert [name for name in real if name in text] == []
    assert [case.name for case in report().cases if not case.name.startswith("Example ")] == []


def changed(criterion: Criterion, *rules: Rule) -> Methodology:
    """Return the methodology with other rules in a criterion."""
    criteria = {c.id: c for c in METHODOLOGY.criteria} | {criterion.id: evolve(criterion, rules=rules)}
    categories = (
        evolve(category, criteria=tuple(criteria[c.id] for c in category.criteria))
        for category in METHODOLOGY.categories
    )
    return evolve(METHODOLOGY, categories=tuple(categories))


def test_a_rule_that_earns_less_fails_a_case() -> None:
    cases = load_cases(CRITERIA, METHODOLOGY)
    unnoticed = []
    ruleset = compiled(METHODOLOGY).ruleset
    fired = [(case, score_case(case, METHODOLOGY)[1]) for case in cases]
    for criterion in METHODOLOGY.criteria:
        for rule in criterion.rules:
            less = evolve(rule, points=rule.points - Decimal("0.5"))
            other = changed(criterion, *(less if r is rule else r for r in criterion.rules))
            own = CompiledMethodology(evolve(ruleset, methodology=other))
            cards = (own.scorer.scorecard(c.company, firings, own.sums(c.company, firings)) for c, firings in fired)
            if all(result_of(case, card).passed for (case, _), card in zip(fired, cards, strict=True)):
                unnoticed.append(f"{criterion.id}.{rule.id}")
    assert unnoticed == []


def without_one_test(when: When) -> Iterator[tuple[FieldTest, Any]]:
    """Give what a rule asks for, each time without another one of its unary tests, and that test."""
    match when:
        case Condition():
            yield from ((out, evolve(when, tests=tuple(t for t in when.tests if t is not out))) for out in when.tests)
        case Count():
            yield from ((out, evolve(when, of=of)) for out, of in without_one_test(when.of))
        case AllOf() | AnyOf() | NoneOf():
            for i, part in enumerate(when.parts):
                for out, other in without_one_test(part):
                    yield out, evolve(when, parts=(*when.parts[:i], other, *when.parts[i + 1 :]))


@pytest.mark.deep(part="cases")
def test_a_rule_without_one_of_its_unary_tests_fails_a_case() -> None:
    cases = load_cases(CRITERIA, METHODOLOGY)
    can_fail = {(test.criterion, test.rule, test.field, test.test) for test in report().coverage.tests}
    unnoticed = []
    for criterion in METHODOLOGY.criteria:
        for rule in criterion.rules:
            for out, when in without_one_test(rule.when):
                if (criterion.id, rule.id, out.field, out.test.text) not in can_fail:
                    continue
                rules = (evolve(rule, when=when) if r is rule else r for r in criterion.rules)
                other = changed(criterion, *rules)
                if all(run_case(case, other).passed for case in cases):
                    unnoticed.append(f"{criterion.id}.{rule.id}: {out.field}: {out.test.text}")
    assert unnoticed == []

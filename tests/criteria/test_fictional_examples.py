"""The fictional examples: they are complete, they say that they are fictional, and their cases try every rule."""

import re

import pytest

from cleancloud_rules import check, load_dataset, run_cases
from cleancloud_rules.results.mutants import MutantVerdict
from tests.support.fictional import EXAMPLES, FARMS, FICTIONAL, LIBRARIES, TOOLS, card, methodology, ranking


@pytest.mark.parametrize("example", FICTIONAL)
def test_nothing_is_wrong_with_an_example_nor_probably_not_meant(example: str) -> None:
    assert check(EXAMPLES / example / "methodology") == ()


@pytest.mark.parametrize("example", FICTIONAL)
def test_an_example_and_everyone_in_it_say_that_they_are_fictional(example: str) -> None:
    rules = methodology(example)
    dataset = load_dataset(EXAMPLES / example, rules)
    names = [rules.title, rules.publisher, dataset.title, *(company.name for company in dataset.companies)]
    assert all(name.endswith("(fictional)") for name in names)
    assert all(company.name.startswith("Example ") for company in dataset.companies)
    assert any("fictional" in notice.text for notice in rules.notices)


@pytest.mark.parametrize("example", FICTIONAL)
def test_the_cases_of_an_example_pass_and_notice_every_change_that_a_company_tells(example: str) -> None:
    report = run_cases(EXAMPLES / example / "methodology", mutants=True)
    assert report.passed
    covered = report.coverage
    assert (covered.never_won, covered.never_failed, covered.uncovered_rules) == ((), (), ())
    assert report.mutants is not None
    assert [(mutant.of, mutant.change) for mutant in report.mutants.survived] == []


@pytest.mark.parametrize("edition", ["first", "second"])
def test_the_cases_of_both_editions_notice_every_change(edition: str) -> None:
    report = run_cases(EXAMPLES / "two_editions" / edition, mutants=True)
    assert report.passed
    assert report.mutants is not None
    assert {mutant.verdict for mutant in report.mutants.mutants} == {MutantVerdict.KILLED}


@pytest.mark.parametrize("example", FICTIONAL)
def test_the_readme_of_an_example_names_every_company(example: str) -> None:
    text = (EXAMPLES / example / "README.md").read_text(encoding="utf-8")
    for file in (EXAMPLES / example / "companies").glob("*.yaml"):
        name = re.search(r"^name: (.*) \(fictional\)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert name is not None
        assert name[1] in text


def test_libraries_come_to_every_level_to_none_and_to_no_result() -> None:
    levels = {
        row.scorecard.company.id: row.scorecard.level for cohort in ranking(LIBRARIES).cohorts for row in cohort.rows
    }
    assert {level.id for level in levels.values() if level} == {"aware", "practised", "leading", "exemplary"}
    assert (levels["example_quay"], levels["example_moor"]) == (None, None)
    outcomes = [card(LIBRARIES, id).outcome.value for id in ("example_quay", "example_moor")]
    assert outcomes == ["unscored", "withheld"]


def test_tools_are_scored_on_what_applies_to_them() -> None:
    found = card(TOOLS, "example_chisel")
    assert found.category("electrics").score is None
    assert found.category("construction").max_points == 5
    assert [fact.why_not for fact in found.facts if not fact.counts and dict(fact.fields)["question"] == "screws"]


def test_farms_are_capped_penalised_and_looked_up() -> None:
    dale, marsh = card(FARMS, "example_dale"), card(FARMS, "example_marsh")
    assert dale.category("care").arithmetic.endswith("as permit is not met, at most 35 = 35.0")
    assert (
        marsh.criterion("spills").arithmetic
        == "the sum of the rules that hold: -2 by first + -2 by second + -2 by third = -6, at least -5"
    )
    assert marsh.category("care").arithmetic.endswith("at least 0 = 0.0")
    assert {row.scorecard.tables[0].outputs for cohort in ranking(FARMS).cohorts for row in cohort.rows} == {
        ("steward",), ("on the way",), ("watched",),
    }  # fmt: skip

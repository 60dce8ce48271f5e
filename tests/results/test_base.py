"""Every result comes back from the JSON that it wrote."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cleancloud_rules as cc
from cleancloud_rules.analysis import bounds, certify, findings, reproduce, what_if
from cleancloud_rules.results import Result
from cleancloud_rules.testing import company_data, methodologies
from tests.embedding import program
from tests.support.examples import FOLDERS, data_in, example
from tests.support.places import GOLDEN, ROOT
from tests.support.public import names
from tests.support.sizes import sized

KINDS: list[Any] = [
    thing
    for thing in map(partial(getattr, cc.results), names(cc.results))
    if isinstance(thing, type) and issubclass(thing, Result) and thing is not Result
]


def check(result: Result) -> str:
    """Check that a result comes back, and return the name of its class."""
    cls, text = type(result), result.to_json()
    read = cls.from_json(text)
    assert read.to_json() == text
    assert read == cls.from_json(text.encode())
    if not isinstance(result, cc.Ranking):  # one from JSON has no scorecards
        assert read == result
        assert hash(read) == hash(result)
    return cls.__name__


def analyses(methodology: cc.Methodology, dataset: cc.Dataset) -> Iterator[Result]:
    """Give the results of a dataset, as far as it has what they need."""
    failures: list[Any] = []
    ranking = cc.rank(dataset, methodology, failures=failures)
    cards: list[cc.Scorecard] = [row.scorecard for cohort in ranking.cohorts for row in cohort.rows]
    yield ranking
    yield from cards[:3]
    yield bounds(dataset.companies[:3], methodology, failures=failures)
    changed = [
        f"{card.company.id}:{card.facts[-1].id}" for card in cards if card.facts and not card.facts[-1].derived_by
    ]
    if changed:
        yield what_if(dataset, methodology, without=changed[:2], failures=failures)
    if dataset.statements:
        yield findings(dataset, methodology, failures=failures)
    if dataset.published is not None:
        yield reproduce(dataset, methodology, failures=failures)


@pytest.mark.parametrize("name", FOLDERS)
def test_the_results_of_every_example_come_back(name: str) -> None:
    kinds = {check(result) for result in analyses(*example(name))}
    assert kinds >= {"Bounds", "Ranking", "Scorecard", "WhatIf"}
    check(certify(example(name)[0], examples=1))


def test_a_difference_with_its_effect_comes_back() -> None:
    (first, _), (second, dataset) = example("first_edition"), example("second_edition")
    difference = cc.diff(first, second, ROOT / "examples" / "two_editions")
    assert difference.effect is not None
    assert len(difference.effect.companies) == len(dataset.companies)
    check(difference)
    check(cc.diff(first, second))


@st.composite
def printed(draw: st.DrawFn) -> tuple[cc.Methodology, cc.Dataset]:
    """Draw a methodology, and companies with published figures and a claim of them."""
    methodology = draw(methodologies())
    stated = [
        {**draw(company_data(methodology)), "id": f"company_{number}"} for number in range(draw(st.integers(1, 3)))
    ]
    rows = [{"company": one["id"], "total": draw(st.sampled_from([None, 1, 3]))} for one in stated]
    claims = [{"id": "all", "title": "All", "published": draw(st.integers(0, 3)), "earlier": {"2023": 1}}]
    described = {"title": "Some", "methodology": methodology.id, "companies": "companies", "statements": "claims"}
    given: dict[str, Any] = {
        "dataset.yaml": {**described, "published": "table"},
        "table": rows,
        "claims": {"statements": claims},
        **{f"companies/{one['id']}": one for one in stated},
    }
    return methodology, cc.dataset_from(given, methodology)


@sized(8)
@given(printed())
def test_the_results_of_any_methodology_come_back(generated: tuple[cc.Methodology, cc.Dataset]) -> None:
    kinds = {check(result) for result in analyses(*generated)}
    assert kinds >= {"Bounds", "ClaimReport", "Ranking", "Reproduction"}


def test_a_report_of_test_cases_comes_back_with_the_scorecards_of_those_that_fail() -> None:
    case: dict[str, Any] = {
        "name": "Ten",
        "facts": [{"opening": {"hours": 10}, "source": "visit"}],
        "x-why": {"a": [1]},
    }
    wrong = {**case, "expect": {"total": 1, "criteria": {"long_day": "not_met"}}}
    report = cc.run_cases({**program.METHODOLOGY, "cases/wrong": {"cases": [wrong]}}, mutants=True)
    assert [len(result.mismatches) for result in report.failed] == [2]
    assert report.failed[0].scorecard is not None
    assert report.mutants is not None
    check(report)
    read = cc.results.CaseReport.from_json(report.to_json())
    assert read.failed[0].scorecard == report.failed[0].scorecard
    assert {type(mismatch.expected) for mismatch in read.failed[0].mismatches} == {Decimal, str}


def test_a_reproduction_of_words_comes_back() -> None:
    methodology, dataset = example("open_reading_rooms")
    files = data_in(FOLDERS["open_reading_rooms"][1])
    levels = [None, "n/a", *(level.id for level in methodology.combining.levels)]
    rows = [{"company": company.id, "level": levels[n % 3]} for n, company in enumerate(dataset.companies)]
    head = {**files["dataset.yaml"], "published": "printed"}
    dataset = cc.dataset_from({**files, "dataset.yaml": head, "printed": rows}, methodology)
    found = reproduce(dataset, methodology)
    assert {type(row.published) for row in found.rows} == {str, type(None)}
    check(found)


def test_the_results_that_are_kept_come_back() -> None:
    kept: dict[str, Any] = {
        "what_if.json": cc.results.WhatIf,
        "ranking.json": cc.Ranking,
        "gds.scorecard.json": cc.Scorecard,
    }
    for name, cls in kept.items():
        text = (GOLDEN / name).read_text(encoding="utf-8")
        assert cls.from_json(text).to_json() == text


@pytest.mark.parametrize("cls", KINDS, ids=[kind.__name__ for kind in KINDS])
@pytest.mark.parametrize(
    ("text", "told", "underlined"),
    [
        ("{", "this is not JSON", ""),
        ("{}", "`schema_version` must be 1, and there is none", "{}"),
        ('{"schema_version": 2}', "`schema_version` must be 1, and got 2", "2"),
        ('{"schema_version": 1}', "is missing", '{"schema_version": 1}'),
    ],
)
def test_what_is_no_such_result_is_refused_with_its_place(cls: Any, text: str, told: str, underlined: str) -> None:
    with pytest.raises(cc.InputError, match=re.escape(told)) as caught:
        cls.from_json(text)
    if underlined:
        assert caught.value.diagnostics[0].location.text in underlined

"""The reasons why facts of tables do not count are those that scoring gives, with as many facts."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from cleancloud_rules import Company, Dataset, FactsError, Methodology, company_from, load_dataset, score
from tests.support.places import ROOT
from tests.support.score_tables import seeded_companies, table_of
from tests.support.small import criterion, rule
from tests.support.small import methodology as small

KINDS = {
    "hypothetical": "hypothetical",
    "no source": "no source",
    "its source was published": "their source was published after the cut-off",
    "after the cut-off": "their time is after the cut-off",
    "window": "their time is outside the window",
    "horizon": "their time is outside the window",
}
"""How reasons of single facts are told from each other, and how those of many facts begin."""


def kind(reason: str) -> str:
    if reason.startswith("sources of type"):
        return reason
    return next((of_many for word, of_many in KINDS.items() if word in reason), "a later fact")


def of_scorecards(companies: Sequence[Company], methodology: Methodology, **options: Any) -> Counter[str]:
    cards = [score(company, methodology, **options) for company in companies]
    facts = [fact for card in cards for fact in card.facts if not fact.counts and not fact.derived_from]
    return Counter(kind(fact.why_not or "") for fact in facts)


def of_tables(companies: Sequence[Company], methodology: Methodology, **options: Any) -> Counter[str]:
    scores = table_of(companies, methodology, **options)
    assert list(scores.uncounted) == sorted(scores.uncounted, key=lambda one: (-one[1], one[0]))
    assert all(number > 0 for _, number in scores.uncounted)
    made = Counter[str]()
    for reason, number in scores.uncounted:
        begins = next((of_many for of_many in (*KINDS.values(), "a later fact") if reason.startswith(of_many)), reason)
        made[begins] += number
    return made


@pytest.fixture(scope="module")
def dataset(methodology: Methodology) -> Dataset:
    return load_dataset(ROOT / "examples" / "clean_cloud_2024", methodology)


@pytest.mark.parametrize("as_of", [None, date(2023, 6, 1), date(2020, 1, 1)])
def test_the_reasons_of_clean_cloud(methodology: Methodology, dataset: Dataset, as_of: date | None) -> None:
    found = of_tables(dataset.companies, methodology, as_of=as_of)
    assert found == of_scorecards(dataset.companies, methodology, as_of=as_of)
    assert found.total() >= 2


def has_result(company: Company, methodology: Methodology, **options: Any) -> bool:
    try:
        score(company, methodology, cross_check=False, **options)
    except FactsError:
        return False
    return True


def test_the_reasons_of_generated_companies() -> None:
    seen = Counter[str]()
    for seed in range(12):
        methodology, companies = seeded_companies(seed, 10)
        options = {"with_hypothetical": seed % 3 == 0}
        companies = [company for company in companies if has_result(company, methodology, **options)]
        expected = of_scorecards(companies, methodology, **options)
        assert of_tables(companies, methodology, **options) == expected, seed
        seen += expected
    assert len(seen) >= 3


@pytest.mark.parametrize(("days", "superseded"), [(("2022-05-01", "2023-05-01"), 1), (("2023-05-01", "2023-05-01"), 0)])
def test_facts_that_contradict_each_other_are_not_superseded(days: tuple[str, str], superseded: int) -> None:
    size = {"title": "Size", "horizon": "long_term", "selection": "single", "fields": {"value": {"type": "integer"}}}
    made = small(criterion("large", 1, rule("so", 1, {"size": {"value": 1}})), fact_types={"size": size})
    facts = [{"size": {"value": n}, "source": "report", "as_of": day} for n, day in enumerate(days)]
    scores = table_of([company_from({"id": "a", "name": "A", "facts": facts}, made)], made)
    assert scores.uncounted == (("a later fact supersedes them", 1),) * superseded
    assert (scores.table["problem"].to_pylist() == [None]) is bool(superseded)

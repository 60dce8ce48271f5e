"""Tests of accepting: what is announced beside the score is what happens, and all other lines of the file stay."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from cleancloud_rules import Company, FactsError, Methodology, Scorecard, rank
from cleancloud_rules.analysis.fact_changes.acceptance import Acceptance, accept
from cleancloud_rules.documents.yaml import write_line
from cleancloud_rules.results import ResponseEffect
from cleancloud_rules.results.differences import ChangedFigureKind, WordKind
from cleancloud_rules.results.rankings import RankedCompany
from cleancloud_rules.sheets.yaml_files import own_sources, response_entry
from tests.support.responding import RESPONSES, Answered, answered_cases, read_file_text

DEEP = pytest.mark.deep(part="records")
SEEDS = [*range(5), *(pytest.param(seed, marks=DEEP) for seed in range(5, 100))]
TOTAL, POINTS, SCORE, RANK = (ChangedFigureKind[name] for name in ("TOTAL", "POINTS", "SCORE", "RANK"))

Key = tuple[Any, str | None]
Rows = dict[str, RankedCompany]


def rows_of(companies: Iterable[Company], methodology: Methodology) -> Rows | None:
    """Return the rows of a ranking by company; None if the facts of one contradict each other."""
    try:
        ranking = rank(companies, methodology)
    except FactsError:
        return None
    return {row.company.id: row for cohort in ranking.cohorts for row in cohort.rows}


def figures_of(row: RankedCompany) -> dict[Key, Decimal | None]:
    card = row.scorecard
    return {
        (TOTAL, None): card.total,
        (RANK, None): None if row.rank is None else Decimal(row.rank),
        **{(SCORE, group.id): group.score for group in card.groups},
        **{(POINTS, criterion.id): criterion.points for criterion in card.criteria},
    }


def words_of(card: Scorecard) -> dict[Key, str | None]:
    return {
        (WordKind.LABEL, None): card.label,
        (WordKind.LEVEL, None): card.level.id if card.level else None,
        (WordKind.OUTCOME, None): card.outcome.value,
        **{(WordKind.LABEL, group.id): group.label for group in card.groups},
        **{(WordKind.LEVEL, group.id): group.level.id if group.level else None for group in card.groups},
        **{(WordKind.OUTCOME, group.id): group.outcome.value for group in card.groups},
        **{(WordKind.OUTCOME, criterion.id): criterion.outcome.value for criterion in card.criteria},
        **{(WordKind.TABLE, table.id): "; ".join(table.outputs) or None for table in card.tables},
    }


def assert_announced(
    effect: ResponseEffect, before: dict[str, RankedCompany], after: dict[str, RankedCompany], id: str
) -> None:
    """Fail unless the announced changes, and no others, lead from the results before to those after."""
    old, new = figures_of(before[id]), figures_of(after[id])
    announced = {(one.kind, one.id): (one.old, one.new) for one in effect.figures}
    assert {key: pair for key, pair in announced.items() if pair[0] != pair[1]} == {
        key: (old[key], new[key]) for key in old if old[key] != new[key]
    }
    assert announced.get((TOTAL, None), (old[TOTAL, None],) * 2) == (old[TOTAL, None], new[TOTAL, None])
    said, says = words_of(before[id].scorecard), words_of(after[id].scorecard)
    assert {(one.kind, one.id): (one.old, one.new) for one in effect.words} == {
        key: (said[key], says[key]) for key in said if said[key] != says[key]
    }
    assert {(one.company, one.old, one.new) for one in effect.ranks} == {
        (name, before[name].rank, row.rank) for name, row in after.items() if before[name].rank != row.rank
    }
    assert effect.ranked == len(after)
    parts = [one.on_total for one in effect.figures if one.on_total is not None]
    total = (new[TOTAL, None] or Decimal(0)) - (old[TOTAL, None] or Decimal(0))
    if all((POINTS, one.id) in announced for one in effect.figures if one.on_total is not None):
        assert sum(parts, Decimal(0)) == total


def accepted(case: Answered) -> Acceptance | None:
    """Return what accepting the response changes; None if facts would contradict each other."""
    company = case.companies[0]
    try:
        return accept(case.document, company, company.responses[0], case.methodology)
    except FactsError:
        return None


def check(case: Answered) -> str:
    """Fail unless accepting does what was announced; return what happened, in a word."""
    company, *others = case.companies
    before = rows_of(case.companies, case.methodology)
    if before is None:
        return "unscored"
    (record,) = before[company.id].scorecard.responses
    made = accepted(case)
    after = None if made is None else rows_of((made.company, *others), case.methodology)
    effect = record.effect
    if effect is None:
        assert made is not None
        assert made.company.sha256 == company.sha256
        return "words"
    if effect.problems:
        assert after is None
        return "contradiction"
    assert made is not None
    assert after is not None
    assert [response.status.value for response in made.company.responses] == ["accepted"]
    assert after[company.id].scorecard.responses[0].effect is None
    assert {search.text for search in effect.drops} == {str(search) for search in made.dropped}
    assert_announced(effect, before, after, company.id)
    return "changed" if any(one.old != one.new for one in effect.figures) else "unchanged"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_announced_effect_is_the_effect_after_acceptance(seed: int) -> None:
    found = [check(case) for case in answered_cases(seed)]
    assert len(found) == RESPONSES


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=DEEP) for seed in range(1, 20))])
def test_a_response_in_braces_is_accepted_likewise(seed: int) -> None:
    for case in answered_cases(seed, 5):
        (response,) = case.companies[0].responses
        before, _, _ = case.document.location.file.text.partition("\nresponses:\n")
        told = write_line(response_entry(response, own_sources(response, case.methodology.vocabulary)))
        document, company = read_file_text(f"{before}\nresponses:\n  - {told} # by letter\n", case.methodology)
        check(Answered(case.methodology, document, (company, *case.companies[1:])))
        made = accepted(Answered(case.methodology, document, (company,)))
        assert made is None or made.text.endswith("} # by letter\n")

"""What a table of scores must say of a company: what scoring says of it alone."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pytest
from attrs import evolve

from cleancloud_rules import Company, Methodology, Scorecard, rank, score
from cleancloud_rules.errors import FactsError
from cleancloud_rules.results.points import points_of
from cleancloud_rules.results.scorecards import GroupScore
from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.scoring.score_table import ScoreTable, score_table
from tests.support.seeded import seeded_cases
from tests.support.tables_of_companies import tables_of_companies


@cache
def database() -> DuckDB:
    """Return a database for all tests of a process. It takes no second core, since tests run on several."""
    made = DuckDB()
    made.run("SET threads = 1")
    return made


def parts_of(*, quick: int, deep: int) -> list[Any]:
    """Return the seeds of the quick run in parts of ten, and the further ones of the deep run in parts of 50."""
    further = (range(start, start + 50) for start in range(quick, deep, 50))
    deep_parts = (pytest.param(part, marks=pytest.mark.deep(part="tables")) for part in further)
    return [*(range(start, start + 10) for start in range(0, quick, 10)), *deep_parts]


def seeded_companies(seed: int, count: int) -> tuple[Methodology, list[Company]]:
    """Make the methodology of a seed, and companies for it."""
    cases = list(seeded_cases(seed, count))
    return cases[0][0], [evolve(company, id=f"company_{n}") for n, (_, company) in enumerate(cases)]


def table_of(companies: Iterable[Company], methodology: Methodology, **options: Any) -> ScoreTable:
    """Return the table of scores of companies."""
    return score_table(tables_of_companies(companies, methodology, database()), methodology, **options)


def expected(
    companies: Iterable[Company], methodology: Methodology, **options: Any
) -> dict[str, dict[str, Any] | None]:
    """Return what the table must say of each company; None if it has no result."""
    cards: dict[str, Scorecard | None] = {}
    for company in companies:
        try:
            cards[company.id] = score(company, methodology, cross_check=False, **options)
        except FactsError:
            cards[company.id] = None
    scored = [card for card in cards.values() if card is not None]
    as_of = options.get("as_of")
    cohorts = rank(scored, methodology, as_of=as_of).cohorts if scored else ()
    ranks = {row.company.id: row.rank for cohort in cohorts for row in cohort.rows}
    with_parts = options.get("with_hypothetical", False)
    return {
        id: None if card is None else _row(card, ranks[id]) | (_hypothetical(card) if with_parts else {})
        for id, card in cards.items()
    }


def _row(card: Scorecard, rank: int | None) -> dict[str, Any]:
    points = points_of(card)
    row: dict[str, Any] = {"rank": rank, "cohort": card.company.cohort, "hypothetical_total": card.hypothetical_total}
    row |= {"outcome": card.outcome.value, "total": card.total, "max_total": card.max_total, "label": card.label}
    row |= {"level": card.level.id if card.level else None}
    for criterion in card.criteria:
        said = {"points": criterion.points, "outcome": criterion.outcome.value, "counts_as": criterion.counts_as}
        row |= {f"{criterion.id}.{name}": value for name, value in said.items()}
    for group in points.groups:
        for name in ("score", "max_score", "points", "max_points", "label"):
            row[f"{group.id}.{name}"] = getattr(group, name)
        row |= {
            f"{group.id}.outcome": group.outcome.value,
            f"{group.id}.level": group.level.id if group.level else None,
        }
    return row | {f"{table.id}.outputs": list(table.outputs) for table in card.tables}


def _hypothetical(card: Scorecard) -> dict[str, Any]:
    row: dict[str, Any] = {f"{one.id}.hypothetical_points": one.hypothetical_points for one in card.criteria}
    for group in every_group(card.groups):
        row[f"{group.id}.hypothetical_points"] = group.hypothetical_points
        row[f"{group.id}.hypothetical_score"] = group.hypothetical_score
    return row


def every_group(groups: Iterable[GroupScore]) -> Iterator[GroupScore]:
    """Yield groups, and those inside them."""
    for group in groups:
        yield group
        yield from every_group(group.groups)


def differences(companies: list[Company], methodology: Methodology, **options: Any) -> dict[str, Any]:
    """Return where the table and scoring differ: by company and column what is expected, and what the table says."""
    rows = {row["company"]: row for row in table_of(companies, methodology, **options).table.to_pylist()}
    assert list(rows) == sorted(company.id for company in companies)
    found: dict[str, Any] = {}
    for id, wanted in expected(companies, methodology, **options).items():
        row = rows[id]
        if wanted is None:
            held = {name: value for name, value in row.items() if name not in ("company", "cohort", "problem")}
            if row["problem"] is None or any(value is not None for value in held.values()):
                found[id] = row
        else:
            assert set(wanted) == set(row) - {"company", "problem"}
            differing = {name: (value, row[name]) for name, value in wanted.items() if row[name] != value}
            if differing or row["problem"] is not None:
                found[id] = differing
    return found

"""Compares random rows of a table of scores with the rules engine, which reads the facts of those companies itself."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

from cleancloud_rules.analysis.session import rank, score
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.errors import EngineError, FactsError
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.points import points_of
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.tables.facts import FactTables
from cleancloud_rules.tables.reading.rows import companies_of_rows
from cleancloud_rules.tables.score_rows import Scores

_SHOWN = 10
"""The maximum number of differences that are named."""


def compare_with_engine(
    table: Scores,
    facts: FactTables,
    methodology: Methodology,
    *,
    count: int,
    seed: int,
    with_hypothetical: bool,
    as_of: date | None,
) -> int:
    """Score random companies of a table by the rules engine, with its cross-check, and return how many there were.

    Args:
        table: the rows of the table of scores.
        facts: the tables of facts that it was made from.
        methodology: the methodology.
        count: the number of companies; the whole table if that has fewer.
        seed: the seed of the random choice.
        with_hypothetical: as the table was made.
        as_of: as the table was made.

    Raises:
        EngineError: if the table says something else of a company than the rules engine, or if that differs from its
            cross-check.
    """
    companies_of_table = table.count()
    chosen = Random(seed).sample(range(companies_of_table), min(count, companies_of_table))  # noqa: S311 - nothing secret
    rows = {row["company"]: row for row in table.at(sorted(chosen))}
    gather = DiagnosticCollector()
    companies = companies_of_rows(facts, methodology, list(rows), gather)
    if gather.failed:
        raise FactsError(gather.diagnostics)
    cards: dict[str, Scorecard] = {}
    for company in companies:
        try:
            cards[company.id] = score(company, methodology, with_hypothetical=with_hypothetical, as_of=as_of)
        except FactsError:  # facts that count contradict each other
            continue
        except EngineError as error:  # more combinations of facts than the engine takes
            if rows[company.id]["problem"] is None or error.disagreements:
                raise
    found = [*_differences(rows, cards), *_orders(rows, list(cards.values()), methodology, as_of)]
    if found:
        more = f"\n  and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise EngineError(
            f"the table differs from the rules engine; of {len(rows)} random companies (seed {seed}):\n  "
            + "\n  ".join(found[:_SHOWN])
            + more
        )
    return len(rows)


def _differences(rows: Mapping[str, Mapping[str, Any]], cards: Mapping[str, Scorecard]) -> Iterator[str]:
    for id, row in rows.items():
        card = cards.get(id)
        wanted = dict.fromkeys(row) if card is None else _row(card) | _hypothetical(card)
        for column in row:
            if column not in ("company", "cohort", "rank", "problem") and row[column] != wanted[column]:
                yield f"`{id}`, `{column}`: table {_said(row[column])}, rules engine {_said(wanted[column])}"
        if (card is None) != (row["problem"] is not None):
            engine = "no result" if card is None else "a result"
            yield f"`{id}`, `problem`: table {_said(row['problem'])}, rules engine {engine}"


def _orders(
    rows: Mapping[str, Mapping[str, Any]], cards: Sequence[Scorecard], methodology: Methodology, as_of: date | None
) -> Iterator[str]:
    """Say where the ranks of the table have another order than those of the rules engine."""
    for cohort in rank(cards, methodology, as_of=as_of).cohorts if cards else ():
        ranked = [(row.rank, row.company.id) for row in cohort.rows]
        own = sorted({rows[id]["rank"] for place, id in ranked if place is not None and rows[id]["rank"] is not None})
        places = sorted({place for place, _ in ranked if place is not None})
        for place, id in ranked:
            held = rows[id]["rank"]
            wanted = None if place is None else places.index(place)
            if wanted != (None if held is None else own.index(held)):
                yield f"`{id}`, `rank`: table {_said(held)}, which is not its place among the others"


def _row(card: Scorecard) -> dict[str, Any]:
    """Return what a row of the table must say of a company, by column."""
    row: dict[str, Any] = {"hypothetical_total": card.hypothetical_total, **_figures("", card)}
    row |= {"total": card.total, "max_total": card.max_total}
    for criterion in card.criteria:
        row[f"{criterion.id}.points"] = criterion.points
        row[f"{criterion.id}.outcome"] = criterion.outcome.value
        row[f"{criterion.id}.counts_as"] = criterion.counts_as
    for group in points_of(card).groups:
        row |= _figures(f"{group.id}.", group)
        for name in ("score", "max_score", "points", "max_points"):
            row[f"{group.id}.{name}"] = getattr(group, name)
    return row | {f"{table.id}.outputs": list(table.outputs) for table in card.tables}


def _hypothetical(card: Scorecard) -> dict[str, Any]:
    """Return what hypothetical facts alone earn, by column."""
    row: dict[str, Any] = {f"{one.id}.hypothetical_points": one.hypothetical_points for one in card.criteria}
    waiting = list(card.groups)
    while waiting:
        group = waiting.pop()
        waiting += group.groups
        row[f"{group.id}.hypothetical_points"] = group.hypothetical_points
        row[f"{group.id}.hypothetical_score"] = group.hypothetical_score
    return row


def _figures(prefix: str, result: Any) -> dict[str, Any]:
    level = None if result.level is None else result.level.id
    return {f"{prefix}outcome": result.outcome.value, f"{prefix}label": result.label, f"{prefix}level": level}


def _said(value: Any) -> str:
    return "nothing" if value is None else str(value)

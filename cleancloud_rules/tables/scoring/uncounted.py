"""The facts of tables that do not count, by reason."""

from collections import Counter
from datetime import date
from typing import Any

from cleancloud_rules.engine.eligibility import after_cut_off, outside_window
from cleancloud_rules.model.facts import Basis, Fact, FactType
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.tables.facts import FactTables
from cleancloud_rules.tables.scoring.evidence import Evidence, period_of
from cleancloud_rules.tables.sql import day, listed

Reasons = tuple[tuple[str, int], ...]
"""Reasons in words, each with the number of facts, the most frequent first."""


def uncounted(tables: FactTables, evidence: Evidence, *, with_hypothetical: bool) -> Reasons:
    """Return why stated facts do not count, each reason with the number of facts.

    The first reason of a fact is taken, as `eligibility.why_not` does.
    """
    found = Counter[str]()
    methodology = evidence.methodology
    for plan in evidence.plans.values():
        is_dated = methodology.as_of is not None or dict(methodology.windows)[plan.fact_type.horizon].has_ends
        days = {"first": "facts.period_start", "last": "facts.period_end", "moment": "facts.as_of"}
        own = {"basis": "facts.basis", "type": "sources.type", "accepted": "sources.accepted"}
        own |= {name: day(column) for name, column in days.items()} if is_dated else {}
        joined = f"{tables.named(f'facts_{plan.number}')} AS facts LEFT JOIN {evidence.sources} AS sources"
        stated = f"SELECT {listed(own)} FROM {joined} ON facts.source = sources.source"
        names = ", ".join(own)
        for *said, number in tables.backend.rows(
            f"SELECT {names}, COUNT(*) FROM ({stated}) AS stated GROUP BY {names}"
        ):
            reason = _reason(plan.fact_type, methodology, with_hypothetical, *said)
            if reason is not None:
                found[reason] += number
        if plan.fact_type.id in evidence.ruleset.selecting:
            rows = f"{evidence.rows[plan.fact_type.id]} AS facts WHERE eligible AND NOT counts AND NOT contradicts"
            ((number,),) = tables.backend.rows(f"SELECT COUNT(*) FROM {rows}")
            found["a later fact supersedes them"] += number
    return tuple(sorted((+found).items(), key=lambda one: (-one[1], one[0])))


def _reason(
    fact_type: FactType,
    methodology: Methodology,
    with_hypothetical: bool,
    basis: str,
    source_type: str | None,
    accepted: bool | None,
    *days: Any,
) -> str | None:
    """Return why facts do not count that are alike in basis, source and time; None if they count."""
    if basis == Basis.HYPOTHETICAL.value and not with_hypothetical:
        return "hypothetical facts are read only on request"
    if source_type is None:
        return "no source is given"
    if source_type not in methodology.accepted_sources:
        return f"sources of type {source_type} are not accepted"
    if not accepted:
        return f"their source was published after the cut-off on {methodology.as_of}"
    if not days:
        return None
    first, last, moment = days
    as_of = None if moment is None else date.fromordinal(moment)
    fact = Fact("", fact_type.id, fact_type.model(), period=period_of(first, last), as_of=as_of)
    if after_cut_off(fact, methodology) is not None:
        return f"their time is after the cut-off on {methodology.as_of}"
    return f"their time is outside the window {fact_type.horizon}" if outside_window(fact, methodology) else None

"""Results of companies as plain data: each figure with the rules and the facts behind it, and nothing that is empty."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from cleancloud_rules.documents.canonical_json import MAX_WHOLE
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.results.bounds import CompanyBounds, CriterionBounds, GroupBounds
from cleancloud_rules.results.json import plain
from cleancloud_rules.results.rankings import Ranking
from cleancloud_rules.results.records import FactRecord
from cleancloud_rules.results.scorecards import CriterionResult, GroupScore, RuleResult, Scorecard

SENTENCES = frozenset(
    {"arithmetic", "because", "looked_for", "notices", "problems", "reason", "says", "text", "uncounted"}
)
"""The keys under which a record has sentences for readers."""

_OF_TOTAL = ("outcome", "total", "max_total", "arithmetic", "label", "because", "problems")
_OF_GROUP = ("outcome", "points", "max_points", "exact", "score", "max_score", "arithmetic",
             "label", "because")  # fmt: skip


def as_data(thing: Any) -> Any:
    """Return a result as plain data in which decimals are texts and nothing is empty."""
    return _texts(plain(thing))


def _texts(data: Any) -> Any:
    if isinstance(data, Decimal):
        return f"{data:f}"
    if isinstance(data, int) and abs(data) > MAX_WHOLE:
        return str(data)
    if isinstance(data, Enum):
        return data.value
    if isinstance(data, dict):
        return full({name: _texts(value) for name, value in data.items()})
    return [_texts(item) for item in data] if isinstance(data, list | tuple) else data


def full(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping without what is empty: null, false, and lists, mappings and texts with nothing in them."""
    return {name: value for name, value in data.items() if value or (value == 0 and value is not False)}


def company_results(card: Scorecard, otherwise: Mapping[str, str]) -> dict[str, Any]:
    """Return the results of a company.

    Args:
        card: its scorecard.
        otherwise: the sentence of each criterion for a company that earns nothing, which is left out.
    """
    groups = {group.id: _group(group) for group in card.groups}
    criteria = {one.id: _criterion(one, otherwise[one.id]) for one in card.criteria}
    bounds = card.bounds
    for own in () if bounds is None else bounds.groups:
        groups[own.id] |= _group_bounds(own)
        for criterion in own.criteria:
            criteria[criterion.id]["bounds"] = _criterion_bounds(criterion)
    return full(
        {
            **_taken(card, _OF_TOTAL),
            "hypothetical_total": _unless_zero(card.hypothetical_total),
            **_ladder(card),
            "coverage": as_data(card.coverage),
            "withheld_by": list(card.withheld_by),
            "requirements": as_data(card.requirements),
            "tables": {table.id: list(table.outputs) for table in card.tables},
            "groups": groups,
            "criteria": criteria,
            "derived": {fact.id: _derived(fact) for fact in card.facts if fact.derived_by is not None},
            "uncounted": {fact.id: fact.why_not for fact in card.facts if not fact.counts},
            **({} if bounds is None else _group_bounds(bounds)),
        }
    )


def _taken(thing: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: as_data(getattr(thing, name)) for name in names}


def _ladder(thing: Scorecard | GroupScore) -> dict[str, Any]:
    return {"level": None if thing.level is None else thing.level.id}


def _group(group: GroupScore) -> dict[str, Any]:
    return full(
        {
            **_taken(group, _OF_GROUP),
            **_ladder(group),
            "hypothetical_points": _unless_zero(group.hypothetical_points),
            "hypothetical_score": _unless_zero(group.hypothetical_score),
            "coverage": as_data(group.coverage),
            "withheld_by": list(group.withheld_by),
            "requirements": as_data(group.requirements),
        }
    )


def _criterion(one: CriterionResult, otherwise: str) -> dict[str, Any]:
    fired = [rule for rule in one.rules if rule.fired]
    return full(
        {
            "outcome": one.outcome.value,
            "points": None if one.outcome is Outcome.NOT_ASSESSED else f"{one.points:f}",
            "hypothetical_points": _unless_zero(one.hypothetical_points),
            "because": list(one.because) if one.because != (otherwise,) else [],
            "facts": list(one.facts),
            "looked_for": list(one.looked_for),
            "counts_as": one.counts_as,
            "exempted_by": list(one.exempted_by),
            "rules": {rule.id: _rule(rule) for rule in fired},
            "won": [rule.id for rule in fired if rule.won],
        }
    )


def _rule(rule: RuleResult) -> dict[str, Any]:
    return full({"points": f"{rule.points:f}", "facts": list(rule.facts), "arithmetic": rule.arithmetic})


def _derived(fact: FactRecord) -> dict[str, Any]:
    kept = ("type", "period", "as_of", "basis", "source", "entity", "derived_by", "derived_from")
    return full({**_taken(fact, kept), "fields": as_data(dict(fact.fields))})


def _unless_zero(number: Decimal | None) -> str | None:
    return f"{number:f}" if number else None


def _group_bounds(bounds: GroupBounds | CompanyBounds) -> dict[str, Any]:
    return {"bounds": full({**_taken(bounds, ("floor", "ceiling", "labels", "levels", "coverage", "reason"))})}


def _criterion_bounds(bounds: CriterionBounds) -> list[str]:
    """Return both bounds and, if they may be too wide, the reason."""
    return [f"{bounds.floor:f}", f"{bounds.ceiling:f}", *([] if bounds.exact else [bounds.reason])]


def ranking_results(ranking: Ranking) -> list[dict[str, Any]]:
    """Return the ranks of companies, cohort by cohort."""
    return [
        {"cohort": cohort.id, "rows": [{"rank": row.rank, "company": row.company.id} for row in cohort.rows]}
        for cohort in ranking.cohorts
    ]

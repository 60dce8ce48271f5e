"""The explanation of one criterion as data: its part of the scorecard, with its facts and sources."""

from collections.abc import Iterable
from typing import Any

from cleancloud_rules.results.bounds import CompanyBounds, GroupBounds
from cleancloud_rules.results.json import fields_of
from cleancloud_rules.results.records import FactRecord
from cleancloud_rules.results.scorecards import CriterionResult, GroupScore, Scorecard


def explanation(card: Scorecard, criterion: str) -> dict[str, Any]:
    """Return the explanation of one criterion, to be written as JSON.

    Args:
        card: the scorecard.
        criterion: id of the criterion.

    Raises:
        KeyError: if the scorecard has no such criterion.
    """
    result = card.criterion(criterion)
    category = next(group for group in card.groups if result in group.criteria)
    facts = _cited(result, card)
    searches = [search for search in card.searches if criterion in search.criteria]
    sources = {fact.source for fact in facts} | {search.source for search in searches}
    return {
        "schema_version": card.schema_version,
        "library_version": card.library_version,
        "notices": card.notices,
        "methodology": card.methodology,
        "company": card.company,
        "total": {name: getattr(card, name) for name in _OF_TOTAL},
        "category": _head(category),
        "criterion": result,
        "facts": facts,
        "searches": searches,
        "bounds": None if card.bounds is None else card.bounds.criterion(criterion),
        "category_bounds": None if card.bounds is None else _without_parts(card.bounds.category(category.id)),
        "total_bounds": None if card.bounds is None else _without_parts(card.bounds),
        "contradictions": [found for found in card.contradictions if criterion in found.criteria],
        "sources": [source for source in card.sources if source.id in sources],
    }


_OF_TOTAL = ("outcome", "total", "hypothetical_total", "max_total", "label", "level", "arithmetic", "because")
"""The fields of a scorecard that are about its total."""

_PARTS = ("company", "categories", "criteria", "groups")
"""The fields of bounds that hold those of parts, or that say again whose they are."""


def _without_parts(bounds: CompanyBounds | GroupBounds) -> dict[str, Any]:
    return {name: value for name, value in fields_of(bounds).items() if name not in _PARTS}


def _head(category: GroupScore) -> dict[str, Any]:
    excluded = ("criteria", "groups", "hypothetical_points", "hypothetical_score")
    return {name: value for name, value in fields_of(category).items() if name not in excluded}


def _cited(result: CriterionResult, card: Scorecard) -> list[FactRecord]:
    """Return the facts that a result names, and the facts that they were derived from."""
    unmet = (unmet.nearest for rule in result.rules for unmet in rule.unmet if unmet.nearest)
    of_rules = (id for rule in result.rules for id in rule.facts)
    ids = _closure([*result.facts, *of_rules, *unmet, *result.exempted_by], card)
    return [fact for fact in card.facts if fact.id in ids]


def _closure(ids: Iterable[str], card: Scorecard) -> set[str]:
    found: set[str] = set()
    open_ids = list(ids)
    while open_ids:
        id = open_ids.pop()
        if id not in found:
            found.add(id)
            open_ids.extend(card.fact(id).derived_from)
    return found

"""The page that compares two companies: the data that its script lays out, so that differences add up."""

from fractions import Fraction
from typing import Any

from cleancloud_rules.model.exact import unit
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.reports.answers import effect_of
from cleancloud_rules.reports.numbers import digits_of, number_text
from cleancloud_rules.reports.pages.site import Row, Site
from cleancloud_rules.reports.pages.terms import Term


def comparison_data(site: Site) -> dict[str, Any]:
    """Return what the script needs: the categories with their criteria, and what each company has."""
    sentences: dict[str, int] = {}
    companies = {row.card.company.id: _company(row, sentences) for row in site.rows}
    return {
        "publisher": site.ranking.methodology.publisher,
        "hypothetical": site.is_hypothetical,
        "adds_up": adds_up(site),
        "digits": _digits(site),
        "categories": [
            {
                "title": category.title,
                "tone": site.places[category.id].tone,
                "criteria": [{"id": c.id, "title": c.title} for c in category.every_criterion],
            }
            for category in site.categories
        ],
        "companies": companies,
        "sentences": list(sentences),
    }


def _company(row: Row, sentences: dict[str, int]) -> dict[str, Any]:
    """Return what the script needs of a company. A sentence is a number in `sentences`, as companies share many."""
    card = row.card
    return {
        "name": card.company.name,
        "published": row.total.published,
        "total": card.total,
        "stated": row.total.stated,
        "added": row.total.hypothetical,
        "words": ", ".join(_said(term) for term in row.terms.values() if term.stated),
        "scores": [category.score for category in card.categories],
        "points": [
            f"{number_text(category.points)} of {number_text(category.max_points)}" for category in card.categories
        ],
        "criteria": {
            criterion.id: {
                "points": criterion.points,
                "max": criterion.max_points,
                "effect": None
                if card.bounds is None
                else effect_of(criterion.points, card, card.bounds.criterion(criterion.id)),
                "because": sentences.setdefault(" ".join(criterion.because), len(sentences)),
                **({"hypothetical": True} if criterion.hypothetical_points else {}),
            }
            for criterion in card.criteria
            if criterion.points or criterion.outcome in (Outcome.AWARDED, Outcome.PARTIAL, Outcome.NOT_MET)
        },
    }


def _said(term: Term) -> str:
    return f"{term.title.lower()} {' and '.join(term.stated)}"


def _digits(site: Site) -> int:
    return max((digits_of(card.total) for card in site.cards if card.total is not None), default=0)


def adds_up(site: Site) -> bool:
    """Return whether the total of each company is the sum of its categories, and these are the sums of criteria.

    The differences may be those of rounding: at most half a step for each part.
    """
    return all(map(_is_sum, site.rows))


def _is_sum(row: Row) -> bool:
    card = row.card
    total = card.total
    if card.bounds is None or total is None or any(category.score is None for category in card.categories):
        return False
    step = Fraction(unit(digits_of(total)))
    scores = sum((Fraction(category.score or 0) for category in card.categories), Fraction(0))
    if abs(scores - Fraction(total)) > step * len(card.categories) / 2:
        return False
    for category in card.categories:
        effects = [card.bounds.criterion(criterion.id).point_effect for criterion in category.every_criterion]
        if any(effect is None for effect in effects):
            return False
        exact = sum(
            (Fraction(c.points) * (e or 0) for c, e in zip(category.every_criterion, effects, strict=True)), Fraction(0)
        )
        if abs(exact - Fraction(category.score or 0)) > step:
            return False
    return True

"""A ranking in text: a table for each cohort."""

from collections.abc import Iterable
from textwrap import fill

from cleancloud_rules.firings import Outcome
from cleancloud_rules.reports.text import Outline, add_notices, methodology_in_words, number, table
from cleancloud_rules.scorecards import CategoryScore, Cohort, Ranking, Scorecard

HEADER_WIDTH = 18
"""Columns of a table's headers; longer titles take several lines."""


def ranking_text(ranking: Ranking) -> Outline:
    """Return a ranking as a document: the notices, then a table for each cohort."""
    outline = Outline()
    add_notices(outline, ranking.notices)
    outline.add(methodology_in_words(ranking.methodology), style="bold")
    outline.add(
        f"{_meaning(ranking)} A criterion on which facts give no answer is not assessed: it earns nothing here, "
        "which does not say that a company fails it."
    )
    for cohort in ranking.cohorts:
        _add_cohort(outline, cohort)
    return outline


def _is_hypothetical(cards: Iterable[Scorecard]) -> bool:
    return any(card.hypothetical_total or any(c.hypothetical_points for c in card.categories) for card in cards)


def _meaning(ranking: Ranking) -> str:
    if _is_hypothetical(row.scorecard for cohort in ranking.cohorts for row in cohort.rows):
        return "Scores, and in parentheses the points of stated facts and those that HYPOTHETICAL facts add."
    return "Scores, and in parentheses points, that stated facts support."


def _add_cohort(outline: Outline, cohort: Cohort) -> None:
    outline.gap()
    outline.add(f"{cohort.title} ({len(cohort.rows)})", style="bold")
    cards = [row.scorecard for row in cohort.rows]
    if not cards:
        return
    hypothetical = _is_hypothetical(cards)
    headers = ["Rank", "Company", *_category_headers(cards[0]), f"Total\nof {number(cards[0].max_total)}"]
    headers += ["Of which\nhypothetical"] if hypothetical else []
    headers += [f"Not assessed\nof {len(cards[0].criteria)} criteria"]
    made = table(*headers, right=(0, *range(2, len(headers))))
    for row in cohort.rows:
        made.add_row(str(row.rank), row.scorecard.company.name, *_cells(row.scorecard, hypothetical))
    outline.add_table(made)


def _category_headers(card: Scorecard) -> list[str]:
    return [
        f"{fill(category.title, HEADER_WIDTH)}\nof {number(category.weight)} ({number(category.max_points)})"
        for category in card.categories
    ]


def _cells(card: Scorecard, hypothetical: bool) -> list[str]:
    return [
        *(f"{number(category.score)} ({_points(category, hypothetical)})" for category in card.categories),
        number(card.total),
        *([number(card.hypothetical_total)] if hypothetical else []),
        str(card.count(Outcome.NOT_ASSESSED)),
    ]


def _points(category: CategoryScore, hypothetical: bool) -> str:
    if not hypothetical:
        return number(category.points)
    return f"{number(category.points - category.hypothetical_points)} + {number(category.hypothetical_points)} hyp."

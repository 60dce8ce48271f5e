"""A ranking in text: a table for each cohort."""

from collections.abc import Callable, Iterable
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
    headers = ["Rank", "Company", *_marks(cards), *_category_headers(cards[0])]
    headers += [f"Total\n{_most(cards)}".rstrip()] if _has_total(cards) else []
    headers += ["Of which\nhypothetical"] if hypothetical else []
    headers += [f"Not assessed\nof {len(cards[0].criteria)} criteria"]
    made = table(*headers, right=(0, *range(2, len(headers))))
    for row in cohort.rows:
        card = row.scorecard
        marks = _marks(cards).values()
        cells = _cells(card, hypothetical=hypothetical, total=_has_total(cards))
        made.add_row(str(row.rank), card.company.name, *(mark(card) for mark in marks), *cells)
    outline.add_table(made)


def _category_headers(card: Scorecard) -> list[str]:
    return [f"{fill(category.title, HEADER_WIDTH)}\n{_most_of(category)}" for category in card.categories]


def _most_of(category: CategoryScore) -> str:
    points = f"({number(category.max_points)})"
    return points if category.max_score is None else f"of {number(category.max_score)} {points}"


def _most(cards: list[Scorecard]) -> str:
    """Return the most that a total can be, where it is the same for all."""
    most = {card.max_total for card in cards if card.max_total is not None}
    return f"of {number(most.pop())}" if len(most) == 1 else ""


def _has_total(cards: Iterable[Scorecard]) -> bool:
    return any(card.total is not None for card in cards)


def _marks(cards: list[Scorecard]) -> dict[str, Callable[[Scorecard], str]]:
    """Return the columns of marks that the cards have, by heading."""
    columns: dict[str, Callable[[Scorecard], str]] = {}
    if any(card.level for card in cards):
        columns["Level"] = lambda card: card.level.title if card.level else "-"
    if any(card.label for card in cards):
        columns["Label"] = lambda card: card.label or "-"
    for index, found in enumerate(cards[0].tables):
        columns[found.title] = lambda card, index=index: ", ".join(card.tables[index].outputs) or "-"  # type: ignore[misc]
    return columns


def _cells(card: Scorecard, *, hypothetical: bool, total: bool) -> list[str]:
    return [
        *(f"{number(category.score)} ({_points(category, hypothetical)})" for category in card.categories),
        *([number(card.total)] if total else []),
        *([number(card.hypothetical_total)] if hypothetical else []),
        str(card.count(Outcome.NOT_ASSESSED)),
    ]


def _points(category: CategoryScore, hypothetical: bool) -> str:
    if not hypothetical:
        return number(category.points)
    return f"{number(category.points - category.hypothetical_points)} + {number(category.hypothetical_points)} hyp."

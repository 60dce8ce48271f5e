"""A ranking in text: one table for each cohort."""

from collections.abc import Iterable
from textwrap import fill

from cleancloud_rules.model.exact import subtract
from cleancloud_rules.model.groups import CountsAs
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.reports.in_words import level_titles
from cleancloud_rules.reports.outline.blocks import Outline, table
from cleancloud_rules.reports.text.base import add_notices, methodology_in_words, number
from cleancloud_rules.reports.text.bounds import MAY_BE_TOO_WIDE
from cleancloud_rules.reports.text.figures import is_hypothetical, range_in_words
from cleancloud_rules.reports.text.published_ranking import add_first_lines, add_published_cohort
from cleancloud_rules.reports.text.ranking_columns import (
    HEADER_WIDTH,
    has_total,
    marks_of_companies,
    of_total,
    only,
    without,
)
from cleancloud_rules.reports.text.responses import add_ranked_responses
from cleancloud_rules.results.rankings import Cohort, Ranking
from cleancloud_rules.results.scorecards import GroupScore, Scorecard

_POSSIBLE = "Possible with\nfurther facts"


def ranking_text(ranking: Ranking) -> Outline:
    """Return a ranking as a document: the notices, then a table for each cohort."""
    outline = Outline()
    is_published = any(row.company.published is not None for cohort in ranking.cohorts for row in cohort.rows)
    if is_published:
        cards = [row.scorecard for cohort in ranking.cohorts for row in cohort.rows]
        add_first_lines(outline, ranking.order, hypothetical=is_hypothetical(cards))
    add_notices(outline, ranking.notices)
    outline.heading(methodology_in_words(ranking.methodology), 1)
    outline.add(
        f"{_meaning(ranking, is_published)} A criterion on which the facts give no answer is not assessed: "
        f"it {_unassessed(ranking)}, but the company has not failed it."
    )
    for cohort in ranking.cohorts:
        outline.gap()
        outline.heading(f"{cohort.title} ({len(cohort.rows)})")
        if is_published and cohort.rows:
            add_published_cohort(outline, cohort, ranking.order)
        elif cohort.rows:
            _add_cohort(outline, cohort)
    bounds = (row.scorecard.bounds for cohort in ranking.cohorts for row in cohort.rows)
    if any(found is not None and found.reason is not None for found in bounds):
        outline.gap()
        outline.add(MAY_BE_TOO_WIDE)
    add_ranked_responses(outline, [row.scorecard for cohort in ranking.cohorts for row in cohort.rows])
    return outline


def _meaning(ranking: Ranking, is_published: bool) -> str:
    cards = [row.scorecard for cohort in ranking.cohorts for row in cohort.rows]
    order = "" if ranking.rank_by == _BY_TOTAL else f"Ranked by {_order(ranking.rank_by, cards)}. "
    if is_published:
        return f"{order}Published: what the publisher printed. Supported: what follows from the facts stated here."
    points = (
        "points from stated facts plus points that HYPOTHETICAL facts add."
        if is_hypothetical(cards)
        else "points from stated facts."
    )
    if any(category.score is not None for card in cards for category in card.categories):
        return f"{order}Scores, and in parentheses {points}"
    return order + points[0].upper() + points[1:]


def _unassessed(ranking: Ranking) -> str:
    """Return what happens to criteria that are not assessed, in words."""
    cards = [row.scorecard for cohort in ranking.cohorts for row in cohort.rows]
    open_ones = [c for card in cards for c in card.criteria if c.outcome in (Outcome.NOT_ASSESSED, Outcome.EXCLUDED)]
    left_out = {criterion.counts_as == CountsAs.EXCLUDED.value for criterion in open_ones}
    if left_out == {True}:
        return "is left out here"
    return "earns nothing here" if True not in left_out else "earns nothing here or is left out"


_BY_TOTAL = ("total",)


def _order(rank_by: Iterable[str], cards: list[Scorecard]) -> str:
    titles = {found.id: found.title.lower() for card in cards for found in card.tables}
    return ", then by ".join(titles.get(name, name) for name in rank_by)


def _add_cohort(outline: Outline, cohort: Cohort) -> None:
    cards = [row.scorecard for row in cohort.rows]
    hypothetical = is_hypothetical(cards)
    columns = [_Column(index, cards) for index in range(len(cards[0].categories))]
    marks = marks_of_companies(cards)
    headers = ["Rank", "Company", *marks, *(column.header for column in columns)]
    headers += [f"Total\n{of_total(cards)}".rstrip()] if has_total(cards) else []
    with_bounds = any(card.bounds is not None and card.bounds.is_known for card in cards)
    headers += [_POSSIBLE] if with_bounds else []
    headers += ["Hypothetical\npart"] if hypothetical else []
    headers += [f"Not assessed\nof {len(cards[0].criteria)} criteria"]
    made = table(*headers, right=(0, *range(2 + len(marks), len(headers))))
    for row in cohort.rows:
        card = row.scorecard
        made.add_row(
            "-" if row.rank is None else str(row.rank),
            card.company.name,
            *(mark(card) for mark in marks.values()),
            *(column.cell(card, hypothetical=hypothetical) for column in columns),
            *([number(card.total) if card.total is not None else without(card)] if has_total(cards) else []),
            *([_possible(card)] if with_bounds else []),
            *([number(card.hypothetical_total)] if hypothetical else []),
            str(card.count(Outcome.NOT_ASSESSED)),
        )
    outline.add_table(made, (headers.index(_POSSIBLE),) if with_bounds else ())


class _Column:
    """The column of a category. Its header shows the maximum if that is the same for all companies.

    Args:
        index: the position of the category.
        cards: the scorecards of the cohort.
    """

    def __init__(self, index: int, cards: list[Scorecard]) -> None:
        self._index = index
        categories = [card.categories[index] for card in cards]
        points = {category.max_points for category in categories}
        scores = {category.max_score for category in categories if category.max_score is not None}
        self._has_scores = bool(scores)
        self._points = only(points)
        self._score = only(scores)
        self.header = "\n".join(filter(None, (fill(categories[0].title, HEADER_WIDTH), self._maximum())))

    def _maximum(self) -> str:
        score = "" if self._score is None else f"of {number(self._score)}"
        points = "" if self._points is None else number(self._points)
        if self._has_scores:
            return f"{score} ({points})".strip() if points else score
        return f"of {points}" if points else ""

    def cell(self, card: Scorecard, *, hypothetical: bool) -> str:
        category = card.categories[self._index]
        if category.outcome is GroupOutcome.NOT_APPLICABLE:
            return "-"
        points = _points(category, hypothetical) + (
            f" of {number(category.max_points)}" if self._points is None else ""
        )
        if not self._has_scores:
            return points
        differs = category.max_score is not None and self._score is None
        return f"{number(category.score)}{f' of {number(category.max_score)}' if differs else ''} ({points})"


def _possible(card: Scorecard) -> str:
    """Return the lower and the upper bound of the result; a dash if they are not known."""
    return "-" if card.bounds is None else range_in_words(card.bounds, level_titles(card))


def _points(category: GroupScore, hypothetical: bool) -> str:
    if not hypothetical:
        return number(category.points)
    stated = subtract(category.points, category.hypothetical_points)
    return f"{number(stated)} + {number(category.hypothetical_points)} hyp."

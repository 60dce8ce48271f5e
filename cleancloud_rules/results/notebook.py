"""Results as tables in a notebook: what `_repr_html_` returns."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleancloud_rules.results.rankings import Ranking
    from cleancloud_rules.results.records import MethodologyRecord, NoticeRecord
    from cleancloud_rules.results.scorecards import GroupScore, Scorecard

MAX_ROWS = 100
"""The maximum number of companies of a cohort in a table."""


def scorecard_html(card: "Scorecard") -> str:
    """Return a scorecard as a table of its groups, with the notices."""
    rows = [(group.title, *_figures(group)) for group in card.groups]
    total = ("Total", _number(card.total), _number(card.max_total), _number(card.hypothetical_total), "", "")
    heads = ("Category", "Score", "Maximum", "of it HYPOTHETICAL", "Points", "of")
    caption = f"{card.company.name}: {_methodology(card.methodology)}"
    return _table(caption, _without_zeros(heads, [*rows, total], 3)) + _notices(card.notices)


def ranking_html(ranking: "Ranking") -> str:
    """Return a ranking as a table for each cohort, with the notices."""
    tables = []
    for cohort in ranking.cohorts:
        rows = [
            (
                "" if row.rank is None else str(row.rank),
                row.scorecard.company.name,
                _number(row.scorecard.total),
                _number(row.scorecard.hypothetical_total),
                row.scorecard.label or "",
            )
            for row in cohort.rows[:MAX_ROWS]
        ]
        heads = ("Rank", "Company", "Total", "of it HYPOTHETICAL", "Label")
        more = len(cohort.rows) - len(rows)
        said = f"<p>{more:,} more companies are not shown.</p>" if more else ""
        caption = f"{cohort.title}: {_methodology(ranking.methodology)}"
        tables.append(_table(caption, _without_zeros(heads, rows, 3)) + said)
    return "".join(tables) + _notices(ranking.notices)


def _figures(group: "GroupScore") -> tuple[str, ...]:
    scores = (_number(group.score), _number(group.max_score), _number(group.hypothetical_score))
    return (*scores, _number(group.points), _number(group.max_points))


def _methodology(record: "MethodologyRecord") -> str:
    return f"{record.title}, edition {record.edition}"


def _number(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}"


def _without_zeros(heads: Sequence[str], rows: Sequence[tuple[str, ...]], column: int) -> list[tuple[str, ...]]:
    """Return the heads and the rows, without a column that holds nothing but zeros."""
    if any(row[column].strip("0.") for row in rows):
        return [tuple(heads), *rows]
    return [(*row[:column], *row[column + 1 :]) for row in (tuple(heads), *rows)]


def _table(caption: str, rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = ("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in body)
    caption = f"<caption>{escape(caption)}</caption>"
    return f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _notices(notices: "Iterable[NoticeRecord]") -> str:
    return "".join(f"<p>{escape(notice.text)}</p>" for notice in notices)

"""Results as tables in a notebook: what `_repr_html_` returns."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from cleancloud_rules.model.outcomes import GroupOutcome

if TYPE_CHECKING:
    from cleancloud_rules.results.rankings import RankedCompany, Ranking
    from cleancloud_rules.results.records import MethodologyRecord, NoticeRecord
    from cleancloud_rules.results.scorecards import GroupScore, Scorecard

MAX_ROWS = 100
"""The maximum number of companies of a cohort in a table."""


def scorecard_html(card: "Scorecard") -> str:
    """Return a scorecard as a table of its groups, with the notices."""
    rows = [(group.title, *_figures(group)) for group in card.groups]
    total = ("Total", _total(card), _number(card.max_total), _number(card.hypothetical_total), "", "")
    heads = ("Category", "Score", "Maximum", "HYPOTHETICAL part", "Points", "of")
    caption = f"{card.company.name}: {_methodology(card.methodology)}"
    return _notices(card.notices) + _table(caption, heads, [*rows, total])


def ranking_html(ranking: "Ranking") -> str:
    """Return a ranking as a table for each cohort, with the notices."""
    tables = []
    for cohort in ranking.cohorts:
        rows = [
            (
                "" if row.rank is None else str(row.rank),
                row.company.name,
                _total(row),
                _number(row.hypothetical_total),
                row.label or "",
            )
            for row in cohort.rows[:MAX_ROWS]
        ]
        heads = ("Rank", "Company", "Total", "HYPOTHETICAL part", "Label")
        more = len(cohort.rows) - len(rows)
        said = f"<p>{more:,} more companies are not shown.</p>" if more else ""
        caption = f"{cohort.title}: {_methodology(ranking.methodology)}"
        tables.append(_table(caption, heads, rows) + said)
    return _notices(ranking.notices) + "".join(tables)


def _figures(group: "GroupScore") -> tuple[str, ...]:
    scores = (
        _number(group.score) or _words(group.outcome),
        _number(group.max_score),
        _number(group.hypothetical_score),
    )
    return (*scores, _number(group.points), _number(group.max_points))


def _total(card: "Scorecard | RankedCompany") -> str:
    return _number(card.total) or _words(card.outcome)


def _words(outcome: GroupOutcome) -> str:
    """Return why there is no score; empty where there is none because nothing adds up."""
    return "" if outcome is GroupOutcome.UNSCORED else outcome.value.replace("_", " ")


def _methodology(record: "MethodologyRecord") -> str:
    return f"{record.title}, edition {record.edition}"


def _number(number: Decimal | None) -> str:
    return "" if number is None else f"{number:f}"


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table without the columns that hold nothing but zeros, its figures on the right of their columns."""
    columns = [place for place in range(len(heads)) if any(row[place].strip("0.") for row in rows)]
    head = "".join(f'<th scope="col">{escape(heads[place])}</th>' for place in columns)
    lines = ("<tr>" + "".join(_cell(row[place]) for place in columns) + "</tr>" for row in rows)
    caption = f"<caption>{escape(caption)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _cell(text: str) -> str:
    is_figure = text.lstrip("-").replace(".", "", 1).isdecimal()
    side = "right" if is_figure else "left"
    return f'<td style="text-align:{side}">{escape(text)}</td>'


def _notices(notices: "Iterable[NoticeRecord]") -> str:
    return "".join(f"<p>{escape(notice.text)}</p>" for notice in notices)

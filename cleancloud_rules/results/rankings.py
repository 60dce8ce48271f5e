"""Rankings: companies in order, cohort by cohort."""

from typing import Any

from attrs import frozen

from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.one_line import one_line
from cleancloud_rules.packed import Packed
from cleancloud_rules.results.bounds import CompanyBounds
from cleancloud_rules.results.json import fields_of, to_json
from cleancloud_rules.results.notebook import ranking_html
from cleancloud_rules.results.records import SCHEMA_VERSION, MethodologyRecord, NoticeRecord
from cleancloud_rules.results.scorecards import Scorecard


@frozen(field_transformer=one_line)
class RankedCompany:
    """A row of a ranking. Equal companies share a rank, and the next rank skips as many ("1224" ranking).

    Args:
        rank: the rank; None if too little of the company is assessed for a total.
        scorecard: its scorecard.
    """

    rank: int | None
    scorecard: Scorecard


@frozen(field_transformer=one_line)
class Cohort:
    """The ranking of one cohort.

    Args:
        id: id of the cohort; None for companies without a cohort.
        title: the title for readers.
        rows: the companies, by rank, then by name and id.
    """

    id: str | None
    title: str
    rows: tuple[RankedCompany, ...]


@frozen(field_transformer=one_line)
class Ranking(Packed):
    """Companies ranked within their cohorts.

    Args:
        methodology: the methodology.
        cohorts: the cohorts, in the methodology's order.
        notices: the notices that every output carries.
        library_version: the version of the library.
        rank_by: what companies are ranked by, most important first: ``total``, ``level``, ``label`` or ids of tables.
    """

    methodology: MethodologyRecord
    cohorts: tuple[Cohort, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str
    rank_by: tuple[str, ...] = ("total",)

    def _repr_html_(self) -> str:
        """Return the ranking as a table for a notebook."""
        return ranking_html(self)

    def to_json(self) -> str:
        """Return the ranking as JSON. Equal rankings give equal bytes."""
        return to_json(self)


@fields_of.register
def _(ranking: Ranking) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "library_version": ranking.library_version,
        "notices": ranking.notices,
        "methodology": ranking.methodology,
        "rank_by": ranking.rank_by,
        "cohorts": ranking.cohorts,
    }


@fields_of.register
def _(row: RankedCompany) -> dict[str, Any]:
    card = row.scorecard
    shown = ("id", "title", "weight", "points", "max_points", "score", "max_score", "label", "level")
    return {
        "rank": row.rank,
        "company": {name: getattr(card.company, name) for name in ("id", "name", "aliases", "published")},
        "outcome": card.outcome,
        "total": card.total,
        "hypothetical_total": card.hypothetical_total,
        "label": card.label,
        "level": card.level,
        "tables": card.tables,
        "categories": [{name: getattr(category, name) for name in shown} for category in card.categories],
        "criteria_total": len(card.criteria),
        "not_assessed": card.count(Outcome.NOT_ASSESSED),
        "outcomes": {outcome.value: card.count(outcome) for outcome in Outcome},
        "bounds": None if card.bounds is None else _bounds(card.bounds),
    }


def _bounds(bounds: CompanyBounds) -> dict[str, Any]:
    """Return the bounds of the total and of the categories."""
    names = ("floor", "ceiling", "exact")
    categories = [{name: getattr(category, name) for name in ("id", *names)} for category in bounds.categories]
    return {**{name: getattr(bounds, name) for name in names}, "categories": categories}

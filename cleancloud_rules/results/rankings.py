"""Rankings: companies in order, cohort by cohort."""

from collections import Counter
from decimal import Decimal
from enum import Enum

from attrs import evolve, field, frozen

from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.on_demand import OnDemand, on_demand
from cleancloud_rules.one_line import one_line
from cleancloud_rules.packed import Packed
from cleancloud_rules.results.base import Result
from cleancloud_rules.results.from_data import Count, Rank
from cleancloud_rules.results.json import form
from cleancloud_rules.results.notebook import ranking_html
from cleancloud_rules.results.records import (
    SCHEMA_VERSION,
    LevelRecord,
    MethodologyRecord,
    NoticeRecord,
    PublishedRecord,
    TableResult,
)
from cleancloud_rules.results.scorecards import GroupScore, Scorecard


class RowOrder(Enum):
    """The order of the rows of a ranking."""

    RANK = "rank"
    PUBLISHED = "published"


@frozen(field_transformer=one_line)
class RankedName:
    """A company in a ranking.

    Args:
        id: its id.
        name: its name.
        aliases: other names of the same company.
        published: what the publisher printed of it; None if its dataset has no published table with a row of it.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    published: PublishedRecord | None


@frozen(field_transformer=one_line)
class RankedCategoryBounds:
    """The bounds of a category in a ranking.

    Args:
        id: id of the category.
        floor: the lower bound of the score; None if there may be no score, or no bound is known.
        ceiling: the upper bound of the score; None if there can be no score, or no bound is known.
        exact: whether completions reach both bounds; if not, the bounds may be too wide.
    """

    id: str
    floor: Decimal | None
    ceiling: Decimal | None
    exact: bool


@frozen(field_transformer=one_line)
class RankedBounds:
    """The bounds of a company in a ranking.

    Args:
        floor: the lower bound of the total; None if there may be no total, or no bound is known.
        ceiling: the upper bound of the total; None if there can be no total, or no bound is known.
        exact: whether completions reach both bounds; if not, the bounds may be too wide.
        categories: the bounds of the categories, in the methodology's order.
    """

    floor: Decimal | None
    ceiling: Decimal | None
    exact: bool
    categories: tuple[RankedCategoryBounds, ...]


@frozen(field_transformer=one_line)
class RankedCategory:
    """The figures of a category in a ranking.

    Args:
        id: id of the category.
        title: its title.
        weight: inside a sum, its maximum; inside a weighted sum or mean, its weight; else None.
        points: the sum of the points of its criteria.
        max_points: the sum of the maximum points of its criteria that apply.
        score: the value, rounded as declared; None without a score.
        max_score: the maximum of the score; None without a score.
        label: the label of the band in which the score lies.
        level: the highest level reached.
    """

    id: str
    title: str
    weight: Decimal | None
    points: Decimal
    max_points: Decimal
    score: Decimal | None
    max_score: Decimal | None
    label: str | None
    level: LevelRecord | None


@frozen(field_transformer=one_line)
class RankedCompany(OnDemand):
    """A row of a ranking. Equal companies share a rank, and the next rank skips as many ("1224" ranking).

    Args:
        rank: the rank; None if too little of the company is assessed for a total.
        company: the company.
        outcome: whether there is a total, or why not.
        total: the aggregate of the categories; None if there is no total.
        hypothetical_total: the part of `total` that hypothetical facts alone earn; None without a total.
        label: the label of the band in which the total lies.
        level: the highest level reached.
        tables: the results of the decision tables.
        categories: the figures of the categories, in the methodology's order.
        criteria_total: the number of criteria.
        not_assessed: the number of criteria that are not assessed.
        outcomes: the number of criteria with each outcome.
        bounds: the bounds of the total and of the categories; None if they were not asked for.
    """

    rank: Rank | None
    company: RankedName
    outcome: GroupOutcome
    total: Decimal | None
    hypothetical_total: Decimal | None
    label: str | None
    level: LevelRecord | None
    tables: tuple[TableResult, ...]
    categories: tuple[RankedCategory, ...]
    criteria_total: Count
    not_assessed: Count
    outcomes: tuple[tuple[Outcome, Count], ...]
    bounds: RankedBounds | None = None
    _scorecard: Scorecard | None = field(default=None, repr=False, eq=False)

    @property
    def scorecard(self) -> Scorecard:
        """The scorecard of the company; ValueError if the ranking was read from JSON, which has figures alone."""
        if self._scorecard is None:
            raise ValueError("a ranking that was read from JSON has figures and no scorecards: keep these as JSON too")
        return self._scorecard


def ranked(rank: int | None, card: Scorecard) -> RankedCompany:
    """Return a row of a ranking: a scorecard with its rank. What the order does not need is made when it is read."""
    return on_demand(
        RankedCompany,
        _Figures(card),
        rank=rank,
        company=RankedName(card.company.id, card.company.name, card.company.aliases, card.company.published),
        outcome=card.outcome,
        total=card.total,
        hypothetical_total=card.hypothetical_total,
        label=card.label,
        level=card.level,
        tables=card.tables,
        _scorecard=card,
    )


@frozen
class _Figures:
    """Makes the figures of a row that its place in the order does not need."""

    card: Scorecard

    def categories(self) -> tuple[RankedCategory, ...]:
        return tuple(map(_category, self.card.categories))

    def criteria_total(self) -> int:
        return len(self.card.criteria)

    def not_assessed(self) -> int:
        return self.card.count(Outcome.NOT_ASSESSED)

    def outcomes(self) -> tuple[tuple[Outcome, int], ...]:
        counts = Counter(criterion.outcome for criterion in self.card.criteria)
        return tuple((outcome, counts[outcome]) for outcome in Outcome)

    def bounds(self) -> RankedBounds | None:
        found = self.card.bounds
        if found is None:
            return None
        categories = tuple(RankedCategoryBounds(c.id, c.floor, c.ceiling, c.exact) for c in found.categories)
        return RankedBounds(found.floor, found.ceiling, found.exact, categories)


def _category(group: GroupScore) -> RankedCategory:
    return RankedCategory(
        group.id,
        group.title,
        group.weight,
        group.points,
        group.max_points,
        group.score,
        group.max_score,
        group.label,
        group.level,
    )


@frozen(field_transformer=one_line)
class Cohort:
    """The ranking of one cohort.

    Args:
        id: id of the cohort; None for companies without a cohort.
        title: the title for readers.
        rows: the companies, in the order of the ranking; by rank, they are then sorted by name and id.
    """

    id: str | None
    title: str
    rows: tuple[RankedCompany, ...]


@frozen(field_transformer=one_line)
class Ranking(Packed, Result):
    """Companies ranked within their cohorts.

    In JSON it has figures alone: a ranking that was read from JSON has no scorecards.

    Args:
        methodology: the methodology.
        cohorts: the cohorts, in the methodology's order.
        notices: the notices that every output carries.
        library_version: the version of the library.
        rank_by: what companies are ranked by, most important first: ``total``, ``level``, ``label`` or ids of tables.
        order: the order of the rows: by rank, or the published one.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> dataset = cc.load_dataset("clean_cloud_2024", methodology)
        >>> ranking = cc.rank(dataset, methodology)
        >>> [(cohort.title, cohort.rows[0].company.name) for cohort in ranking.cohorts]
        [('Cloud providers', 'Tencent'), ('Data center operators', 'Chindata Group')]
    """

    methodology: MethodologyRecord
    cohorts: tuple[Cohort, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str
    rank_by: tuple[str, ...] = ("total",)
    order: RowOrder = RowOrder.RANK

    def in_published_order(self) -> "Ranking":
        """Return the ranking with its rows in the published order. The ranks stay as they are.

        That is the order of the printed ranks; without ranks, and among equal ones, it is the order of the table.
        Companies that the table does not have come last, by rank.

        Raises:
            ValueError: if no company is in a published table.
        """
        if not any(row.company.published is not None for cohort in self.cohorts for row in cohort.rows):
            raise ValueError("there is no published order: no company has a row in a published table")
        cohorts = (evolve(cohort, rows=tuple(sorted(cohort.rows, key=_published_place))) for cohort in self.cohorts)
        return evolve(self, cohorts=tuple(cohorts), order=RowOrder.PUBLISHED)

    def _repr_html_(self) -> str:
        """Return the ranking as a table for a notebook."""
        return ranking_html(self)


def _published_place(row: RankedCompany) -> tuple[bool, bool, int, int]:
    return published_place(row.company.published)


def published_place(published: PublishedRecord | None) -> tuple[bool, bool, int, int]:
    """Return by what companies of a cohort are sorted in the published order: their ranks, then their rows.

    Companies without a printed rank come after those with one, and those without a row last.
    """
    if published is None:
        return True, True, 0, 0
    return False, published.rank is None, published.rank or 0, published.position


form(
    Ranking,
    first=("schema_version", "library_version", "notices", "methodology", "rank_by", "order", "cohorts"),
    schema_version=lambda _: SCHEMA_VERSION,
)
form(
    RankedCompany,
    without=("_scorecard",),
    outcomes=lambda row: {outcome.value: count for outcome, count in row.outcomes},
)

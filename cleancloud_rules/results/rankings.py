"""Companies in order, cohort by cohort."""

from attrs import frozen

from cleancloud_rules.results.records import MethodologyRecord, NoticeRecord
from cleancloud_rules.results.scorecards import Scorecard


@frozen
class RankedCompany:
    """A row of a ranking; equals share a rank, and the next rank leaves room for them ("1224")."""

    rank: int
    scorecard: Scorecard


@frozen
class Cohort:
    """The ranking of one cohort.

    Args:
        id: id of the cohort; None for companies outside any.
        title: what a reader sees.
        rows: by rank, then by company name and id.
    """

    id: str | None
    title: str
    rows: tuple[RankedCompany, ...]


@frozen
class Ranking:
    """Companies ranked within their cohorts.

    Args:
        methodology: which methodology was applied.
        cohorts: in the methodology's order.
        notices: what every rendering says.
        library_version: the version that computed it.
        rank_by: what the ranks follow, what goes first at first: ``total``, ``level``, ``label`` or the id of a table.
    """

    methodology: MethodologyRecord
    cohorts: tuple[Cohort, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str
    rank_by: tuple[str, ...] = ("total",)

    def to_json(self) -> str:
        """Return the ranking as JSON; equal rankings give equal bytes."""
        from cleancloud_rules.results.json import to_json

        return to_json(self)

"""Points, outcomes and scores alone: a scorecard without what explains it."""

from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.base import Result
from cleancloud_rules.results.records import (
    SCHEMA_VERSION,
    CompanyRecord,
    LevelRecord,
    MethodologyRecord,
    NoticeRecord,
)

if TYPE_CHECKING:
    from cleancloud_rules.results.scorecards import GroupScore, Scorecard


@frozen(field_transformer=one_line)
class CriterionPoints:
    """The points of one criterion.

    Args:
        id: id of the criterion.
        outcome: its outcome.
        points: the points that it earned, with the methodology's digits.
        max_points: its maximum points.
    """

    id: str
    outcome: Outcome
    points: Decimal
    max_points: Decimal


@frozen(field_transformer=one_line)
class GroupPoints:
    """The score and the points of one category, or of a group inside one.

    Args:
        id: id of the category or group.
        outcome: whether it has a score, or why not.
        score: the value, rounded as declared; None without a score.
        max_score: the maximum of the score; None without a score.
        points: the sum of the points of its criteria.
        max_points: the sum of the maximum points of its criteria that apply.
        label: the label of the band in which the score lies.
        level: the highest level reached.
    """

    id: str
    outcome: GroupOutcome
    score: Decimal | None
    max_score: Decimal | None
    points: Decimal
    max_points: Decimal
    label: str | None
    level: LevelRecord | None


@frozen(field_transformer=one_line)
class Points(Result):
    """The points, outcomes and scores of one company. It keeps no fact, no rule and no sentence but the notices.

    Args:
        methodology: the methodology.
        company: the company.
        outcome: whether there is a total, or why not.
        total: the aggregate of the categories; None if there is no total.
        hypothetical_total: the part of `total` that hypothetical facts alone earn; None without a total.
        max_total: the maximum of the total; None without a total.
        label: the label of the band in which the total lies.
        level: the highest level reached.
        groups: all categories and the groups inside them, each before the groups that it contains.
        criteria: all criteria, category by category.
        notices: the notices that every output carries.
        library_version: the version of the library.
        schema_version: the version of the JSON form.
    """

    methodology: MethodologyRecord
    company: CompanyRecord
    outcome: GroupOutcome
    total: Decimal | None
    hypothetical_total: Decimal | None
    max_total: Decimal | None
    label: str | None
    level: LevelRecord | None
    groups: tuple[GroupPoints, ...]
    criteria: tuple[CriterionPoints, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str
    schema_version: int = SCHEMA_VERSION


def points_of(card: "Scorecard") -> Points:
    """Return the points, outcomes and scores of a scorecard."""
    return Points(
        card.methodology,
        card.company,
        card.outcome,
        card.total,
        card.hypothetical_total,
        card.max_total,
        card.label,
        card.level,
        tuple(map(_of_group, card.groups)),
        tuple(CriterionPoints(c.id, c.outcome, c.points, c.max_points) for c in card.criteria),
        card.notices,
        card.library_version,
    )


def _of_group(group: "GroupScore") -> GroupPoints:
    return GroupPoints(
        group.id, group.outcome, group.score, group.max_score, group.points, group.max_points, group.label, group.level
    )

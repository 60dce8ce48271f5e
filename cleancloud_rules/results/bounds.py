"""The least and the most that completions of the stated facts can come to."""

from decimal import Decimal

from attrs import frozen

from cleancloud_rules.results.records import CompanyRecord, MethodologyRecord, NoticeRecord


@frozen
class CriterionBounds:
    """What a criterion can come to.

    Args:
        id: id of the criterion.
        title: its title.
        points: what it comes to from the stated facts.
        floor: the least over all completions.
        ceiling: the most over all completions.
        max_points: the most that it can earn at all.
        exact: whether some completion reaches floor and ceiling; if not they are limits that may be too wide.
        reason: why, in a sentence.
    """

    id: str
    title: str
    points: Decimal
    floor: Decimal
    ceiling: Decimal
    max_points: Decimal
    exact: bool
    reason: str


@frozen
class Ends:
    """What a group, or the whole, comes to at the stated facts, at the least and at the most.

    Args:
        stated: from the stated facts.
        floor: at the least.
        ceiling: at the most.
    """

    stated: str | None
    floor: str | None
    ceiling: str | None


@frozen
class GroupBounds:
    """What a category, or a group inside one, can come to, in points and in score.

    Args:
        id: id of the category.
        title: its title.
        weight: its weight, if it has one.
        points: the points of its criteria from the stated facts.
        floor_points: the least points.
        ceiling_points: the most points.
        max_points: the most points that there are.
        score: the score from the stated facts; None where there is none.
        floor: the least score; None where there may be none, or no limit is known.
        ceiling: the most; None where there is none at all, or no limit is known.
        criteria: in the order of their ids.
        groups: the groups inside it.
        labels: the labels of these scores; None where it has no bands.
        levels: the ids of the levels reached; None where it has no levels.
        exact: whether some completion reaches floor and ceiling; if not they are limits that may be too wide.
        reason: why they may be; None where they are exact.
    """

    id: str
    title: str
    weight: Decimal | None
    points: Decimal
    floor_points: Decimal
    ceiling_points: Decimal
    max_points: Decimal
    score: Decimal | None
    floor: Decimal | None
    ceiling: Decimal | None
    criteria: tuple[CriterionBounds, ...]
    groups: tuple["GroupBounds", ...]
    labels: Ends | None
    levels: Ends | None
    exact: bool
    reason: str | None

    @property
    def width(self) -> Decimal | None:
        """The distance from floor to ceiling, in score; None where one of them is not a number."""
        return None if self.floor is None or self.ceiling is None else self.ceiling - self.floor

    @property
    def every_group(self) -> tuple["GroupBounds", ...]:
        """Itself and all groups inside it, each before those inside it."""
        return (self, *(inner for group in self.groups for inner in group.every_group))


@frozen
class CompanyBounds:
    """What a company can come to.

    Args:
        company: the company.
        total: the total from the stated facts; None where there is none.
        floor: the least total over all completions; None where there may be none, or no limit is known.
        ceiling: the most; None where there is none at all, or no limit is known.
        exact: whether floors and ceilings are reached; if not they are limits that may be too wide.
        categories: in the methodology's order.
        labels: the labels of these totals; None where there are no bands.
        levels: the ids of the levels reached; None where there are no levels.
        reason: why the limits of the total may be too wide; None where they are exact.
    """

    company: CompanyRecord
    total: Decimal | None
    floor: Decimal | None
    ceiling: Decimal | None
    exact: bool
    categories: tuple[GroupBounds, ...]
    labels: Ends | None
    levels: Ends | None
    reason: str | None

    @property
    def groups(self) -> tuple[GroupBounds, ...]:
        """All categories and the groups inside them, each before those inside it."""
        return tuple(group for category in self.categories for group in category.every_group)

    def category(self, id: str) -> GroupBounds:
        """Return the category or group called `id`; KeyError if there is none."""
        for group in self.groups:
            if group.id == id:
                return group
        raise KeyError(id)

    def criterion(self, id: str) -> CriterionBounds:
        """Return the criterion called `id`; KeyError if there is none."""
        for group in self.groups:
            for criterion in group.criteria:
                if criterion.id == id:
                    return criterion
        raise KeyError(id)


@frozen
class Bounds:
    """Floors and ceilings of some companies, sorted by id."""

    methodology: MethodologyRecord
    companies: tuple[CompanyBounds, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str

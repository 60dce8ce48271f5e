"""The least and the most that completions of the stated facts can come to."""

from decimal import Decimal

from attrs import frozen

from cleancloud_rules.scorecards import CompanyRecord, MethodologyRecord, NoticeRecord


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
class CategoryBounds:
    """What a category can come to, in points and in score."""

    id: str
    title: str
    weight: Decimal
    points: Decimal
    floor_points: Decimal
    ceiling_points: Decimal
    max_points: Decimal
    score: Decimal
    floor: Decimal
    ceiling: Decimal
    criteria: tuple[CriterionBounds, ...]

    @property
    def width(self) -> Decimal:
        """The distance from floor to ceiling, in score."""
        return self.ceiling - self.floor


@frozen
class CompanyBounds:
    """What a company can come to.

    Args:
        company: the company.
        total: the total from the stated facts.
        floor: the least total over all completions.
        ceiling: the most.
        exact: whether floors and ceilings are reached; if not they are limits that may be too wide.
        categories: in the methodology's order.
    """

    company: CompanyRecord
    total: Decimal
    floor: Decimal
    ceiling: Decimal
    exact: bool
    categories: tuple[CategoryBounds, ...]

    def category(self, id: str) -> CategoryBounds:
        """Return the category called `id`; KeyError if there is none."""
        for category in self.categories:
            if category.id == id:
                return category
        raise KeyError(id)


@frozen
class Bounds:
    """Floors and ceilings of some companies, sorted by id."""

    methodology: MethodologyRecord
    companies: tuple[CompanyBounds, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str

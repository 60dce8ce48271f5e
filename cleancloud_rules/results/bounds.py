"""Lower and upper bounds of points and scores over all completions of the stated facts."""

from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from cleancloud_rules.model.exact import subtract
from cleancloud_rules.on_demand import OnDemand
from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.base import Result
from cleancloud_rules.results.from_data import Count
from cleancloud_rules.results.records import SCHEMA_VERSION, CompanyRecord, MethodologyRecord, NoticeRecord


@frozen(field_transformer=one_line)
class RuleGain:
    """What a rule would add if further facts fired it, and all other results stayed as they are.

    Args:
        id: id of the rule.
        points: the points that the criterion would gain, at most: the fact that fires the rule may keep another one
            from firing, and a rule in proportion to a number is taken at its maximum.
        total: the change of the total; None if there is no total before or after.
    """

    id: str
    points: Decimal
    total: Decimal | None


@frozen(field_transformer=one_line)
class CriterionBounds(OnDemand):
    """Lower and upper bound of the points of a criterion, and what further points would do to the total.

    Args:
        id: id of the criterion.
        title: its title.
        points: its points from the stated facts.
        floor: the lower bound: the lowest value over all completions.
        ceiling: the upper bound: the highest value over all completions.
        max_points: its maximum points.
        exact: whether completions reach both bounds; if not, the bounds may be too wide.
        reason: why the bounds are what they are, in a sentence.
        point_effect: the change of the total for one point, without rounding, if all other results stay as they are:
            the mean over all points of the criterion; None if it has no maximum, or if there is no total.
        next_rules: the rules that further facts can fire and that would add points, the smallest gain first.
    """

    id: str
    title: str
    points: Decimal
    floor: Decimal
    ceiling: Decimal
    max_points: Decimal
    exact: bool
    reason: str
    point_effect: Fraction | None = None
    next_rules: tuple[RuleGain, ...] = ()


@frozen(field_transformer=one_line)
class Ends:
    """A label or level of a group or of the total: from the stated facts, at the lower and at the upper bound.

    Args:
        stated: from the stated facts.
        floor: at the lower bound.
        ceiling: at the upper bound.
    """

    stated: str | None
    floor: str | None
    ceiling: str | None


@frozen(field_transformer=one_line)
class CoverageBounds:
    """What further facts could do for one line of the `coverage` of a group.

    Args:
        needed: how many parts must be assessed.
        found: how many are assessed by the stated facts.
        possible: how many could be assessed by further facts.
    """

    needed: Count
    found: Count
    possible: Count


@frozen(field_transformer=one_line)
class GroupBounds:
    """Lower and upper bounds of a category or a group inside one, in points and in score.

    Args:
        id: id of the category or group.
        title: its title.
        weight: its weight, if it has one.
        points: the points of its criteria from the stated facts.
        floor_points: the lower bound of the points.
        ceiling_points: the upper bound of the points.
        max_points: its maximum points.
        score: the score from the stated facts; None if there is none.
        floor: the lower bound of the score; None if there may be no score, or no bound is known.
        ceiling: the upper bound of the score; None if there can be no score, or no bound is known.
        criteria: the bounds of its criteria, in the order of the methodology.
        groups: the bounds of the groups inside it.
        labels: the labels of these scores; None if it has no bands.
        levels: the ids of the levels reached; None if it has no levels.
        exact: whether completions reach both bounds; if not, the bounds may be too wide.
        reason: why the bounds may be too wide; None if they are exact.
        coverage: what further facts could assess, line by line; empty if no coverage is asked.
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
    coverage: tuple[CoverageBounds, ...] = ()

    @property
    def width(self) -> Decimal | None:
        """The distance between the bounds of the score; None if one of them is not known."""
        return None if self.floor is None or self.ceiling is None else subtract(self.ceiling, self.floor)

    @property
    def is_known(self) -> bool:
        """Whether a bound of the score, the label or the level is known."""
        return _is_known(self)

    @property
    def every_group(self) -> tuple["GroupBounds", ...]:
        """This group and all groups inside it, each before the groups that it contains."""
        return (self, *(inner for group in self.groups for inner in group.every_group))


@frozen(field_transformer=one_line)
class CompanyBounds:
    """Lower and upper bounds of the results of a company.

    Args:
        company: the company.
        total: the total from the stated facts; None if there is none.
        floor: the lower bound of the total over all completions; None if there may be no total, or no bound is known.
        ceiling: the upper bound of the total; None if there can be no total, or no bound is known.
        exact: whether completions reach both bounds; if not, the bounds may be too wide.
        categories: the bounds of the categories, in the methodology's order.
        labels: the labels of these totals; None if there are no bands.
        levels: the ids of the levels reached; None if there are no levels.
        reason: why the bounds of the total may be too wide; None if they are exact.
        coverage: what further facts could assess, line by line; empty if no coverage is asked.
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
    coverage: tuple[CoverageBounds, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether a bound of the total, the label or the level is known."""
        return _is_known(self)

    @property
    def may_be_too_wide(self) -> bool:
        """Whether the bounds of the total or of a group may be too wide."""
        return self.reason is not None or any(group.reason is not None for group in self.groups)

    @property
    def groups(self) -> tuple[GroupBounds, ...]:
        """All categories and the groups inside them, each before the groups that it contains."""
        return tuple(group for category in self.categories for group in category.every_group)

    def category(self, id: str) -> GroupBounds:
        """Return the category or group with the id; KeyError if there is none."""
        for group in self.groups:
            if group.id == id:
                return group
        raise KeyError(id)

    def criterion(self, id: str) -> CriterionBounds:
        """Return the criterion with the id; KeyError if there is none."""
        for group in self.groups:
            for criterion in group.criteria:
                if criterion.id == id:
                    return criterion
        raise KeyError(id)


def _is_known(part: GroupBounds | CompanyBounds) -> bool:
    ends = [end for words in (part.labels, part.levels) if words is not None for end in (words.floor, words.ceiling)]
    return any(end is not None for end in (part.floor, part.ceiling, *ends))


@frozen(field_transformer=one_line)
class Bounds(Result):
    """Lower and upper bounds of companies.

    Args:
        methodology: the methodology.
        companies: the bounds of the companies, sorted by id.
        notices: the notices that every output carries.
        library_version: the version of the library.
        schema_version: the version of the JSON form.
    """

    methodology: MethodologyRecord
    companies: tuple[CompanyBounds, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str
    schema_version: int = SCHEMA_VERSION

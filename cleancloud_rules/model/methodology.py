"""Rules, criteria, groups and the methodology."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import TypeVar

from attrs import evolve, field, frozen

from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.conditions import AnyOf, Condition, When, conditions_of
from cleancloud_rules.model.exact import total
from cleancloud_rules.model.facts import Source
from cleancloud_rules.model.groups import (
    ASSESSED,
    NOT_APPLICABLE,
    Combining,
    CountsAs,
    DecisionTable,
    NotApplicable,
    NotAssessed,
    Parts,
    Requirement,
    RequirementWord,
    ScoreRounding,
)
from cleancloud_rules.model.rounding import Rounding, RoundingMode
from cleancloud_rules.model.texts import EditionChange, Notice, Remedy
from cleancloud_rules.model.values import Id
from cleancloud_rules.model.vocabulary import Vocabulary, Window
from cleancloud_rules.one_line import one_line
from cleancloud_rules.packed import Packed

MAX_SHORT = 24
"""The maximum number of characters of a short title."""


class PointsBasis(Enum):
    """Who chose the points: the publisher of the methodology, or this project."""

    PUBLISHED = "published"
    PROJECT = "project"


class HitPolicy(Enum):
    """Which points a criterion has if several of its rules fire (DMN's hit policies)."""

    COLLECT_MAX = "collect max"
    COLLECT_MIN = "collect min"
    COLLECT_SUM = "collect sum"
    FIRST = "first"


@frozen
class Reference:
    """Where the publisher states a criterion.

    Args:
        source: the publication.
        section: where in it; None if the file names no place.
    """

    source: Source
    section: str | None = None


@frozen
class Proportion:
    """Points in proportion to a number: linear between two ends, constant beyond them.

    Args:
        fact_type: the fact type that has the number.
        field: the field that has it.
        over: the number at which the rule earns `least`, and the one at which it earns all its points.
        least: the points at the first of the two.
        digits: the decimal places to which points are rounded; None for those of points.
        mode: what happens to a digit that is dropped; None for the mode of the methodology.
    """

    fact_type: str
    field: str
    over: tuple[Decimal, Decimal]
    least: Decimal = Decimal(0)
    digits: int | None = None
    mode: RoundingMode | None = None


@frozen(field_transformer=one_line)
class Rule:
    """One way to earn points, or to lose some.

    Args:
        id: unique within the criterion.
        points: what it earns; with a proportion what it earns at the better end. A penalty is negative.
        when: its condition.
        because: the sentence for a company that earns the points; ``{type.field}`` stands for a value.
        in_proportion: how the points follow from a number; None if they do not.
        basis: who added the condition, if it goes beyond the publisher's words; else None.
        rationale: why it goes beyond them.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> rule = methodology.criterion("renewable_target").rules[0]
        >>> rule.id, rule.points
        ('whole_company', Decimal('10'))
    """

    id: Id
    points: Decimal
    when: When
    because: str
    in_proportion: Proportion | None = None
    basis: PointsBasis | None = None
    rationale: str | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    @property
    def range(self) -> tuple[Decimal, Decimal]:
        """Its minimum and maximum points if it fires. In proportion to a number that is missing, it earns 0."""
        if self.in_proportion is None:
            return self.points, self.points
        ends = (self.points, self.in_proportion.least, Decimal(0))
        return min(ends), max(ends)


@frozen(field_transformer=one_line)
class Criterion:
    """What a methodology asks of a company: rules with points.

    Args:
        id: unique within the methodology.
        title: what a reader sees.
        horizon: the id of the window that all its fact types share.
        max_points: its maximum.
        hit_policy: which points it has if several rules fire.
        rules: in the order of the file under `first`, else by points, highest first, then by id.
        otherwise: the sentence for a company that earns nothing.
        at_most: the upper limit of a sum; None if none was declared.
        at_least: the lower limit for penalties; None if none was declared.
        weight: how much it counts in a weighted sum or mean; None in any other group.
        level: the id of the level that asks for it.
        requirement: how strongly it is required.
        met_at: the points from which it counts as met; None for all of them.
        requires: its gate: the requirements without which it is gated.
        not_applicable: when it does not apply.
        not_assessed: how it is counted if it is not assessed; None for what the groups around it say.
        answered: the condition that an answer passes which assesses it, for a question some of whose answers do not.
        shared_with: ids of criteria that read the same evidence on purpose.
        replaces: the ids that it had in the edition before.
        points_basis: who chose the points.
        basis: who added the criterion, if it goes beyond the publisher's words; else None.
        rationale: why it goes beyond them.
        guidance: what counts as evidence.
        short: a title of at most `MAX_SHORT` characters for narrow places; None for none.
        reference: where the publisher states it.
        remedy: what a company can do about missing points.
        monotone: whether better evidence must never cost points; False declares an exception, and `rationale` says why.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> criterion = methodology.criterion("renewable_target")
        >>> criterion.title, criterion.max_points, [rule.id for rule in criterion.rules]
        ('100% renewable energy by 2030', Decimal('10'), ['whole_company', 'part_of_the_company', 'later_dated'])
    """

    id: Id
    title: str
    horizon: Id
    max_points: Decimal
    hit_policy: HitPolicy
    rules: tuple[Rule, ...]
    otherwise: str
    at_most: Decimal | None = None
    at_least: Decimal | None = None
    weight: Decimal | None = None
    level: Id | None = None
    requirement: RequirementWord | None = None
    met_at: Decimal | None = None
    requires: tuple[Requirement, ...] = ()
    not_applicable: NotApplicable | None = None
    not_assessed: NotAssessed | None = field(default=None, metadata={"later": True})
    answered: Condition | None = field(default=None, metadata={"made": True, "later": True})
    shared_with: tuple[Id, ...] = ()
    replaces: tuple[Id, ...] = ()
    points_basis: PointsBasis = PointsBasis.PROJECT
    basis: PointsBasis | None = None
    rationale: str | None = None
    guidance: str | None = None
    short: str | None = field(default=None, metadata={"later": True})
    reference: Reference | None = None
    remedy: Remedy | None = None
    monotone: bool = True
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen(field_transformer=one_line)
class Group(Combining):
    """A group of criteria, of groups, or of both.

    Args:
        id: unique within the methodology.
        title: what a reader sees.
        weight: inside a sum its scale; inside a weighted sum or mean how much it counts.
        criteria: in the order of their file.
        groups: the groups inside it, in the order of the file.
        parts: whether their scores are rounded before they are combined.
        rounding: how its score is rounded, where that differs from the methodology's rounding.
        requires: its gate: the requirements without which its criteria are gated.
        not_applicable: when its criteria do not apply.
        not_assessed: how it and its criteria are counted if not assessed; None for what the groups around it say.
        replaces: the ids that it had in the edition before.
    """

    id: Id
    title: str
    weight: Decimal | None = None
    criteria: tuple[Criterion, ...] = ()
    groups: tuple["Group", ...] = ()
    parts: Parts = Parts.EXACT
    rounding: ScoreRounding | None = None
    requires: tuple[Requirement, ...] = ()
    not_applicable: NotApplicable | None = None
    not_assessed: NotAssessed | None = field(default=None, metadata={"later": True})
    replaces: tuple[Id, ...] = ()
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    @cached_property
    def every_criterion(self) -> tuple[Criterion, ...]:
        """Its criteria, followed by those of the groups inside it."""
        return (*self.criteria, *(c for group in self.groups for c in group.every_criterion))

    @cached_property
    def every_group(self) -> tuple["Group", ...]:
        """The group and all groups inside it, outer groups first."""
        return (self, *(inner for group in self.groups for inner in group.every_group))

    @property
    def max_points(self) -> Decimal:
        """The sum of the maxima of all its criteria."""
        return total(criterion.max_points for criterion in self.every_criterion)


@frozen(field_transformer=one_line)
class Methodology(Packed):
    """A methodology, complete and checked.

    Args:
        id: the name in files.
        title: what a reader sees.
        edition: its edition.
        publisher: who published it.
        vocabulary: what can be stated.
        categories: in the order of the file.
        windows: ids of horizons and their windows.
        accepted_sources: the source types whose facts count.
        as_of: the cut-off: the last day on which evidence can have been there to count; None if there is none.
        rounding: how points become scores.
        points_basis: who chose the points.
        notices: the sentences that every output carries.
        combining: how the categories are combined to the total.
        not_applicable: the default for how criteria that do not apply are counted.
        not_assessed: the default for how criteria and groups that are not assessed are counted.
        tables: decision tables over the results of groups and criteria.
        rank_by: what companies are ranked by: ``total``, ``level``, ``label`` or the id of a table.
        recommendations: ids and texts of the publisher's recommendations.
        changes: what this edition changed, as its publisher says, in the order of the file.
        bibliography: sources that criteria refer to, and that every company can cite.
        approved_by: who approved it; None if the file does not say.
        sha256: digest of the canonical form of all this.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> [category.id for category in methodology.categories]
        ['transparency', 'carbon_reduction', 'renewable_energy', 'influence']
    """

    id: str
    title: str
    edition: str
    publisher: str
    vocabulary: Vocabulary
    categories: tuple[Group, ...]
    windows: tuple[tuple[str, Window], ...]
    accepted_sources: tuple[str, ...]
    as_of: date | None = field(default=None, metadata={"later": True})
    rounding: Rounding = field(factory=Rounding)
    points_basis: PointsBasis = PointsBasis.PROJECT
    combining: Combining = field(factory=Combining)
    not_applicable: CountsAs = CountsAs.EXCLUDED
    not_assessed: NotAssessed = field(default=NotAssessed.ZERO, metadata={"later": True})
    tables: tuple[DecisionTable, ...] = ()
    rank_by: tuple[str, ...] = ("total",)
    notices: tuple[Notice, ...] = ()
    recommendations: tuple[tuple[str, str], ...] = ()
    changes: tuple[EditionChange, ...] = ()
    bibliography: tuple[Source, ...] = ()
    approved_by: str | None = field(default=None, kw_only=True, metadata={"later": True})
    sha256: str = ""
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria, category by category."""
        return tuple(criterion for category in self.categories for criterion in category.every_criterion)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """All categories and the groups inside them, outer groups first."""
        return tuple(group for category in self.categories for group in category.every_group)

    @cached_property
    def asked(self) -> tuple[tuple[str, str, When], ...]:
        """All rules for the engine: the id of a criterion or a group, the name of the rule, and its condition."""
        owners: tuple[Group | Criterion, ...] = (*self.groups, *self.criteria)
        rules = [(criterion.id, rule.id, rule.when) for criterion in self.criteria for rule in criterion.rules]
        exempt = [(o.id, NOT_APPLICABLE, o.not_applicable.when) for o in owners if o.not_applicable is not None]
        assessed = [(criterion.id, ASSESSED, self.assessing(criterion)) for criterion in self.watched]
        return (*rules, *((owner, name, when) for owner, name, when in exempt if when is not None), *assessed)

    @cached_property
    def counted(self) -> tuple[Criterion, ...]:
        """The criteria on whose assessment scores depend: they are left out without it, or a `coverage` counts them."""
        return tuple(_counted(self.categories, self.not_assessed, covered=bool(self.combining.coverage)))

    @cached_property
    def watched(self) -> tuple[Criterion, ...]:
        """The criteria on whose assessment scores or outcomes depend."""
        ids = {criterion.id for criterion in self.counted}
        return tuple(c for c in self.criteria if c.id in ids or c.answered is not None)

    def assessing(self, criterion: Criterion) -> When:
        """Return the condition under which a criterion is assessed: some fact counts that is relevant to it."""
        # A fact is relevant if it passes the tests on key fields of one of the conditions of the rules. An answer must
        # also be one that assesses.
        found: dict[Condition, Condition] = {}
        for condition in (condition for rule in criterion.rules for condition in conditions_of(rule.when)):
            keys = {own.id for own in self.vocabulary.by_id[condition.fact_type].fields if own.key}
            tests = [test for test in condition.tests if test.field in keys]
            if criterion.answered is not None and criterion.answered.fact_type == condition.fact_type:
                tests += criterion.answered.tests
            relevant = evolve(condition, tests=tuple(sorted(tests, key=lambda test: test.field)))
            found.setdefault(relevant, relevant)
        return next(iter(found)) if len(found) == 1 else AnyOf(tuple(found))

    @cached_property
    def new_ids(self) -> dict[str, str]:
        """The ids of groups and criteria by the ids that they had in the edition before."""
        owners: tuple[Group | Criterion, ...] = (*self.groups, *self.criteria)
        return {old: owner.id for owner in owners for old in owner.replaces}

    def rounding_of(self, group: Group) -> Rounding:
        """Return how the score of a group is rounded: key by key its own rounding, or else that of the methodology."""
        own = group.rounding or ScoreRounding()
        return evolve(
            self.rounding,
            digits=self.rounding.digits if own.digits is None else own.digits,
            mode=self.rounding.mode if own.mode is None else own.mode,
        )

    def category(self, id: str) -> Group:
        """Return the category or group called `id`; KeyError if there is none."""
        return _named(self.groups, id)

    def criterion(self, id: str) -> Criterion:
        """Return the criterion called `id`; KeyError if there is none."""
        return _named(self.criteria, id)


def _counted(groups: tuple[Group, ...], around: NotAssessed, *, covered: bool) -> Iterator[Criterion]:
    for group in groups:
        own, within = group.not_assessed or around, covered or bool(group.coverage)
        for criterion in group.criteria:
            if within or (criterion.not_assessed or own) is NotAssessed.EXCLUDED:
                yield criterion
        yield from _counted(group.groups, own, covered=within)


_Named = TypeVar("_Named", Group, Criterion)


def _named(things: tuple[_Named, ...], id: str) -> _Named:
    for thing in things:
        if thing.id == id:
            return thing
    raise KeyError(id)

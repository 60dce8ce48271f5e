"""Scorecards: the auditable result of a company, every point with its rule, its facts and their sources."""

from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

from attrs import field, frozen

from cleancloud_rules.documents.extra_keys import Extra
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.on_demand import OnDemand, Slotted
from cleancloud_rules.one_line import one_line
from cleancloud_rules.packed import Packed
from cleancloud_rules.results.base import Result
from cleancloud_rules.results.bounds import CompanyBounds
from cleancloud_rules.results.from_data import Count, stored_at
from cleancloud_rules.results.json import form, to_json
from cleancloud_rules.results.notebook import scorecard_html
from cleancloud_rules.results.points import points_of
from cleancloud_rules.results.records import (
    SCHEMA_VERSION,
    CompanyRecord,
    ContradictionRecord,
    FactRecord,
    LevelRecord,
    LevelStep,
    MethodologyRecord,
    NoticeRecord,
    SearchRecord,
    SourceRecord,
    TableResult,
)
from cleancloud_rules.results.what_ifs import ResponseRecord


@frozen(field_transformer=one_line)
class Unmet(Slotted):
    """A condition that is not met, with the fact that is nearest to meeting it.

    Args:
        condition: the condition in words: fact type and tests.
        tests: the tests that the nearest fact failed, or all tests if there is no such fact; for a count, the count.
        nearest: id of the nearest fact; None if no fact that counts is about the same.
        forbidden: whether the rule asks that *no* fact passes the condition, and a fact does.
    """

    condition: str
    tests: tuple[str, ...]
    nearest: str | None = None
    forbidden: bool = False


@frozen(field_transformer=one_line)
class RuleResult(OnDemand):
    """The result of one rule.

    Args:
        id: id of the rule.
        points: the points that it earned; if it did not fire, its maximum.
        fired: whether its condition holds.
        won: whether its points were taken.
        facts: ids of the facts that satisfy it, in order of precedence: the cited facts first.
        because: its sentence with the values of the cited facts; None if its points were not taken, because then the
            sentence may say less than the facts do.
        unmet: the conditions that are not met; empty if it fired.
        when: its condition in the words of the file.
        says: its condition for readers.
        in_proportion: how its points follow from a number, in words; None if they are fixed.
        arithmetic: the calculation of its points if they follow from a number.
        basis: who devised the condition, if it goes beyond the publisher's words.
        rationale: why the condition goes beyond them.
        extra: the keys of the user's own.
    """

    _often_read: ClassVar[tuple[str, ...]] = ("points", "fired", "because", "unmet", "when")

    id: str
    points: Decimal
    fired: bool
    won: bool
    facts: tuple[str, ...]
    because: str | None
    unmet: tuple[Unmet, ...]
    when: str
    says: str
    in_proportion: str | None = None
    arithmetic: str | None = None
    basis: str | None = None
    rationale: str | None = None
    extra: Extra = ()


@frozen(field_transformer=one_line)
class CriterionResult(OnDemand):
    """The result of one criterion.

    Args:
        id: id of the criterion.
        title: its title.
        horizon: the id of its window.
        outcome: its outcome.
        points: the points that it earned, with the methodology's digits.
        max_points: its maximum points.
        points_forgone: the maximum points minus the points earned.
        hypothetical_points: the part of `points` that hypothetical facts alone earn; never more than `points`.
        hit_policy: how the points of several rules become its points, with its maximum and minimum in words if there
            are any.
        arithmetic: the calculation of its points as a sentence, and how they count if it is gated or not applicable.
        weight: its weight in its group, if parts have weights.
        requirement: how strongly it is required: ``must``, ``should`` or ``suggested``.
        level: id of the level that asks for it.
        shared_with: ids of criteria that read the same evidence on purpose.
        because: the sentences of the rules that won, or the sentence for a company that earns nothing.
        remedy: what the company can do to earn missing points; None if no remedy is declared, or if no points are known
            to be missing: only if it is partly met, not met or not found.
        recommendation: id of the recommendation behind the remedy.
        reference: where the publisher states the criterion.
        guidance: what counts as evidence.
        basis: who devised the criterion, if it goes beyond the publisher's words.
        rationale: why the criterion goes beyond them.
        points_basis: who devised the points.
        facts: ids of the relevant facts, sorted; facts that do not count are included.
        looked_for: relevant documented searches without result, in words.
        rules: the results of its rules.
        counts_as: how it counts if it is not applicable: ``excluded``, ``full`` or ``zero``; None if it applies.
        exempted_by: ids of the facts that make it, or a group around it, not applicable; sorted.
        short: its short title.
        recommendation_text: text of the recommendation behind the remedy.
        extra: the keys of the user's own.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> company = cc.load_company("gds", methodology)
        >>> found = cc.score(company, methodology).criterion("renewable_target")
        >>> found.points, found.outcome.value, found.rules[0].id, found.rules[0].fired
        (Decimal('10.0'), 'awarded', 'whole_company', True)
    """

    _often_read: ClassVar[tuple[str, ...]] = ("outcome", "points", "arithmetic", "because", "looked_for")

    id: str
    title: str
    horizon: str
    outcome: Outcome
    points: Decimal
    max_points: Decimal
    points_forgone: Decimal
    hypothetical_points: Decimal
    hit_policy: str
    arithmetic: str
    weight: Decimal | None
    requirement: str | None
    level: str | None
    shared_with: tuple[str, ...]
    because: tuple[str, ...]
    remedy: str | None = field(metadata=stored_at("remedy", "text"))
    recommendation: str | None = field(metadata=stored_at("remedy", "recommendation"))
    reference: str | None
    guidance: str | None
    basis: str | None
    rationale: str | None
    points_basis: str
    facts: tuple[str, ...]
    looked_for: tuple[str, ...]
    rules: tuple[RuleResult, ...]
    counts_as: str | None = None
    exempted_by: tuple[str, ...] = ()
    short: str | None = None
    recommendation_text: str | None = field(default=None, metadata=stored_at("remedy", "recommendation_text"))
    extra: Extra = ()


@frozen(field_transformer=one_line)
class RequirementsMet:
    """How many of the criteria with a requirement word are met.

    Args:
        word: ``must``, ``should`` or ``suggested``.
        met: the number of criteria that are met.
        of: the number of criteria that apply.
        extra: the keys of the user's own.
    """

    word: str
    met: Count
    of: Count


@frozen(field_transformer=one_line)
class PartsAssessed:
    """How many parts of a group are assessed, for one line of its `coverage`.

    Args:
        needed: how many parts must be assessed.
        found: how many of the parts that apply are assessed.
    """

    needed: Count
    found: Count


@frozen(field_transformer=one_line)
class GroupScore(OnDemand):
    """The result of one category, or of a group inside one.

    Args:
        id: id of the category or group.
        title: its title.
        weight: inside a sum, its maximum; inside a weighted sum or mean, its weight; else None.
        points: the sum of the points of its criteria.
        max_points: the sum of the maximum points of its criteria that apply.
        hypothetical_points: the part of `points` that hypothetical facts alone earn.
        outcome: whether it has a score, or why not.
        aggregate: how its parts are aggregated, in words.
        exact: the value before rounding, in a sum weight x points / max_points; None without a score.
        score: the value, rounded as declared; None without a score.
        max_score: the maximum of the score; None without a score.
        hypothetical_score: the part of `score` that hypothetical facts alone earn; None without a score.
        arithmetic: the calculation as a sentence.
        label: the label of the band in which the score lies.
        level: the highest level reached.
        because: why there is no result, and the band and the level, in sentences.
        requirements: for each requirement word, how many criteria are met.
        criteria: the results of its criteria, in the order of the methodology.
        groups: the results of the groups inside it, in the methodology's order.
        coverage: how many of its parts are assessed, line by line; empty if none is asked or nothing applies.
        levels: its levels, the lowest first, each with what stands in the way of it.
        withheld_by: ids of the criteria that are not met and without which its result is withheld.
        extra: the keys of the user's own.
    """

    id: str
    title: str
    weight: Decimal | None
    points: Decimal
    max_points: Decimal
    hypothetical_points: Decimal
    outcome: GroupOutcome
    aggregate: str
    exact: Fraction | None
    score: Decimal | None
    max_score: Decimal | None
    hypothetical_score: Decimal | None
    arithmetic: str
    label: str | None
    level: LevelRecord | None
    because: tuple[str, ...]
    requirements: tuple[RequirementsMet, ...]
    criteria: tuple[CriterionResult, ...]
    groups: tuple["GroupScore", ...]
    coverage: tuple[PartsAssessed, ...] = ()
    levels: tuple[LevelStep, ...] = ()
    withheld_by: tuple[str, ...] = ()
    extra: Extra = ()

    @property
    def every_criterion(self) -> tuple[CriterionResult, ...]:
        """The results of its criteria, then those of the groups inside it."""
        return (*self.criteria, *(c for group in self.groups for c in group.every_criterion))

    @property
    def every_group(self) -> tuple["GroupScore", ...]:
        """This group and all groups inside it, each before the groups that it contains."""
        return (self, *(inner for group in self.groups for inner in group.every_group))


@frozen(field_transformer=one_line)
class Scorecard(OnDemand, Packed, Result):
    """The complete result for one company. Every report is rendered from it alone.

    Args:
        methodology: the methodology.
        company: the company.
        outcome: whether there is a total, or why not.
        total: the aggregate of the categories; None if there is no total.
        hypothetical_total: the part of `total` that hypothetical facts alone earn; None without a total.
        max_total: the maximum of the total; None without a total.
        arithmetic: the calculation as a sentence.
        label: the label of the band in which the total lies.
        level: the highest level reached.
        because: why there is no result, and the band and the level, in sentences.
        requirements: for each requirement word, how many criteria are met.
        tables: the results of the decision tables.
        points_basis: who devised the points.
        categories: the results of the categories, in the methodology's order.
        facts: every stated and derived fact, sorted by id.
        sources: every source that a fact or a criterion cites, sorted by id.
        problems: sentences about derivations that had their facts but could not compute a fact.
        notices: the notices that every output carries.
        library_version: the version of the library.
        coverage: how many categories are assessed, line by line; empty if none is asked or nothing applies.
        levels: its levels, the lowest first, each with what stands in the way of it.
        withheld_by: ids of the criteria that are not met and without which the result is withheld.
        searches: the documented searches without result.
        contradictions: where the publisher contradicts itself about the company.
        bounds: the lower and upper bounds of its points and scores; None if they were not asked for.
        responses: what the company answers to its score, in the order of its file.
        schema_version: the version of the JSON form.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> company = cc.load_company("gds", methodology)
        >>> card = cc.score(company, methodology)
        >>> card.total, card.count(cc.results.Outcome.NOT_ASSESSED)
        (Decimal('26.54'), 27)
    """

    methodology: MethodologyRecord
    company: CompanyRecord
    outcome: GroupOutcome
    total: Decimal | None
    hypothetical_total: Decimal | None
    max_total: Decimal | None
    arithmetic: str
    label: str | None
    level: LevelRecord | None
    because: tuple[str, ...]
    requirements: tuple[RequirementsMet, ...]
    tables: tuple[TableResult, ...]
    points_basis: str
    categories: tuple[GroupScore, ...]
    facts: tuple[FactRecord, ...]
    sources: tuple[SourceRecord, ...]
    problems: tuple[str, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str
    coverage: tuple[PartsAssessed, ...] = ()
    levels: tuple[LevelStep, ...] = ()
    withheld_by: tuple[str, ...] = ()
    searches: tuple[SearchRecord, ...] = ()
    contradictions: tuple[ContradictionRecord, ...] = ()
    bounds: CompanyBounds | None = None
    responses: tuple[ResponseRecord, ...] = ()
    schema_version: int = SCHEMA_VERSION

    @property
    def criteria(self) -> tuple[CriterionResult, ...]:
        """The results of all criteria, category by category."""
        return tuple(criterion for category in self.categories for criterion in category.every_criterion)

    @property
    def groups(self) -> tuple[GroupScore, ...]:
        """All categories and the groups inside them, each before the groups that it contains."""
        return tuple(group for category in self.categories for group in category.every_group)

    def category(self, id: str) -> GroupScore:
        """Return the category or group with the id; KeyError if there is none."""
        for category in self.groups:
            if category.id == id:
                return category
        raise KeyError(id)

    def criterion(self, id: str) -> CriterionResult:
        """Return the criterion with the id; KeyError if there is none."""
        for criterion in self.criteria:
            if criterion.id == id:
                return criterion
        raise KeyError(id)

    def fact(self, id: str) -> FactRecord:
        """Return the fact with the id; KeyError if there is none."""
        for fact in self.facts:
            if fact.id == id:
                return fact
        raise KeyError(id)

    def count(self, outcome: Outcome) -> int:
        """Return how many criteria have the outcome."""
        return sum(criterion.outcome is outcome for criterion in self.criteria)

    def _repr_html_(self) -> str:
        """Return the scorecard as a table for a notebook."""
        return scorecard_html(self)

    def to_json(self, detail: Literal["all", "points"] = "all", *, indent: Literal[2] | None = 2) -> str:
        """Return the scorecard as JSON. Equal scorecards give equal bytes.

        Args:
            detail: ``points`` for points, outcomes and scores alone, as `Points` has them.
            indent: by how many spaces it is indented; None for a single line, which is half as long.

        Raises:
            ValueError: if there is no such detail or indentation.
        """
        if detail not in ("all", "points"):
            raise ValueError(f"the detail must be `all` or `points` (got {detail!r})")
        return to_json(points_of(self) if detail == "points" else self, indent)


def _advice(criterion: CriterionResult) -> dict[str, str | None] | None:
    """Return the remedy of a criterion with its recommendation; None without a remedy."""
    behind = {name: getattr(criterion, name) for name in ("recommendation", "recommendation_text")}
    return None if criterion.remedy is None else {"text": criterion.remedy, **behind}


form(Scorecard, first=("schema_version", "library_version", "notices", "methodology", "company"))
form(CriterionResult, without=("recommendation", "recommendation_text"), remedy=_advice)

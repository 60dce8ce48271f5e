"""The auditable result: every point with its rule, its facts and their sources."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from cleancloud_rules.firings import Outcome

SCHEMA_VERSION = 1
"""The version of the scorecard's JSON form; it changes when a key changes its meaning or goes."""


@frozen
class Unmet:
    """A condition that no fact met.

    Args:
        condition: the condition in words: fact type and tests.
        tests: the tests that the nearest fact failed, or all where there is none; for a count what was counted.
        nearest: id of the fact that came nearest; None where no fact that counts is about this.
        forbidden: whether the rule asks that *no* fact passes (then `facts` do).
    """

    condition: str
    tests: tuple[str, ...]
    nearest: str | None = None
    forbidden: bool = False


@frozen
class RuleResult:
    """What became of one rule.

    Args:
        id: id of the rule.
        points: what it earns.
        fired: whether what it asks for holds.
        won: whether its points were taken.
        facts: ids of the facts that satisfy it, sorted; the facts that speak for it come first.
        because: its sentence with the values of the facts that speak; None where its points were not taken, for
            then its sentence may say less than the facts do.
        unmet: why it did not fire; empty where it did.
        when: what it asks for, in words.
        basis: whose the condition is, where it goes beyond the publisher's words.
        rationale: why it does.
    """

    id: str
    points: Decimal
    fired: bool
    won: bool
    facts: tuple[str, ...]
    because: str | None
    unmet: tuple[Unmet, ...]
    when: str
    basis: str | None = None
    rationale: str | None = None


@frozen
class CriterionResult:
    """What became of one criterion.

    Args:
        id: id of the criterion.
        title: its title.
        horizon: the id of its window.
        outcome: what it came to.
        points: what it earned, with the methodology's digits.
        max_points: the most that it can earn.
        points_forgone: the difference.
        hypothetical_points: the part of `points` that hypothetical facts alone earn; never more than points.
        hit_policy: how the points of several rules become its points, with the cap in words if there is one.
        because: the sentences of the rules that won, or the one for a company that earns nothing.
        remedy: what the company can do about missing points; None when none are missing or none is given.
        recommendation: id of the recommendation behind the remedy.
        reference: where the publisher states the criterion.
        guidance: what counts as evidence.
        basis: whose the criterion is, where it goes beyond the publisher's words.
        rationale: why it does.
        points_basis: whose the points are.
        facts: ids of the kin facts, those that do not count included, sorted.
        looked_for: what was looked for and not found that bears on it, in words.
        rules: what became of its rules.
    """

    id: str
    title: str
    horizon: str
    outcome: Outcome
    points: Decimal
    max_points: Decimal
    points_forgone: Decimal
    hypothetical_points: Decimal
    hit_policy: str
    because: tuple[str, ...]
    remedy: str | None
    recommendation: str | None
    reference: str | None
    guidance: str | None
    basis: str | None
    rationale: str | None
    points_basis: str
    facts: tuple[str, ...]
    looked_for: tuple[str, ...]
    rules: tuple[RuleResult, ...]


@frozen
class CategoryScore:
    """What became of one category.

    Args:
        id: id of the category.
        title: its title.
        weight: the most that it can add to the total.
        points: the points of its criteria together.
        max_points: the most that they can earn together.
        hypothetical_points: the part of `points` that hypothetical facts alone earn.
        exact: weight x points / max_points.
        score: the exact score, rounded as the methodology declares.
        hypothetical_score: the part of `score` that hypothetical facts alone earn.
        arithmetic: the computation as a sentence.
        criteria: what became of its criteria, sorted by id.
    """

    id: str
    title: str
    weight: Decimal
    points: Decimal
    max_points: Decimal
    hypothetical_points: Decimal
    exact: Fraction
    score: Decimal
    hypothetical_score: Decimal
    arithmetic: str
    criteria: tuple[CriterionResult, ...]


@frozen
class FactRecord:
    """One fact as a scorecard keeps it.

    Args:
        id: id of the fact.
        type: id of its fact type.
        title: title of its fact type.
        fields: names and values in the form in which a company file states them, disclosed fields left out.
        text: the fields in words.
        disclosed: fields published without a value at hand.
        period: the time that it is about.
        as_of: the day on which it was true.
        basis: how it came to be known.
        source: id of its source.
        locator: where in the source.
        entity: the part of the company that it is about.
        note: anything a reader should know about it.
        derived_by: the derivation that made it.
        derived_from: ids of the facts that it was derived from.
        counts: whether it counts.
        why_not: why it does not.
    """

    id: str
    type: str
    title: str
    fields: tuple[tuple[str, Any], ...]
    text: str
    disclosed: tuple[str, ...]
    period: str | None
    as_of: str | None
    basis: str
    source: str | None
    locator: str | None
    entity: str | None
    note: str | None
    derived_by: str | None
    derived_from: tuple[str, ...]
    counts: bool
    why_not: str | None


@frozen
class SourceRecord:
    """One source as a scorecard keeps it; dates are texts: a day, a year, or None where unknown."""

    id: str
    type: str
    title: str | None
    publisher: str | None
    published: str | None
    accessed: str | None
    url: str | None
    archived: str | None
    footnotes: tuple[int, ...]
    note: str | None


@frozen
class NoticeRecord:
    """A sentence that every rendering carries."""

    code: str
    text: str


@frozen
class MethodologyRecord:
    """Which methodology was applied."""

    id: str
    title: str
    edition: str
    publisher: str
    sha256: str


@frozen
class CompanyRecord:
    """Which company was scored, from which facts."""

    id: str
    name: str
    cohort: str | None
    cohort_title: str | None
    facts_sha256: str


@frozen
class Scorecard:
    """The result for one company. It says everything; every report is rendered from it alone.

    Args:
        methodology: which methodology was applied.
        company: which company was scored.
        total: the sum of the category scores as the methodology declares.
        hypothetical_total: the part of `total` that hypothetical facts alone earn.
        max_total: the sum of the weights.
        arithmetic: the sum as a sentence.
        points_basis: whose the points are.
        categories: in the methodology's order.
        facts: every stated and derived fact, sorted by id.
        sources: every source that a fact or a criterion cites, sorted by id.
        problems: sentences about derivations that found their facts and yet made nothing.
        notices: what every rendering says.
        library_version: the version that computed it.
        schema_version: the version of its JSON form.
    """

    methodology: MethodologyRecord
    company: CompanyRecord
    total: Decimal
    hypothetical_total: Decimal
    max_total: Decimal
    arithmetic: str
    points_basis: str
    categories: tuple[CategoryScore, ...]
    facts: tuple[FactRecord, ...]
    sources: tuple[SourceRecord, ...]
    problems: tuple[str, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str
    schema_version: int = SCHEMA_VERSION

    @property
    def criteria(self) -> tuple[CriterionResult, ...]:
        """The results of all criteria, category by category."""
        return tuple(criterion for category in self.categories for criterion in category.criteria)

    def category(self, id: str) -> CategoryScore:
        """Return the category called `id`; KeyError if there is none."""
        for category in self.categories:
            if category.id == id:
                return category
        raise KeyError(id)

    def criterion(self, id: str) -> CriterionResult:
        """Return the criterion called `id`; KeyError if there is none."""
        for criterion in self.criteria:
            if criterion.id == id:
                return criterion
        raise KeyError(id)

    def fact(self, id: str) -> FactRecord:
        """Return the fact called `id`; KeyError if there is none."""
        for fact in self.facts:
            if fact.id == id:
                return fact
        raise KeyError(id)

    def count(self, outcome: Outcome) -> int:
        """Return how many criteria came to `outcome`."""
        return sum(criterion.outcome is outcome for criterion in self.criteria)

    def to_json(self) -> str:
        """Return the scorecard as JSON; equal scorecards give equal bytes."""
        from cleancloud_rules._json import to_json

        return to_json(self)

    @classmethod
    def from_json(cls, text: str) -> "Scorecard":
        """Return the scorecard that `to_json` wrote."""
        from cleancloud_rules._json import scorecard_from_json

        return scorecard_from_json(text)


@frozen
class RankedCompany:
    """A row of a ranking; equal totals share a rank, and the next rank leaves room for them ("1224")."""

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
    """Companies ranked within their cohorts, in the methodology's order of cohorts."""

    methodology: MethodologyRecord
    cohorts: tuple[Cohort, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str

    def to_json(self) -> str:
        """Return the ranking as JSON; equal rankings give equal bytes."""
        from cleancloud_rules._json import to_json

        return to_json(self)

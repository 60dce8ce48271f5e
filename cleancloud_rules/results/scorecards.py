"""The auditable result: every point with its rule, its facts and their sources."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import frozen

from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.results.json import fields_of, made_of, own_fields, read_json, to_json
from cleancloud_rules.results.records import CompanyRecord, FactRecord, MethodologyRecord, NoticeRecord, SourceRecord

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
        points: what it earned; where it did not fire, the most that it earns.
        fired: whether what it asks for holds.
        won: whether its points were taken.
        facts: ids of the facts that satisfy it, sorted; the facts that speak for it come first.
        because: its sentence with the values of the facts that speak; None where its points were not taken, for
            then its sentence may say less than the facts do.
        unmet: why it did not fire; empty where it did.
        when: what it asks for, in words.
        in_proportion: how its points follow from a number, in words; None where they do not.
        arithmetic: how its points came about, where they follow from a number.
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
    in_proportion: str | None = None
    arithmetic: str | None = None
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
        hit_policy: how the points of several rules become its points, with cap and floor in words if there are any.
        arithmetic: how its points came about as a sentence, and what they count as where it is gated or does not apply.
        weight: how much it counts in its group, where parts have weights.
        requirement: how strongly it is required: ``must``, ``should`` or ``suggested``.
        level: id of the level that asks for it.
        shared_with: ids of criteria that read the same evidence on purpose.
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
        counts_as: what is done with it where it does not apply: ``excluded``, ``full`` or ``zero``; None where it does.
        exempted_by: ids of the facts that say that it, or a group around it, does not apply; sorted.
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
    arithmetic: str
    weight: Decimal | None
    requirement: str | None
    level: str | None
    shared_with: tuple[str, ...]
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
    counts_as: str | None = None
    exempted_by: tuple[str, ...] = ()


@frozen
class LevelRecord:
    """A level of a ladder that was reached."""

    id: str
    title: str


@frozen
class RequirementsMet:
    """How many of the criteria with a requirement word are met.

    Args:
        word: ``must``, ``should`` or ``suggested``.
        met: how many are met.
        of: how many apply.
    """

    word: str
    met: int
    of: int


@frozen
class TableResult:
    """What a decision table gave.

    Args:
        id: id of the table.
        title: its title.
        outputs: what it gave; several where it collects, none where no row fits.
        because: what it read.
    """

    id: str
    title: str
    outputs: tuple[str, ...]
    because: str


@frozen
class GroupScore:
    """What became of one category, or of a group inside one.

    Args:
        id: id of the category.
        title: its title.
        weight: inside a sum the most that it adds; inside a weighted sum or mean how much it counts; else None.
        points: the points of all its criteria together.
        max_points: the most that those which apply can earn together.
        hypothetical_points: the part of `points` that hypothetical facts alone earn.
        outcome: whether it has a score, and why not.
        aggregate: what is made of its parts, in words.
        exact: the value before it is rounded, in a sum weight x points / max_points; None without a score.
        score: the value, rounded as declared; None without a score.
        max_score: the most that the score can be; None without a score.
        hypothetical_score: the part of `score` that hypothetical facts alone earn; None without a score.
        arithmetic: the computation as a sentence.
        label: the label of the band that the score lies in.
        level: the highest level reached.
        because: what stands in the way, which band and which level it came to, in sentences.
        requirements: how many criteria are met, for each requirement word.
        criteria: what became of its criteria, sorted by id.
        groups: what became of the groups inside it, in the methodology's order.
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

    @property
    def every_criterion(self) -> tuple[CriterionResult, ...]:
        """The results of its criteria, and after them those of the groups inside it."""
        return (*self.criteria, *(c for group in self.groups for c in group.every_criterion))

    @property
    def every_group(self) -> tuple["GroupScore", ...]:
        """Itself and all groups inside it, each before those inside it."""
        return (self, *(inner for group in self.groups for inner in group.every_group))


@frozen
class Scorecard:
    """The result for one company. It says everything; every report is rendered from it alone.

    Args:
        methodology: which methodology was applied.
        company: which company was scored.
        outcome: whether there is a total, and why not.
        total: what the categories come to as the methodology declares; None where there is no total.
        hypothetical_total: the part of `total` that hypothetical facts alone earn; None without a total.
        max_total: the most that the total can be; None without a total.
        arithmetic: the computation as a sentence.
        label: the label of the band that the total lies in.
        level: the highest level reached.
        because: what stands in the way, which band and which level it came to, in sentences.
        requirements: how many criteria are met, for each requirement word.
        tables: what the decision tables gave.
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
    schema_version: int = SCHEMA_VERSION

    @property
    def criteria(self) -> tuple[CriterionResult, ...]:
        """The results of all criteria, category by category."""
        return tuple(criterion for category in self.categories for criterion in category.every_criterion)

    @property
    def groups(self) -> tuple[GroupScore, ...]:
        """All categories and the groups inside them, each before those inside it."""
        return tuple(group for category in self.categories for group in category.every_group)

    def category(self, id: str) -> GroupScore:
        """Return the category or group called `id`; KeyError if there is none."""
        for category in self.groups:
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
        return to_json(self)

    @classmethod
    def from_json(cls, text: str) -> "Scorecard":
        """Return the scorecard that `to_json` wrote.

        Raises:
            ValueError: if the text is not JSON, or the JSON is no scorecard of this version.
        """
        return made_of(_restored(read_json(text, SCHEMA_VERSION)), cls)


_FIRST = ("schema_version", "library_version", "notices", "methodology", "company")


@fields_of.register
def _(card: Scorecard) -> dict[str, Any]:
    fields = own_fields(card)
    return {name: fields[name] for name in dict.fromkeys((*_FIRST, *fields))}


@fields_of.register
def _(criterion: CriterionResult) -> dict[str, Any]:
    fields = own_fields(criterion)
    recommendation = fields.pop("recommendation")
    if criterion.remedy is not None:
        fields["remedy"] = {"text": criterion.remedy, "recommendation": recommendation}
    return fields


def _restored(data: Any) -> Any:
    """Return the plain data of a scorecard with the keys of its classes, which the JSON form of some reshapes."""
    match data:
        case {"rules": _, "remedy": remedy}:
            advice = remedy if isinstance(remedy, dict) else {}
            rest = {key: _restored(value) for key, value in data.items()}
            return {**rest, "remedy": advice.get("text"), "recommendation": advice.get("recommendation")}
        case {"why_not": _, "fields": dict(fields)}:
            return {**data, "fields": tuple(fields.items())}
        case dict():
            return {key: _restored(value) for key, value in data.items()}
        case list():
            return [_restored(item) for item in data]
        case _:
            return data

"""Certificates of monotonicity: better evidence never lowers a result; with the lowest and the highest value."""

from collections.abc import Container, Iterator
from decimal import Decimal
from enum import Enum

from attrs import frozen

from cleancloud_rules.model.exact import subtract
from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.base import Result
from cleancloud_rules.results.from_data import Count
from cleancloud_rules.results.records import SCHEMA_VERSION, MethodologyRecord, NoticeRecord


class Improvement(Enum):
    """The kind of change that must not lower a result.

    In evidence, a fact is added. In value, one field of a fact improves in the direction of its `better`. In narrowing,
    a bounded value of a fact becomes more exact.
    """

    EVIDENCE = "evidence"
    VALUE = "value"
    NARROWING = "narrowing"


class Verdict(Enum):
    """Whether monotonicity is proved, refuted or undecided; or both proved and refuted, a fault of the library."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"
    CONTRADICTED = "contradicted"


class Means(Enum):
    """How a verdict was reached."""

    LEMMAS = "lemmas"
    EXACT_DECISION = "exact decision"
    SEARCH = "search"
    NOTHING = "nothing"


@frozen(field_transformer=one_line)
class Place:
    """A place in a file: its name as the user gave it, line and column from 1; 0 if there is no text.

    Args:
        file: the name of the file.
        line: the line, from 1; 0 if there is no text.
        column: the column, from 1; 0 if there is no text.
    """

    file: str
    line: Count
    column: Count

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@frozen(field_transformer=one_line)
class RuleInvolved:
    """A rule that fires or wins for one of the two companies of a counterexample.

    Args:
        id: id of the rule.
        criterion: id of its criterion.
        points: its points.
        place: its place in a file.
        before: its state for the first company: ``wins``, ``holds`` or ``fails``.
        after: its state for the second company.
    """

    id: str
    criterion: str
    points: Decimal
    place: Place
    before: str
    after: str


@frozen(field_transformer=one_line)
class Counterexample:
    """Two generated companies that differ in one fact. The second has the better evidence and earns less.

    Args:
        change: the change from the first company to the second, in words.
        before: the facts of the first company, each as a company file states it.
        after: the facts of the second company.
        files: both companies as texts of company files, which can be loaded and scored.
        points_before: the points of the first company; of a group or the total its value with further digits.
        points_after: the points of the second company.
        rules: the rules that make the difference.
        place: the place where the fix belongs.
        mend: the fix, in words.
        below_rounding: whether the difference lies below the rounding, so that both companies show the same result.
    """

    change: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    files: tuple[str, str]
    points_before: Decimal
    points_after: Decimal
    rules: tuple[RuleInvolved, ...]
    place: Place
    mend: str
    below_rounding: bool

    @property
    def lost(self) -> Decimal:
        """The points that the change costs."""
        return subtract(self.points_before, self.points_after)

    @property
    def size(self) -> int:
        """The number of facts of the company with more facts."""
        return max(len(self.before), len(self.after))


@frozen(field_transformer=one_line)
class Judgement:
    """The verdict on one kind of monotonicity of a criterion, a group or the total.

    Args:
        sense: the kind of improvement.
        verdict: whether monotonicity is proved, refuted, undecided or contradicted.
        by: how the verdict was reached; of a contradiction, how it was proved.
        lemmas: the names of the lemmas that prove it, sorted; ``docs/explanation/monotonicity.md`` explains them.
        counterexamples: the counterexamples that refute it, smallest first; each was scored.
        note: a remark, such as the reason why it is undecided; may be empty.
    """

    sense: Improvement
    verdict: Verdict
    by: Means
    lemmas: tuple[str, ...] = ()
    counterexamples: tuple[Counterexample, ...] = ()
    note: str = ""


@frozen(field_transformer=one_line)
class Certified:
    """The verdicts and the range of a criterion, a group or the total.

    The points of a criterion are the points of its rules, before gates and exemptions. Gates and exemptions belong to
    the group.

    Args:
        id: id of the criterion or group; ``total`` for the total.
        title: its title.
        place: its place in a file.
        declared: whether it is a declared exception (`monotone: false`).
        rationale: the reason for the exception.
        least: the lowest value in any cohort: points of a criterion, score of a group, total; None if not known.
        greatest: the highest value in any cohort; None if not known.
        reached: whether companies reach both values; if not, the range may be too wide.
        floor: the lower limit of the allowed range; None if no limit is known.
        ceiling: the upper limit of the allowed range: maximum of points, weight; None if no limit is known.
        criteria: ids of the criteria on which it depends; for a criterion, its own id.
        groups: ids of the groups on which it depends, including its own; for a criterion none.
        judgements: one for each kind of improvement.
    """

    id: str
    title: str
    place: Place
    declared: bool
    rationale: str | None
    least: Decimal | None
    greatest: Decimal | None
    reached: bool
    floor: Decimal | None
    ceiling: Decimal | None
    criteria: tuple[str, ...]
    groups: tuple[str, ...]
    judgements: tuple[Judgement, ...]

    @property
    def is_within(self) -> bool:
        """Whether its values lie inside the allowed range, as far as both are known."""
        pairs = ((self.floor, self.least), (self.greatest, self.ceiling))
        return all(low is None or high is None or low <= high for low, high in pairs)

    def judgement(self, sense: Improvement) -> Judgement:
        """Return the judgement on one kind of improvement."""
        return next(judgement for judgement in self.judgements if judgement.sense is sense)

    def senses(self, verdict: Verdict) -> tuple[Improvement, ...]:
        """Return the kinds of improvement that have a given verdict."""
        return tuple(judgement.sense for judgement in self.judgements if judgement.verdict is verdict)


@frozen(field_transformer=one_line)
class Certificate(Result):
    """The monotonicity of a methodology, and the range of its results.

    Args:
        methodology: the methodology.
        examples: the number of companies that were generated and scored to search for further counterexamples.
        seed: the random seed of the generated companies.
        criteria: the criteria, in the methodology's order.
        groups: the groups inside categories, in the methodology's order, outer groups first.
        categories: the categories, in the methodology's order.
        total: the total.
        notices: the notices that every output carries.
        library_version: the version of the library.
        schema_version: the version of the JSON form.
    """

    methodology: MethodologyRecord
    examples: Count
    seed: int
    criteria: tuple[Certified, ...]
    groups: tuple[Certified, ...]
    categories: tuple[Certified, ...]
    total: Certified
    notices: tuple[NoticeRecord, ...]
    library_version: str
    schema_version: int = SCHEMA_VERSION

    @property
    def all(self) -> Iterator[Certified]:
        """Criteria, groups, categories and the total."""
        yield from self.criteria
        yield from self.groups
        yield from self.categories
        yield self.total

    def failing(self, allowed: Container[str] = ()) -> tuple[Certified, ...]:
        """Return all criteria, groups and the total that are refuted or leave their bounds without an exception.

        Those that are contradicted are always among them. A criterion, a group or the total declares an exception, or
        the caller allows it here. A refutation of a group or of the total is excused if it depends on an exception
        that is not proved for the same kind of improvement.

        Args:
            allowed: ids of criteria and groups, or ``total``, that are exceptions although they do not declare it.
        """
        refuted = {part.id for part in self._unexcused(Verdict.REFUTED, allowed)}
        return tuple(
            part for part in self.all if not part.is_within or part.senses(Verdict.CONTRADICTED) or part.id in refuted
        )

    def undecided(self, allowed: Container[str] = ()) -> tuple[Certified, ...]:
        """Return all criteria, groups and the total that are undecided without an exception; see `failing`.

        Args:
            allowed: ids of criteria and groups, or ``total``, that are exceptions although they do not declare it.
        """
        return self._unexcused(Verdict.UNDECIDED, allowed)

    def _unexcused(self, verdict: Verdict, allowed: Container[str]) -> tuple[Certified, ...]:
        excused = [
            (part, set(Improvement) - set(part.senses(Verdict.PROVED)))
            for part in self.all
            if part.declared or part.id in allowed
        ]

        def remains(part: Certified) -> bool:
            reasons = (senses for exception, senses in excused if self._depends(part, exception))
            return bool(set(part.senses(verdict)).difference(*reasons))

        return tuple(filter(remains, self.all))

    def _depends(self, part: Certified, on: Certified) -> bool:
        """Whether a part depends on another one, or is it."""
        return part is on or on.id in (part.criteria if on in self.criteria else part.groups)

    def criterion(self, id: str) -> Certified:
        """Return the criterion with the id; KeyError if there is none."""
        return _named(self.criteria, id)

    def category(self, id: str) -> Certified:
        """Return the category with the id, or the group inside one; KeyError if there is none."""
        return _named((*self.categories, *self.groups), id)


def _named(things: tuple[Certified, ...], id: str) -> Certified:
    for thing in things:
        if thing.id == id:
            return thing
    raise KeyError(id)

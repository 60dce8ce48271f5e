"""What is certain about a methodology: that more or better evidence costs no points, and what can be earned."""

from collections.abc import Container, Iterator
from decimal import Decimal
from enum import Enum

from attrs import frozen

from cleancloud_rules.results.records import MethodologyRecord, NoticeRecord


class Improvement(Enum):
    """In which sense points are monotone: what is done to the facts that must cost none.

    In evidence a fact is added. In value one field of a fact improves in the direction of its `better`. In narrowing a
    bounded value of a fact becomes more exact.
    """

    EVIDENCE = "evidence"
    VALUE = "value"
    NARROWING = "narrowing"


class Verdict(Enum):
    """What is known of a claim."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


class Means(Enum):
    """What a verdict rests on."""

    LEMMAS = "lemmas"
    EXACT_DECISION = "exact decision"
    SEARCH = "search"
    NOTHING = "nothing"


@frozen
class Place:
    """A place in a file: its name as the user gave it, line and column counted from 1; 0 where there is no text."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@frozen
class RuleInvolved:
    """A rule that holds for one of the two companies of a counterexample, or wins for one of them.

    Args:
        id: id of the rule.
        criterion: id of its criterion.
        points: what it earns.
        place: where it is written.
        before: whether it holds for the first company: ``wins``, ``holds`` or ``fails``.
        after: the same for the second company.
    """

    id: str
    criterion: str
    points: Decimal
    place: Place
    before: str
    after: str


@frozen
class Counterexample:
    """Two companies that differ in one fact, of which the second is better known and earns less.

    Args:
        change: what was done to the first company, in words.
        before: the facts of the first company, each as a company file states it.
        after: the facts of the second company.
        files: both companies as the texts of company files, to be loaded and scored.
        points_before: what the first company earns.
        points_after: what the second company earns.
        rules: the rules that make the difference.
        place: the place whose change would mend it.
        mend: that change, in words.
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

    @property
    def lost(self) -> Decimal:
        """The points that the change costs."""
        return self.points_before - self.points_after

    @property
    def size(self) -> int:
        """How many facts the larger company has."""
        return max(len(self.before), len(self.after))


@frozen
class Judgement:
    """What is known of one claim about a criterion, a category or the total.

    Args:
        sense: the sense in which it is monotone.
        verdict: whether that is proved, refuted or undecided.
        by: what the verdict rests on.
        lemmas: names of the lemmas that prove it, sorted; they are explained in ``docs/explanation/monotonicity.md``.
        counterexamples: what refutes it, smallest first; each was scored.
        note: what else there is to say, such as why it is undecided; empty where there is nothing.
    """

    sense: Improvement
    verdict: Verdict
    by: Means
    lemmas: tuple[str, ...] = ()
    counterexamples: tuple[Counterexample, ...] = ()
    note: str = ""


@frozen
class Certified:
    """What is certain about a criterion, a category or the total.

    The points of a criterion are those of its rules, before gates and exemptions: these are part of what a category is.

    Args:
        id: id of the criterion or category; ``total`` for the total.
        title: its title.
        place: where it is written.
        declared: whether it is a declared exception (`monotone: false`).
        rationale: why, where it is one.
        least: the least that it can come to, in any cohort: points of a criterion, score of a category, total; None
            where that is not known.
        greatest: the most that it can come to; None where that is not known.
        reached: whether companies reach these two; if not they are limits that may be too wide.
        floor: the least that it may come to; None where no limits are known.
        ceiling: the most that it may come to: maximum of points, weight; None where no limits are known.
        criteria: ids of the criteria that it is made of; of a criterion its own.
        judgements: one for each sense.
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
    judgements: tuple[Judgement, ...]

    @property
    def is_within(self) -> bool:
        """Whether it never leaves its bounds, as far as these and what it comes to are known."""
        pairs = ((self.floor, self.least), (self.greatest, self.ceiling))
        return all(low is None or high is None or low <= high for low, high in pairs)

    def judgement(self, sense: Improvement) -> Judgement:
        """Return what is known in one sense."""
        return next(judgement for judgement in self.judgements if judgement.sense is sense)

    def senses(self, verdict: Verdict) -> tuple[Improvement, ...]:
        """Return the senses in which there is a verdict."""
        return tuple(judgement.sense for judgement in self.judgements if judgement.verdict is verdict)


@frozen
class Certificate:
    """What is certain about a methodology.

    Args:
        methodology: which methodology.
        examples: how many companies were invented and scored to look for what decision and lemmas missed.
        seed: what they were invented from.
        criteria: the criteria, in the methodology's order.
        categories: the categories, in the methodology's order.
        total: the total.
        notices: what every output says.
        library_version: the version of the library.
    """

    methodology: MethodologyRecord
    examples: int
    seed: int
    criteria: tuple[Certified, ...]
    categories: tuple[Certified, ...]
    total: Certified
    notices: tuple[NoticeRecord, ...]
    library_version: str

    @property
    def all(self) -> Iterator[Certified]:
        """Criteria, categories and the total."""
        yield from self.criteria
        yield from self.categories
        yield self.total

    def failing(self, allowed: Container[str] = ()) -> tuple[Certified, ...]:
        """Return what is refuted, or leaves its bounds, and is no exception: criteria, categories and the total.

        An exception is declared by its criterion, or allowed here. What refutes a category or the total is excused
        where one of its criteria is an exception that is not proved in the same sense.

        Args:
            allowed: ids of criteria that are exceptions though they do not declare it.
        """
        excused = {
            c.id: set(Improvement) - set(c.senses(Verdict.PROVED))
            for c in self.criteria
            if c.declared or c.id in allowed
        }
        return tuple(
            part
            for part in self.all
            if not part.is_within
            or set(part.senses(Verdict.REFUTED)) - {sense for id in part.criteria for sense in excused.get(id, ())}
        )

    def criterion(self, id: str) -> Certified:
        """Return the criterion called `id`; KeyError if there is none."""
        return _named(self.criteria, id)

    def category(self, id: str) -> Certified:
        """Return the category called `id`; KeyError if there is none."""
        return _named(self.categories, id)


def _named(things: tuple[Certified, ...], id: str) -> Certified:
    for thing in things:
        if thing.id == id:
            return thing
    raise KeyError(id)

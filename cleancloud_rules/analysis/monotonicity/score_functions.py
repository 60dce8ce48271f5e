"""Criteria and groups as functions of literals: from the conditions that hold for a company to points and scores.

Everything that earns points is `Scored`: it knows the literals that it reads, and its value if it is known which of
them hold. A group has parts, and knows whether it is monotone in their values.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import field, frozen

from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.engine.ruleset import CompiledRule, Literal
from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.groups import Aggregation, Combining
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.model.rounding import RoundingMode, rounded
from cleancloud_rules.results.certificates import Improvement
from cleancloud_rules.scoring.points import points_of
from cleancloud_rules.scoring.states import GroupState

Holding = Callable[[Literal], bool]
"""Whether a literal holds for a company."""

TOTAL = "total"
"""The id of the total."""

TOTAL_KEY = "the total"
"""The key of the total among results. No criterion can have this id."""


@frozen
class Named:
    """A part of a methodology as a certificate names it.

    Args:
        key: its key among results; the id alone would not distinguish a criterion from a group.
        id: its id.
        title: its title.
        place: where it is written.
        ceiling: its upper bound; None if no bounds are known.
        digits: decimal places with which its value is printed.
        mode: the rounding mode of a value with more decimal places.
        floor: its lower bound; None if no bounds are known.
    """

    key: str
    id: str
    title: str
    place: Location
    ceiling: Decimal | None
    digits: int
    mode: RoundingMode
    floor: Decimal | None = ZERO

    def shown(self, value: Fraction | Decimal) -> Decimal:
        """Return a value, rounded as a scorecard prints it."""
        return rounded(Fraction(value), self.digits, self.mode)


class Scored(ABC):
    """A part of a methodology that earns points: a criterion, a group or the total."""

    named: Named

    @property
    @abstractmethod
    def owner(self) -> Criterion | Combining:
        """The criterion, or how the parts of the group are combined."""

    @property
    @abstractmethod
    def literals(self) -> frozenset[Literal]:
        """All literals that it reads."""

    @abstractmethod
    def value(self, holds: Holding) -> Fraction:
        """Return its value if `holds` says which literals hold."""

    @abstractmethod
    def undecidable(self, sense: Improvement | None) -> str | None:
        """Return why its value does not follow from the states of its conditions, in words; None if it does.

        Args:
            sense: the sense that is to be decided; None for the minimum and the maximum.
        """


@frozen
class ScoredCriterion(Scored):
    """A criterion.

    Args:
        named: its names.
        criterion: the criterion.
        rules: its rules in disjunctive normal form, in the order of the criterion.
        selection_stable: the senses in which it is selection-stable: no change alters which of the latest facts count.
    """

    named: Named
    criterion: Criterion
    rules: tuple[CompiledRule, ...]
    selection_stable: frozenset[Improvement] = frozenset(Improvement)

    @property
    def owner(self) -> Criterion:
        """The criterion."""
        return self.criterion

    @property
    def literals(self) -> frozenset[Literal]:
        """All literals of its rules."""
        return frozenset(x for rule in self.rules for disjunct in rule.disjuncts for x in disjunct)

    def value(self, holds: Holding) -> Fraction:
        """Return its points."""
        holding = {rule.rule for rule in self.rules if holds_of(rule, holds)}
        earned: dict[str, Decimal] = {rule.id: rule.points for rule in self.criterion.rules if rule.id in holding}
        return Fraction(points_of(self.criterion, earned))

    def undecidable(self, sense: Improvement | None) -> str | None:
        """Return why its points depend on more than the conditions that hold; None if they do not."""
        if any(rule.in_proportion is not None for rule in self.criterion.rules):
            return "its points are in proportion to a number"
        return _moved(sense, self.selection_stable)


def _moved(sense: Improvement | None, selection_stable: frozenset[Improvement]) -> str | None:
    return "only the latest facts count" if sense is not None and sense not in selection_stable else None


Combine = Callable[[Sequence[Fraction], frozenset[str], frozenset[str], str | None], Fraction]
"""The value of a group: from the values of its parts, the ids of what facts exempt and assess, and the cohort."""

Limits = Callable[[Sequence[Fraction], Sequence[Fraction]], tuple[Fraction, Fraction] | None]
"""The bounds of a group, from the minima and the maxima of its parts; None if they are not known."""


@frozen
class ScoredGroup(Scored):
    """A group, or the total: a function of the values of its parts.

    Args:
        named: its names.
        parts: its parts.
        combine: computes its value for one company.
        limits: computes its bounds for the companies of all cohorts.
        lemmas: by sense, names of the lemmas that prove that it is monotone in its parts, where they suffice.
        exemptions: the rules that make criteria and groups not apply, in disjunctive normal form.
        assessments: the rules by which criteria are assessed, where that matters, in disjunctive normal form.
        reason: why a change is undecided that the lemmas leave open, in words; None if it can be decided.
        selection_stable: the senses in which its exemptions and assessments are selection-stable.
        cohorts: the cohorts that must be distinguished; None for no cohort.
        cohort: the cohort of the companies whose value is computed.
        combining: how it combines its parts.
        inner: the groups inside it, each judged before it.
        groups: ids of the groups on which it depends, including its own.
    """

    named: Named
    parts: tuple[Scored, ...]
    combine: Combine = field(eq=False, repr=False)
    limits: Limits = field(eq=False, repr=False)
    lemmas: Mapping[Improvement, tuple[str, ...]] = field(factory=dict, eq=False)
    exemptions: tuple[CompiledRule, ...] = ()
    assessments: tuple[CompiledRule, ...] = ()
    reason: str | None = None
    selection_stable: frozenset[Improvement] = frozenset(Improvement)
    cohorts: tuple[str | None, ...] = (None,)
    cohort: str | None = None
    combining: Combining = field(factory=Combining)
    inner: tuple["ScoredGroup", ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def owner(self) -> Combining:
        """How its parts are combined."""
        return self.combining

    @property
    def literals(self) -> frozenset[Literal]:
        """All literals of its parts, its exemptions and its assessments."""
        rules = (*self.exemptions, *self.assessments)
        asked = (x for rule in rules for disjunct in rule.disjuncts for x in disjunct)
        return frozenset(x for part in self.parts for x in part.literals).union(asked)

    def value(self, holds: Holding) -> Fraction:
        """Return the aggregate of its parts."""
        exempt = frozenset(rule.criterion for rule in self.exemptions if holds_of(rule, holds))
        assessed = frozenset(rule.criterion for rule in self.assessments if holds_of(rule, holds))
        return self.combine([part.value(holds) for part in self.parts], exempt, assessed, self.cohort)

    def undecidable(self, sense: Improvement | None) -> str | None:
        """Return why a change in a sense cannot be decided, because of itself or of one of its parts."""
        own = self.reason or _moved(sense, self.selection_stable) if sense is not None else None
        return own or next((why for part in self.parts if (why := part.undecidable(sense))), None)


def holds_of(rule: CompiledRule, holds: Holding) -> bool:
    """Whether a rule holds: one of its disjuncts does."""
    return any(all(map(holds, disjunct)) for disjunct in rule.disjuncts)


def criteria_of(scored: Scored) -> tuple["ScoredCriterion", ...]:
    """Return the criteria in something scored, each once."""
    found: dict[str, ScoredCriterion] = {}
    waiting = [scored]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, ScoredCriterion):
            found.setdefault(part.criterion.id, part)
        elif isinstance(part, ScoredGroup):
            waiting[:0] = part.parts
    return tuple(found.values())


def group_key(id: str) -> str:
    """Return the key of a group among results."""
    return f"group {id}"


def worth(state: GroupState, combining: Combining) -> Fraction:
    """Return the worth of a group: its value; without one the number of levels reached; otherwise 0."""
    if state.value is not None:
        return state.value
    steps = combining.ladder
    if combining.aggregate is Aggregation.NONE and state.level in steps:
        return Fraction(1 + steps.index(state.level))
    return Fraction(0)

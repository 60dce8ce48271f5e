"""What a certificate is about: functions from what holds of a company to points, and from these to scores.

Whatever earns points is `Scored`. It says which literals it reads, and what it comes to once it is known which of them
hold. A group is made of parts, and says whether more of a part can ever make less of the whole.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import field, frozen

from cleancloud_rules import _lemmas as lemmas
from cleancloud_rules._rounding import rounded
from cleancloud_rules._scoring import exact_score, points_of
from cleancloud_rules.diagnostics import Location
from cleancloud_rules.documents import Mapping
from cleancloud_rules.methodology import Category, Criterion, Methodology, RoundingMode, TotalPolicy
from cleancloud_rules.rulesets import CompiledRule, Literal, Ruleset

ZERO = Decimal(0)

Holding = Callable[[Literal], bool]
"""Whether a literal holds of a company."""

TOTAL = "total"
"""The id of the whole."""

TOTAL_KEY = "the total"
"""What the whole is called among results, where no criterion is called so."""


@frozen
class Named:
    """What a certificate says a part of a methodology is.

    Args:
        key: what it is called among results: an id alone would not tell a criterion from a category.
        id: its id.
        title: its title.
        place: where it is written.
        ceiling: the most that it may come to.
        digits: decimal places with which its value is printed.
        mode: how a value that has more is rounded.
        floor: the least that it may come to.
    """

    key: str
    id: str
    title: str
    place: Location
    ceiling: Decimal
    digits: int
    mode: RoundingMode
    floor: Decimal = ZERO

    def shown(self, value: Fraction | Decimal) -> Decimal:
        """Return a value as a scorecard prints it."""
        return rounded(Fraction(value), self.digits, self.mode)


class Scored(ABC):
    """Something that facts earn points for."""

    named: Named

    @property
    @abstractmethod
    def literals(self) -> frozenset[Literal]:
        """All that is asked of the facts."""

    @abstractmethod
    def value(self, holds: Holding) -> Fraction:
        """Return what it comes to."""


@frozen
class ScoredCriterion(Scored):
    """A criterion.

    Args:
        named: what it is called.
        criterion: the criterion.
        rules: its rules as alternatives of literals, in the order of the criterion.
    """

    named: Named
    criterion: Criterion
    rules: tuple[CompiledRule, ...]

    @property
    def literals(self) -> frozenset[Literal]:
        """All that its rules ask."""
        return frozenset(x for rule in self.rules for disjunct in rule.disjuncts for x in disjunct)

    def value(self, holds: Holding) -> Fraction:
        """Return its points."""
        holding = {rule.rule for rule in self.rules if any(all(map(holds, x)) for x in rule.disjuncts)}
        return Fraction(points_of(self.criterion, holding))


@frozen
class ScoredGroup(Scored):
    """A category, or the whole: a function of the values of its parts.

    Args:
        named: what it is called.
        parts: what it is made of.
        combine: what it comes to, from the values of the parts.
        lemmas: names of the lemmas that say that more of a part never makes less of the whole; None where none do.
    """

    named: Named
    parts: tuple[Scored, ...]
    combine: Callable[[Sequence[Fraction]], Fraction] = field(eq=False, repr=False)
    lemmas: tuple[str, ...] | None = None

    @property
    def literals(self) -> frozenset[Literal]:
        """All that its parts ask."""
        return frozenset(x for part in self.parts for x in part.literals)

    def value(self, holds: Holding) -> Fraction:
        """Return what its parts come to together."""
        return self.combine([part.value(holds) for part in self.parts])


def criteria_of(scored: Scored) -> Iterator[ScoredCriterion]:
    """Return the criteria in something scored."""
    if isinstance(scored, ScoredCriterion):
        yield scored
    elif isinstance(scored, ScoredGroup):
        for part in scored.parts:
            yield from criteria_of(part)


def category_key(id: str) -> str:
    """Return what a category is called among results."""
    return f"category {id}"


def scored_total(methodology: Methodology, ruleset: Ruleset) -> ScoredGroup:
    """Return the whole as the total that its categories come to, rounded as the methodology declares."""
    rounding = methodology.rounding
    parts = tuple(scored_category(category, methodology, ruleset) for category in methodology.categories)
    most = sum((part.named.ceiling for part in parts), ZERO)
    place = _place(methodology.node)
    named = Named(TOTAL_KEY, TOTAL, methodology.title, place, most, rounding.digits, rounding.mode)

    def combine(values: Sequence[Fraction]) -> Fraction:
        if rounding.total is TotalPolicy.SUM_OF_ROUNDED:
            values = [Fraction(named.shown(value)) for value in values]
        return Fraction(named.shown(sum(values, Fraction(0))))

    proves = lemmas.rounding(rounding) and lemmas.sum_of_parts(Decimal(1) for _ in parts)
    return ScoredGroup(named, parts, combine, ("rounding", "sum_of_parts") if proves else None)


def scored_category(category: Category, methodology: Methodology, ruleset: Ruleset) -> ScoredGroup:
    """Return a category as the exact score that its criteria come to."""
    rounding = methodology.rounding
    parts = tuple(scored_criterion(criterion, methodology, ruleset) for criterion in category.criteria)
    named = Named(
        category_key(category.id),
        category.id,
        category.title,
        _place(category.node),
        category.weight,
        rounding.digits,
        rounding.mode,
    )

    def combine(values: Sequence[Fraction]) -> Fraction:
        return exact_score(category.weight, sum(values, Fraction(0)), category.max_points)

    return ScoredGroup(named, parts, combine, ("sum_of_parts",) if lemmas.sum_of_parts([category.weight]) else None)


def scored_criterion(criterion: Criterion, methodology: Methodology, ruleset: Ruleset) -> ScoredCriterion:
    """Return a criterion as the points that its rules come to."""
    digits, mode = methodology.rounding.points_digits, methodology.rounding.mode
    named = Named(
        criterion.id, criterion.id, criterion.title, _place(criterion.node), criterion.max_points, digits, mode
    )
    return ScoredCriterion(named, criterion, tuple(ruleset.rules[criterion.id, rule.id] for rule in criterion.rules))


def _place(node: Mapping | None) -> Location:
    assert node is not None, "a methodology comes from documents"
    return node.value_location("id")

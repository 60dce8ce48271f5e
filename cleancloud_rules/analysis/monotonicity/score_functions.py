"""Criteria and groups as functions of literals: from the conditions that hold for a company to points and scores.

Everything that earns points is `Scored`: it knows the literals that it reads, and its value if it is known which of
them hold. A group has parts, and knows whether it is monotone in their values.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import evolve, field, frozen

from cleancloud_rules.analysis.monotonicity import lemmas
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.engine.ruleset import CompiledRule, Literal, Ruleset
from cleancloud_rules.model.additive import is_additive
from cleancloud_rules.model.conditions import When, conditions_of
from cleancloud_rules.model.exact import ZERO, decimal_of
from cleancloud_rules.model.groups import NOT_APPLICABLE, Aggregation, Combining
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.rounding import RoundingMode, TotalPolicy, rounded
from cleancloud_rules.model.tree import ScoreTree, dependencies
from cleancloud_rules.results.certificates import Improvement
from cleancloud_rules.scoring.bounds_of_tree import cases, cohorts_of, ends, may_cost, weights_in, without_limits
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.points import points_of, range_of
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
        key: its key among results; the id alone would not distinguish a criterion from a category.
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
    """A part of a methodology that earns points: a criterion, a category or the total."""

    named: Named

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


Combine = Callable[[Sequence[Fraction], frozenset[str], str | None], Fraction]
"""The value of a group: from the values of its parts, the ids of what facts exempt, and the cohort."""

Limits = Callable[[Sequence[Fraction], Sequence[Fraction]], tuple[Fraction, Fraction] | None]
"""The bounds of a group, from the minima and the maxima of its parts; None if they are not known."""


@frozen
class ScoredGroup(Scored):
    """A category, or the total: a function of the values of its parts.

    Args:
        named: its names.
        parts: its parts.
        combine: computes its value for one company.
        limits: computes its bounds for the companies of all cohorts.
        lemmas: names of the lemmas that prove that it is monotone in its parts; None if they do not suffice.
        exemptions: the rules that make criteria and groups not apply, in disjunctive normal form.
        reason: why a change is undecided that the lemmas leave open, in words; None if it can be decided.
        selection_stable: the senses in which its exemptions are selection-stable.
        cohorts: the cohorts that must be distinguished; None for no cohort.
        cohort: the cohort of the companies whose value is computed.
    """

    named: Named
    parts: tuple[Scored, ...]
    combine: Combine = field(eq=False, repr=False)
    limits: Limits = field(eq=False, repr=False)
    lemmas: tuple[str, ...] | None = None
    exemptions: tuple[CompiledRule, ...] = ()
    reason: str | None = None
    selection_stable: frozenset[Improvement] = frozenset(Improvement)
    cohorts: tuple[str | None, ...] = (None,)
    cohort: str | None = None

    @property
    def literals(self) -> frozenset[Literal]:
        """All literals of its parts and exemptions."""
        asked = (x for rule in self.exemptions for disjunct in rule.disjuncts for x in disjunct)
        return frozenset(x for part in self.parts for x in part.literals).union(asked)

    def value(self, holds: Holding) -> Fraction:
        """Return the aggregate of its parts."""
        exempt = frozenset(rule.criterion for rule in self.exemptions if holds_of(rule, holds))
        return self.combine([part.value(holds) for part in self.parts], exempt, self.cohort)

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


def category_key(id: str) -> str:
    """Return the key of a category among results."""
    return f"category {id}"


def worth(state: GroupState, combining: Combining) -> Fraction:
    """Return the worth of a group: its value; without one the number of levels reached; otherwise 0."""
    if state.value is not None:
        return state.value
    steps = combining.ladder
    if combining.aggregate is Aggregation.NONE and state.level in steps:
        return Fraction(1 + steps.index(state.level))
    return Fraction(0)


def scored_total(compiled: CompiledMethodology) -> ScoredGroup:
    """Return the total before rounding, as a function of its categories."""
    methodology, structure, ruleset = compiled.methodology, compiled.tree, compiled.ruleset
    categories = tuple(_scored_group(category, structure, ruleset) for category in methodology.categories)
    whole = _scored_group(None, structure, ruleset)
    if not is_additive(methodology):
        return evolve(whole, parts=(*categories, *whole.parts))
    rounding = methodology.rounding

    def combine(values: Sequence[Fraction], _exempt: frozenset[str], _cohort: str | None) -> Fraction:
        if rounding.total is TotalPolicy.SUM_OF_ROUNDED:
            values = [Fraction(whole.named.shown(value)) for value in values]
        return sum(values, Fraction(0))

    def limits(least: Sequence[Fraction], most: Sequence[Fraction]) -> tuple[Fraction, Fraction] | None:
        return combine(least, frozenset(), None), combine(most, frozenset(), None)

    proves = lemmas.rounding(rounding) and lemmas.sum_of_parts(Decimal(1) for _ in categories)
    return ScoredGroup(whole.named, categories, combine, limits, ("rounding", "sum_of_parts") if proves else None)


@frozen
class _Together:
    """A group, or the root, as a function of the criteria that it depends on.

    Args:
        combining: the group; or how the root combines its parts.
        structure: the tree.
        criteria: the criteria on which it depends; their values are the last ones among the values of parts.
        exempted: ids of the criteria and groups that facts may exempt.
    """

    combining: Combining
    structure: ScoreTree
    criteria: tuple[Criterion, ...]
    exempted: tuple[str, ...]

    def combine(self, values: Sequence[Fraction], exempt: frozenset[str], cohort: str | None) -> Fraction:
        """Return its worth for one company."""
        return self._worth(Combination(self.structure, self._points(values), exempt, cohort))

    def limits(self, least: Sequence[Fraction], most: Sequence[Fraction]) -> tuple[Fraction, Fraction] | None:
        """Return its bounds over all cohorts and exemptions."""
        of = self.combining.id if isinstance(self.combining, Group) else None
        needed = dependencies(of, self.structure)
        sides, found = (self._points(least), self._points(most)), list[Fraction]()
        for exempt, cohort, maybe in cases(self.structure, self.exempted):
            if without_limits(self.structure, maybe, of, needed) is not None:
                return None
            found += map(self._worth, ends(self.structure, sides, exempt, cohort, maybe))
            found += [Fraction(0)] if maybe else []
        if self.combining.needs and may_cost(self.combining, self.structure):
            return None
        return min(found), max(found)

    def _points(self, values: Sequence[Fraction]) -> dict[str, Decimal]:
        own = values[len(values) - len(self.criteria) :]
        return {c.id: _points(v) for c, v in zip(self.criteria, own, strict=True)}

    def _worth(self, found: Combination) -> Fraction:
        group = self.combining
        return worth(found.group(group.id) if isinstance(group, Group) else found.whole(), group)


def _points(value: Fraction) -> Decimal:
    points = decimal_of(value)
    assert points is not None, value
    return points


def _scored_group(category: Group | None, structure: ScoreTree, ruleset: Ruleset) -> ScoredGroup:
    """Return a category, or the total, as a function of every criterion that it depends on."""
    methodology = structure.methodology
    needed = dependencies(None if category is None else category.id, structure)
    criteria = tuple(criterion for criterion in methodology.criteria if criterion.id in needed)
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *criteria)
    exemptions = tuple(rule for owner in owners if (rule := ruleset.rules.get((owner.id, NOT_APPLICABLE))) is not None)
    exempted = tuple(rule.criterion for rule in exemptions)
    together = _Together(category or methodology.combining, structure, criteria, exempted)
    rounding = methodology.rounding
    values = ([Fraction(getattr(range_of(c), end)) for c in criteria] for end in ("least", "most"))
    limits = together.limits(*values) or (None, None)
    floor, ceiling = (None if x is None else rounded(x, rounding.digits, rounding.mode) for x in limits)
    named = Named(
        TOTAL_KEY if category is None else category_key(category.id),
        TOTAL if category is None else category.id,
        methodology.title if category is None else category.title,
        _place(methodology.node if category is None else category.node),
        ceiling if ceiling is None or category is None else max(ceiling, category.weight or ceiling),
        rounding.digits,
        rounding.mode,
        None if floor is None else min(floor, ZERO),
    )
    whens = (owner.not_applicable.when for owner in owners if owner.not_applicable is not None)
    return ScoredGroup(
        named,
        tuple(scored_criterion(criterion, ruleset) for criterion in criteria),
        together.combine,
        together.limits,
        _group_lemmas(owners, structure),
        exemptions,
        _reason(owners, structure),
        _selection_stable((when for when in whens if when is not None), methodology),
        cohorts_of(methodology) if _asks_for_cohorts(owners) else (None,),
    )


def _selection_stable(whens: Iterable[When], methodology: Methodology) -> frozenset[Improvement]:
    """Return the senses in which conditions are selection-stable."""
    types = frozenset(condition.fact_type for when in whens for condition in conditions_of(when))
    return frozenset(sense for sense in Improvement if lemmas.selection(types, methodology, sense))


def _group_lemmas(owners: Iterable[Group | Criterion], structure: ScoreTree) -> tuple[str, ...] | None:
    """Return the lemmas that prove that groups are monotone in their parts; None if they do not suffice."""
    methodology = structure.methodology
    if is_additive(methodology):
        return ("sum_of_parts",) if lemmas.sum_of_parts(c.weight or ZERO for c in methodology.categories) else None
    cited = {"aggregate_of_parts", "rounding"}
    groups: tuple[Combining, ...] = (methodology.combining, *methodology.groups)
    for group in groups:
        if not lemmas.aggregate_of_parts(group, weights_in(group, structure)):
            return None
        if not all(lemma(group) for lemma in lemmas.GROUPS):
            return None
        cited |= {lemma.__name__ for lemma in lemmas.GROUPS if group.caps or group.bands or group.levels}
    for owner in owners:
        if not lemmas.exemption(owner):
            return None
        place = structure.places[owner.id]
        is_gated = bool(place.gates or place.before)
        if is_gated and not lemmas.gates(owner):
            return None
        cited |= ({"gates"} if is_gated else set()) | ({"exemption"} if owner.not_applicable else set())
    if any(group.needs and may_cost(group, structure) for group in groups):
        return None
    return tuple(sorted(cited))


def _reason(owners: Iterable[Group | Criterion], structure: ScoreTree) -> str | None:
    if _asks_for_cohorts(owners):
        return "what applies depends on the cohort"
    methodology = structure.methodology
    groups: tuple[Combining, ...] = (methodology.combining, *methodology.groups)
    has_penalties = any(range_of(c).least < 0 for c in methodology.criteria)
    return (
        "its result may be withheld, and penalties can make it negative"
        if has_penalties and any(g.needs for g in groups)
        else None
    )


def _asks_for_cohorts(owners: Iterable[Group | Criterion]) -> bool:
    return any(owner.not_applicable is not None and bool(owner.not_applicable.cohorts) for owner in owners)


def scored_criterion(criterion: Criterion, ruleset: Ruleset) -> ScoredCriterion:
    """Return a criterion as a function of the literals of its rules."""
    methodology = ruleset.methodology
    digits, mode = methodology.rounding.points_digits, methodology.rounding.mode
    named = Named(
        criterion.id, criterion.id, criterion.title, _place(criterion.node), criterion.max_points, digits, mode
    )
    least = range_of(criterion).least
    selection_stable = _selection_stable((rule.when for rule in criterion.rules), methodology)
    rules = tuple(ruleset.rules[criterion.id, rule.id] for rule in criterion.rules)
    return ScoredCriterion(evolve(named, floor=min(least, ZERO)), criterion, rules, selection_stable)


def _place(node: MappingNode | None) -> Location:
    assert node is not None, "a methodology comes from documents"
    return node.value_location("id")

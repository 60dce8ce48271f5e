"""Range of a criterion: its points over all completions of the stated facts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from attrs import evolve, frozen

from cleancloud_rules.analysis.score_bounds.best_number import best_number
from cleancloud_rules.completions.fact_kinds import TooLargeError
from cleancloud_rules.completions.state_search import (
    State,
    StateSearch,
    exclude,
    holds,
    is_positive,
    literals_of,
    on_answers,
)
from cleancloud_rules.engine.ruleset import Literal, Ruleset
from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.groups import ASSESSED, NOT_APPLICABLE
from cleancloud_rules.model.methodology import Criterion, HitPolicy, Rule
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.points import earned_of, points_of, range_of


@frozen
class Range:
    """The range of a criterion's points, before gates and exemptions.

    Args:
        points: the points from the stated facts.
        floor: the lower bound.
        ceiling: the upper bound.
        exact: whether both bounds are tight: some completion reaches each of them.
        reason: the reason for the bounds, in a sentence.
        is_monotone: whether no further fact can cost points.
    """

    points: Decimal
    floor: Decimal
    ceiling: Decimal
    exact: bool
    reason: str
    is_monotone: bool


@frozen
class CompletionSearch:
    """The completions of one company.

    Args:
        compiled: the methodology.
        search: the states that completions reach.
        earned: the points of each rule that fired on the stated facts, by criterion.
        points: the points of each criterion from the stated facts; a criterion that is missing has none.
    """

    compiled: CompiledMethodology
    search: StateSearch
    earned: Mapping[str, Mapping[str, Decimal]]
    points: Mapping[str, Decimal]

    @property
    def ruleset(self) -> Ruleset:
        """Its compiled rules."""
        return self.compiled.ruleset

    def criterion(self, criterion: Criterion) -> Range:
        """Return the range of a criterion."""
        # If no further fact can cost points, the points are a monotone function of the facts, and no search is needed:
        # the stated facts reach the lower bound, and all facts that could be added reach the upper bound. (If a later
        # fact may supersede a stated one, only the facts that nothing can supersede count for the lower bound.)
        # Otherwise all reachable states are searched; also if answers under one key exclude each other. If there are
        # too many of them, or if a fact may be superseded, the bounds are those of the criterion regardless of the
        # facts, which are valid but may not be tight.
        rules = [self.ruleset.rules[criterion.id, rule.id] for rule in criterion.rules]
        literals = literals_of(rules)
        points = self.points.get(criterion.id, ZERO)
        monotone = is_monotone(criterion, literals)
        search, loses = self.search, self.search.loses(literals)
        answers = bool(on_answers(literals, search.ruleset, search.keys))
        if monotone and (loses or not exclude(literals, search.ruleset, search.keys)):
            most = search.state(literals, search.admissible.reachable, literals)
            ceiling = self._most(criterion, most)
            if not loses:
                exact = not search.owes(literals)
                return _made(
                    criterion, points, points, max(points, ceiling), exact=exact, is_monotone=True, answers=answers
                )
            held = search.state({x for x in literals if x.condition not in search.losable}, self._kept, ())
            least = self._least(criterion, self._without(held, literals), loses=True)
            return _made(criterion, points, min(points, least), max(points, ceiling), exact=False, is_monotone=False)
        limits = range_of(criterion)
        try:
            if loses:
                raise TooLargeError
            states = list(search.states(literals))
        except TooLargeError:
            floor = points if monotone else limits.least
            return _made(criterion, points, floor, limits.most, exact=False, is_monotone=monotone)
        floor = min(self._least(criterion, state, loses=False) for state in states)
        ceiling = max(self._most(criterion, state) for state in states)
        is_plain = all(rule.in_proportion is None for rule in criterion.rules) or (monotone and len(rules) == 1)
        exact = is_plain and not any(x.distinct for x in literals) and not self.search.has_free_answers(literals)
        return _made(criterion, points, floor, ceiling, exact=exact, is_monotone=monotone, answers=answers)

    def if_assessed(self, criterion: Criterion) -> Range:
        """Return the range of a criterion over the completions that assess it and do not exempt it itself."""
        found, assessing = self.criterion(criterion), self.ruleset.rules[criterion.id, ASSESSED]
        exempting = self.ruleset.rules.get((criterion.id, NOT_APPLICABLE))
        rules = (*(self.ruleset.rules[criterion.id, rule.id] for rule in criterion.rules), assessing)
        literals = literals_of([*rules, exempting] if exempting is not None else rules)
        try:
            if self.search.loses(literals):
                raise TooLargeError
            states = [state for state in self.search.states(literals) if holds(assessing, state)]
            states = [state for state in states if exempting is None or not holds(exempting, state)]
        except TooLargeError:
            states = []
        if not states:
            return evolve(found, exact=False)
        floor = min(self._least(criterion, state, loses=False) for state in states)
        ceiling = max(self._most(criterion, state) for state in states)
        plain = all(rule.in_proportion is None for rule in criterion.rules) and not any(x.distinct for x in literals)
        exact = plain and found.exact and not self.search.has_free_answers(literals)
        return evolve(found, floor=floor, ceiling=ceiling, exact=exact)

    @property
    def _kept(self) -> frozenset[int]:
        return self.search.admissible.satisfied - self.search.losable

    def _without(self, state: State, literals: Iterable[Literal]) -> State:
        """Return a state in which the counts of facts that may be superseded are 0."""
        held, counts = state
        lost = {
            literal.counter: 0 for literal in literals if literal.counts and literal.condition in self.search.losable
        }
        return held, tuple(sorted({**lost, **dict(counts)}.items()))

    def _fired(self, criterion: Criterion, state: State) -> list[Rule]:
        return [rule for rule in criterion.rules if holds(self.ruleset.rules[criterion.id, rule.id], state)]

    def _least(self, criterion: Criterion, state: State, *, loses: bool) -> Decimal:
        """Return the minimum points in a state.

        A further fact never lowers points in proportion, but it can cost points if no number was stated before.
        """
        stated = {} if loses else self.earned.get(criterion.id, {})
        least: dict[str, Decimal] = {rule.id: rule.range[0] for rule in self._fired(criterion, state)}
        earned = {id: points if points < 0 else stated.get(id, points) for id, points in least.items()}
        return points_of(criterion, earned) if earned else ZERO

    def _most(self, criterion: Criterion, state: State) -> Decimal:
        """Return the maximum points in a state. Without its number, a rule in proportion earns 0."""
        stated = self.earned.get(criterion.id, {})
        earned: dict[str, Decimal] = {}
        for rule in self._fired(criterion, state):
            most = rule.range[1]
            if rule.in_proportion is not None:
                best = best_number(rule, rule.in_proportion, self.search.admissible)
                rounding = self.ruleset.methodology.rounding
                most = ZERO if best is None else earned_of(rule, rule.in_proportion, best, rounding)
                most = max(most, stated.get(rule.id, most), ZERO)
            earned[rule.id] = most
        return points_of(criterion, earned) if earned else ZERO


def _made(
    criterion: Criterion,
    points: Decimal,
    floor: Decimal,
    ceiling: Decimal,
    *,
    exact: bool,
    is_monotone: bool,
    answers: bool = False,
) -> Range:
    limiting = "searches without result" if is_monotone and not answers else "stated facts or searches without result"
    if not exact:
        reason = "not every completion was searched: the bounds are valid, but may not be tight"
    elif ceiling == floor and ceiling == criterion.max_points:
        reason = "earned in full, and no further fact can cost points"
    elif ceiling == floor:
        reason = f"{limiting} leave nothing more to earn"
    elif ceiling == points and points < criterion.max_points:
        reason = "no further fact can earn more"
    elif ceiling < criterion.max_points:
        reason = f"{limiting} rule out a part of it"
    else:
        reason = "further facts could earn it in full"
    if exact and floor < points:
        reason += "; further facts could also cost points"
    return Range(points, floor, ceiling, exact, reason, is_monotone)


def is_monotone(criterion: Criterion, literals: Iterable[Literal]) -> bool:
    """Whether no further fact can cost points.

    That is so if no rule asks for the absence of facts, none has negative points, the hit policy does not take the
    minimum, and under `first` no rule stands before one that earns more.
    """
    if not is_positive(literals) or any(rule.range[0] < 0 for rule in criterion.rules):
        return False
    if criterion.hit_policy is not HitPolicy.FIRST:
        return criterion.hit_policy in (HitPolicy.COLLECT_MAX, HitPolicy.COLLECT_SUM)
    points = [rule.points for rule in criterion.rules]
    return points == sorted(points, reverse=True) and all(rule.in_proportion is None for rule in criterion.rules)

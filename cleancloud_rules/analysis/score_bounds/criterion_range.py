"""Range of a criterion: its points over all completions of the stated facts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from itertools import product

from attrs import evolve, field, frozen

from cleancloud_rules.analysis.monotonicity.lemmas import latest_of
from cleancloud_rules.analysis.score_bounds.best_number import best_number
from cleancloud_rules.analysis.score_bounds.distinct_values import distinct_values
from cleancloud_rules.completions.answered import Key
from cleancloud_rules.completions.fact_kinds import Admissible, TooLargeError
from cleancloud_rules.engine.eligibility import count
from cleancloud_rules.engine.ruleset import CompiledRule, Literal, Ruleset
from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.groups import ASSESSED, NOT_APPLICABLE
from cleancloud_rules.model.methodology import Criterion, HitPolicy, Rule
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.explanation import FactView
from cleancloud_rules.scoring.points import earned_of, points_of, range_of

MAX_STEPS = 1_000_000
"""The maximum number of steps of one search. A step adds a kind of fact to a state."""

MANY = 10**9
"""A count above every limit that a rule sets: unlimited."""

Counts = tuple[tuple[str, int], ...]
"""Counts by name, none above the highest limit that a rule sets."""

State = tuple[frozenset[int], Counts]
"""The conditions that hold, and the counts."""


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
        reading: the facts that count.
        admissible: the facts that could be added.
        earned: the points of each rule that fired on the stated facts, by criterion.
        points: the points of each criterion from the stated facts; a criterion that is missing has none.
    """

    compiled: CompiledMethodology
    reading: FactView
    admissible: Admissible
    earned: Mapping[str, Mapping[str, Decimal]]
    points: Mapping[str, Decimal]
    losable: frozenset[int] = field(init=False)
    """Numbers of the conditions whose facts a later fact may supersede, or are derived from such facts."""

    @losable.default
    def _losable(self) -> frozenset[int]:
        types = (t.id for t in self.ruleset.methodology.vocabulary.fact_types)
        moving = {id for id in types if latest_of(frozenset((id,)), self.ruleset.methodology)}
        conditions = self.ruleset.conditions
        return frozenset(n for n in self.admissible.satisfied if conditions[n].condition.fact_type in moving)

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
        literals = _literals(rules)
        points = self.points.get(criterion.id, ZERO)
        monotone = is_monotone(criterion, literals)
        loses = any(literal.condition in self.losable for literal in literals)
        answers = bool(self._of_answers(literals))
        if monotone and (loses or not self._exclude(literals)):
            most = self._state(literals, self.admissible.reachable, literals)
            ceiling = self._most(criterion, most)
            if not loses:
                return _made(
                    criterion, points, points, max(points, ceiling), exact=True, is_monotone=True, answers=answers
                )
            held = self._state({x for x in literals if x.condition not in self.losable}, self._kept, ())
            least = self._least(criterion, self._without(held, literals), loses=True)
            return _made(criterion, points, min(points, least), max(points, ceiling), exact=False, is_monotone=False)
        limits = range_of(criterion)
        try:
            if loses:
                raise TooLargeError
            states = list(self._states(literals))
        except TooLargeError:
            floor = points if monotone else limits.least
            return _made(criterion, points, floor, limits.most, exact=False, is_monotone=monotone)
        floor = min(self._least(criterion, state, loses=False) for state in states)
        ceiling = max(self._most(criterion, state) for state in states)
        is_plain = all(rule.in_proportion is None for rule in criterion.rules) or (monotone and len(rules) == 1)
        exact = is_plain and not any(x.distinct for x in literals) and not self._has_free_answers(literals)
        return _made(criterion, points, floor, ceiling, exact=exact, is_monotone=monotone, answers=answers)

    def if_assessed(self, criterion: Criterion) -> Range:
        """Return the range of a criterion over the completions that assess it and do not exempt it itself."""
        found, assessing = self.criterion(criterion), self.ruleset.rules[criterion.id, ASSESSED]
        exempting = self.ruleset.rules.get((criterion.id, NOT_APPLICABLE))
        rules = (*(self.ruleset.rules[criterion.id, rule.id] for rule in criterion.rules), assessing)
        literals = _literals([*rules, exempting] if exempting is not None else rules)
        try:
            if any(literal.condition in self.losable for literal in literals):
                raise TooLargeError
            states = [state for state in self._states(literals) if _holds(assessing, state)]
            states = [state for state in states if exempting is None or not _holds(exempting, state)]
        except TooLargeError:
            states = []
        if not states:
            return evolve(found, exact=False)
        floor = min(self._least(criterion, state, loses=False) for state in states)
        ceiling = max(self._most(criterion, state) for state in states)
        plain = all(rule.in_proportion is None for rule in criterion.rules) and not any(x.distinct for x in literals)
        exact = plain and found.exact and not self._has_free_answers(literals)
        return evolve(found, floor=floor, ceiling=ceiling, exact=exact)

    def truths(self, rule: CompiledRule) -> frozenset[bool]:
        """Return whether a rule holds in some completion, and whether it fails in some."""
        literals = _literals([rule])
        if any(literal.condition in self.losable for literal in literals):
            return frozenset((True, False))
        start = self._state(literals, self.admissible.satisfied, ())
        if _is_positive(literals) and not self.admissible.owed and not self._exclude(literals):
            most = self._state(literals, self.admissible.reachable, literals)
            return frozenset((_holds(rule, start), _holds(rule, most)))
        try:
            return frozenset(_holds(rule, state) for state in self._states(literals))
        except TooLargeError:
            return frozenset((True, False))

    def _exclude(self, literals: Iterable[Literal]) -> bool:
        """Whether answers to what is asked may exclude each other, because a key has one answer."""
        asked = self._of_answers(literals)
        return len({x.condition for x in asked}) > 1 or any(x.counts for x in asked)

    def _of_answers(self, literals: Iterable[Literal]) -> list[Literal]:
        """Return the literals on fact types whose keys have one answer."""
        conditions, names = self.ruleset.conditions, self.compiled.answer_keys.names
        return [x for x in literals if conditions[x.condition].condition.fact_type in names]

    def _has_free_answers(self, literals: Iterable[Literal]) -> bool:
        """Whether some answers could be added whose keys are not told apart, so that there may not be enough keys."""
        named, keys = {x.condition for x in literals}, self.compiled.answer_keys
        vectors = self.admissible.telling_apart(frozenset(self._told_apart(named)))
        return any(
            v.satisfied & named and keys.of_conditions(v.satisfied) is None for v in vectors if v.type in keys.names
        )

    @property
    def _kept(self) -> frozenset[int]:
        return self.admissible.satisfied - self.losable

    def _without(self, state: State, literals: Iterable[Literal]) -> State:
        """Return a state in which the counts of facts that may be superseded are 0."""
        held, counts = state
        lost = {literal.counter: 0 for literal in literals if literal.counts and literal.condition in self.losable}
        return held, tuple(sorted({**lost, **dict(counts)}.items()))

    def _fired(self, criterion: Criterion, state: State) -> list[Rule]:
        return [rule for rule in criterion.rules if _holds(self.ruleset.rules[criterion.id, rule.id], state)]

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
                best = best_number(rule, rule.in_proportion, self.admissible)
                rounding = self.ruleset.methodology.rounding
                most = ZERO if best is None else earned_of(rule, rule.in_proportion, best, rounding)
                most = max(most, stated.get(rule.id, most), ZERO)
            earned[rule.id] = most
        return points_of(criterion, earned) if earned else ZERO

    def _state(self, literals: set[Literal], conditions: frozenset[int], grown: Iterable[Literal]) -> State:
        """Return the state in which some conditions hold, with the maximum counts for the literals of `grown`."""
        growing = {literal.counter for literal in grown}
        counts = {}
        for literal in literals:
            if not literal.counts:
                continue
            number = self._stated_count(literal)
            if literal.counter in growing:
                number += self._room(literal)
            counts[literal.counter] = number
        return conditions, tuple(sorted(counts.items()))

    def _stated_count(self, literal: Literal) -> int:
        condition = self.ruleset.conditions[literal.condition].condition
        return count(self.reading.satisfying(condition), literal.distinct)

    def _room(self, literal: Literal) -> int:
        """Return how many further facts, or distinct values, could be counted."""
        if not self.admissible.room(literal.condition):
            return 0
        if literal.distinct is None:
            return MANY
        values = distinct_values(literal.condition, literal.distinct, self.admissible)
        return MANY if values is None else len(values - self._stated_values(literal))

    def _stated_values(self, literal: Literal) -> set[object]:
        condition = self.ruleset.conditions[literal.condition].condition
        found: set[object] = set()
        for fact in self.reading.satisfying(condition):
            value = fact.get(literal.distinct or "")
            found |= value if isinstance(value, frozenset) else {value}
        return found

    def _states(self, literals: set[Literal]) -> set[State]:
        """Return every state that some completion reaches.

        Raises:
            TooLargeError: if there are too many kinds of facts, or too many steps.
        """
        # An exhaustive search of an abstract state space: a state keeps which conditions hold and the counts, limited
        # to the highest number that a rule asks for, and forgets everything else about the facts. Adding a fact of some
        # kind leads from state to state. There are finitely many states and each is expanded once, so the search ends.
        # A state in which an implied fact is missing is no completion. It may still lead to one, so such states are
        # removed only at the end. Under a key with one answer no second fact is added, so the state keeps which keys
        # were used.
        named = self._told_apart({literal.condition for literal in literals})
        told_apart = self.admissible.telling_apart(frozenset(named))
        limits: dict[str, int] = {}
        for x in sorted((x for x in literals if x.counts), key=lambda x: x.number):
            limits[x.counter] = min(x.number, self._stated_count(x) + self._room(x))
        counters = {x.counter: x for x in literals if x.counts}
        keys = self.compiled.answer_keys
        vectors = {(v.satisfied & named, keys.of_conditions(v.satisfied)) for v in told_apart}
        conditions, counts = self._state(literals, self.admissible.satisfied & named, ())
        start = (conditions, tuple((name, min(number, limits[name])) for name, number in counts))
        none: frozenset[Key] = frozenset()

        @cache
        def after(numbers: Counts, vector: frozenset[int]) -> tuple[Counts, ...]:
            grown = ([(n, x) for x in self._grown(counters[n], number, vector, limits[n])] for n, number in numbers)
            return tuple(product(*grown))

        seen, queue, steps = {(*start, none)}, [(*start, none)], 0
        while queue:
            held, numbers, used = queue.pop()
            steps += len(vectors)
            if steps > MAX_STEPS:
                raise TooLargeError
            for vector, key in vectors:
                if key in used:
                    continue
                all_held, all_used = held | vector, used if key is None else used | {key}
                states = ((all_held, counts, all_used) for counts in after(numbers, vector))
                new = [state for state in states if state not in seen]
                seen.update(new)
                queue += new
        pairs = self.admissible.pairs
        return {s[:2] for s in seen if all(then in s[0] for given, then in pairs if given in s[0])} or {start}

    def _told_apart(self, asked: set[int]) -> set[int]:
        """Return the conditions that a state keeps: those that are asked, and those of implications that bear on them.

        A fact that an implication adds may pass each condition on its type.
        """
        conditions, pairs = self.ruleset.conditions, set(self.admissible.pairs)
        types = {conditions[number].condition.fact_type for number in asked}
        named = set(asked)
        while bearing := {pair for pair in pairs if any(conditions[n].condition.fact_type in types for n in pair)}:
            pairs -= bearing
            named.update(*bearing)
            types = {conditions[number].condition.fact_type for number in named}
        return named

    def _grown(self, counter: Literal, number: int, vector: frozenset[int], limit: int) -> Iterable[int]:
        """Return the possible counts after a fact of some kind is added.

        A distinct value need not be a new one, and a set may have several new ones.
        """
        if counter.condition not in vector:
            return (number,)
        more = min(number + 1, limit)
        if counter.distinct is None:
            return (more,)
        type_id = self.ruleset.conditions[counter.condition].condition.fact_type
        field = self.ruleset.methodology.vocabulary.field_of(type_id, counter.distinct)
        if field is not None and field.type is FieldType.SET:
            more = min(number + len(field.values), limit)
        return range(number, more + 1)


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


def _literals(rules: Iterable[CompiledRule]) -> set[Literal]:
    return {literal for rule in rules for disjunct in rule.disjuncts for literal in disjunct}


def _is_positive(literals: Iterable[Literal]) -> bool:
    return all(literal.is_positive for literal in literals)


def is_monotone(criterion: Criterion, literals: Iterable[Literal]) -> bool:
    """Whether no further fact can cost points.

    That is so if no rule asks for the absence of facts, none has negative points, the hit policy does not take the
    minimum, and under `first` no rule stands before one that earns more.
    """
    if not _is_positive(literals) or any(rule.range[0] < 0 for rule in criterion.rules):
        return False
    if criterion.hit_policy is not HitPolicy.FIRST:
        return criterion.hit_policy in (HitPolicy.COLLECT_MAX, HitPolicy.COLLECT_SUM)
    points = [rule.points for rule in criterion.rules]
    return points == sorted(points, reverse=True) and all(rule.in_proportion is None for rule in criterion.rules)


def _holds(rule: CompiledRule, state: State) -> bool:
    conditions, counts = state[0], dict(state[1])
    return any(
        all(x.holds(counts[x.counter] if x.counts else x.condition in conditions) for x in disjunct)
        for disjunct in rule.disjuncts
    )

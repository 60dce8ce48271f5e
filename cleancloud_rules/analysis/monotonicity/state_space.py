"""Reachable states of a company, as far as a part of a methodology distinguishes them.

A state says which conditions hold, and the counts so far, up to the numbers that rules ask for. Each of finitely many
kinds of facts leads from state to state, so all states can be visited, those of few facts first.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property, partial

from attrs import frozen

from cleancloud_rules.analysis.monotonicity.fact_kinds import EVIDENCE, Change, Counter, FactClass, FactClasses
from cleancloud_rules.analysis.monotonicity.score_functions import Scored, ScoredGroup
from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.completions.fact_kinds import TooLargeError
from cleancloud_rules.engine.ruleset import Literal, Ruleset
from cleancloud_rules.model.values import Value
from cleancloud_rules.results.certificates import Improvement

MAX_STATES = 20_000
"""The maximum number of states that are visited in a decision."""

MAX_STEPS = 1_000_000
"""The maximum number of facts that are added, in all states together."""

MAX_CHANGES = 15_000_000
"""The maximum number of changes that are tried, in all states together."""

MAX_OF_GROUP = 5
"""A category or the total may take one part in so many of these limits."""

Count = int | frozenset[Value] | None
"""A count: of facts, or the set of values so far; None once it has reached its limit."""

State = tuple[int, tuple[Count, ...], int]
"""Numbers of the conditions that some fact passes, as bits; the count of each counter; the answered keys, as bits."""

CLOSED = -1
"""The rank where a fact cannot be added, because its key has an answer; it is below every rank of a value."""


@frozen
class Reached:
    """The reachable states by number. State 0 is a company without facts.

    Args:
        values: the value in each state.
        origins: for each state its predecessor, and the number of the kind of fact that leads from there to it.
        kinds: the kinds of facts, with their numbers.
        worth: for each kind of fact the value in each state after such a fact is added, as ranks of the values;
            `CLOSED` where none can be added.
        idle: the same for a fact that passes no condition.
    """

    values: list[Fraction]
    origins: list[tuple[int, int] | None]
    kinds: dict[FactClass, int]
    worth: list[list[int]]
    idle: list[int]

    def company(self, number: int) -> tuple[FactClass, ...]:
        """Return kinds of facts that lead to a state, as few as possible."""
        kinds = list(self.kinds)
        found = []
        origin = self.origins[number]
        while origin is not None:
            found.append(kinds[origin[1]])
            origin = self.origins[origin[0]]
        return tuple(reversed(found))

    def worth_with(self, kind: FactClass | None) -> list[int]:
        """Return the value in each state after a fact of some kind is added, as ranks."""
        return self.idle if kind is None or not kind.satisfied else self.worth[self.kinds[kind]]

    def worth_after(self, kind: FactClass) -> list[int]:
        """Return the same for the fact after a change. Where it cannot be added, the rank is above all others."""
        found, above = self.worth_with(kind), len(self.values)
        return [above if rank == CLOSED else rank for rank in found] if CLOSED in found else found


class Reach:
    """The abstract state space of a part of a methodology.

    Args:
        scored: the part.
        ruleset: the compiled methodology.
        keys: the keys under which a company has one answer each.
        derived: whether facts are included that only derivations can make.
    """

    def __init__(self, scored: Scored, ruleset: Ruleset, keys: AnswerKeys, *, derived: bool) -> None:
        methodology = ruleset.methodology
        self.scored = scored
        self._share = MAX_OF_GROUP if isinstance(scored, ScoredGroup) else 1
        literals = sorted(scored.literals, key=str)
        self._numbers = {number: i for i, number in enumerate(sorted({x.condition for x in literals}))}
        conditions = {i: ruleset.conditions[number].condition for number, i in self._numbers.items()}
        self._counters = _counters(literals, self._numbers)
        self._place = {(c.condition, c.distinct): i for i, c in enumerate(self._counters)}
        self._seen = sum({1 << self._numbers[x.condition] for x in literals if not x.counts})
        found = ((i, keys.by_condition.get(number)) for number, i in self._numbers.items())
        self._keys = {i: key for i, key in found if key is not None}
        self._bits = {key: 1 << i for i, key in enumerate(sorted(set(self._keys.values()), key=str))}
        self._answers = frozenset(keys.names)
        made = frozenset(derivation.fact for derivation in methodology.vocabulary.derivations)
        self.types: frozenset[str] = frozenset(condition.fact_type for condition in conditions.values())
        self.derivable: frozenset[str] = made & self.types
        counted = (conditions[c.condition].fact_type for c in self._counters if c.distinct is None)
        self.counted_types: frozenset[str] = frozenset(counted)
        self.kinds: list[FactClasses] = [
            FactClasses(
                methodology, type_id, {i: c for i, c in conditions.items() if c.fact_type == type_id}, self._counters,
                derivable=derived and type_id in made,
            )
            for type_id in sorted(self.types)
        ]  # fmt: skip

    @property
    def tells_derived(self) -> bool:
        """Whether it matters that derived facts may have no source."""
        return any(kinds.type_id in self.derivable and EVIDENCE in kinds.names for kinds in self.kinds)

    def _key_of(self, kind: FactClass) -> int:
        """Return the bit of the key that a fact answers; 0 if it has none, or if there may be several."""
        return next((self._bits[key] for number, key in self._keys.items() if kind.satisfied >> number & 1), 0)

    @property
    def has_free_answers(self) -> bool:
        """Whether some answers have keys that are not told apart, so that there may be fewer keys than answers."""
        return any(
            kinds.type_id in self._answers and not self._key_of(kind) for kinds in self.kinds for kind in kinds.all
        )

    def holds(self, literal: Literal, state: State) -> bool:
        """Whether a literal holds in a state."""
        number = self._numbers[literal.condition]
        if not literal.counts:
            return literal.holds(state[0] >> number & 1)
        counted = state[1][self._place[number, literal.distinct]]
        return literal.holds(len(counted) if isinstance(counted, frozenset) else counted)

    @cached_property
    def reached(self) -> Reached:
        """Every reachable state, those of few facts first.

        Raises:
            TooLargeError: if there are too many.
        """
        # Breadth-first search over an abstract state space, with `states` as the queue: it grows while it is read. Bits
        # of conditions are only added and counts stop at their limits, so there are finitely many states, and each is
        # expanded once. The first path to a state is a shortest one, so `origins` leads back along as few facts as
        # possible; cheap kinds are tried first. It is sound because a part of a methodology reads facts only through
        # its literals, and whether these hold depends on the state alone. Under a key with one answer no second fact is
        # added.
        kinds = sorted((kind for kinds in self.kinds for kind in kinds.all), key=lambda kind: kind.cost)
        moves = [(kind.satisfied & self._seen, self._counts_of(kind), self._key_of(kind)) for kind in kinds]
        start: State = (0, tuple(0 if c.distinct is None else frozenset() for c in self._counters), 0)
        numbers = {start: 0}
        states, origins, steps = [start], [None], []  # type: list[State], list[tuple[int, int] | None], list[list[int]]
        for number, (satisfied, counts, answered) in enumerate(states):
            row = []
            for k, (more, counted, key) in enumerate(moves):
                if answered & key:
                    row.append(CLOSED)
                    continue
                after = (satisfied | more, self._added(counts, counted) if counted else counts, answered | key)
                found = numbers.setdefault(after, len(states))
                if found == len(states):
                    states.append(after)
                    origins.append((number, k))
                row.append(found)
            steps.append(row)
            if len(states) * self._share > MAX_STATES or len(states) * len(kinds) * self._share > MAX_STEPS:
                raise TooLargeError
        values = self._values(states)
        ranks = {value: rank for rank, value in enumerate(sorted(set(values)))}
        idle = [ranks[value] for value in values]
        ranked = [*idle, CLOSED]  # its last rank, which the number -1 of a state names, is that of a closed key
        worth = [[ranked[after] for after in column] for column in zip(*steps, strict=True)]
        return Reached(values, origins, {kind: k for k, kind in enumerate(kinds)}, worth, idle)

    def _values(self, states: list[State]) -> list[Fraction]:
        """Return the value in each state, computed once for states that literals do not distinguish."""
        known: dict[object, Fraction] = {}
        values = []
        for state in states:
            key = (state[0], tuple(len(c) if isinstance(c, frozenset) else c for c in state[1]))
            if key not in known:
                known[key] = self.scored.value(partial(self.holds, state=state))
            values.append(known[key])
        return values

    def _counts_of(self, kind: FactClass) -> tuple[tuple[int, frozenset[Value] | None], ...]:
        """Return the counters that a fact adds to, each with the values that it adds; None adds one fact."""
        own = next(kinds for kinds in self.kinds if kinds.type_id == kind.type)
        values = {counter: added for (counter, _), added in zip(own.counting, kind.counted, strict=True)}
        return tuple(
            (i, values.get(counter))
            for i, counter in enumerate(self._counters)
            if kind.satisfied >> counter.condition & 1 and (counter.distinct is None or values[counter])
        )

    def _added(
        self, counts: tuple[Count, ...], counted: Iterable[tuple[int, frozenset[Value] | None]]
    ) -> tuple[Count, ...]:
        made = list(counts)
        for i, values in counted:
            count = made[i]
            if isinstance(count, frozenset) and values is not None:
                seen = count | values
                made[i] = None if len(seen) >= self._counters[i].limit else seen
            elif isinstance(count, int):
                made[i] = None if count + 1 >= self._counters[i].limit else count + 1
        return tuple(made)

    def changes(self, sense: Improvement) -> list[Change]:
        """Return all changes in a sense, those that state least first.

        Raises:
            TooLargeError: if there are too many.
        """
        found = {change: change for kinds in self.kinds for change in kinds.changes(sense)}
        if len(found) * len(self.reached.values) * self._share > MAX_CHANGES:
            raise TooLargeError
        return sorted(found.values(), key=lambda change: change.cost)


def _counters(literals: Iterable[Literal], numbers: Mapping[int, int]) -> tuple[Counter, ...]:
    limits: dict[tuple[int, str | None], int] = {}
    for literal in literals:
        if literal.counts:
            key = (numbers[literal.condition], literal.distinct)
            limits[key] = max(limits.get(key, 0), literal.number)
    return tuple(Counter(condition, distinct, limit) for (condition, distinct), limit in limits.items())

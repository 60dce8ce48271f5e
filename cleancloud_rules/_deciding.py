"""The exact decision: every state that facts can reach, and what every change of one fact makes of it.

A state says which conditions hold, and what was counted so far, up to what is asked for. Facts of finitely many kinds
lead from state to state, so that all states can be visited, those of few facts first. A change costs points in some
company exactly if it does in one of these states.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from itertools import islice

from attrs import define, field, frozen

from cleancloud_rules._lemmas import derivation
from cleancloud_rules._kinds import Change, Counter, Kind, Kinds
from cleancloud_rules._scored import Scored
from cleancloud_rules._vectors import TooLargeError
from cleancloud_rules.certificates import Sense
from cleancloud_rules.methodology import Methodology
from cleancloud_rules.rulesets import Literal, Ruleset
from cleancloud_rules.values import Value

MAX_STATES = 20_000
"""How many states may be visited before a criterion is too large to decide."""

MAX_STEPS = 1_000_000
"""How many changes may be tried in all states before a criterion is too large to decide."""

MAX_VIOLATIONS = 400
"""How many violations are kept, from which the smallest of each sort are shown."""

Count = int | frozenset[Value] | None
"""What was counted: facts, or the values seen; None where it is as many as anything asks for."""


@frozen
class State:
    """What holds of a company.

    Args:
        satisfied: numbers of the conditions that some fact passes, as bits.
        counts: what was counted, for each counter.
    """

    satisfied: int
    counts: tuple[Count, ...]


@frozen
class Violation:
    """A change of one fact that costs points.

    Args:
        company: kinds of the other facts.
        change: the change.
        before: what the company comes to before the change.
        after: what it comes to after it.
    """

    company: tuple[Kind, ...]
    change: Change
    before: Fraction
    after: Fraction

    @property
    def size(self) -> tuple[int, int]:
        """How many facts it takes, and how much they state."""
        return len(self.company), self.change.cost + sum(kind.cost for kind in self.company)


class Machine:
    """All states of a company, as far as something scored tells them apart.

    Args:
        scored: what is scored.
        methodology: the methodology.
        ruleset: its compiled form.
        derived: whether facts are included that only derivations can make.
    """

    def __init__(self, scored: Scored, methodology: Methodology, ruleset: Ruleset, *, derived: bool) -> None:
        self.scored = scored
        literals = sorted(scored.literals, key=str)
        self.counters = _counters(literals)
        self._place = {(c.condition, c.distinct): i for i, c in enumerate(self.counters)}
        self._numbers = {number: i for i, number in enumerate(sorted({x.condition for x in literals}))}
        self.counters = tuple(
            Counter(self._numbers[c.condition], c.distinct, c.limit) for c in self.counters
        )
        conditions = {i: ruleset.conditions[number].condition for number, i in self._numbers.items()}
        made = {derivation.fact for derivation in methodology.vocabulary.derivations}
        self.types = sorted({condition.fact_type for condition in conditions.values()})
        self.derivable = bool(made & set(self.types))
        self.kinds = [
            Kinds(
                methodology, type_id, {i: c for i, c in conditions.items() if c.fact_type == type_id}, self.counters,
                derivable=derived and type_id in made,
            )
            for type_id in self.types
        ]  # fmt: skip
        self.counted_types = {conditions[c.condition].fact_type for c in self.counters if c.distinct is None}
        self._values: dict[State, Fraction] = {}

    @property
    def start(self) -> State:
        """A company without facts."""
        return State(0, tuple(0 if c.distinct is None else frozenset() for c in self.counters))

    def value(self, state: State) -> Fraction:
        """Return what is scored in a state."""
        if state not in self._values:
            self._values[state] = self.scored.value(lambda literal: self.holds(literal, state))
        return self._values[state]

    def holds(self, literal: Literal, state: State) -> bool:
        """Whether a literal holds in a state."""
        if not literal.counts:
            return bool(state.satisfied >> self._numbers[literal.condition] & 1) == (literal.kind == "present")
        counted = state.counts[self._place[literal.condition, literal.distinct]]
        number = len(counted) if isinstance(counted, frozenset) else counted
        return (number is None or number >= literal.number) == (literal.kind == "at_least")

    def with_fact(self, state: State, kind: Kind) -> State:
        """Return the state of a company to which a fact was added."""
        counts = tuple(
            _counted(count, counter, kind.counted[i]) if kind.satisfied >> counter.condition & 1 else count
            for i, (count, counter) in enumerate(zip(state.counts, self.counters, strict=True))
        )
        return State(state.satisfied | kind.satisfied, counts)

    @cached_property
    def states(self) -> dict[State, tuple[State, Kind] | None]:
        """Every state, those of few facts first, with a state and a fact that lead to it.

        Raises:
            TooLargeError: where there are too many.
        """
        kinds = sorted((kind for kinds in self.kinds for kind in kinds.all), key=lambda kind: kind.cost)
        found: dict[State, tuple[State, Kind] | None] = {self.start: None}
        level = [self.start]
        while level:
            reached: list[State] = []
            for state in level:
                for kind in kinds:
                    after = self.with_fact(state, kind)
                    if after not in found:
                        found[after] = (state, kind)
                        reached.append(after)
                if len(found) > MAX_STATES or len(found) * len(kinds) > MAX_STEPS:
                    raise TooLargeError
            level = reached
        return found

    def company(self, state: State) -> tuple[Kind, ...]:
        """Return facts that lead to a state, as few as possible."""
        step = self.states[state]
        return () if step is None else (*self.company(step[0]), step[1])

    def extremes(self) -> tuple[Fraction, Fraction]:
        """Return the least and the greatest that is scored in any state."""
        values = [self.value(state) for state in self.states]
        return min(values), max(values)

    def violations(self, sense: Sense) -> Iterator[Violation]:
        """Return changes that cost points, those of few facts first.

        Raises:
            TooLargeError: where there are too many states, or too many changes.
        """
        changes = [change for kinds in self.kinds for change in kinds.changes(sense)]
        if len(changes) * len(self.states) > MAX_STEPS:
            raise TooLargeError
        for state in self.states:
            for change in changes:
                before = state if change.old is None else self.with_fact(state, change.old)
                after = self.with_fact(state, change.new)
                if before != after and self.value(after) < self.value(before):
                    yield Violation(self.company(state), change, self.value(before), self.value(after))


@define
class Decision:
    """What all states say about something scored.

    Args:
        scored: what is scored.
        methodology: the methodology.
        ruleset: its compiled form.
    """

    scored: Scored
    methodology: Methodology
    ruleset: Ruleset
    _machines: dict[bool, Machine] = field(factory=dict, init=False)
    _violations: dict[Sense, tuple[Violation, ...]] = field(factory=dict, init=False)

    def _machine(self, *, derived: bool) -> Machine:
        """Return the states that stated facts lead to; or also facts that only derivations make."""
        if derived not in self._machines:
            self._machines[derived] = Machine(self.scored, self.methodology, self.ruleset, derived=derived)
        return self._machines[derived]

    def violations(self, sense: Sense) -> tuple[Violation, ...]:
        """Return changes of stated facts that cost points, those of few facts first, and no more than there is use for.

        Raises:
            TooLargeError: where there are too many states, or too many changes.
        """
        if sense not in self._violations:
            self._violations[sense] = tuple(islice(self._machine(derived=False).violations(sense), MAX_VIOLATIONS))
        return self._violations[sense]

    def doubt(self, sense: Sense) -> str | None:
        """Return why it may be violated though stated facts alone do not do it; None where it is certain.

        Raises:
            TooLargeError: as `violations`.
        """
        machine = self._machine(derived=True)
        if self.violations(sense):
            return "what refutes it could not be stated"
        if not machine.derivable:
            return None
        types, counted = frozenset(machine.types), frozenset(machine.counted_types)
        if not derivation(sense, types, counted, self.methodology):
            return "what is derived may change"
        if any(next(machine.violations(s), None) is not None for s in {sense, Sense.EVIDENCE}):
            return "facts that only a derivation makes may change it"
        return None

    def extremes(self) -> tuple[Fraction, Fraction, bool] | None:
        """Return the least and the greatest value, and whether stated facts reach both; None where it is too large."""
        try:
            reached = self._machine(derived=False).extremes()
            if not self._machine(derived=False).derivable:
                return (*reached, True)
            limits = self._machine(derived=True).extremes()
            return (*limits, limits == reached)
        except TooLargeError:
            return None


def _counters(literals: Iterable[Literal]) -> tuple[Counter, ...]:
    limits: dict[tuple[int, str | None], int] = {}
    for literal in literals:
        if literal.counts:
            key = (literal.condition, literal.distinct)
            limits[key] = max(limits.get(key, 0), literal.number)
    return tuple(Counter(condition, distinct, limit) for (condition, distinct), limit in limits.items())


def _counted(count: Count, counter: Counter, values: frozenset[Value]) -> Count:
    if count is None:
        return None
    if isinstance(count, frozenset):
        seen = count | values
        return None if len(seen) >= counter.limit else seen
    return None if count + 1 >= counter.limit else count + 1

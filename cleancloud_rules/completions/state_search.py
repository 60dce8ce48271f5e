"""The states that completions of a company reach, as far as some rules distinguish them."""

from collections.abc import Callable, Collection, Iterable
from functools import cache
from itertools import product

from attrs import field, frozen

from cleancloud_rules.completions.answered import AnswerKeys, Key
from cleancloud_rules.completions.distinct_values import distinct_values
from cleancloud_rules.completions.fact_kinds import Admissible, TooLargeError
from cleancloud_rules.completions.selected import latest_of
from cleancloud_rules.engine.eligibility import count
from cleancloud_rules.engine.ruleset import CompiledRule, Literal, Ruleset
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.values import FieldType

MAX_STEPS = 1_000_000
"""The maximum number of steps of one search. A step adds a kind of fact to a state."""

MANY = 10**9
"""A count above every limit that a rule sets: unlimited."""

Counts = tuple[tuple[str, int], ...]
"""Counts by name, none above the highest limit that a rule sets."""

State = tuple[frozenset[int], Counts]
"""The conditions that hold, and the counts."""


@frozen
class StateSearch:
    """The completions of one company, as states.

    Args:
        ruleset: the compiled methodology, which knows the conditions of its implications.
        keys: the keys under which a company has one answer each.
        admissible: the facts that could be added.
        stated: returns the stated facts that count and pass a condition.
    """

    ruleset: Ruleset
    keys: AnswerKeys
    admissible: Admissible
    stated: Callable[[Condition], Collection[Fact]]
    losable: frozenset[int] = field(init=False)
    """Numbers of the conditions whose facts a later fact may supersede, or are derived from such facts."""

    @losable.default
    def _losable(self) -> frozenset[int]:
        types = (t.id for t in self.ruleset.methodology.vocabulary.fact_types)
        moving = {id for id in types if latest_of(frozenset((id,)), self.ruleset.methodology)}
        conditions = self.ruleset.conditions
        return frozenset(n for n in self.admissible.satisfied if conditions[n].condition.fact_type in moving)

    def loses(self, literals: Iterable[Literal]) -> bool:
        """Whether a later fact may supersede a stated one that is asked for."""
        return any(literal.condition in self.losable for literal in literals)

    def owes(self, literals: Iterable[Literal]) -> bool:
        """Whether the stated facts imply a fact that is not there and may bear on what is asked for."""
        return bool(self.admissible.owed & self._told_apart({literal.condition for literal in literals}))

    def truths(self, rule: CompiledRule) -> frozenset[bool]:
        """Return whether a rule holds in some completion, and whether it fails in some."""
        literals = literals_of([rule])
        if self.loses(literals):
            return frozenset((True, False))
        start = self.state(literals, self.admissible.satisfied, ())
        if is_positive(literals) and not self.admissible.owed and not exclude(literals, self.ruleset, self.keys):
            most = self.state(literals, self.admissible.reachable, literals)
            return frozenset((holds(rule, start), holds(rule, most)))
        try:
            return frozenset(holds(rule, state) for state in self.states(literals))
        except TooLargeError:
            return frozenset((True, False))

    def has_free_answers(self, literals: Iterable[Literal]) -> bool:
        """Whether some answers could be added whose keys are not told apart, so that there may not be enough keys."""
        named, keys = {x.condition for x in literals}, self.keys
        vectors = self.admissible.telling_apart(frozenset(self._told_apart(named)))
        return any(
            v.satisfied & named and keys.of_conditions(v.satisfied) is None for v in vectors if v.type in keys.names
        )

    def state(self, literals: set[Literal], conditions: frozenset[int], grown: Iterable[Literal]) -> State:
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
        return count(self.stated(condition), literal.distinct)

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
        for fact in self.stated(condition):
            value = fact.get(literal.distinct or "")
            found |= value if isinstance(value, frozenset) else {value}
        return found

    def states(self, literals: set[Literal]) -> set[State]:
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
        keys = self.keys
        vectors = {(v.satisfied & named, keys.of_conditions(v.satisfied)) for v in told_apart}
        conditions, counts = self.state(literals, self.admissible.satisfied & named, ())
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


def on_answers(literals: Iterable[Literal], ruleset: Ruleset, keys: AnswerKeys) -> list[Literal]:
    """Return the literals on fact types whose keys have one answer."""
    return [x for x in literals if ruleset.conditions[x.condition].condition.fact_type in keys.names]


def exclude(literals: Iterable[Literal], ruleset: Ruleset, keys: AnswerKeys) -> bool:
    """Whether answers to what is asked may exclude each other, because a key has one answer."""
    asked = on_answers(literals, ruleset, keys)
    return len({x.condition for x in asked}) > 1 or any(x.counts for x in asked)


def literals_of(rules: Iterable[CompiledRule]) -> set[Literal]:
    """Return everything that rules ask for."""
    return {literal for rule in rules for disjunct in rule.disjuncts for literal in disjunct}


def is_positive(literals: Iterable[Literal]) -> bool:
    """Whether nothing must be absent."""
    return all(literal.is_positive for literal in literals)


def holds(rule: CompiledRule, state: State) -> bool:
    """Whether a rule holds in a state."""
    conditions, counts = state[0], dict(state[1])
    return any(
        all(x.holds(counts[x.counter] if x.counts else x.condition in conditions) for x in disjunct)
        for disjunct in rule.disjuncts
    )

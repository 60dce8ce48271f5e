"""Cross-check: evaluates every rule independently of the engine and compares the results.

It reads rules and facts as they were written and compares values directly, without cells and without the engine. So an
engine that loses a firing, fires a rule that does not hold, or names a fact that does not pass is noticed before any
points are awarded.
"""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from cleancloud_rules.engine.derivation import derive, join_values
from cleancloud_rules.engine.eligibility import count, outside_window, superseded
from cleancloud_rules.engine.firings import Counted, Firings
from cleancloud_rules.errors import EngineError
from cleancloud_rules.model.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Count,
    Members,
    NoneOf,
    Null,
    SetMode,
    UnaryTest,
    When,
)
from cleancloud_rules.model.derivations import Derivation
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import Interval, Plain, Value


def verify(firings: Firings, methodology: Methodology) -> None:
    """Raise `EngineError` unless the firings are exactly those that the rules give for the facts.

    Args:
        firings: the result of the engine.
        methodology: the rules.
    """
    counting = Known(counted.fact for counted in firings.facts if counted.counts)
    problems = _verify_derived(firings.facts, methodology)
    if firings.problems != tuple(sorted(problems)):
        message = f"derivations reported {firings.problems}, but the facts give {tuple(sorted(problems))}"
        raise EngineError(f"cross-check: {message}")
    fired = {(firing.criterion, firing.rule): firing for firing in firings.firings}
    for owner, rule, when in methodology.asked:
        firing = fired.pop((owner, rule), None)
        if holds(when, counting) is (firing is None):
            did = "did not fire, but holds" if firing is None else "fired, but does not hold"
            raise EngineError(f"cross-check: rule {rule} of {owner} {did}")
        if firing is None:
            continue
        named = tuple(sorted(fact.id for fact in supporting(when, counting)))
        if firing.facts != named:
            message = f"rule {rule} of {owner} fired on {firing.facts}, but holds because of {named}"
            raise EngineError(f"cross-check: {message}")
    if fired:
        raise EngineError(f"cross-check: rules fired that do not exist: {sorted(fired)}")


class Known:
    """The facts that count, indexed by the values that conditions ask for.

    Args:
        facts: the facts.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._by_type: dict[str, list[Fact]] = {}
        for fact in facts:
            self._by_type.setdefault(fact.type, []).append(fact)
        self._by_value: dict[tuple[str, str], dict[Any, list[Fact]]] = {}

    def passing(self, condition: Condition) -> list[Fact]:
        """Return the facts that pass a condition."""
        candidates = self._by_type.get(condition.fact_type, [])
        if len(candidates) > 1:
            asked = ((test.field, value) for test in condition.tests if (value := _only_value(test.test)) is not None)
            some = (self._having(condition.fact_type, name, value) for name, value in asked)
            candidates = min(some, key=len, default=candidates)
        return [fact for fact in candidates if passes(fact, condition)]

    def _having(self, type_id: str, name: str, value: Plain) -> list[Fact]:
        """Return the facts of a type with a value in a field, and those whose value is not exact."""
        by_value = self._by_value.get((type_id, name))
        if by_value is None:
            by_value = self._by_value[type_id, name] = {None: []}
            for fact in self._by_type[type_id]:
                stated = fact.get(name)
                exact = None if isinstance(stated, Interval | frozenset) else stated
                by_value.setdefault(exact, []).append(fact)
        return [*by_value.get(value, ()), *by_value[None]]


def _only_value(test: UnaryTest) -> Plain | None:
    """Return the value that a test asks for; None if it does not ask for a single value."""
    if test.anything or test.negated or len(test.alternatives) != 1:
        return None
    (only,) = test.alternatives
    return only.low if isinstance(only, Interval) and only.is_point else None


def holds(when: When, facts: Known) -> bool:
    """Whether the condition of a rule holds for the facts that count."""
    match when:
        case Condition():
            return bool(facts.passing(when))
        case Count(of, number, distinct):
            return count(facts.passing(of), distinct) >= number
        case AllOf(parts):
            return all(holds(part, facts) for part in parts)
        case AnyOf(parts):
            return any(holds(part, facts) for part in parts)
        case NoneOf(parts):
            return not any(holds(part, facts) for part in parts)


def supporting(when: When, facts: Known, *, wanted: bool = True) -> set[Fact]:
    """Return the facts that make a rule hold: those that pass the conditions of its parts that hold."""
    match when:
        case Condition():
            return set(facts.passing(when)) if wanted else set()
        case Count(of, _, _):
            return set(facts.passing(of)) if wanted else set()
        case _:
            inner = wanted is not isinstance(when, NoneOf)
            held = [part for part in when.parts if holds(part, facts) is inner]
            return {fact for part in held for fact in supporting(part, facts, wanted=inner)}


def passes(fact: Fact, condition: Condition) -> bool:
    """Whether a fact has the type of a condition and passes all its tests."""
    return fact.type == condition.fact_type and all(
        accepts(test.test, fact.get(test.field), disclosed=test.field in fact.disclosed) for test in condition.tests
    )


def accepts(test: UnaryTest, value: Value | None, *, disclosed: bool = False) -> bool:
    """Whether a value passes a unary test; see `cleancloud_rules.model.conditions.UnaryTest`."""
    if test.anything:
        return True
    if value is None:
        if disclosed:
            return test.negated and test.alternatives == (Null(),)
        return not test.negated and Null() in test.alternatives
    if isinstance(value, frozenset):
        sets = [a for a in test.alternatives if isinstance(a, Members)]
        return any(_accepts_set(members, value) for members in sets) is not test.negated
    bound = value if isinstance(value, Interval) else Interval.at(value)
    intervals = [a for a in test.alternatives if isinstance(a, Interval)]
    if test.negated:
        return not any(_meet(bound, interval) for interval in intervals)
    return _covers(intervals, bound)


def _accepts_set(members: Members, value: frozenset[str]) -> bool:
    match members.mode:
        case SetMode.IS:
            return value == members.names
        case SetMode.ALL:
            return value >= members.names
        case _:
            return bool(value & members.names)


def _meet(a: Interval, b: Interval) -> bool:
    """Whether two intervals have a value in common."""
    return _reaches(a, b) and _reaches(b, a)


def _reaches(a: Interval, b: Interval) -> bool:
    """Whether interval `a` does not end before `b` begins."""
    end: Any = a.high
    begin: Any = b.low
    if end is None or begin is None:
        return True
    return bool(end > begin or (end == begin and not a.high_open and not b.low_open))


def _covers(intervals: list[Interval], bound: Interval) -> bool:
    """Whether every value of a bound lies in one of the intervals."""
    # Interval subtraction: each interval is removed from what the ones before it left over, and an interval leaves at
    # most two pieces of a piece. The bound is covered if nothing is left.
    rest = [bound]
    for interval in intervals:
        rest = [piece for part in rest for piece in _without(part, interval)]
    return not rest


def _without(part: Interval, taken: Interval) -> Iterable[Interval]:
    """Return the pieces that are left of a part without an interval."""
    if not _meet(part, taken):
        return (part,)
    pieces = []
    if taken.low is not None:
        pieces.append(Interval(part.low, taken.low, part.low_open, not taken.low_open))
    if taken.high is not None:
        pieces.append(Interval(taken.high, part.high, not taken.high_open, part.high_open))
    return [piece for piece in pieces if not piece.is_empty]


def _joined(derivation: Derivation, known: list[Fact]) -> Iterator[tuple[Fact, ...]]:
    """Return every choice of one fact for each input of a derivation whose join fields are equal."""
    # A hash join: the facts of each input are grouped by their join key, and only groups of one key are combined.
    inputs: list[dict[Any, list[Fact]]] = []
    for _, condition in derivation.inputs:
        by_key: dict[Any, list[Fact]] = {}
        for fact in known:
            if passes(fact, condition):
                by_key.setdefault(join_values(fact, derivation.join), []).append(fact)
        inputs.append(by_key)
    for key in inputs[0]:
        if key is not None:
            yield from product(*(by_key.get(key, ()) for by_key in inputs))


def _verify_derived(facts: Iterable[Counted], methodology: Methodology) -> set[str]:
    """Return the problems of derivations.

    Raises:
        EngineError: if the derived facts are not those that the derivations compute.
    """
    facts = tuple(facts)
    read = [c.fact for c in facts if c.fact.derived_by is None and (c.counts or c.later is not None)]
    known = _latest(read, methodology)
    problems: set[str] = set()
    for derivation in methodology.vocabulary.derivations:
        made: dict[str, Fact] = {}
        for chosen in _joined(derivation, known):
            result = derive(derivation, chosen, methodology.vocabulary)
            if isinstance(result, Fact):
                made[result.id] = result
            elif result is not None:
                problems.add(result)
        found = {c.fact.id for c in facts if c.fact.derived_by == derivation.id}
        if found != set(made):
            message = f"derivation {derivation.id} made {sorted(found)}, but the facts give {sorted(made)}"
            raise EngineError(f"cross-check: {message}")
        inside = [fact for fact in made.values() if outside_window(fact, methodology) is None]
        known = _latest([*known, *inside], methodology)
    if left := {fact.id for fact in known} ^ {c.fact.id for c in facts if c.counts}:
        raise EngineError(f"cross-check: the facts that count are not the latest: {sorted(left)}")
    return problems


def _latest(facts: Iterable[Fact], methodology: Methodology) -> list[Fact]:
    """Return facts without those that a later one supersedes."""
    facts = list({fact.id: fact for fact in facts}.values())
    later = superseded((Counted(fact) for fact in facts), methodology.vocabulary)
    return [fact for fact in facts if fact.id not in later]

"""Whether facts that could still come to light would earn anything in a criterion of which no fact speaks.

For every field a few values are tried that between them pass every combination of its tests, and so for every fact
type a few facts; a rule can come to hold if some of these facts together make it hold.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations, combinations_with_replacement, pairwise, product
from typing import Any

from attrs import field, frozen

from cleancloud_rules.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Count,
    Members,
    NoneOf,
    UnaryTest,
    When,
    conditions_of,
)
from cleancloud_rules.facts import Basis, FactType, Field, NotFound
from cleancloud_rules.methodology import Criterion, Methodology
from cleancloud_rules.values import Interval
from tests.reference.conditions import accepts, fact_passes, holds, number, passes, values_around

Held = tuple[Any, bool]
"""What a fact may hold in a field: a value or None, and whether it was disclosed without its value."""


@frozen
class Addition:
    """A fact that could be added: its type and what it holds in the fields that matter."""

    type: str
    holding: tuple[tuple[str, Held], ...]
    copy: int = 0
    disclosed: tuple[str, ...] = field(init=False)

    @disclosed.default
    def _disclosed(self) -> tuple[str, ...]:
        return tuple(name for name, (_, disclosed) in self.holding if disclosed)

    def get(self, name: str, /) -> Any:
        """Return the value of a field that matters."""
        return dict(self.holding)[name][0]


def could_earn(criterion: Criterion, methodology: Methodology, not_found: Sequence[NotFound]) -> bool:
    """Whether some rule that earns points could come to hold by facts that count and pass no `not_found` entry.

    Args:
        criterion: the criterion; no fact passes any of its conditions yet.
        methodology: whose vocabulary, windows and accepted sources apply.
        not_found: what no fact passes.
    """
    return any(rule.points > 0 and _could_hold(rule.when, methodology, not_found) for rule in criterion.rules)


def _could_hold(when: When, methodology: Methodology, not_found: Sequence[NotFound]) -> bool:
    facts = [
        fact
        for fact_type in sorted({condition.fact_type for condition in conditions_of(when)})
        for fact in additions(when, fact_type, methodology, not_found)
    ]
    return any(_possible(way, facts) for way in ways(when))


@frozen
class Way:
    """One way in which something comes to hold: what must hold, and what must not."""

    needed: tuple[Condition | Count, ...] = ()
    refused: tuple[Condition | Count, ...] = ()

    def and_also(self, other: "Way") -> "Way":
        """Return the way that is both."""
        return Way(self.needed + other.needed, self.refused + other.refused)


def ways(when: When, *, wanted: bool = True) -> list[Way]:
    """Return the ways in which `when` can come to hold, or to fail."""
    match when:
        case Condition() | Count():
            return [Way(needed=(when,)) if wanted else Way(refused=(when,))]
        case AllOf(parts) | AnyOf(parts) | NoneOf(parts):
            each = [ways(part, wanted=wanted != isinstance(when, NoneOf)) for part in parts]
            every = wanted != isinstance(when, AnyOf)
            if not every:
                return [way for part in each for way in part]
            found = [Way()]
            for part in each:
                found = [before.and_also(way) for before in found for way in part]
            return found


def _possible(way: Way, facts: Sequence[Addition]) -> bool:
    """Whether some of the facts are all that is needed, and nothing that is refused."""
    conditions = [refused for refused in way.refused if isinstance(refused, Condition)]
    counts = [refused for refused in way.refused if isinstance(refused, Count)]
    allowed = [fact for fact in facts if not any(fact_passes(fact, condition) for condition in conditions)]
    harmless = [fact for fact in allowed if not any(fact_passes(fact, count.of) for count in counts)]
    hard = [needed for needed in way.needed if not any(True for _ in makings(needed, harmless))]
    return any(
        not any(holds(count, sorted({fact for some in choice for fact in some}, key=repr)) for count in counts)
        for choice in product(*(list(makings(needed, allowed)) for needed in hard))
    )


def makings(asked: Condition | Count, facts: Sequence[Addition]) -> Iterator[tuple[Addition, ...]]:
    """Return every choice of few facts that make a condition or a count hold."""
    if isinstance(asked, Condition):
        yield from ((fact,) for fact in facts if fact_passes(fact, asked))
        return
    passing = [fact for fact in facts if fact_passes(fact, asked.of)]
    if asked.distinct is None:
        for chosen in combinations_with_replacement(passing, asked.at_least):
            yield tuple(Addition(fact.type, fact.holding, chosen[:i].count(fact)) for i, fact in enumerate(chosen))
        return
    if number(passing, asked.distinct) < asked.at_least:
        return
    for size in range(1, asked.at_least + 1):
        yield from (some for some in combinations(passing, size) if number(some, asked.distinct) >= asked.at_least)


def additions(when: When, type_id: str, methodology: Methodology, not_found: Iterable[NotFound]) -> list[Addition]:
    """Return facts of a type that could be added, one for each combination of conditions that they pass."""
    asked = [condition for condition in conditions_of(when) if condition.fact_type == type_id]
    refused = [entry.condition for entry in not_found if entry.condition.fact_type == type_id]
    counted = {c.distinct for c in _counts(when) if c.of.fact_type == type_id and c.distinct is not None}
    steps = max((c.at_least for c in _counts(when)), default=1)
    names = sorted({test.field for condition in (*asked, *refused) for test in condition.tests} | counted)
    fact_type = methodology.vocabulary.by_id[type_id]
    refusing = any(way.refused for way in ways(when))
    choices: list[list[Held]] = []
    for name in names:
        tests = [test.test for c in (*asked, *refused) for test in c.tests if test.field == name]
        held = field_values(name, fact_type, tests, methodology, steps)
        if name in counted:
            choices.append([*held, *_bounded(held)] if refusing else held)
        else:
            choices.append(_different(held, tests))
    found: dict[Any, Addition] = {}
    for values in product(*choices):
        fact = Addition(type_id, tuple(zip(names, values, strict=True)))
        if any(fact_passes(fact, condition) for condition in refused):
            continue
        says = tuple(fact_passes(fact, condition) for condition in asked)
        found.setdefault((says, *(fact.get(name) for name in sorted(counted))), fact)
    return list(found.values())


def _counts(when: When) -> list[Count]:
    match when:
        case Count():
            return [when]
        case Condition():
            return []
        case _:
            return [count for part in when.parts for count in _counts(part)]


def _bounded(held: Sequence[Held]) -> list[Held]:
    """Return bounded values next to the exact ones of an ordered field; they pass tests and are not counted."""
    values: Any = [value for value, _ in held if type(value) in (int, Decimal, date)]
    if not values:
        return []
    inside = [Interval(a, b, isinstance(a, Decimal), isinstance(a, Decimal)) for a, b in pairwise(values)]
    return [(bound, False) for bound in (Interval(high=values[0]), *inside, Interval(low=values[-1]))]


def _different(values: Iterable[Held], tests: Sequence[UnaryTest]) -> list[Held]:
    """Return one value for each combination of tests that values pass."""
    found: dict[tuple[bool, ...], Held] = {}
    for value, disclosed in values:
        found.setdefault(tuple(passes(test, value, disclosed=disclosed) for test in tests), (value, disclosed))
    return list(found.values())


# What may a fact hold in a field?


def field_values(
    name: str,
    fact_type: FactType,
    tests: Sequence[UnaryTest],
    methodology: Methodology,
    steps: int,
) -> list[Held]:
    """Return values that between them pass every combination of tests, `steps` of each where so many exist."""
    own = fact_type.get(name)
    if own is not None:
        valid = [own.valid] if own.valid is not None else []
        values = [v for v in _values_of(own, [*tests, *valid], steps) if all(accepts(test, v) for test in valid)]
        return [*((value, False) for value in values), (None, True), *([(None, False)] if own.optional else [])]
    return [(value, False) for value in _reserved(name, fact_type, tests, methodology, steps)]


def _reserved(
    name: str,
    fact_type: FactType,
    tests: Sequence[UnaryTest],
    methodology: Methodology,
    steps: int,
) -> list[Any]:
    match name:
        case "basis":  # hypothetical facts never come to light
            return [basis.value for basis in Basis if basis is not Basis.HYPOTHETICAL]
        case "evidence.source_type":
            return list(methodology.accepted_sources)
        case "evidence.source":
            return _texts(tests, steps)
        case "entity":
            return [*_texts(tests, steps), None]
        case "evidence.published":
            return [*_ordered(tests, date(2000, 1, 1), steps), None]
        case _:
            window = dict(methodology.windows)[fact_type.horizon]
            edges = UnaryTest("", (Interval(window.start, window.end),))
            inside = [day for day in _ordered([*tests, edges], date(2000, 1, 1), steps) if accepts(edges, day)]
            return [*inside, None]


def _values_of(field: Field, tests: Sequence[UnaryTest], steps: int) -> list[Any]:
    match field.type:
        case "boolean":
            return [False, True]
        case "enum":
            return list(field.values)
        case "text":
            return _texts(tests, steps)
        case "set":
            return _sets(field, tests, steps)
        case "integer":
            return _ordered(tests, 0, steps)
        case "year":
            return _ordered(tests, 2000, steps)
        case "date":
            return _ordered(tests, date(2000, 1, 1), steps)
        case _:
            return _ordered(tests, Decimal(1), steps)


def _intervals(tests: Iterable[UnaryTest]) -> list[Interval]:
    return [a for test in tests for a in test.alternatives if isinstance(a, Interval)]


def _ordered(tests: Iterable[UnaryTest], some: Any, steps: int) -> list[Any]:
    return values_around([*_intervals(tests), Interval.at(some)], steps)


def _texts(tests: Iterable[UnaryTest], steps: int) -> list[str]:
    named = [str(interval.low) for interval in _intervals(tests)]
    return [*dict.fromkeys(named), *("another" + "-" * i for i in range(len(named) + steps))]


def _sets(field: Field, tests: Iterable[UnaryTest], steps: int) -> list[frozenset[str]]:
    named = {name for test in tests for a in test.alternatives if isinstance(a, Members) for name in a.names}
    others = [name for name in field.values if name not in named][:steps]
    found = [frozenset[str]()]
    for name in (*sorted(named), *others):
        found += [some | {name} for some in found]
    return [some for some in found if some]

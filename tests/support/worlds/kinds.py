"""Every fact that a company of a small world could state: exact, bounded and disclosed values, one by one.

Nothing here knows of cells, literals and truth vectors. Facts that nothing tells apart are listed once.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, product
from typing import Any

from attrs import frozen

from cleancloud_rules import Methodology, company_from
from cleancloud_rules.model.conditions import Condition, UnaryTest
from cleancloud_rules.model.facts import Better, Fact, Field, Selection
from cleancloud_rules.model.methodology import Rule
from cleancloud_rules.model.values import FieldType, Interval
from cleancloud_rules.results import Improvement
from tests.reference.conditions import accepts, passes
from tests.reference.scores import earned_by

DAYS = ("2022-06-30", "2023-06-30", "2024-06-30")
"""The days of facts of which only the latest count. Facts that a company states are of the second."""


@frozen
class Held:
    """What a fact may hold in a field.

    Args:
        plain: the value as a company file states it; None where it is missing or only disclosed.
        value: the value as it is loaded.
        disclosed: whether it is disclosed without its value.
    """

    plain: Any = None
    value: Any = None
    disclosed: bool = False


@frozen
class Kind:
    """A kind of fact, as all rules of the world see it.

    Args:
        type: its fact type.
        key: the exact values of its key fields, where facts of one key are one answer; None if they may be any.
        day: the day, as a number; -1 without one.
        passed: the numbers of the conditions that it passes.
        counted: for each count of distinct values the values that it adds.
        earned: for each rule in proportion what it earns; None without the number.
        possible: whether it may have true values with which it passes no condition that was searched for.
    """

    type: str
    key: tuple[Any, ...] | None
    day: int
    passed: frozenset[int]
    counted: tuple[frozenset[Any], ...]
    earned: tuple[Decimal | None, ...]
    possible: bool = True


@frozen
class Asked:
    """Everything in a methodology that tells facts apart.

    Args:
        methodology: the methodology.
        conditions: its conditions, each with its number.
        counted: the counts of facts: the number of the condition, and the greatest number that is asked for.
        distinct: the counts of distinct values: the number of the condition, its fact type and the field.
        proportions: the rules in proportion.
        shunned: the numbers of the conditions that were searched for without result.
    """

    methodology: Methodology
    conditions: dict[Condition, int]
    counted: tuple[tuple[int, int], ...]
    distinct: tuple[tuple[int, str, str], ...]
    proportions: tuple[Rule, ...]
    shunned: frozenset[int] = frozenset()


@frozen
class Kinds:
    """All kinds of facts of a world.

    Args:
        examples: each with an example, as a company file states it.
        steps: for each sense of a change of one fact the pairs of kinds before and after it.
    """

    examples: dict[Kind, dict[str, Any]]
    steps: dict[Improvement, tuple[tuple[Kind, Kind], ...]]

    @property
    def every(self) -> tuple[Kind, ...]:
        """The kinds that make a difference: they pass a condition, or answer under a key."""
        return tuple(kind for kind in self.examples if kind.passed or kind.key is not None)

    @property
    def admitted(self) -> tuple[Kind, ...]:
        """The kinds that no search without result rules out."""
        return tuple(kind for kind in self.every if kind.possible)


_Truths = frozenset[frozenset[int]]
"""The conditions searched for that true values pass: those of each true value that there may be."""

_Group = tuple[frozenset[int], Any, tuple[frozenset[Any], ...], tuple[Decimal | None, ...], _Truths]
"""What values of one field have in common: the conditions that they pass, a key, distinct values, points, truths."""


def kinds_of(asked: Asked, *, exact: bool = False) -> Kinds:
    """Return all kinds of facts.

    Args:
        asked: what tells facts apart.
        exact: whether bounded and disclosed values are left out.
    """
    examples: dict[Kind, dict[str, Any]] = {}
    steps: dict[Improvement, dict[tuple[Kind, Kind], None]] = {Improvement.VALUE: {}, Improvement.NARROWING: {}}
    held = held_in(asked.methodology)
    for fact_type in asked.methodology.vocabulary.fact_types:
        keyed = fact_type.selection is not Selection.BEST
        groups = [
            _groups(own, fact_type.id, held[fact_type.id, own.id], asked, keyed=keyed and own.key, exact=exact)
            for own in fact_type.fields
        ]
        made: dict[tuple[int, tuple[_Group, ...]], Kind] = {}
        for day in range(len(DAYS)) if fact_type.selection is Selection.LATEST else (-1,):
            for chosen in product(*groups):
                kind = _kind(fact_type.id, day, chosen, asked, keyed=keyed)
                made[day, chosen] = kind
                examples.setdefault(kind, _plain(fact_type.id, day, chosen, groups, fact_type.fields))
            for sense, found in steps.items():
                for place, own in enumerate(fact_type.fields):
                    for old, new in _pairs(sense, groups[place], own):
                        for rest in product(*groups[:place], [old], *groups[place + 1 :]):
                            before = made[day, rest]
                            after = made[day, (*rest[:place], new, *rest[place + 1 :])]
                            if before != after:
                                found[before, after] = None
    return Kinds(examples, {sense: tuple(found) for sense, found in steps.items()})


def _groups(
    own: Field, type_id: str, held: Sequence[Held], asked: Asked, *, keyed: bool, exact: bool
) -> dict[_Group, list[Held]]:
    found: dict[_Group, list[Held]] = {}
    conditions = {c: n for c, n in asked.conditions.items() if c.fact_type == type_id}
    for one in held:
        if exact and (one.disclosed or isinstance(one.value, Interval)):
            continue
        passed = _passed(conditions, own, one.value, disclosed=one.disclosed)
        shunned = {c: n for c, n in conditions.items() if n in asked.shunned}
        truths = frozenset(
            _passed(shunned, own, true, disclosed=one.disclosed) for true in _true_values(one.value, own)
        )
        key = ((one.value, one.disclosed),) if keyed else None
        values = one.value if isinstance(one.value, frozenset) else frozenset([one.value])
        values = frozenset() if one.value is None or isinstance(one.value, Interval) else values
        counted = tuple(values if place[1:] == (type_id, own.id) else frozenset() for place in asked.distinct)
        earned = tuple(_earned(rule, type_id, own.id, one.value, asked.methodology) for rule in asked.proportions)
        found.setdefault((passed, key, counted, earned, truths), []).append(one)
    return found


def _passed(conditions: dict[Condition, int], own: Field, value: Any, *, disclosed: bool) -> frozenset[int]:
    """Return the conditions of which a value passes all tests on its field."""
    return frozenset(
        number
        for condition, number in conditions.items()
        if all(passes(t.test, value, disclosed=disclosed) for t in condition.tests if t.field == own.id)
    )


def _true_values(value: Any, own: Field) -> list[Any]:
    """Return a value, or the exact ones that a bounded value may stand for: whole numbers, and some between them."""
    if not isinstance(value, Interval):
        return [value]
    steps = [n for n in range(-4, 24) if own.type is not FieldType.INTEGER or n % 4 == 0]
    exact = [Decimal(n) / 4 if n % 4 else n // 4 for n in steps]
    test = UnaryTest("", (value,))
    return [one for one in exact if accepts(test, one) and (own.valid is None or accepts(own.valid, one))]


@frozen
class _Number:
    """A fact as a rule in proportion reads it."""

    type: str
    value: Any

    def get(self, _: str) -> Any:
        return self.value


def _earned(rule: Rule, type_id: str, field: str, value: Any, methodology: Methodology) -> Decimal | None:
    proportion = rule.in_proportion
    assert proportion is not None
    if value is None or (proportion.fact_type, proportion.field) != (type_id, field):
        return None
    number: Any = _Number(type_id, value)
    return earned_by(rule, [number], methodology)


def _kind(type_id: str, day: int, chosen: Sequence[_Group], asked: Asked, *, keyed: bool) -> Kind:
    own = frozenset(number for condition, number in asked.conditions.items() if condition.fact_type == type_id)
    passed = own.intersection(*(group[0] for group in chosen))
    keys = [pair for group in chosen if group[1] is not None for pair in group[1]]
    known = keyed and not any(disclosed or isinstance(value, Interval) for value, disclosed in keys)
    counted = tuple(
        frozenset[Any]().union(*(group[2][i] for group in chosen)) if number in passed else frozenset[Any]()
        for i, (number, _, _) in enumerate(asked.distinct)
    )
    earned = tuple(
        next((group[3][i] for group in chosen if group[3][i] is not None), None) for i in range(len(asked.proportions))
    )
    possible = any(not frozenset.intersection(asked.shunned & own, *true) for true in product(*(g[4] for g in chosen)))
    return Kind(type_id, tuple(value for value, _ in keys) if known else None, day, passed, counted, earned, possible)


def kind_of(fact: Fact, asked: Asked) -> Kind:
    """Return the kind of a stated fact."""
    fact_type = fact.values.fact_type
    keyed = fact_type.selection is not Selection.BEST
    chosen = []
    for own in fact_type.fields:
        held = Held(None, fact.get(own.id), own.id in fact.disclosed)
        (group,) = _groups(own, fact.type, [held], asked, keyed=keyed and own.key, exact=False)
        chosen.append(group)
    day = DAYS.index(str(fact.as_of)) if fact_type.selection is Selection.LATEST else -1
    return _kind(fact.type, day, chosen, asked, keyed=keyed)


def _plain(
    type_id: str,
    day: int,
    chosen: Sequence[_Group],
    groups: Sequence[dict[_Group, list[Held]]],
    fields: Sequence[Field],
) -> dict[str, Any]:
    values = {own.id: groups[i][chosen[i]][0] for i, own in enumerate(fields)}
    disclosed = [name for name, held in values.items() if held.disclosed]
    return {
        type_id: {name: held.plain for name, held in values.items() if held.plain is not None},
        **({"disclosed": disclosed} if disclosed else {}),
        **({"as_of": DAYS[day]} if day >= 0 else {}),
        "source": "report",
    }


def held_in(methodology: Methodology) -> dict[tuple[str, str], list[Held]]:
    """Return everything that facts may hold in each field, by fact type and field."""
    found: dict[tuple[str, str], list[Held]] = {}
    rules = [rule for criterion in methodology.criteria for rule in criterion.rules]
    scaled = {(p.fact_type, p.field) for rule in rules if (p := rule.in_proportion)}
    facts: list[dict[str, Any]] = []
    places: list[tuple[str, str, Any]] = []
    for fact_type in methodology.vocabulary.fact_types:
        for own in fact_type.fields:
            found[fact_type.id, own.id] = [*([Held()] if own.optional else []), Held(disclosed=True)]
            others = [other.id for other in fact_type.fields if other is not own and not other.optional]
            for plain in plain_values(own, each=(fact_type.id, own.id) in scaled):
                note = {"note": f"n{len(places)}", "disclosed": others} if others else {"note": f"n{len(places)}"}
                facts.append({fact_type.id: {own.id: plain}, **note})
                places.append((fact_type.id, own.id, plain))
    loaded = company_from({"id": "every", "name": "Every", "facts": facts}, methodology).facts
    for fact in sorted(loaded, key=lambda fact: int(str(fact.note)[1:])):
        type_id, name, plain = places[int(str(fact.note)[1:])]
        value = fact.get(name)
        if value not in [held.value for held in found[type_id, name]]:
            found[type_id, name].append(Held(plain, value))
    return found


def plain_values(own: Field, *, each: bool = False) -> Iterator[Any]:
    """Yield values of a field as a company file states them, the exact ones first.

    Args:
        own: the field.
        each: whether every number is listed that the field can hold. Points in proportion are rounded, so that numbers
            between which no test tells apart may earn different points.
    """
    match own.type:
        case FieldType.BOOLEAN:
            yield from (True, False)
        case FieldType.ENUM:
            yield from own.values
        case FieldType.SET:
            for size in range(1, len(own.values) + 1):
                yield from (list(names) for names in combinations(own.values, size))
        case _:
            steps = 10**own.digits
            between = (Decimal(n) / steps for n in range(4 * steps) if n % steps)
            some = [Decimal(text) for text in ("0.2", "0.5", "1.5", "1.8")] if own.digits else []
            parts = [*between] if each else some
            numbers: list[Any] = sorted(n for n in (*range(5), *parts) if own.valid is None or passes(own.valid, n))
            yield from numbers
            # The ends of a bounded value need not be valid, if something in it is: 3 to 4 is 3 where 4 is too many.
            yield from (plain for plain in _bounded_values() if any(_holds(plain, number) for number in numbers))


def _bounded_values() -> Iterator[dict[str, Any]]:
    for low in range(5):
        yield from ({form: low} for form in ("at_least", "more_than"))
    for high in range(5):
        yield from ({form: high} for form in ("at_most", "less_than"))
    for low, high in combinations(range(5), 2):
        yield {"between": [low, high]}
        yield {"more_than": low, "at_most": high}


def _holds(plain: dict[str, Any], number: Any) -> bool:
    """Whether a number lies in a bounded value."""
    low, high = plain.get("between", (plain.get("at_least", number), plain.get("at_most", number)))
    inside = plain.get("more_than", number - 1) < number < plain.get("less_than", number + 1)
    return bool(low <= number <= high and inside)


def _pairs(sense: Improvement, groups: dict[_Group, list[Held]], own: Field) -> list[tuple[_Group, _Group]]:
    return [
        (a, b)
        for a in groups
        for b in groups
        if any(is_change(sense, new, old, own) for old in groups[a] for new in groups[b])
    ]


def is_change(sense: Improvement, new: Held, old: Held, own: Field) -> bool:
    """Whether one value becomes better, or more exact."""
    if new.value is None or new.value == old.value:
        return False
    if sense is Improvement.NARROWING:
        return old.disclosed or (isinstance(old.value, Interval) and _inside(new.value, old.value))
    if old.value is None or own.better is None:
        return False
    match own.better:
        case Better.MORE:
            return bool(new.value > old.value)
        case Better.LISTED:
            return own.values.index(new.value) > own.values.index(old.value)
        case Better.HIGHER:
            return _low(new.value) > _low(old.value)
        case _:
            return _high(new.value) < _high(old.value)


def _low(value: Any) -> tuple[float, int]:
    """Return the lower end of a value as one that can be compared: just above a number where it leaves it out."""
    if not isinstance(value, Interval):
        return float(value), 0
    low: Any = value.low
    return (float("-inf"), 0) if low is None else (float(low), int(value.low_open))


def _high(value: Any) -> tuple[float, int]:
    if not isinstance(value, Interval):
        return float(value), 0
    high: Any = value.high
    return (float("inf"), 0) if high is None else (float(high), -int(value.high_open))


def _inside(new: Any, old: Interval) -> bool:
    return _low(old) <= _low(new) and _high(new) <= _high(old)

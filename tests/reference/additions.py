"""Whether facts that could still come to light would earn anything in a criterion of which no fact speaks.

For every field a few values are tried that between them pass every combination of its tests, and so for every fact
type a few facts; a rule can come to hold if some of these facts together make it hold.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations, product
from typing import Any

from attrs import evolve, field, frozen

from cleancloud_rules.model.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Count,
    FieldTest,
    Members,
    NoneOf,
    Null,
    UnaryTest,
    When,
    conditions_of,
)
from cleancloud_rules.model.facts import Basis, Fact, FactType, Field, NotFound, Selection
from cleancloud_rules.model.methodology import Criterion, Methodology, Rule
from cleancloud_rules.model.values import FieldType, Interval
from cleancloud_rules.model.vocabulary import Implication, PeriodCounts, Window
from tests.reference.conditions import accepts, counts_in, fact_passes, number, passes, values_around

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


@frozen
class Search:
    """What was searched for in vain, and what is stated.

    Args:
        methodology: whose vocabulary, windows, accepted sources, implications and answers apply.
        not_found: what no fact passes.
        stated: the facts that count.
        answers: those of them that close their keys, and whose implications hold.
    """

    methodology: Methodology
    not_found: Sequence[NotFound]
    stated: Sequence[Fact] = ()
    answers: Sequence[Fact] = ()

    @property
    def implications(self) -> list[Implication]:
        """The implications whose second fact is not stated."""
        pairs = self.methodology.vocabulary.implications
        return [pair for pair in pairs if not any(fact_passes(fact, pair.then) for fact in self.stated)]

    @property
    def owed(self) -> list[Condition]:
        """What facts imply that no later fact supersedes, and that is not stated."""
        lasting = [fact for fact in self.answers if not _is_replaceable(fact.type, self.methodology)]
        return [pair.then for pair in self.implications if any(fact_passes(fact, pair.given) for fact in lasting)]

    def types_of(self, criterion: Criterion) -> set[str]:
        """Return the types that a criterion asks for, and those that facts of these imply."""
        found = {condition.fact_type for rule in criterion.rules for condition in conditions_of(rule.when)}
        for _ in self.methodology.vocabulary.implications:
            pairs = self.methodology.vocabulary.implications
            found |= {pair.then.fact_type for pair in pairs if pair.given.fact_type in found}
        return found

    def key(self, type_id: str) -> list[str] | None:
        """Return the fields that say what a fact answers, if there is one answer; an entity only where it is read."""
        methodology = self.methodology
        fact_type, vocabulary = methodology.vocabulary.by_id[type_id], methodology.vocabulary
        names = [field.id for field in fact_type.fields if field.key]
        if fact_type.selection is not Selection.SINGLE or type_id in {made.fact for made in vocabulary.derivations}:
            return None
        if any(fact_type.get(name).type is FieldType.SET for name in names):  # type: ignore[union-attr]
            return None
        whens = [when for _, _, when in methodology.asked]
        asked = {c for when in whens for c in conditions_of(when)} | set(vocabulary.implied)
        asked |= {condition for made in vocabulary.derivations for _, condition in made.inputs}
        counting = [count for when in whens for count in counts_in(when) if count.distinct == "entity"]
        joining = [made for made in vocabulary.derivations if "entity" in made.join]
        is_read = (
            any(c.fact_type == type_id and any(test.field == "entity" for test in c.tests) for c in asked)
            or any(count.of.fact_type == type_id for count in counting)
            or any(condition.fact_type == type_id for made in joining for _, condition in made.inputs)
        )
        return [*names, "entity"] if is_read else names

    @property
    def answered(self) -> list[Condition]:
        """Conditions on the keys that are answered."""
        found = []
        for fact in self.answers:
            names = self.key(fact.type)
            own = [field.id for field in fact.values.fact_type.fields if field.key]
            if names is None or any(name in fact.disclosed for name in own):
                continue
            values = [fact.get(name) for name in names]
            values = [v.low if isinstance(v, Interval) and v.low is not None and v.low == v.high else v for v in values]
            if not any(isinstance(value, Interval) for value in values):
                tests = [FieldTest(name, _is(value)) for name, value in zip(names, values, strict=True)]
                found.append(Condition(fact.type, tuple(tests)))
        return found


def _is_replaceable(type_id: str, methodology: Methodology) -> bool:
    """Whether a later fact may take the place of one of a type, or of a fact that it is derived from."""
    vocabulary, origins = methodology.vocabulary, {type_id}
    for _ in vocabulary.derivations:
        made = [derivation for derivation in vocabulary.derivations if derivation.fact in origins]
        origins |= {condition.fact_type for derivation in made for _, condition in derivation.inputs}
    derived = {derivation.fact for derivation in vocabulary.derivations}
    single = {id for id in origins & derived if vocabulary.by_id[id].selection is Selection.SINGLE}
    return bool(single) or any(vocabulary.by_id[id].selection is Selection.LATEST for id in origins)


def _is(value: Any) -> UnaryTest:
    return UnaryTest("", (Null() if value is None else Interval(value, value),))


def could_earn(criterion: Criterion, search: Search) -> bool:
    """Whether some rule that earns points could come to hold by facts that contradict nothing.

    Args:
        criterion: the criterion; no fact passes any of its conditions yet.
        search: what was searched for in vain, and what is stated.
    """
    return any(
        most_of(rule) > 0 and any(_possible(way, one) for way in ways(AllOf((rule.when, *_obeyed(one)))))
        for rule in criterion.rules
        for one in (evolve(search, not_found=searches) for searches in one_by_one(search.not_found))
    )


def _obeyed(search: Search) -> list[When]:
    """Return what holds because of the implications, as far as they can be obeyed."""
    owed = [c for c in search.owed if any(fact_passes(f, c) for f in additions([c], [c.fact_type], search))]
    return [*(AnyOf((NoneOf((pair.given,)), pair.then)) for pair in search.implications), *owed]


def one_by_one(not_found: Sequence[NotFound], stated: Sequence[Any] = ()) -> Iterator[list[NotFound]]:
    """Yield the searches that speak of single facts, with one of each that speaks of several facts together.

    Facts do not pass all its conditions if none passes one of them, which no stated fact passes either.
    """
    choices = [
        [evolve(entry, condition=c, also=()) for c in entry.conditions if not any(fact_passes(f, c) for f in stated)]
        for entry in not_found
        if entry.also
    ]
    single = [entry for entry in not_found if not entry.also]
    yield from ([*single, *chosen] for chosen in product(*choices))


def most_of(rule: Rule) -> Decimal:
    """Return the most that a rule earns where it fires."""
    return rule.points if rule.in_proportion is None else max(rule.points, rule.in_proportion.least)


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


def _possible(way: Way, search: Search) -> bool:
    """Whether facts could be added that are all that is needed, and nothing that is refused."""
    asked = list(dict.fromkeys([*way.needed, *way.refused]))
    never = [one for one in way.refused if isinstance(one, Condition)]
    answers = sum(one.at_least if isinstance(one, Count) else 1 for one in dict.fromkeys(way.needed))
    facts = additions(asked, {condition_in(one).fact_type for one in asked}, search, answers)
    facts = [fact for fact in facts if not any(fact_passes(fact, condition) for condition in never)]
    # facts that count towards nothing that is refused, and answer nothing, can be added to every choice
    rather_not = [condition_in(one) for one in way.refused]
    keys = {type_id: search.key(type_id) for type_id in {fact.type for fact in facts}}
    free = [f for f in facts if keys[f.type] is None and not any(fact_passes(f, one) for one in rather_not)]
    hard = [one for one in dict.fromkeys(way.needed) if not _Adding([one], (), free, keys).succeeds()]
    return _Adding(hard, way.refused, facts, keys).succeeds()


MAX_STATES = 10_000
"""The maximum number of choices of facts that are tried. After that, the evaluator cannot tell."""


class UndecidedError(Exception):
    """Too many choices of facts would have to be tried."""


@frozen
class _Adding:
    """Adds facts one by one until all that is needed holds, and tries every choice of kinds of them."""

    needed: Sequence[Condition | Count]
    refused: Sequence[Condition | Count]
    facts: Sequence[Addition]
    keys: Mapping[str, list[str] | None]
    _seen: set[frozenset[Any]] = field(factory=set)
    _passed: dict[tuple[str, Any], frozenset[Condition]] = field(init=False)
    _answered: dict[tuple[str, Any], tuple[Any, ...] | None] = field(init=False)
    _kinds: dict[tuple[Any, ...], frozenset[Any]] = field(init=False)

    @_passed.default
    def _each_judged(self) -> dict[tuple[str, Any], frozenset[Condition]]:
        """Return which of the conditions each fact passes; a copy passes the same."""
        asked = {condition_in(one) for one in (*self.needed, *self.refused)}
        return {(f.type, f.holding): frozenset(c for c in asked if fact_passes(f, c)) for f in self.facts}

    @_answered.default
    def _each_key(self) -> dict[tuple[str, Any], tuple[Any, ...] | None]:
        """Return the key of each fact; None if any number of facts can be added beside it."""
        return {(fact.type, fact.holding): self._key(fact) for fact in self.facts}

    @_kinds.default
    def _kinds_of_each_key(self) -> dict[tuple[Any, ...], frozenset[Any]]:
        """Return the kinds of facts under each key: keys with the same ones can take each other's place."""
        found: dict[tuple[Any, ...], set[Any]] = {}
        for fact in self.facts:
            if (key := self._answered[fact.type, fact.holding]) is not None:
                found.setdefault(key, set()).add(self._kind(fact))
        return {key: frozenset(kinds) for key, kinds in found.items()}

    def succeeds(self, chosen: frozenset[Addition] = frozenset()) -> bool:
        """Whether facts can be added to those chosen so far."""
        self._seen.add(self._state(chosen))
        if len(self._seen) > MAX_STATES:
            raise UndecidedError
        if any(self._holds(one, chosen) for one in self.refused):
            return False
        missing = next((one for one in self.needed if not self._holds(one, chosen)), None)
        if missing is None:
            return True
        so_far = self._reached(missing, chosen)
        more = (self._with(chosen, fact) for fact in self._each_kind(missing, chosen))
        return any(
            self._state(some) not in self._seen and self._reached(missing, some) > so_far and self.succeeds(some)
            for some in more
        )

    def _each_kind(self, asked: Condition | Count, chosen: frozenset[Addition]) -> list[Addition]:
        """Return the facts that count towards what is asked, of those that can take each other's place the first."""
        answered = {self._answered[fact.type, fact.holding] for fact in chosen}
        found: dict[Any, Addition] = {}
        for fact in self.facts:
            key = self._answered[fact.type, fact.holding]
            if self._passes(fact, asked) and (key is None or key not in answered):
                found.setdefault((self._kind(fact), None if key is None else self._kinds[key]), fact)
        return list(found.values())

    def _kind(self, fact: Addition) -> tuple[Any, ...]:
        """Return all of a fact that matters to what is asked: what it passes, and its values that are counted."""
        values = tuple(held for held in fact.holding if held[0] in self._counted)
        return (fact.type, self._passed[fact.type, fact.holding], values)

    def _state(self, chosen: Iterable[Addition]) -> frozenset[Any]:
        """Return how many facts of each kind are chosen: such choices can take each other's place."""
        keys = ((fact, self._answered[fact.type, fact.holding]) for fact in chosen)
        kinds = Counter((self._kind(fact), None if key is None else self._kinds[key]) for fact, key in keys)
        return frozenset(kinds.items())

    @property
    def _counted(self) -> set[str]:
        asked = (*self.needed, *self.refused)
        return {one.distinct for one in asked if isinstance(one, Count) and one.distinct is not None}

    def _with(self, chosen: frozenset[Addition], fact: Addition) -> frozenset[Addition]:
        """Return the chosen facts and one more; nothing more if its key has an answer."""
        if (key := self._answered[fact.type, fact.holding]) is not None:
            return chosen if any(self._answered[f.type, f.holding] == key for f in chosen) else chosen | {fact}
        return chosen | {evolve(fact, copy=sum(one.holding == fact.holding for one in chosen))}

    def _key(self, fact: Addition) -> tuple[Any, ...] | None:
        names = self.keys[fact.type]
        if names is None or any(isinstance(fact.get(n), Interval) or n in fact.disclosed for n in names):
            return None
        return (fact.type, *(fact.get(name) for name in names))

    def _passes(self, fact: Addition, asked: Condition | Count) -> bool:
        return condition_in(asked) in self._passed[fact.type, fact.holding]

    def _reached(self, asked: Condition | Count, facts: Iterable[Addition]) -> int:
        """Return how far facts come towards what is asked."""
        passing = [fact for fact in facts if self._passes(fact, asked)]
        return number(passing, asked.distinct) if isinstance(asked, Count) else len(passing)

    def _holds(self, asked: Condition | Count, facts: Iterable[Addition]) -> bool:
        return self._reached(asked, facts) >= (asked.at_least if isinstance(asked, Count) else 1)


def condition_in(asked: Condition | Count) -> Condition:
    """Return the condition that single facts pass."""
    return asked if isinstance(asked, Condition) else asked.of


def additions(
    asked: Sequence[Condition | Count], types: Iterable[str], search: Search, answers: int = 1
) -> list[Addition]:
    """Return facts that could be added, of each type one for each combination of conditions that they pass.

    Args:
        asked: the conditions.
        types: the types.
        search: what was searched for in vain, and what is stated.
        answers: how many keys of each kind are told apart, where a key has one answer.
    """
    return [fact for type_id in sorted(types) for fact in _of_type(type_id, asked, search, answers)]


def _of_type(type_id: str, asked: Sequence[Condition | Count], search: Search, answers: int) -> list[Addition]:
    methodology = search.methodology
    asked = [one for one in asked if condition_in(one).fact_type == type_id]
    shunned = [*(entry.condition for entry in search.not_found), *search.answered]
    refused = [condition for condition in shunned if condition.fact_type == type_id]
    wanted = [condition_in(one) for one in asked]
    conditions = [*wanted, *refused]
    counted = {one.distinct for one in asked if isinstance(one, Count) and one.distinct is not None}
    keys = search.key(type_id) or ()
    counted.update(keys)
    steps = max((one.at_least for one in asked if isinstance(one, Count)), default=1)
    # field by field; of the facts that have passed the same tests so far, one goes on
    found: dict[Any, tuple[tuple[str, Held], ...]] = {((True,) * len(conditions), ()): ()}
    for name in sorted({test.field for condition in conditions for test in condition.tests} | counted):
        tests = [test.test for condition in conditions for test in condition.tests if test.field == name]
        apart = max(steps, answers) if name in keys else steps
        held = field_values(name, methodology.vocabulary.by_id[type_id], tests, methodology, apart)
        exact = [(one, (*(_passes_in(name, c, *one) for c in conditions),)) for one in held]
        # the true value of a bounded one is among the exact ones, and passes nothing that is refused
        bounded: list[tuple[Held, tuple[bool, ...]]] = []
        for one, trues in _bounded(held) if methodology.vocabulary.by_id[type_id].get(name) is not None else []:
            passed = tuple(_passes_in(name, c, *one) for c in wanted)
            verdicts = {passing[len(wanted) :] for value, passing in exact if value[0] in trues}
            bounded += [(one, (*passed, *refusals)) for refusals in sorted(verdicts)]
        judged = [*_each_once(bounded), *exact] if name in counted else _each_once([*exact, *bounded])
        before, found = found, {}
        for (verdicts, values), holding in before.items():
            for one, passing in judged:
                now = tuple(verdict and passed for verdict, passed in zip(verdicts, passing, strict=True))
                key = (now, (*values, one[0]) if name in counted else values)
                found.setdefault(key, (*holding, (name, one)))
    return [Addition(type_id, holding) for (verdicts, _), holding in found.items() if not any(verdicts[len(asked) :])]


def _passes_in(name: str, condition: Condition, value: Any, disclosed: bool) -> bool:
    tests = (test.test for test in condition.tests if test.field == name)
    return all(passes(test, value, disclosed=disclosed) for test in tests)


def _each_once(judged: Sequence[tuple[Held, tuple[bool, ...]]]) -> list[tuple[Held, tuple[bool, ...]]]:
    """Return the first value of each that pass the same."""
    return list({passing: (one, passing) for one, passing in reversed(judged)}.values())


def _bounded(held: Sequence[Held]) -> list[tuple[Held, list[Any]]]:
    """Return bounded values between the exact ones of an ordered field, each with the true values it could have."""
    values: Any = [value for value, _ in held if type(value) in (int, Decimal, date)]
    closed = [Interval(a, b) for a, b in combinations(values, 2)]
    ends = [end for value in values for end in (Interval(low=value), Interval(high=value))]

    def inside(bound: Any) -> list[Any]:
        return [v for v in values if (bound.low is None or bound.low <= v) and (bound.high is None or v <= bound.high)]

    return [((bound, False), inside(bound)) for bound in (*closed, *ends)]


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
            cut_off = methodology.as_of or date.max
            edge = UnaryTest("", (Interval(None, cut_off),))
            return [*(day for day in _ordered([*tests, edge], date(2000, 1, 1), steps) if day <= cut_off), None]
        case _:
            window = dict(methodology.windows)[fact_type.horizon]
            edges = UnaryTest("", (Interval(window.start, window.end),))
            days = _ordered([*tests, edges], date(2000, 1, 1), steps)
            return [day for day in (*days, None) if _can_count(day, window, methodology.as_of)]


def _can_count(day: date | None, window: Window, cut_off: date | None) -> bool:
    """Whether a fact whose period ends on a day, or has none, can count, whenever it begins."""
    cut_off = cut_off or date.max
    first, last = window.start or date.min, window.end or date.max
    if day is None:  # a fact with a date, or without any time where the window is always
        return first <= cut_off or (window.start is None and window.end is None)
    if window.counts is PeriodCounts.OVERLAP:
        return first <= day
    return first <= day <= last and (window.counts is PeriodCounts.END or first <= cut_off)


def _values_of(field: Field, tests: Sequence[UnaryTest], steps: int) -> list[Any]:
    match field.type:
        case FieldType.BOOLEAN:
            return [False, True]
        case FieldType.ENUM:
            return list(field.values)
        case FieldType.TEXT:
            return _texts(tests, steps)
        case FieldType.SET:
            return _sets(field, tests, steps)
        case FieldType.INTEGER:
            return _ordered(tests, 0, steps)
        case FieldType.YEAR:
            return _ordered(tests, 2000, steps)
        case FieldType.DATE:
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
    # tests do not tell names apart that stand in the same of them: of such names none, a few or all are in a set
    listed = [a.names for test in tests for a in test.alternatives if isinstance(a, Members)]
    alike: dict[tuple[bool, ...], list[str]] = {}
    for name in field.values:
        alike.setdefault(tuple(name in names for names in listed), []).append(name)
    found = [frozenset[str]()]
    for names in alike.values():
        few = [frozenset(some) for size in range(1, steps + 1) for some in combinations(names[: steps + 1], size)]
        found += [some | more for some in found for more in dict.fromkeys((*few, frozenset(names)))]
    return [some for some in found if some]

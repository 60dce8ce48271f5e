"""Equivalence classes of facts under some literals, and the changes of one field between them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen

from cleancloud_rules.analysis.monotonicity.field_values import exact_values, holdings
from cleancloud_rules.analysis.monotonicity.improvement import answers_apart, is_change
from cleancloud_rules.completions.fact_kinds import TooLargeError
from cleancloud_rules.completions.times import Times, until
from cleancloud_rules.engine.eligibility import was_there
from cleancloud_rules.generators.boundary_values import Held
from cleancloud_rules.model.cells import cells_of, field_cells
from cleancloud_rules.model.conditions import Condition, UnaryTest
from cleancloud_rules.model.facts import Basis, Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.partitions.boxes import within
from cleancloud_rules.model.values import Interval, Value
from cleancloud_rules.results.certificates import Improvement

MAX_KINDS = 4_000
"""The maximum number of kinds of facts of one type that are distinguished in a decision."""

EVIDENCE = "evidence"
"""The part of a fact that holds its source."""


@frozen
class Counter:
    """A count that rules ask for: of facts that pass a condition, or of the values of one of their fields.

    Args:
        condition: number of the condition.
        distinct: the field whose values are counted; None counts facts.
        limit: the highest number that a rule asks for.
    """

    condition: int
    distinct: str | None
    limit: int


@frozen
class Cited:
    """The source of a fact. A derived fact may have none."""

    id: str | None
    type: str | None
    published: date | Interval | None


@frozen
class FactClass:
    """A kind of fact: an equivalence class of facts under some literals, with the fact that represents it.

    Args:
        type: its fact type.
        satisfied: numbers of the conditions that it passes, as bits.
        counted: for each counter of values on its type (`FactClasses.counting`), the values that it adds.
        held: the values of the representing fact in the fields that literals read.
        cost: how much the representing fact states; of equivalent facts the one with the lowest cost is kept.
        derived: whether only a derivation can make it.
    """

    type: str
    satisfied: int
    counted: tuple[frozenset[Value], ...]
    held: Mapping[str, Held | Cited] = field(eq=False)
    cost: int = field(default=0, eq=False)
    derived: bool = field(default=False, eq=False)


@frozen
class Change:
    """An added fact, or a fact with another value in one field.

    Args:
        new: the fact after the change.
        old: the fact before it; None where it is added.
        field: the field that was changed.
    """

    new: FactClass
    old: FactClass | None = None
    field: str | None = field(default=None, eq=False)

    @property
    def cost(self) -> int:
        """How much both facts state together."""
        return self.new.cost + (self.old.cost if self.old else 0)


@frozen
class _Option:
    """A representative value of a field: the conditions whose tests it passes, as bits, and what it adds to counts."""

    held: Held | Cited
    passes: int
    counted: tuple[frozenset[Value], ...]
    cost: int
    derived: bool = False


_Partial = dict[tuple[int, tuple[frozenset[Value], ...]], FactClass]


class FactClasses:
    """The kinds of facts of one type.

    Args:
        methodology: the methodology.
        type_id: the fact type.
        conditions: the conditions on it, by number.
        counters: all counters; those on other types are ignored.
        derivable: whether derivations make such facts.
    """

    def __init__(
        self,
        methodology: Methodology,
        type_id: str,
        conditions: Mapping[int, Condition],
        counters: tuple[Counter, ...],
        *,
        derivable: bool,
    ) -> None:
        self.methodology = methodology
        self.type_id = type_id
        self.conditions = conditions
        self.counters = counters
        self.derivable = derivable
        self._every = sum(1 << number for number in conditions)
        own = [(counter, counter.distinct) for counter in counters if counter.condition in conditions]
        named = ((counter, name) for counter, name in own if name is not None)
        self.counting: tuple[tuple[Counter, str], ...] = tuple(named)
        tested = {test.field for condition in conditions.values() for test in condition.tests}
        self.names: list[str] = sorted({_part(name) for name in (*tested, *(name for _, name in self.counting))})
        self._known: dict[str, list[_Option]] = {}
        self._apart = answers_apart(methodology)

    @cached_property
    def all(self) -> tuple[FactClass, ...]:
        """Every kind of fact that passes some condition, once."""
        return tuple(kind for kind in self._folded(self.names).values() if kind.satisfied)

    def changes(self, sense: Improvement) -> Iterator[Change]:
        """Yield every change of one fact in a sense that literals could notice, each once."""
        if sense is Improvement.EVIDENCE:
            yield from (Change(kind) for kind in self.all)
            return
        found: dict[Change, Change] = {}
        fact_type = self.methodology.vocabulary.by_id[self.type_id]
        for own in fact_type.fields:
            if own.id not in self.names or (sense is Improvement.VALUE and own.better is None):
                continue
            others = tuple(self._folded([name for name in self.names if name != own.id]).values())
            for old, new in self._pairs(own, sense):
                for other in others:
                    before, after = (self._joined(other, own.id, option) for option in (old, new))
                    change = Change(after, before, own.id)
                    if before != after and (change not in found or change.cost < found[change].cost):
                        found[change] = change
            if len(found) > MAX_KINDS:
                raise TooLargeError
        yield from found.values()

    def variants(self, kind: FactClass) -> Iterator[FactClass]:
        """Yield facts of the same key as one of a kind, with another value in one field."""
        for own in self.methodology.vocabulary.by_id[self.type_id].fields:
            if own.id in self.names and not own.key:
                for option in self._options(own.id):
                    if option.held != kind.held[own.id]:
                        yield evolve(kind, held={**kind.held, own.id: option.held})

    def _pairs(self, own: Field, sense: Improvement) -> Iterator[tuple[_Option, _Option]]:
        """Yield the values of a field before and after a change, once for each pair of classes."""
        alike: dict[tuple[int, tuple[frozenset[Value], ...]], list[_Option]] = {}
        for option in self._options(own.id):
            alike.setdefault((option.passes, option.counted), []).append(option)
        for key, olds in alike.items():
            for other, news in alike.items():
                if key != other:
                    pairs = ((a, b) for a in olds for b in news if self._is_made(sense, b, a, own))
                    yield from ([pair] if (pair := next(pairs, None)) else [])

    def _is_made(self, sense: Improvement, new: _Option, old: _Option, own: Field) -> bool:
        assert isinstance(new.held, Held)
        assert isinstance(old.held, Held)
        return is_change(sense, new.held, old.held, own, self._apart.get((self.type_id, own.id), ()))

    def _folded(self, names: Iterable[str]) -> _Partial:
        """Return the kinds of facts that some fields distinguish, each represented by a fact of the lowest cost."""
        # Equivalence partitioning, folded over the fields as in `completions.fact_kinds`: facts that pass the same
        # tests and add the same values to counts so far are merged, and the cheaper one represents both. This is
        # dynamic programming: costs add up field by field, so the cheapest representative extends the cheapest one so
        # far.
        nothing = tuple(_NOTHING for _ in self.counting)
        found: _Partial = {(self._every, nothing): FactClass(self.type_id, self._every, nothing, {})}
        for name in names:
            grown: _Partial = {}
            for option in self._alike(name):
                for kind in found.values():
                    made = self._joined(kind, name, option)
                    key = (made.satisfied, made.counted)
                    if key not in grown or (made.derived, made.cost) < (grown[key].derived, grown[key].cost):
                        grown[key] = made
            found = grown
            if len(found) > MAX_KINDS:
                raise TooLargeError
        return found

    def _alike(self, name: str) -> Iterable[_Option]:
        """Return one option for each class of values of a field: the one that states least."""
        least: dict[tuple[int, tuple[frozenset[Value], ...]], _Option] = {}
        for option in self._options(name):
            key = (option.passes, option.counted)
            if key not in least or (option.derived, option.cost) < (least[key].derived, least[key].cost):
                least[key] = option
        return least.values()

    def _joined(self, kind: FactClass, name: str, option: _Option) -> FactClass:
        satisfied = kind.satisfied & option.passes
        counted = kind.counted
        if counted:
            counted = tuple(
                (a | b) if satisfied >> counter.condition & 1 else _NOTHING
                for a, b, (counter, _) in zip(kind.counted, option.counted, self.counting, strict=True)
            )
        held = {**kind.held, name: option.held}
        return FactClass(
            self.type_id, satisfied, counted, held, kind.cost + option.cost, kind.derived or option.derived
        )

    def _options(self, name: str) -> list[_Option]:
        if name not in self._known:
            self._known[name] = list(self._evidence() if name == EVIDENCE else self._field(name))
        return self._known[name]

    def _each(self, name: str) -> int:
        """Return how many values of a class are distinguished: enough for every counter over the field."""
        limits = [counter.limit for counter, distinct in self.counting if distinct == name and counter.limit > 1]
        if sum(limits) > MAX_KINDS:
            raise TooLargeError
        return max(2, sum(limits) + 1)

    def _field(self, name: str) -> Iterator[_Option]:
        vocabulary = self.methodology.vocabulary
        own = vocabulary.field_of(self.type_id, name)
        assert own is not None
        tests = {n: [t.test for t in c.tests if t.field == name] for n, c in self.conditions.items()}
        cells = cells_of(own, (test for some in tests.values() for test in some))
        passing = {n: [cells.passing(test) for test in some] for n, some in tests.items()}
        for held in self._held(own, [test for some in tests.values() for test in some]):
            bits = cells.bits_of(held.value, held.disclosed)
            passes = sum(1 << n for n, some in passing.items() if all(within(bits, allowed) for allowed in some))
            counted = tuple(_seen(c, _values(held)) if distinct == name else _NOTHING for c, distinct in self.counting)
            yield _Option(held, passes, counted, _cost(held))

    def _held(self, own: Field, tests: list[UnaryTest]) -> Iterable[Held]:
        match own.id:
            case "basis":
                return [Held(basis.value) for basis in Basis if basis is not Basis.HYPOTHETICAL]
            case "period":
                return self._periods(own, tests)
            case "entity":
                return [Held(), *(Held(value) for value in exact_values(cells_of(own, tests), self._each(own.id)))]
            case _:
                return holdings(own, tests, self._each(own.id))

    def _periods(self, own: Field, tests: list[UnaryTest]) -> list[Held]:
        """Return representative last days of periods inside the window, and that no period is stated."""
        times = Times.of(self.methodology, self.methodology.vocabulary.by_id[self.type_id].horizon)
        cells = field_cells(own, [*tests, times.last_days])
        allowed = cells.passing(times.last_days)
        days = (day for day in exact_values(cells, self._each(own.id)) if cells.bits_of(day) & allowed)
        return [*([Held()] if times.without_period else []), *(Held(day) for day in days)]

    def _evidence(self) -> Iterator[_Option]:
        tests = {n: [t for t in c.tests if _part(t.field) == EVIDENCE] for n, c in self.conditions.items()}
        for cited in self._sources([t for some in tests.values() for t in some]):
            passes = sum(
                1 << n for n, some in tests.items() if all(self._takes(test.test, test.field, cited) for test in some)
            )
            counted = tuple(_seen(c, _cited_values(distinct, cited)) for c, distinct in self.counting)
            yield _Option(cited, passes, counted, 1, derived=cited.id is None)

    def _takes(self, test: UnaryTest, name: str, cited: Cited) -> bool:
        cells = cells_of(self._reserved(name), [test])
        return not cells.bits_of(_read(cited, name)) & ~cells.passing(test)

    def _reserved(self, name: str) -> Field:
        vocabulary = self.methodology.vocabulary
        found = vocabulary.field_of(self.type_id, name)
        assert found is not None
        return found

    def _sources(self, tests: list[Any]) -> Iterator[Cited]:
        """Yield representative accepted sources: the methodology's own, and new ones of every type, day and name."""
        accepted = self.methodology.accepted_sources
        known = {source.id: source for source in self.methodology.bibliography}
        cut_off = self.methodology.as_of
        cited = (s for s in known.values() if cut_off is None or was_there(s, cut_off) is not False)
        yield from (Cited(s.id, s.type, s.published) for s in cited if s.type in accepted)
        by_name = {name: [t.test for t in tests if t.field == name] for name in _CITED}
        in_time = until(cut_off)
        days = field_cells(self._reserved("evidence.published"), [*by_name["evidence.published"], in_time])
        names = cells_of(self._reserved("evidence.source"), by_name["evidence.source"])
        stated = [*exact_values(days, self._each("evidence.published")), *_years(days.marks)]
        dates = [None, *(day for day in stated if days.bits_of(day) & days.passing(in_time))]
        for id in exact_values(names, self._each("evidence.source")):
            if id not in known and _NAME.fullmatch(str(id)):
                for kind in accepted:
                    yield from (Cited(str(id), kind, day) for day in dates)  # type: ignore[arg-type]
        if self.derivable:
            yield Cited(None, None, None)


_NOTHING: frozenset[Value] = frozenset()
_ANY: frozenset[Value] = frozenset({"any"})
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_CITED = ("evidence.source", "evidence.source_type", "evidence.published")


def _read(cited: Cited, name: str) -> Value | None:
    return {"source": cited.id, "source_type": cited.type, "published": cited.published}[name.partition(".")[2]]


def _cited_values(name: str, cited: Cited) -> frozenset[Value]:
    return _values(Held(_read(cited, name))) if _part(name) == EVIDENCE else _NOTHING


def _part(name: str) -> str:
    return EVIDENCE if name.startswith("evidence.") else name


def _years(marks: Iterable[date]) -> list[Interval]:
    """Return the years of publication that tests on the day of publication could distinguish."""
    near = {year for mark in marks for year in (mark.year - 1, mark.year, mark.year + 1)} or {2023}
    return [Interval(date(year, 1, 1), date(year, 12, 31)) for year in sorted(near) if 1000 <= year <= 9999]


def _values(held: Held) -> frozenset[Value]:
    """Return the exact values that are counted; the members of a set one by one."""
    if isinstance(held.value, frozenset):
        return frozenset(held.value)
    return frozenset() if held.value is None or isinstance(held.value, Interval) else frozenset({held.value})


def _seen(counter: Counter, values: frozenset[Value]) -> frozenset[Value]:
    """Return values as a counter distinguishes them; if it asks for a single value, all values are alike."""
    return _ANY if values and counter.limit == 1 else values


def _cost(held: Held) -> int:
    if held.value is None:
        return 3 if held.disclosed else 0
    return 4 if isinstance(held.value, Interval) else 1

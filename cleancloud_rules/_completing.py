"""Whether facts that could still come to light would earn anything in a criterion."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from math import ceil, floor
from typing import Any

from attrs import field, frozen

from cleancloud_rules._cells import MISSING, Box, FieldCells, cells_of, fits_outside
from cleancloud_rules._conditions import field_named
from cleancloud_rules.conditions import Condition, Count, UnaryTest, When
from cleancloud_rules.facts import Field, NotFound
from cleancloud_rules.methodology import Criterion, Methodology
from cleancloud_rules.rulesets import CompiledRule, Literal, Ruleset
from cleancloud_rules.values import Interval

KEPT_SPACES = 256
"""How many spaces are kept for companies to come; most companies share what was looked for and not found."""


@frozen
class Space:
    """All facts of one type that could exist, as the conditions on them tell them apart.

    Args:
        cells: for each field that a condition reads its cells.
        possible: for each of these fields the bits that a fact that counts can have.
    """

    cells: dict[str, FieldCells]
    possible: Box
    _boxes: dict[Condition, Box] = field(factory=dict, eq=False, repr=False)

    def box(self, condition: Condition) -> Box:
        """Return for each field that a condition tests the bits that pass."""
        found = self._boxes.get(condition)
        if found is None:
            found = {}
            for test in condition.tests:
                bits = self.cells[test.field].passing(test.test)
                found[test.field] = found.get(test.field, bits) & bits
            self._boxes[condition] = found
        return found

    def masks(self, name: str) -> tuple[int, ...]:
        """Return the bits that pass in a field, for each condition asked about so far that tests it."""
        return tuple(box[name] for box in self._boxes.values() if name in box)


class Spaces:
    """The spaces of a methodology, made once for each set of conditions that was looked for and not found.

    Args:
        methodology: whose vocabulary and windows apply.
        ruleset: its compiled form.
    """

    def __init__(self, methodology: Methodology, ruleset: Ruleset) -> None:
        self.methodology = methodology
        self.ruleset = ruleset
        self._made = lru_cache(KEPT_SPACES)(lambda type_id, not_found: _space(methodology, ruleset, type_id, not_found))

    def get(self, type_id: str, not_found: tuple[Condition, ...]) -> Space:
        """Return the space of a fact type; `not_found` are the conditions of that type that no fact passes."""
        return self._made(type_id, not_found)


def _space(methodology: Methodology, ruleset: Ruleset, type_id: str, not_found: tuple[Condition, ...]) -> Space:
    vocabulary = methodology.vocabulary
    fact_type = vocabulary.by_id[type_id]
    known = [c.condition for c in ruleset.conditions if c.condition.fact_type == type_id]
    tests: dict[str, list[UnaryTest]] = {}
    for test in (test for condition in (*known, *not_found) for test in condition.tests):
        tests.setdefault(test.field, []).append(test.test)
    in_window = _in_window(methodology, fact_type.horizon)
    if "period" in tests:
        tests["period"].append(in_window)
    fields = {name: field_named(name, fact_type, vocabulary) for name in tests}
    cells = {name: cells_of(f, tests[name]) for name, f in fields.items() if f is not None}
    return Space(cells, {name: _possible(name, c, methodology, in_window) for name, c in cells.items()})


def _in_window(methodology: Methodology, horizon: str) -> UnaryTest:
    window = dict(methodology.windows)[horizon]
    if window.start is None and window.end is None:
        return UnaryTest("-", anything=True)
    return UnaryTest("", (Interval(window.start, window.end),))


def _possible(name: str, cells: FieldCells, methodology: Methodology, in_window: UnaryTest) -> int:
    """Return the bits that a field of a fact that counts can have."""
    reserved = name.startswith("evidence.") or name in ("basis", "period", "entity")
    bits = cells.possible & ~cells.disclosed_bit if reserved else cells.possible
    match name:
        case "evidence.source_type":
            return sum(cells.bits_of(kind) for kind in methodology.accepted_sources)
        case "evidence.source":
            return bits & ~MISSING
        case "basis":
            return bits & ~cells.bits_of("hypothetical")
        case "period":
            return bits & (cells.passing(in_window) | MISSING)
        case _:
            return bits


@frozen
class Asked:
    """What a rule asks of one condition: that a fact passes it, or enough facts, or facts with enough values.

    Args:
        condition: the condition.
        number: how many.
        distinct: the field whose values are counted; None counts facts.
    """

    condition: Condition
    number: int = 1
    distinct: str | None = None


def asked_of(when: When) -> Iterator[Asked]:
    """Return what is asked of each condition inside `when`, those under `none` included."""
    match when:
        case Condition():
            yield Asked(when)
        case Count(of, number, distinct):
            yield Asked(of, number, distinct)
        case _:
            for part in when.parts:
                yield from asked_of(part)


class Completion:
    """What facts could still be added to a company: facts that count and match nothing that was not found.

    Args:
        spaces: the spaces of the methodology.
        not_found: what was looked for and is not there.
    """

    def __init__(self, spaces: Spaces, not_found: Iterable[NotFound]) -> None:
        self.spaces = spaces
        self.ruleset = spaces.ruleset
        self.not_found = tuple(sorted(not_found, key=lambda entry: str(entry.condition)))
        self._missing: dict[str, tuple[Condition, ...]] = {}
        for entry in self.not_found:
            type_id = entry.condition.fact_type
            self._missing[type_id] = (*self._missing.get(type_id, ()), entry.condition)

    def could_earn(self, criterion: Criterion) -> bool:
        """Whether some rule that earns points could come to hold, in a criterion of which no fact speaks yet."""
        return any(
            rule.points > 0 and self._could_fire(self.ruleset.rules[criterion.id, rule.id]) for rule in criterion.rules
        )

    def bearing_on(self, criterion: Criterion) -> tuple[NotFound, ...]:
        """Return what was not found that rules out something that the criterion asks for, alone or together."""
        found: set[NotFound] = set()
        for rule in criterion.rules:
            for asked in asked_of(rule.when):
                found.update(self._ruling_out(asked))
        return tuple(entry for entry in self.not_found if entry in found)

    def _ruling_out(self, asked: Asked) -> list[NotFound]:
        """Return what rules out `asked` by itself; if nothing does and all together do, what is needed for that."""
        entries = [e for e in self.not_found if e.condition.fact_type == asked.condition.fact_type]
        if not entries or not self._room(asked, []):
            return []
        alone = [entry for entry in entries if not self._room(asked, [entry.condition])]
        if alone or self._room(asked, [entry.condition for entry in entries]):
            return alone
        needed = entries
        for entry in entries:
            rest = [other for other in needed if other is not entry]
            if not self._room(asked, [other.condition for other in rest]):
                needed = rest
        return needed

    def _could_fire(self, rule: CompiledRule) -> bool:
        return any(self._could_hold(disjunct) for disjunct in rule.disjuncts)

    def _could_hold(self, disjunct: tuple[Literal, ...]) -> bool:
        conditions = [self.ruleset.conditions[literal.condition].condition for literal in disjunct]
        avoided = [
            condition
            for condition, literal in zip(conditions, disjunct, strict=True)
            if literal.kind == "absent"
            or (literal.kind == "fewer" and literal.number == 1 and literal.distinct is None)
        ]
        for condition, literal in zip(conditions, disjunct, strict=True):
            if literal.kind in ("present", "at_least"):
                shunned = [*self._missing.get(condition.fact_type, ()), *avoided]
                if not self._room(Asked(condition, max(literal.number, 1), literal.distinct), shunned):
                    return False
        return True

    def _room(self, asked: Asked, shunned: Iterable[Condition]) -> bool:
        """Whether what is asked could be met by facts that pass none of the shunned conditions."""
        type_id = asked.condition.fact_type
        space = self.spaces.get(type_id, self._missing.get(type_id, ()))
        holes = [space.box(other) for other in shunned if other.fact_type == type_id]
        box = dict(space.possible)
        for name, bits in space.box(asked.condition).items():
            box[name] &= bits
        if not fits_outside(box, holes, space.possible):
            return False
        if asked.distinct is None:
            return True
        name = asked.distinct
        cells = space.cells.get(name) or self._untested(type_id, name)
        inhabited = [
            cell
            for cell in range(cells.count)
            if (bit := 2 << cell) & box.get(name, cells.everything)
            and fits_outside({**box, name: bit}, holes, space.possible)
        ]
        return _has_values(cells, inhabited, asked.number)

    def _untested(self, type_id: str, name: str) -> FieldCells:
        vocabulary = self.spaces.methodology.vocabulary
        tested = field_named(name, vocabulary.by_id[type_id], vocabulary)
        assert tested is not None
        return cells_of(tested, ())


def _has_values(cells: FieldCells, inhabited: Iterable[int], number: int) -> bool:
    """Whether exact values in some cells of a field (for a set: members of its values) come to a number."""
    if cells.field.type == "set":
        return len({name for cell in inhabited for name in cells.names_in(cell)}) >= number
    return sum(_size(cells, cell, number) for cell in inhabited) >= number


def _size(cells: FieldCells, cell: int, most: int) -> int:
    """Return how many exact values lie in a cell, or `most` if there are more."""
    marks, field = cells.marks, cells.field
    if field.type in ("enum", "boolean"):
        return 1
    if field.type == "text":
        return 1 if cell < len(marks) else most
    index, at_mark = divmod(cell, 2)
    if at_mark:
        return 1
    if index == 0 or index == len(marks):
        return most
    return min(most, _between(marks[index - 1], marks[index], field))


def _between(low: Any, high: Any, field: Field) -> int:
    """Return how many values that a fact may state lie between two others."""
    if isinstance(low, date):
        return int((high - low).days) - 1
    steps = 10**field.digits
    between: int = ceil(high * steps) - floor(low * steps) - 1
    return between

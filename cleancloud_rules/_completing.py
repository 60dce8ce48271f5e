"""Whether facts that could still come to light would earn anything in a criterion."""

from collections.abc import Iterable

from attrs import field, frozen

from cleancloud_rules._cells import MISSING, Box, FieldCells, cells_of, fits_outside
from cleancloud_rules._conditions import field_named
from cleancloud_rules.conditions import Condition, UnaryTest
from cleancloud_rules.facts import NotFound
from cleancloud_rules.methodology import Criterion, Methodology
from cleancloud_rules.rulesets import CompiledRule, Literal, Ruleset
from cleancloud_rules.values import Interval


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


class Spaces:
    """The spaces of a methodology, made once for each set of conditions that was looked for and not found.

    Args:
        methodology: whose vocabulary and windows apply.
        ruleset: its compiled form.
    """

    def __init__(self, methodology: Methodology, ruleset: Ruleset) -> None:
        self.methodology = methodology
        self.ruleset = ruleset
        self._made: dict[tuple[str, tuple[Condition, ...]], Space] = {}

    def get(self, type_id: str, not_found: tuple[Condition, ...]) -> Space:
        """Return the space of a fact type; `not_found` are the conditions of that type that no fact passes."""
        key = (type_id, not_found)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._make(type_id, not_found)
        return found

    def _make(self, type_id: str, not_found: tuple[Condition, ...]) -> Space:
        vocabulary = self.methodology.vocabulary
        fact_type = vocabulary.by_id[type_id]
        known = [c.condition for c in self.ruleset.conditions if c.condition.fact_type == type_id]
        tests: dict[str, list[UnaryTest]] = {}
        for test in (test for condition in (*known, *not_found) for test in condition.tests):
            tests.setdefault(test.field, []).append(test.test)
        if "period" in tests:
            tests["period"].append(self._in_window(type_id))
        fields = {name: field_named(name, fact_type, vocabulary) for name in tests}
        cells = {name: cells_of(f, tests[name]) for name, f in fields.items() if f is not None}
        return Space(cells, {name: self._possible(name, c, type_id) for name, c in cells.items()})

    def _in_window(self, type_id: str) -> UnaryTest:
        horizon = self.methodology.vocabulary.by_id[type_id].horizon
        window = dict(self.methodology.windows)[horizon]
        if window.start is None and window.end is None:
            return UnaryTest("-", anything=True)
        return UnaryTest("", (Interval(window.start, window.end),))

    def _possible(self, name: str, cells: FieldCells, type_id: str) -> int:
        """Return the bits that a field of a fact that counts can have."""
        reserved = name.startswith("evidence.") or name in ("basis", "period", "entity")
        bits = cells.possible & ~cells.disclosed_bit if reserved else cells.possible
        match name:
            case "evidence.source_type":
                return sum(cells.bits_of(kind) for kind in self.methodology.accepted_sources)
            case "evidence.source":
                return bits & ~MISSING
            case "basis":
                return bits & ~cells.bits_of("hypothetical")
            case "period":
                return bits & (cells.passing(self._in_window(type_id)) | MISSING)
            case _:
                return bits


class Completion:
    """What facts could still be added to a company: facts that count and match nothing that was not found.

    Args:
        spaces: the spaces of the methodology.
        not_found: what was looked for and is not there.
        satisfied: numbers of the conditions that facts pass already.
    """

    def __init__(self, spaces: Spaces, not_found: Iterable[NotFound], satisfied: frozenset[int]) -> None:
        self.spaces = spaces
        self.ruleset = spaces.ruleset
        self.not_found = tuple(not_found)
        self.satisfied = satisfied
        self._missing: dict[str, tuple[Condition, ...]] = {}
        for entry in self.not_found:
            type_id = entry.condition.fact_type
            self._missing[type_id] = (*self._missing.get(type_id, ()), entry.condition)

    def could_earn(self, criterion: Criterion) -> bool:
        """Whether some rule of the criterion that earns points could come to hold."""
        return any(
            rule.points > 0 and self._could_fire(self.ruleset.rules[criterion.id, rule.id]) for rule in criterion.rules
        )

    def bearing_on(self, conditions: Iterable[Condition]) -> tuple[NotFound, ...]:
        """Return what was not found that facts for one of the conditions could have been."""
        found = []
        for entry in self.not_found:
            same = [c for c in conditions if c.fact_type == entry.condition.fact_type]
            if any(self._overlap(condition, entry.condition) for condition in same):
                found.append(entry)
        return tuple(found)

    def _could_fire(self, rule: CompiledRule) -> bool:
        return any(self._could_hold(disjunct) for disjunct in rule.disjuncts)

    def _could_hold(self, disjunct: tuple[Literal, ...]) -> bool:
        avoided = [self.ruleset.conditions[x.condition].condition for x in disjunct if x.kind == "absent"]
        avoided += [
            self.ruleset.conditions[x.condition].condition for x in disjunct if x.kind == "fewer" and x.number == 1
        ]
        for literal in disjunct:
            if literal.kind == "absent" and literal.condition in self.satisfied:
                return False
            if literal.kind == "present" and literal.condition in self.satisfied:
                continue
            if literal.kind in ("present", "at_least"):
                condition = self.ruleset.conditions[literal.condition].condition
                if not self._room(condition, avoided, literal):
                    return False
        return True

    def _space(self, type_id: str) -> Space:
        return self.spaces.get(type_id, self._missing.get(type_id, ()))

    def _room(self, condition: Condition, avoided: list[Condition], literal: Literal) -> bool:
        """Whether a fact (for a count: enough facts) could pass the condition and match nothing that is avoided."""
        type_id = condition.fact_type
        space = self._space(type_id)
        shunned = (*self._missing.get(type_id, ()), *(c for c in avoided if c.fact_type == type_id))
        holes = [space.box(other) for other in shunned]
        box = dict(space.possible)
        for name, bits in space.box(condition).items():
            box[name] &= bits
        if literal.kind == "present" or literal.distinct is None:
            return fits_outside(box, holes, space.possible)
        return _distinct_room(box, holes, literal, space)

    def _overlap(self, first: Condition, second: Condition) -> bool:
        space = self._space(first.fact_type)
        box = dict(space.possible)
        for condition in (first, second):
            for name, bits in space.box(condition).items():
                box[name] &= bits
        return all(box.values())


def _distinct_room(box: Box, holes: list[Box], literal: Literal, space: Space) -> bool:
    name = literal.distinct
    assert name is not None
    cells = space.cells.get(name)
    if cells is None or cells.field.type not in ("enum", "boolean", "set"):
        return fits_outside(box, holes, space.possible)
    found: set[object] = set()
    for cell, example in enumerate(cells.examples()):
        bit = 2 << cell
        if example is not None and box[name] & bit and fits_outside({**box, name: bit}, holes, space.possible):
            found |= example if isinstance(example, frozenset) else {example}
    return len(found) >= literal.number

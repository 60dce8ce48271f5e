"""Spaces of facts that could still be added, as far as conditions distinguish them."""

from collections.abc import Iterable
from functools import lru_cache, partial

from attrs import field, frozen

from cleancloud_rules.completions.bounded_values import with_bounded_values, with_years
from cleancloud_rules.completions.times import Times, until
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.model.cells import Cells, FieldCells, cells_of
from cleancloud_rules.model.conditions import Condition, UnaryTest
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.partitions.boxes import Box, box_of
from cleancloud_rules.model.partitions.families import Bits
from cleancloud_rules.model.partitions.set_cells import SetCells

KEPT_SPACES = 256
"""How many spaces are cached for further companies. Most companies share their searches without result."""


@frozen
class Space:
    """All facts of one type that could exist, as far as the conditions on them distinguish them.

    Args:
        cells: the cells of each field that a condition tests or a rule counts.
        possible: for each of these fields, the bits that a fact that counts can have.
    """

    cells: dict[str, Cells]
    possible: Box
    _boxes: dict[Condition, Box] = field(factory=dict, eq=False, repr=False)
    _holes: dict[Condition, Box] = field(factory=dict, eq=False, repr=False)

    def box(self, condition: Condition) -> Box:
        """Return, for each field that a condition tests, the bits that pass."""
        found = self._boxes.get(condition)
        if found is None:
            found = self._boxes[condition] = box_of(condition, lambda test: self.cells[test.field].passing(test.test))
        return found

    def hole(self, condition: Condition) -> Box:
        """Return, for each field that a condition tests that was not found, the bits that no added fact has.

        A bounded value has none of them if its true value passes.
        """
        found = self._holes.get(condition)
        if found is None:
            found = box_of(condition, lambda test: self.cells[test.field].truly_passing(test.test))
            self._holes[condition] = found
        return found

    def masks(self, name: str) -> tuple[Bits, ...]:
        """Return the bits that pass in a field, for each condition so far that tests it, asked or not found."""
        found = (*self._boxes.values(), *self._holes.values())
        return tuple(box[name] for box in found if name in box)


class Spaces:
    """The spaces of a methodology, computed once for each set of conditions that were not found.

    Args:
        ruleset: the compiled methodology.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.methodology: Methodology = ruleset.methodology
        self.ruleset = ruleset
        self._made = lru_cache(KEPT_SPACES)(partial(_space, ruleset))

    def get(self, type_id: str, not_found: tuple[Condition, ...], counted: frozenset[str] = frozenset()) -> Space:
        """Return the space of a fact type.

        Args:
            type_id: the fact type.
            not_found: the conditions on it that were not found.
            counted: further fields to distinguish, which no condition need test.
        """
        return self._made(type_id, not_found, counted)


def _space(ruleset: Ruleset, type_id: str, not_found: tuple[Condition, ...], counted: frozenset[str]) -> Space:
    methodology = ruleset.methodology
    vocabulary = methodology.vocabulary
    fact_type = vocabulary.by_id[type_id]
    # The rules read some conditions, and implications others.
    asked_for = dict.fromkeys((*(compiled.condition for compiled in ruleset.conditions), *vocabulary.implied))
    known = [condition for condition in asked_for if condition.fact_type == type_id]
    tests = _tests((*known, *not_found))
    for name in counted:
        tests.setdefault(name, [])
    times = Times.of(methodology, fact_type.horizon)
    if "period" in tests or not times.is_any:
        tests.setdefault("period", []).append(times.last_days)
    if "evidence.published" in tests:
        tests["evidence.published"].append(until(methodology.as_of))
    fields = {name: vocabulary.field_of(fact_type.id, name) for name in tests}
    asked, shunned = (_tests(conditions) for conditions in (known, not_found))
    cells = {
        name: _cells(f, tests[name], asked.get(name, ()), shunned.get(name, ())) for name, f in fields.items() if f
    }
    return Space(cells, {name: _possible(name, c, methodology, times) for name, c in cells.items()})


def _tests(conditions: Iterable[Condition]) -> dict[str, list[UnaryTest]]:
    """Return the tests of conditions by field."""
    found: dict[str, list[UnaryTest]] = {}
    for test in (test for condition in conditions for test in condition.tests):
        found.setdefault(test.field, []).append(test.test)
    return found


def _cells(field: Field, tests: Iterable[UnaryTest], asked: Iterable[UnaryTest], shunned: Iterable[UnaryTest]) -> Cells:
    """Return the cells of a field together with the bounded values that a fact may state."""
    cells = cells_of(field, tests)
    if isinstance(cells, SetCells):
        return cells
    bounded = with_years if field.id == "evidence.published" else with_bounded_values
    return bounded(cells, asked, shunned)


def _possible(name: str, cells: Cells, methodology: Methodology, times: Times) -> Bits:
    """Return the bits that a field of a fact that counts can have."""
    reserved = name.startswith("evidence.") or name in ("basis", "period", "entity")
    bits: Bits = cells.possible & ~cells.disclosed_bit if reserved else cells.possible
    match name:
        case "evidence.source_type":
            return sum(cells.bits_of(kind) for kind in methodology.accepted_sources)
        case "evidence.source":
            return bits & ~cells.missing
        case "basis":
            return bits & ~cells.bits_of("hypothetical")
        case "evidence.published":
            assert isinstance(cells, FieldCells)
            in_time = cells.passing(until(methodology.as_of))
            return bits & (in_time | cells.missing | cells.bounded_bits(lambda year: bool(year.true & in_time)))
        case "period" if not times.is_any:
            return 0
        case "period":
            inside: Bits = cells.passing(times.last_days)
            return bits & (inside | cells.missing if times.without_period else inside)
        case _:
            return bits

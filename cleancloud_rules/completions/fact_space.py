"""Spaces of facts that could still be added, as far as conditions distinguish them."""

from functools import lru_cache, partial

from attrs import field, frozen

from cleancloud_rules.completions.times import Times, until
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.model.cells import Cells, cells_of
from cleancloud_rules.model.conditions import Condition, UnaryTest
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.partitions.boxes import Box
from cleancloud_rules.model.partitions.families import Bits

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

    def box(self, condition: Condition) -> Box:
        """Return, for each field that a condition tests, the bits that pass."""
        found = self._boxes.get(condition)
        if found is None:
            found = {}
            for test in condition.tests:
                bits: Bits = self.cells[test.field].passing(test.test)
                found[test.field] = found.get(test.field, bits) & bits
            self._boxes[condition] = found
        return found

    def masks(self, name: str) -> tuple[Bits, ...]:
        """Return the bits that pass in a field, for each condition so far that tests it."""
        return tuple(box[name] for box in tuple(self._boxes.values()) if name in box)


class Spaces:
    """The spaces of a methodology, computed once for each set of conditions that were not found.

    Args:
        ruleset: the compiled methodology.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.methodology = ruleset.methodology
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
    known = [c.condition for c in ruleset.conditions if c.condition.fact_type == type_id]
    tests: dict[str, list[UnaryTest]] = {}
    for test in (test for condition in (*known, *not_found) for test in condition.tests):
        tests.setdefault(test.field, []).append(test.test)
    for name in counted:
        tests.setdefault(name, [])
    times = Times.of(methodology, fact_type.horizon)
    if "period" in tests or not times.is_any:
        tests.setdefault("period", []).append(times.last_days)
    if "evidence.published" in tests:
        tests["evidence.published"].append(until(methodology.as_of))
    fields = {name: vocabulary.field_of(fact_type.id, name) for name in tests}
    cells = {name: cells_of(f, tests[name]) for name, f in fields.items() if f is not None}
    return Space(cells, {name: _possible(name, c, methodology, times) for name, c in cells.items()})


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
            return bits & (cells.passing(until(methodology.as_of)) | cells.missing)
        case "period" if not times.is_any:
            return 0
        case "period":
            inside: Bits = cells.passing(times.last_days)
            return bits & (inside | cells.missing if times.without_period else inside)
        case _:
            return bits

"""Can a criterion still be earned? And which documented searches without result rule that out?"""

from collections.abc import Container, Iterable, Iterator, Mapping

from cleancloud_rules.completions.fact_space import Space, Spaces
from cleancloud_rules.completions.joint_search import Asked, could_be_together, size_of
from cleancloud_rules.completions.searches import alternatives
from cleancloud_rules.engine.ruleset import CompiledRule, Literal
from cleancloud_rules.model.conditions import Condition, Count, When, conditions_of
from cleancloud_rules.model.facts import NotFound
from cleancloud_rules.model.groups import ASSESSED
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.model.partitions.boxes import Box, fits_outside
from cleancloud_rules.model.partitions.families import Bits
from cleancloud_rules.model.partitions.set_cells import SetCells

Missing = Mapping[str, tuple[Condition, ...]]
"""Conditions that no added fact passes, by fact type."""

MAX_MINIMISED = 100
"""The maximum number of searches that are examined one by one; of more, all that meet a condition are named."""


def asked_of(when: When) -> Iterator[Asked]:
    """Return what `when` asks of each of its conditions, including those under `none`."""
    match when:
        case Condition():
            yield Asked(when)
        case Count(of, number, distinct):
            yield Asked(of, number, distinct)
        case _:
            for part in when.parts:
                yield from asked_of(part)


class Completion:
    """The facts that could still be added to a company: they count, and pass no condition that was not found.

    Args:
        spaces: the spaces of the methodology.
        not_found: the documented searches without result.
    """

    def __init__(self, spaces: Spaces, not_found: Iterable[NotFound]) -> None:
        self.spaces = spaces
        self.ruleset = spaces.ruleset
        self.not_found = tuple(sorted(not_found, key=str))
        vocabulary = spaces.methodology.vocabulary
        self._alternatives = tuple(_by_type(shunned) for shunned in alternatives(self.not_found, vocabulary))
        self._cutting = _by_type(condition for entry in self.not_found for condition in entry.conditions)

    def could_earn(self, criterion: Criterion) -> bool:
        """Whether some rule that earns points could fire, for a criterion without relevant facts."""
        return any(
            rule.range[1] > 0 and self._could_fire(self.ruleset.rules[criterion.id, rule.id])
            for rule in criterion.rules
        )

    @property
    def assessed(self) -> frozenset[str]:
        """Ids of the criteria that the searches assess: they leave nothing relevant to be found, or nothing to earn."""
        searched = {entry.condition.fact_type for entry in self.not_found}
        watched = self.spaces.methodology.watched
        return frozenset(criterion.id for criterion in watched if self._assesses(criterion, searched))

    def _assesses(self, criterion: Criterion, searched: Container[str]) -> bool:
        types = (condition.fact_type for rule in criterion.rules for condition in conditions_of(rule.when))
        if not any(type_id in searched for type_id in types):
            return False
        if not self._could_fire(self.ruleset.rules[criterion.id, ASSESSED]):
            return True
        return any(rule.range[1] > 0 for rule in criterion.rules) and not self.could_earn(criterion)

    def bearing_on(self, criterion: Criterion) -> tuple[NotFound, ...]:
        """Return the searches without result that rule out a condition of the criterion, alone or together.

        Those under `together` rule out rules.
        """
        found: set[NotFound] = set()
        for rule in criterion.rules:
            for asked in asked_of(rule.when):
                found.update(self._ruling_out(asked))
            found.update(self._ruling_out_together(self.ruleset.rules[criterion.id, rule.id]))
        return tuple(entry for entry in self.not_found if entry in found)

    def _ruling_out_together(self, rule: CompiledRule) -> list[NotFound]:
        """Return the entries under `together` that each rule out a rule; all of them if only all together do."""
        joint = [entry for entry in self.not_found if entry.also]
        if not joint or self._could_fire(rule):
            return []
        single = [entry for entry in self.not_found if not entry.also]
        if not Completion(self.spaces, single)._could_fire(rule):
            return []
        alone = [entry for entry in joint if not Completion(self.spaces, [*single, entry])._could_fire(rule)]
        return alone or joint

    def _ruling_out(self, asked: Asked) -> list[NotFound]:
        """Return the entries that each rule out `asked`; if none does but all together do, a minimal set of them.

        If there are more than `MAX_MINIMISED` of them, all that meet `asked` are returned.
        """
        type_id = asked.condition.fact_type
        entries = [e for e in self.not_found if e.condition.fact_type == type_id and not e.also]
        if not entries or not self._room(asked, []):
            return []
        alone = [entry for entry in entries if not self._room(asked, [entry.condition])]
        if alone or self._room(asked, [entry.condition for entry in entries]):
            return alone
        entries = [entry for entry in entries if self._meet(asked, entry.condition)]
        if len(entries) > MAX_MINIMISED:
            return entries
        # Deletion filter: an entry is dropped if the others still rule `asked` out. What is left rules it out, and no
        # entry of it can be spared. (Fewer entries rule out less, so one pass is enough.)
        needed = entries
        for entry in entries:
            rest = [other for other in needed if other is not entry]
            if not self._room(asked, [other.condition for other in rest]):
                needed = rest
        return needed

    def _meet(self, asked: Asked, condition: Condition) -> bool:
        """Whether some fact could pass both conditions."""
        space = self._space(condition.fact_type, asked)
        box, other = space.box(asked.condition), space.hole(condition)
        return all(box[name] & other[name] & space.possible[name] for name in box.keys() & other.keys())

    def _could_fire(self, rule: CompiledRule) -> bool:
        return any(self._could_hold(disjunct, missing) for missing in self._alternatives for disjunct in rule.disjuncts)

    def _could_hold(self, disjunct: tuple[Literal, ...], missing: Missing) -> bool:
        by_type: dict[str, tuple[list[Asked], list[Asked]]] = {}
        for literal in disjunct:
            condition = self.ruleset.conditions[literal.condition].condition
            wanted, unwanted = by_type.setdefault(condition.fact_type, ([], []))
            side = wanted if literal.is_positive else unwanted
            side.append(Asked(condition, literal.needed, literal.distinct))
        return all(self._could_be(type_id, *sides, missing.get(type_id, ())) for type_id, sides in by_type.items())

    def _could_be(
        self, type_id: str, wanted: list[Asked], unwanted: list[Asked], missing: tuple[Condition, ...]
    ) -> bool:
        """Whether facts of one type could reach every number that is wanted, and none that is unwanted."""
        # Cheap answers come first. Facts that pass no unwanted condition can be added freely, so a wanted number that
        # such facts can reach needs no search. Only the others, if there are any, are searched for together.
        never = [asked.condition for asked in unwanted if asked.number == 1 and asked.distinct is None]
        if not all(self._room(asked, missing, never) for asked in wanted):
            return False
        if len(never) == len(unwanted):
            return True
        rather_not = [asked.condition for asked in unwanted]
        hard = [asked for asked in wanted if not self._room(asked, missing, rather_not)]
        if not hard:
            return True
        space = self._space(type_id, *hard, *unwanted)
        return could_be_together(hard, unwanted, space, [space.hole(other) for other in missing])

    def _space(self, type_id: str, *counting: Asked) -> Space:
        counted = frozenset(asked.distinct for asked in counting if asked.distinct is not None)
        return self.spaces.get(type_id, self._cutting.get(type_id, ()), counted)

    def _room(self, asked: Asked, missing: Iterable[Condition], unwanted: Iterable[Condition] = ()) -> bool:
        """Whether facts could reach the number that is asked for.

        Args:
            asked: what is asked for.
            missing: the conditions that were not found.
            unwanted: further conditions that the facts must not pass.
        """
        space = self._space(asked.condition.fact_type, asked)
        holes = [*map(space.hole, missing), *map(space.box, unwanted)]
        box = dict(space.possible)
        for name, bits in space.box(asked.condition).items():
            box[name] &= bits
        if not fits_outside(box, holes, space.possible):
            return False
        if asked.distinct is None:
            return True
        return _has_values(asked.distinct, asked.number, box, holes, space)


def _by_type(conditions: Iterable[Condition]) -> Missing:
    found: dict[str, tuple[Condition, ...]] = {}
    for condition in conditions:
        found[condition.fact_type] = (*found.get(condition.fact_type, ()), condition)
    return found


def _has_values(name: str, number: int, box: Box, holes: list[Box], space: Space) -> bool:
    """Whether a field of the facts inside a box and outside holes has enough exact values; for a set, enough names."""
    cells = space.cells[name]
    parts: Iterable[tuple[int, Bits]]
    if isinstance(cells, SetCells):
        parts = ((1, cells.having(member)) for member in cells.field.values)
    else:
        parts = ((size_of(cells, cell, number), 2 << cell) for cell in range(cells.count))
    found = 0
    for size, bits in parts:
        inside = {**box, name: box[name] & bits}
        if size and inside[name] and fits_outside(inside, holes, space.possible):
            found += size
            if found >= number:
                return True
    return False

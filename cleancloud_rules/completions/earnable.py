"""Can a criterion still be earned? And which documented searches without result rule that out?"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from attrs import frozen

from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.completions.cell_sizes import size_of
from cleancloud_rules.completions.fact_space import Space, Spaces
from cleancloud_rules.completions.joint_search import Asked, Pool, could_be_together
from cleancloud_rules.completions.known import NOTHING, Known, implications_on, with_implied
from cleancloud_rules.completions.searches import alternatives
from cleancloud_rules.engine.ruleset import CompiledRule, Literal, Ruleset
from cleancloud_rules.model.conditions import Condition, Count, When, fact_types_in
from cleancloud_rules.model.facts import NotFound
from cleancloud_rules.model.groups import ASSESSED
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.model.partitions.boxes import Box, fits_outside
from cleancloud_rules.model.partitions.families import Bits
from cleancloud_rules.model.partitions.set_cells import SetCells
from cleancloud_rules.model.vocabulary import Implication

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
    """The facts that could still be added to a company: they count, and contradict nothing that is known about it.

    They pass no condition that was not found, obey the implications of the vocabulary, and under `selection: single`
    add neither a fact under an answered key nor two facts under one key.

    Args:
        spaces: the spaces of the methodology.
        keys: the keys under which a company has one answer each.
        not_found: the documented searches without result.
        known: what the stated facts say of the facts that could be added.
    """

    def __init__(self, spaces: Spaces, keys: AnswerKeys, not_found: Iterable[NotFound], known: Known = NOTHING) -> None:
        self.spaces = spaces
        self.ruleset: Ruleset = spaces.ruleset
        self.keys = keys
        self.known = known
        self.not_found: tuple[NotFound, ...] = tuple(sorted(not_found, key=str))
        vocabulary = spaces.methodology.vocabulary
        self._cutting = _by_type([*(c for entry in self.not_found for c in entry.conditions), *known.closed])
        found = alternatives(self.not_found, vocabulary)
        self._alternatives = tuple(self._shut_out((*shunned, *known.closed)) for shunned in found)

    def could_earn(self, criterion: Criterion) -> bool:
        """Whether some rule that earns points could fire, for a criterion without relevant facts."""
        return any(
            rule.range[1] > 0 and self._could_fire(self.ruleset.rules[criterion.id, rule.id])
            for rule in criterion.rules
        )

    def leaves_open(self, criterion: Criterion) -> bool:
        """Whether the searches leave something to be earned, for a criterion without relevant facts.

        What the stated facts alone rule out was not searched for, such as an answer beside another one.
        """
        if self.could_earn(criterion):
            return True
        if self.known == NOTHING or self._with(()).could_earn(criterion):
            return False
        return Completion(self.spaces, self.keys, ()).could_earn(criterion)

    @property
    def assessed(self) -> frozenset[str]:
        """Ids of the criteria that the searches assess: they leave nothing relevant to be found, or nothing to earn."""
        searched = {entry.condition.fact_type for entry in self.not_found}
        watched = self.spaces.methodology.watched
        return frozenset(criterion.id for criterion in watched if self._assesses(criterion, searched))

    def _assesses(self, criterion: Criterion, searched: set[str]) -> bool:
        types = fact_types_in(rule.when for rule in criterion.rules)
        if searched.isdisjoint(with_implied(types, self.spaces.methodology.vocabulary)):
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
            found.update(self._ruling_out_together(self.ruleset.rules[criterion.id, rule.id], found))
        return tuple(entry for entry in self.not_found if entry in found)

    def _ruling_out_together(self, rule: CompiledRule, found: Collection[NotFound]) -> list[NotFound]:
        """Return further entries that rule out a rule: each one under `together` that does alone, or a minimal set.

        Args:
            rule: the rule.
            found: the entries that rule out its conditions.
        """
        if self._could_fire(rule) or not self._with(found)._could_fire(rule):
            return []
        single = [entry for entry in self.not_found if not entry.also]
        joint = [entry for entry in self.not_found if entry.also]
        if joint and self._with(single)._could_fire(rule):
            alone = [entry for entry in joint if not self._with([*single, entry])._could_fire(rule)]
            return alone or joint
        others = [entry for entry in self.not_found if entry not in found]
        return _minimal(others, lambda rest: not self._with([*found, *rest])._could_fire(rule))

    def _with(self, not_found: Iterable[NotFound]) -> "Completion":
        """Return the completions with other searches without result."""
        return Completion(self.spaces, self.keys, not_found, self.known)

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
        return _minimal(entries, lambda rest: not self._room(asked, [entry.condition for entry in rest]))

    def _meet(self, asked: Asked, condition: Condition) -> bool:
        """Whether some fact could pass both conditions."""
        space = self._space(condition.fact_type, asked)
        box, other = space.box(asked.condition), space.hole(condition)
        return all(box[name] & other[name] & space.possible[name] for name in box.keys() & other.keys())

    def _could_fire(self, rule: CompiledRule) -> bool:
        return any(self._could_hold(disjunct, shut) for shut in self._alternatives for disjunct in rule.disjuncts)

    def _could_hold(self, disjunct: tuple[Literal, ...], shut: "_ShutOut") -> bool:
        conditions, vocabulary = self.ruleset.conditions, self.spaces.methodology.vocabulary
        asked = [(x.is_positive, Asked(conditions[x.condition].condition, x.needed, x.distinct)) for x in disjunct]
        pending = {one.condition.fact_type for _, one in asked}
        while pending:
            # Facts that imply each other are weighed up together, all others type by type.
            pairs, types = implications_on(frozenset((min(pending),)), vocabulary)
            pending -= types
            wanted, unwanted = (
                [one for positive, one in asked if positive is side and one.condition.fact_type in types]
                for side in (True, False)
            )
            if not self._could_be(types, wanted, unwanted, pairs, shut):
                return False
        return True

    def _could_be(
        self,
        types: frozenset[str],
        wanted: list[Asked],
        unwanted: list[Asked],
        pairs: tuple[Implication, ...],
        shut: "_ShutOut",
    ) -> bool:
        """Whether facts of some types could reach every number that is wanted, and none that is unwanted."""
        # Cheap answers come first. Facts that pass no unwanted condition can be added freely, so a wanted number that
        # such facts can reach needs no search. Only the others, if there are any, are searched for together. Nothing is
        # free where facts imply others, which may be unwanted, or where they would be a second answer.
        never = [asked.condition for asked in unwanted if asked.number == 1 and asked.distinct is None]
        if not all(self._has_room(asked, shut, never) for asked in wanted):
            return False
        owed = [pair.then for pair in pairs if pair.then in self.known.owed and pair.then not in shut.unreachable]
        implying = [p for p in pairs if p.then not in self.known.met and p.then not in shut.unreachable]
        answers = [one for one in wanted if one.condition.fact_type in self.keys.names]
        has_one_answer = len(answers) > 1 or any(one.number > 1 for one in answers)
        has_one_answer |= bool(implying) and not types.isdisjoint(self.keys.names)
        is_bound = has_one_answer or bool(unwanted and (implying or owed))
        if not is_bound and len(never) == len(unwanted):
            return True
        rather_not = [asked.condition for asked in unwanted]
        hard = wanted if is_bound else [asked for asked in wanted if not self._has_room(asked, shut, rather_not)]
        if not hard and not is_bound:
            return True
        pools = [self._pool(type_id, (*hard, *unwanted), shut) for type_id in sorted(types)]
        return could_be_together(hard, unwanted, pools, implying, owed)

    def _has_room(self, asked: Asked, shut: "_ShutOut", unwanted: Iterable[Condition]) -> bool:
        type_id = asked.condition.fact_type
        own = [condition for condition in unwanted if condition.fact_type == type_id]
        return self._room(asked, shut.missing.get(type_id, ()), [*own, *shut.implying.get(type_id, ())])

    def _pool(self, type_id: str, asked: Iterable[Asked], shut: "_ShutOut") -> Pool:
        names = self.keys.names.get(type_id)
        own = [one for one in asked if one.condition.fact_type == type_id]
        space = self._space(type_id, *own, keys=names or ())
        holes = [*map(space.hole, shut.missing.get(type_id, ())), *map(space.box, shut.implying.get(type_id, ()))]
        return Pool(type_id, space, holes, names)

    def _shut_out(self, missing: Iterable[Condition]) -> "_ShutOut":
        """Return what no added fact passes: the given conditions, and those that imply what cannot be added."""
        # A fixed-point iteration: what is shut out may make further facts unreachable. It ends because each round adds
        # one of finitely many implications.
        implications, found = self.spaces.methodology.vocabulary.implications, _ShutOut(_by_type(missing), {})
        open_pairs = [pair for pair in implications if pair.then not in self.known.met]
        while lost := [pair for pair in open_pairs if not self._has_room(Asked(pair.then), found, ())]:
            open_pairs = [pair for pair in open_pairs if pair not in lost]
            given = [c for some in found.implying.values() for c in some] + [pair.given for pair in lost]
            unreachable = found.unreachable.union(pair.then for pair in lost)
            found = _ShutOut(found.missing, _by_type(given), unreachable)
        return found

    def _space(self, type_id: str, *counting: Asked, keys: Iterable[str] = ()) -> Space:
        counted = frozenset(asked.distinct for asked in counting if asked.distinct is not None)
        return self.spaces.get(type_id, self._cutting.get(type_id, ()), counted.union(keys))

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


@frozen
class _ShutOut:
    """Conditions that no added fact passes, by fact type.

    Args:
        missing: those that were not found, or that answers pass.
        implying: those whose facts imply a fact that is not there and cannot be added.
        unreachable: the conditions on those facts.
    """

    missing: Missing
    implying: Missing
    unreachable: frozenset[Condition] = frozenset()


def _minimal(entries: list[NotFound], rule_out: Callable[[list[NotFound]], bool]) -> list[NotFound]:
    """Return a minimal set of the entries that rules something out, as all of them do; all if they are too many."""
    if len(entries) > MAX_MINIMISED:
        return entries
    # Deletion filter: an entry is dropped if the others still rule it out. What is left rules it out, and no entry of
    # it can be spared. (Fewer entries rule out less, so one pass is enough.)
    needed = entries
    for entry in entries:
        rest = [other for other in needed if other is not entry]
        if rule_out(rest):
            needed = rest
    return needed


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

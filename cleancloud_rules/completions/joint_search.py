"""Can facts together satisfy these counts: reach every minimum without reaching any maximum?

If some facts count only towards what is wanted, the answer is yes without a search. If every fact that is wanted also
counts towards something that must stay low, this module searches: it adds facts one by one. A fact is described by what
it adds to each count, and of facts that add the same only one is tried.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, compress, islice, product
from typing import Any

from attrs import frozen

from cleancloud_rules.completions.cell_sizes import size_of
from cleancloud_rules.completions.fact_space import Space
from cleancloud_rules.model.cells import single
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.partitions.boxes import Box, fits_outside, within
from cleancloud_rules.model.partitions.families import Bits, UndecidedError
from cleancloud_rules.model.partitions.set_cells import SetCells
from cleancloud_rules.model.vocabulary import Implication

MAX_TRIES = 50_000
"""The maximum number of facts that are described or added. After that, the counts are assumed to be possible."""

MAX_NUMBER = 1_000
"""The maximum number of facts or values that are searched for. A higher number is assumed to be possible."""

_UNCOUNTED: frozenset[Any] = frozenset()


@frozen
class Asked:
    """What a rule asks of one condition: a minimum number of facts that pass it, or of their distinct values.

    Args:
        condition: the condition.
        number: the minimum.
        distinct: the field whose values are counted; None counts facts.
    """

    condition: Condition
    number: int = 1
    distinct: str | None = None


@frozen
class Pool:
    """The facts of one type that could be added.

    Args:
        type: id of the fact type.
        space: all facts of the type that could exist, with the fields of their key.
        holes: boxes in which no fact lies.
        key: the fields of a key that has one answer; None if any number of facts can be added.
    """

    type: str
    space: Space
    holes: Sequence[Box]
    key: tuple[str, ...] | None


Added = frozenset[Any] | None
"""What a fact adds to a count: some values; None adds one to a count of facts."""

Key = tuple[Any, ...] | None
"""The key that a fact answers; None if any number of facts can be added beside it."""


def could_be_together(
    wanted: Sequence[Asked],
    unwanted: Sequence[Asked],
    pools: Sequence[Pool],
    implications: Sequence[Implication] = (),
    owed: Sequence[Condition] = (),
) -> bool:
    """Whether facts could reach every number that is wanted, and none that is unwanted.

    Args:
        wanted: the counts that must reach their numbers.
        unwanted: the counts that must not.
        pools: the facts that could be added, of each type that is asked for or implied.
        implications: the facts that require another fact.
        owed: conditions that some fact must pass in any case.
    """
    # Depth-first search over states, which hold for each count what was counted so far, and the keys that were
    # answered. A count stops growing at its number, so there are finitely many states, and each is visited once. The
    # order in which facts are added does not matter, so only facts that add to the first count that is still short are
    # tried, a wanted one or else that of an implied fact which is missing: some order of any solution begins with one
    # of them. A state with too many unwanted facts is pruned, because counts never fall.
    # If the limit of tries is reached the answer is yes. That is the safe side: a criterion is then *not assessed*, and
    # never wrongly *not found*.
    if any(one.number > MAX_NUMBER for one in wanted):
        return True
    # To leave out what must not be reached is on the safe side too.
    unwanted = [one for one in unwanted if one.number <= MAX_NUMBER]
    wanted = [*wanted, *(Asked(condition) for condition in owed)]
    given, then = [Asked(pair.given) for pair in implications], [Asked(pair.then) for pair in implications]
    asked = (*wanted, *unwanted, *given, *then)
    first_unwanted, first_given, first_then = len(wanted), len(wanted) + len(unwanted), len(asked) - len(then)
    try:
        described = list(islice(_kinds_of_facts(asked, pools, sum(x.number for x in wanted) + len(then)), MAX_TRIES))
    except UndecidedError:
        return True
    kinds, tries = list(dict.fromkeys(described)), len(described)
    nothing = tuple(frozenset[Any]() for _ in asked)
    none_answered = frozenset[Any]()
    pending, seen = [(nothing, none_answered)], {(nothing, none_answered)}
    while pending:
        held, answered = pending.pop()
        missing = (i for i, one in enumerate(wanted) if len(held[i]) < one.number)
        implied = (first_then + i for i in range(len(then)) if held[first_given + i] and not held[first_then + i])
        short = next(chain(missing, implied), None)
        tries += len(kinds)
        if short is None or tries > MAX_TRIES:
            return True
        for kind, key in kinds:
            if key is not None and key in answered:
                continue
            together = tuple(_added(had, more, one.number) for had, more, one in zip(held, kind, asked, strict=True))
            too_many = any(len(together[i]) >= asked[i].number for i in range(first_unwanted, first_given))
            state = (together, answered if key is None else answered | {key})
            if together[short] != held[short] and not too_many and state not in seen:
                seen.add(state)
                pending.append(state)
    return False


def _added(had: frozenset[Any], more: Added, enough: int) -> frozenset[Any]:
    if len(had) >= enough:
        return had
    return had | (frozenset({len(had)}) if more is None else more)


def _kinds_of_facts(
    asked: Sequence[Asked], pools: Sequence[Pool], facts: int
) -> Iterator[tuple[tuple[Added, ...], Key]]:
    """Yield, for each kind of facts that could be added, what one of them adds to each count, and its key.

    Args:
        asked: the counts.
        pools: the facts.
        facts: the maximum number of facts that are added together.
    """
    for pool in pools:
        own = [one.condition.fact_type == pool.type for one in asked]
        for added, key in _kinds_of(list(compress(asked, own)), pool, facts):
            each = iter(added)
            yield tuple(next(each) if is_own else _UNCOUNTED for is_own in own), key


def _kinds_of(asked: Sequence[Asked], pool: Pool, facts: int) -> Iterator[tuple[tuple[Added, ...], Key]]:
    # A field whose values are counted has several representative values in each cell, since different values must be
    # told apart to be counted; so has a field of a key. Its value is chosen first. The other fields matter only as far
    # as conditions and holes cut them, so they are searched as boxes.
    space, holes = pool.space, pool.holes
    boxes = [space.box(one.condition) for one in asked]
    counted = sorted({one.distinct for one in asked if one.distinct is not None}.union(pool.key or ()))
    most = sum(one.number for one in asked if one.distinct is not None) + (facts if pool.key else 0)
    rest = {name: bits for name, bits in space.possible.items() if name not in counted}
    for chosen in product(*(_holdings(name, space, boxes, holes, most) for name in counted)):
        fixed = dict(zip(counted, chosen, strict=True))
        open_holes = [_without(hole, counted) for hole in holes if all(h.passes(n, hole) for n, h in fixed.items())]
        passable = [
            _without(box, counted) if all(h.passes(n, box) for n, h in fixed.items()) else None for box in boxes
        ]
        key = None if pool.key is None else _key(pool, fixed)
        for passing in _verdicts(rest, passable, open_holes, rest):
            added = tuple(
                _UNCOUNTED if not passed else None if one.distinct is None else fixed[one.distinct].values
                for passed, one in zip(passing, asked, strict=True)
            )
            yield added, key


def _key(pool: Pool, fixed: Mapping[str, "_Holding"]) -> Key:
    """Return the key of facts with some values; None if a field of it has no exact value and is not missing."""
    values = [fixed[name] for name in pool.key or ()]
    missing = [pool.space.cells[name].missing for name in pool.key or ()]
    if any(not held.values and held.bits != none for held, none in zip(values, missing, strict=True)):
        return None
    return (pool.type, *(held.values for held in values))


def _without(box: Box, names: Sequence[str]) -> Box:
    return {name: bits for name, bits in box.items() if name not in names}


def _verdicts(box: Box, boxes: Sequence[Box | None], holes: list[Box], everything: Box) -> Iterator[tuple[bool, ...]]:
    """Yield, for each kind of point of `box` outside the holes, which boxes contain it; some of them repeatedly."""
    # An exhaustive search that splits `box` by one of `boxes` after another into disjoint parts: for each field the
    # part that fails here and passed the fields before it, and finally the part that passes all. A part without a point
    # outside the holes is pruned at once, so each branch leads to at least one result. The depth is the number of
    # boxes.
    if not fits_outside(box, holes, everything):
        return
    if not boxes:
        yield ()
        return
    first, others = boxes[0], boxes[1:]
    inside = dict(box)
    for name, bits in () if first is None else first.items():
        outside = {**inside, name: inside[name] & ~bits}
        yield from ((False, *further) for further in _verdicts(outside, others, holes, everything))
        inside[name] &= bits
    yield from ((first is not None, *further) for further in _verdicts(inside, others, holes, everything))


@frozen
class _Holding:
    """A representative value of a field whose values are counted.

    Args:
        bits: its cell, its set or its bounded value.
        values: the values that it adds to a count.
    """

    bits: Bits
    values: frozenset[Any] = _UNCOUNTED

    def passes(self, name: str, box: Box) -> bool:
        """Whether it lies inside a box."""
        return within(self.bits, box.get(name, self.bits))


def _holdings(name: str, space: Space, boxes: Sequence[Box], holes: Sequence[Box], most: int) -> Iterator[_Holding]:
    """Yield representative values of a field, at most `most` for each set of tests that pass."""
    cells, possible = space.cells[name], space.possible[name]
    options = [_Holding(cells.disclosed_bit)] if cells.disclosed_bit & possible else []
    if isinstance(cells, SetCells):
        families = [possible, *(box[name] for box in (*boxes, *holes) if name in box)]
        options += [option for option in _sets(cells, families, most) if option.bits & possible]
    else:
        sizes = {cell: size_of(cells, cell, most) for cell in range(cells.count) if 2 << cell & possible}
        options += [_Holding(2 << cell, frozenset({(cell, i)})) for cell, size in sizes.items() for i in range(size)]
        if cells.field.type.is_ordered and name != "period":
            # Bounded values are not counted: those within one cell, and all others.
            options += [_Holding(2 << cell) for cell in sizes if size_of(cells, cell, 2) > 1]
            options += [_Holding(bit) for bit in single(possible & cells.bounded_bits(lambda _: True))]
    # Of those that pass alike and add no value the first one is kept. A missing key has one answer, and any number of
    # facts can have a key that is only disclosed or bounded: so what is missing comes last.
    options += [_Holding(cells.missing)] if cells.missing & possible else []
    used: Counter[Any] = Counter()
    for option in options:
        alike = (tuple(option.passes(name, box) for box in boxes), tuple(option.passes(name, hole) for hole in holes))
        what = option.values if isinstance(cells, SetCells) else bool(option.values)
        used[alike, what] += 1
        if used[alike, what] <= (most if what is True else 1):
            yield option


def _sets(cells: SetCells, families: Sequence[Bits], most: int) -> Iterator[_Holding]:
    """Yield representative sets: all choices of the names that tests tell apart, with contiguous spans of the others.

    Raises:
        UndecidedError: if there are too many of them.
    """
    marks = cells.told_apart(families)
    others = [name for name in cells.field.values if name not in marks][:most]
    spans = [frozenset(others[i:j]) for j in range(len(others) + 1) for i in range(j)]
    if (len(spans) + 1) << len(marks) > MAX_TRIES:
        raise UndecidedError
    for chosen in product((False, True), repeat=len(marks)):
        marked = frozenset(name for name, inside in zip(marks, chosen, strict=True) if inside)
        for names in (marked, *(marked | span for span in spans)):
            if names:
                yield _Holding(cells.bits_of(names), names)

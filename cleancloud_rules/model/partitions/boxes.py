"""Boxes: for each of some fields the values that are allowed, and the search for a point outside of others."""

from collections.abc import Callable, Sequence

from cleancloud_rules.model.conditions import Condition, FieldTest
from cleancloud_rules.model.partitions.families import Bits, Family, UndecidedError
from cleancloud_rules.model.partitions.runs import stretches
from cleancloud_rules.model.partitions.set_cells import partition

MAX_STEPS = 100_000
"""The maximum number of classes that a search for a point outside of holes looks at; then there is taken to be one."""

MAX_CLASSES = 1_000
"""The maximum number of classes of sets in one field that such a search tells apart; then there is taken to be one."""

Box = dict[str, Bits]
"""The allowed values of some fields of a fact type. A field that is not named allows all values."""


def box_of(condition: Condition, passing: Callable[[FieldTest], Bits]) -> Box:
    """Return, for each field that a condition tests, the values that pass all its tests.

    Args:
        condition: the condition.
        passing: returns the values of a field that pass a test.
    """
    found: Box = {}
    for test in condition.tests:
        bits = passing(test)
        found[test.field] = found.get(test.field, bits) & bits
    return found


def within(bits: Bits, others: Bits) -> bool:
    """Whether some values of a field are all among others. True is certain."""
    if not isinstance(bits, Family):
        return not bits & ~others
    try:
        return bits.within(others)
    except UndecidedError:
        return False


def fits_outside(box: Box, holes: Sequence[Box], everything: Box) -> bool:
    """Whether some point of a box lies in none of the holes. True is not certain if it takes more than `MAX_STEPS`.

    Args:
        box: the box of allowed points.
        holes: the boxes of forbidden points.
        everything: all values of each field that occurs.
    """
    if not all(box.values()):
        return False
    try:
        inside, met = _cut_down(box, holes, everything)
        return inside is not None and _fits_outside(inside, met, everything)
    except UndecidedError:
        return True


def _fits_outside(box: Box, holes: Sequence[Box], everything: Box) -> bool:
    # A point is chosen field by field. The holes that contain all coordinates chosen so far are open, as bits of a
    # number; a coordinate closes the holes that do not contain it, and a point without open holes lies outside. The
    # coordinates of a field fall into classes by the holes that contain them. Depth-first search over pairs of a field
    # and the open holes, each visited once, fewest open holes first; a class that leaves open what another one leaves
    # open, and more, is no better and is left out. It ends because each step goes on to the next field. The last field
    # needs no classes if it holds sets: one of its sets must lie outside of all holes that are still open.
    names = sorted({name for hole in holes for name in hole}, key=lambda name: (_holds_sets(everything, name), name))
    listed = len(names) - (bool(names) and _holds_sets(everything, names[-1]))
    inside = {name: box.get(name, everything[name]) for name in names}
    cuts = {name: [hole.get(name) for hole in holes] for name in names}
    classes = [_containing(inside[name], cuts[name]) for name in names[:listed]]
    pending, seen, steps = [(0, (1 << len(holes)) - 1)], set[tuple[int, int]](), 0
    while pending:
        depth, still_open = pending.pop()
        if not still_open:
            return True
        if depth == len(names) or (depth, still_open) in seen:
            continue
        seen.add((depth, still_open))
        steps += len(classes[depth]) if depth < listed else still_open.bit_count()
        if steps > MAX_STEPS:
            return True
        if depth == listed:
            if _escapes(inside[names[depth]], cuts[names[depth]], still_open):
                return True
            continue
        left = _minimal({still_open & containing for containing in classes[depth]})
        pending += ((depth + 1, fewer) for fewer in reversed(left))
    return False


def _cut_down(box: Box, holes: Sequence[Box], everything: Box) -> tuple[Box | None, list[Box]]:
    """Return a box without the holes that only one field limits, and the other holes that meet it.

    The box is None if nothing is left of it. Of the other holes only the fields are kept that limit them inside the
    box.
    """
    pending = list(holes)
    while True:
        met, narrowed = list[Box](), dict(box)
        for hole in pending:
            own = {name: narrowed.get(name, everything[name]) for name in hole}
            if not all(own[name] & bits for name, bits in hole.items()):
                continue
            limits = {name: bits for name, bits in hole.items() if not within(own[name], bits)}
            if not limits:
                return None, []
            if len(limits) > 1:
                met.append(limits)
                continue
            ((name, bits),) = limits.items()
            narrowed[name] = own[name] & ~bits
        if narrowed == box:
            return box, met
        box, pending = narrowed, met


def _holds_sets(everything: Box, name: str) -> bool:
    return isinstance(everything[name], Family)


def _escapes(family: Bits, cuts: Sequence[Bits | None], still_open: int) -> bool:
    """Whether a family has a value that lies in none of the cuts that are still open."""
    for number, cut in enumerate(cuts):
        if still_open >> number & 1:
            if cut is None:
                return False
            family &= ~cut
    return bool(family)


def _containing(allowed: Bits, cuts: Sequence[Bits | None]) -> set[int]:
    """Return, for each class of the allowed values of a field, the numbers of the holes that contain it, as bits.

    Args:
        allowed: the values.
        cuts: the values of each hole in the field; None contains all.

    Raises:
        UndecidedError: if there are too many classes of sets.
    """
    if isinstance(allowed, Family):
        return set(partition(allowed, cuts, MAX_CLASSES))
    return {containing for containing, _ in stretches(allowed, cuts)}


def _minimal(sets: set[int]) -> list[int]:
    """Return the sets of bits that contain no other of them, the smallest first."""
    kept: list[int] = []
    for one in sorted(sets, key=lambda bits: (bits.bit_count(), bits)):
        if not any(other & one == other for other in kept):
            kept.append(one)
    return kept

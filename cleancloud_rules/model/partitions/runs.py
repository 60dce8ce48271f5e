"""Runs of bits, and the stretches into which other bits cut them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise


def runs(bits: int) -> tuple[tuple[int, int], ...]:
    """Return the gapless runs of bits as pairs of first and last position."""
    # Each round takes the lowest run off: the zeros below it, then the ones, whose end is the lowest zero above them.
    # It shifts the number once for each run and not once for each bit, which would take quadratic time.
    found = []
    start = 0
    while bits:
        zeros = (bits & -bits).bit_length() - 1
        bits >>= zeros
        ones = (~bits & (bits + 1)).bit_length() - 1
        bits >>= ones
        start += zeros + ones
        found.append((start - ones, start - 1))
    return tuple(found)


def stretches(allowed: int, cuts: Sequence[int | None]) -> Iterator[tuple[int, int]]:
    """Yield each stretch of adjacent bits that the same cuts contain: these cuts as bits, and its bits, lowest first.

    Args:
        allowed: the bits that are looked at.
        cuts: bits that cut them; None contains all.
    """
    # A sweep over the bits: at each end of a run the cuts with that run begin or end to contain them. The allowed bits
    # are one more cut, so that only bits inside it count.
    inside = 1 << len(cuts)
    containing = 0
    by_bits = {allowed: inside}
    for place, cut in enumerate(cuts):
        if cut is None:
            containing |= 1 << place
        else:
            by_bits[cut] = by_bits.get(cut, 0) | 1 << place
    changes: dict[int, int] = {}
    for bits, places in by_bits.items():
        for first, last in runs(bits):
            changes[first] = changes.get(first, 0) ^ places
            changes[last + 1] = changes.get(last + 1, 0) ^ places
    for position, following in pairwise(sorted(changes)):
        containing ^= changes[position]
        if containing & inside:
            yield containing ^ inside, (1 << following) - (1 << position)

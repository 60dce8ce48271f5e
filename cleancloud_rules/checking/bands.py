"""Checks of bands: no score lies in two, no label is repeated, all have a `value` or none has."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from cleancloud_rules.checking.groups import MAX_DIGITS, SCORE, combinings, place
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.model.cells import field_cells
from cleancloud_rules.model.groups import Band, BandsOf, Combining
from cleancloud_rules.model.methodology import Group, Methodology


def bands(methodology: Methodology) -> Iterator[Diagnostic]:
    """No score lies in two bands, each label occurs once, and either all bands of a group have a `value` or none."""
    for combining, _, name, _ in combinings(methodology):
        inside, possible = reach(combining, methodology)
        for first, second in combinations(combining.bands, 2):
            if inside[first] & inside[second] & possible:
                message = f"bands `{first.label}` and `{second.label}` overlap"
                help = 'exclude an end of a range with a round bracket: `"[60..80)"`'
                yield Diagnostic("overlapping-bands", message, place(second.node, "score"), help)
            if first.label == second.label:
                yield Diagnostic("repeated-value", f"`{second.label}` is repeated", place(second.node, "label"))
        numbers = [band.value is not None for band in combining.bands]
        if any(numbers) and not all(numbers):
            without = combining.bands[numbers.index(False)]
            message = f"band `{without.label}` has no `value`, but other bands of {name} have one"
            yield Diagnostic("missing-key", message, place(without.node, "label"))


def reach(combining: Combining, methodology: Methodology) -> tuple[dict[Band, frozenset[int]], frozenset[int]]:
    """Return the cells in which each band lies, and the cells that hold a score that can be printed."""
    # The tests of the bands partition all numbers into cells: thresholds and the gaps between them. Of a gap only the
    # multiples of the last printed digit count: between 79.9 and 80 there is no score with one digit.
    cells = field_cells(SCORE, [band.score for band in combining.bands])
    inside = {band: cells.passing(band.score) for band in combining.bands}
    rounding = methodology.rounding_of(combining) if isinstance(combining, Group) else methodology.rounding
    digits = rounding.digits if combining.bands_of is BandsOf.SCORE else MAX_DIGITS
    unit = Fraction(1, 10 ** min(max(digits, 0), MAX_DIGITS))
    marks = [Fraction(mark) for mark in cells.marks]
    possible = frozenset(cell for cell in range(cells.count) if _holds_multiple(marks, cell, unit))
    return {b: frozenset(c for c in range(cells.count) if bits >> (c + 1) & 1) for b, bits in inside.items()}, possible


def _holds_multiple(marks: list[Fraction], cell: int, unit: Fraction) -> bool:
    """Whether a cell holds a multiple of a unit. Odd cells are thresholds, even ones lie strictly between two."""
    index, at_mark = divmod(cell, 2)
    if at_mark:
        return (marks[index] / unit).denominator == 1
    return index in (0, len(marks)) or (marks[index - 1] // unit + 1) * unit < marks[index]

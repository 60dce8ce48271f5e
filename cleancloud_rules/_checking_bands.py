"""What bands get wrong: scores in two of them, scores in none, labels that are not told apart."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from cleancloud_rules._cells import cells_of
from cleancloud_rules._checking_groups import MAX_DIGITS, combinings, key, place
from cleancloud_rules._rounding import short
from cleancloud_rules.diagnostics import Diagnostic, Severity
from cleancloud_rules.facts import Field
from cleancloud_rules.groups import Band, BandsOf, Combining
from cleancloud_rules.methodology import Category, Methodology

SCORE = Field("score", "number", digits=MAX_DIGITS)


def bands(methodology: Methodology) -> Iterator[Diagnostic]:
    """A score lies in one band; labels are told apart, and either all bands of a group have a number or none has."""
    for combining, node, name, _ in combinings(methodology):
        inside, examples = _reach(combining, methodology)
        for first, second in combinations(combining.bands, 2):
            if inside[first] & inside[second] & examples.keys():
                message = f"scores lie in `{second.label}` and in `{first.label}` too"
                help = 'a range may leave its end out: `"[60..80)"`'
                yield Diagnostic("overlapping-bands", message, place(second.node, "score"), help)
            if first.label == second.label:
                yield Diagnostic("repeated-value", f"`{second.label}` is repeated", place(second.node, "label"))
        covered = frozenset[int]().union(*inside.values()) & examples.keys()
        between = [cell for cell in examples if covered and min(covered) < cell < max(covered)]
        gap = next((examples[cell] for cell in between if cell not in covered), None)
        if gap is not None:
            message = f"no band of {name} holds {short(gap)}, which lies between two of them"
            yield Diagnostic("gap-between-bands", message, key(node, "bands"), severity=Severity.WARNING)
        numbers = [band.value is not None for band in combining.bands]
        if any(numbers) and not all(numbers):
            without = combining.bands[numbers.index(False)]
            message = f"`{without.label}` has no `value`, and other bands of {name} have"
            yield Diagnostic("missing-key", message, place(without.node, "label"))


def _reach(combining: Combining, methodology: Methodology) -> tuple[dict[Band, frozenset[int]], dict[int, Fraction]]:
    """Return in which cells each band lies, and of each cell that holds a possible score an example, in order."""
    cells = cells_of(SCORE, [band.score for band in combining.bands])
    inside = {band: cells.passing(band.score) for band in combining.bands}
    rounding = combining.rounding if isinstance(combining, Category) else None
    digits = (rounding or methodology.rounding).digits if combining.bands_of is BandsOf.SCORE else MAX_DIGITS
    unit = Fraction(1, 10 ** min(max(digits, 0), MAX_DIGITS))
    found = {cell: _score_in([Fraction(mark) for mark in cells.marks], cell, unit) for cell in range(cells.count)}
    examples = {cell: example for cell, example in found.items() if example is not None}
    return {b: frozenset(c for c in range(cells.count) if bits >> (c + 1) & 1) for b, bits in inside.items()}, examples


def _score_in(marks: list[Fraction], cell: int, unit: Fraction) -> Fraction | None:
    """Return a multiple of a unit at a threshold (odd cells) or strictly between two (even ones); None for none."""
    index, at_mark = divmod(cell, 2)
    if at_mark:
        return marks[index] if (marks[index] / unit).denominator == 1 else None
    if index == 0:
        return marks[0] - 1 if marks else Fraction(0)
    above = (marks[index - 1] // unit + 1) * unit
    return above if index == len(marks) or above < marks[index] else None

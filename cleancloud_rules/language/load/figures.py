"""What may be printed of each company under a methodology, and what a cell of a published table says."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from cleancloud_rules.diagnostics.collector import did_you_mean, listed, reject
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.model.groups import Aggregation, Combining, TableHitPolicy
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import Figure, FigureKind, Printed

NONE = frozenset({"-", "n/a"})
"""What a cell says where the publisher says that there is no score, level or label."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


def figures_of(methodology: Methodology) -> dict[str, Figure]:
    """Return what may be printed of each company, by the name of its column: the whole, groups, criteria, tables."""
    found = [Figure(name, kind) for name, kind in _of(methodology.combining, "total", "level", "label")]
    for group in methodology.groups:
        found += [
            Figure(name, kind if kind is not FigureKind.TOTAL else FigureKind.SCORE, group.id)
            for name, kind in _of(group, group.id, f"{group.id}.level", f"{group.id}.label")
        ]
    found += [Figure(criterion.id, FigureKind.POINTS, criterion.id) for criterion in methodology.criteria]
    found += [Figure(table.id, FigureKind.TABLE, table.id) for table in methodology.tables]
    named: dict[str, Figure] = {}
    for figure in found:
        named.setdefault(figure.name, figure)
    return named


def _of(combining: Combining, score: str, level: str, label: str) -> Iterable[tuple[str, FigureKind]]:
    if combining.aggregate is not Aggregation.NONE:
        yield score, FigureKind.TOTAL
    if combining.ladder:
        yield level, FigureKind.LEVEL
    if combining.bands:
        yield label, FigureKind.LABEL


def combining_of(figure: Figure, methodology: Methodology) -> Combining:
    """Return how the group, or the whole, combines its parts that a figure is of."""
    return methodology.combining if figure.of is None else methodology.category(figure.of)


def printed(text: str, where: Location, figure: Figure, methodology: Methodology) -> Printed:
    """Return what a cell says of a figure.

    Args:
        text: the cell, which is neither empty nor one of `NONE`.
        where: its place.
        figure: what its column holds.
        methodology: whose digits, levels and labels apply.

    Raises:
        Rejected: where it is no such figure.
    """
    match figure.kind:
        case FigureKind.LEVEL:
            levels = combining_of(figure, methodology).ladder
            ids = {level.title: str(level.id) for level in levels} | {str(level.id): str(level.id) for level in levels}
            return _word(text, where, "level", ids)
        case FigureKind.LABEL:
            bands = combining_of(figure, methodology).bands
            return _word(text, where, "label", {band.label: band.label for band in bands})
        case FigureKind.TABLE:
            table = next(table for table in methodology.tables if table.id == figure.of)
            outputs = {output: output for output in table.outputs}
            parts = text.split(";") if table.hit_policy is TableHitPolicy.COLLECT else [text]
            given = {_word(part.strip(), where, "outcome", outputs) for part in parts}
            return outputs_in_words(output for output in table.outputs if output in given)
        case _:
            return _number(text, where, *_digits(figure, methodology))


def outputs_in_words(outputs: Iterable[str]) -> str:
    """Return what a decision table gave as one text."""
    return "; ".join(outputs)


def _word(text: str, where: Location, what: str, known: Mapping[str, str]) -> str:
    if text not in known:
        message = f"`{text}` is no {what}: expected one of {listed(tuple(known))}"
        raise reject("unknown-value", message, where, did_you_mean(text, known))
    return known[text]


def _digits(figure: Figure, methodology: Methodology) -> tuple[int, str]:
    rounding = methodology.rounding
    if figure.kind is FigureKind.POINTS:
        return rounding.points_digits, "points"
    own = methodology.category(figure.of).rounding if figure.of is not None else None
    return (rounding if own is None else own).digits, "scores"


def _number(text: str, where: Location, digits: int, what: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise reject("wrong-type", f"expected a number, got `{text}`", where)
    number = Decimal(text)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > digits:
        message = f"`{text}` has {-exponent} decimal places, {what} take at most {digits}"
        raise reject("too-many-digits", message, where)
    return number

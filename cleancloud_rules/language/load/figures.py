"""Columns and cells of published tables."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from cleancloud_rules.diagnostics.collector import did_you_mean, listed, reject
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.language.values import not_too_long, number_in
from cleancloud_rules.model.groups import Aggregation, Combining, TableHitPolicy
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import Figure, FigureKind, Printed

NONE = frozenset({"-", "n/a"})
"""The cells by which a publisher says that there is no score, level or label."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


def figures_of(methodology: Methodology) -> dict[str, Figure]:
    """Return the figures that a publisher can print of each company, by the name of their column.

    They are figures of the root, the groups, the criteria and the decision tables.
    """
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
    """Return how the group of a figure, or the root, combines its parts."""
    return methodology.combining if figure.of is None else methodology.category(figure.of)


def printed(text: str, where: Location, figure: Figure, methodology: Methodology) -> Printed:
    """Return the value of a cell.

    Args:
        text: the cell, which is neither empty nor one of `NONE`.
        where: its location.
        figure: the figure in its column.
        methodology: whose digits, levels and labels apply.

    Raises:
        Rejected: if the cell does not hold such a figure.
    """
    match figure.kind:
        case FigureKind.LEVEL:
            levels = combining_of(figure, methodology).ladder
            ids = {level.title: str(level.id) for level in levels} | {str(level.id): str(level.id) for level in levels}
            return _word(text, where, "a level", ids)
        case FigureKind.LABEL:
            bands = combining_of(figure, methodology).bands
            return _word(text, where, "a label", {band.label: band.label for band in bands})
        case FigureKind.TABLE:
            table = next(table for table in methodology.tables if table.id == figure.of)
            outputs = {output: output for output in table.outputs}
            parts = text.split(";") if table.hit_policy is TableHitPolicy.COLLECT else [text]
            given = {_word(part.strip(), where, "an output", outputs) for part in parts}
            return outputs_in_words(output for output in table.outputs if output in given)
        case _:
            return _number(text, where, *_digits(figure, methodology))


def outputs_in_words(outputs: Iterable[str]) -> str:
    """Return the outputs of a decision table as one text."""
    return "; ".join(outputs)


def _word(text: str, where: Location, what: str, known: Mapping[str, str]) -> str:
    if text not in known:
        message = f"`{text}` is not {what}: expected one of {listed(tuple(known))}"
        raise reject("unknown-value", message, where, did_you_mean(text, known))
    return known[text]


def _digits(figure: Figure, methodology: Methodology) -> tuple[int, str]:
    rounding = methodology.rounding
    if figure.kind is FigureKind.POINTS:
        return rounding.points_digits, "points"
    own = rounding if figure.of is None else methodology.rounding_of(methodology.category(figure.of))
    return own.digits, "scores"


def _number(text: str, where: Location, digits: int, what: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise reject("wrong-type", f"expected a number, got `{text}`", where)
    number = number_in(text, where)
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > digits:
        message = f"`{text}` has {-exponent} decimal places; {what} may have at most {digits}"
        raise reject("too-many-digits", message, where)
    not_too_long(number, where)
    return number  # as printed: trailing zeros included

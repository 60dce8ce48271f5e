"""A published table: CSV text to typed rows, each with its place."""

import csv
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import frozen

from cleancloud_rules._findings import Gather, did_you_mean, nearest, reject
from cleancloud_rules._source import decoded
from cleancloud_rules.diagnostics import Location, Source
from cleancloud_rules.methodology import Methodology
from cleancloud_rules.published import PublishedRow, PublishedTable

_FIXED = ("company", "name", "cohort", "rank", "total")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


@frozen
class _Cell:
    """One value of the table and where it stands."""

    text: str
    location: Location


def read_published(path: Path, methodology: Methodology, gather: Gather) -> PublishedTable | None:
    """Return the table in a CSV file; what is wrong is added to `gather`.

    Args:
        path: a file with a row of headings: ``company``, ``name``, ``cohort``, ``rank``, the ids of all categories,
            ``total``.
        methodology: whose categories and digits it has.
        gather: takes the findings.
    """
    text, findings = decoded(path)
    gather.include(*findings)
    return None if text is None else published_from(text, str(path), methodology, gather)


def published_from(text: str, name: str, methodology: Methodology, gather: Gather) -> PublishedTable | None:
    """Return the table in CSV text; see `read_published`."""
    source = Source(name, text)
    lines = gather.attempt(_lines, source)
    if lines is None:
        return None
    if not lines:
        gather.add("empty-document", "the table is empty", Location(source))
        return None
    head, *body = lines
    needed = (*_FIXED, *(category.id for category in methodology.categories))
    names = [cell.text for cell in head]
    meant: set[str | None] = set()
    for index, cell in enumerate(head):
        if cell.text not in needed:
            message = f"unknown column `{cell.text}`"
            gather.add("unknown-column", message, cell.location, did_you_mean(cell.text, needed))
            meant.add(nearest(cell.text, needed))
        elif cell.text in names[:index]:
            gather.add("repeated-key", f"column `{cell.text}` is repeated", cell.location)
    missing = [column for column in needed if column not in names]
    for column in missing:
        if column not in meant:
            gather.add("missing-column", f"column `{column}` is missing", head[-1].location)
    if missing:
        return None
    rows = [gather.attempt(_row, names, line, methodology) for line in body]
    made = [row for row in rows if row is not None]
    seen: set[str] = set()
    for row in made:
        if row.company in seen:
            gather.add("repeated-id", f"company `{row.company}` has a row already", row.location)
        seen.add(row.company)
    return PublishedTable(tuple(made))


def _lines(source: Source) -> list[list[_Cell]]:
    reader = csv.reader(source.lines, strict=True)
    try:
        return list(_cells(reader, source))
    except csv.Error:
        line = max(1, reader.line_num)
        where = Location(source, line, 1, line, max(1, len(source.line(line))) + 1)
        help = "a value that holds quotes or commas stands in double quotes, each quote in it twice"
        raise reject("bad-table", "this line is not CSV", where, help) from None


def _cells(reader: Any, source: Source) -> Iterable[list[_Cell]]:
    for texts in reader:
        line = reader.line_num
        raw = source.line(line)
        plain = ",".join(texts) == raw
        column, cells = 1, []
        for text in texts:
            width = len(text) if plain else max(1, len(raw))
            cells.append(_Cell(text, Location(source, line, column, line, column + width)))
            column += len(text) + 1 if plain else 0
        if cells:
            yield cells


def _row(names: list[str], cells: list[_Cell], methodology: Methodology) -> PublishedRow:
    if len(cells) != len(names):
        message = f"the row has {len(cells)} values, the table {len(names)} columns"
        raise reject("wrong-columns", message, cells[0].location)
    gather = Gather()
    by_name = dict(zip(names, cells, strict=True))
    cohort = by_name["cohort"]
    known = dict(methodology.vocabulary.cohorts)
    if cohort.text and cohort.text not in known:
        help = did_you_mean(cohort.text, known)
        gather.add("unknown-cohort", f"there is no cohort `{cohort.text}`", cohort.location, help)
    rank = gather.attempt(_rank, by_name["rank"])
    scores = {c.id: gather.attempt(_figure, by_name[c.id], methodology) for c in methodology.categories}
    total = gather.attempt(_figure, by_name["total"], methodology)
    gather.raise_if_any()
    assert rank is not None and total is not None
    company = by_name["company"]
    return PublishedRow(
        company.text, by_name["name"].text, cohort.text or None, rank,
        {name: score for name, score in scores.items() if score is not None}, total, company.location,
    )  # fmt: skip


def _rank(cell: _Cell) -> int:
    if not cell.text.isascii() or not cell.text.isdigit():
        raise reject("wrong-type", f"expected a rank, got `{cell.text}`", cell.location)
    return int(cell.text)


def _figure(cell: _Cell, methodology: Methodology) -> Decimal:
    if not _NUMBER.fullmatch(cell.text):
        raise reject("wrong-type", f"expected a number, got `{cell.text}`", cell.location)
    figure = Decimal(cell.text)
    exponent = figure.as_tuple().exponent
    digits = methodology.rounding.digits
    if isinstance(exponent, int) and -exponent > digits:
        message = f"`{cell.text}` has {-exponent} decimal places, scores take at most {digits}"
        raise reject("too-many-digits", message, cell.location)
    return figure

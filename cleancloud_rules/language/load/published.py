"""Loads published tables: CSV text to typed rows, each with its location."""

import csv
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean, nearest, reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.file_reader import text_in
from cleancloud_rules.documents.foreign_scalars import is_absent
from cleancloud_rules.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.documents.plain_data import kind_in_words, node_of
from cleancloud_rules.language.load.figures import NONE, figures_of, printed
from cleancloud_rules.language.values import not_too_long, number_in, wrong_type
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import Figure, FigureKind, PublishedRow, PublishedTable

_FIXED = ("company", "name", "cohort", "rank")


@frozen
class _Cell:
    """One value of the table and its location."""

    text: str
    location: Location


def read_published(path: Path, methodology: Methodology, gather: DiagnosticCollector) -> PublishedTable | None:
    """Return the table in a CSV file. Errors are added to `gather`.

    Args:
        path: a file with a row of headings. ``company`` is required; ``name``, ``cohort``, ``rank`` and the columns of
            `figures_of` are optional.
        methodology: whose categories, criteria, levels, labels, tables and digits it has.
        gather: collects the diagnostics.
    """
    text = gather.attempt(text_in, path)
    return None if text is None else published_from(text, str(path), methodology, gather)


def published_from(
    text: str, name: str, methodology: Methodology, gather: DiagnosticCollector
) -> PublishedTable | None:
    """Return the table in CSV text; see `read_published`."""
    file = SourceFile(name, text)
    return _table(gather.attempt(_lines, file), file, methodology, gather)


def published_of_rows(
    rows: Any, name: str, methodology: Methodology, gather: DiagnosticCollector
) -> PublishedTable | None:
    """Return the table in rows of plain data: mappings of columns to values; see `read_published`."""
    file = SourceFile(name)
    return _table(gather.attempt(_lines_of_rows, rows, file), file, methodology, gather)


def _table(
    lines: list[list[_Cell]] | None, file: SourceFile, methodology: Methodology, gather: DiagnosticCollector
) -> PublishedTable | None:
    """Return the table in lines of cells. The first line has the headings."""
    if lines is None:
        return None
    if not lines:
        gather.add("empty-document", "the table is empty", Location(file))
        return None
    head, *body = lines
    figures = figures_of(methodology)
    if not _has_columns(head, figures, methodology.new_ids, gather):
        return None
    names = [cell.text for cell in head]
    rows = [gather.attempt(_row, names, line, methodology, figures) for line in body]
    made = [evolve(row, position=number) for number, row in enumerate(rows, 1) if row is not None]
    ranked = _ranked(made, methodology) if len(made) == len(body) else {}
    seen: set[str] = set()
    for row in made:
        if row.company in seen:
            gather.add("repeated-id", f"company `{row.company}` already has a row", row.location)
        seen.add(row.company)
    return PublishedTable(tuple(evolve(row, ranked=ranked.get(row.cohort)) for row in made))


def _ranked(rows: list[PublishedRow], methodology: Methodology) -> dict[str | None, int]:
    """Return how many companies have a rank, by cohort as printed.

    Where a printed rank is larger, the table is a part of the publisher's, and the number is not known. It is not known
    either if the methodology has cohorts and the table does not say which company is in which.
    """
    ranks: dict[str | None, list[int]] = {}
    for row in rows:
        if row.rank is not None and (row.cohort is not None or not methodology.vocabulary.cohorts):
            ranks.setdefault(row.cohort, []).append(row.rank)
    return {cohort: len(found) for cohort, found in ranks.items() if max(found) <= len(found)}


def _has_columns(
    head: list[_Cell], figures: Mapping[str, Figure], new_ids: Mapping[str, str], gather: DiagnosticCollector
) -> bool:
    """Whether the headings have the column `company`. Errors in them are added to `gather`."""
    known = (*_FIXED, *figures)
    names = [cell.text for cell in head]
    meant: set[str | None] = set()
    for index, cell in enumerate(head):
        if cell.text not in known:
            help = did_you_mean(cell.text, known, new_ids=new_ids)
            gather.add("unknown-column", f"unknown column `{cell.text}`", cell.location, help)
            meant.add(nearest(cell.text, known))
        elif cell.text in names[:index]:
            gather.add("repeated-key", f"column `{cell.text}` is repeated", cell.location)
    if "company" not in names and "company" not in meant:
        gather.add("missing-column", "column `company` is missing", head[-1].location)
    elif not {*names, *meant} & {"rank", *figures}:
        help = "name a column `rank`, `total`, `level`, `label`, or after a group, a criterion or a decision table"
        gather.add("missing-column", "the table has no column of figures", head[-1].location, help)
    return "company" in names


def _lines(file: SourceFile) -> list[list[_Cell]]:
    reader = csv.reader(file.lines, strict=True)
    try:
        return list(_cells(reader, file))
    except csv.Error:
        line = max(1, reader.line_num)
        where = Location(file, line, 1, line, max(1, len(file.line(line))) + 1)
        help = "put a value that contains quotes or commas in double quotes, and double each quote in it"
        raise reject("bad-table", "this line is not CSV", where, help) from None


def _lines_of_rows(rows: Any, file: SourceFile) -> list[list[_Cell]]:
    """Return rows of plain data as lines. A row that lacks a column has an empty cell there."""
    if not isinstance(rows, list | tuple):
        message = f"expected a published table as CSV text or as a list of rows, got {kind_in_words(rows)}"
        raise reject("wrong-type", message, Location(file))
    node = node_of([_with_all_keys(row) for row in rows], "", file)
    assert isinstance(node, SequenceNode)
    gather = DiagnosticCollector()
    read = [row for row in (gather.attempt(_row_of, item) for item in node.items) if row is not None]
    gather.raise_if_any()
    head = {entry.key.raw: entry.key.location for row in reversed(read) for entry in reversed(row.entries)}
    names = list(dict.fromkeys(entry.key.raw for row in read for entry in row))
    lines = [[_cell_of(row, name) for name in names] for row in read]
    return [[_Cell(name, head[name]) for name in names], *lines] if names else []


def _with_all_keys(row: Any) -> Any:
    """Return a row with None for what is NaN, because the reader of plain data drops the key of a NaN."""
    if not isinstance(row, Mapping):
        return row
    return {key: None if is_absent(value) else value for key, value in row.items()}


def _row_of(node: Node) -> MappingNode:
    """Return a row of plain data in which each value is single."""
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "a row: a mapping of columns to values")
    for entry in node:
        if not isinstance(entry.value, ScalarNode):
            raise wrong_type(entry.value, "a number or a text")
    return node


def _cell_of(row: MappingNode, name: str) -> _Cell:
    value = row.get(name)
    text = value.raw if isinstance(value, ScalarNode) and value.value is not None else ""
    return _Cell(text, row.value_location(name))


def _cells(reader: Any, file: SourceFile) -> Iterable[list[_Cell]]:
    for texts in reader:
        line = reader.line_num
        raw = file.line(line)
        plain = ",".join(texts) == raw
        column, cells = 1, []
        for text in texts:
            width = len(text) if plain else max(1, len(raw))
            cells.append(_Cell(text, Location(file, line, column, line, column + width)))
            column += len(text) + 1 if plain else 0
        if cells:
            yield cells


def _row(names: list[str], cells: list[_Cell], methodology: Methodology, figures: Mapping[str, Figure]) -> PublishedRow:
    if len(cells) != len(names):
        message = f"the row has {len(cells)} values, but the table has {len(names)} columns"
        raise reject("wrong-columns", message, cells[0].location)
    gather = DiagnosticCollector()
    by_name = {name: cell for name, cell in zip(names, cells, strict=True) if cell.text}
    said = {name: cell for name, cell in by_name.items() if cell.text.lower() not in NONE}
    cohort, known = said.get("cohort"), dict(methodology.vocabulary.cohorts)
    if cohort is not None and cohort.text not in known:
        help = did_you_mean(cohort.text, known)
        gather.add("unknown-cohort", f"there is no cohort `{cohort.text}`", cohort.location, help)
    rank = gather.attempt(_rank, said["rank"]) if "rank" in said else None
    numbers: dict[FigureKind, dict[str, Decimal]] = {kind: {} for kind in FigureKind}
    words: dict[str, str] = {}
    for name, figure in figures.items():
        if name in said:
            value = gather.attempt(printed, said[name].text, said[name].location, figure, methodology)
            if isinstance(value, Decimal):
                numbers[figure.kind][name] = value
            elif value is not None:
                words[name] = value
    gather.raise_if_any()
    return PublishedRow(
        by_name["company"].text if "company" in by_name else "",
        by_name["name"].text if "name" in by_name else None,
        cohort.text if cohort is not None else None,
        rank,
        numbers[FigureKind.SCORE],
        numbers[FigureKind.TOTAL].get("total"),
        cells[names.index("company")].location,
        numbers[FigureKind.POINTS],
        words,
        frozenset(name for name in by_name if name in figures and name not in said),
    )


def _rank(cell: _Cell) -> int:
    if not cell.text.isascii() or not cell.text.isdigit():
        raise reject("wrong-type", f"expected a rank, got `{cell.text}`", cell.location)
    rank = number_in(cell.text, cell.location)
    not_too_long(rank, cell.location)
    return int(rank)

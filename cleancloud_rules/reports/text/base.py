"""The layout that all text documents share: notices, tables, facts, sources and plain lines."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from textwrap import wrap

from attrs import frozen
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.reports.in_words import who
from cleancloud_rules.results.records import (
    ContradictionRecord,
    FactRecord,
    MethodologyRecord,
    NoticeRecord,
    SearchRecord,
    SourceRecord,
)
from cleancloud_rules.results.scorecards import Scorecard

WIDTH = 120
"""The width of a document that is not shown on a terminal. A table that is wider is not cut."""

STYLES: Mapping[Outcome, str] = {
    Outcome.AWARDED: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.NOT_MET: "red",
    Outcome.NOT_FOUND: "red",
    Outcome.NOT_ASSESSED: "dim",
    Outcome.EXCLUDED: "magenta",
    Outcome.GATED: "magenta",
    Outcome.NOT_APPLICABLE: "dim",
}
"""How a terminal shows each outcome."""


WITHOUT_RESULT = (GroupOutcome.WITHHELD, GroupOutcome.NOT_ASSESSED, GroupOutcome.NOT_APPLICABLE)
"""The outcomes of a scorecard without a result."""


@frozen
class Paragraph:
    """Text that is wrapped inside its indentation. With `whole` it stays on one line if possible."""

    text: Text
    indent: int = 0
    whole: bool = False

    def __rich__(self) -> RenderableType:
        return Padding(self.text, (0, 0, 0, self.indent))

    def lines(self, width: int) -> list[str]:
        """Return the text as lines. No word is broken, so that addresses can be copied."""
        margin = " " * self.indent
        if self.whole:
            return [margin + self.text.plain]
        return wrap(
            self.text.plain,
            width,
            initial_indent=margin,
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]


class Outline:
    """A document that grows line by line."""

    def __init__(self) -> None:
        self.parts: list[Paragraph | Table] = []
        self._spare: dict[int, Sequence[int]] = {}

    def add(self, text: str | Text, indent: int = 0, style: str = "", *, whole: bool = False) -> None:
        """Add a paragraph."""
        self.parts.append(Paragraph(_safe(text if isinstance(text, Text) else Text(text, style=style)), indent, whole))

    def add_table(self, table: Table, spare: Sequence[int] = ()) -> None:
        """Add a table.

        Args:
            table: the table.
            spare: the columns that a terminal leaves out if the table is too wide for it, the first one first. A line
                then says so.
        """
        self._spare[len(self.parts)] = spare
        self.parts.append(_safe_table(table))

    def gap(self) -> None:
        """Add an empty line."""
        self.parts.append(Paragraph(Text("")))

    def __rich__(self) -> Group:
        return Group(*(self._shown(place, part) for place, part in enumerate(self.parts)))

    def _shown(self, place: int, part: Paragraph | Table) -> RenderableType:
        return _ShownTable(_shrinkable(part), self._spare[place]) if isinstance(part, Table) else part


@frozen
class _ShownTable:
    """A table on a terminal: without columns that can be spared, as far as its words do not fit otherwise."""

    table: Table
    spare: Sequence[int]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        shown, columns = self.table, self.table.columns
        omitted: list[str] = []
        for spare in self.spare:
            if _least_width(shown) <= options.max_width:
                break
            omitted.append(f"“{' '.join(str(columns[spare].header).split())}”")
            left_out = {id(columns[place]) for place in self.spare[: len(omitted)]}
            shown = copy(shown)
            shown.columns = [column for column in shown.columns if id(column) not in left_out]
        yield shown
        if omitted:
            said = f"The column {omitted[0]} is" if len(omitted) == 1 else f"The columns {' and '.join(omitted)} are"
            yield Text(f"{said} left out because the terminal is too narrow.")


def _least_width(table: Table) -> int:
    """Return the width below which words of a table are broken."""
    console = Console(width=10_000, color_system=None, _environ={})
    width = 0
    for column in table.columns:
        alone = copy(table)
        alone.columns = [column]
        measured = console.measure(alone)
        width += measured.maximum if column.no_wrap else measured.minimum
    return width


def _safe(text: Text) -> Text:
    """Return a text on one line, in which no character moves, colours or hides others."""
    if text.plain.isprintable():
        return text
    return Text(visible(text.plain.replace("\n", " ").replace("\t", " ")), style=text.style)


def _safe_table(table: Table) -> Table:
    """Return a table with such texts. The lines of its headers stay: a long title is set in several."""
    columns = [
        replace(
            column, header=visible(str(column.header), keep="\n"), _cells=[_safe_cell(cell) for cell in column._cells]
        )
        for column in table.columns
    ]
    made = copy(table)
    made.columns = columns
    return made


def _safe_cell(cell: RenderableType) -> RenderableType:
    return _safe(cell if isinstance(cell, Text) else Text(cell)) if isinstance(cell, (str, Text)) else cell


def _shrinkable(table: Table) -> Table:
    """Return a table for a terminal, on which no column is wider than fits: a terminal cuts off what does not fit."""
    shown = copy(table)
    shown.columns = [replace(column, min_width=None) if column.ratio else column for column in table.columns]
    return shown


def as_text(document: Outline) -> str:
    """Return a document as plain text: without colour, without cuts, without spaces at the ends of lines."""
    lines: list[str] = []
    for part in document.parts:
        lines.extend(part.lines(WIDTH) if isinstance(part, Paragraph) else _table_lines(part))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _table_lines(table: Table) -> list[str]:
    console = Console(
        width=max(WIDTH, _natural_width(table)),
        file=StringIO(),
        color_system=None,
        force_terminal=False,
        force_jupyter=False,
        force_interactive=False,
        legacy_windows=False,
        emoji=False,
        markup=False,
        highlight=False,
        _environ={},
    )
    with console.capture() as captured:
        console.print(table)
    return captured.get().splitlines()


def _natural_width(table: Table) -> int:
    """Return the width at which no cell is wrapped except in columns that may wrap."""
    console = Console(width=10_000, color_system=None, _environ={})
    wrapping = sum(column.min_width or 0 for column in table.columns if column.ratio)
    fixed = Table(box=table.box, padding=table.padding, show_header=table.show_header)
    for column in table.columns:
        if not column.ratio:
            fixed.columns.append(column)
    return console.measure(fixed).maximum + wrapping


def table(*headers: str, right: Iterable[int] = (), wraps: int | None = None, whole: Iterable[int] = ()) -> Table:
    """Return an empty table.

    Args:
        headers: one for each column.
        right: the columns that hold numbers.
        wraps: the column that fills the remaining width and wraps its text.
        whole: the columns whose cells stay on one line.
    """
    made = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", show_edge=False)
    numbers, unbroken = frozenset(right), frozenset(whole)
    for index, header in enumerate(headers):
        made.add_column(
            header,
            justify="right" if index in numbers else "left",
            vertical="top" if wraps is not None else "bottom",
            overflow="fold",
            no_wrap=index in unbroken,
            ratio=1 if index == wraps else None,
            min_width=40 if index == wraps else None,
        )
    return made


def add_notices(outline: Outline, notices: Iterable[NoticeRecord]) -> None:
    """Add the notices with which every document begins."""
    shown = tuple(notices)
    for notice in shown:
        outline.add(notice.text, style="italic")
    if shown:
        outline.gap()


def methodology_in_words(methodology: MethodologyRecord) -> str:
    """Return title, edition and publisher of a methodology, and the cut-off that was applied."""
    cut_off = "" if methodology.as_of is None else f", evidence as of {methodology.as_of}"
    return f"{methodology.title}, edition {methodology.edition}, {methodology.publisher}{cut_off}"


def origin_of(card: Scorecard) -> str:
    """Return the digests and the version with which a scorecard can be reproduced."""
    return (
        f"methodology {card.methodology.id} sha256 {card.methodology.sha256[:16]}, "
        f"facts sha256 {card.company.facts_sha256[:16]}, cleancloud_rules {card.library_version}"
    )


def number(value: Decimal | None) -> str:
    """Return a number with all its digits and without an exponent; a dash for None."""
    return "-" if value is None else f"{value:f}"


def of_maximum(value: Decimal | None, maximum: Decimal | None) -> str:
    """Return a score with its maximum; a dash if there is no score."""
    return number(value) if value is None or maximum is None else f"{number(value)} of {number(maximum)}"


def words(name: str) -> str:
    """Return a name from a file in words, with spaces for underscores."""
    return name.replace("_", " ")


def source_in_words(source: SourceRecord) -> str:
    """Return a source as an entry of a bibliography: title, publisher, date and footnotes."""
    parts = [
        f"“{source.title}”" if source.title else f"untitled ({source.id})",
        source.publisher or "publisher unknown",
        f"published {source.published}" if source.published else "date unknown",
    ]
    if source.footnotes:
        label = "footnote" if len(source.footnotes) == 1 else "footnotes"
        parts.append(f"{label} {', '.join(map(str, source.footnotes))}")
    return ", ".join(parts)


def add_source(outline: Outline, source: SourceRecord, locator: str | None, indent: int) -> None:
    """Add a source, the locator and the addresses."""
    outline.add(f"source: {source_in_words(source)}", indent)
    if locator:
        outline.add(f"where: {locator}", indent)
    if source.url:
        outline.add(f"url: {source.url}", indent, whole=True)
    if source.archived:
        outline.add(f"archived: {source.archived}", indent, whole=True)
    if source.note:
        outline.add(f"note on the source: {source.note}", indent)


def fact_in_words(fact: FactRecord) -> str:
    """Return a fact as one line: its id, its values, its time and its entity."""
    time = f"; period {fact.period}" if fact.period else f"; as of {fact.as_of}" if fact.as_of else ""
    entity = f"; of {fact.entity}" if fact.entity else ""
    return f"{fact.id}: {fact.text}{time}{entity}"


def add_contradiction_line(outline: Outline, one: ContradictionRecord, indent: int) -> None:
    """Add the line that leads from what depends on a contradiction to it."""
    page = f"; see {one.page}" if one.page else ""
    outline.add(f"contradiction {one.id}: {one.title}{page}", indent, whole=True)


def add_contradictions(outline: Outline, contradictions: Iterable[ContradictionRecord]) -> None:
    """Add the passages in which the publisher contradicts itself, and what the data make of each."""
    found = tuple(contradictions)
    if not found:
        return
    outline.gap()
    outline.add("Where the publisher contradicts itself or leaves something open", style="bold")
    for one in found:
        outline.add(f"{one.id}: {one.title}", 2)
        said = {"published": one.says, "in the data": one.data, "why": one.why}
        for what, text in said.items():
            if text:
                outline.add(f"{what}: {text}", 4)


def add_origin(outline: Outline, search: SearchRecord, card: Scorecard, indent: int) -> None:
    """Add who says that something was not found, and where."""
    source = next((source for source in card.sources if source.id == search.source), None)
    said = f"; source: {source_in_words(source)}" if source else ""
    where = f"; where: {search.locator}" if search.locator else ""
    by = who(search.basis, card.methodology.publisher)
    outline.add(f"who says so: {by}{said}{where}", indent)


def add_fact(outline: Outline, fact: FactRecord, card: Scorecard, indent: int) -> None:
    """Add a fact with all that an auditor needs to find it again."""
    outline.add(fact_in_words(fact), indent)
    outline.add(f"who says so: {who(fact.basis, card.methodology.publisher)}", indent + 2)
    if fact.disclosed:
        outline.add(f"disclosed, value not at hand: {', '.join(map(words, fact.disclosed))}", indent + 2)
    source = next((source for source in card.sources if source.id == fact.source), None)
    if source:
        add_source(outline, source, fact.locator, indent + 2)
    elif not fact.derived_by:
        outline.add("source: none given", indent + 2)
    if fact.derived_by:
        outline.add(f"derived by {fact.derived_by} from {', '.join(fact.derived_from)}", indent + 2)
        for calculation in fact.calculations:
            outline.add(calculation.text, indent + 2)
        for id in fact.derived_from:
            add_fact(outline, card.fact(id), card, indent + 4)
    if fact.note:
        outline.add(f"note: {fact.note}", indent + 2)

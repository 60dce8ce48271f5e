"""Reads the columns of a table: a dictionary of the contents that the library judged, and SQL for all others."""

from collections.abc import Iterable, Mapping, Sequence

from attrs import define, field, frozen

from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.tables import sql
from cleancloud_rules.tables.backends import Backend
from cleancloud_rules.tables.reading.checks import Findings
from cleancloud_rules.tables.reading.forms import UserTable
from cleancloud_rules.tables.reading.plain_texts import Plain
from cleancloud_rules.tables.reading.small_tables import register
from cleancloud_rules.tables.reading.text_values import Judged, Kind, Reading, State, judged
from cleancloud_rules.tables.reading.typed_values import Content

RAW = "raw"
"""The table of the rows of a table with types, as texts."""


@frozen
class Column:
    """A column of a table, and what becomes of it.

    Args:
        key: its name in the raw table.
        content: what it holds; None if the table does not have it.
        reading: how it is read.
        missing: what is wrong with a row that has nothing in it; None if it can be empty.
    """

    key: str
    content: Content | None
    reading: Reading
    missing: Diagnostic | None = None


@frozen
class Parsed:
    """Expressions over the raw table, named `r`, and the tables that it is joined with.

    Args:
        state: what a cell says.
        parts: its parts.
        joined: the join with the dictionary; empty if there is none.
    """

    state: str
    parts: tuple[str, ...]
    joined: str = ""


@define
class TableReader:
    """Reads a table.

    Args:
        findings: collects what is wrong.
        backend: where its rows are.
        raw: what its rows are read from, which has a column `line`.
        prefix: how the names of its dictionaries begin.
        columns: its columns.
        contents: what the contents can be read from, if that is quicker than `raw`: the same ones, or more.
        lacking: the keys of the columns that are empty in some row that needs them.
        place: the column of `raw` that names the column in which a content stands; empty if that is its own.
    """

    findings: Findings
    backend: Backend
    raw: str
    prefix: str
    columns: Sequence[Column]
    place: str = ""
    contents: str = ""
    lacking: set[str] = field(factory=set, init=False)
    _dictionaries: list[str] = field(factory=list, init=False)

    def parsed(self) -> dict[str, Parsed]:
        """Return how each column is read, by its key. What is wrong is reported."""
        found = {column.key: self._column(column) for column in self.columns}
        for column in self.columns:
            if column.missing is not None and column.content is not None:
                self._require(column, found[column.key], column.missing)
        return found

    @property
    def rows(self) -> str:
        """What the rows are read from: besides their texts, what SQL makes of them."""
        return self._rows(self.columns, self.raw)

    @staticmethod
    def _rows(columns: Iterable[Column], raw: str) -> str:
        """Return what rows are read from, with what SQL makes of some columns, step by step."""
        split, scaled = [], []
        for column in columns:
            plain = _plain(column)
            if plain is None:
                continue
            key, text = column.key, f"s.{column.key}"
            split.append(f"{plain.matches(text)} AS {key}_plain")
            if plain.numeral is not None:
                digits, unit = plain.numeral.split(text)
                split += [f"{digits} AS {key}_digits", f"{unit} AS {key}_unit"]
                number = plain.numeral.scaled(f"s.{key}_digits", f"s.{key}_unit")
                scaled.append(f"CASE WHEN s.{key}_plain THEN {number} END AS {key}_number")
        rows = raw
        for step in (split, scaled):
            if step:
                rows = f"(SELECT s.*, {', '.join(step)} FROM {rows} s)"
        return rows

    def reading(self, key: str) -> Reading:
        """Return how a column is read, by its key."""
        return next(column.reading for column in self.columns if column.key == key)

    def is_stated(self, parsed: Mapping[str, Parsed], key: str) -> str:
        """Return the condition that a row states something: it has a column that each row needs.

        Where that is missing in some row, which was reported, the row is read all the same for its other mistakes.
        """
        keys = parsed if key in self.lacking else (key,)
        return "(" + " OR ".join(f"{parsed[one].state} > 0" for one in keys) + ")"

    def drop(self) -> None:
        """Drop the dictionaries."""
        for name in self._dictionaries:
            self.backend.drop(name)

    def _column(self, column: Column) -> Parsed:
        """Return how a column is read."""
        reading = column.reading
        if column.content is None:
            return Parsed("0", ("NULL",) * len(reading.parts))
        text, plain = f"r.{column.key}", _plain(column)
        is_plain, own = "FALSE", ("NULL",) * len(reading.parts)
        if plain is not None:
            is_plain, own = f"r.{column.key}_plain", (text,)
            if plain.numeral is not None:
                number = f"r.{column.key}_number"
                is_plain = f"({is_plain} AND ({plain.numeral.is_valid(number)}))"
                own = plain.numeral.parts(text, number)
        rows = self._rows([column], self.contents or self.raw)
        query = f"SELECT DISTINCT {text} FROM {rows} r WHERE {text} IS NOT NULL AND NOT {is_plain}"
        texts = [content for (content,) in self.backend.rows(query)]
        if not texts:
            parts = [f"CASE WHEN {text} IS NOT NULL THEN {part} END" for part in own]
            return Parsed(f"CASE WHEN {text} IS NULL THEN 0 ELSE 1 END", tuple(parts))
        is_csv = self.findings.table.csv is not None
        judgements = [judged(content, column.content.kind, reading, is_csv=is_csv) for content in texts]
        name = f"{self.prefix}_{column.key}"
        self._register(name, reading, texts, judgements)
        self._report(column, name, judgements)
        kept = tuple([f"{name}.p{number}" for number in range(len(reading.parts))])
        state = f"COALESCE({name}.state, 0)"
        if plain is not None:
            kept = tuple([f"CASE WHEN {is_plain} THEN {a} ELSE {b} END" for a, b in zip(own, kept, strict=True)])
            state = f"CASE WHEN {is_plain} THEN 1 ELSE {state} END"
        return Parsed(state, kept, f" LEFT JOIN {name} ON {text} = {name}.content")

    def _register(self, name: str, reading: Reading, texts: Sequence[str], found: Sequence[Judged]) -> None:
        parts = {f"p{number}": type for number, (_, type) in enumerate(reading.parts)}
        nothing = (None,) * len(parts)
        rows = [
            (text, int(one.state), number, *(one.parts or nothing))
            for number, (text, one) in enumerate(zip(texts, found, strict=True))
        ]
        register(self.backend, name, {"content": "text", "state": "int", "number": "int", **parts}, rows)
        self._dictionaries.append(name)

    def _report(self, column: Column, name: str, found: Sequence[Judged]) -> None:
        wrong = {number: one.diagnostics for number, one in enumerate(found) if one.state is State.WRONG}
        if not wrong:
            return
        assert column.content is not None
        text = f"r.{column.key}"
        place = f", r.{self.place}" if self.place else ""
        query = (
            f"SELECT r.line, d.number{place} FROM {self.raw} r JOIN {name} d ON {text} = d.content WHERE d.state = 3"
        )
        self.findings.add(query, column.content.name, wrong)

    def _require(self, column: Column, parsed: Parsed, missing: Diagnostic) -> None:
        """Report the rows that have something and nothing in a column."""
        assert column.content is not None
        others = [f"COALESCE(TRIM(r.{c.key}, {SPACES}), '') <> ''" for c in self.columns if c.content is not None]
        lacking = f"{parsed.state} = 0 AND ({' OR '.join(others)})"
        query = f"SELECT r.line, 0 FROM {self._rows([column], self.raw)} r{parsed.joined} WHERE {lacking}"
        if self.findings.add(query, column.content.name, {0: (missing,)}):
            self.lacking.add(column.key)


_TEXTS = (Kind.TEXT, Kind.WHOLE)
_NUMBERS = (*_TEXTS, Kind.DECIMAL, Kind.FLOAT)
SPACES = sql.text(" \t\r\n\x0b\x0c\u00a0\u3000")
"""The characters that are cut off before and after a text, as a literal."""


def _plain(column: Column) -> Plain | None:
    """Return which contents of a column SQL converts."""
    plain = column.reading.plain
    if plain is None or column.content is None:
        return None
    return plain if column.content.kind in (_TEXTS if plain.numeral is None else _NUMBERS) else None


def held_in(table: UserTable, columns: Iterable[Column], backend: Backend) -> str:
    """Return what the rows of a table are read from: their numbers, and what the columns hold, as texts."""
    held = [f"{column.content.text} AS {column.key}" for column in columns if column.content is not None]
    if table.csv is not None:
        return f"(SELECT {', '.join(['line', *held])} FROM {table.relation})"
    backend.create(RAW, f"SELECT {', '.join([f'{table.line} AS line', *held])} FROM {table.relation}")
    return RAW

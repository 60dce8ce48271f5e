"""Narrows tables to the rows of one company, so that it is explained without reading all others."""

from collections.abc import Iterable, Sequence

from attrs import evolve

from cleancloud_rules.diagnostics.collector import did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.errors import FactsError
from cleancloud_rules.model.texts import called as called_so
from cleancloud_rules.sheets.layout import COMPANIES, COMPANY, SOURCES
from cleancloud_rules.tables import sql
from cleancloud_rules.tables.backends import Backend
from cleancloud_rules.tables.reading.columns import SPACES
from cleancloud_rules.tables.reading.forms import HELD, LINE, UserTable
from cleancloud_rules.tables.reading.text_values import Kind

_SIMILAR = 20
"""With how many similar ids an unknown one is compared."""


def rows_of_company(tables: Sequence[UserTable], name: str, backend: Backend) -> tuple[str, tuple[UserTable, ...]]:
    """Return the id of a company, and the tables with the rows of this company and of the sources that they cite.

    Args:
        tables: the tables of a user.
        name: its id, or its name.
        backend: where the tables are.

    Raises:
        FactsError: if there is no such company, or if several have this name.
    """
    listed = next((table for table in tables if table.name == COMPANIES and _column(table, "id")), None)
    if listed is None:  # reading the tables says so
        return name, tuple(tables)
    id = _id_of(listed, name, backend)
    narrowed = {
        number: _narrowed(table, number, "id" if table is listed else COMPANY, [id], backend)
        for number, table in enumerate(tables)
        if table.name != SOURCES
    }
    cited = sorted({text for table in narrowed.values() for text in _texts(table, "source", backend)})
    return id, tuple(
        narrowed[number] if number in narrowed else _narrowed(table, number, "id", cited, backend)
        for number, table in enumerate(tables)
    )


def _id_of(table: UserTable, name: str, backend: Backend) -> str:
    id, called = _column(table, "id"), _column(table, "name") or "NULL"
    same = f"{_is(id, [name])} OR {_is(called, [name])}"
    query = f"SELECT DISTINCT {_text(id)}, {_is(id, [name])} AS is_id FROM {table.relation} WHERE {same} ORDER BY 1"
    found = backend.rows(query)
    ids = [own for own, is_id in found if is_id] or [own for own, _ in found] or _called(table, id, name, backend)
    if len(ids) == 1:
        return str(ids[0])
    if ids:
        message, help = f"several companies have the name `{name}`", "give the id: " + ", ".join(f"`{i}`" for i in ids)
    else:
        near = f"ORDER BY LEVENSHTEIN({_text(id)}, {sql.text(name)}) LIMIT {_SIMILAR}"
        known = [own for (own,) in backend.rows(f"SELECT {_text(id)} FROM {table.relation} WHERE {id} <> '' {near}")]
        message, help = f"there is no company `{name}`", did_you_mean(name, known)
    raise FactsError([Diagnostic("unknown-company", message, table.sheet.location, help)])


def _called(table: UserTable, id: str, name: str, backend: Backend) -> list[str]:
    """Return the ids of the companies that have a name or an alias but for case and spaces, as in a dataset."""
    names, aliases = _column(table, "name"), _column(table, "aliases")
    kinds = dict(zip(table.columns, table.kinds, strict=True))
    texts = f"ARRAY_TO_STRING({aliases}, '; ')" if kinds.get(aliases) is Kind.LIST else _text(aliases or "NULL")
    query = f"SELECT {_text(id)}, {_text(names or 'NULL')}, {texts} FROM {table.relation} WHERE {id} IS NOT NULL"
    words = {
        str(own): (str(own), *filter(None, (called, *(said or "").split(";"))))
        for own, called, said in backend.rows(query)
    }
    return sorted(called_so(name, words))


def _narrowed(table: UserTable, number: int, key: str, values: Sequence[str], backend: Backend) -> UserTable:
    """Return a table with the rows that have one of some values in a column; all rows if it has no such column."""
    column = _column(table, key)
    if not column:
        return table
    name = f"{HELD}chosen_{number}"
    backend.create(name, f"SELECT * FROM {table.numbered} WHERE {_is(column, values)}")
    if table.csv is not None:
        backend.drop(table.relation)
        return evolve(table, relation=name)
    return evolve(table, relation=name, line=LINE)


def _column(table: UserTable, name: str) -> str:
    """Return the expression of a column of the user's; empty if there is none."""
    heads = map(table.sheet.head.cell, range(len(table.columns)))
    named = ("" if head is None else str(head.value).strip() for head in heads)
    return next((column for head, column in zip(named, table.columns, strict=True) if head == name), "")


def _texts(table: UserTable, column: str, backend: Backend) -> Iterable[str]:
    own = _column(table, column)
    query = f"SELECT DISTINCT {_text(own)} FROM {table.relation} WHERE {own} IS NOT NULL"
    return [text for (text,) in backend.rows(query)] if own else []


def _text(column: str) -> str:
    return f"TRIM(CAST({column} AS VARCHAR), {SPACES})"


def _is(column: str, values: Sequence[str]) -> str:
    """Return the condition that a text is one of some values. Most rows are ruled out without trimming their text."""
    own = f"CAST({column} AS VARCHAR)"
    tests = (f"(CONTAINS({own}, {value}) AND {_text(column)} = {value})" for value in map(sql.text, values))
    return f"({' OR '.join(tests) or 'FALSE'})"

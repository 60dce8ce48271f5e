"""Narrows tables to the rows of one company, so that it is explained without reading all others."""

from collections.abc import Iterable, Mapping, Sequence

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

_SPACES = (("", "!"), ("\u00a0", "\u00a1"), ("\u3000", "\u3001"))
"""Between which texts those are that begin with one of `SPACES`, or are empty: from the first on, before the second."""


def rows_of_company(tables: Sequence[UserTable], name: str, backend: Backend) -> tuple[str, tuple[UserTable, ...]]:
    """Return the id of a company, and the tables with the rows of this company and of the sources that they cite.

    What is wrong in other rows is so not noticed: rows of other companies, rows without a company or with an unknown
    one, and sources that this company does not cite.

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
    keys = {
        number: key
        for number, table in enumerate(tables)
        if table.name != SOURCES and (key := _column(table, "id" if table is listed else COMPANY))
    }
    spans = _spans(tables, keys, id, backend)
    narrowed = {
        number: _between(tables[number], number, _is(key, [id]), spans[number], backend)
        if number in spans
        else _without_rows(tables[number])
        for number, key in keys.items()
    }
    citing = [narrowed.get(number, table) for number, table in enumerate(tables) if table.name != SOURCES]
    cited = sorted({text for table in citing if table.has_rows for text in _texts(table, "source", backend)})
    for number, table in enumerate(tables):
        if table.name == SOURCES and (key := _column(table, "id")):
            narrowed[number] = _narrowed(table, number, _is(key, cited), backend)
    return id, tuple(narrowed.get(number, table) for number, table in enumerate(tables))


def _id_of(table: UserTable, name: str, backend: Backend) -> str:
    id, called = _column(table, "id"), _column(table, "name")
    listed = f"SELECT DISTINCT {_text(id)} FROM {table.relation} WHERE {id} IS NOT NULL"
    for key in filter(None, (id, called)):
        ids = [own for (own,) in backend.rows(f"{listed} AND {_is(key, [name])} ORDER BY 1")]
        if ids:
            break
    ids = ids or _called(table, id, name, backend)
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


def _spans(
    tables: Sequence[UserTable], keys: Mapping[int, str], id: str, backend: Backend
) -> dict[int, tuple[int, int]]:
    """Return between which lines the rows of a company are, by the number of the table; tables without any have none.

    One statement reads one column of all tables, so that the database reads several of them at a time.

    Args:
        tables: the tables.
        keys: the columns that hold ids, by the numbers of the tables.
        id: the id of the company.
        backend: where the tables are.
    """
    queries = [
        f"SELECT {number}, MIN({line}), MAX({line}) FROM {tables[number].numbered} "
        f"WHERE {_may_be(key, [id])} HAVING COUNT(*) > 0"
        for number, key in keys.items()
        for line in [_line(tables[number])]
    ]
    return {number: (first, last) for number, first, last in backend.rows(" UNION ALL ".join(queries))}


def _between(table: UserTable, number: int, chosen: str, span: tuple[int, int], backend: Backend) -> UserTable:
    """Return a table with the rows between two lines that fulfil a condition. Files have their numbers at hand."""
    first, last = span
    return _narrowed(table, number, f"{_line(table)} BETWEEN {first} AND {last} AND {chosen}", backend)


def _narrowed(table: UserTable, number: int, chosen: str, backend: Backend) -> UserTable:
    """Return a table with the rows that fulfil a condition."""
    name = f"{HELD}chosen_{number}"
    backend.create(name, f"SELECT * FROM {table.numbered} WHERE {chosen}")
    if table.csv is not None:
        backend.drop(table.relation)
    return evolve(table, relation=name, line=_line(table))


def _without_rows(table: UserTable) -> UserTable:
    empty = f"(SELECT * FROM {table.numbered} WHERE FALSE)"
    return evolve(table, relation=empty, line=_line(table), has_rows=False)


def _line(table: UserTable) -> str:
    return LINE if table.csv is None else "line"


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
    """Return the condition that a text without the spaces around it is one of some values."""
    if not values:
        return "FALSE"
    # A database tries the parts of a conjunction in any order, and those of a CASE one after another.
    chosen = ", ".join(map(sql.text, values))
    return f"CASE WHEN {_may_be(column, values)} THEN {_text(column)} IN ({chosen}) ELSE FALSE END"


def _may_be(column: str, values: Sequence[str]) -> str:
    """Return a condition on a text that holds if it is one of some values but for spaces around it, and rarely else.

    Such a text begins with a space, or with a value that is followed by nothing or by a space. So it lies between some
    texts in their order, which a database can tell without a function for each row, and of many rows at once.
    """
    own = f"CAST({column} AS VARCHAR)"
    ranges = (
        f"({own} >= {sql.text(value + first)} AND {own} < {sql.text(value + end)})"
        for value in ("", *values)
        for first, end in _SPACES
    )
    return f"({' OR '.join(ranges)})"

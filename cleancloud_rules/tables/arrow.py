"""Tables of Arrow: how rows pass between a database and this process, and the types of their columns."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from cleancloud_rules.errors import MissingExtraError

Rows = list[tuple[Any, ...]]
"""Rows of a result, with Python's own values."""

Columns = Mapping[str, str]
"""The types of columns by name: ``int``, ``small``, ``bool``, ``text``, ``texts``, ``date``, ``whole``, or ``decimal``.

A ``small`` is as narrow as its values allow: a number that stands for something, counted from 0. A ``whole`` is a whole
number of at most `MAX_WHOLE` digits. ``decimal`` is followed by its decimal places; with fewer
digits than `MAX_WHOLE` in all, their number and a point stand before these. See `decimal_of`. With ``[]`` behind it, a
type is that of lists.
"""

MAX_WHOLE = 38
"""The maximum number of digits of a number in a column."""

NARROW = 9
"""The maximum number of digits of a decimal that takes 4 bytes."""

_DIGITS = (NARROW, 18)
"""The numbers of digits of narrower decimals, which take 4 and 8 bytes in place of 16."""

MISSING = "tables need DuckDB and Arrow: pip install 'cleancloud-rules[frames]'"
"""The message if an extra is missing."""


class Refused(Exception):  # noqa: N818 - the caller puts it into words
    """A database refused a statement, or Arrow a table. The message is theirs."""


Valued = Sequence[tuple[str, Columns, Sequence[Sequence[Any]] | None]]
"""Columns of numbers, each with the columns of values that its numbers stand for, and with these values by number.

There are None if the numbers themselves are the values of one column of decimals, in units of the last decimal place.
"""


def decimal_of(most: int, places: int) -> str | None:
    """Return the narrowest type of column for decimals; None if there is none.

    Args:
        most: what the numbers never exceed, regardless of their signs, in units of the last decimal place.
        places: the decimal places.
    """
    digits = next((digits for digits in (*_DIGITS, MAX_WHOLE) if most < 10**digits and places <= digits), None)
    return None if digits is None else f"decimal{places}" if digits == MAX_WHOLE else f"decimal{digits}.{places}"


def digits_of(kind: str) -> tuple[int, int]:
    """Return the maximum number of digits of a type of column for decimals, and its decimal places."""
    digits, _, places = kind.removeprefix("decimal").rpartition(".")
    return int(digits or MAX_WHOLE), int(places)


def arrow_of(table: Any) -> Any:
    """Return a table in memory as an Arrow table: one of Arrow, pandas, Polars or DuckDB, or a list of rows.

    Raises:
        MissingExtraError: if Arrow is missing; the message says what to install.
        Refused: if Arrow cannot read it.
    """
    pa = _arrow()
    try:
        if not isinstance(table, list):
            return pa.table(table)
        names = dict.fromkeys(str(name) for row in table for name in row)  # Arrow takes those of the first row alone
        return pa.table({name: [row.get(name) for row in table] for name in names})
    except (pa.ArrowException, TypeError, ValueError, AttributeError) as error:
        raise Refused(str(error)) from error


def arrow_table(columns: Columns, rows: Iterable[Sequence[Any]]) -> Any:
    """Return rows as an Arrow table.

    Args:
        columns: the types of the columns, in the order of the values of a row.
        rows: the rows.

    Raises:
        MissingExtraError: if Arrow is missing; the message says what to install.
    """
    pa = _arrow()
    held: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = [_array(values, kind) for values, kind in zip(held, columns.values(), strict=True)]
    return pa.table(dict(zip(columns, arrays, strict=True)))


def rows_of(table: Any) -> Rows:
    """Return the rows of an Arrow table."""
    return list(zip(*(column.to_pylist() for column in table.columns), strict=True))


def beside(table: Any, columns: Columns, answers: Sequence[Sequence[Any] | None]) -> Any:
    """Return an Arrow table with further columns beside its own.

    Args:
        table: the table.
        columns: the types of the further columns.
        answers: their values for each row; None leaves out the row.
    """
    kept = [place for place, answer in enumerate(answers) if answer is not None]
    if len(kept) < len(answers):
        table = table.take(_array(kept, "int"))
    more = arrow_table(columns, (answer for answer in answers if answer is not None))
    for name in columns:
        table = table.append_column(name, more[name])
    return table


def distinct_values(batches: Any) -> list[Any]:
    """Return the distinct values of each column of an Arrow reader of batches of rows, as arrays."""
    pa = _arrow()
    found = [pa.array([], field.type) for field in batches.schema]
    for batch in batches:
        found = [pa.concat_arrays(both).unique() for both in zip(found, batch.columns, strict=True)]
    return found


def assembled(table: Any, columns: Sequence[str], values: Valued) -> Any:
    """Return an Arrow table in which the values stand that numbers stand for. Texts are encoded as dictionaries.

    Args:
        table: a table with columns of numbers.
        columns: the columns of it that are kept.
        values: columns of numbers, each with the columns of values with their types, and with the values by number.
    """
    pa = _arrow()
    found = {name: table[name] for name in columns}
    for numbers, types, rows in values:
        if rows is None:
            found |= {name: _in_units(table[numbers], kind) for name, kind in types.items()}
            continue
        held = list(zip(*rows, strict=True)) or [()] * len(types)
        positions = table[numbers].combine_chunks()
        for (name, kind), each in zip(types.items(), held, strict=True):
            if kind != "text":
                found[name] = _at(positions, each, kind)
                continue
            words = sorted({value for value in each if value is not None})
            place = {word: n for n, word in enumerate(words)}
            encoded = _at(positions, [None if value is None else place[value] for value in each], "small")
            found[name] = pa.DictionaryArray.from_arrays(encoded, _array(words, "text"))
    return pa.table(found)


def _at(positions: Any, values: Sequence[Any], kind: str) -> Any:
    """Return the values at positions as an Arrow array."""
    if all(value is None for value in values):
        return _arrow().nulls(len(positions), _type(values, kind))
    return _array(values, kind).take(positions)


def _in_units(numbers: Any, kind: str) -> Any:
    """Return decimals from whole numbers of 64 bits, which count units of their last decimal place."""
    # A decimal is held as the whole number of these units.
    pa, own = _arrow(), _decimal_type(kind)
    bits = own.bit_width
    whole = pa.decimal128(MAX_WHOLE, 0) if bits > 64 else pa.int64() if bits > 32 else pa.int32()
    return pa.chunked_array([part.cast(whole).view(own) for part in numbers.chunks], own)


def widened(table: Any) -> Any:
    """Return an Arrow table whose decimals have 16 bytes, and whose texts are no dictionaries, as Spark wants it."""
    for place, own in enumerate(table.schema):
        kind = _widened(own.type)
        if kind != own.type:
            table = table.set_column(place, own.name, table.column(place).cast(kind))
    return table


def _widened(kind: Any) -> Any:
    types = _arrow().types
    if types.is_dictionary(kind):
        return kind.value_type
    if types.is_list(kind):
        return _arrow().list_(_widened(kind.value_type))
    if types.is_decimal32(kind) or types.is_decimal64(kind):
        return _arrow().decimal128(kind.precision, kind.scale)
    return kind


def described(table: Any, name: str, text: str) -> Any:
    """Return an Arrow table with a text in its metadata."""
    return table.replace_schema_metadata({**(table.schema.metadata or {}), name.encode(): text.encode()})


def _arrow() -> Any:
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra for tables alone
    except ImportError as error:
        raise MissingExtraError(MISSING) from error
    return pa


def _array(values: Sequence[Any], kind: str) -> Any:
    own = _type(values, kind)
    return _arrow().array(map(_decimal, values) if kind == "whole" or kind.startswith("decimal") else values, own)


def _type(values: Sequence[Any], kind: str) -> Any:
    pa = _arrow()
    if kind.endswith("[]"):
        return pa.list_(_type([value for row in values for value in row], kind.removesuffix("[]")))
    simple = {
        "int": pa.int64(), "bool": pa.bool_(), "text": pa.string(), "texts": pa.list_(pa.string()),
        "date": pa.date32(), "whole": pa.decimal128(MAX_WHOLE, 0),
    }  # fmt: skip
    return _narrowest(values) if kind == "small" else simple.get(kind) or _decimal_type(kind)


def _narrowest(values: Sequence[int | None]) -> Any:
    """Return the narrowest type of whole numbers from 0 that holds some values."""
    pa = _arrow()
    bits = max((value for value in values if value is not None), default=0).bit_length()
    return pa.int8() if bits < 8 else pa.int16() if bits < 16 else pa.int32()


def _decimal_type(kind: str) -> Any:
    pa, (digits, places) = _arrow(), digits_of(kind)
    makes = {9: pa.decimal32, 18: pa.decimal64, MAX_WHOLE: pa.decimal128}
    return makes[digits](digits, places)


def _decimal(value: int | Decimal | None) -> Decimal | None:
    return Decimal(value) if isinstance(value, int) else value

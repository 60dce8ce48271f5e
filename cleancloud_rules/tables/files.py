"""Tables of scores as files: Parquet, and CSV that no spreadsheet takes for formulas."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from cleancloud_rules.documents.file_writer import write_parts
from cleancloud_rules.sheets.csv_files import guarded
from cleancloud_rules.tables.arrow import MAX_WHOLE

CSV, PARQUET = ".csv", ".parquet"

SUFFIXES = (PARQUET, CSV)
"""The endings of the names of files that can be written."""

_ROWS = 50_000
"""How many rows are turned into text at once."""


def write_table(table: Any, path: Path) -> None:
    """Write an Arrow table to a file, in the form that the ending of its name says.

    Args:
        table: the table.
        path: the file.

    Raises:
        ValueError: if the name has another ending.
        OutputError: if the file cannot be written. Then it is as it was.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(f"the name of `{path}` ends neither in {PARQUET} nor in {CSV}")
    write_parts(path, _parquet(table) if suffix == PARQUET else _csv(table))


def _parquet(table: Any) -> Iterator[bytes]:
    import pyarrow as pa  # noqa: PLC0415 - an extra for tables alone
    from pyarrow import parquet  # noqa: PLC0415

    content = pa.BufferOutputStream()
    parquet.write_table(table, content)
    yield content.getvalue()


def _csv(table: Any) -> Iterator[bytes]:
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv  # noqa: PLC0415

    for start in range(0, max(table.num_rows, 1), _ROWS):
        part, content = table.slice(start, _ROWS), pa.BufferOutputStream()
        texts = pa.table({name: _texts(part[name]) for name in part.column_names})
        csv.write_csv(texts, content, csv.WriteOptions(include_header=start == 0, quoting_style="needed"))
        yield content.getvalue()


def _texts(column: Any) -> Any:
    """Return a column as texts. Each different value is written once, with all its digits."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import compute  # noqa: PLC0415

    values = column.combine_chunks()
    if pa.types.is_list(values.type):
        values = compute.binary_join(values, "; ")
    if pa.types.is_decimal(values.type):  # Arrow encodes only wide ones
        values = values.cast(pa.decimal128(MAX_WHOLE, values.type.scale))
    encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    return pa.array(map(_text, encoded.dictionary.to_pylist()), pa.string()).take(encoded.indices)


def _text(value: str | int | Decimal) -> str:
    return guarded(value) if isinstance(value, str) else f"{value:f}" if isinstance(value, Decimal) else str(value)

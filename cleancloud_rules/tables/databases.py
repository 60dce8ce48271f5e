"""Opens databases for as long as tables are read in them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cleancloud_rules.errors import EngineError
from cleancloud_rules.tables.arrow import Refused
from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.sql import text


@contextmanager
def database(memory: str | None = None, *, in_file: bool = False) -> Iterator[DuckDB]:
    """Yield a new database of DuckDB. What it refuses is an error of the library.

    Args:
        memory: the size that its tables may have in memory; the others are then in files of a temporary folder. None
            for four fifths of the memory of the machine.
        in_file: whether lasting tables lie in a file of that folder from the beginning.

    Raises:
        EngineError: if the database fails.
        MissingExtraError: if DuckDB is missing; the message says what to install.
    """
    with refusals_as_errors(), tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        opened = DuckDB(file=str(Path(folder) / "tables.duckdb") if in_file else None)
        opened.run(f"SET temp_directory = {text(folder)}")
        if memory is not None:
            opened.run(f"SET memory_limit = {text(memory)}")
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def refusals_as_errors() -> Iterator[None]:
    """Make what a database refuses an error of the library.

    Raises:
        EngineError: if the database fails.
    """
    try:
        yield
    except Refused as refused:
        raise EngineError(f"the database failed: {refused}") from refused

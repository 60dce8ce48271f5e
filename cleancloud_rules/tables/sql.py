"""Pieces of SQL in the dialect of DuckDB. Names of tables and columns are the library's own; text is quoted here."""

from collections.abc import Iterable, Mapping, Sequence


def text(value: str) -> str:
    """Return a text as a literal."""
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """Return the name of a column, such as a user's, as an identifier."""
    return '"' + value.replace('"', '""') + '"'


def whole(value: int) -> str:
    """Return a whole number as a literal that is never read as a floating-point number."""
    return str(value) if abs(value) < 2**63 else f"CAST('{value}' AS DECIMAL(38, 0))"


def ladder(value: str, thresholds: Sequence[int]) -> str:
    """Return an expression for how many of some thresholds a value reaches, as a balanced tree of comparisons.

    Args:
        value: the expression of the value, a whole number.
        thresholds: the thresholds in order.
    """

    def between(first: int, last: int) -> str:
        if first == last:
            return str(first)
        middle = (first + last) // 2
        above, below = between(middle + 1, last), between(first, middle)
        return f"CASE WHEN {value} >= {whole(thresholds[middle])} THEN {above} ELSE {below} END"

    return between(0, len(thresholds))


def same(left: str, right: str, columns: Iterable[str]) -> str:
    """Return the condition that two tables have the same values in some columns; missing values are the same."""
    return " AND ".join(f"{left}.{column} IS NOT DISTINCT FROM {right}.{column}" for column in columns) or "TRUE"


def listed(columns: Mapping[str, str]) -> str:
    """Return expressions by name as the columns of a `SELECT`."""
    return ", ".join(f"{expression} AS {name}" for name, expression in columns.items())


def multiplied(value: str, factor: int) -> str:
    """Return an expression, a name or in brackets, times a constant."""
    return value if factor == 1 else f"{value} * {factor}"


def bit(word: str, place: int) -> str:
    """Return the condition that a whole number has a bit."""
    return f"({word} & {1 << place}) <> 0"


def day(column: str) -> str:
    """Return a date as the number of the day, as Python's `date.toordinal` counts."""
    return f"DATE_DIFF('day', DATE '1970-01-01', {column}) + 719163"

"""Single values of numpy and pandas, as values of Python. Neither library is imported."""

from datetime import time
from decimal import Decimal
from typing import Any

_OF_PYTHON = frozenset({str, int, bool, type(None), list, tuple, dict})
"""The types of most values. None of them is of numpy or pandas, and none says that there is no value."""


def is_absent(value: Any) -> bool:
    """Whether a value says that there is none: NaN, or NaT or NA of pandas."""
    if type(value) in _OF_PYTHON:
        return False
    if isinstance(value, Decimal):
        return value.is_nan()
    if isinstance(value, float) or _is_of_numpy(value):
        return bool(value != value)
    return type(value).__name__ in ("NAType", "NaTType") and _is_of_pandas(value)


def python_scalar(value: Any) -> Any:
    """Return a scalar of numpy or pandas as the same value of Python; any other value, or an inexact one, as it is.

    What says that there is no value is None. A time stamp at midnight is its day: these libraries have no days. A float
    of fewer bits is the shortest decimal number that it stands for, as a float of Python is.
    """
    if type(value) in _OF_PYTHON:
        return value
    if is_absent(value):
        return None
    if type(value).__name__ == "Timestamp" and _is_of_pandas(value):
        is_day = value.time() == time() and value.tzinfo is None and not value.nanosecond
        return value.date() if is_day else value
    if not _is_of_numpy(value) or isinstance(value, float | str):
        return value
    match value.dtype.kind:
        case "b":
            return bool(value)
        case "i" | "u":
            return int(value)
        case "f":
            return Decimal(str(value))
        case "M":
            day = value.astype("datetime64[D]")
            return day.item() if day == value else value
        case _:
            return value


def _is_of_numpy(value: Any) -> bool:
    return hasattr(value, "dtype") and hasattr(value, "item") and getattr(value, "shape", None) == ()


def _is_of_pandas(value: Any) -> bool:
    return type(value).__module__.startswith("pandas")

"""Canonical JSON as RFC 8785 defines it, for data without fractions: equal data gives equal bytes everywhere.

RFC 8785 writes numbers as doubles. Records hold decimals as texts, and whole numbers that a double holds, so that only
the order of keys and the escapes of texts are left to define.
"""

import json
from typing import Any

MAX_WHOLE = 2**53 - 1
"""The largest whole number that every reader of JSON keeps."""


def canonical_json(data: Any) -> str:
    """Return plain data as canonical JSON.

    Raises:
        TypeError: if it holds anything but mappings, lists, texts, whole numbers, true, false and null.
        ValueError: if it holds a number above `MAX_WHOLE`, or half of a surrogate pair.
    """
    text = json.dumps(_sorted(data), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text.encode()
    return text


def _sorted(data: Any) -> Any:
    """Return data with the keys of each mapping in the order of their UTF-16 code units."""
    if isinstance(data, dict):
        return {key: _sorted(data[key]) for key in sorted(data, key=_units)}
    if isinstance(data, list | tuple):
        return [_sorted(item) for item in data]
    if isinstance(data, int) and not isinstance(data, bool) and abs(data) > MAX_WHOLE:
        raise ValueError(f"the number {data} has no exact form in canonical JSON")
    if data is None or isinstance(data, str | int):
        return data
    raise TypeError(f"canonical JSON cannot hold {data!r}")


def _units(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def read_canonical(content: bytes) -> Any:
    """Return the data of canonical JSON.

    Raises:
        ValueError: if the bytes are not the canonical JSON of any data; the message says why.
    """
    try:
        data = json.loads(content.decode("utf-8"), parse_float=_refuse, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error.msg} (character {error.pos})") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if canonical_json(data).encode() != content:
        raise ValueError("it is not in canonical form: spaces, the order of keys, a repeated key or an escape differ")
    return data


def _refuse(text: str) -> Any:
    raise ValueError(f"the number {text} has no place in it")

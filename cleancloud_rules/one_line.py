"""A `repr` that fits on a line: what identifies an object, and its first figures."""

import reprlib
from enum import Enum
from typing import Any

import attrs

SHOWN = 5
"""The maximum number of fields in a `repr`."""

_SHORT = reprlib.Repr()
_SHORT.maxstring = 40

_IDENTIFYING = ("id", "company", "methodology", "code", "title")


def one_line(_: type, fields: list["attrs.Attribute[Any]"]) -> list["attrs.Attribute[Any]"]:
    """Show the first fields that hold one value. It is a field transformer of attrs.

    A scorecard with all its rules would fill pages, and a notebook shows the `repr` of what a cell returns.
    """
    shown = [own.name for own in fields if own.repr is True and not _holds_many(own.type)][:SHOWN]
    return [own.evolve(repr=_brief if own.name in shown else False) for own in fields]


def _holds_many(kind: Any) -> bool:
    return any(name in str(kind) for name in ("tuple", "dict", "Mapping", "frozenset"))


def _brief(value: Any) -> str:
    if isinstance(value, Enum):
        return repr(value.value)
    if attrs.has(type(value)):
        name = next((name for name in _IDENTIFYING if hasattr(value, name)), None)
        return f"<{type(value).__name__}>" if name is None else _brief(getattr(value, name))
    return _SHORT.repr(value) if isinstance(value, str) else str(value)

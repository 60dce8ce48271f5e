"""Converts results to JSON.

Decimals keep their digits. Output is deterministic: equal results give equal bytes. A class whose JSON form differs
from its fields registers a function with `fields_of`, so that this module knows no result.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache, singledispatch
from operator import attrgetter
from typing import Any

import attrs
import msgspec

_SINGLE = frozenset((type(None), bool, int, str, Decimal))
SET_APART = ("node", "extra")
"""The fields that JSON does not have: the places, and the mapping of the keys of the user's own."""
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def to_json(thing: Any) -> str:
    """Return a result as JSON, indented by two spaces, with a line end.

    Args:
        thing: a result or a part of one, or lists and mappings of them.
    """
    data = plain(thing)
    try:
        encoded = _ENCODER.encode(data)
    except UnicodeEncodeError:  # a lone surrogate, which Python puts into file names that are not UTF-8
        encoded = _ENCODER.encode(_escaped(data))
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def _escaped(data: Any) -> Any:
    """Return plain data with an escape in place of each lone surrogate."""
    match data:
        case str():
            return data.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_escaped(key): _escaped(value) for key, value in data.items()}
        case list():
            return [_escaped(item) for item in data]
        case _:
            return data


def plain(thing: Any) -> Any:
    """Return a result as nested mappings, lists and single values, in the order of its JSON form."""
    # Nearly every value is single or a list of results, so these two are looked at first, by their exact types.
    kind: Any = type(thing)
    if kind in _SINGLE:
        return thing
    if kind is tuple or kind is list:
        return [item if type(item) in _SINGLE else plain(item) for item in thing]
    form = _form(kind)
    if form is not None:
        return {name: value if type(value) in _SINGLE else plain(value) for name, value in form(thing).items()}
    match thing:
        case bool() | int() | str() | Decimal():
            return thing
        case Enum():
            return thing.value
        case Fraction() | date():
            return str(thing)
        case Mapping():
            return {str(key): plain(value) for key, value in thing.items()}
        case tuple() | list():
            return [plain(item) for item in thing]
        case frozenset():
            return sorted(thing)
        case _:
            raise TypeError(f"a result cannot hold {thing!r}")


@cache
def _form(cls: type[Any]) -> Callable[[Any], dict[str, Any]] | None:
    """Return what gives the names and values of results of a class; None for other things."""
    return fields_of.dispatch(cls) if attrs.has(cls) and not issubclass(cls, Mapping) else None


@singledispatch
def fields_of(thing: Any) -> dict[str, Any]:
    """Return names and values of the JSON object of a result, in order. The default is the fields of its class."""
    return own_fields(thing)


def own_fields(thing: Any) -> dict[str, Any]:
    """Return names and values of the fields of a result, in order; the keys of the user's own come last."""
    kind: Any = type(thing)
    names, values = _reader(kind)
    made = dict(zip(names, values(thing), strict=True))
    extra = getattr(thing, "extra", ())
    return made | dict(extra) if extra else made


@cache
def _reader(cls: type[Any]) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """Return the names of the fields of a result, and what reads their values."""
    names = tuple(field.name for field in attrs.fields(cls) if field.name not in SET_APART)
    return names, attrgetter(*names) if len(names) > 1 else lambda thing: tuple(getattr(thing, name) for name in names)

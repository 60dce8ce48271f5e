"""Makes results from the plain data of their JSON form, as the types of their fields say.

A field of pairs is a mapping in JSON, and so are the keys of the user's own. A field that has another place in the JSON
form than its name says so with `stored_at`.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs
import msgspec

from cleancloud_rules.documents.extra_keys import Extra, is_extra
from cleancloud_rules.documents.frozen_data import frozen_data
from cleancloud_rules.documents.limits import MAX_FIGURES
from cleancloud_rules.results.json import SET_APART

_Result = TypeVar("_Result")

Rank = Annotated[int, msgspec.Meta(ge=1)]
"""A place in an order, from 1."""

Count = Annotated[int, msgspec.Meta(ge=0)]
"""A number of things."""

_STORED_AT = "stored_at"
_MISSING = object()
_FRACTION = re.compile("-?[0-9]+(/[0-9]+)?")
_KINDS: Mapping[type, str] = {
    bool: "a boolean",
    Decimal: "a number",
    dict: "a mapping",
    int: "a whole number",
    list: "a list",
    NoneType: "`null`",
    str: "a text",
}
"""The types of plain data, in words."""


class Misfit(Exception):  # noqa: N818 - it becomes a diagnostic
    """Plain data do not fit a result.

    Args:
        reason: what is expected, and what is there.

    Attributes:
        steps: the keys and indices that lead to the value.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.steps: list[str | int] = []

    def inside(self, *steps: str | int) -> None:
        """Say that what has been looked at is a part of something else."""
        self.steps[:0] = steps


@attrs.frozen
class _Reader:
    """Reads the values of one type.

    Args:
        says: what it reads, in words.
        kinds: the types of plain data that it reads.
        convert: returns the value for plain data of one of these types.
    """

    says: tuple[str, ...]
    kinds: frozenset[type]
    convert: Callable[[Any], Any]

    def __call__(self, data: Any) -> Any:
        if type(data) not in self.kinds:
            raise Misfit(f"expected {_either(self.says)}, got {_KINDS[type(data)]}")
        return self.convert(data)


@attrs.frozen
class _Part:
    """How a field of a result is read.

    Args:
        name: the name of the field.
        keys: the keys that lead to its value in the JSON form.
        read: the reader of its type.
        is_required: whether it has no default.
    """

    name: str
    keys: tuple[str, ...]
    read: _Reader
    is_required: bool


def stored_at(*keys: str) -> dict[str, Any]:
    """Return the metadata of a field whose value is elsewhere in the JSON form: these keys, the outermost first."""
    return {_STORED_AT: keys}


def made_from(data: Any, cls: type[_Result]) -> _Result:
    """Return the result that plain data hold. Keys that it does not have are left out.

    Args:
        data: mappings, lists, texts, whole numbers, decimals, booleans and None.
        cls: the class of the result.

    Raises:
        Misfit: if the data do not fit the class.
        RecursionError: if the data are nested too deeply.
    """
    kind: Any = cls
    made: _Result = _reader(kind)(data)
    return made


@cache
def _reader(kind: Any) -> _Reader:
    """Return the reader of a type."""
    parts = get_args(kind)
    match get_origin(kind):
        case origin if origin in (Union, UnionType):
            return _one_of([_reader(part) for part in parts])
        case origin if origin is Annotated:
            return _at_least(parts[1].ge)
        case origin if origin is tuple and parts[1] is ... and get_origin(parts[0]) is tuple:
            return _pairs(*map(_reader, get_args(parts[0])))
        case origin if origin is tuple:
            return _items(_reader(parts[0]), None if parts[1] is ... else len(parts))
        case None if attrs.has(kind):
            return _one_kind(dict, lambda data: _object(kind, data))
        case None if isinstance(kind, type) and issubclass(kind, Enum):
            return _one_kind(str, _member({member.value: member for member in kind}))
        case origin:
            return _SINGLE[origin or kind]


def _one_kind(kind: type, convert: Callable[[Any], Any]) -> _Reader:
    return _Reader((_KINDS[kind],), frozenset([kind]), convert)


def _one_of(readers: list[_Reader]) -> _Reader:
    by_kind = {kind: reader for reader in readers for kind in reader.kinds}
    says = tuple(dict.fromkeys(word for reader in readers for word in reader.says))
    return _Reader(says, frozenset(by_kind), lambda data: by_kind[type(data)].convert(data))


def _at_least(least: int) -> _Reader:
    def convert(data: int) -> int:
        if data < least:
            raise Misfit(f"expected a whole number from {least}, got `{data}`")
        return data

    return _one_kind(int, convert)


def _member(members: Mapping[str, Enum]) -> Callable[[str], Enum]:
    def convert(data: str) -> Enum:
        if data not in members:
            raise Misfit(f"expected {_either([f'`{value}`' for value in members])}, got {_shown(data)}")
        return members[data]

    return convert


def _items(read: _Reader, length: int | None) -> _Reader:
    """Return the reader of a list, which may have any length or a fixed one."""

    def convert(data: list[Any]) -> tuple[Any, ...]:
        if length is not None and len(data) != length:
            raise Misfit(f"expected a list of {length}, got one of {len(data)}")
        made: list[Any] = []
        try:
            made.extend(map(read, data))
        except Misfit as misfit:
            misfit.inside(len(made))
            raise
        return tuple(made)

    return _one_kind(list, convert)


def _pairs(read_key: _Reader, read_value: _Reader) -> _Reader:
    def convert(data: dict[str, Any]) -> tuple[Any, ...]:
        made: list[Any] = []
        for key, value in data.items():
            try:
                made.append((read_key(key), read_value(value)))
            except Misfit as misfit:
                misfit.inside(key)
                raise
        return tuple(made)

    return _one_kind(dict, convert)


def _object(cls: Any, data: dict[str, Any]) -> Any:
    parts, has_extra = _parts(cls)
    made = {}
    for part in parts:
        try:
            found = _found(data, part.keys)
            if found is not _MISSING:
                made[part.name] = part.read(found)
        except Misfit as misfit:
            misfit.inside(*part.keys)
            raise
        if found is _MISSING and part.is_required:
            raise Misfit(f"key `{part.keys[0]}` is missing")
    if has_extra and (extra := tuple((key, frozen_data(value)) for key, value in data.items() if is_extra(key))):
        made["extra"] = extra
    return cls(**made)


def _found(data: dict[str, Any], keys: tuple[str, ...]) -> Any:
    """Return the value to which keys lead. An inner mapping that is null holds None."""
    inner: Any = data
    for key in keys:
        if inner is None:
            return None
        if not isinstance(inner, dict):
            raise Misfit(f"expected a mapping or `null`, got {_KINDS[type(inner)]}")
        if key not in inner:
            return _MISSING
        inner = inner[key]
    return inner


@cache
def _parts(cls: Any) -> tuple[tuple[_Part, ...], bool]:
    """Return how the fields of a result are read, and whether it keeps the keys of the user's own."""
    hints = get_type_hints(cls, include_extras=True)
    fields = [own for own in attrs.fields(cls) if own.name not in SET_APART and not own.name.startswith("_")]
    parts = []
    for own in fields:
        keys = own.metadata.get(_STORED_AT, (own.name,))
        parts.append(_Part(own.name, keys, _reader(hints[own.name]), own.default is attrs.NOTHING))
    return tuple(parts), hints.get("extra") == Extra


def _fraction(data: str) -> Fraction:
    try:
        if _FRACTION.fullmatch(data):
            return Fraction(data)
    except (ValueError, ZeroDivisionError):  # too many digits, or none of anything
        pass
    raise Misfit(f"{_shown(data)} is not a fraction")


def _shown(data: str) -> str:
    return f"`{data}`" if len(data) <= MAX_FIGURES else "a text"


def _either(words: tuple[str, ...] | list[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def _same(data: Any) -> Any:
    return data


_SINGLE: Mapping[Any, _Reader] = {
    Any: _Reader(("anything",), frozenset(_KINDS), frozen_data),
    bool: _one_kind(bool, _same),
    Decimal: _Reader((_KINDS[Decimal],), frozenset([Decimal, int]), Decimal),
    Fraction: _Reader(("a fraction",), frozenset([str]), _fraction),
    int: _one_kind(int, _same),
    Mapping: _one_kind(dict, frozen_data),
    NoneType: _one_kind(NoneType, _same),
    str: _one_kind(str, _same),
}

"""Converts results to JSON.

Decimals keep their digits. Output is deterministic: equal results give equal bytes. A class whose JSON form differs
from its fields says so with `form`, so that this module knows no result.

What results share (`on_demand.Template`) is encoded once. Their own values are put into the gaps of that text.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from operator import attrgetter
from types import UnionType
from typing import Any, get_args, get_origin

import attrs
import msgspec
from attrs import frozen

from cleancloud_rules.on_demand import Gap, OnDemand, Pattern, Template, filling_of, mark, template_of

Read = Callable[[Any], Any]
"""Returns a value of the JSON form of a result."""

_SINGLE = frozenset((type(None), bool, int, str, Decimal))
SET_APART = ("node", "extra")
"""The fields that JSON does not have: the places, and the mapping of the keys of the user's own."""


def _gap(thing: Any) -> Any:
    """Return a gap of a pattern as a mark that is no text, and so has no quotation marks around it."""
    if type(thing) is not Gap:
        raise TypeError(f"a result cannot hold {thing!r}")
    return msgspec.Raw(_ENCODER.encode(mark(thing.number))[1:-1])


_ENCODER = msgspec.json.Encoder(decimal_format="number", enc_hook=_gap)


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
        case list() | tuple():
            return [_escaped(item) for item in data]
        case _:
            return data


def plain(thing: Any) -> Any:
    """Return a result as nested mappings, lists and single values, in the order of its JSON form.

    A result that is like many others is ready text in place of a mapping.
    """
    # Nearly every value is single or a list of results, so these two are looked at first, by their exact types.
    kind: Any = type(thing)
    if kind in _SINGLE:
        return thing
    if kind is tuple or kind is list:
        return [item if type(item) in _SINGLE else plain(item) for item in thing]
    if kind is dict:
        return {str(key): value if type(value) in _SINGLE else plain(value) for key, value in thing.items()}
    own = _form(kind)
    if own is not None:
        template = template_of(thing) if own.is_on_demand else None
        return _mapping(own, thing) if template is None else _alike(own, thing, template)
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


@frozen
class _Form:
    """The JSON form of the results of a class.

    Args:
        names: the keys, in order.
        read: returns the values under them. Where a key is no field, it is any value.
        made: what makes the values that are not those of fields.
        nested: the keys whose values hold more than single values and tuples of them.
        is_on_demand: whether the results can have a template.
    """

    names: tuple[str, ...]
    read: Callable[[Any], tuple[Any, ...]]
    made: Mapping[str, Read]
    nested: frozenset[str]
    is_on_demand: bool


_FORMS: dict[type[Any], _Form | None] = {}


def form(cls: type[Any], *, first: tuple[str, ...] = (), without: tuple[str, ...] = (), **made: Read) -> None:
    """Say how the JSON form of a class differs from its fields.

    Args:
        cls: the class.
        first: the keys that come first.
        without: the fields that it does not have.
        made: what makes the value under a key that is no field, or whose value has another form.
    """
    fields = [own.name for own in attrs.fields(cls) if own.name not in (*SET_APART, *without)]
    names = tuple(dict.fromkeys((*first, *fields, *made)))
    read = attrgetter(*(name if name in fields else "__class__" for name in names))
    values = read if len(names) > 1 else lambda thing: (read(thing),)
    hints = {own.name: own.type for own in attrs.fields(cls)}
    nested = frozenset(name for name in names if name in made or not _is_single(hints[name]))
    _FORMS[cls] = _Form(names, values, made, nested, issubclass(cls, OnDemand))


def _is_single(hint: Any) -> bool:
    """Whether the encoder itself knows all values of a type: single values, names of an enum, and tuples of them."""
    parts = get_args(hint)
    if get_origin(hint) is tuple or isinstance(hint, UnionType):
        return all(part is ... or _is_single(part) for part in parts)
    return hint in _SINGLE or (isinstance(hint, type) and issubclass(hint, Enum))


def _form(cls: type[Any]) -> _Form | None:
    """Return the JSON form of results of a class; None for other things."""
    if cls not in _FORMS:
        if attrs.has(cls) and not issubclass(cls, Mapping):
            form(cls)
        else:
            _FORMS[cls] = None
    return _FORMS[cls]


def fields_of(thing: Any) -> dict[str, Any]:
    """Return names and values of the JSON object of a result, in order; the keys of the user's own come last."""
    return {**_fields(thing), **dict(getattr(thing, "extra", ()))}


def _fields(thing: Any) -> dict[str, Any]:
    own = _form(type(thing))
    assert own is not None
    found = dict(zip(own.names, own.read(thing), strict=True))
    for name, make in own.made.items():
        found[name] = make(thing)
    return found


def _mapping(own: _Form, thing: Any) -> dict[str, Any]:
    found = _fields(thing)
    for name in own.nested:
        found[name] = plain(found[name])
    for name, value in getattr(thing, "extra", ()):
        found[name] = plain(value)
    return found


@frozen
class _Gap:
    """A gap in the JSON of a template.

    Args:
        read: returns its value.
        is_nested: whether the value is one that the encoder does not know.
        after: the text after it.
    """

    read: Read
    is_nested: bool
    after: bytes


@frozen
class _Text:
    """The JSON of a template, with gaps for the values in which results differ from it.

    Args:
        start: the text before the first gap.
        gaps: the gaps.
    """

    start: bytes
    gaps: tuple[_Gap, ...]


def _alike(own: _Form, thing: Any, template: Template) -> Any:
    """Return a result as ready text: that of its template, with its own values."""
    encode = _ENCODER.encode
    try:
        if type(template) is Pattern:
            return _filled(template, thing)
        if template.text is None:
            template.text = _text_of(own, template)
        text: _Text = template.text
        pieces = [text.start]
        for gap in text.gaps:
            value = gap.read(thing)
            pieces += (encode(plain(value) if gap.is_nested else value), gap.after)
        return msgspec.Raw(b"".join(pieces))
    except UnicodeEncodeError:
        return _mapping(own, thing)


_MARK = re.compile(rb"\\u0000([0-9]+)\\u0000")
"""A mark of a pattern as JSON has it."""


def _filled(pattern: Pattern, thing: Any) -> Any:
    """Return a result as ready text: that of its pattern, with its own filling in place of the marks and gaps."""
    if pattern.text is None:
        pieces: list[Any] = _MARK.split(_ENCODER.encode(plain(pattern.like)))
        pattern.text = pieces, [(place, int(pieces[place])) for place in range(1, len(pieces), 2)]
    pieces, places = pattern.text
    encode = _ENCODER.encode
    texts = [encode(own)[1:-1] if type(own) is str else encode(own) for own in filling_of(thing)]
    pieces = pieces.copy()
    for place, number in places:
        pieces[place] = texts[number]
    return msgspec.Raw(b"".join(pieces))


def _text_of(own: _Form, template: Template) -> _Text:
    differing = {*template.names, *own.made} if template.names else set()
    texts, names = [b""], list[str]()
    for name, value in fields_of(template.like).items():
        texts[-1] += b"," + _ENCODER.encode(name) + b":"
        if name in differing:
            names.append(name)
            texts.append(b"")
        else:
            texts[-1] += _ENCODER.encode(plain(value))
    texts[-1] += b"}"
    reads = [own.made.get(name) or attrgetter(name) for name in names]
    gaps = zip(reads, [name in own.nested for name in names], texts[1:], strict=True)
    return _Text(b"{" + texts[0].removeprefix(b","), tuple(_Gap(*gap) for gap in gaps))

"""Converts results to JSON.

Decimals keep their digits. Output is deterministic: equal results give equal bytes. A class whose JSON form differs
from its fields says so with `form`, so that this module knows no result.

What results share (`on_demand.Template`) is encoded and indented once, for the depth at which they stand. Their own
values are put into the gaps of that text. The rest is encoded as a whole, with holes for these texts.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from json.encoder import encode_basestring
from operator import attrgetter
from types import UnionType
from typing import Any, Literal, get_args, get_origin

import attrs
import msgspec
from attrs import frozen

from cleancloud_rules.on_demand import Gap, OnDemand, Pattern, Template, filling_of, mark, template_of

Read = Callable[[Any], Any]
"""Returns a value of the JSON form of a result."""

KEPT_TEXTS = 4096
"""For how many results that recur the JSON is kept."""

_SINGLE = frozenset((type(None), bool, int, str, Decimal))
SET_APART = ("node", "extra")
"""The fields that JSON does not have: the places, and the mapping of the keys of the user's own."""


def _gap(thing: Any) -> Any:
    """Return a gap of a pattern as a text that only gaps are, so that it can be told from a mark in a text."""
    if type(thing) is not Gap:
        raise TypeError(f"a result cannot hold {thing!r}")
    return f"\0{mark(thing.number)}\0"


_ENCODER = msgspec.json.Encoder(decimal_format="number", enc_hook=_gap)
_ENCODED_HOLE, _COMPACT_HOLE = msgspec.Raw(b"-0e0"), msgspec.Raw(b"\0")
_HOLE = re.compile("-0e0(?=,?\n|\\Z)|\0")
"""A hole in formatted or in compact JSON. No value is encoded like that, and no text has the end of a line in it."""

_Holes = list[tuple[Any, str]]
"""What belongs into the holes of encoded data, in order; each with the beginning of a line at its depth."""


def to_json(thing: Any, indent: Literal[2] | None = 2) -> str:
    """Return a result as JSON, with a line end.

    Args:
        thing: a result or a part of one, or lists and mappings of them.
        indent: by how many spaces it is indented; None for a single line.

    Raises:
        ValueError: if it cannot be indented like that.
    """
    if indent not in (2, None):
        raise ValueError(f"the indentation must be 2 or None (got {indent!r})")
    out: list[str] = []
    _write(thing, "" if indent is None else "\n", out)
    out.append("\n")
    return "".join(out)


def plain(thing: Any) -> Any:
    """Return a result as nested mappings, lists and single values, in the order of its JSON form."""
    return _outlined(thing, "\n", None)


def _write(thing: Any, line: str, out: list[Any]) -> None:
    """Append the pieces of the JSON of a thing.

    Args:
        thing: the thing.
        line: the beginning of each further line: a line end, and the indentation at its depth; empty in compact JSON.
        out: gets the pieces.
    """
    holes: _Holes = []
    _format(_outlined(thing, line, holes), holes, line, out)


def _format(data: Any, holes: _Holes, line: str, out: list[Any]) -> None:
    """Append the pieces of the JSON of data with holes, and what belongs into them. What is a gap stays one."""
    encoded = _encoded(data)
    text = (msgspec.json.format(encoded, indent=2) if line else encoded).decode()
    if len(line) > 1:
        text = text.replace("\n", line)
    first, *others = _HOLE.split(text)
    out.append(first)
    for (thing, at), after in zip(holes, others, strict=True):
        if type(thing) is tuple or type(thing) is list:
            inside = _inside(at)
            beginning = f"[{inside}"
            for item in thing:
                out.append(beginning)
                out.append(_ready(item, inside))
                beginning = f",{inside}"
            out.append(f"{at}]{after}")
        else:
            out.append(thing if type(thing) is _Own else _ready(thing, at))
            out.append(after)


def _inside(line: str) -> str:
    return f"{line}  " if line else line


def _encoded(data: Any) -> bytes:
    try:
        return _ENCODER.encode(data)
    except UnicodeEncodeError:  # a lone surrogate, which Python puts into file names that are not UTF-8
        return _ENCODER.encode(_escaped(data))


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


def _outlined(thing: Any, line: str, holes: _Holes | None) -> Any:
    """Return a result as plain data, with a hole in place of each that has a template, and of each list of these.

    Args:
        thing: the result.
        line: the beginning of a line at its depth.
        holes: gets what belongs into the holes; None to make none.
    """
    # Nearly every value is single or a list of results, so these two are looked at first, by their exact types.
    kind: Any = type(thing)
    if kind in _SINGLE:
        return thing
    is_list = kind is tuple or kind is list
    if holes is not None and _has_template(thing[0] if is_list and thing else thing):
        return _hole(thing, line, holes)
    if is_list:
        return [item if type(item) in _SINGLE else _outlined(item, _inside(line), holes) for item in thing]
    own = _form(kind)
    if own is not None:
        return _mapping(own, thing, line, holes)
    match thing:
        case bool() | int() | str() | Decimal() | Gap():
            return thing
        case Enum():
            return thing.value
        case Fraction() | date():
            return str(thing)
        case Mapping():
            return {str(key): _outlined(value, _inside(line), holes) for key, value in thing.items()}
        case tuple() | list():
            return [_outlined(item, _inside(line), holes) for item in thing]
        case frozenset():
            return sorted(thing)
        case _:
            raise TypeError(f"a result cannot hold {thing!r}")


def _has_template(thing: Any) -> bool:
    return isinstance(thing, OnDemand) and template_of(thing) is not None


def _hole(thing: Any, line: str, holes: _Holes) -> msgspec.Raw:
    holes.append((thing, line))
    return _ENCODED_HOLE if line else _COMPACT_HOLE


@frozen
class _Form:
    """The JSON form of the results of a class.

    Args:
        names: the keys, in order.
        read: returns the values under them. Where a key is no field, it is any value.
        made: what makes the values that are not those of fields.
        nested: the keys whose values hold more than single values and tuples of them.
        recurs: whether many scorecards have results that are the same.
    """

    names: tuple[str, ...]
    read: Callable[[Any], tuple[Any, ...]]
    made: Mapping[str, Read]
    nested: tuple[str, ...]
    recurs: bool


_FORMS: dict[type[Any], _Form | None] = {}


def form(
    cls: type[Any], *, first: tuple[str, ...] = (), without: tuple[str, ...] = (), recurs: bool = False, **made: Read
) -> None:
    """Say how the JSON form of a class differs from its fields.

    Args:
        cls: the class.
        first: the keys that come first.
        without: the fields that it does not have.
        recurs: whether many scorecards have results of the class that are the same, so that their JSON is kept.
        made: what makes the value under a key that is no field, or whose value has another form.
    """
    fields = [own.name for own in attrs.fields(cls) if own.name not in (*SET_APART, *without)]
    names = tuple(dict.fromkeys((*first, *fields, *made)))
    values = _reader(name if name in fields else "__class__" for name in names)
    hints = {own.name: own.type for own in attrs.fields(cls)}
    nested = tuple(name for name in names if name in made or not _is_single(hints[name]))
    _FORMS[cls] = _Form(names, values, made, nested, recurs)


def _reader(names: Iterable[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what reads attributes of a thing."""
    names = tuple(names)
    read = attrgetter(*names)
    return read if len(names) > 1 else lambda thing: (read(thing),)


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


def _mapping(own: _Form, thing: Any, line: str, holes: _Holes | None) -> dict[str, Any]:
    found, inside = _fields(thing), _inside(line)
    for name in own.nested:
        found[name] = _outlined(found[name], inside, holes)
    for name, value in getattr(thing, "extra", ()):
        found[name] = _outlined(value, inside, holes)
    return found


@frozen
class _Own:
    """The place of an own value in the JSON of a template.

    Args:
        read: returns the value.
    """

    read: Read


@frozen(eq=False)
class _Text:
    """The JSON of a template at one depth.

    Args:
        line: the beginning of a line at this depth.
        pieces: its pieces; at every second place is room for an own value.
        gaps: what belongs there: the numbers of fillings of a pattern, else what reads the values of a result.
        own: returns the own values of a result, if results with the same ones recur; else None.
    """

    line: str
    pieces: list[str]
    gaps: list[Any]
    own: Callable[[Any], tuple[Any, ...]] | None = None

    def filled(self, texts: Iterable[str]) -> str:
        """Return the JSON with texts in the gaps."""
        pieces = self.pieces.copy()
        pieces[1::2] = texts
        return "".join(pieces)


_KEPT: dict[tuple[int, ...], tuple[_Text, tuple[Any, ...], str]] = {}
"""The JSON of results that recur, by what tells them apart: the identities of a text and of their own values."""


def _ready(thing: Any, line: str) -> str:
    """Return the JSON of a result: that of its template at this depth, with its own values in the gaps."""
    template = template_of(thing) if isinstance(thing, OnDemand) else None
    if template is None:  # others of its list have one
        return _written(thing, line)
    text: _Text | None = template.texts.get(line)
    if text is None:
        text = template.texts[line] = (_of_pattern if type(template) is Pattern else _of_template)(template, line)
    if not text.gaps:
        return text.pieces[0]
    if type(template) is Pattern:
        texts = [_single(own)[1:-1] if type(own) is str else _single(own) for own in filling_of(thing)]
        return text.filled([texts[number] for number in text.gaps])
    return _with_own(text, thing) if text.own is None else _recurring(text, thing, text.own(thing))


def _with_own(text: _Text, thing: Any) -> str:
    return text.filled([_own(read(thing), _inside(text.line)) for read in text.gaps])


def _recurring(text: _Text, thing: Any, own: tuple[Any, ...]) -> str:
    # What is kept holds the text and the values, so that nothing else takes their identities.
    key = (id(text), *map(id, own))
    kept = _KEPT.get(key)
    if kept is None:
        if len(_KEPT) >= KEPT_TEXTS:
            _KEPT.clear()
        kept = _KEPT[key] = (text, own, _with_own(text, thing))
    return kept[2]


def _written(thing: Any, line: str) -> str:
    out: list[str] = []
    _write(thing, line, out)
    return "".join(out)


def _own(value: Any, line: str) -> str:
    """Return the JSON of a value of a gap."""
    # Most of them are short, and written here in a third of the time in which they are encoded and indented.
    kind: Any = type(value)
    if kind is tuple and _SINGLE.issuperset(map(type, value)):
        return _listed("[", map(_single, value), "]", line)
    if kind is dict and _SINGLE.issuperset(map(type, value.values())):
        colon = ": " if line else ":"
        return _listed("{", [f"{_single(name)}{colon}{_single(inner)}" for name, inner in value.items()], "}", line)
    return _single(value) if kind in _SINGLE else _written(value, line)


def _listed(begin: str, texts: Iterable[str], end: str, line: str) -> str:
    inside = _inside(line)
    listed = f",{inside}".join(texts)
    return f"{begin}{inside}{listed}{line}{end}" if listed else begin + end


def _single(value: Any) -> str:
    if type(value) is str and value.isascii():
        return encode_basestring(value)
    return _encoded(value).decode()


_MARK = re.compile(r'(?:"\\u0000)?\\u0000([0-9]+)\\u0000(?:\\u0000")?')
"""A mark or a gap of a pattern as JSON has it."""


def _of_pattern(pattern: Template, line: str) -> _Text:
    pieces = _MARK.split(_written(pattern.like, line))
    return _Text(line, pieces, [int(number) for number in pieces[1::2]])


def _of_template(template: Template, line: str) -> _Text:
    form = _form(type(template.like))
    assert form is not None
    differing = {*template.names, *form.made} if template.names else set()
    holes: _Holes = []
    found, inside = fields_of(template.like), _inside(line)
    for name, value in found.items():
        if name in differing:
            found[name] = _hole(_Own(form.made.get(name) or attrgetter(name)), inside, holes)
        else:
            found[name] = _outlined(value, inside, holes)
    out: list[Any] = []
    _format(found, holes, line, out)
    pieces, reads = [""], []
    for piece in out:
        if type(piece) is _Own:
            reads.append(piece.read)
            pieces += ("", "")
        else:
            pieces[-1] += piece
    return _Text(line, pieces, reads, _reader(template.names) if form.recurs else None)

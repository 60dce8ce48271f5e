"""Objects whose fields are made when they are first read: the sentences of results, and the places of facts.

What many objects share is kept once, in a template; or in a pattern, if only some texts and numbers in them differ.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import attrs

KEPT_CODE = 1024
"""For how many forms of objects and values the code is kept that makes them."""

_Object = TypeVar("_Object", bound="OnDemand")


class Template:
    """An object that many others are like, except in some fields.

    Args:
        like: the object.
        names: the names of the fields in which the others differ from it.

    Attributes:
        texts: what is made of the other fields, by what tells its forms apart, such as their JSON by its indentation.
    """

    __slots__ = ("_making", "like", "names", "texts")

    def __init__(self, like: Any, names: tuple[str, ...] = ()) -> None:
        self.like: Any = like
        self.names: tuple[str, ...] = names
        self.texts: dict[str, Any] = {}
        self._making: tuple[int, Fill] | None = None

    def making(self, given: int) -> "Fill":
        """Return a function that makes objects like it from their makers and the values of the first fields.

        Args:
            given: how many of the fields that it names have values; mostly the same number.
        """
        known = self._making
        if known is None or known[0] != given:
            known = self._making = given, _Source().making(type(self.like), self.names[:given], self)
        return known[1]

    def value(self, name: str, maker: Any) -> Any:
        """Return the value of a field of an object that is like it.

        Args:
            name: the name of the field.
            maker: the maker of the object.
        """
        return getattr(maker, name)() if name in self.names else getattr(self.like, name)


class Slotted:
    """The base of frozen attrs classes whose objects are made from the values of a pattern; see `_open`."""

    __slots__ = ("__weakref__",)


class OnDemand(Slotted):
    """The base of attrs classes that make some of their fields when these are first read.

    Python calls `__getattr__` only for a field whose slot is empty, so a field that has been made costs no more than
    any other. To compare, copy or pickle an object reads its fields and makes them. Two threads that read a field at
    the same time may both make it; what they make is equal.

    `_often_read` has the names of fields that are put at once into an object that fills a pattern.
    """

    __slots__ = ("_maker", "_template")

    _often_read: ClassVar[tuple[str, ...]] = ()

    # Hidden from type checkers, which would take any name for a field.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            cls = type(self)
            if name not in _names(cls):
                raise AttributeError(f"'{cls.__name__}' object has no attribute '{name}'", name=name, obj=self)
            template = self._template
            try:
                value = getattr(self._maker, name)() if template is None else template.value(name, self._maker)
            except AttributeError as error:
                # Python would take it for a field that does not exist, and `getattr` with a default would hide it.
                raise RuntimeError(f"cannot make `{name}` of {cls.__name__}") from error
            object.__setattr__(self, name, value)
            return value


@cache
def _open(cls: type[Any]) -> type[Any]:
    """Return a class with the same slots whose objects take values as they come, until they become objects of `cls`.

    To set a value of a frozen object from outside takes several times as long. Python lets an object change its class
    if both have the same bases and slots; the slot for weak references must be that of a base.
    """
    return type(f"Open{cls.__name__}", cls.__bases__, {"__slots__": cls.__slots__})


@cache
def _names(cls: type[Any]) -> frozenset[str]:
    """Return the names of the fields of a class."""
    return frozenset(field.name for field in attrs.fields(cls))


def on_demand(cls: type[_Object], maker: Any, **known: Any) -> _Object:
    """Return an object with some fields, whose other fields are made when they are first read.

    Args:
        cls: the class of the object.
        maker: has a method without arguments for each of the other fields, of the same name, which returns its value.
        known: the values of the fields that are known.
    """
    kind: Any = cls
    made: _Object = making(kind, *known)((maker, *known.values()))
    return made


@cache
def making(cls: type[Any], *names: str) -> "Fill":
    """Return a function that makes objects as `on_demand` does.

    It takes the maker of an object and the values of the fields that are known, as one tuple.

    Args:
        cls: the class of the objects.
        names: the names of these fields.
    """
    return _Source().making(cls, names, None)


def like(template: Template, values: tuple[Any, ...], maker: Any = None) -> Any:
    """Return an object that is like that of a template.

    Args:
        template: the template.
        values: the values of the first fields that it names, in their order.
        maker: makes the rest of the fields that it names; None if there are none.
    """
    return template.making(len(values))((maker, *values))


def shared(thing: _Object) -> _Object:
    """Return an object that many others contain, so that what is made of it is kept with it, as its template."""
    object.__setattr__(thing, "_template", Template(thing))
    return thing


def template_of(thing: OnDemand) -> Template | None:
    """Return the template of an object; None if it has none."""
    try:
        found: Template | None = object.__getattribute__(thing, "_template")
    except AttributeError:  # all its fields were given at once
        return None
    return found


def is_made(thing: OnDemand, name: str) -> bool:
    """Return whether a field has a value, so that it is not made when it is read."""
    try:
        object.__getattribute__(thing, name)
    except AttributeError:
        return False
    return True


def changed(thing: _Object, **known: Any) -> _Object:
    """Return a copy of an object with other values of some fields. What was not made yet is not made for it."""
    cls: Any = type(thing)
    made: _Object = object.__new__(cls)
    put = object.__setattr__
    for name in ("_maker", *_names(cls)):
        try:
            put(made, name, known[name] if name in known else object.__getattribute__(thing, name))
        except AttributeError:
            continue  # a field that is made later, or the maker of an object that has all its fields
    template = template_of(thing)
    if isinstance(template, Pattern):
        for name in template.marked - known.keys():
            put(made, name, getattr(thing, name))
        for name in _names(cls) - known.keys() - template.marked:
            put(made, name, getattr(template.like, name))
        template = None
    put(made, "_template", template and Template(template.like, (*template.names, *known)))
    return made


# Patterns

Filling = tuple[Any, ...]
"""What stands in place of the marks and gaps of a pattern, by number: a text for each mark, any value for each gap."""

Fill = Callable[[Filling], Any]
"""Returns a value with a filling in place of its marks and gaps."""

MARK = re.compile("\0([0-9]+)\0")


def mark(number: int) -> str:
    """Return the mark in place of a text. No file holds its character, and no text in a pattern may."""
    return f"\0{number}\0"


class Gap:
    """The place of a value in a pattern that is not part of a text, such as a number.

    Args:
        number: its number; no mark has the same.
    """

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number: int = number


class Pattern(Template):
    """An object with marks in its texts, and with gaps. Others are like it, with a filling of their own.

    Args:
        like: the object with the marks and gaps, which are in strings, tuples and attrs objects in its fields.

    Attributes:
        marked: the names of the fields with marks or gaps.
    """

    __slots__ = ("_fills", "_make", "marked")

    def __init__(self, like: Any) -> None:
        super().__init__(like)
        cls: Any = type(like)
        self.marked: frozenset[str] = frozenset(name for name in _names(cls) if _has_mark(getattr(like, name)))
        self._fills: dict[str, Fill] = {}
        self._make: Fill | None = None

    def value(self, name: str, maker: Filling) -> Any:
        """Return the value of a field of an object that is filled."""
        fill = self._fills.get(name)
        if fill is None:
            value = getattr(self.like, name)
            if name not in self.marked:
                return value
            fill = self._fills[name] = _Source().compiled(value)
        return fill(maker)

    def filled(self, filling: Filling) -> Any:
        """Return the object with a filling in place of its marks and gaps."""
        if self._make is None:
            self._make = _Source().compiled(self)
        return self._make(filling)


def filling_of(thing: OnDemand) -> Filling:
    """Return what an object fills its pattern with."""
    found: Filling = object.__getattribute__(thing, "_maker")
    return found


def _has_mark(value: Any) -> bool:
    match value:
        case str():
            return MARK.search(value) is not None
        case Gap():
            return True
        case tuple():
            return any(map(_has_mark, value))
        case _ if attrs.has(type(value)):
            return any(_has_mark(getattr(value, field.name)) for field in attrs.fields(type(value)))
        case _:
            return False


@lru_cache(KEPT_CODE)
def _code(source: str) -> CodeType:
    # To compile takes most of the time in which a function is made. Values have numbers in the source, so that the many
    # patterns of one form share their code.
    defined: dict[str, Any] = {}
    exec(compile(source, "<pattern>", "exec"), defined)  # noqa: S102 - as attrs does
    found: CodeType = defined["fill"].__code__
    return found


class _Source:
    """Writes the function that fills a value, as Python: it makes an object in a third of the time."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._known: list[Any] = []

    def compiled(self, value: Any) -> Fill:
        """Return the function that fills a value, or that makes the objects of a pattern."""
        returned = self._object(value) if isinstance(value, Pattern) else self._expression(value)
        return self._function(returned)

    def making(self, cls: type[Any], names: tuple[str, ...], template: Template | None) -> Fill:
        """Return the function that makes objects of a class from their makers and the values of some fields."""
        filled = {name: f"t[{number}]" for number, name in enumerate(("_maker", *names))}
        return self._function(self._made(cls, {**filled, "_template": self._name(template)}))

    def _function(self, returned: str) -> Fill:
        lines = "".join(f"    {line}\n" for line in (*self._lines, f"return {returned}"))
        return FunctionType(_code(f"def fill(t, k):\n{lines}"), {}, "fill", (tuple(self._known),))

    def _expression(self, value: Any) -> str:
        if not _has_mark(value):
            return self._name(value)
        match value:
            case str():
                pieces = enumerate(MARK.split(value))
                return " + ".join(f"t[{piece}]" if i % 2 else self._name(piece) for i, piece in pieces if piece)
            case Gap():
                return f"t[{value.number}]"
            case tuple():
                return f"({''.join(f'{self._expression(part)}, ' for part in value)})"
            case OnDemand():
                return self._object(Pattern(value))
            case _:
                cls: Any = type(value)
                return self._made(cls, {name: self._expression(getattr(value, name)) for name in sorted(_names(cls))})

    def _object(self, pattern: Pattern) -> str:
        """Write what makes an object of a pattern, with the fields that are often read; return its name."""
        cls = type(pattern.like)
        values = {name: self._expression(getattr(pattern.like, name)) for name in cls._often_read}
        return self._made(cls, {**values, "_maker": "t", "_template": self._name(pattern)})

    def _made(self, cls: Any, expressions: Mapping[str, str]) -> str:
        made = f"made{len(self._lines)}"
        self._lines.append(f"{made} = {self._name(_open(cls))}()")
        self._lines.extend(f"{made}.{name} = {expression}" for name, expression in expressions.items())
        self._lines.append(f"{made}.__class__ = {self._name(cls)}")
        return made

    def _name(self, value: Any) -> str:
        self._known.append(value)
        return f"k[{len(self._known) - 1}]"

"""Objects whose fields are made when they are first read: the sentences of results, and the places of facts.

What many objects share is kept once, in a template.
"""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

_Object = TypeVar("_Object", bound="OnDemand")


class Template:
    """An object that many others are like, except in some fields.

    Args:
        like: the object.
        names: the names of the fields in which the others differ from it.

    Attributes:
        text: what is made of the other fields, such as their JSON, by whoever makes it first; None until then.
    """

    __slots__ = ("like", "names", "text")

    def __init__(self, like: Any, names: tuple[str, ...] = ()) -> None:
        self.like = like
        self.names = names
        self.text: Any = None


class OnDemand:
    """The base of attrs classes that make some of their fields when these are first read.

    Python calls `__getattr__` only for a field whose slot is empty, so a field that has been made costs no more than
    any other. To compare, copy or pickle an object reads its fields and makes them. Two threads that read a field at
    the same time may both make it; what they make is equal.
    """

    __slots__ = ("_maker", "_template")

    # Hidden from type checkers, which would take any name for a field.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            cls = type(self)
            if name not in _names(cls):
                raise AttributeError(f"'{cls.__name__}' object has no attribute '{name}'", name=name, obj=self)
            template = self._template
            is_made = template is None or name in template.names
            try:
                value = getattr(self._maker, name)() if is_made else getattr(template.like, name)
            except AttributeError as error:
                # Python would take it for a field that does not exist, and `getattr` with a default would hide it.
                raise RuntimeError(f"cannot make `{name}` of {cls.__name__}") from error
            object.__setattr__(self, name, value)
            return value


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
    made = object.__new__(cls)
    put = object.__setattr__
    put(made, "_maker", maker)
    put(made, "_template", None)
    for name, value in known.items():
        put(made, name, value)
    return made


def like(template: Template, values: Iterable[Any], maker: Any = None) -> Any:
    """Return an object that is like that of a template.

    Args:
        template: the template.
        values: the values of the first fields that it names, in their order.
        maker: makes the rest of the fields that it names; None if there are none.
    """
    made = object.__new__(type(template.like))
    put = object.__setattr__
    put(made, "_maker", maker)
    put(made, "_template", template)
    for name, value in zip(template.names, values, strict=False):
        put(made, name, value)
    return made


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
    put(made, "_template", template and Template(template.like, (*template.names, *known)))
    return made

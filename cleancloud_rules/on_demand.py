"""Objects whose fields are made when they are first read: the sentences of results, and the places of facts."""

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

_Object = TypeVar("_Object", bound="OnDemand")


class OnDemand:
    """The base of attrs classes that make some of their fields when these are first read.

    Python calls `__getattr__` only for a field whose slot is empty, so a field that has been made costs no more than
    any other. To compare, copy, pickle or encode an object reads its fields and makes them. Two threads that read a
    field at the same time may both make it; what they make is equal.
    """

    __slots__ = ("_maker",)

    # Hidden from type checkers, which would take any name for a field.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            cls = type(self)
            if name not in _names(cls):
                raise AttributeError(f"'{cls.__name__}' object has no attribute '{name}'", name=name, obj=self)
            value = getattr(self._maker, name)()
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
    for name, value in known.items():
        put(made, name, value)
    return made


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
    return made

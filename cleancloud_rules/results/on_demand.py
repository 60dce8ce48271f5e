"""Results whose sentences and details are made when they are first read."""

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

_Result = TypeVar("_Result", bound="OnDemand")


class OnDemand:
    """The base of results that make some of their fields when these are first read.

    Python calls `__getattr__` only for a field whose slot is empty, so a field that has been made costs no more than
    any other. To compare, copy, pickle or encode a result reads its fields and makes them. Two threads that
    read a field at the same time may both make it; what they make is equal.
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
    """Return the names of the fields of a result."""
    return frozenset(field.name for field in attrs.fields(cls))


def on_demand(cls: type[_Result], maker: Any, **known: Any) -> _Result:
    """Return a result with some fields, whose other fields are made when they are first read.

    Args:
        cls: the class of the result, an attrs class.
        maker: has a method without arguments for each of the other fields, of the same name, which returns its value.
        known: the values of the fields that are known.
    """
    made = object.__new__(cls)
    put = object.__setattr__
    put(made, "_maker", maker)
    for name, value in known.items():
        put(made, name, value)
    return made

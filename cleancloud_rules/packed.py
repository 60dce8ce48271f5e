"""Compact pickles: an object that is pickled with everything in it, compressed."""

import pickle
import zlib
from contextvars import ContextVar
from typing import Any, Self, TypeVar

_Object = TypeVar("_Object", bound="Packed")

_IS_INSIDE: ContextVar[bool] = ContextVar("cleancloud_rules_packing", default=False)
"""Whether an object is being packed, so that the objects in it are not packed once more and share what they have."""


class Packed:
    """The base of attrs classes whose pickles are compressed.

    A methodology, a dataset and a company keep the places of their nodes, so that a diagnostic has its place in another
    process too. A scorecard repeats sentences. Both are long, and they compress well.
    """

    __slots__ = ()

    def __copy__(self) -> Self:
        return self  # neither this object nor anything in it can change

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        state = object.__getattribute__(self, "__getstate__")()
        if _IS_INSIDE.get():
            return _restored, (type(self), state)
        token = _IS_INSIDE.set(True)
        try:
            content = pickle.dumps(state)
        finally:
            _IS_INSIDE.reset(token)
        return _unpacked, (type(self), zlib.compress(content))


def _unpacked(cls: type[_Object], packed: bytes) -> _Object:
    # What unpickles this has already been told to run whatever the bytes around it say.
    return _restored(cls, pickle.loads(zlib.decompress(packed)))  # noqa: S301


def _restored(cls: type[_Object], state: Any) -> _Object:
    made: Any = object.__new__(cls)
    made.__setstate__(state)
    return made  # type: ignore[no-any-return]

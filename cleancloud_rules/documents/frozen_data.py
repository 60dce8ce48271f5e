"""Plain data that cannot be changed: tuples in place of lists, and mappings that hash."""

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen


@frozen(eq=False, repr=False)
class FrozenMapping(Mapping[str, Any]):
    """A mapping that cannot be changed. It equals a dictionary with the same keys and values."""

    _pairs: tuple[tuple[str, Any], ...]

    def __getitem__(self, key: str) -> Any:
        for name, value in self._pairs:
            if name == key:
                return value
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __hash__(self) -> int:
        return hash(frozenset(self._pairs))

    def __repr__(self) -> str:
        return repr(dict(self._pairs))


def frozen_mapping(data: Mapping[str, Any]) -> FrozenMapping:
    """Return a mapping that cannot be changed."""
    return FrozenMapping(tuple(data.items()))


def frozen_data(data: Any) -> Any:
    """Return plain data with a tuple for each list, and a `FrozenMapping` for each mapping."""
    if isinstance(data, Mapping):
        return FrozenMapping(tuple((key, frozen_data(value)) for key, value in data.items()))
    if isinstance(data, list | tuple):
        return tuple(map(frozen_data, data))
    return data

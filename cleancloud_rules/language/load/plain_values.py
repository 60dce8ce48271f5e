"""Values of plain data, read once each: how a value is spelt, and what the parser made of it."""

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.diagnostics.diagnostic import SourceFile
from cleancloud_rules.documents.nodes import Node
from cleancloud_rules.documents.plain_data import node_of
from cleancloud_rules.language.load.stated_facts import valid_value
from cleancloud_rules.model.digest import canonical
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import Value

MAX_CHARACTERS = 200
"""The maximum length of a text that goes the short way."""

KEPT_VALUES = 4096
"""For how many different values of a field, keys beside facts, and contents of facts, what was read is kept."""

_SINGLE = frozenset((str, int, float, bool, Decimal, date))


class Unknown(Exception):  # noqa: N818 - no error: the long way reads it
    """The short way does not know something."""


class ValueParser:
    """Reads the values of a field, each once.

    Args:
        field: the field.
        units: the units of quantities.
    """

    def __init__(self, field: Field, units: Units) -> None:
        self._field = field
        self._units = units
        self._read: dict[Any, tuple[Value, str]] = {}

    def parse(self, data: Any, spelt: Any) -> tuple[Value, str]:
        """Return a value, and its canonical form."""
        found = self._read.get(spelt)
        if found is None:
            value = valid_value(node_without_place(data), self._field, self._units)
            found = kept(self._read, spelt, (value, canonical(value)))
        return found


_Key = TypeVar("_Key")
_Kept = TypeVar("_Kept")


def kept(known: dict[_Key, _Kept], key: _Key, value: _Kept) -> _Kept:
    """Keep a value and return it; before that, forget all others if there are too many."""
    if len(known) >= KEPT_VALUES:
        known.clear()
    known[key] = value
    return value


def node_without_place(data: Any) -> Node:
    """Return data as a node, whose place is never told."""
    try:
        return node_of(data, "", SourceFile("<data>"))
    except Rejected:
        raise Unknown from None


def spelling_of(value: Any, *, is_whole: bool = True) -> Any:
    """Return how a value is spelt: what tells it from equal values that are read otherwise, and can be hashed.

    ``True`` equals 1, and a decimal with a thousand zeros equals one without.

    Args:
        value: the value.
        is_whole: whether it has no parts, as a list of texts and a bound have.

    Raises:
        Unknown: if it has to go the long way.
    """
    kind = type(value)
    if kind is str:
        if len(value) <= MAX_CHARACTERS:
            return value
    elif kind is Decimal:
        if value.is_finite():
            return kind, str(value)
    elif kind in _SINGLE:
        if value == value:
            return kind, value
    elif kind is list and not is_whole:
        if len(value) <= 2 or (all(type(item) is str for item in value) and sum(map(len, value)) <= MAX_CHARACTERS):
            return kind, tuple([spelling_of(item) for item in value])
    elif kind is dict and not is_whole and len(value) <= 2:
        return kind, tuple([(name, spelling_of(end, is_whole=type(end) is not list)) for name, end in value.items()])
    raise Unknown


def copied(value: Any) -> Any:
    """Return a copy of plain data that shares no list and no dictionary."""
    if type(value) is dict:
        return {key: inner if type(inner) in _SINGLE else copied(inner) for key, inner in value.items()}
    return [copied(item) for item in value] if type(value) is list else value

"""A methodology in which every attribute of every class is filled, made from the classes' type hints alone."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from cleancloud_rules.model.methodology import Methodology

_PLAIN: dict[Any, Any] = {str: "word", int: 1, bool: True, Decimal: Decimal(1), date: date(2024, 1, 1)}


def attributes_of(cls: type) -> tuple[Any, ...]:
    """Return the attributes of a class that say something, in their order."""
    return tuple(a for a in attrs.fields(cls) if a.init and a.name not in ("node", "sha256", "replaces"))


def classes() -> tuple[type, ...]:
    """Return every class of which a methodology is made, itself first."""
    found: dict[type, None] = {}
    waiting: list[Any] = [Methodology]
    while waiting:
        hint = waiting.pop(0)
        if isinstance(hint, type) and attrs.has(hint):
            if hint not in found:
                found[hint] = None
                hints = get_type_hints(hint)
                waiting.extend(hints[a.name] for a in attributes_of(hint))
        else:
            waiting.extend(part for part in get_args(hint) if part is not ...)
    return tuple(found)


def filled(hint: Any, wanted: type, above: tuple[type, ...] = ()) -> Any:
    """Return an object of a type with everything in it.

    Args:
        hint: the type.
        wanted: a class that is chosen wherever there is a choice.
        above: the classes that it is inside of; none of them is made again.
    """
    hint = getattr(hint, "__supertype__", hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    if isinstance(hint, type) and attrs.has(hint):
        hints = get_type_hints(hint)
        inside = (*above, hint)
        return hint(**{a.name: filled(hints[a.name], wanted, inside) for a in attributes_of(hint)})
    parts = tuple(part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        items = [part for part in parts if part is not ...]
        kept = [part for part in items if not (isinstance(part, type) and part in above)]
        return tuple(filled(part, wanted, above) for part in kept)
    if get_origin(hint) is frozenset:
        return frozenset({filled(parts[0], wanted, above)})
    assert get_origin(hint) in (Union, UnionType), hint
    open_parts = [part for part in parts if part not in above]
    return filled(wanted if wanted in open_parts else open_parts[0], wanted, above)


def other(value: Any) -> Any:
    """Return another value of the same type."""
    match value:
        case bool():
            return not value
        case int() | Decimal():
            return value + 1
        case str():
            return f"{value} more"
        case date():
            return date(2025, 2, 3)
        case Enum():
            return next((member for member in type(value) if member is not value), None)
        case frozenset():
            return value | {"more"}
        case tuple():
            return ()
        case _:
            name = attributes_of(type(value))[0].name if attributes_of(type(value)) else None
            return None if name is None else attrs.evolve(value, **{name: other(getattr(value, name))})


def changed(thing: Any, cls: Any, name: str) -> Any:
    """Return an object in which an attribute of the first object of a class is another; itself where there is none."""
    if isinstance(thing, tuple):
        for index, item in enumerate(thing):
            made = changed(item, cls, name)
            if made is not item:
                return (*thing[:index], made, *thing[index + 1 :])
    elif attrs.has(type(thing)):
        if isinstance(thing, cls):
            return attrs.evolve(thing, **{name: other(getattr(thing, name))})
        for attribute in reversed(attributes_of(type(thing))):  # sources before references to them
            value = getattr(thing, attribute.name)
            made = changed(value, cls, name)
            if made is not value:
                return attrs.evolve(thing, **{attribute.name: made})
    return thing


def every_attribute() -> Iterator[tuple[type, str]]:
    """Return every class of which a methodology is made with each of its attributes."""
    return ((cls, a.name) for cls in classes() for a in attributes_of(cls))

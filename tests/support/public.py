"""The public names by namespace, and the classes that they lead to."""

import inspect
import sys
from collections.abc import Iterator
from functools import cached_property
from types import ModuleType
from typing import Any, get_args, get_origin, get_overloads, get_type_hints

import cleancloud_rules as cc

NAMESPACES: dict[str, ModuleType] = {
    "cleancloud_rules": cc,
    "cleancloud_rules.model": cc.model,
    "cleancloud_rules.results": cc.results,
    "cleancloud_rules.analysis": cc.analysis,
    "cleancloud_rules.testing": cc.testing,
}

PRIVATE = "node"
"""The attribute of declared and stated things that is private: their place in the files."""


def names(namespace: ModuleType) -> list[str]:
    """Return the public names of a namespace."""
    listed: list[str] = vars(namespace)["__all__"]
    return listed


def public() -> dict[str, Any]:
    """Return everything public by its full name."""
    return {f"{space}.{name}": getattr(module, name) for space, module in NAMESPACES.items() for name in names(module)}


def classes_of(thing: Any) -> Iterator[type]:
    """Give the classes of the package that a public function or class leads to directly."""
    if isinstance(thing, type):
        yield from (base for base in thing.__bases__ if is_ours(base) and any(map(_is_public, vars(base))))
        hints = {name: hint for name, hint in get_type_hints(thing).items() if _is_public(name)}
        yield from _named(hints.values())
        for name, member in vars(thing).items():
            if _is_public(name) and (function := _function_of(member)) is not None:
                yield from _signature(function)
    elif inspect.isfunction(thing):
        for function in (thing, *get_overloads(thing)):
            yield from _signature(function)
    else:
        yield from _named([thing])


def is_ours(thing: Any) -> bool:
    """Return whether a class is one of the package."""
    return isinstance(thing, type) and thing.__module__.split(".")[0] == "cleancloud_rules"


def _is_public(name: str) -> bool:
    return not name.startswith("_") and name != PRIVATE


def _function_of(member: Any) -> Any:
    match member:
        case property():
            return member.fget
        case cached_property():
            return member.func
        case classmethod() | staticmethod():
            return member.__func__
        case _:
            return member if inspect.isfunction(member) else None


def _signature(function: Any) -> Iterator[type]:
    yield from _named(get_type_hints(function, vars(sys.modules[function.__module__])).values())


def _named(hints: Any) -> Iterator[type]:
    for hint in hints:
        if is_ours(hint):
            yield hint
        elif isinstance(hint, list):
            yield from _named(hint)
        else:
            yield from _named([get_origin(hint)] if is_ours(get_origin(hint)) else [])
            yield from _named(get_args(hint))

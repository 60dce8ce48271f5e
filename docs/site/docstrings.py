"""Reads docstrings: which attributes a class has, what is said of each, and the same in reStructuredText for Sphinx."""

import ast
import inspect
import re
import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import FunctionType, ModuleType, NoneType, UnionType
from typing import Any, ClassVar, ForwardRef, Literal, NewType, Union, get_args, get_origin, get_type_hints

import attrs

PRIVATE = "node"
"""The attribute of what files declare that is private: its place in them."""

NAMESPACES = ("", ".model", ".results", ".analysis", ".testing")


@attrs.frozen
class Alias:
    """A name for several types.

    Args:
        name: its full public name.
        meaning: the text below its definition.
    """

    name: str
    meaning: str


def spaces() -> dict[str, ModuleType]:
    """Return the public namespaces by their names."""
    return {f"cleancloud_rules{part}": import_module(f"cleancloud_rules{part}") for part in NAMESPACES}


@cache
def public() -> Mapping[str, Any]:
    """Return everything public by its full name."""
    return {f"{space}.{name}": getattr(module, name) for space, module in spaces().items() for name in module.__all__}


def names_of(thing: Any) -> list[str]:
    """Return the full public names of a thing, the shortest first."""
    return sorted((name for name, other in public().items() if other is thing), key=len)


def public_names() -> dict[str, str]:
    """Return by its last part, and by itself, each full public name under which a page describes something."""
    found = {}
    for name, thing in public().items():
        found[name] = found[name.rsplit(".", 1)[1]] = names_of(thing)[0]
    return found


@cache
def aliases() -> Mapping[Any, Alias]:
    """Return the public names for several types, such as unions, with the texts below their definitions."""
    things = {name: thing for name, thing in public().items() if not isinstance(thing, type | FunctionType)}
    return {thing: Alias(name, _meaning(name.rsplit(".", 1)[1])) for name, thing in things.items()}


def _meaning(name: str) -> str:
    """Return the text below the definition of an alias in the model."""
    for module in sorted(name for name in sys.modules if name.startswith("cleancloud_rules.model.")):
        body = ast.parse(Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8")).body
        for statement, after in pairwise(body):
            if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name:
                return str(ast.literal_eval(after.value)) if isinstance(after, ast.Expr) else ""
    raise LookupError(f"no module of the model defines `{name}`")


def section(docstring: str, name: str) -> list[str]:
    """Return the lines of a section of a docstring in Google's style without its indent; none if there is none."""
    lines = inspect.cleandoc(docstring).splitlines()
    if f"{name}:" not in lines:
        return []
    body = []
    for line in lines[lines.index(f"{name}:") + 1 :]:
        if line and not line.startswith(" "):
            break
        body.append(line[4:])
    return body


def without(docstring: str, name: str) -> list[str]:
    """Return the lines of a docstring without a section."""
    lines = inspect.cleandoc(docstring).splitlines()
    if f"{name}:" not in lines:
        return lines
    begin = lines.index(f"{name}:")
    end = next((i for i in range(begin + 1, len(lines)) if lines[i] and not lines[i].startswith(" ")), len(lines))
    return [*lines[:begin], *lines[end:]]


def arguments(docstring: str) -> dict[str, str]:
    """Return the arguments that a docstring describes, with their descriptions on one line each."""
    found: dict[str, str] = {}
    for line in section(docstring, "Args"):
        if match := re.match(r"(\w+): (.*)", line):
            name, found[match[1]] = match[1], match[2]
        elif line:
            found[name] += f" {line.strip()}"
    return found


def attributes(cls: type) -> dict[str, str]:
    """Return the public attributes of an attrs class with what the docstrings of it and of its bases say of each."""
    said: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        said |= arguments(vars(base).get("__doc__") or "")
    names = [attribute.name for attribute in attrs.fields(cls)]
    return {name: said.get(name, "") for name in names if not name.startswith("_") and name != PRIVATE}


def type_text(hint: Any, aliases: Mapping[Any, str]) -> str:
    """Return a type as it is written, with the full names of classes, and unions that have a public name by it."""
    if (name := _alias(hint, aliases)) is not None:
        return name
    if hint is NoneType:
        return "None"
    if isinstance(hint, NewType):
        return type_text(hint.__supertype__, aliases)
    if get_origin(hint) is Literal:
        return f"Literal[{', '.join(map(repr, get_args(hint)))}]"
    if get_origin(hint) in (Union, UnionType):
        return " | ".join(_alternatives(hint, aliases))
    if (origin := get_origin(hint)) is not None:
        return f"{_name(origin)}[{', '.join(_part(part, aliases) for part in get_args(hint))}]"
    return _name(hint)


def _alias(hint: Any, aliases: Mapping[Any, str]) -> str | None:
    try:
        return aliases.get(hint)
    except TypeError:  # a type that holds a list, such as that of a callable, has no hash
        return None


def _alternatives(union: Any, aliases: Mapping[Any, str]) -> list[str]:
    """Return the alternatives of a union; those that make up a union with a name stand under it."""
    parts = list(get_args(union))
    for alias, name in aliases.items():
        members = get_args(alias)
        if get_origin(alias) in (Union, UnionType) and set(members) < set(parts):
            others = [part for part in parts if part not in members]
            return [name, *(type_text(part, aliases) for part in others)]
    return [type_text(part, aliases) for part in parts]


def _part(part: Any, aliases: Mapping[Any, str]) -> str:
    if part is Ellipsis:
        return "..."
    if isinstance(part, list):
        return f"[{', '.join(_part(one, aliases) for one in part)}]"
    return type_text(part, aliases)


def _name(hint: Any) -> str:
    if isinstance(hint, ForwardRef):
        return hint.__forward_arg__
    if hint is Any:
        return "typing.Any"
    return hint.__qualname__ if hint.__module__ == "builtins" else f"{hint.__module__}.{hint.__qualname__}"


def hints(cls: type) -> dict[str, Any]:
    """Return the types of the attributes of a class."""
    return {name: hint for name, hint in get_type_hints(cls).items() if get_origin(hint) is not ClassVar}

"""The canonical form of objects, and SHA-256 digests of it. Equal content gives equal bytes everywhere."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

import attrs

from cleancloud_rules.model.facts import Fact, FactValues
from cleancloud_rules.model.values import Interval

_LEFT_OUT = frozenset({"node", "sha256", "replaces", "cut_off", "_written"})
"""Attributes that are no content: the node of an object, its digest, its ids in another edition, the cut-off under
which a company is scored, and the spelling of an interval."""

_NONE = object()
"""Stands for no value. An attribute with the metadata ``{"later": True}`` joined its class later. It is left out where
it has its default, so that a methodology without it keeps its digest."""

_KINDS = {"Source": "Evidence", "Company": "CompanyFacts", "Group": "Category", "Operand": "Reading"}
"""The former names of renamed classes. Digests keep them, so that a new name changes no digest."""


def canonical(thing: Any) -> Any:
    """Return nested plain data that depends only on the content of an object, not on its place in a file."""
    match thing:
        case None | bool() | int() | str():
            return thing
        case Decimal():
            return f"{thing:f}"
        case Fraction() | date():
            return str(thing)
        case Enum():
            return thing.value
        case FactValues():
            return {name: canonical(value) for name, value in thing.items()}
        case frozenset():
            return sorted(canonical(item) for item in thing)
        case tuple() | list():
            return [canonical(item) for item in thing]
        case Mapping():
            return {str(key): canonical(value) for key, value in thing.items()}
        case _:
            values = ((name, getattr(thing, name), default) for name, default in _names(thing.__class__))
            content = {name: canonical(value) for name, value, default in values if value != default}
            kind = type(thing).__name__
            return {"is": _KINDS.get(kind, kind), **content}


@cache
def _names(cls: type[attrs.AttrsInstance]) -> tuple[tuple[str, Any], ...]:
    """Return the attributes that count, each with the value that is left out; `_NONE` if every value counts."""
    counted = (a for a in attrs.fields(cls) if a.name not in _LEFT_OUT)
    return tuple((a.name, a.default if a.metadata.get("later") else _NONE) for a in counted)


def sha256(thing: Any) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal."""
    text = json.dumps(canonical(thing), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def identified(fact: Fact, digits: int = 8) -> Fact:
    """Return the fact with an id that consists of its type and a digest of its content."""
    return attrs.evolve(fact, id=f"{fact.type}-{sha256(attrs.evolve(fact, id=''))[:digits]}")


def distinct(facts: list[Fact]) -> tuple[Fact, ...]:
    """Return facts with ids, sorted by id, each content once. Ids are lengthened if two would be equal."""
    contents: dict[str, Fact] = {}
    for fact in facts:
        key = sha256(attrs.evolve(fact, id=""))
        # Which spelling of equal facts is kept does not depend on their order.
        contents[key] = min(contents[key], fact, key=_spelling) if key in contents else fact
    for digits in (8, 16, 32, 64):
        made = [attrs.evolve(fact, id=f"{fact.type}-{key[:digits]}") for key, fact in contents.items()]
        if len({fact.id for fact in made}) == len(made):
            break
    return tuple(sorted(made, key=lambda fact: fact.id))


def _spelling(fact: Fact) -> str:
    bounds = [(name, value.written) for name, value in fact.values.items() if isinstance(value, Interval)]
    return f"{bounds}"

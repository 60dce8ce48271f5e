"""Random fact types with every type of field; a field is required in some of them and optional in others."""

from collections.abc import Mapping
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.generators.unary_tests import TEXTS, Spec
from cleancloud_rules.model.values import FieldType

_FIELDS = ("flag", "level", "score", "share", "aim", "day", "label", "kind", "parts", "amount")
_UNITS = (("GWh", "MWh", 1000), ("t CO2e", "kg CO2e", 1000), ("Mtce", "ktce", 1000))
_TYPES = ("alpha", "beta", "gamma", "delta")
_BETTER: dict[FieldType, str | None] = {
    FieldType.ENUM: "listed",
    FieldType.SET: "more",
    FieldType.TEXT: None,
    FieldType.YEAR: "lower",
    FieldType.DATE: "lower",
}

LONG_LIST = tuple("abcdefghijklmnopqrstuvwx")
"""The names of a question with several answers."""

KEYS = ("flag", "level", "label", "kind", "parts")
"""The fields that may be keys."""

Data = dict[str, Any]
"""A mapping as a file holds it."""


@frozen
class Kind:
    """A generated fact type: its id, its horizon, its fields, and which of them are keys."""

    id: str
    horizon: str
    fields: tuple[Spec, ...]
    keys: tuple[str, ...]


def generated_kinds(choices: Choices) -> tuple[list[Kind], dict[str, Data]]:
    """Return fact types, and the entry of each in the file, by id.

    Args:
        choices: the source of randomness.
    """
    digits, unit = choices.below(3), choices.any_of(_UNITS)
    count = choices.between(2, 4)
    kinds: list[Kind] = []
    entries: dict[str, Data] = {}
    parts = LONG_LIST if choices.chance(12) else LONG_LIST[:3]
    values = {"kind": ("low", "mid", "high", "top")[: choices.between(2, 4)], "parts": parts}
    common = {name: _spec(name, digits, unit, values) for name in _FIELDS}
    valid = choices.chance(40)
    for number, id in enumerate(_TYPES[:count]):
        names = [name for i, name in enumerate(_FIELDS) if i % count == number or choices.chance(25)]
        specs = tuple(evolve(common[name], optional=choices.chance(70)) for name in names)
        keys = tuple(choices.some([name for name in names if name in KEYS], 0, 1))
        kind = Kind(id, choices.any_of(("ever", "recent")) if number else "recent", specs, keys)
        kinds.append(kind)
        fields = {spec.id: _field(spec, spec.id in keys, valid) for spec in specs}
        entries[id] = {"title": id.capitalize(), "horizon": kind.horizon, "fields": fields}
    return kinds, entries


def _spec(name: str, digits: int, unit: tuple[str, str, int], values: Mapping[str, tuple[str, ...]]) -> Spec:
    match name:
        case "flag":
            return Spec(name, FieldType.BOOLEAN)
        case "level":
            return Spec(name, FieldType.INTEGER)
        case "score":
            return Spec(name, FieldType.NUMBER, digits=digits)
        case "share":
            return Spec(name, FieldType.PERCENT, digits=digits)
        case "aim":
            return Spec(name, FieldType.YEAR)
        case "day":
            return Spec(name, FieldType.DATE)
        case "label":
            return Spec(name, FieldType.TEXT, TEXTS)
        case "amount":
            return Spec(name, FieldType.QUANTITY, digits=digits, unit=unit)
        case _:
            return Spec(name, FieldType.ENUM if name == "kind" else FieldType.SET, values[name])


def _field(spec: Spec, key: bool, valid: bool) -> Data:
    entry: Data = {"type": spec.type.value}
    if spec.type.lists_values:
        entry["values"] = list(spec.values)
    if spec.unit is not None:
        entry["unit"] = spec.unit[0]
    if spec.type.is_decimal:
        entry["digits"] = spec.digits
    better = _BETTER.get(spec.type, "higher")
    entry |= {"better": better} if better else {}
    entry |= {"key": True} if key else {}
    entry |= {"optional": True} if spec.optional else {}
    entry |= {"valid": "[0..100]"} if valid and spec.type is FieldType.PERCENT else {}
    return entry


def selection(choices: Choices, percent: int) -> Data:
    """Return which facts of one key count, as a fact type declares it; nothing if all do.

    Args:
        choices: the source of randomness.
        percent: in how many of 100 cases a later fact supersedes others.
    """
    return {"selection": choices.any_of(("latest", "single"))} if choices.chance(percent) else {}

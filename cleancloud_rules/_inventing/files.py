"""Whole methodologies, invented: the files of one as plain data, right by construction.

They are small and dense: every type of field, few thresholds that fall on each other, and every form of test,
combinator, hit policy, window and rounding about equally often.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules._inventing.choices import Choices
from cleancloud_rules._inventing.unary_tests import TEXTS, Spec, forms_for, invented_test

_FIELDS = ("flag", "level", "score", "share", "aim", "day", "label", "kind", "parts", "amount")
_KEYS = ("flag", "level", "label", "kind", "parts")
_UNITS = (("GWh", "MWh", 1000), ("t CO2e", "kg CO2e", 1000), ("Mtce", "ktce", 1000))
_TYPES = ("alpha", "beta", "gamma", "delta")
_SOURCE_TYPES = ("report", "news", "rumour")
_BASES = ("reported", "calculated", "third_party", "assessed", "inferred", "hypothetical")
_MODES = ("half_up", "half_even", "floor", "ceiling")
_COMPUTED = ("number", "percent", "quantity", "integer")
_READ = ("level", "score", "share", "aim", "amount")

_RESERVED = (
    Spec("basis", "enum", _BASES, optional=False),
    Spec("entity", "text", TEXTS[:2]),
    Spec("period", "date"),
    Spec("evidence.source_type", "enum", _SOURCE_TYPES, optional=False),
    Spec("evidence.published", "date"),
    Spec("evidence.source", "text", ("own", "annual-report"), optional=False),
)

Data = dict[str, Any]
"""A mapping as a file holds it."""


@frozen
class _Kind:
    """An invented fact type: its id, its horizon, its fields, and which of them are keys."""

    id: str
    horizon: str
    fields: tuple[Spec, ...]
    keys: tuple[str, ...]


def invented_files(choices: Choices) -> dict[str, Data]:
    """Return the files of a methodology, by name, as plain data.

    Args:
        choices: what decides.
    """
    kinds, entries = _kinds(choices)
    points_digits = choices.below(3)
    categories = ["first", "second", "third"][: choices.between(1, 3)]
    files: dict[str, Data] = {
        "methodology.yaml": _head(categories, points_digits, choices),
        "facts.yaml": {"fact_types": entries},
    }
    derivations = [_derivation(f"derived_{i}", kinds, choices) for i in range(choices.one((0, 0, 1, 1, 2)))]
    if derivations:
        files["facts.yaml"]["derivations"] = derivations
    if choices.chance(10):
        files["facts.yaml"]["implies"] = [{"if": _condition(kinds, choices), "then": _condition(kinds, choices)}]
    for category in categories:
        criteria = [_criterion(f"{category}_{i}", kinds, points_digits, choices) for i in range(choices.one((2, 1, 3)))]
        files[f"{category}.yaml"] = {"category": category, "criteria": criteria}
    return files


# methodology.yaml


def _head(categories: list[str], points_digits: int, choices: Choices) -> Data:
    digits = choices.below(4)
    head: Data = {
        "id": "invented",
        "title": "Invented",
        "edition": "1",
        "publisher": "Nobody",
        "sources": {"own": {"type": choices.any_of(_SOURCE_TYPES[:2]), "published": choices.any_of((2023, "unknown"))}},
        "windows": {"recent": _window(choices), "ever": "always"},
        "source_types": list(_SOURCE_TYPES),
        "cohorts": {"north": "North", "south": "South"},
        "rounding": {
            "digits": digits,
            "mode": choices.any_of(_MODES),
            "total": choices.any_of(("sum_of_rounded", "rounded_sum")),
            "points_digits": points_digits,
        },
        "points_basis": choices.any_of(("project", "published")),
        "categories": [
            {"id": id, "title": id.capitalize(), "weight": weight}
            for id, weight in zip(categories, _weights(len(categories), digits, choices), strict=True)
        ],
    }
    if choices.chance(80):
        head["accepted_sources"] = list(_SOURCE_TYPES[: choices.between(1, 2)])
    return head


def _window(choices: Choices) -> Data:
    window = {"from": date(2022, 1, 1), "to": date(2024, 6, 30)}
    for end in choices.one(((), (), (), ("from",), ("to",))):
        del window[end]
    return window


def _weights(count: int, digits: int, choices: Choices) -> list[Decimal | int]:
    fine = (Decimal("12.5"), Decimal("66.67"))[:digits]
    options: tuple[Decimal | int, ...] = (20, 50, 33, 70, *fine)
    cuts = sorted(choices.any_of(options) for _ in range(count - 1))
    return [b - a for a, b in pairwise([0, *cuts, 100])]


# facts.yaml


def _kinds(choices: Choices) -> tuple[list[_Kind], dict[str, Data]]:
    digits, unit = choices.below(3), choices.any_of(_UNITS)
    count = choices.between(2, 4)
    kinds: list[_Kind] = []
    entries: dict[str, Data] = {}
    values = {"kind": ("low", "mid", "high", "top")[: choices.between(2, 4)], "parts": ("a", "b", "c")}
    common = {name: _spec(name, digits, unit, values) for name in _FIELDS}
    valid = choices.chance(40)
    for number, id in enumerate(_TYPES[:count]):
        names = [name for i, name in enumerate(_FIELDS) if i % count == number or choices.chance(25)]
        specs = tuple(evolve(common[name], optional=choices.chance(70)) for name in names)
        keys = tuple(choices.some([name for name in names if name in _KEYS], 0, 1))
        kind = _Kind(id, choices.any_of(("ever", "recent")) if number else "recent", specs, keys)
        kinds.append(kind)
        fields = {spec.id: _field(spec, spec.id in keys, valid) for spec in specs}
        entries[id] = {"title": id.capitalize(), "horizon": kind.horizon, "fields": fields}
    return kinds, entries


def _spec(name: str, digits: int, unit: tuple[str, str, int], values: Mapping[str, tuple[str, ...]]) -> Spec:
    match name:
        case "flag":
            return Spec(name, "boolean")
        case "level":
            return Spec(name, "integer")
        case "score":
            return Spec(name, "number", digits=digits)
        case "share":
            return Spec(name, "percent", digits=digits)
        case "aim":
            return Spec(name, "year")
        case "day":
            return Spec(name, "date")
        case "label":
            return Spec(name, "text", TEXTS)
        case "amount":
            return Spec(name, "quantity", digits=digits, unit=unit)
        case _:
            return Spec(name, "enum" if name == "kind" else "set", values[name])


def _field(spec: Spec, key: bool, valid: bool) -> Data:
    entry: Data = {"type": spec.type}
    if spec.type in ("enum", "set"):
        entry["values"] = list(spec.values)
    if spec.unit is not None:
        entry["unit"] = spec.unit[0]
    if spec.type in ("number", "percent", "quantity"):
        entry["digits"] = spec.digits
    better = {"enum": "listed", "set": "more", "text": None, "year": "lower", "date": "lower"}.get(spec.type, "higher")
    entry |= {"better": better} if better else {}
    entry |= {"key": True} if key else {}
    entry |= {"optional": True} if spec.optional else {}
    entry |= {"valid": "[0..100]"} if valid and spec.type == "percent" else {}
    return entry


def _derivation(id: str, kinds: list[_Kind], choices: Choices) -> Data:
    readable = [(k, [s.id for s in k.fields if s.id in _READ]) for k in kinds]
    inputs = [(k, names) for k, names in readable if names]
    chosen = [choices.any_of(inputs) for _ in range(choices.one((2, 1, 2)))]
    readings = [f"{name}.{choices.any_of(fields)}" for name, (_, fields) in zip("xy", chosen, strict=False)]
    target = choices.any_of([k for k in kinds if any(s.id in ("score", "share", "amount") for s in k.fields)])
    computed = choices.any_of([s.id for s in target.fields if s.id in ("score", "share", "amount")])
    values = {
        spec.id: _formula(readings, choices) if spec.id == computed else _set_value(spec, readings, choices)
        for spec in target.fields
        if spec.id == computed or not spec.optional or choices.chance(40)
    }
    decimal = ("number", "percent", "quantity")
    digits = min(spec.digits for spec in target.fields if spec.id in values and spec.type in decimal)
    shared = set.intersection(*({s.id for s in k.fields} for k, _ in chosen)) & {*_KEYS, "aim", "day"}
    entry: Data = {
        "id": id,
        "fact": target.id,
        "from": {name: _condition([k], choices, most=1) for name, (k, _) in zip("xy", chosen, strict=False)},
        "join": choices.some(["period", "entity", *sorted(shared)], 0, 2),
        "set": values,
        "round": {"digits": choices.between(0, digits), "mode": choices.any_of(_MODES)},
    }
    if choices.chance(40):
        first = next(spec for spec in target.fields if spec.id in values and spec.type in _COMPUTED)
        unit = f" {first.unit[0]}" if first.unit else ""
        entry["valid"] = choices.any_of((f"<= 100{unit}", f">= 0{unit}", f"[0{unit}..100{unit}]"))
    return entry


def _formula(readings: list[str], choices: Choices) -> str:
    x, y = readings[0], readings[-1]
    patterns = ("{x} + 1", "{x} / {y} * 100", "{x} - {y}", "({x} + {y}) / 3", "{x} * {y}", "0.5 * {x}", "100 / {x}")
    return choices.any_of(patterns).format(x=x, y=y)


def _set_value(spec: Spec, readings: list[str], choices: Choices) -> Any:
    match spec.type:
        case type if type in _COMPUTED:
            return _formula(readings, choices) if choices.chance(50) else "3"
        case "boolean":
            return True
        case "year":
            return 2025
        case "date":
            return date(2023, 12, 31)
        case "set":
            return choices.some(spec.values, 1, 2)
        case _:
            return choices.any_of(spec.values)


# Files of criteria


def _criterion(id: str, kinds: list[_Kind], points_digits: int, choices: Choices) -> Data:
    horizon = choices.any_of(sorted({kind.horizon for kind in kinds}))
    own = [kind for kind in kinds if kind.horizon == horizon]
    policy = choices.any_of(("collect max", "collect sum", "first"))
    unit = Decimal(1).scaleb(-points_digits)
    points = [unit * choices.one((3, 1, 2, 5, 7, 10, 0)) for _ in range(choices.between(1, 4))]
    points[0] = points[0] or unit
    together, best = sum(points, Decimal(0)), max(points)
    entry: Data = {
        "id": id,
        "title": id.replace("_", " ").capitalize(),
        "horizon": horizon,
        "max_points": best if policy != "collect sum" else together,
        "hit_policy": policy,
        "rules": [_rule(f"rule_{i}", earned, own, choices) for i, earned in enumerate(points)],
        "otherwise": "Nothing was earned.",
    }
    if policy == "collect sum" and choices.chance(75):
        entry["max_points"] = entry["at_most"] = max(best, together - unit * choices.one((3, 5, 8, 1, 0)))
    return entry


def _rule(id: str, points: Decimal, kinds: list[_Kind], choices: Choices) -> Data:
    when = _when(kinds, choices)
    return {"id": id, "points": points, "when": when, "because": _because(when, choices)}


def _because(when: Data, choices: Choices) -> str:
    (name, inside), *_ = when.items()
    if isinstance(inside, dict) and name not in ("all", "any", "none", "count") and inside and choices.chance(50):
        field = next(iter(inside))
        return f"It holds by {{{name}.{'evidence.source' if field == 'evidence' else field}}}."
    return "It holds."


def _when(kinds: list[_Kind], choices: Choices, depth: int = 0) -> Data:
    deep = depth >= 2
    shallow = ("condition", "condition", "all", "all", "any", "any", "count", "count", "none_beside", "none")
    forms = ("condition", "condition", "count") if deep else shallow
    match choices.one(forms):
        case "condition":
            return _condition(kinds, choices)
        case "count":
            return _count(kinds, choices)
        case "none_beside":
            return {"all": [_condition(kinds, choices, most=1), {"none": [_when(kinds, choices, depth + 1)]}]}
        case form:
            return {form: [_when(kinds, choices, depth + 1) for _ in range(choices.between(1, 3 - depth))]}


def _count(kinds: list[_Kind], choices: Choices) -> Data:
    kind = choices.any_of(kinds)
    distinct = choices.any_of([s.id for s in kind.fields] + ["entity", "period"]) if choices.chance(60) else None
    rest = evolve(kind, fields=tuple(spec for spec in kind.fields if spec.id != distinct))
    entry: Data = {"of": _condition([rest], choices, most=2), "at_least": choices.one((2, 1, 3))}
    if distinct is not None:
        entry["distinct"] = distinct
        entry["at_least"] = choices.one((2, 1))
    return {"count": entry}


def _condition(kinds: list[_Kind], choices: Choices, most: int = 3) -> Data:
    kind = choices.any_of(kinds)
    tests: Data = {}
    specs = list(kind.fields)
    for _ in range(choices.between(0 if choices.chance(10) else 1, most)):
        if not specs:
            break
        spec = choices.any_of(_RESERVED) if choices.chance(22) else _suited(specs, choices)
        if spec in specs:
            specs.remove(spec)
        elif spec.id.removeprefix("evidence.") in (*tests, *tests.get("evidence", ())):
            continue
        test = invented_test(choices.any_of(forms_for(spec)), spec, choices)
        if spec.id.startswith("evidence."):
            tests.setdefault("evidence", {})[spec.id.removeprefix("evidence.")] = test
        else:
            tests[spec.id] = test
    return {kind.id: tests}


def _suited(specs: list[Spec], choices: Choices) -> Spec:
    """Return one of the fields, sets more often than others: they alone have some forms of tests."""
    sets = [spec for spec in specs if spec.type == "set"]
    return sets[0] if sets and choices.chance(30) else choices.any_of(specs)

"""Random methodologies: the files of each as plain data, valid by construction.

They are small and dense: every type of field, few thresholds that coincide, and every form of test, combinator, hit
policy, window and rounding about equally often. Half of them add up weighted categories of points. The other half have
groups inside groups, with all ways to combine and to limit them.
"""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from cleancloud_rules.generators.choices import Choices
from cleancloud_rules.generators.conditions import SOURCE_TYPES, generated_condition
from cleancloud_rules.generators.criteria import MODES, SURVEY, Criteria, survey_type
from cleancloud_rules.generators.decision_tables import generated_tables
from cleancloud_rules.generators.fact_types import KEYS, Data, Kind, generated_kinds, selection
from cleancloud_rules.generators.groups import Part, generated_tree
from cleancloud_rules.generators.unary_tests import Spec
from cleancloud_rules.model.exact import subtract
from cleancloud_rules.model.values import FieldType

_READ = ("level", "score", "share", "aim", "amount")


def generated_files(choices: Choices, *, additive: bool = False) -> dict[str, Data]:
    """Return the files of a methodology, by name, as plain data.

    Args:
        choices: the source of randomness.
        additive: whether every total adds up weighted categories of points; otherwise half of them do.
    """
    kinds, entries = generated_kinds(choices)
    points_digits, digits = choices.below(3), choices.below(4)
    head = _head(digits, points_digits, choices)
    files: dict[str, Data] = {"methodology.yaml": head, "facts.yaml": {"fact_types": entries}}
    derivations = [_derivation(f"derived_{i}", kinds, choices) for i in range(choices.one((0, 0, 1, 1, 2)))]
    if derivations:
        files["facts.yaml"]["derivations"] = derivations
    if choices.chance(10):
        if_, then = generated_condition(kinds, choices), generated_condition(kinds, choices)
        files["facts.yaml"]["implies"] = [{"if": if_, "then": then}]
    if additive or not choices.chance(56):
        _add_up(files, Criteria(kinds, points_digits, choices, is_additive=True), digits)
    else:
        _combine(files, Criteria(kinds, points_digits, choices, is_additive=False), digits)
    return files


def _add_up(files: dict[str, Data], criteria: Criteria, digits: int) -> None:
    """Add weighted categories of points to files."""
    choices = criteria.choices
    categories = ["first", "second", "third"][: choices.between(1, 3)]
    files["methodology.yaml"]["categories"] = [
        {"id": id, "title": id.capitalize(), "weight": weight}
        for id, weight in zip(categories, _weights(len(categories), digits, choices), strict=True)
    ]
    for id in categories:
        made = [criteria.ladder(f"{id}_{i}") for i in range(choices.one((2, 1, 3)))]
        files[f"{id}.yaml"] = {"category": id, "criteria": made}


def _combine(files: dict[str, Data], criteria: Criteria, digits: int) -> None:
    """Add groups inside groups to files, and decision tables over them."""
    choices, head, entries = criteria.choices, files["methodology.yaml"], files["facts.yaml"]["fact_types"]
    for id in entries:
        entries[id] |= selection(choices, 45)
    answers = criteria.answers() if choices.chance(60) else None
    whole = generated_tree(criteria, choices, digits, answers)
    head |= whole.data
    head["categories"] = [_entry(group) for group in whole.groups]
    groups = [part for part in whole.everything() if part.is_group and part.criteria]
    if any("ask" in part.data for group in groups for part in group.criteria):
        entries[SURVEY] = survey_type(choices)
        head["answers"] = answers
    for group in groups:
        files[f"{group.id}.yaml"] = _criteria_file(group, answers, choices)
    tables = generated_tables(whole, choices) if choices.chance(85) else []
    if tables:
        head["tables"] = tables
    head |= _ranked_by(whole, tables, choices)


def _entry(group: Part) -> Data:
    return group.data | ({"groups": [_entry(inner) for inner in group.groups]} if group.groups else {})


def _criteria_file(group: Part, shared: Data | None, choices: Choices) -> Data:
    file: Data = {"category": group.id, "criteria": [criterion.data for criterion in group.criteria]}
    if any("ask" in criterion.data for criterion in group.criteria):
        file["defaults"] = {"reference": {"source": "own"}}
        if group.answers is not shared:
            file["answers"] = group.answers
    elif choices.chance(20):
        file["defaults"] = {"requirement": "should"}
    return file


def _ranked_by(whole: Part, tables: list[Data], choices: Choices) -> Data:
    """Return the keys for `rank_by`; a root with nothing to rank by gets levels."""
    by = ["total"] if whole.aggregate != "none" else []
    by += ["level"] if "levels" in whole.data else []
    by += ["label"] if "bands" in whole.data else []
    by += [table["id"] for table in tables if table.get("hit_policy") != "collect"]
    if not by:
        return {"rank_by": ["level"], "levels": [{"id": "basic", "title": "Basic"}]}
    chosen = choices.some(by, 1, 2)
    ranked = chosen[::-1] if choices.chance(50) else chosen
    return {} if ranked == ["total"] else {"rank_by": ranked}


# methodology.yaml


def _head(digits: int, points_digits: int, choices: Choices) -> Data:
    head: Data = {
        "id": "generated",
        "title": "Generated",
        "edition": "1",
        "publisher": "Nobody",
        "sources": {"own": {"type": choices.any_of(SOURCE_TYPES[:2]), "published": choices.any_of((2023, "unknown"))}},
        "windows": {"recent": _window(choices), "ever": "always"},
        "source_types": list(SOURCE_TYPES),
        "cohorts": {"north": "North", "south": "South"},
        "rounding": {
            "digits": digits,
            "mode": choices.any_of(MODES),
            "total": choices.any_of(("sum_of_rounded", "rounded_sum")),
            "points_digits": points_digits,
        },
        "points_basis": choices.any_of(("project", "published")),
    }
    if choices.chance(35):
        head["as_of"] = choices.any_of((date(2024, 6, 30), date(2023, 3, 31), date(2022, 12, 31)))
    if choices.chance(80):
        head["accepted_sources"] = list(SOURCE_TYPES[: choices.between(1, 2)])
    return head


def _window(choices: Choices) -> Data:
    window: Data = {"from": date(2022, 1, 1), "to": date(2024, 6, 30)}
    for end in choices.one(((), (), (), ("from",), ("to",))):
        del window[end]
    counts = choices.one((None, "overlap", "whole", "overlap", "whole", "end"))
    return window if counts is None else {**window, "counts": counts}


def _weights(count: int, digits: int, choices: Choices) -> list[Decimal | int]:
    fine = (Decimal("12.5"), Decimal("66.67"))[:digits]
    options: tuple[Decimal | int, ...] = (20, 50, 33, 70, *fine)
    cuts = sorted(choices.any_of(options) for _ in range(count - 1))
    return [subtract(b, a) for a, b in pairwise([0, *cuts, 100])]


# facts.yaml


def _derivation(id: str, kinds: list[Kind], choices: Choices) -> Data:
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
    digits = min(spec.digits for spec in target.fields if spec.id in values and spec.type.is_decimal)
    shared = set.intersection(*({s.id for s in k.fields} for k, _ in chosen)) & {*KEYS, "aim", "day"}
    entry: Data = {
        "id": id,
        "fact": target.id,
        "from": {name: generated_condition([k], choices, most=1) for name, (k, _) in zip("xy", chosen, strict=False)},
        "join": choices.some(["period", "entity", *sorted(shared)], 0, 2),
        "set": values,
        "round": {"digits": choices.between(0, digits), "mode": choices.any_of(MODES)},
    }
    for left_out in choices.one(((), (), (), ("digits",), ("mode",), ("digits", "mode"))):
        del entry["round"][left_out]
    if choices.chance(40):
        first = next(spec for spec in target.fields if spec.id in values and spec.type.is_computable)
        unit = f" {first.unit[0]}" if first.unit else ""
        tests = (
            f"<= 100{unit}",
            f">= 0{unit}",
            f"[0{unit}..100{unit}]",
            f"> 0{unit}",
            f"(0{unit}..90{unit})",
            f"not(0{unit})",
        )
        entry["valid"] = choices.any_of(tests)
    return entry


def _formula(readings: list[str], choices: Choices) -> str:
    x, y = readings[0], readings[-1]
    patterns = ("{x} + 1", "{x} / {y} * 100", "{x} - {y}", "({x} + {y}) / 3", "{x} * {y}", "0.5 * {x}", "100 / {x}")
    return choices.any_of(patterns).format(x=x, y=y)


def _set_value(spec: Spec, readings: list[str], choices: Choices) -> Any:
    match spec.type:
        case type if type.is_computable:
            return _formula(readings, choices) if choices.chance(50) else "3"
        case FieldType.BOOLEAN:
            return True
        case FieldType.YEAR:
            return 2025
        case FieldType.DATE:
            return date(2023, 12, 31)
        case FieldType.SET:
            return choices.some(spec.values, 1, 2)
        case _:
            return choices.any_of(spec.values)

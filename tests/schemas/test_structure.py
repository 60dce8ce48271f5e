"""The schemas of input files have the structure of the classes that read them: keys, required keys, types and words.

Nothing is listed here but what differs on purpose. Each class is found in some schema by its keys, and each object of a
schema by some class.
"""

import types
import typing
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

import attrs
import pytest

from cleancloud_rules.language import (
    case_file_types,
    claim_file_types,
    file_types,
    response_file_types,
    table_file_types,
)
from cleancloud_rules.language.coverage import CoverageEntry
from cleancloud_rules.model.conditions import AllOf, Condition, UnaryTest
from cleancloud_rules.model.datasets import Accepted
from cleancloud_rules.model.facts import Source
from cleancloud_rules.model.groups import Band, Cap, CoverageLine, Level, NotApplicable, Requirement, ScoreRounding
from cleancloud_rules.model.methodology import Criterion, Proportion, Reference, Rule
from cleancloud_rules.model.rounding import Rounding
from cleancloud_rules.model.texts import CountChange, EditionChange, Notice, Remedy
from cleancloud_rules.model.values import Id, Interval, Name, Period, Word
from cleancloud_rules.model.vocabulary import Window
from cleancloud_rules.schemas.catalogue import SCHEMAS
from tests.schemas.test_catalogue import AUTHORING

MODULES = (case_file_types, claim_file_types, file_types, response_file_types, table_file_types)

OFFERED = file_types.OfferedFacts
"""What two classes share, and no file or entry has alone."""

CLASSES: tuple[type, ...] = (
    *(
        cls
        for module in MODULES
        for cls in vars(module).values()
        if isinstance(cls, type) and attrs.has(cls) and cls.__module__ == module.__name__ and cls is not OFFERED
    ),
    Accepted, Band, Cap, CountChange, CoverageEntry, Criterion, EditionChange, Level, NotApplicable, Notice, Reference,
    Remedy, Requirement, Rounding, Rule, ScoreRounding, Window,
)  # fmt: skip

OPTIONAL_BY_DEFAULTS = {"hit_policy", "horizon", "max_points", "otherwise"}
"""What a criterion needs, and the defaults of its file may state."""

WITHOUT_CLASS = {
    ("at_least", "distinct", "of"): "a count, which the parser of conditions reads",
    ("all",): "a combination of conditions or a test on a set",
    ("any",): "a combination of conditions",
    ("none",): "a combination of conditions",
    ("count",): "a combination of conditions",
    ("is",): "a test on a set",
    ("together",): "a test on a set",
    ("basis", "entity", "evidence", "period"): "the tests of a condition",
    ("published", "source", "source_type"): "the tests on the source of a fact",
    ("at_least", "at_most", "less_than", "more_than"): "a bound on a count",
    ("at_least", "at_most", "between", "less_than", "more_than"): "a bounded value",
    ("as_of", "basis", "disclosed", "entity", "fact", "locator", "note", "period", "source", "values"): "answers",
    ("as_of", "basis", "disclosed", "entity", "is", "locator", "note", "period", "source"): "an answer",
    ("label", "score"): "a band of the methodology, whose value no group above reads",
    ("label", "level", "met", "points", "score", "table"): "an input of a decision table",
    ("then",): "a row of a decision table, whose other keys are its inputs",
}
"""What is read without a class of its own, by its keys, each with what it is."""

DIFFERENT = {(file_types.MethodologyFile, "bands"): "bands of the methodology have no value"}
"""Keys whose schema differs from their type, each with the reason."""

PLAIN: dict[Any, str] = {
    str: "string",
    Id: "string",
    Name: "string",
    bool: "boolean",
    int: "integer",
    Decimal: "number",
}


@cache
def attributes(cls: type) -> dict[str, Any]:
    """Return the keys that a class reads, each with its attribute."""
    attrs.resolve_types(cls)
    fields: Any = attrs.fields(cls)
    return {a.metadata.get("key", a.name): a for a in fields if a.name != "node" and "made" not in a.metadata}


def needed(cls: type) -> set[str]:
    found = {key for key, attribute in attributes(cls).items() if attribute.default is attrs.NOTHING}
    return found - OPTIONAL_BY_DEFAULTS if cls is Criterion else found


def objects(part: Any, top: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield each object of a schema with its path and the schema."""
    if isinstance(part, list):
        for number, item in enumerate(part):
            yield from objects(item, top, f"{path}/{number}")
    if isinstance(part, dict):
        if isinstance(part.get("properties"), dict) and part.get("type") == "object":
            yield path, part, top
        for key, item in part.items():
            yield from objects(item, top, f"{path}/{key}")


@cache
def all_objects() -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    names = [name for name in AUTHORING if name != "points"]
    return [found for name in names for found in objects(SCHEMAS[name](), SCHEMAS[name](), name)]


def forms(schema: dict[str, Any], top: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the alternatives of a schema, with references followed."""
    if "$ref" in schema:
        return forms(top["$defs"][schema["$ref"].rpartition("/")[2]], top)
    if "anyOf" in schema and "properties" not in schema:
        return [form for choice in schema["anyOf"] for form in forms(choice, top)]
    return [schema]


def differences(hint: Any, schema: dict[str, Any], top: dict[str, Any]) -> str:
    """Return how a schema differs from a type; an empty text if it has the same values, as far as the type tells."""
    hints = typing.get_args(hint) if typing.get_origin(hint) in (typing.Union, types.UnionType) else (hint,)
    stated = [one for one in hints if one is not type(None)]
    if _is_read_by_hand(stated):
        return ""
    found = forms(schema, top)
    wrong = [f"no form of {one}" for one in stated if not any(_fits(one, form, top) for form in found)]
    return "; ".join(wrong)


def _is_read_by_hand(hints: list[Any]) -> bool:
    """Whether a value is a node, or has a short form or a form of a whole condition: another parser reads it."""
    names = {getattr(hint, "__name__", "") for hint in hints}
    return bool(names & {"MappingNode"}) or bool({Condition, AllOf, UnaryTest, Proportion, CoverageLine} & set(hints))


def _fits(hint: Any, form: dict[str, Any], top: dict[str, Any]) -> bool:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return form.get("enum") == [member.value for member in hint]
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        items = form.get("items", {})
        return form.get("type") == "array" and differences(parts[0], items, top) == ""
    if origin is dict:
        values = [*form.get("patternProperties", {}).values(), form.get("additionalProperties")]
        return form.get("type") == "object" and any(
            isinstance(value, dict) and differences(parts[1], value, top) == "" for value in values
        )
    if hint is Source:
        return form.get("type") == "string"
    if attrs.has(hint) and hint not in (Interval, Period):
        return form.get("type") == "object" and set(form["properties"]) == set(attributes(hint))
    if hint is date:
        return form.get("pattern") == "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
    if hint in (Interval, Period):
        return form.get("type") == "integer" and (form["minimum"], form["maximum"]) == (1000, 9999)
    if hint is Word:
        return form.get("type") in ("string", ["string", "number", "boolean"], None)
    if hint in (str, Id, Name) and ("enum" in form or "const" in form):
        return True
    return bool(form.get("type") == PLAIN[hint])


@cache
def fitting(cls: type) -> tuple[list[str], list[str]]:
    """Return the paths at which schemas have the structure of a class, and how objects with its keys differ from it."""
    good, wrong = [], []
    for path, schema, top in all_objects():
        if set(schema["properties"]) != set(attributes(cls)):
            continue
        found = [] if set(schema.get("required", ())) == needed(cls) else [f"{path} requires {schema.get('required')}"]
        for key, attribute in attributes(cls).items():
            if (cls, key) in DIFFERENT:
                continue
            if said := differences(attribute.type, schema["properties"][key], top):
                found.append(f"{path}/{key}: {said}")
        wrong += found
        good += [] if found else [path]
    return good, wrong


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_a_schema_has_the_keys_the_required_keys_and_the_types_of_each_class(cls: type) -> None:
    good, wrong = fitting(cls)
    assert good, wrong or f"no schema has the keys {sorted(attributes(cls))}"


def test_each_object_of_a_schema_is_read_by_a_class() -> None:
    known = {path for cls in CLASSES for path in fitting(cls)[0]}
    defaults = set(attributes(Criterion)) - {"id", "title", "rules"}
    question = set(attributes(Criterion)) - {"title", "horizon", "max_points", "hit_policy", "rules"}
    question |= {"ask", "section", "answers"}
    unknown = [
        f"{path}: {sorted(schema['properties'])}"
        for path, schema, _ in all_objects()
        if path not in known
        and tuple(sorted(schema["properties"])) not in WITHOUT_CLASS
        and set(schema["properties"]) not in (defaults, question)
        and path != "overlay/$defs/fact"  # always hypothetical
    ]
    assert unknown == []


def test_nothing_is_listed_as_without_a_class_that_no_schema_has() -> None:
    keys = {tuple(sorted(schema["properties"])) for _, schema, _ in all_objects()}
    assert [listed for listed in WITHOUT_CLASS if listed not in keys] == []

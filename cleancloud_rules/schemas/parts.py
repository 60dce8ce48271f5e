"""The pieces of which JSON Schemas are made."""

from collections.abc import Iterable, Mapping
from typing import Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

_DEFINITIONS = "#/$defs/"


def document(name: str, title: str, body: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """Return the schema of a whole file, with those of the definitions that it refers to."""
    head = {"$schema": DIALECT, "$id": f"urn:cleancloud-rules:schema:{name}", "title": title}
    used = _named_in(body)
    while more := {name for known in used for name in _named_in(definitions[known])} - used:
        used |= more
    return {**head, **body, "$defs": {known: definitions[known] for known in sorted(used)}}


def _named_in(part: Any) -> set[str]:
    """Return the names of the definitions that a part of a schema refers to."""
    if isinstance(part, list):
        return {name for item in part for name in _named_in(item)}
    if not isinstance(part, dict):
        return set()
    own = {part["$ref"].removeprefix(_DEFINITIONS)} if isinstance(part.get("$ref"), str) else set()
    return own | {name for value in part.values() for name in _named_in(value)}


def mapping(describe: str, properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """Return the schema of a mapping with these keys and no others."""
    made: Schema = {"type": "object", "description": describe, "properties": dict(properties)}
    if needed := list(required):
        made["required"] = needed
    return {**made, "additionalProperties": False}


def named(describe: str, values: Schema, pattern: str) -> Schema:
    """Return the schema of a mapping from names to values of one form."""
    return {
        "type": "object",
        "description": describe,
        "patternProperties": {pattern: values},
        "additionalProperties": False,
    }


def listing(describe: str, items: Schema, at_least: int = 0) -> Schema:
    """Return the schema of a list."""
    made: Schema = {"type": "array", "description": describe, "items": items}
    return {**made, "minItems": at_least} if at_least else made


def text(describe: str) -> Schema:
    """Return the schema of a text that is not empty."""
    return {"type": "string", "description": describe, "minLength": 1}


def choice(describe: str, values: Iterable[str]) -> Schema:
    """Return the schema of one of several words."""
    return {"description": describe, "enum": list(values)}


def flag(describe: str) -> Schema:
    """Return the schema of a boolean."""
    return {"type": "boolean", "description": describe}


def whole(describe: str, least: int = 0, most: int | None = None) -> Schema:
    """Return the schema of a whole number."""
    made: Schema = {"type": "integer", "description": describe, "minimum": least}
    return made if most is None else {**made, "maximum": most}


def amount(describe: str) -> Schema:
    """Return the schema of a number that is not negative."""
    return {"type": "number", "description": describe, "minimum": 0}


def ref(name: str, describe: str = "") -> Schema:
    """Return a reference to a definition of the same schema."""
    made: Schema = {"$ref": f"{_DEFINITIONS}{name}"}
    return {**made, "description": describe} if describe else made


def either(describe: str, *choices: Schema) -> Schema:
    """Return the schema of what has one of several forms."""
    return {"description": describe, "anyOf": list(choices)}


ID = "^[a-z][a-z0-9_]*$"
NAME = "^[A-Za-z0-9][A-Za-z0-9_.-]*$"

BOUNDS: Mapping[str, str] = {
    "more_than": "The value is above this.",
    "at_least": "The value is this or above.",
    "less_than": "The value is below this.",
    "at_most": "The value is this or below.",
}
"""The bounds of a value that is not known exactly, and what each says."""

BASICS: Mapping[str, Schema] = {
    "id": {
        "type": "string",
        "description": "A name that files refer to: lower-case words joined by underscores.",
        "pattern": ID,
    },
    "name": {
        "type": "string",
        "description": "A name of a source, a company or a recommendation: letters, digits, `_`, `-`, `.`.",
        "pattern": NAME,
    },
    "day": {
        "type": "string",
        "description": "A day, such as 2024-06-30.",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    },
    "day_or_year": {
        "description": "A day such as 2024-06-30, a year such as 2024, or `unknown`.",
        "anyOf": [
            {"type": "integer", "minimum": 1000, "maximum": 9999},
            {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
            {"const": "unknown"},
        ],
    },
    "source": mapping(
        "A source of facts.",
        {
            "type": {
                "description": "One of the source types that the methodology declares.",
                "$ref": "#/$defs/id",
            },
            "title": text("Title of the publication; left out where it has none."),
            "publisher": text("Who published it."),
            "published": ref("day_or_year", "When it was published: a day, a year or `unknown`."),
            "accessed": ref("day_or_year", "When it was read: a day, a year or `unknown`."),
            "url": text("Where it was read."),
            "archived": text("Address of an archived copy."),
            "footnotes": listing(
                "Numbers of the footnotes in the published ranking that cite it.",
                {"type": "integer", "minimum": 1},
            ),
            "note": text("Anything a reader should know about it."),
        },
        ["type"],
    ),
}
"""Definitions that the schemas of several files share."""

TESTS: Mapping[str, Schema] = {
    "test": {
        "description": "A unary test. A bare value is equality, a list is `one of`, and a text that begins "
        'with an operator, a bracket, a double quote or `not(` is a test: "<= 2030", "not(null)". '
        "On a set: a name is `contains`, a list `contains one of`, {all: [...]} or {is: [...]}.",
        "anyOf": [
            {"type": ["number", "boolean", "string", "null"]},
            {"type": "array", "items": {"type": ["number", "boolean", "string"]}, "minItems": 1},
            mapping("The set contains all of these.", {"all": ref("words")}, ["all"]),
            mapping("The set is exactly these.", {"is": ref("words")}, ["is"]),
        ],
    },
    "words": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    "tests": {
        "type": "object",
        "description": "Tests by field; one fact must pass all of them. Without tests any fact will do.",
        "properties": {
            "evidence": mapping(
                "Tests on the source of the fact.",
                {
                    "source_type": ref("test", "A test on the type of the source."),
                    "published": ref("test", "A test on the day of publication; a bare year stands for its days."),
                    "source": ref("test", "A test on the id of the source."),
                },
            ),
            "basis": ref("test", "A test on how the fact came to be known."),
            "period": ref("test", "A test on the day on which the period of the fact ends."),
            "entity": ref("test", "A test on the part of the company that the fact is about."),
        },
        "patternProperties": {f"^(?!evidence$){ID[1:]}": ref("test")},
        "additionalProperties": False,
    },
}
"""Definitions of unary tests."""


def _when() -> Schema:
    parts = listing("What is combined.", ref("when"), 1)
    count = mapping(
        "Holds when enough facts pass a condition.",
        {
            "of": ref("condition", "The condition that a counted fact passes."),
            "distinct": ref("id", "Count the distinct values of this field."),
            "at_least": whole("How many are enough.", 1),
        },
        ["of", "at_least"],
    )
    return either(
        "What a rule asks for: a condition, or `all`, `any`, `none` or `count` over conditions.",
        mapping("Holds when every part holds.", {"all": parts}, ["all"]),
        mapping("Holds when one of the parts holds.", {"any": parts}, ["any"]),
        mapping("Holds when no part holds: the only form that looks at absence.", {"none": parts}, ["none"]),
        mapping("Holds when enough facts pass.", {"count": count}, ["count"]),
        ref("condition"),
    )


def _condition() -> Schema:
    return {
        "type": "object",
        "description": "Holds when one fact of this type that counts passes all the tests.",
        "patternProperties": {f"^(?!(all|any|none|count)$){ID[1:]}": ref("tests")},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


CONDITIONS: Mapping[str, Schema] = {"when": _when(), "condition": _condition()}
"""Definitions of conditions and of what combines them."""

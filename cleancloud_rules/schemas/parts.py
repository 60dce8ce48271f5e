"""Building blocks of JSON Schemas."""

from collections.abc import Iterable, Mapping
from typing import Any

from cleancloud_rules.documents.extra_keys import PREFIX as EXTRA_PREFIX

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

USERS_KEYS: Schema = {"patternProperties": {f"^{EXTRA_PREFIX}.": {}}}
"""Keys of the user's own, which a mapping may hold beside the keys of the language."""

DEFINITIONS = "#/$defs/"
"""How a reference to a definition of the same schema begins."""


def document(name: str, title: str, body: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """Return the schema of a complete file, with the definitions that it refers to."""
    head = {"$schema": DIALECT, "$id": f"urn:cleancloud-rules:schema:{name}", "title": title}
    used = _named_in(body)
    while more := {name for known in used for name in _named_in(definitions[known])} - used:
        used |= more
    return {**head, **body, "$defs": {known: definitions[known] for known in sorted(used)}}


def placed(schema: Schema, refs: str) -> Schema:
    """Return a schema whose references begin with `refs`, without the keys that belong to the top of a document."""
    head = {key: value for key, value in schema.items() if key not in ("$schema", "$id")}
    return {key: _referring(value, refs) for key, value in head.items()}


def _referring(part: Any, refs: str) -> Any:
    if isinstance(part, list):
        return [_referring(item, refs) for item in part]
    if not isinstance(part, dict):
        return part
    own = {"$ref": refs + part["$ref"].rpartition("/")[2]} if isinstance(part.get("$ref"), str) else {}
    return {**{key: _referring(value, refs) for key, value in part.items() if key not in own}, **own}


def _named_in(part: Any) -> set[str]:
    """Return the names of the definitions that a part of a schema refers to."""
    if isinstance(part, list):
        return {name for item in part for name in _named_in(item)}
    if not isinstance(part, dict):
        return set()
    own = {part["$ref"].removeprefix(DEFINITIONS)} if isinstance(part.get("$ref"), str) else set()
    return own | {name for value in part.values() for name in _named_in(value)}


def mapping(describe: str, properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """Return the schema of a mapping with these keys, and with keys of the user's own."""
    return {**closed(describe, properties, required), **USERS_KEYS}


def closed(describe: str, properties: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """Return the schema of a mapping with these keys and no others."""
    made: Schema = {"type": "object", "description": describe, "properties": dict(properties)}
    if needed := list(required):
        made["required"] = needed
    return {**made, "additionalProperties": False}


def named(describe: str, values: Schema, pattern: str) -> Schema:
    """Return the schema of a mapping from names to values of one kind."""
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


def whole(describe: str, minimum: int = 0, maximum: int | None = None) -> Schema:
    """Return the schema of a whole number."""
    made: Schema = {"type": "integer", "description": describe, "minimum": minimum}
    return made if maximum is None else {**made, "maximum": maximum}


def amount(describe: str) -> Schema:
    """Return the schema of a number that is not negative."""
    return {"type": "number", "description": describe, "minimum": 0}


def ref(name: str, describe: str = "") -> Schema:
    """Return a reference to a definition of the same schema."""
    made: Schema = {"$ref": f"{DEFINITIONS}{name}"}
    return {**made, "description": describe} if describe else made


def either(describe: str, *choices: Schema) -> Schema:
    """Return the schema of a value that has one of several forms."""
    return {"description": describe, "anyOf": list(choices)}


ID = "^[a-z][a-z0-9_]*$"
NAME = "^[A-Za-z0-9][A-Za-z0-9_.-]*$"

BOUNDS: Mapping[str, str] = {
    "more_than": "The value is above this.",
    "at_least": "The value is this or above.",
    "less_than": "The value is below this.",
    "at_most": "The value is this or below.",
}
"""The keys of a bounded value, each with its meaning."""

BASICS: Mapping[str, Schema] = {
    "id": {
        "type": "string",
        "description": "An id: lower-case words joined by underscores.",
        "pattern": ID,
    },
    "name": {
        "type": "string",
        "description": "An id of a source, a company or a recommendation: letters, digits, `_`, `-`, `.`.",
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
            "title": text("The title of the publication, if it has one."),
            "publisher": text("Who published it."),
            "published": ref("day_or_year", "When it was published: a day, a year or `unknown`."),
            "accessed": ref("day_or_year", "When it was read: a day, a year or `unknown`."),
            "url": text("The address at which it was read."),
            "archived": text("The address of an archived copy."),
            "footnotes": listing(
                "The numbers of the footnotes that cite it in the published ranking.",
                {"type": "integer", "minimum": 1},
            ),
            "public": flag("Whether everybody can read it."),
            "note": text("A note for readers."),
        },
        ["type"],
    ),
}
"""Definitions that the schemas of several files share."""

TESTS: Mapping[str, Schema] = {
    "test": {
        "description": "A unary test. A bare value tests for equality, a list for one of its values. A text that "
        'begins with an operator, a bracket, a double quote or `not(` is an expression: "<= 2030", "not(null)". '
        "On a set, a name tests whether the set contains it, and a list whether it contains one of the names; there "
        "are also {all: [...]} and {is: [...]}, and in a condition that must hold {together: [...]}: several facts may "
        "contain the names.",
        "anyOf": [
            {"type": ["number", "boolean", "string", "null"]},
            {"type": "array", "items": {"type": ["number", "boolean", "string"]}, "minItems": 1},
            closed("The set contains all these names.", {"all": ref("words")}, ["all"]),
            closed("The set has exactly these names.", {"is": ref("words")}, ["is"]),
            closed(
                "Each name is in the set of some fact that passes the other tests: in one fact or in several.",
                {
                    "together": {
                        "description": "The names.",
                        "type": "array",
                        "items": {"type": "string"},
                        "minItems": 2,
                    }
                },
                ["together"],
            ),
        ],
    },
    "words": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    "tests": {
        "type": "object",
        "description": "Unary tests by field. One fact must pass all of them. Without tests, any fact passes.",
        "properties": {
            "evidence": closed(
                "Tests on the source of the fact.",
                {
                    "source_type": ref("test", "A test on the type of the source."),
                    "published": ref("test", "A test on the day of publication; a bare year means all its days."),
                    "source": ref("test", "A test on the id of the source."),
                },
            ),
            "basis": ref("test", "A test on how the fact is known."),
            "period": ref("test", "A test on the day on which the period of the fact ends."),
            "entity": ref("test", "A test on the part of the company that the fact is about."),
        },
        "patternProperties": {f"^(?!evidence$){ID[1:]}": ref("test")},
        "additionalProperties": False,
    },
}
"""Definitions of unary tests."""


def _when() -> Schema:
    parts = listing("The parts.", ref("when"), 1)
    count = closed(
        "Holds if enough facts pass a condition.",
        {
            "of": ref("condition", "The condition for facts to be counted."),
            "distinct": ref("id", "Count the distinct values of this field."),
            "at_least": whole("The minimum number of facts or distinct values.", 1),
        },
        ["of", "at_least"],
    )
    return either(
        "What a rule asks for: a condition, or `all`, `any`, `none` or `count` over conditions.",
        closed("Holds if every part holds.", {"all": parts}, ["all"]),
        closed("Holds if at least one part holds.", {"any": parts}, ["any"]),
        closed("Holds if no part holds: the only form that asks for the absence of facts.", {"none": parts}, ["none"]),
        closed("Holds if enough facts pass a condition.", {"count": count}, ["count"]),
        ref("condition"),
    )


def _condition() -> Schema:
    return {
        "type": "object",
        "description": "A condition: holds if one fact of this type that counts passes all the tests.",
        "patternProperties": {f"^(?!(all|any|none|count)$){ID[1:]}": ref("tests")},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


CONDITIONS: Mapping[str, Schema] = {"when": _when(), "condition": _condition()}
"""Definitions of conditions and their combinations."""

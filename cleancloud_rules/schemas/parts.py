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

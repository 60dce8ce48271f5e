"""The forms of values that parsers read, and no class: names, days, values of facts, unary tests and conditions."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from cleancloud_rules.model.conditions import Condition, UnaryTest, When
from cleancloud_rules.model.facts import Source
from cleancloud_rules.model.values import Id, Interval, Name, Period, Value, Word
from cleancloud_rules.schemas.parts import BOUNDS, ID, NAME, Schema, closed, either, listing, ref, whole

BASICS: Mapping[str, Schema] = {
    "id": {
        "type": ["string", "boolean"],
        "description": "An id: lower-case words joined by underscores.",
        "pattern": ID,
    },
    "name": {
        "type": ["string", "number", "boolean"],
        "description": "An id of a source, a company or a recommendation: letters, digits, `_`, `-`, `.`.",
        "pattern": NAME,
        "minimum": 0,
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
    "period": {
        "description": "A year, or an ISO interval such as 2022-04-01/2023-03-31.",
        "anyOf": [
            {"type": "integer", "minimum": 1000, "maximum": 9999},
            {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        ],
    },
}
"""Names and times."""

SCALAR: Schema = {"type": ["number", "boolean", "string"]}

TESTS: Mapping[str, Schema] = {
    "test": {
        "description": "A unary test. A bare value tests for equality, a list for one of its values. A text that "
        'begins with an operator, a bracket, a double quote or `not(` is an expression: "<= 2030", "not(null)". '
        "On a set, a name tests whether the set contains it, and a list whether it contains one of the names; there "
        "are also {all: [...]} and {is: [...]}, and in a condition that must hold {together: [...]}: several facts may "
        "contain the names.",
        "anyOf": [
            {"type": ["number", "boolean", "string", "null"]},
            {"type": "array", "items": {"type": ["number", "boolean", "string", "null"]}, "minItems": 1},
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


def _value() -> Schema:
    between = listing("The value lies between these two, both included.", {"type": ["number", "string"]}, 2)
    bound = closed(
        "A bounded value: a value that is known only as a range.",
        {
            **{key: {"type": ["number", "string"], "description": says} for key, says in BOUNDS.items()},
            "between": {**between, "maxItems": 2},
        },
    )
    return either(
        "A value, a list of names for a set, or a bounded value such as {more_than: 38}.",
        SCALAR,
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
        {**bound, "minProperties": 1, "maxProperties": 2},
    )


DEFINITIONS: Mapping[str, Schema] = {
    **BASICS,
    **TESTS,
    "condition": _condition(),
    "when": _when(),
    "value": _value(),
}
"""The forms that have a name."""

_COUNT: Schema = {"type": "integer", "minimum": 0}
_COUNTED = closed("A bound on the count.", {key: {**_COUNT, "description": says} for key, says in BOUNDS.items()})

KINDS: Mapping[Any, Schema] = {
    str: {"type": "string", "minLength": 1},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "number"},
    date: ref("day"),
    date | Interval | None: ref("day_or_year"),
    Period: ref("period"),
    Id: ref("id"),
    Name: ref("name"),
    Source: ref("name"),
    Word: {"type": ["string", "number", "boolean"], "minLength": 1},
    Value: ref("value"),
    UnaryTest: ref("test"),
    Condition: ref("condition"),
    When: ref("when"),
    int | Interval: {"anyOf": [_COUNT, _COUNTED]},
}
"""The schemas of values, by the type that a parser makes of them."""

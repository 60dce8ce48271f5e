"""JSON Schemas of the unary tests on a field, with the grammar of tests as patterns."""

import re

from cleancloud_rules.language.unary_test_text import EXPRESSION, TEST
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.schemas.field_values import DAY, TEXT, YEAR, amounts_by_unit, any_value, decimal_pattern, word
from cleancloud_rules.schemas.parts import Schema, closed

_YEAR = "[1-9][0-9]{3}"
_QUOTED = r'"\s*(?:[^"\\\s]|\\["\\])(?:[^"\\]|\\["\\])*"'
"""A quoted text that is not blank."""


def unary_test(field: Field, units: Units, *, together: bool = False) -> Schema:
    """Return the schema of a unary test on a field.

    Args:
        field: the field.
        units: the units of the vocabulary.
        together: whether a set may be tested for names that several facts have.
    """
    several = _alternatives(_literal(field, units), field)
    bare = [{"type": "null"}, *_bare(field, units)]
    # A text without a sign of a test is a value of its own, and only words are values that are written as text.
    begins = "" if field.type.is_worded else f"(?={TEST.pattern}|.*, )"
    listed = [*bare, {"type": "string", "pattern": f"^{begins} *{several} *$"}]
    whole = rf"^{begins} *(?:-|not *\( *{several} *\)|{several}) *$"
    forms = [*bare, {"type": "string", "pattern": whole}, {"type": "array", "items": {"anyOf": listed}, "minItems": 1}]
    return {"anyOf": [*forms, *(_set_tests(field, together) if field.type is FieldType.SET else [])]}


def _bare(field: Field, units: Units) -> list[Schema]:
    """Return the schemas of the values that stand for a test for equality."""
    match field.type:
        case FieldType.TEXT:
            return [{**TEXT, "not": {"pattern": f"^(?:{TEST.pattern}|{EXPRESSION.pattern})"}}]
        case FieldType.DATE:
            return [any_value(field, units), dict(YEAR)]
        case _:
            return [any_value(field, units)]


def _literal(field: Field, units: Units) -> str:
    """Return the pattern of a value inside a test that is written as text."""
    match field.type:
        case FieldType.BOOLEAN:
            return "(?:true|false)"
        case FieldType.INTEGER:
            return "-?(?:0|[1-9][0-9]*)"
        case FieldType.YEAR:
            return _YEAR
        case FieldType.DATE:
            return f"(?:{DAY}|{_YEAR})"
        case FieldType.TEXT:
            return _QUOTED
        case FieldType.ENUM | FieldType.SET:
            return f'"(?:{"|".join(map(re.escape, field.values))})"'
        case FieldType.QUANTITY:
            return f"(?:{'|'.join(f'{number} *{unit}' for number, unit in amounts_by_unit(field, units))})"
        case _:
            return decimal_pattern(field.digits)


def _alternatives(literal: str, field: Field) -> str:
    """Return the pattern of one or more alternatives, separated by commas."""
    one = f"null|{literal}"
    if field.type.is_ordered:
        one = rf"null|(?:[<>]=? *)?{literal}|[\[(\]] *{literal} *\.\. *{literal} *[\])\[]"
    return f"(?:{one})(?: *, *(?:{one}))*"


def _set_tests(field: Field, together: bool) -> list[Schema]:
    names = word(field.values)
    some = {"anyOf": [names, {"type": "array", "items": names, "minItems": 1}]}
    tests = [
        closed("The set contains all these names.", {"all": some}, ["all"]),
        closed("The set has exactly these names.", {"is": some}, ["is"]),
    ]
    if together:
        several = {"type": "array", "items": names, "minItems": 2}
        tests.append(closed("Several facts have these names together.", {"together": several}, ["together"]))
    return tests

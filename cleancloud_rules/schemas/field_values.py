"""JSON Schemas of the values that a field of a fact type may hold.

They refuse what the parser of values refuses, as far as JSON Schema can say it. Wherever it cannot, they accept: they
never refuse a value that the parser accepts.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cleancloud_rules.documents.yaml import resolve
from cleancloud_rules.model.cells import cells_of
from cleancloud_rules.model.conditions import Members, Null, SetMode, UnaryTest
from cleancloud_rules.model.exact import decimal_of
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import FIRST_YEAR, LAST_YEAR, FieldType, Interval
from cleancloud_rules.schemas.parts import BOUNDS, Schema, closed

NOTHING: Schema = {"not": {}}
"""The schema that no value conforms to."""

YEAR: Schema = {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}

DAY = (
    "[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    "|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29"
)
"""The pattern of a day of the calendar; 29 February only in leap years."""

TEXT: Schema = {"type": "string", "pattern": r"\S"}
"""A text that is not blank."""

_LOWER, _UPPER = ("more_than", "at_least"), ("less_than", "at_most")


def words(names: Iterable[str]) -> list[Any]:
    """Return what stands for these names in a file: the names, and numbers and booleans that are written like them."""
    found: list[Any] = []
    for name in names:
        meant = resolve(name)
        found.append(name)
        if isinstance(meant, bool | int):
            found.append(meant)
        elif isinstance(meant, Decimal) and (number := json_number(meant)) is not None:
            found.append(number)
    return found


def word(names: Iterable[str]) -> Schema:
    """Return the schema of one of several names; no value conforms to it if there are none."""
    found = words(names)
    return {"enum": found} if found else NOTHING


def json_number(number: Any) -> int | float | None:
    """Return a number as JSON holds it; None if a binary number cannot hold it exactly enough."""
    if number == int(number):
        return int(number)
    return float(number) if Decimal(repr(float(number))) == number else None


def decimal_pattern(digits: int) -> str:
    """Return the pattern of a number with at most so many decimal places. Zeros after them are allowed.

    Args:
        digits: the decimal places; if negative, the last figures before the decimal point are so many zeros.
    """
    if digits > 0:
        return rf"-?(?:0|[1-9][0-9]*)(?:\.[0-9]{{1,{digits}}}0*)?"
    zeros = f"0{{{-digits}}}" if digits < 0 else ""
    return rf"-?(?:0|[1-9][0-9]*{zeros})(?:\.0+)?"


def amounts_by_unit(field: Field, units: Units) -> list[tuple[str, str]]:
    """Return the pattern of a number and the unit after it, for each unit of a quantity."""
    own = units.get(field.unit or "")
    assert own is not None, field
    found = []
    for id in units.like(own.dimension):
        unit = units.get(id)
        assert unit is not None
        shift = _power_of_ten(Fraction(unit.size) / Fraction(own.size))
        # Another factor than a power of ten decides about decimal places in ways that no pattern can say.
        number = decimal_pattern(field.digits + shift) if shift is not None else r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
        found.append((number, re.escape(id).replace(r"\ ", " ")))
    return found


def _power_of_ten(factor: Fraction) -> int | None:
    """Return the exponent of a power of ten; None for another number."""
    made = decimal_of(factor)
    if made is None:
        return None
    _, digits, exponent = made.normalize().as_tuple()
    return exponent if digits == (1,) and isinstance(exponent, int) else None


def value_schema(field: Field, units: Units) -> Schema:
    """Return the schema of a value of a field of a fact: an exact value, a list of names for a set, or a bound."""
    if field.type is FieldType.SET:
        return _set(field)
    exact = _exact(field, units)
    return {"anyOf": [exact, *_bounds(field, units)]} if field.type.is_ordered else exact


def any_value(field: Field, units: Units) -> Schema:
    """Return the schema of one exact value of a field (a name, for a set), which need not pass its `valid`."""
    match field.type:
        case FieldType.BOOLEAN:
            return {"type": "boolean"}
        case FieldType.YEAR:
            return dict(YEAR)
        case FieldType.DATE:
            return {"type": "string", "format": "date", "pattern": f"^(?:{DAY})$"}
        case FieldType.TEXT:
            return dict(TEXT)
        case FieldType.ENUM | FieldType.SET:
            return word(field.values)
        case FieldType.QUANTITY:
            amounts = "|".join(f"{number} {unit}" for number, unit in amounts_by_unit(field, units))
            return {"type": "string", "pattern": f"^(?:{amounts})$", "examples": [f"10 {field.unit}"]}
        case _:
            # Decimal places are left out: `multipleOf: 0.1` refuses 4.1 wherever numbers are binary.
            whole = field.type is FieldType.INTEGER or field.digits == 0
            return {"type": "integer" if whole else "number"}


def _exact(field: Field, units: Units) -> Schema:
    if field.valid is None or field.valid.anything:
        return any_value(field, units)
    if field.type.lists_values or field.type is FieldType.BOOLEAN:
        cells = cells_of(field, ())
        names: tuple[Any, ...] = (False, True) if field.type is FieldType.BOOLEAN else field.values
        passing = [name for name in names if cells.bits_of(name) & cells.passing(field.valid)]
        return {"enum": passing} if field.type is FieldType.BOOLEAN else word(passing)
    return both(any_value(field, units), _passing(field.valid, field))


def both(one: Schema, other: Schema) -> Schema:
    """Return the schema of what conforms to both schemas."""
    return {**one, **other} if one.keys().isdisjoint(other) else {**one, "allOf": [other]}


def _passing(valid: UnaryTest, field: Field) -> Schema:
    """Return the schema of the exact values that pass a test; of a quantity and a day only what a pattern can say."""
    stated = [alternative for alternative in valid.alternatives if not isinstance(alternative, Null)]
    if field.type is FieldType.QUANTITY:
        return _signed(valid)
    if field.type is FieldType.DATE:
        return {}
    made = [_inside(alternative, field) for alternative in stated]
    if valid.negated:
        return {"not": {"anyOf": made}} if made and all(made) else {}
    if not made:
        return NOTHING
    return made[0] if len(made) == 1 else {"anyOf": made} if all(made) else {}


def _inside(alternative: Any, field: Field) -> Schema:
    """Return the schema of the values in an interval; `{}` for ends that JSON cannot hold."""
    if field.type is FieldType.TEXT:
        return {"const": alternative.low}
    found: Schema = {}
    for end, is_open, closed_key, open_key in (
        (alternative.low, alternative.low_open, "minimum", "exclusiveMinimum"),
        (alternative.high, alternative.high_open, "maximum", "exclusiveMaximum"),
    ):
        number = None if end is None else json_number(end)
        if end is not None and number is None:
            return {}
        if number is not None:
            found[open_key if is_open else closed_key] = number
    return found


def _signed(valid: UnaryTest) -> Schema:
    """Return the schema of the quantities that have the sign that a test asks for: not below zero, or above it."""
    low, is_open = _hull(valid, upper=False)
    if low is None or low < 0:
        return {}
    zero = r"-?0(?:\.0+)? "
    negative = rf"-(?!{zero[2:]})"
    return {"not": {"pattern": f"^(?:{negative}|{zero})" if low > 0 or is_open else f"^{negative}"}}


def _hull(valid: UnaryTest | None, *, upper: bool) -> tuple[Any, bool]:
    """Return one end of the smallest interval that holds all values that pass, and whether the end itself fails."""
    intervals = [a for a in valid.alternatives if isinstance(a, Interval)] if valid and not valid.negated else []
    ends: list[tuple[Any, bool]] = [(a.high, a.high_open) if upper else (a.low, a.low_open) for a in intervals]
    if not ends or any(end is None for end, _ in ends):
        return None, False
    best = max(end for end, _ in ends) if upper else min(end for end, _ in ends)
    return best, all(is_open for end, is_open in ends if end == best)


def _bounds(field: Field, units: Units) -> list[Schema]:
    """Return the schemas of the two forms of a bound: between two values, and with a lower and an upper end."""
    lower, upper = _end(field, units, upper=False), _end(field, units, upper=True)
    ends = {key: {**(lower if key in _LOWER else upper)[key], "description": BOUNDS[key]} for key in BOUNDS}
    one_sided = {
        **closed("A value that is known only as a range.", ends),
        "minProperties": 1,
        "not": {"anyOf": [{"required": list(_LOWER)}, {"required": list(_UPPER)}]},
    }
    pair = {"type": "array", "prefixItems": [lower["at_least"], upper["at_most"]], "minItems": 2, "maxItems": 2}
    between = {**pair, "items": False, "description": "The value lies between these two, both included."}
    return [one_sided, closed("A value between two others.", {"between": between}, ["between"])]


def _end(field: Field, units: Units, *, upper: bool) -> dict[str, Schema]:
    """Return the schemas of the two keys for one end of a bound. Of the range, some value must pass `valid`."""
    value = any_value(field, units)
    open_key, closed_key = ("less_than", "at_most") if upper else ("more_than", "at_least")
    # An upper end must not lie below all values that pass, nor a lower end above them.
    end, is_open = _hull(field.valid, upper=not upper)
    if end is None or field.type is FieldType.DATE:
        return {open_key: value, closed_key: value}
    if field.type is FieldType.QUANTITY:
        if not upper or field.valid is None:
            return {open_key: value, closed_key: value}
        closed_test = UnaryTest("", (Interval(low=end, low_open=is_open),))
        open_test = UnaryTest("", (Interval(low=end, low_open=True),))
        return {open_key: both(value, _signed(open_test)), closed_key: both(value, _signed(closed_test))}
    number = json_number(end)
    if number is None:
        return {open_key: value, closed_key: value}
    beyond, at = ("exclusiveMinimum", "minimum") if upper else ("exclusiveMaximum", "maximum")
    return {
        open_key: both(value, {beyond: number}),
        closed_key: both(value, {beyond if is_open else at: number}),
    }


def _set(field: Field) -> Schema:
    items: Schema = {"type": "array", "items": word(field.values), "minItems": 1, "uniqueItems": True}
    if field.valid is None or field.valid.anything:
        return {"anyOf": [word(field.values), items]}
    cells = cells_of(field, ())
    passing = cells.passing(field.valid)
    alone = [name for name in field.values if cells.bits_of(frozenset({name})) & passing]
    return {"anyOf": [word(alone), both(items, _sets(field.valid))]}


def _sets(valid: UnaryTest) -> Schema:
    """Return the schema of the lists of names that pass a test."""
    made = [_members(alternative) for alternative in valid.alternatives if isinstance(alternative, Members)]
    if valid.negated:
        return {"not": {"anyOf": made}} if made else {}
    return {"anyOf": made} if made else NOTHING


def _members(members: Members) -> Schema:
    names = sorted(members.names)
    if members.mode is SetMode.CONTAINS:
        return {"contains": word(names)}
    holds_all: Schema = {"allOf": [{"contains": word([name])} for name in names]}
    return {**holds_all, "items": word(names)} if members.mode is SetMode.IS else holds_all

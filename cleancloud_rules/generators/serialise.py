"""Serialises values, conditions and facts to the plain data of a company file."""

from datetime import date
from decimal import Decimal
from typing import Any

from cleancloud_rules.model.conditions import Alternative, Condition, Members, Null, SetMode, UnaryTest
from cleancloud_rules.model.facts import Basis, Fact, Field
from cleancloud_rules.model.values import FieldType, Interval, Value

_BARE = tuple(type for type in FieldType if not type.is_worded and type is not FieldType.QUANTITY)


def stated_value(value: Value, field: Field) -> Any:
    """Return a value as a fact states it.

    Args:
        value: an exact value, a set of names, or a bound.
        field: the field that holds it.
    """
    if isinstance(value, frozenset):
        names = [name for name in field.values if name in value]
        return names[0] if len(names) == 1 else names
    if not isinstance(value, Interval):
        return _exact(value, field)
    ends = value.written
    if ends.is_closed:
        return {"between": [_exact(ends.low, field), _exact(ends.high, field)]}
    bound = {}
    if ends.low is not None:
        bound["more_than" if ends.low_open else "at_least"] = _exact(ends.low, field)
    if ends.high is not None:
        bound["less_than" if ends.high_open else "at_most"] = _exact(ends.high, field)
    return bound


def _exact(value: Any, field: Field) -> Any:
    return f"{value:f} {field.unit}" if field.type is FieldType.QUANTITY else value


def stated_condition(condition: Condition, fields: dict[str, Field]) -> dict[str, Any]:
    """Return a condition as `not_found` states it.

    Args:
        condition: the condition.
        fields: the fields that it tests, by name.
    """
    tests: dict[str, Any] = {}
    for test in condition.tests:
        text = stated_test(test.test, fields[test.field])
        if test.field.startswith("evidence."):
            tests.setdefault("evidence", {})[test.field.removeprefix("evidence.")] = text
        else:
            tests[test.field] = text
    return {condition.fact_type: tests}


def stated_test(test: UnaryTest, field: Field) -> Any:
    """Return a unary test as a file writes it."""
    if test.anything:
        return "-"
    only = test.alternatives[0] if len(test.alternatives) == 1 and not test.negated else None
    match only:
        case Members(SetMode.ALL | SetMode.IS as mode, names):
            return {mode.value: sorted(names)}
        case Interval() if only.is_point and field.type in _BARE:
            return only.low
    inside = ", ".join(_alternative(alternative, field) for alternative in test.alternatives)
    if test.negated:
        return f"not({inside})"
    if inside[0] in '<>[("]' or inside == "null":
        return inside
    return [None if isinstance(a, Null) else _bare_alternative(a, field) for a in test.alternatives]


def _bare_alternative(alternative: Alternative, field: Field) -> Any:
    if isinstance(alternative, Interval) and alternative.is_point and field.type in _BARE:
        return alternative.low
    return _alternative(alternative, field)


def _alternative(alternative: Alternative, field: Field) -> str:
    match alternative:
        case Null():
            return "null"
        case Members(_, names):
            return ", ".join(f'"{name}"' for name in sorted(names))
        case _ if alternative.is_point:
            return _inside(alternative.low, field)
        case Interval():
            ends = alternative.written
    if ends.high is None:
        return f"{'>' if ends.low_open else '>='} {_inside(ends.low, field)}"
    if ends.low is None:
        return f"{'<' if ends.high_open else '<='} {_inside(ends.high, field)}"
    opening, closing = "(" if ends.low_open else "[", ")" if ends.high_open else "]"
    return f"{opening}{_inside(ends.low, field)}..{_inside(ends.high, field)}{closing}"


def _inside(value: Any, field: Field) -> str:
    """Return a value as it stands inside a test."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, Decimal):
        return f"{value:f} {field.unit}" if field.type is FieldType.QUANTITY else f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def stated_fact(fact: Fact) -> dict[str, Any]:
    """Return a fact as a company file states it; its source is named only.

    Args:
        fact: a stated fact, not a derived one.
    """
    values = {name: stated_value(value, _field(fact, name)) for name, value in fact.values.items()}
    beside = {
        "disclosed": list(fact.disclosed) or None,
        "period": fact.period and (int(fact.period.text) if fact.period.text.isdigit() else fact.period.text),
        "as_of": fact.as_of,
        "basis": fact.basis.value if fact.basis is not Basis.REPORTED else None,
        "entity": fact.entity,
        "source": fact.source and fact.source.id,
        "locator": fact.locator,
        "note": fact.note,
    }
    return {fact.type: values, **{key: value for key, value in beside.items() if value is not None}}


def _field(fact: Fact, name: str) -> Field:
    found = fact.values.fact_type.get(name)
    assert found is not None, name
    return found

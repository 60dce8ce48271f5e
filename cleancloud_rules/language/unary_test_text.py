"""Unary tests as text, in the canonical spelling of messages and explanations."""

import re
from datetime import date
from decimal import Decimal

from cleancloud_rules.model.conditions import Alternative, Members, Null, SetMode, UnaryTest
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.values import FieldType, Interval, Plain

TEST = re.compile(r'\s*([<>\[\]("=]|!=|not\s*\(|(-|null)\s*$)')
"""How a text begins that is parsed as a test."""

EXPRESSION = re.compile(r"[a-z_]+( [a-z]+)*\(.*\)\s*$|.*(<=|>=|==|!=|=~| [<>] )|\S*[^.]\.\.[^.]\S*\s*$")
"""What was probably meant as a test and is no text."""

_TO_ESCAPE = re.compile(r'["\\]')


def looks_like_test(text: str) -> bool:
    """Whether a text in a condition is parsed as a test and not as a value."""
    return TEST.match(text) is not None


def looks_like_expression(text: str) -> bool:
    """Whether a text was probably meant as a call (``contains(x)``), a comparison (``length >= 5``) or a range."""
    return EXPRESSION.match(text) is not None


def test_text(test: UnaryTest, field: Field) -> str:
    """Return a test in its canonical spelling, as messages and explanations show it.

    As a plain value in YAML the text is read as the same test. The exceptions are ``all [...]`` and ``is [...]``,
    which are mappings in YAML.
    """
    if test.anything:
        return "-"
    if len(test.alternatives) == 1 and not test.negated and field.type.lists_values:
        return _single_name(test.alternatives[0], field)
    inside = ", ".join(_alternative_text(a, field) for a in test.alternatives)
    return f"not({inside})" if test.negated else inside


def _single_name(alternative: Alternative, field: Field) -> str:
    match alternative:
        case Null():
            return "null"
        case Members(mode, names):
            ordered = ", ".join(name for name in field.values if name in names)
            text = ordered if mode is SetMode.CONTAINS else f"{mode.value} [{ordered}]"
        case _:
            text = str(alternative.low)
    return f'"{text}"' if looks_like_test(text) else text


def _alternative_text(alternative: Alternative, field: Field) -> str:
    match alternative:
        case Null():
            return "null"
        case Members(_, names):
            return ", ".join(f'"{name}"' for name in field.values if name in names)
        case _:
            return interval_text(alternative, field)


def interval_text(interval: Interval, field: Field) -> str:
    """Return an interval as a test writes it: ``>= 10``, ``(0..6)``, ``2030``."""
    low = None if interval.low is None else _literal_text(interval.low, field)
    high = None if interval.high is None else _literal_text(interval.high, field)
    if interval.is_point:
        return str(low)
    if low is None:
        return f"{'<' if interval.high_open else '<='} {high}"
    if high is None:
        return f"{'>' if interval.low_open else '>='} {low}"
    opening, closing = "(" if interval.low_open else "[", ")" if interval.high_open else "]"
    return f"{opening}{low}..{high}{closing}"


def _literal_text(value: Plain, field: Field) -> str:
    text = plain_text(value, field)
    return '"' + _TO_ESCAPE.sub(r"\\\g<0>", text) + '"' if field.type.is_worded else text


def plain_text(value: Plain, field: Field) -> str:
    """Return one exact value as a test writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f} {field.unit}" if field.type is FieldType.QUANTITY else f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)

"""Nodes to unary tests: a grammar for those written as text, YAML's own forms for the rest."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from attrs import evolve
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from cleancloud_rules._findings import Gather, did_you_mean, listed, reject
from cleancloud_rules._values import (
    DECIMAL_TYPES,
    ORDERED_TYPES,
    enum_of,
    exact_value,
    fits_digits,
    in_unit_of,
    known_name,
    parsed_date,
    shown,
    wrong_type,
    year_days,
)
from cleancloud_rules.conditions import Alternative, Members, Null, SetMode, UnaryTest
from cleancloud_rules.documents import Mapping, Node, Scalar, Sequence
from cleancloud_rules.facts import Field
from cleancloud_rules.units import Units
from cleancloud_rules.values import Interval, Plain

GRAMMAR = r"""
start: "-" -> anything
     | "not" LPAR alternatives RPAR -> negation
     | alternatives

alternatives: test ("," test)*
test: "null" -> null
    | OPERATOR literal -> comparison
    | opening literal ".." literal closing -> range
    | literal -> equality
opening: LSQB | LPAR | RSQB
closing: RSQB | RPAR | LSQB
literal: STRING | DATE | NUMBER UNIT? | WORD

OPERATOR: "<=" | ">=" | "<" | ">"
LSQB: "["
RSQB: "]"
LPAR: "("
RPAR: ")"
STRING: /"[^"]*"/
DATE.2: /\d{4}-\d{2}-\d{2}/
NUMBER: /-?(0|[1-9][0-9]*)(\.[0-9]+)?(?![0-9_])/
UNIT: /[A-Za-z][A-Za-z0-9]*( [A-Za-z][A-Za-z0-9]*)*/
WORD: /[A-Za-z][A-Za-z0-9_]*/
%ignore /[ ]+/
"""
"""The unary tests of the criteria language, a part of FEEL's."""

_STARTS = ("<", ">", "[", "(", "]", '"', "not(", "not (", "=", "!=")
_EXPECTED = {
    "OPERATOR": "an operator", "LSQB": "`[`", "RSQB": "`]`", "STRING": "a text in double quotes",
    "DATE": "a date", "NUMBER": "a number", "UNIT": "a unit", "WORD": "a word", "RPAR": "`)`", "COMMA": "`,`",
    "$END": "the end", "NULL": "`null`", "NOT": "`not(`", "LPAR": "`(`", "__ANON_0": "`..`", "MINUS": "`-`",
}  # fmt: skip


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr")


def looks_like_test(text: str) -> bool:
    """Whether a text in a condition is read by the grammar rather than as a value."""
    return text.startswith(_STARTS) or text.strip() in ("-", "null")


def test_of(node: Node, field: Field, units: Units) -> UnaryTest:
    """Return the unary test that a node writes for a field.

    Raises:
        Rejected: with every finding in the node.
    """
    test = _read(node, field, units)
    return evolve(test, text=test_text(test, field))


def _read(node: Node, field: Field, units: Units) -> UnaryTest:
    if isinstance(node, Sequence):
        return _one_of(node, field, units)
    if isinstance(node, Mapping):
        return _set_test(node, field)
    if node.value is None:
        return _null(node, field)
    if isinstance(node.value, str) and node.style != "block" and looks_like_test(node.raw):
        return _parse(node, field, units)
    if field.type == "set":
        return UnaryTest("", (Members(SetMode.CONTAINS, frozenset({enum_of(node, field)})),))
    if field.type == "date" and type(node.value) is int:
        return UnaryTest("", (_year_as_days(node.value, node.raw, node.location),))
    return UnaryTest("", (Interval.at(exact_value(node, field, units)),))


def _null(node: Scalar, field: Field) -> UnaryTest:
    if node.raw == "null" and node.style in ("plain", "data"):
        return UnaryTest("", (Null(),))
    help = "write `null` for a missing value, `not(null)` for any value, `-` for no test"
    raise reject("empty-value", f"the test on `{field.id}` is empty", node.location, help)


def _one_of(node: Sequence, field: Field, units: Units) -> UnaryTest:
    gather = Gather()
    if not node.items:
        gather.add("empty-value", f"the list of values for `{field.id}` is empty", node.location)
    alternatives: list[Alternative] = []
    for item in node.items:
        if isinstance(item, Scalar) and item.style == "plain" and ".." in item.raw:
            help = f'quote the whole range: `"[{item.raw}]"`'
            message = f"`[{item.raw}]` unquoted is a list of one text, not a range"
            gather.add("unquoted-range", message, node.location, help)
            continue
        test = gather.attempt(_read, item, field, units)
        if test is None:
            continue
        if test.anything or test.negated or not isinstance(item, Scalar):
            gather.add("bad-test", f"{shown(item)} cannot stand in a list of values", item.location)
        alternatives.extend(test.alternatives)
    gather.raise_if_any()
    return UnaryTest("", tuple(alternatives))


def _set_test(node: Mapping, field: Field) -> UnaryTest:
    if field.type != "set":
        if any(str(e.key.value) in ("more_than", "at_least", "less_than", "at_most") for e in node):
            raise wrong_type(node, f"a test on `{field.id}`", 'write it as an operator: `"> 10"`')
        raise wrong_type(node, f"a test on `{field.id}`")
    modes = {"all": SetMode.ALL, "is": SetMode.IS}
    gather = Gather()
    found: list[Members] = []
    for entry in node:
        name = str(entry.key.value)
        if name not in modes:
            gather.add(
                "unknown-key",
                f"`{name}` is not a test on a set",
                entry.key.location,
                did_you_mean(name, modes),
            )
            continue
        items = entry.value.items if isinstance(entry.value, Sequence) else (entry.value,)
        names = [gather.attempt(enum_of, item, field) for item in items]
        found.append(Members(modes[name], frozenset(n for n in names if n is not None)))
        if not items:
            gather.add("empty-value", f"`{name}` is an empty list", entry.value.location)
    if not gather.diagnostics and len(found) != 1:
        gather.add("bad-test", "write one of `all: [...]` and `is: [...]`", node.location)
    gather.raise_if_any()
    return UnaryTest("", tuple(found))


def _parse(node: Scalar, field: Field, units: Units) -> UnaryTest:
    try:
        tree = _parser().parse(node.raw)
    except UnexpectedInput as error:
        raise _syntax(error, node, field) from None
    gather = Gather()
    negated = tree.data == "negation"
    if tree.data == "anything":
        return UnaryTest("", anything=True)
    inner: Any = next(child for child in tree.children if isinstance(child, Tree))
    alternatives = [gather.attempt(_alternative, t, node, field, units) for t in inner.children]
    gather.raise_if_any()
    return UnaryTest("", tuple(a for a in alternatives if a is not None), negated)


def _syntax(error: UnexpectedInput, node: Scalar, field: Field) -> Exception:
    start = min(max(error.pos_in_stream or 0, 0), len(node.raw))  # type: ignore[redundant-expr]
    width = 1
    expected: set[str] = set()
    if isinstance(error, UnexpectedToken):
        if error.token.type == "$END":
            start = len(node.raw)
        width = max(1, len(str(error.token)))
        expected = set(error.expected)
    elif isinstance(error, UnexpectedCharacters):
        expected = set(error.allowed or ())
    names = sorted({_EXPECTED.get(name, name) for name in expected} - {"a word"})
    got = f"`{node.raw[start : start + width]}`" if start < len(node.raw) else "the end"
    if start >= len(node.raw):
        start, width = max(0, len(node.raw) - 1), 1
    message = f"bad test `{node.raw}`: expected {' or '.join(names)}, got {got}"
    help = ""
    if node.raw.startswith(("=", "!=")):
        help = "equality needs no operator; inequality is `not(...)`"
    elif node.raw.startswith('"') or field.type == "text":
        help = f"a text that looks like a test stands in double quotes inside single ones: `'\"{node.raw}\"'`"
    return reject("bad-test", message, node.span(start, start + width), help)


def _alternative(tree: Tree[Token], node: Scalar, field: Field, units: Units) -> Alternative:
    if tree.data == "null":
        return Null()
    if tree.data == "equality":
        interval = _literal(tree.children[0], node, field, units)
        if field.type == "set":
            return Members(SetMode.CONTAINS, frozenset({str(interval.low)}))
        return interval
    first, last = _tokens(tree)[0], _tokens(tree)[-1]
    where = node.span(first.start_pos or 0, last.end_pos or 0)
    if field.type not in ORDERED_TYPES:
        text = node.raw[first.start_pos : last.end_pos]
        message = f"`{text}` needs an order, and `{field.id}` is of type {field.type}"
        raise reject("bad-test", message, where, "test for equality or with `not(...)`")
    if tree.data == "comparison":
        return _comparison(str(tree.children[0]), _literal(tree.children[1], node, field, units))
    opening, low_tree, high_tree, closing = tree.children
    gather = Gather()
    low = gather.attempt(_literal, low_tree, node, field, units)
    high = gather.attempt(_literal, high_tree, node, field, units)
    gather.raise_if_any()
    assert low is not None and high is not None
    low_open, high_open = str(_tokens(opening)[0]) != "[", str(_tokens(closing)[0]) != "]"
    found = Interval(low.high if low_open else low.low, high.low if high_open else high.high, low_open, high_open)
    if found.closed().is_empty:
        text = node.raw[first.start_pos : last.end_pos]
        raise reject("empty-range", f"no value lies in `{text}`", where)
    return found


def _comparison(operator: str, value: Interval) -> Interval:
    match operator:
        case "<":
            return Interval(high=value.low, high_open=True)
        case "<=":
            return Interval(high=value.high)
        case ">":
            return Interval(low=value.high, low_open=True)
        case _:
            return Interval(low=value.low)


def _tokens(tree: Any) -> list[Token]:
    if isinstance(tree, Token):
        return [tree]
    return [token for child in tree.children for token in _tokens(child)]


def _literal(tree: Any, node: Scalar, field: Field, units: Units) -> Interval:
    tokens = _tokens(tree)
    start, end = tokens[0].start_pos or 0, tokens[-1].end_pos or 0
    where = node.span(start, end)
    kind, text = tokens[0].type, str(tokens[0])
    written = node.raw[start:end]

    def mismatch(expected: str, help: str = "") -> Exception:
        return reject("wrong-type", f"expected {expected}, got `{written}`", where, help)

    if kind == "STRING":
        if field.type == "text":
            return Interval.at(text[1:-1])
        if field.type in ("enum", "set"):
            return Interval.at(known_name(text[1:-1], field, where))
        raise mismatch(_article(field), "leave the double quotes out")
    if kind == "WORD":
        if field.type == "boolean" and text in ("true", "false"):
            return Interval.at(text == "true")
        help = f'a text stands in double quotes: `"{text}"`' if field.type in ("text", "enum", "set") else ""
        raise mismatch(_article(field), help)
    if kind == "DATE":
        if field.type != "date":
            raise mismatch(_article(field))
        return Interval.at(parsed_date(text, where))
    if field.type == "quantity":
        if len(tokens) == 1:
            raise mismatch(f"a quantity such as `{text} {field.unit}`", "name the unit")
        amount = in_unit_of(Decimal(text), str(tokens[1]).strip(), field, units, where)
        return Interval.at(fits_digits(amount, field, where))
    if len(tokens) > 1:
        raise mismatch(_article(field), f"`{field.id}` has no unit")
    return _number(text, field, where, mismatch)


def _number(text: str, field: Field, where: Any, mismatch: Any) -> Interval:
    number = Scalar(Decimal(text) if "." in text else int(text), where, text)
    if field.type in DECIMAL_TYPES or field.type in ("integer", "year"):
        return Interval.at(exact_value(number, field, Units()))
    if field.type == "date" and "." not in text:
        return _year_as_days(int(text), text, where)
    raise mismatch(_article(field))


def _year_as_days(year: int, text: str, where: Any) -> Interval:
    if not 1000 <= year <= 9999:
        raise reject("bad-date", f"`{text}` is no year of four digits", where)
    return year_days(year)


def _article(field: Field) -> str:
    match field.type:
        case "boolean":
            return "`true` or `false`"
        case "integer":
            return "a whole number"
        case "enum" | "set":
            return f"one of {listed(field.values)}"
        case _:
            return f"a {field.type}"


def test_text(test: UnaryTest, field: Field) -> str:
    """Return a test in its canonical spelling, as messages and explanations show it."""
    if test.anything:
        return "-"
    inside = ", ".join(_alternative_text(a, field) for a in test.alternatives)
    return f"not({inside})" if test.negated else inside


def _alternative_text(alternative: Alternative, field: Field) -> str:
    match alternative:
        case Null():
            return "null"
        case Members(mode, names):
            ordered = ", ".join(name for name in field.values if name in names)
            return ordered if mode is SetMode.CONTAINS else f"{mode.value} [{ordered}]"
        case _:
            return interval_text(alternative, field)


def interval_text(interval: Interval, field: Field) -> str:
    """Return an interval as a test writes it: ``>= 10``, ``(0..6)``, ``2030``."""
    low = None if interval.low is None else plain_text(interval.low, field)
    high = None if interval.high is None else plain_text(interval.high, field)
    if interval.is_point:
        return str(low)
    if low is None:
        return f"{'<' if interval.high_open else '<='} {high}"
    if high is None:
        return f"{'>' if interval.low_open else '>='} {low}"
    opening, closing = "(" if interval.low_open else "[", ")" if interval.high_open else "]"
    return f"{opening}{low}..{high}{closing}"


def plain_text(value: Plain, field: Field) -> str:
    """Return one exact value as a test writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f} {field.unit}" if field.type == "quantity" else f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)

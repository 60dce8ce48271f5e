"""Parser of unary tests: a grammar for tests written as text, and YAML lists and mappings for the others."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected, did_you_mean, listed, reject
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.diagnostics.lookalikes import in_place_of, lookalike_hint, lookalike_in, meant
from cleancloud_rules.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.documents.yaml import resolve
from cleancloud_rules.language.unary_test_text import looks_like_expression, looks_like_test, test_text
from cleancloud_rules.language.values import (
    enum_of,
    exact_value,
    fits_digits,
    in_unit_of,
    known_name,
    number_in,
    parsed_date,
    shown,
    wrong_type,
    year_days,
    year_of,
)
from cleancloud_rules.model.conditions import Alternative, Members, Null, SetMode, UnaryTest
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.texts import composed
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import FieldType, Interval

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
STRING: /"([^"\\]|\\["\\])*"/
DATE.2: /[0-9]{4}-[0-9]{2}-[0-9]{2}/
NUMBER: /-?(0|[1-9][0-9]*)(\.[0-9]+)?(?![0-9_]|,[0-9])/
UNIT: /[A-Za-z][A-Za-z0-9]*( [A-Za-z][A-Za-z0-9]*)*/
WORD: /[A-Za-z][A-Za-z0-9_]*/
%ignore /[ ]+/
"""
"""The grammar of unary tests: a subset of FEEL."""

_ESCAPED = re.compile(r'\\(["\\])')
_ODD_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.\"])(\+[0-9][0-9.]*|\.[0-9]+|[-+]?0[0-9]+|-?[0-9][0-9.]*([eE][-+]?[0-9]+|_[0-9_]+|(,[0-9]+)+))"
)
_TURNED = re.compile(r"=\s*([<>])")
_SIGN = re.compile(r"([<>]=?)")
_EXPECTED = {
    "LSQB": "`[`", "RSQB": "`]`", "LPAR": "`(`", "RPAR": "`)`", "COMMA": "`,`", "__ANON_0": "`..`",
    "STRING": "a value", "DATE": "a value", "NUMBER": "a value", "WORD": "a value", "UNIT": "a unit",
    "$END": "the end",
}  # fmt: skip
"""The names of the grammar's terminals in messages, for places where no complete test is expected."""


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr")


def test_of(node: Node, field: Field, units: Units) -> UnaryTest:
    """Return the unary test that a node describes for a field.

    Raises:
        Rejected: with all diagnostics of the node.
    """
    test = _read(node, field, units)
    return UnaryTest(test_text(test, field), test.alternatives, test.negated, test.anything)


def _read(node: Node, field: Field, units: Units) -> UnaryTest:
    if isinstance(node, SequenceNode):
        return _one_of(node, field, units)
    if isinstance(node, MappingNode):
        return _set_test(node, field)
    if node.value is None:
        return _null(node, field)
    if isinstance(node.value, str) and node.style != "block":
        if not field.type.is_worded and looks_like_test(meant(node.raw)) and not looks_like_test(node.raw):
            raise reject("bad-test", f"bad test `{node.raw}`", node.location, _lookalike_meant(node.raw))
        if looks_like_test(node.raw) or (not field.type.is_worded and ", " in node.raw):
            return _parse(node, field, units)
        if field.type is FieldType.TEXT and looks_like_expression(node.raw):
            message = f"`{node.raw}` is not a test: a test on a text names the whole text"
            raise reject("bad-test", message, node.location, _in_quotes(node.raw))
        if field.type.is_ordered and ".." in node.raw:
            message = f"`{node.raw}` without brackets is not a range"
            raise reject("bad-test", message, node.location, f'put it in brackets: `"[{node.raw}]"`')
    if field.type is FieldType.SET:
        return UnaryTest("", (Members(SetMode.CONTAINS, frozenset({enum_of(node, field)})),))
    if field.type is FieldType.DATE and type(node.value) is int:
        return UnaryTest("", (year_days(year_of(node)),))
    return UnaryTest("", (Interval.at(exact_value(node, field, units)),))


def _in_quotes(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("'", "''")
    return f"""put it in inner quotes if it is meant as a text: `'"{escaped}"'`"""


def _null(node: ScalarNode, field: Field) -> UnaryTest:
    if node.raw == "null" and node.style in ("plain", "data"):
        return UnaryTest("", (Null(),))
    help = "write `null` for a missing value, `not(null)` for any value, `-` for no test"
    raise wrong_type(node, f"a test on `{field.id}`", help)


def _one_of(node: SequenceNode, field: Field, units: Units) -> UnaryTest:
    gather = DiagnosticCollector()
    if not node.items:
        gather.add("empty-value", f"the list of values for `{field.id}` is empty", node.location)
    alternatives: list[Alternative] = []
    for item in node.items:
        if isinstance(item, ScalarNode) and ".." in item.raw and field.type.is_ordered and _is_bare(item):
            help = f'quote the whole range: `"[{item.raw}]"`'
            message = f"unquoted `[{item.raw}]` is a list of one text, not a range"
            gather.add("unquoted-range", message, node.location, help)
            continue
        test = gather.attempt(_read, item, field, units)
        if test is None:
            continue
        if test.anything or test.negated or not isinstance(item, ScalarNode):
            gather.add("bad-test", f"a list of values cannot contain {shown(item)}", item.location)
        alternatives.extend(test.alternatives)
    gather.raise_if_any()
    return UnaryTest("", _in_order(alternatives))


def _is_bare(item: ScalarNode) -> bool:
    return isinstance(item.value, str) and not looks_like_test(item.raw)


def _in_order(alternatives: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """Return the alternatives without repetitions, `null` last."""
    return tuple(sorted(dict.fromkeys(alternatives), key=lambda alternative: isinstance(alternative, Null)))


def _set_test(node: MappingNode, field: Field) -> UnaryTest:
    if field.type is not FieldType.SET:
        if any(str(e.key.value) in ("more_than", "at_least", "less_than", "at_most") for e in node):
            raise wrong_type(node, f"a test on `{field.id}`", 'write it as an operator: `"> 10"`')
        raise wrong_type(node, f"a test on `{field.id}`")
    modes = {"all": SetMode.ALL, "is": SetMode.IS}
    gather = DiagnosticCollector()
    found: list[Members] = []
    for entry in node:
        name = str(entry.key.value)
        if name == "together":
            message = "`together` stands only in conditions of rules that must hold, and not under `none` or `count`"
            gather.add("bad-test", message, entry.key.location, "one fact has all names: write `all`")
            continue
        if name not in modes:
            gather.add(
                "unknown-key",
                f"`{name}` is not a test on a set",
                entry.key.location,
                did_you_mean(name, modes),
            )
            continue
        items = entry.value.items if isinstance(entry.value, SequenceNode) else (entry.value,)
        names = [gather.attempt(enum_of, item, field) for item in items]
        found.append(Members(modes[name], frozenset(n for n in names if n is not None)))
        if not items:
            gather.add("empty-value", f"`{name}` is an empty list", entry.value.location)
    if not gather.failed and len(found) != 1:
        gather.add(
            "bad-test", "a test on a set has either `all: [...]`, `is: [...]` or `together: [...]`", node.location
        )
    gather.raise_if_any()
    return UnaryTest("", tuple(found))


def _parse(node: ScalarNode, field: Field, units: Units) -> UnaryTest:
    try:
        tree = _parser().parse(node.raw)
    except UnexpectedInput as error:
        raise _syntax(error, node, field) from None
    gather = DiagnosticCollector()
    negated = tree.data == "negation"
    if tree.data == "anything":
        return UnaryTest("", anything=True)
    inner: Any = next(child for child in tree.children if isinstance(child, Tree))
    alternatives = [gather.attempt(_alternative, t, node, field, units) for t in inner.children]
    gather.raise_if_any()
    return UnaryTest("", _in_order(a for a in alternatives if a is not None), negated)


def _syntax(error: UnexpectedInput, node: ScalarNode, field: Field) -> Rejected:
    raw = node.raw
    start, width = min(max(error.pos_in_stream or 0, 0), len(raw)), 1  # type: ignore[redundant-expr]
    if isinstance(error, UnexpectedToken) and error.token.type == "$END":
        start = len(raw)
    elif isinstance(error, UnexpectedToken):
        width = max(1, len(str(error.token)))
    number = next((m for m in _ODD_NUMBER.finditer(raw) if m.start() <= start < m.end()), None)
    expected = _accepted(raw[: number.start() if number else start])
    if number:
        start, width = number.start(), len(number[0])
    got = f"`{raw[start : start + width]}`" if start < len(raw) else "the end"
    if start >= len(raw):
        start, width = max(0, len(raw) - 1), 1
    message = f"bad test `{raw}`: expected {expected}, got {got}"
    return reject("bad-test", message, node.span(start, start + width), _help(raw, start, field, number))


def _accepted(start: str) -> str:
    """Return in words what can follow the beginning of a test."""
    # The state of the LALR parser after the valid beginning knows the terminals that it accepts next.
    parser: Any = _parser().parse_interactive(start)
    for _ in parser.iter_parse():
        pass
    accepted = parser.accepts()
    names = ["a test"] if "OPERATOR" in accepted else sorted({_EXPECTED[name] for name in accepted})
    return " or ".join(names)


def _help(raw: str, start: int, field: Field, number: re.Match[str] | None) -> str:
    if hint := _lookalike_meant(raw):
        return hint
    if test := _meant(raw):
        return f'write `"{test}"`'
    if raw.lstrip().startswith(("=", "!=")):
        return "equality needs no operator; inequality is `not(...)`"
    if number:
        return "write a number in digits, such as `0.5`, `-3` or `1300`; write a space after a comma between values"
    if raw.count('"') % 2:
        return "a double quote is missing"
    if raw[start : start + 1] == "%":
        return "write the number without `%`"
    if field.type is FieldType.TEXT:
        escaped = raw.replace("\\", "\\\\").replace('"', '\\"')
        return f"put a text that looks like a test in double quotes inside single ones: `'\"{escaped}\"'`"
    return ""


def _lookalike_meant(raw: str) -> str:
    """Return a hint for a test with look-alikes of other characters; else an empty text."""
    hint, found = lookalike_hint(raw), lookalike_in(raw)
    if not hint or not found:
        return ""
    test = meant(raw).strip("\"' ")
    return f'write `"{_meant(test) or test}"`: {in_place_of(found[0])}'


def _meant(raw: str) -> str:
    """Return the test that was probably meant by `=>` or by a comparison of both ends, such as ``> 5 and < 10``."""
    test = _TURNED.sub(r"\1=", raw)
    parts = [part.strip() for part in _SIGN.split(test)]
    if len(parts) == 5 and not parts[0] and parts[1][0] != parts[3][0]:
        ends = sorted([(parts[1], parts[2].removesuffix("and").rstrip(" &")), (parts[3], parts[4])])
        (below, high), (above, low) = ends
        test = f"{'[' if '=' in above else '('}{low}..{high}{']' if '=' in below else ')'}"
    try:
        _parser().parse(test)
    except UnexpectedInput:
        return ""
    return test


def _alternative(tree: Tree[Token], node: ScalarNode, field: Field, units: Units) -> Alternative:
    if tree.data == "null":
        return Null()
    if tree.data == "equality":
        interval = _literal(tree.children[0], node, field, units)
        if field.type is FieldType.SET:
            return Members(SetMode.CONTAINS, frozenset({str(interval.low)}))
        return interval
    first, last = _tokens(tree)[0], _tokens(tree)[-1]
    where = node.span(first.start_pos or 0, last.end_pos or 0)
    if not field.type.is_ordered:
        text = node.raw[first.start_pos : last.end_pos]
        message = f"`{text}` needs values with an order, but `{field.id}` is of type {field.type}"
        raise reject("bad-test", message, where, "test for equality or with `not(...)`")
    if tree.data == "comparison":
        return _comparison(str(tree.children[0]), _literal(tree.children[1], node, field, units))
    opening, low_tree, high_tree, closing = tree.children
    gather = DiagnosticCollector()
    low = gather.attempt(_literal, low_tree, node, field, units)
    high = gather.attempt(_literal, high_tree, node, field, units)
    gather.raise_if_any()
    assert low is not None and high is not None
    # A literal is an interval, since a year is a span of days: an end that is excluded excludes all of the year.
    low_open, high_open = str(_tokens(opening)[0]) != "[", str(_tokens(closing)[0]) != "]"
    found = Interval(low.high if low_open else low.low, high.low if high_open else high.high, low_open, high_open)
    if found.is_empty:
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


def _literal(tree: Any, node: ScalarNode, field: Field, units: Units) -> Interval:
    tokens = _tokens(tree)
    start, end = tokens[0].start_pos or 0, tokens[-1].end_pos or 0
    where = node.span(start, end)
    kind, text = tokens[0].type, str(tokens[0])
    match kind:
        case "STRING":
            word = _ESCAPED.sub(r"\1", text[1:-1])
            if field.type is FieldType.TEXT and word.strip():
                return Interval.at(composed(word))
            if field.type.lists_values:
                return Interval.at(known_name(word, field, where))
            help = "write a text that is not empty" if field.type is FieldType.TEXT else "remove the double quotes"
        case "WORD":
            if field.type is FieldType.BOOLEAN and text in ("true", "false"):
                return Interval.at(text == "true")
            help = f'put a text in double quotes: `"{text}"`' if field.type.is_worded else ""
        case "DATE":
            if field.type is FieldType.DATE:
                return Interval.at(parsed_date(text, where))
            help = ""
        case _:
            unit = str(tokens[1]).strip() if len(tokens) > 1 else None
            place = node.span(tokens[-1].start_pos or 0, end)
            if (number := _number(text, unit, (where, place), field, units)) is not None:
                return number
            help = f"`{field.id}` has no unit" if unit else ""
            help = f"name the unit: `{text} {field.unit}`" if field.type is FieldType.QUANTITY else help
    raise reject("wrong-type", f"expected {_article(field)}, got `{node.raw[start:end]}`", where, help)


def _number(
    text: str, unit: str | None, places: tuple[Location, Location], field: Field, units: Units
) -> Interval | None:
    """Return the values that a number means for a field; None if it means nothing, such as for a wrong unit."""
    where, place_of_unit = places
    if field.type is FieldType.QUANTITY and unit is not None:
        number = in_unit_of(number_in(text, where), unit, field, units, place_of_unit)
        return Interval.at(fits_digits(number, field, where))
    if unit is not None or not field.type.is_ordered or field.type is FieldType.QUANTITY:
        return None
    number_in(text, where)
    node = ScalarNode(resolve(text), where, text)
    if field.type is FieldType.DATE:
        return year_days(year_of(node))
    return Interval.at(exact_value(node, field, units))


def _article(field: Field) -> str:
    match field.type:
        case FieldType.BOOLEAN:
            return "`true` or `false`"
        case FieldType.INTEGER:
            return "a whole number"
        case FieldType.ENUM | FieldType.SET:
            return f"one of {listed(field.values)}"
        case FieldType.TEXT:
            return "a text in double quotes"
        case FieldType.QUANTITY:
            return f"a quantity such as `10 {field.unit}`"
        case FieldType.DATE:
            return "a date such as `2024-06-30`"
        case FieldType.YEAR:
            return "a year such as `2030`"
        case _:
            return "a number"

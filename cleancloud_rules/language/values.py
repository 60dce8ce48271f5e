"""Parser of typed values. Nothing is coerced, and each diagnostic says what was expected."""

import re
from datetime import date
from decimal import Decimal
from typing import TypeGuard

from cleancloud_rules.diagnostics.collector import Rejected, did_you_mean, listed, reject
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.diagnostics.lookalikes import (
    lookalike_hint,
    lookalike_in,
    meant,
    named,
    sign_in_place_of,
    structural_in,
)
from cleancloud_rules.documents.limits import MAX_DIGITS, MAX_FIGURES, too_many_digits
from cleancloud_rules.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.documents.unknown_keys import without_separators
from cleancloud_rules.documents.yaml import resolve
from cleancloud_rules.model.exact import digits_of, plain
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.texts import composed
from cleancloud_rules.model.units import Units, convert
from cleancloud_rules.model.values import FIRST_YEAR, LAST_YEAR, FieldType, Interval, Period, Plain

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTERVAL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})/([0-9]{4}-[0-9]{2}-[0-9]{2})")
_QUANTITY = re.compile(r"(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?) (\S.*)")
# What other YAML readers take for numbers, booleans, merges, sexagesimal numbers and dates.
_ODD_NUMBER = re.compile(r"[-+]?[0-9.][0-9_.:]*([eE][-+]?[0-9]+)?|0[xob][0-9a-fA-F_]+|[-+]?\.(inf|nan)", re.IGNORECASE)
_SURPRISES = re.compile(
    r"y|n|yes|no|on|off|true|false|null|<<|=|"
    r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?",
    re.IGNORECASE,
)
# A number written with a plus sign, separated thousands, an exponent of one digit or a percent sign.
_MEANT = re.compile(
    r"\+?(-?(?=\.?[0-9])(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:[,_ '][0-9]{3})+)?(?:\.[0-9]*)?(?:[eE][-+]?[0-9])?) ?%?"
)
_SEPARATORS = re.compile("[,_ ']")
_DECIMAL_COMMA = re.compile(r"\+?(-?[0-9]+),([0-9]+) ?%?")
_LARGER = ("a mapping", "a list", "tests on", "a condition", "a block")
"""How the words begin for what is no single value."""


def shown(node: Node) -> str:
    """Return how a message quotes a node."""
    match node:
        case ScalarNode():
            if node.style == "block":
                return "a block text"
            text = node.raw if len(node.raw) <= 60 else node.raw[:57] + "..."
            is_bare = not isinstance(node.value, str) or node.style in ("plain", "cell")
            return f"`{text}`" if is_bare else f'`"{text}"`'
        case SequenceNode():
            return "a list"
        case _:
            return "a mapping"


def wrong_type(node: Node, expected: str, help: str = "") -> Rejected:
    """Return the exception for a node that is not what was expected; without a diagnostic if it was rejected before."""
    if isinstance(node, ScalarNode):
        help = _lookalike_meant(node, expected) or help
        if node.style == "broken":
            return Rejected()
        if node.value is None:
            got = "nothing" if node.raw == "" else f"`{node.raw}`"
            return reject("empty-value", f"expected {expected}, got {got}", node.location, help)
        if node.style == "block":
            help = help or 'a value that begins with `>` or `|` must be quoted: `">5"`'
        elif isinstance(node.value, str) and "number" in expected:
            help = help or _number_meant(node.raw, is_whole="whole" in expected)
            help = help.replace(", unquoted", "") if node.style == "cell" else help
    if isinstance(node, MappingNode) and (found := structural_in(node.entries[0].key.raw if node.entries else "")):
        help = sign_in_place_of(found[0])
    return reject("wrong-type", f"expected {expected}, got {shown(node)}", node.location, help)


def _lookalike_meant(node: ScalarNode, expected: str) -> str:
    """Return a hint for a value with look-alikes of other characters; else an empty text."""
    hint = lookalike_hint(node.raw) if node.style != "block" and not expected.startswith(_LARGER) else ""
    found = lookalike_in(node.raw)
    if not hint or not found or "number" not in expected:
        return hint
    other = (
        ""
        if is_number(resolve(meant(node.raw).strip()))
        else _number_meant(meant(node.raw), is_whole="whole" in expected)
    )
    return f"{other}, without {named(found[0])}" if other else hint


def _number_meant(raw: str, *, is_whole: bool) -> str:
    """Return a hint for a text in place of a number, if it looks like a number."""
    raw = raw.strip("\"' ")
    match = _MEANT.fullmatch(raw)
    if match and len(raw) <= MAX_FIGURES:
        return f"write it in digits, unquoted: `{Decimal(_SEPARATORS.sub('', match[1])):f}`"
    if not is_whole and (match := _DECIMAL_COMMA.fullmatch(raw)):
        return f"write the number with a decimal point, not with a comma: `{match[1]}.{match[2]}`"
    return "write the number out in digits, unquoted" if _ODD_NUMBER.fullmatch(raw) else ""


def text_of(node: Node, expected: str = "a text") -> str:
    """Return a non-empty text. A plain word that YAML 1.1 tools read as something else is rejected."""
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str):
        raise wrong_type(node, expected, _text_meant(node))
    if node.style == "plain" and (_SURPRISES.fullmatch(node.raw) or _ODD_NUMBER.fullmatch(node.raw)):
        message = f"some YAML readers do not read unquoted `{node.raw}` as a text"
        raise reject("ambiguous-text", message, node.location, f'quote it: `"{node.raw}"`')
    if not node.value.strip():
        raise (
            wrong_type(node, expected)
            if node.style == "block"
            else reject("empty-value", f"expected {expected}, got an empty one", node.location)
        )
    return node.value.strip() if node.style == "block" else node.value


def _text_meant(node: Node) -> str:
    """Return a hint for a node in place of a text, if YAML reads some text that way."""
    where = node.location
    if isinstance(node, ScalarNode) and node.value is not None:
        return f'quote it: `"{node.raw}"`'
    if isinstance(node, ScalarNode):
        is_comment = where.file.line(where.line)[where.column - 1 :].lstrip().startswith("#")
        return "`#` begins a comment: put the text in quotes" if is_comment and not node.raw else ""
    begins = where.text[:1]
    return f"put a text that begins with `{begins}` in quotes" if begins in ("{", "[") else ""


def word_of(node: Node, expected: str) -> str:
    """Return a word that a vocabulary declares, such as an enum's value, as written."""
    if _is_word(node):
        return node.raw
    raise wrong_type(node, expected)


def _is_word(node: Node) -> TypeGuard[ScalarNode]:
    return isinstance(node, ScalarNode) and node.value is not None and node.style != "block" and bool(node.raw)


def boolean_of(node: Node) -> bool:
    """Return a boolean."""
    if isinstance(node, ScalarNode) and isinstance(node.value, bool) and node.style != "quoted":
        return node.value
    help = ""
    if isinstance(node, ScalarNode) and node.raw.lower() in ("yes", "y", "on", "true"):
        help = "write `true`"
    elif isinstance(node, ScalarNode) and node.raw.lower() in ("no", "n", "off", "false"):
        help = "write `false`"
    raise wrong_type(node, "`true` or `false`", help)


def integer_of(node: Node, expected: str = "a whole number") -> int:
    """Return a whole number."""
    if isinstance(node, ScalarNode) and type(node.value) is int:
        not_too_long(Decimal(node.value), node.location)
        return node.value
    raise wrong_type(node, expected)


def decimal_value(node: Node, expected: str = "a number") -> Decimal:
    """Return a number exactly as written, without trailing zeros."""
    if isinstance(node, ScalarNode) and type(node.value) in (int, Decimal):
        return not_too_long(Decimal(node.value), node.location)  # type: ignore[arg-type]
    raise wrong_type(node, expected)


def number_in(text: str, location: Location) -> Decimal:
    """Return the number that a text states in digits, with or without a decimal point."""
    if len(text) > MAX_FIGURES:
        raise Rejected(too_many_digits(sum(map(str.isdecimal, text)), location))
    return Decimal(text)


def not_too_long(number: Decimal, location: Location) -> Decimal:
    """Return the number, without trailing zeros, if it has at most `MAX_DIGITS` digits."""
    digits = digits_of(number)
    if digits > MAX_DIGITS:
        raise Rejected(too_many_digits(digits, location))
    return plain(number)


def date_of(node: Node) -> date:
    """Return a day."""
    if isinstance(node, ScalarNode) and type(node.value) is date:
        return node.value
    if isinstance(node, ScalarNode) and isinstance(node.value, str) and _DATE.fullmatch(node.raw):
        return parsed_date(node.raw, node.location)
    raise wrong_type(node, "a date such as `2024-06-30`")


def parsed_date(text: str, location: Location) -> date:
    """Return the day that ``YYYY-MM-DD`` names. Reject a day that does not exist."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise reject("bad-date", f"`{text}` is not a day of the calendar", location) from None


def year_days(year: int) -> Interval:
    """Return the days of a year, both ends included."""
    return Interval(date(year, 1, 1), date(year, 12, 31))


def year_of(node: Node) -> int:
    """Return a year of four digits."""
    if isinstance(node, ScalarNode) and type(node.value) is int:
        if FIRST_YEAR <= node.value <= LAST_YEAR:
            return node.value
        raise reject("bad-date", f"`{node.raw}` is not a year of four digits", node.location)
    raise wrong_type(node, "a year such as `2030`", _unquoted(node))


def _unquoted(node: Node) -> str:
    return "write it unquoted" if isinstance(node, ScalarNode) and node.raw.isascii() and node.raw.isdecimal() else ""


def period_of(node: Node) -> Period:
    """Return a period: a year or an interval of two days."""
    if isinstance(node, ScalarNode) and type(node.value) is int:
        days = year_days(year_of(node))
        return Period(days.low, days.high, node.raw)  # type: ignore[arg-type]
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        match = _INTERVAL.fullmatch(node.raw)
        if match:
            start, end = (parsed_date(part, node.location) for part in match.groups())
            if start > end:
                raise reject("bad-date", f"`{node.raw}` ends before it begins", node.location)
            return Period(start, end, node.raw)
    raise wrong_type(node, "a year or an interval such as `2022-04-01/2023-03-31`", _unquoted(node))


def day_or_year_of(node: Node) -> date | Interval | None:
    """Return a day, the days of a bare year, or None for ``unknown``."""
    if isinstance(node, ScalarNode) and node.raw == "unknown":
        return None
    if isinstance(node, ScalarNode) and type(node.value) is int:
        return year_days(year_of(node))
    if isinstance(node, ScalarNode) and (type(node.value) is date or _DATE.fullmatch(node.raw)):
        return date_of(node)
    raise wrong_type(node, "a date, a year or `unknown`")


def enum_of(node: Node, field: Field) -> str:
    """Return one of the names that the field declares."""
    if not _is_word(node):
        raise wrong_type(node, f"one of {listed(field.values)}")
    return known_name(node.raw, field, node.location)


def known_name(word: str, field: Field, location: Location) -> str:
    """Return the word if the field declares it."""
    if word not in field.names:
        message = f"`{word}` is not a value of `{field.id}`"
        raise reject("unknown-value", message, location, did_you_mean(word, field.values))
    return word


def _quantity_of(node: Node, field: Field, units: Units) -> Decimal:
    """Return a quantity such as ``1.61 TWh`` in the unit of its field."""
    own = field.unit or ""
    if not isinstance(node, ScalarNode) or not isinstance(node.value, str) or node.style == "block":
        help = _unit_meant(node, own) if isinstance(node, ScalarNode) and is_number(node.value) else ""
        raise wrong_type(node, f"a quantity such as `10 {own}`", help)
    match = _QUANTITY.fullmatch(node.raw)
    if match is None:
        message = f"expected a number, a space and a unit, such as `10 {own}`, got `{node.raw}`"
        help = without_separators(meant(node.raw)) or lookalike_hint(node.raw)
        raise reject("wrong-type", message, node.location, help)
    if help := without_separators(node.raw):
        message = f"expected a number, a space and a unit, such as `10 {own}`, got `{node.raw}`"
        raise reject("wrong-type", message, node.location, help)
    return in_unit_of(number_in(match[1], node.location), match[2], field, units, node.span(*match.span(2)))


def _unit_meant(node: ScalarNode, unit: str) -> str:
    """Return a hint for a number without a unit. In braces, a comma after it may separate thousands."""
    where = node.location
    written = where.file.line(where.line)[where.column - 1 :]
    return without_separators(written) or f"name the unit: `{node.raw} {unit}`"


def is_number(value: object) -> bool:
    """Whether a value is a number. A boolean is not."""
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def in_unit_of(amount: Decimal, unit_id: str, field: Field, units: Units, location: Location) -> Decimal:
    """Return an amount in the unit of the field. Reject an unknown unit and a unit of another dimension."""
    own, unit = units.get(field.unit or ""), units.get(unit_id)
    assert own is not None, field
    same = units.like(own.dimension)
    if unit is None:
        hint = did_you_mean(unit_id, same, few=0) or did_you_mean(unit_id, (u.id for u in units.all), few=0)
        hint = hint or f"units of {own.dimension}: {listed(same)}"
        raise reject("unknown-unit", f"`{unit_id}` is not a unit", location, hint)
    if unit.dimension != own.dimension:
        message = f"`{unit_id}` measures {unit.dimension}, but `{field.id}` is {own.dimension}"
        raise reject("wrong-dimension", message, location, f"units of {own.dimension}: {listed(same)}")
    converted = convert(amount, unit, own)
    if converted is None:
        message = f"`{amount} {unit_id}` has no exact value in {own.id}"
        raise reject("too-many-digits", message, location)
    return converted


def fits_digits(value: Decimal, field: Field, location: Location) -> Decimal:
    """Return the value if it has at most the decimal places that the field declares."""
    value = not_too_long(value, location)
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    if -exponent > field.digits:
        unit = f" in {field.unit}" if field.unit else ""
        message = f"`{value:f}` has {-exponent} decimal places{unit}; `{field.id}` may have at most {field.digits}"
        raise reject("too-many-digits", message, location)
    return value


def exact_value(node: Node, field: Field, units: Units) -> Plain:
    """Return one exact value of the field's type (a name, for a set)."""
    match field.type:
        case FieldType.BOOLEAN:
            return boolean_of(node)
        case FieldType.INTEGER:
            return integer_of(node)
        case FieldType.YEAR:
            return year_of(node)
        case FieldType.DATE:
            return date_of(node)
        case FieldType.TEXT:
            return composed(text_of(node))
        case FieldType.ENUM | FieldType.SET:
            return enum_of(node, field)
        case FieldType.QUANTITY:
            return fits_digits(_quantity_of(node, field, units), field, node.location)
        case _:
            return fits_digits(decimal_value(node), field, node.location)

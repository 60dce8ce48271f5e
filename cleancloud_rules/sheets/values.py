"""How a cell is read: its text, number or day becomes the node that the same value has in YAML."""

import re
from datetime import date
from decimal import Decimal

from cleancloud_rules.diagnostics.collector import Rejected, reject
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location
from cleancloud_rules.diagnostics.lookalikes import meant
from cleancloud_rules.documents.nodes import Node, ScalarNode, SequenceNode
from cleancloud_rules.documents.yaml import read_text
from cleancloud_rules.model.exact import magnitude, multiply, plain
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.sheets.grid import Cell
from cleancloud_rules.sheets.nodes import mapping, number, placed, quoted, resolved

DISCLOSED = "(disclosed)"
"""What a cell holds for a field that was published without its value."""

NOTHING = "(none)"
"""What a cell under `source` holds for a fact without a source."""

_YES, _NO = ("yes", "true"), ("no", "false")
_ENDS = {">": "more_than", ">=": "at_least", "=>": "at_least", "<": "less_than", "<=": "at_most", "=<": "at_most"}
_COMPARISON = re.compile(r"(>=|=>|<=|=<|>|<)\s*([^<>=]*?)\s*(?:(?:,|;|\band\b)\s*(?=[<>=]))?(?=[<>=]|$)")
_RANGE = re.compile(r"([^<>=]+?)\s*(?:\.\.|\bto\b)\s*([^<>=]+)")
_BRACKETS = re.compile(r"([\[(])\s*([^<>=\[\]()]+?)\s*\.\.\s*([^<>=\[\]()]+?)\s*([\])])")
_DASH = re.compile(r"(-?[0-9.]+%?)\s*-\s*([0-9.]+%?(?: ?[A-Za-z].*)?)")
_UNIT = re.compile(r"-?[0-9.,]+ ?([A-Za-z].*)")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|,[0-9]{3}\.[0-9]+)")
_THOUSAND = re.compile("-?[1-9][0-9]{0,2},[0-9]{3}")
_AMOUNT = re.compile(r"(-?[0-9][0-9.,]*) ?([A-Za-z].*)")
_SEPARATORS = re.compile("[,;、，；]")


def is_word(cell: Cell, word: str) -> bool:
    """Return whether a cell holds a word in parentheses, such as `(none)`, in any letters and with spaces around it."""
    return isinstance(cell.value, str) and meant(cell.value).strip().lower() == word


def text_node(cell: Cell) -> ScalarNode:
    """Return a cell of texts as a node.

    Raises:
        Rejected: if it holds a date, a truth value or a number with decimal places, which show themselves in other
            ways than they were written.
    """
    value = cell.content
    if type(value) is int:
        return quoted(str(value), cell.location)
    if isinstance(value, str):
        return quoted(value, cell.location)
    help = "format the cell as text, and write it again"
    raise reject("wrong-type", f"expected a text, got {_kind(value)}", cell.location, help)


def plain_node(cell: Cell) -> ScalarNode:
    """Return a cell with a year, a day or a period as a node. The loader says what may stand there."""
    value = cell.content
    if isinstance(value, str):
        return resolved(meant(value), cell.location)
    return ScalarNode(value, cell.location, str(value), "cell")


def year_node(cell: Cell) -> ScalarNode:
    """Return a cell with a year or a period as a node.

    Raises:
        Rejected: if the spreadsheet has made a date of it.
    """
    if isinstance(cell.content, date):
        raise _day_in_place(cell.content, "a year or a period", cell.location)
    return plain_node(cell)


def _day_in_place(day: date, of: str, where: Location) -> Rejected:
    help = "format the cell as text, and write it again"
    return reject("date-cell", f"the spreadsheet has made the date {day} of {of}", where, help)


def list_node(cell: Cell, *, separators: re.Pattern[str] = _SEPARATORS, are_numbers: bool = False) -> SequenceNode:
    """Return a cell with a list as nodes that all have its place."""
    value, where = cell.content, cell.location
    texts = separators.split(value) if isinstance(value, str) else [text_node(cell).raw]
    parts = [text.strip() for text in texts if text.strip()]
    nodes = (resolved(meant(part), where) if are_numbers else quoted(part, where) for part in parts)
    return SequenceNode(tuple(nodes), where)


def tests_node(cell: Cell) -> Node:
    """Return a cell with the tests of an entry of `not_found`, such as ``percent: "> 10"``, as a node.

    Raises:
        Rejected: if it is not YAML.
    """
    text = text_node(cell).raw
    document, diagnostics = read_text(f"{{tests: {{{text}}}}}", "<cell>")
    if document is None or diagnostics:
        found = (Diagnostic(d.code, d.message, cell.location, d.help) for d in diagnostics)
        raise Rejected(*found)
    (entry,) = document.root.entries
    return placed(entry.value, cell.location)


def value_node(cell: Cell, field: Field) -> Node:
    """Return a cell with a value of a field as a node.

    Raises:
        Rejected: if the cell could mean several values, or if the spreadsheet has changed what was written.
    """
    value, where = cell.content, cell.location
    if field.type is FieldType.BOOLEAN and not isinstance(value, date):
        return boolean_node(cell)
    if isinstance(value, str):
        return _written(value, field, where)
    if isinstance(value, bool):
        return ScalarNode(value, where, str(value).lower(), "cell")
    if isinstance(value, date):
        if field.type is not FieldType.DATE:
            raise _day_in_place(value, f"a value of `{field.id}`", where)
        return ScalarNode(value, where, str(value), "cell")
    if field.type is FieldType.PERCENT:
        share = multiply(value, 100) if cell.is_percentage else value
        return number(share, where) if cell.is_percentage else _percent_node(str(value), share, where)
    if cell.is_percentage:
        message = f"the cell shows a percentage, and `{field.id}` is none"
        raise reject("wrong-type", message, where, "format the cell as text, and write the value again")
    if field.type.is_worded:
        return text_node(cell)
    return number(value, where)


def boolean_node(cell: Cell) -> ScalarNode:
    """Return a cell with yes or no as a node.

    Raises:
        Rejected: if it is something else.
    """
    value, where = cell.content, cell.location
    if isinstance(value, bool):
        return ScalarNode(value, where, str(value).lower(), "cell")
    word = meant(value).strip().lower() if isinstance(value, str) else ""
    if word not in (*_YES, *_NO):
        raise reject("wrong-type", f"expected `yes` or `no`, got `{value}`", where)
    return ScalarNode(word in _YES, where, str(value), "cell")


def _written(text: str, field: Field, where: Location) -> Node:
    """Return the node of a value that is written as text."""
    match field.type:
        case FieldType.TEXT | FieldType.ENUM:
            return quoted(text, where)
        case FieldType.SET:
            names = [name.strip() for name in _SEPARATORS.split(text) if name.strip()]
            return SequenceNode(tuple(quoted(name, where) for name in names), where)
        case _:
            return _ordered(meant(text).strip(), field, where)


def _ordered(text: str, field: Field, where: Location) -> Node:
    """Return the node of an exact value or of a bound."""
    if text[:1] in ("<", ">", "="):
        found = list(_COMPARISON.finditer(text))
        if found and "".join(part[0] for part in found) == text:
            names = [_ENDS[part[1]] for part in found]
            if len(set(names)) < len(names):
                message = "a bound has at most one lower and one upper end"
                raise reject("bad-bound", message, where, "write `>10 and <=20`, or `10 to 20`")
            ends = (_exact(part[2], field, where) for part in found)
            return mapping(zip(names, ends, strict=True), where)
    if (bracketed := _BRACKETS.fullmatch(text)) is not None:  # as a unary test writes it: `[2025..2030)`
        low, high = _both(bracketed[2], bracketed[3], field, where)
        opening = "at_least" if bracketed[1] == "[" else "more_than"
        closing = "at_most" if bracketed[4] == "]" else "less_than"
        return mapping([(opening, low), (closing, high)], where)
    between = _RANGE.fullmatch(text) or (field.type is not FieldType.DATE and _DASH.fullmatch(text)) or None
    if between is None:
        return _exact(text, field, where)
    return mapping([("between", SequenceNode(_both(between[1], between[2], field, where), where))], where)


def _both(low: str, high: str, field: Field, where: Location) -> tuple[ScalarNode, ScalarNode]:
    """Return the nodes of two ends. A unit after the second one is also that of the first."""
    unit = _UNIT.fullmatch(high)
    if field.type is FieldType.QUANTITY and unit and not _UNIT.fullmatch(low):
        low = f"{low} {unit[1]}"
    return _exact(low, field, where), _exact(high, field, where)


def _exact(text: str, field: Field, where: Location) -> ScalarNode:
    """Return the node of an exact value."""
    if field.type is FieldType.QUANTITY:
        found = _AMOUNT.fullmatch(text)
        if found is None:
            return quoted(text, where)
        # With a unit beside it, as in `1,300 MWh`, a comma before three digits separates thousands.
        amount = found[1].replace(",", "") if _THOUSAND.fullmatch(found[1]) else _without_commas(found[1])
        return quoted(f"{amount} {found[2].strip()}", where)
    if field.type is FieldType.PERCENT:
        bare = text.removesuffix("%").rstrip()
        node = resolved(_without_commas(bare), where)
        if type(node.value) not in (int, Decimal):
            return quoted(text, where)
        if bare != text:
            return node
        return _percent_node(text, node.value, where)  # type: ignore[arg-type]
    return resolved(_without_commas(text), where)


def _percent_node(written: str, share: int | Decimal, where: Location) -> ScalarNode:
    """Return the node of a percentage without its sign, unless a share of 1 might be meant."""
    if 0 < magnitude(Decimal(share)) <= 1:
        whole = plain(multiply(share, 100))
        message = f"`{written}` can be {whole:f}% or {share}%"
        raise reject("ambiguous-percent", message, where, f"write `{whole:f}%` or `{share}%`")
    return number(share, where)


def _without_commas(text: str) -> str:
    """Return a number without commas between its thousands, unless one might be a decimal comma."""
    return text.replace(",", "") if _THOUSANDS.fullmatch(text) else text


def _kind(value: object) -> str:
    return f"the date {value}" if isinstance(value, date) else f"`{str(value).lower()}`"

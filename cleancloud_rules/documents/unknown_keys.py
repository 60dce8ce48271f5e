"""Diagnostics for unknown keys, with a guess at what was meant."""

import re
from collections.abc import Iterable

from cleancloud_rules.diagnostics.collector import did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.diagnostics.lookalikes import sign_in_place_of, structural_in
from cleancloud_rules.documents.extra_keys import PREFIX
from cleancloud_rules.documents.nodes import Entry, ScalarNode

_BETWEEN = re.compile(r"[,{}\[\]]")
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(?:([, '])[0-9]{3})(?:\1[0-9]{3})*(?![0-9,])(?:\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"(-?[0-9]+),([0-9]+)(?![0-9,])")
_SEPARATORS = {",": "commas", " ": "spaces", "'": "apostrophes"}
_NUMBER_BEFORE = re.compile(r"-?(?<![0-9.,])[0-9]+(?:,[0-9]+)*, *$")
_WINDOW = 200
"""How many characters of a line are looked at on one side of a value: a line may hold thousands of values."""

_DIGITS = re.compile("[0-9]")
_ENDS_OF_SENTENCES = (".", "?", "!")


def unknown_key(
    entry: Entry, known: Iterable[str], *, flow: bool, code: str, message: str, can_be_own: bool = False
) -> Diagnostic:
    """Return the diagnostic for an unknown key.

    A key in braces without a value is usually an item of a list without brackets, or the rest of a text without
    quotes: ``{c: "a", "b"}`` has the keys ``c`` and ``b``, and ``{ask: Is it a, b?}`` the keys ``ask`` and ``b?``.

    Args:
        entry: the key and its value.
        known: the known keys.
        flow: whether the mapping is written in braces.
        code: the code for a key that has a value.
        message: the message for a key that has a value.
        can_be_own: whether the mapping may have keys of the user's own.
    """
    name = entry.key.raw
    if flow and isinstance(entry.value, ScalarNode) and entry.value.value is None and entry.value.raw == "":
        message = f"`{name}` is read as a key without a value"
        help = "put several values in brackets: `[a, b]`"
        if found := structural_in(name):
            help = sign_in_place_of(found[0])
        elif number := _number_before_comma(entry.key):
            help = without_separators(number) or "write a number with a decimal point, not with a comma: `12.5`"
        elif _is_rest_of_text(entry.key):
            help = "inside `{ }`, put a text that contains a comma in quotes"
        return Diagnostic("key-without-value", message, entry.key.location, help)
    own = f"a key of your own begins with `{PREFIX}`" if can_be_own else ""
    return Diagnostic(code, message, entry.key.location, did_you_mean(name, known, otherwise=own))


def _number_before_comma(key: ScalarNode) -> str:
    """Return the text from a number on that ends before the comma that a key of digits in braces follows."""
    if not _DIGITS.match(key.raw):
        return ""
    where, before = key.location, _before(key)
    found = _NUMBER_BEFORE.search(before)
    after = where.file.line(where.line)[where.column - 1 : where.column - 1 + _WINDOW]
    return before[found.start() :] + after if found else ""


def _before(key: ScalarNode) -> str:
    """Return the end of what stands before a key in its line."""
    where = key.location
    return where.file.line(where.line)[max(where.column - 1 - _WINDOW, 0) : where.column - 1]


def without_separators(text: str) -> str:
    """Return a hint for a text that begins with a number with separated thousands or a comma; else an empty text."""
    if number := _THOUSANDS.match(text):
        digits = re.sub("[, ']", "", number[0])
        separators = _SEPARATORS[number[1]]
        return f"write a number without {separators} between its digits: `{digits}{_rest(text, number)}`"
    if number := _DECIMAL_COMMA.match(text):
        point = f"{number[1]}.{number[2]}{_rest(text, number)}"
        return f"write a number with a decimal point, not with a comma: `{point}`"
    return ""


def _rest(text: str, number: re.Match[str]) -> str:
    """Return what follows a number up to the end of its value."""
    return _BETWEEN.split(text[number.end() : number.end() + _WINDOW])[0].split("#")[0].rstrip()


def _is_rest_of_text(key: ScalarNode) -> bool:
    """Whether a key in braces is the rest of a text after a comma: it has several words, or the part before it has."""
    before = _before(key).rstrip(" ,")
    value = _BETWEEN.split(before)[-1].partition(": ")[2].strip()
    return " " in key.raw or key.raw.endswith(_ENDS_OF_SENTENCES) or (" " in value and value[0] not in "'\"")

"""Diagnostics for unknown keys, with a guess at what was meant."""

import re
from collections.abc import Iterable

from cleancloud_rules.diagnostics.collector import did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.nodes import Entry, ScalarNode

_BETWEEN = re.compile(r"[,{}\[\]]")
_ENDS_OF_SENTENCES = (".", "?", "!")


def unknown_key(entry: Entry, known: Iterable[str], *, flow: bool, code: str, message: str) -> Diagnostic:
    """Return the diagnostic for an unknown key.

    A key in braces without a value is usually an item of a list without brackets, or the rest of a text without
    quotes: ``{c: "a", "b"}`` has the keys ``c`` and ``b``, and ``{ask: Is it a, b?}`` the keys ``ask`` and ``b?``.

    Args:
        entry: the key and its value.
        known: the known keys.
        flow: whether the mapping is written in braces.
        code: the code for a key that has a value.
        message: the message for a key that has a value.
    """
    name = entry.key.raw
    if flow and isinstance(entry.value, ScalarNode) and entry.value.value is None and entry.value.raw == "":
        message = f"`{name}` is read as a key without a value"
        help = "put several values in brackets: `[a, b]`"
        if name.isdecimal():
            help = "write a number with a decimal point, not with a comma: `12.5`"
        elif _is_rest_of_text(entry.key):
            help = "inside `{ }`, put a text that contains a comma in quotes"
        return Diagnostic("key-without-value", message, entry.key.location, help)
    return Diagnostic(code, message, entry.key.location, did_you_mean(name, known))


def _is_rest_of_text(key: ScalarNode) -> bool:
    """Whether a key in braces is the rest of a text after a comma: it has several words, or the part before it has."""
    where = key.location
    before = where.file.line(where.line)[: where.column - 1].rstrip(" ,")
    value = _BETWEEN.split(before)[-1].partition(": ")[2].strip()
    return " " in key.raw or key.raw.endswith(_ENDS_OF_SENTENCES) or (" " in value and value[0] not in "'\"")

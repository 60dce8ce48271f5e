"""Unknown keys of a mapping, and what was probably meant."""

import re
from collections.abc import Iterable

from cleancloud_rules.diagnostics.collector import did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.nodes import Entry, ScalarNode

_BETWEEN = re.compile(r"[,{}\[\]]")
_ENDS_OF_SENTENCES = (".", "?", "!")


def unknown_key(entry: Entry, known: Iterable[str], *, flow: bool, code: str, message: str) -> Diagnostic:
    """Return the finding for a key that is not known.

    A key in braces without a value is a list that was meant, or the rest of a text: ``{c: "a", "b"}`` has the keys
    ``c`` and ``b``, and ``{ask: Is it a, b?}`` the keys ``ask`` and ``b?``.

    Args:
        entry: the key and its value.
        known: the keys that are.
        flow: whether the mapping is written in braces.
        code: the code of a key that has a value.
        message: what is wrong with it.
    """
    name = entry.key.raw
    if flow and isinstance(entry.value, ScalarNode) and entry.value.value is None and entry.value.raw == "":
        message = f"`{name}` is a key of its own here, without a value"
        help = "several values stand in brackets: `[a, b]`"
        if name.isdecimal():
            help = "a number has a point and no comma: `12.5`"
        elif _is_rest_of_text(entry.key):
            help = "inside `{ }` a text with a comma stands in quotes"
        return Diagnostic("key-without-value", message, entry.key.location, help)
    return Diagnostic(code, message, entry.key.location, did_you_mean(name, known))


def _is_rest_of_text(key: ScalarNode) -> bool:
    """Whether a key in braces is what follows a comma in a text: it has several words, or what stands before it has."""
    where = key.location
    before = where.source.line(where.line)[: where.column - 1].rstrip(" ,")
    value = _BETWEEN.split(before)[-1].partition(": ")[2].strip()
    return " " in key.raw or key.raw.endswith(_ENDS_OF_SENTENCES) or (" " in value and value[0] not in "'\"")

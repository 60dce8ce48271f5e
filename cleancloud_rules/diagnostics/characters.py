"""Characters that do not show themselves: a reader sees them as escapes, in every output that is text."""

import json
import unicodedata

_JOINERS = "\u200c\u200d"
"""They shape letters of several scripts, and join the parts of some emoji. Between other characters they hide."""

_MARKS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
"""The only formatting characters that have a shape of their own: marks around the numbers of several scripts."""


def visible(text: str, keep: str = "") -> str:
    r"""Return a text in which every character that could move, colour, reorder or hide others is an escape.

    Such are control characters, line separators, changes of direction, characters without a width, and lone surrogates.
    An escape is that of Python, such as ``\x1b`` and ``\u202e``. Spaces of any kind stay.

    Args:
        text: the text.
        keep: characters that stay, such as ends of lines.
    """
    if text.isprintable():
        return text
    return "".join(
        c if c in keep or _shows_itself(c, text, index) else c.encode("unicode_escape").decode()
        for index, c in enumerate(text)
    )


def visible_json(text: str) -> str:
    """Return JSON text of equal meaning in which such characters are escapes."""
    lines = (line if line.isprintable() else _visible_in_json(line) for line in text.split("\n"))
    return "\n".join(lines)


def escaped(text: str) -> str:
    r"""Return a text with every character as an escape of JSON, such as ``\u00e9``."""
    return "".join(f"\\u{ord(c):04x}" if ord(c) < 128 else json.dumps(c)[1:-1] for c in text)


def _visible_in_json(line: str) -> str:
    return "".join(c if _shows_itself(c, line, index) else escaped(c) for index, c in enumerate(line))


def _shows_itself(character: str, text: str, index: int) -> bool:
    category = unicodedata.category(character)
    if category != "Cf":
        return category not in ("Cc", "Cs", "Zl", "Zp")
    if character in _JOINERS:
        return 0 < index < len(text) - 1 and not (text[index - 1].isascii() or text[index + 1].isascii())
    return character in _MARKS

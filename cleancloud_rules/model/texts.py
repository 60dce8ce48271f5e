"""How texts are compared, and what in a text no reader sees."""

import re
import unicodedata

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SPACES = re.compile(rf"[\s{_INVISIBLE}]+")


def composed(text: str) -> str:
    """Return a text in Unicode's normal form C, in which texts are compared: `é` as one character."""
    return unicodedata.normalize("NFC", text)


def look_alike(text: str) -> str:
    """Return a form that is equal for texts that differ only in case, spaces or Unicode form."""
    return unicodedata.normalize("NFKC", _SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold())


def odd_space(text: str) -> str | None:
    """Return what is odd about the spaces of a text, in words; None if nothing is."""
    for character in text:
        if character in _INVISIBLE or (character.isspace() and character != " "):
            name = unicodedata.name(character, "control character").lower()
            return f"the character U+{ord(character):04X} ({name})"
    if text != text.strip():
        return "a space before its first word" if text != text.lstrip() else "a space after its last word"
    return "two spaces in a row" if "  " in text else None

"""Characters that look like those of the language and are others, such as a no-break space or a fullwidth colon."""

import re
import unicodedata

_FULLWIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys(
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
)
_NOTHING = dict.fromkeys("\u00ad\u200b\u2060\ufeff", "")
_QUOTES = dict.fromkeys("“”„‟«»〝〞", '"') | dict.fromkeys("‘’‚‛‹›", "'")
_SIGNS = dict.fromkeys("‐‑‒–—―−﹣", "-") | {
    "≥": ">=", "≧": ">=", "⩾": ">=", "≤": "<=", "≦": "<=", "⩽": "<=", "≠": "!=", "…": "..", "‥": "..",
    "、": ",", "。": ".", "【": "[", "】": "]", "〔": "[", "〕": "]", "︰": ":", "∶": ":", "٪": "%", "٫": ".", "⁄": "/",
}  # fmt: skip
_LETTERS = dict(zip("аеоріссухѕјһԁԛԝАВЕКМНОРСТХІЅЈ", "aeopiccyxsjhdqwABEKMHOPCTXISJ", strict=True)) | dict(
    zip("ονΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ovABEZHIKMNOPTYX", strict=True)
)
_MEANT = {**_FULLWIDTH, **_SPACES, **_NOTHING, **_QUOTES, **_SIGNS, **_LETTERS}
"""What was probably meant by a character. Digits of other scripts have their value in Unicode."""


def meant(text: str) -> str:
    """Return a text in which every look-alike is what was probably meant."""
    return text if text.isascii() else "".join(map(_meant, text))


def lookalike_in(text: str) -> re.Match[str] | None:
    """Return the first look-alike in a text."""
    return next((found for found in re.finditer("[^\x00-\x7f]", text) if _meant(found[0]) != found[0]), None)


def named(character: str) -> str:
    """Return the code point and the name of a character, such as ``U+00A0 (no-break space)``."""
    return f"U+{ord(character):04X} ({unicodedata.name(character, 'unnamed').lower()})"


def in_place_of(character: str) -> str:
    """Return what was probably meant by a look-alike, and in place of what."""
    written = _meant(character)
    if not written.strip():
        return f"{'a space in place of' if written else 'leave out'} {named(character)}"
    return f"`{written}` in place of {named(character)}"


def lookalike_hint(text: str) -> str:
    """Return a hint for a text that means something once its look-alikes are replaced; an empty text if none does.

    A text that holds other characters beyond ASCII is a text in another language, and is left alone.
    """
    written, found = meant(text), lookalike_in(text)
    return f"write `{written.strip()}`: {in_place_of(found[0])}" if found and written.isascii() else ""


_STRUCTURAL = (":", ",", "[", "]", "{", "}", "#")
_KEY = re.compile(r"[ -]*[A-Za-z_][A-Za-z0-9_]* *")
_OPENS_VALUE = re.compile(r"(?:^|[:,\[{-])\s*$")


def structural_in(line: str) -> re.Match[str] | None:
    """Return the first look-alike of a line of a file that stands where YAML has a sign or a space.

    Between characters of other scripts, such a character is part of their text. So is one in quotes.
    """
    for found in re.finditer("[^\x00-\x7f]", _without_texts(line)):
        before, after = line[: found.start()], line[found.end() :]
        written = _meant(found[0])
        neighbours = meant(before.rstrip()[-1:] + after.lstrip()[:1])
        if (
            (written in (" ", '"', "'") and _OPENS_VALUE.search(meant(before)))
            or (written == "-" and not meant(before).strip(" -") and meant(after[:1]) == " ")
            or (written == ":" and _KEY.fullmatch(meant(before)))
            or (written in _STRUCTURAL and neighbours.isascii())
        ):
            return found
    return None


_TEXTS = re.compile(r"""(?<![^\s:,\[{(])(?:"(?:[^"\\]|\\.)*"|'[^']*')|(?:^|\s)\#.*""")


def sign_in_place_of(character: str) -> str:
    """Return a hint for a look-alike of a sign of YAML, with the space that must follow the sign."""
    space = " and a space" if _meant(character) in (":", ",") else ""
    written = in_place_of(character)
    return f"write {written.replace(' in place of', f'{space} in place of', 1)}"


def _without_texts(line: str) -> str:
    """Return a line in which texts in quotes and a comment are spaces."""
    return _TEXTS.sub(lambda found: " " * len(found[0]), line)


def _meant(character: str) -> str:
    if character.isascii():
        return character
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.digit(character))
    return _MEANT.get(character, character)

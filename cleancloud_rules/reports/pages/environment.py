"""Fills the templates of pages. The only module that knows Jinja.

Every text that a template shows is escaped, and characters that would not show themselves become escapes, so that no
name and no note can become a part of a page. Each page holds its styles and scripts, and names their digests in its
policy: a browser runs nothing else and loads nothing.
"""

import json
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleancloud_rules.diagnostics.characters import visible
from cleancloud_rules.documents.file_reader import text_in
from cleancloud_rules.errors import MissingExtraError
from cleancloud_rules.reports.in_words import who
from cleancloud_rules.reports.numbers import number_text, signed
from cleancloud_rules.reports.outline.html import policy_of
from cleancloud_rules.reports.responses import effect_in_words, status_in_words
from cleancloud_rules.reports.text.base import words
from cleancloud_rules.results.json import plain

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent / "templates"
"""The templates, the styles and the scripts."""

STYLE = "style.css"
BASE_SCRIPT = "page.js"

_WEB = re.compile(r"https?://[^\s<>\"`]+")
_NAMES = re.compile(r"`([^`\n]+)`")
_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def filled(template: str, scripts: Iterable[str] = (), **names: Any) -> str:
    """Return a template filled with values.

    Args:
        template: the file name of the template.
        scripts: the file names of the scripts that it needs beside the one of every page.
        names: the values, by the names that the template uses.

    Raises:
        MissingExtraError: if Jinja is missing; the message says what to install.
    """
    environment = _environment()
    style = text_of(STYLE)
    sources = [text_of(name) for name in (BASE_SCRIPT, *scripts)]
    return environment.get_template(template).render(
        **names, style=style, scripts=sources, policy=policy_of([style], sources)
    )


def _source(name: str) -> tuple[str, str, Callable[[], bool]]:
    return text_of(name), str(FOLDER / name), lambda: True


@cache
def text_of(name: str) -> str:
    """Return the text of a template, a style or a script."""
    return text_in(FOLDER / name).replace("\r\n", "\n")


@cache
def _environment() -> "Environment":
    try:
        from jinja2 import Environment, FunctionLoader, StrictUndefined  # noqa: PLC0415 - an extra for pages alone
    except ImportError as error:
        message = "the pages need Jinja: pip install 'cleancloud-rules[pages]'"
        raise MissingExtraError(message) from error
    made = Environment(
        loader=FunctionLoader(_source),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "words": words,
        "sentence": _sentence,
        "prose": _prose,
        "signed": signed,
        "who": who,
        "status": status_in_words,
        "effect": effect_in_words,
        "web": _web,
        "count": _counted,
        "data": _data,
        "raw": _raw,
    }
    return made


def _shown(value: object) -> object:
    """Return what a template shows of a value.

    Raises:
        TypeError: for a value that has no form for readers. No page shows a None.
    """
    if hasattr(value, "__html__"):  # what the template itself has made, or has escaped already
        return value
    match value:
        case bool():
            raise TypeError("a page cannot show a truth value")
        case int():
            return str(value)
        case Decimal():
            return number_text(value)
        case str():
            return visible(value, keep="\n\t")
        case _:
            raise TypeError(f"a page cannot show {value!r}")


def _web(address: str | None) -> bool:
    """Return whether an address can be followed. Other addresses are only shown."""
    return address is not None and _WEB.fullmatch(address) is not None


def _sentence(text: str) -> str:
    """Return a text as a sentence, which begins with a capital and ends with a full stop."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def _prose(text: str) -> object:
    """Return prose in which authors put names between backticks, escaped, with these names as code."""
    from markupsafe import Markup, escape  # noqa: PLC0415 - comes with Jinja

    pieces = _NAMES.split(visible(text, keep="\n\t"))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if index % 2 else escape(piece) for index, piece in enumerate(pieces)
    )


def _counted(number: int | Decimal, one: str, many: str = "") -> str:
    """Return a number with a noun."""
    shown = number_text(Decimal(number))
    return f"{shown} {one if number == 1 else many or one + 's'}"


def _raw(text: str) -> object:
    """Return a style or a script of ours as it is."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with Jinja

    return Markup(text)  # noqa: S704 - the styles and scripts of this package


def _data(thing: Any) -> object:
    """Return a value as JSON that cannot end the element that it stands in."""
    text = json.dumps(_exact(plain(thing)), ensure_ascii=False, separators=(",", ":"))
    for character, escape in _IN_SCRIPT.items():
        text = text.replace(character, escape)
    return _raw("".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text))


def _exact(thing: Any) -> Any:
    """Return plain data with decimals as text."""
    match thing:
        case Decimal():
            return f"{thing:f}"
        case dict():
            return {key: _exact(value) for key, value in thing.items()}
        case list():
            return [_exact(item) for item in thing]
        case str():
            return visible(thing, keep="\n\t")
        case _:
            return thing

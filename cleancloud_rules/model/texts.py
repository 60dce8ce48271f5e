"""Texts for readers, such as notices; how texts and names are compared, and what in a text no reader sees."""

import re
import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.values import Id, Name

_Thing = TypeVar("_Thing", bound=Hashable)

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SPACES = re.compile(rf"[\s{_INVISIBLE}]+")


@frozen
class Remedy:
    """What a company can do about missing points.

    Args:
        text: the advice.
        recommendation: the id of one of the methodology's recommendations, or None.
    """

    text: str
    recommendation: Name | None = None


@frozen
class Notice:
    """A sentence that every output carries.

    Args:
        code: a stable word.
        text: the sentence; ``{company}`` stands for the company's name.
        hypothetical: whether it is shown only if hypothetical facts are read.
    """

    code: Id
    text: str
    hypothetical: bool = False
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class CountChange:
    """A number of companies that the publisher compares with that of an earlier edition.

    Args:
        before: the number in the earlier edition.
        now: the number in this one.
    """

    before: int
    now: int
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen
class EditionChange:
    """What an edition changed, as its publisher says.

    Args:
        id: unique among the changes.
        since: the earlier edition with which it is compared.
        text: a sentence for readers.
        criteria: ids of the criteria that it is about.
        count: the number of companies in both editions; None if it is no count.
        where: where the publisher says so; None if no place is given.
    """

    id: Id
    since: str
    text: str
    criteria: tuple[Id, ...] = ()
    count: CountChange | None = None
    where: str | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


def composed(text: str) -> str:
    """Return a text in Unicode's normal form C, in which texts are compared: `é` as one character."""
    return unicodedata.normalize("NFC", text)


def look_alike(text: str) -> str:
    """Return a form that is equal for texts that differ only in case, spaces or Unicode form."""
    return unicodedata.normalize("NFKC", _SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold())


def called(name: str, words: Mapping[_Thing, Sequence[str]]) -> tuple[_Thing, ...]:
    """Return what is called by a name: what has it as its id, else what has a word that looks alike.

    Args:
        name: an id or another name.
        words: the id of each thing, then its other names.
    """
    exact = tuple(thing for thing, (id, *_) in words.items() if id == name)
    form = look_alike(name)
    return exact or tuple(thing for thing, own in words.items() if form in map(look_alike, own))


def odd_space(text: str) -> str | None:
    """Return what is odd about the spaces of a text, in words; None if nothing is."""
    for character in text:
        if character in _INVISIBLE or (character.isspace() and character != " "):
            name = unicodedata.name(character, "control character").lower()
            return f"the character U+{ord(character):04X} ({name})"
    if text != text.strip():
        return "a space before its first word" if text != text.lstrip() else "a space after its last word"
    return "two spaces in a row" if "  " in text else None

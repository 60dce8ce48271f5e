"""Sentences, prose and sources as inline text of a page."""

import re
from collections.abc import Iterable, Iterator

from cleancloud_rules.documentation.page import Code, Inline, Link, Text
from cleancloud_rules.language.wording import PLACEHOLDER, day_text
from cleancloud_rules.model.facts import Source

_NAMES = re.compile(r"`([^`]+)`")


def sentence_text(sentence: str) -> Text:
    """Return a sentence whose placeholders are names of fields."""
    parts: list[Inline] = []
    end = 0
    for match in PLACEHOLDER.finditer(sentence):
        parts.append(sentence[end : match.start()])
        parts.append(match[0][0] if match[1] is None else Code(match[1]))
        end = match.end()
    return tuple(part for part in (*parts, sentence[end:]) if part)


def prose(text: str) -> Text:
    """Return prose in which authors put names between backticks."""
    pieces = _NAMES.split(text)
    return tuple(Code(piece) if index % 2 else piece for index, piece in enumerate(pieces) if piece)


def listed(items: Iterable[Inline]) -> Iterator[Inline]:
    """Yield items with commas between them."""
    for index, item in enumerate(items):
        if index:
            yield ", "
        yield item


def places_in_words(digits: int) -> str:
    """Return a number of decimal places in words."""
    return "a whole number" if digits == 0 else f"{digits} decimal place{'' if digits == 1 else 's'}"


def source_in_words(source: Source) -> Text:
    """Return a source as an entry of a bibliography."""
    published = day_text(source.published)
    words = [
        f"“{source.title}”" if source.title else "untitled",
        source.publisher or "publisher unknown",
        f"published {published}" if published else "date unknown",
        source.type.replace("_", " "),
        *(["not public"] if source.public is False else []),
    ]
    links = [link for url in (source.url, source.archived) if url for link in (", ", Link(url))]
    note = (". ", *prose(source.note)) if source.note else ()
    return tuple(part for part in (Code(source.id), ": ", ", ".join(words), *links, *note) if part)

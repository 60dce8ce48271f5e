"""A document as a tree of blocks, independent of its subject and of the output format."""

import re

from attrs import frozen

_WEB = re.compile(r"https?://[^\s<>\"`]+")


@frozen
class Code:
    """A name or an expression as files write it."""

    text: str


@frozen
class Link:
    """An address on the web, shown as it is."""

    url: str

    @property
    def is_web(self) -> bool:
        """Whether it can be followed. Other addresses are only shown."""
        return _WEB.fullmatch(self.url) is not None


Inline = str | Code | Link
"""A piece of text."""

Text = tuple[Inline, ...]
"""Text, piece by piece."""


@frozen
class Paragraph:
    """A paragraph."""

    text: Text


@frozen
class Listing:
    """A list of items without a significant order."""

    items: tuple[Text, ...]


@frozen
class Table:
    """A table. The first cell of a row is its header.

    Args:
        caption: what the table shows.
        headers: one for each column.
        rows: each with one cell for each header.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]


@frozen
class Section:
    """A heading with the blocks below it.

    Args:
        id: an id that is unique in the page.
        title: the heading.
        blocks: the blocks below the heading, including sections.
    """

    id: str
    title: str
    blocks: tuple["Block", ...]


Block = Paragraph | Listing | Table | Section
"""A part of a page."""


@frozen
class Page:
    """A document.

    Args:
        title: the title.
        language: the language of its text, as a BCP 47 code.
        blocks: the blocks below the title.
    """

    title: str
    language: str
    blocks: tuple[Block, ...]

"""A document as a tree of blocks, whatever it is about and whatever it is rendered as."""

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
        """Whether it can be followed; anything else is only shown."""
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
    """A list whose items have no order that matters."""

    items: tuple[Text, ...]


@frozen
class Table:
    """A table. The first cell of a row says what the row is about.

    Args:
        caption: what the table shows.
        headers: one for each column.
        rows: as many cells in each as there are headers.
    """

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]


@frozen
class Section:
    """A heading and what stands below it.

    Args:
        id: unique within the page.
        title: the heading.
        blocks: what stands below, sections included.
    """

    id: str
    title: str
    blocks: tuple["Block", ...]


Block = Paragraph | Listing | Table | Section
"""What a page is made of."""


@frozen
class Page:
    """A document.

    Args:
        title: what it is called.
        language: the language of its text, as BCP 47 names it.
        blocks: what stands below the title.
    """

    title: str
    language: str
    blocks: tuple[Block, ...]

"""Disclosures: what the files of a rating say about each item that a regulation asks for."""

from enum import Enum

from attrs import frozen

from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.base import Result
from cleancloud_rules.results.from_data import Count
from cleancloud_rules.results.records import SCHEMA_VERSION, MethodologyRecord, NoticeRecord


class AnsweredBy(Enum):
    """Which part of the files of a rating answers what is asked: nothing of them for `PROVIDER`."""

    PEOPLE = "people"
    SOLICITED = "solicited"
    DATE = "date"
    PUBLISHER = "publisher"
    APPROVED_BY = "approved_by"
    METHODOLOGY = "methodology"
    FILES = "files"
    OVERVIEW = "overview"
    CHANGES = "changes"
    WINDOWS = "windows"
    SOURCES = "sources"
    PUBLIC_SOURCES = "public_sources"
    MISSING_DATA = "missing_data"
    PROVIDER = "provider"


class Said(Enum):
    """How much the files say: all of it, a part, or nothing, which leaves it to the provider of the rating."""

    STATED = "stated"
    PARTLY = "partly"
    PROVIDER = "provider"


@frozen(field_transformer=one_line)
class DisclosedPart:
    """What the files say about a part of an item.

    Args:
        asks: what is asked for, in a few words.
        said: how much the files say.
        says: what they say, sentence by sentence; empty if they say nothing.
        left: what is left for the provider to state; None if nothing is.
        add: where a file or a command could say it; None if none can.
    """

    asks: str
    said: Said
    says: tuple[str, ...]
    left: str | None
    add: str | None


@frozen(field_transformer=one_line)
class DisclosedItem:
    """What the files say about an item.

    Args:
        place: where the regulation has it.
        asks: what it asks for, in other words than those of the regulation.
        parts: its parts.
    """

    place: str
    asks: str
    parts: tuple[DisclosedPart, ...]


@frozen(field_transformer=one_line)
class Disclosure(Result):
    """What the files of a rating say about each item that a regulation asks for, and what is left to its provider.

    Args:
        regulation: the id of the list of items.
        title: the title of the regulation.
        notes: what a reader must know: that it is no legal advice, and that only the listed items were looked at.
        subject: the title of the dataset, or the name of the company.
        companies: how many companies are rated.
        methodology: the methodology that was applied.
        with_hypothetical: whether hypothetical facts are counted.
        record: the digest of the record, which `verify` names too; None if no record was given.
        notices: the notices that every output carries.
        items: the items, in the order of the list.
        library_version: the version of the library.
        schema_version: the version of the JSON form.
    """

    regulation: str
    title: str
    notes: tuple[str, ...]
    subject: str
    companies: Count
    methodology: MethodologyRecord
    with_hypothetical: bool
    record: str | None
    notices: tuple[NoticeRecord, ...]
    items: tuple[DisclosedItem, ...]
    library_version: str
    schema_version: int = SCHEMA_VERSION

    @property
    def left(self) -> int:
        """How many parts are left to the provider, as a whole or in part."""
        return sum(part.said is not Said.STATED for item in self.items for part in item.parts)

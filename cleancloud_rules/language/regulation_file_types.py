"""The list of what a regulation asks for, as it is written."""

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.results.of_records.disclosures import AnsweredBy


@frozen(kw_only=True)
class AskedPart:
    """A part of an item.

    Args:
        asks: what is asked for, in a few words.
        source: which part of the files answers it.
        roles: the roles of the people who are asked for.
        add: where a file or a command could say it; None if none can.
    """

    asks: str
    source: AnsweredBy = field(metadata={"key": "from"})
    roles: tuple[str, ...] = ()
    add: str | None = None
    node: MappingNode | None = None


@frozen(kw_only=True)
class AskedItem:
    """An item: where the regulation has it, what it asks for, and its parts."""

    place: str
    asks: str
    parts: tuple[AskedPart, ...]
    node: MappingNode | None = None


@frozen(kw_only=True)
class RegulationFile:
    """The items of a regulation, and what readers must know about the list."""

    title: str
    notes: tuple[str, ...]
    items: tuple[AskedItem, ...]
    node: MappingNode | None = None

"""The file that says what the columns of tables mean, as it is written."""

from enum import Enum

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode, Node
from cleancloud_rules.model.values import Id


class NoIs(Enum):
    """What "no" in a column means: a fact, a search without result, or nothing."""

    FACT = "fact"
    NOT_FOUND = "not_found"
    NOTHING = "nothing"


@frozen(kw_only=True)
class BesideEntry:
    """The keys beside a fact; each is read as in a company file."""

    period: Node | None = None
    as_of: Node | None = None
    basis: Node | None = None
    source: Node | None = None
    locator: Node | None = None
    entity: Node | None = None
    note: Node | None = None
    node: MappingNode | None = None


@frozen(kw_only=True)
class ColumnEntry(BesideEntry):
    """What a column of a table means: its cells are values of a field."""

    fact: Id
    name: Id = field(metadata={"key": "field"})
    set: dict[Id, Node] = field(factory=dict)
    no_is: NoIs = NoIs.FACT


@frozen(kw_only=True)
class TableEntry:
    """A table with a row for each company and columns of any names, each a `ColumnEntry`."""

    file: str
    company: str
    columns: dict[str, Node]
    sheet: str | None = None
    defaults: BesideEntry = field(factory=BesideEntry)
    unread: tuple[str, ...] = ()
    node: MappingNode | None = None


@frozen
class TablesFile:
    """``tables.yaml``: a list of tables, each a `TableEntry`."""

    tables: Node
    node: MappingNode | None = field(default=None, kw_only=True)

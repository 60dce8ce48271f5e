"""The file that says what the columns of tables mean, as it is written."""

from datetime import date
from enum import Enum
from typing import Annotated

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode, Node
from cleancloud_rules.model.facts import Basis, Source
from cleancloud_rules.model.values import Id, Period, Value


class NoIs(Enum):
    """What "no" in a column means: a fact, a search without result, or nothing."""

    FACT = "fact"
    NOT_FOUND = "not_found"
    NOTHING = "nothing"


@frozen(kw_only=True)
class BesideEntry:
    """The keys beside a fact; each is read as in a company file."""

    period: Annotated[Node, Period] | None = None
    as_of: Annotated[Node, date] | None = None
    basis: Annotated[Node, Basis] | None = None
    source: Annotated[Node, Source] | None = None
    locator: Annotated[Node, str] | None = None
    entity: Annotated[Node, str] | None = None
    note: Annotated[Node, str] | None = None
    node: MappingNode | None = None


@frozen(kw_only=True)
class ColumnEntry(BesideEntry):
    """What a column of a table means: its cells are values of a field."""

    fact: Id
    name: Id = field(metadata={"key": "field"})
    set: dict[Id, Annotated[Node, Value]] = field(factory=dict)
    no_is: NoIs = NoIs.FACT


@frozen(kw_only=True)
class TableEntry:
    """A table with a row for each company and columns of any names, each a `ColumnEntry`."""

    file: str
    company: str
    columns: dict[str, Annotated[Node, ColumnEntry]]
    sheet: str | None = None
    defaults: BesideEntry = field(factory=BesideEntry)
    unread: tuple[str, ...] = ()
    node: MappingNode | None = None


@frozen
class TablesFile:
    """``tables.yaml``: a list of tables, each a `TableEntry`."""

    tables: Annotated[Node, tuple[TableEntry, ...]]
    node: MappingNode | None = field(default=None, kw_only=True)

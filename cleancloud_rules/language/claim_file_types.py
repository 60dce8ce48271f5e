"""The files of published claims, as they are written."""

from typing import Annotated

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode, Node
from cleancloud_rules.model.claims import Reading
from cleancloud_rules.model.conditions import Condition, When
from cleancloud_rules.model.facts import Source
from cleancloud_rules.model.values import Id, Interval, Name
from cleancloud_rules.model.vocabulary import Window


@frozen
class HighestEntry:
    """A superlative in a published claim."""

    of: Annotated[Node, Condition]
    name: Id = field(metadata={"key": "field"})
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class StatementEntry:
    """One published count in a file of claims."""

    id: Id
    title: str
    published: Annotated[Node, int | Interval]
    when: Annotated[Node, When] | None = None
    highest: HighestEntry | None = None
    cohort: Id | None = None
    companies: tuple[Name, ...] = ()
    window: Window | None = None
    earlier: dict[str, int] = field(factory=dict)
    from_words: bool = False
    reading: Reading = Reading.CHOSEN
    reason: str | None = None
    topic: Id | None = None
    contradicts: tuple[Id, ...] = ()
    source: Annotated[Node, Source] | None = None
    locator: str | None = None
    note: str | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class UnanswerableEntry:
    """One claim in a file of published claims that no fact can answer."""

    id: Id
    title: str
    why: str
    source: Annotated[Node, Source] | None = None
    locator: str | None = None
    note: str | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class ContradictionEntry:
    """One contradiction in a file of published claims."""

    id: Id
    title: str
    says: str
    data: str
    why: str | None = None
    topic: str | None = None
    companies: tuple[Name, ...] = ()
    criteria: tuple[Id, ...] = ()
    claims: tuple[Id, ...] = ()
    facts: Annotated[Node, tuple[Condition, ...]] | None = None
    not_found: Annotated[Node, tuple[Condition, ...]] | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class StatementsFile:
    """A file of published claims, and of the contradictions among what is published."""

    statements: Annotated[Node, tuple[StatementEntry, ...]]
    unanswerable: Annotated[Node, tuple[UnanswerableEntry, ...]] | None = None
    contradictions: Annotated[Node, tuple[ContradictionEntry, ...]] | None = None
    contradictions_page: str | None = None
    node: MappingNode | None = field(default=None, kw_only=True)

"""The files of published claims, as they are written."""

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode, Node
from cleancloud_rules.model.claims import Reading
from cleancloud_rules.model.values import Id, Name
from cleancloud_rules.model.vocabulary import Window


@frozen
class HighestEntry:
    """A superlative in a published claim."""

    of: Node
    name: Id = field(metadata={"key": "field"})
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class StatementEntry:
    """One published count in a file of claims."""

    id: Id
    title: str
    published: Node
    when: Node | None = None
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
    source: Node | None = None
    locator: str | None = None
    note: str | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class UnanswerableEntry:
    """One claim in a file of published claims that no fact can answer."""

    id: Id
    title: str
    why: str
    source: Node | None = None
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
    facts: Node | None = None
    not_found: Node | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class StatementsFile:
    """A file of published claims, and of the contradictions among what is published."""

    statements: Node
    unanswerable: Node | None = None
    contradictions: Node | None = None
    contradictions_page: str | None = None
    node: MappingNode | None = field(default=None, kw_only=True)

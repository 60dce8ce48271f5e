"""The files of published claims, as they are written."""

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode, Node
from cleancloud_rules.model.values import Id, Name


@frozen
class StatementEntry:
    """One published claim in a file of claims."""

    id: Id
    title: str
    published: Node
    when: Node | None = None
    cohort: Id | None = None
    earlier: dict[str, int] = field(factory=dict)
    from_words: bool = False
    imposed: bool = False
    topic: Id | None = None
    contradicts: tuple[Id, ...] = ()
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
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class StatementsFile:
    """A file of published claims, and of the contradictions among what is published."""

    statements: Node
    contradictions: Node | None = None
    node: MappingNode | None = field(default=None, kw_only=True)

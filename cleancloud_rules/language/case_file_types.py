"""attrs classes of the structure of files of test cases."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode, Node
from cleancloud_rules.language.file_types import FactDefaults, FactEntry, NotFoundEntry, SourceEntry
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.model.values import Id, Name


@frozen
class CriterionExpectation:
    """The expected result of a criterion."""

    points: Decimal | None = None
    outcome: Outcome | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class CategoryExpectation:
    """The expected result of a category, or of a group inside one."""

    score: Decimal | None = None
    outcome: GroupOutcome | None = None
    label: str | None = None
    level: Id | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class ExpectEntry:
    """The expected result of a company."""

    criteria: dict[Id, Annotated[Node, Decimal | Outcome | CriterionExpectation]] = field(factory=dict)
    categories: dict[Id, Annotated[Node, Decimal | CategoryExpectation]] = field(factory=dict)
    tables: dict[Id, Annotated[Node, str | tuple[str, ...]]] = field(factory=dict)
    total: Decimal | None = None
    outcome: GroupOutcome | None = None
    label: str | None = None
    level: Id | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class CaseEntry:
    """One test case. Except for its own keys, its keys are those of a company file."""

    name: str
    expect: Annotated[Node, ExpectEntry]
    note: str | None = None
    as_of: date | None = None
    defaults: Annotated[Node, FactDefaults] | None = None
    cohort: Annotated[Node, Id] | None = None
    facts: Annotated[Node, tuple[FactEntry, ...]] | None = None
    answers: Node | None = None
    not_found: Annotated[Node, tuple[NotFoundEntry, ...]] | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class CasesFile:
    """A file of test cases."""

    cases: Annotated[Node, tuple[CaseEntry, ...]]
    sources: Annotated[Node, dict[Name, SourceEntry]] | None = None
    defaults: Annotated[Node, FactDefaults] | None = None
    node: MappingNode | None = field(default=None, kw_only=True)

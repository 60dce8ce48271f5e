"""attrs classes of the structure of files of test cases."""

from datetime import date
from decimal import Decimal

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode, Node
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.model.values import Id


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

    criteria: dict[Id, Node] = field(factory=dict)
    categories: dict[Id, Node] = field(factory=dict)
    tables: dict[Id, Node] = field(factory=dict)
    total: Decimal | None = None
    outcome: GroupOutcome | None = None
    label: str | None = None
    level: Id | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class CaseEntry:
    """One test case. Except for its own keys, its keys are those of a company file."""

    name: str
    expect: Node
    note: str | None = None
    as_of: date | None = None
    defaults: Node | None = None
    cohort: Node | None = None
    facts: Node | None = None
    answers: Node | None = None
    not_found: Node | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class CasesFile:
    """A file of test cases."""

    cases: Node
    sources: Node | None = None
    defaults: Node | None = None
    node: MappingNode | None = field(default=None, kw_only=True)

"""attrs classes of the files' top-level structure, where it differs from the classes of the model."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode, Node
from cleancloud_rules.model.conditions import Condition, UnaryTest
from cleancloud_rules.model.datasets import Accepted
from cleancloud_rules.model.facts import Basis, Better, ResponseStatus, Selection, Source
from cleancloud_rules.model.groups import (
    Combining,
    CountsAs,
    NotApplicable,
    NotAssessed,
    Parts,
    Requirement,
    ScoreRounding,
    TableHitPolicy,
)
from cleancloud_rules.model.methodology import PointsBasis
from cleancloud_rules.model.rounding import Rounding, RoundingMode
from cleancloud_rules.model.texts import EditionChange, Notice
from cleancloud_rules.model.values import FieldType, Id, Interval, Name, Period, Word
from cleancloud_rules.model.vocabulary import Window


@frozen
class SourceEntry:
    """One source in a bibliography."""

    type: Id
    title: str | None = None
    publisher: str | None = None
    published: date | Interval | None = None
    accessed: date | Interval | None = None
    url: str | None = None
    archived: str | None = None
    footnotes: tuple[int, ...] = ()
    note: str | None = None
    public: bool | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class CategoryEntry(Combining):
    """One category in ``methodology.yaml``, or a group inside one. Its criteria are in files of their own."""

    id: Id
    title: str
    weight: Decimal | None = None
    groups: Annotated[Node, tuple[Self, ...]] | None = None
    parts: Parts = Parts.EXACT
    rounding: ScoreRounding | None = None
    requires: tuple[Requirement, ...] = ()
    not_applicable: NotApplicable | None = None
    not_assessed: NotAssessed | None = None
    replaces: tuple[Id, ...] = ()
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class ProportionEntry:
    """Points in proportion to a number."""

    to: str
    over: tuple[Decimal, ...]
    least: Decimal = Decimal(0)
    digits: int | None = None
    mode: RoundingMode | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class AnswersEntry:
    """How questions are answered, and the points of the answers."""

    fact: Id
    question: Id
    answer: Id
    points: dict[str, Decimal]
    because: str
    otherwise: str
    not_applicable: tuple[Word, ...] = ()
    not_assessed: tuple[Word, ...] = ()
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class TableEntry:
    """One decision table in ``methodology.yaml``."""

    id: Id
    title: str
    inputs: dict[Id, Node]
    outputs: tuple[str, ...]
    rows: Node
    hit_policy: TableHitPolicy = TableHitPolicy.UNIQUE
    otherwise: str | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class MethodologyFile(Combining):
    """``methodology.yaml``."""

    id: Id
    title: str
    edition: str
    publisher: str
    windows: dict[Id, Window]
    source_types: tuple[Id, ...]
    categories: Annotated[Node, tuple[CategoryEntry, ...]]
    sources: Annotated[dict[str, Node], dict[Name, SourceEntry]] = field(factory=dict)
    accepted_sources: tuple[Id, ...] | None = None
    as_of: date | None = None
    cohorts: dict[Id, str] = field(factory=dict)
    rounding: Rounding = field(factory=Rounding)
    points_basis: PointsBasis = PointsBasis.PROJECT
    not_applicable: CountsAs = CountsAs.EXCLUDED
    not_assessed: NotAssessed = NotAssessed.ZERO
    answers: AnswersEntry | None = None
    tables: Annotated[Node, tuple[TableEntry, ...]] | None = None
    rank_by: tuple[str, ...] = ("total",)
    approved_by: str | None = None
    recommendations: dict[Name, str] = field(factory=dict)
    changes: tuple[EditionChange, ...] = ()
    notices: tuple[Notice, ...] = ()
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class FieldEntry:
    """One field of a fact type."""

    type: Annotated[Id, FieldType]
    title: str = ""
    values: tuple[Word, ...] = ()
    unit: str | None = None
    digits: int | None = None
    better: Better | None = None
    key: bool = False
    optional: bool = False
    valid: Annotated[Node, UnaryTest] | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class FactTypeEntry:
    """One fact type."""

    title: str
    horizon: Id
    fields: dict[Id, Annotated[Node, FieldEntry]]
    selection: Selection = Selection.BEST
    describe: str = ""
    says: Annotated[Node, str | tuple[str, ...]] | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class RoundEntry:
    """How a derivation rounds."""

    digits: int | None = None
    mode: RoundingMode = RoundingMode.HALF_UP


@frozen
class ImpliesEntry:
    """One implication: facts that should not be without another fact."""

    given: Annotated[Node, Condition] = field(metadata={"key": "if"})
    then: Annotated[Node, Condition]
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class DerivationEntry:
    """One derivation."""

    id: Id
    fact: Id
    inputs: dict[Id, Annotated[Node, Condition]] = field(metadata={"key": "from"})
    set: dict[Id, Annotated[Node, bool | Decimal | str | tuple[str, ...]]]
    join: tuple[Id, ...] | None = None
    round: RoundEntry = field(factory=RoundEntry)
    valid: Annotated[Node, UnaryTest] | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class FactsFile:
    """``facts.yaml``."""

    fact_types: Annotated[Node, dict[Id, FactTypeEntry]]
    units: Annotated[Node, dict[str, dict[str, Decimal]]] | None = None
    implies: tuple[Annotated[Node, ImpliesEntry], ...] = ()
    derivations: tuple[Annotated[Node, DerivationEntry], ...] = ()
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class CriteriaFile:
    """A file of criteria."""

    category: Id
    criteria: Node
    defaults: Node | None = None
    answers: AnswersEntry | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class FactEntry:
    """The keys beside the fact type in an entry of ``facts``."""

    period: Period | None = None
    as_of: date | None = None
    basis: Basis = Basis.REPORTED
    source: Annotated[Name, Source] | None = None
    locator: str | None = None
    entity: str | None = None
    note: str | None = None
    disclosed: tuple[Id, ...] = ()
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class NotFoundEntry:
    """The keys beside the condition in an entry of ``not_found``."""

    basis: Basis = Basis.REPORTED
    source: Annotated[Name, Source] | None = None
    locator: str | None = None
    note: str | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen(kw_only=True)
class OfferedFacts:
    """Facts about a company, with the sources that are listed for them."""

    sources: Annotated[dict[str, Node], dict[Name, SourceEntry]] = field(factory=dict)
    facts: Annotated[Node, tuple[FactEntry, ...]] | None = None
    answers: Node | None = None
    node: MappingNode | None = None


@frozen(kw_only=True)
class StatedFacts(OfferedFacts):
    """A file of facts about a company, with the sources that it lists for them."""

    id: Name | None = None
    not_found: Annotated[Node, tuple[NotFoundEntry, ...]] | None = None


@frozen(kw_only=True)
class ResponseEntry(OfferedFacts):
    """A response of a company to its score."""

    id: Name
    received: date
    by: str
    reason: str
    about: tuple[Id, ...] = ()
    disputes: tuple[str, ...] = ()
    status: ResponseStatus = ResponseStatus.OPEN
    decision: str | None = None


@frozen
class CompanyFile(StatedFacts):
    """A company file."""

    id: Name
    name: str
    aliases: tuple[str, ...] = ()
    cohort: Id | None = None
    responses: tuple[Annotated[Node, ResponseEntry], ...] = ()


@frozen
class SourcesFile:
    """A bibliography."""

    sources: Annotated[dict[str, Node], dict[Name, SourceEntry]]
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class NeverHypotheticalEntry:
    """Facts that no solver may choose, in ``dataset.yaml``."""

    facts: Annotated[Node, Condition]
    reason: str
    cohort: Id | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class DatasetFile:
    """``dataset.yaml``."""

    title: str
    methodology: Id
    companies: Annotated[Node, str | tuple[str, ...]]
    sources: str | None = None
    description: str = ""
    selection: str = ""
    as_of: date | None = None
    published: str | None = None
    statements: str | None = None
    overlays: tuple[str, ...] = ()
    never_hypothetical: Annotated[Node, tuple[NeverHypotheticalEntry, ...]] | None = None
    accepted: tuple[Accepted, ...] = ()
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class OverlayEntry:
    """The hypothetical facts of one company."""

    id: Name
    facts: Annotated[Node, tuple[FactEntry, ...]]
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class OverlayFile:
    """A file of hypothetical facts; `hypothetical` is its header."""

    hypothetical: str
    methodology: Id
    sources: Annotated[dict[str, Node], dict[Name, SourceEntry]]
    companies: Annotated[Node, tuple[OverlayEntry, ...]]
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class FactDefaults:
    """The defaults of the keys beside facts, for a file of test cases or for one of them."""

    source: Annotated[Name, Source] | None = None
    period: Period | None = None
    as_of: date | None = None
    node: MappingNode | None = field(default=None, kw_only=True)

"""Fact types, fields, facts, sources and companies."""

from collections.abc import Callable
from collections.abc import Mapping as MappingType
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache, cached_property, lru_cache
from operator import attrgetter, methodcaller
from typing import Any

import attrs
from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.conditions import Condition, UnaryTest, reserved_fields
from cleancloud_rules.model.published import Contradiction, PublishedRow
from cleancloud_rules.model.values import FieldType, Interval, Period, Value
from cleancloud_rules.on_demand import OnDemand
from cleancloud_rules.one_line import one_line
from cleancloud_rules.packed import Packed


class Better(Enum):
    """Which change of a field is an improvement."""

    HIGHER = "higher"
    LOWER = "lower"
    MORE = "more"
    LISTED = "listed"


class Selection(Enum):
    """Which facts with the same key fields count: all, or the latest; under `single` these must say the same."""

    BEST = "best"
    LATEST = "latest"
    SINGLE = "single"


class ResponseStatus(Enum):
    """What the publisher has decided about a response."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Basis(Enum):
    """How a fact is known."""

    REPORTED = "reported"
    CALCULATED = "calculated"
    REPORTED_OR_CALCULATED = "reported_or_calculated"
    THIRD_PARTY = "third_party"
    ASSESSED = "assessed"
    INFERRED = "inferred"
    HYPOTHETICAL = "hypothetical"


@frozen(field_transformer=one_line)
class Field:
    """One field of a fact type.

    Args:
        id: the name in files.
        type: what its values are.
        title: what a reader sees.
        values: the names that an enum or a set may hold, in order.
        unit: the unit in which a quantity is kept and shown.
        digits: decimal places that a number, a percent or a quantity (in `unit`) may have.
        better: which change is an improvement; None if no change is.
        key: whether the field says what a fact is about.
        optional: whether a fact can omit it.
        valid: the test that every value must pass, if any.
    """

    id: str
    type: FieldType
    title: str = ""
    values: tuple[str, ...] = ()
    unit: str | None = None
    digits: int = 0
    better: Better | None = None
    key: bool = False
    optional: bool = False
    valid: UnaryTest | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of an enum or a set, for quick look-up."""
        return frozenset(self.values)

    @cached_property
    def label(self) -> str:
        """What a reader sees: its title, or its id in words."""
        return self.title or self.id.replace("_", " ")


@frozen(field_transformer=one_line)
class FactType:
    """A kind of fact.

    Args:
        id: the name in files.
        title: what a reader sees.
        horizon: the id of the window in which its facts count.
        fields: its fields, in the order of the file.
        describe: what the fact type is for, and what it is not.
        selection: which of several facts with equal key fields and entity count.
        says: sentences that state such a fact, with ``{field}`` for a value; the first that a fact can fill states it.
    """

    id: str
    title: str
    horizon: str
    fields: tuple[Field, ...]
    describe: str = ""
    selection: Selection = Selection.BEST
    says: tuple[str, ...] = field(default=(), metadata={"later": True})
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    def get(self, name: str) -> Field | None:
        """Return the field called `name`, or None."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {f.id: f for f in reversed(self.fields)}  # of two equal names the first counts

    @cached_property
    def model(self) -> type["FactValues"]:
        """The frozen attrs class whose instances hold the values of one fact of this type."""
        return _model(self)


class FactValues:
    """The base of the attrs classes that are made from fact types.

    Equal fact types may have classes of their own, made in two threads or long after one another; so two instances
    are equal if their fact types and values are.
    """

    fact_type: FactType

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FactValues):
            return NotImplemented
        mine, theirs = self.fact_type, other.fact_type
        return self.__dict__ == other.__dict__ and (mine is theirs or mine == theirs)

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__.values()))

    def get(self, name: str) -> Value | None:
        """Return the value of the field called `name`; None if it is missing."""
        value: Value | None = getattr(self, name)
        return value

    def items(self) -> tuple[tuple[str, Value], ...]:
        """Return names and values of the fields that are present, in the vocabulary's order."""
        pairs = ((f.id, self.get(f.id)) for f in self.fact_type.fields)
        return tuple((name, value) for name, value in pairs if value is not None)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (self.fact_type, dict(self.items())))


@lru_cache(maxsize=4096)
def _model(fact_type: FactType) -> type[FactValues]:
    attributes = {f.id: attrs.field(default=None, metadata={"field": f}, kw_only=True) for f in fact_type.fields}
    name = "".join(part.capitalize() for part in fact_type.id.split("_"))
    return attrs.make_class(
        name, attributes, bases=(FactValues,), frozen=True, slots=False, eq=False, class_body={"fact_type": fact_type}
    )


def _rebuild(fact_type: FactType, values: dict[str, Value]) -> FactValues:
    return fact_type.model(**values)


@frozen(field_transformer=one_line)
class Source:
    """A source of facts, as a bibliography lists it.

    Args:
        id: the name that facts cite.
        type: one of the methodology's source types.
        title: title of the publication; None if it has none.
        publisher: who published it.
        published: the day, the interval of days that a bare year allows, or None if unknown.
        accessed: as `published`, for the day on which it was read.
        url: where it was read.
        archived: an archived copy.
        footnotes: numbers of the footnotes in the published ranking that cite it.
        note: anything a reader should know about it.
        public: whether everybody can read it; None if the file does not say.
    """

    id: str
    type: str
    title: str | None = None
    publisher: str | None = None
    published: date | Interval | None = None
    accessed: date | Interval | None = None
    url: str | None = None
    archived: str | None = None
    footnotes: tuple[int, ...] = ()
    note: str | None = None
    public: bool | None = field(default=None, kw_only=True, metadata={"later": True})
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen(field_transformer=one_line)
class Fact(OnDemand):
    """One stated fact.

    Args:
        id: the fact type and a digest of the content, so that it depends on nothing else.
        type: the id of the fact type.
        values: the values, an instance of the fact type's attrs class.
        disclosed: fields that were published but whose value is not at hand, sorted.
        period: the time that it is about.
        as_of: the day on which it was true, for a fact without period.
        basis: how it is known.
        source: the source it is taken from; None if none is given.
        locator: where in the source.
        entity: the part of the company that it is about, such as a subsidiary; None for the company.
        note: anything a reader should know about it.
        derived_by: the derivation that made it, or None.
        derived_from: the ids of the facts that it was derived from.
        joined: these ids in the order of the inputs of the derivation.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> company = cc.load_company("gds", methodology)
        >>> fact = company.facts[0]
        >>> fact.type, fact.values.get("topic"), fact.source.id
        ('commitment', 'carbon_neutrality', 'clean-cloud-2024')
    """

    id: str
    type: str
    values: FactValues
    disclosed: tuple[str, ...] = ()
    period: Period | None = None
    as_of: date | None = None
    basis: Basis = Basis.REPORTED
    source: Source | None = None
    locator: str | None = None
    entity: str | None = None
    note: str | None = None
    derived_by: str | None = None
    derived_from: tuple[str, ...] = ()
    joined: tuple[str, ...] = field(default=(), eq=False, repr=False, kw_only=True)
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    @property
    def is_hypothetical(self) -> bool:
        """Whether the fact is assumed, not known."""
        return self.basis is Basis.HYPOTHETICAL

    def get(self, name: str) -> Value | None:
        """Return the value of a field of the fact type or of a reserved field; None if it is missing."""
        match name:
            case "basis":
                return self.basis.value
            case "period":
                return self.period.end if self.period else None
            case "entity":
                return self.entity
            case "evidence.source":
                return self.source.id if self.source else None
            case "evidence.source_type":
                return self.source.type if self.source else None
            case "evidence.published":
                return self.source.published if self.source else None
            case _:
                return self.values.get(name)


@cache
def reader(name: str) -> Callable[[Fact], Value | None]:
    """Return what reads a field of a fact type, or a reserved field, of facts."""
    return methodcaller("get", name) if name in reserved_fields else attrgetter(f"values.{name}")


@frozen(field_transformer=one_line)
class NotFound:
    """A documented search without result: no fact of the company passes the condition.

    Under `together` there are further conditions, and no facts pass all of them, one fact or several.

    Args:
        condition: the condition that no fact passes; under `together` that for its first name.
        also: the conditions for the other names; without them `condition` speaks of single facts.
        basis: how that is known.
        source: the source, or None.
        locator: where in the source.
        note: why it is so, such as the published count that implies it.
    """

    condition: Condition
    basis: Basis = Basis.REPORTED
    source: Source | None = None
    locator: str | None = None
    note: str | None = None
    also: tuple[Condition, ...] = field(default=(), kw_only=True, metadata={"later": True})
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions that facts do not pass together; without `together` there is one."""
        return (self.condition, *self.also)

    def __str__(self) -> str:
        return " and ".join(map(str, self.conditions)) + (" together" if self.also else "")


@frozen(field_transformer=one_line)
class Response:
    """What a company answers to its score, in its own words. It changes no fact and no score.

    Args:
        id: unique among the responses of the company.
        received: the day on which it was received.
        by: who says it: a name or a role, as given.
        reason: the reason, in the words of the company.
        about: ids of the criteria that it is about.
        facts: the facts that it offers as evidence, with ids, each content once.
        disputes: ids of the stated facts that it calls wrong.
        status: what the publisher has decided.
        decision: the reason of the publisher; None if none is given.
    """

    id: str
    received: date
    by: str
    reason: str
    about: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    disputes: tuple[str, ...] = ()
    status: ResponseStatus = ResponseStatus.OPEN
    decision: str | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


@frozen(field_transformer=one_line)
class Company(Packed):
    """Everything that is stated about one company.

    Args:
        id: the name in files and tables.
        name: the name that a reader sees.
        aliases: other names of the same company.
        cohort: the cohort in which it is ranked; None outside any.
        facts: the stated facts, sorted by id, each content once.
        not_found: documented searches without result.
        cut_off: the cut-off of its dataset or test case, in place of that of the methodology; None if they have none.
        published_row: its row in the published table of the dataset that it was loaded with; None if there is none.
        contradictions: where the publisher contradicts itself about it, according to that dataset.
        responses: what it answers to its score, in the order of the file.
        sha256: digest of what it states, including the cited sources; not of the four values above.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> company = cc.load_company("gds", methodology)
        >>> company.name, company.cohort, len(company.facts)
        ('GDS', 'data_center_operator', 4)
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    cohort: str | None = None
    facts: tuple[Fact, ...] = ()
    not_found: tuple[NotFound, ...] = ()
    cut_off: date | None = None
    sha256: str = ""
    published_row: PublishedRow | None = field(default=None, eq=False, repr=False, kw_only=True)
    contradictions: tuple[Contradiction, ...] = field(default=(), eq=False, repr=False, kw_only=True)
    responses: tuple[Response, ...] = field(default=(), kw_only=True)
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)


Bibliography = MappingType[str, Source]
"""Sources by id."""

Number = int | Decimal
"""A number in a formula."""

"""The vocabulary of a methodology: what can be stated about a company, and the windows in which it counts."""

from datetime import date
from enum import Enum
from functools import cached_property

from attrs import field, frozen

from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.derivations import Derivation
from cleancloud_rules.model.facts import Basis, FactType, Field
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import FieldType, Interval
from cleancloud_rules.one_line import one_line


@frozen
class Implication:
    """If a fact passes `given`, some fact should pass `then`.

    Args:
        given: the condition that a fact passes.
        then: the condition that some fact of the company should then pass.
    """

    given: Condition
    then: Condition


@frozen(field_transformer=one_line)
class Vocabulary:
    """What can be stated about a company.

    Args:
        fact_types: sorted by id.
        implications: the facts that should not be without another fact.
        derivations: in the order of the file; a later one can read the facts of an earlier one.
        source_types: the types that a source can have.
        units: the units of quantities.
        cohorts: ids and titles of the cohorts, in the order of the file.
    """

    fact_types: tuple[FactType, ...]
    implications: tuple[Implication, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    source_types: tuple[str, ...] = ()
    cohorts: tuple[tuple[str, str], ...] = ()
    units: Units = field(factory=Units)

    @property
    def implied(self) -> tuple[Condition, ...]:
        """The conditions of the implications."""
        return tuple(condition for pair in self.implications for condition in (pair.given, pair.then))

    @cached_property
    def by_id(self) -> dict[str, FactType]:
        """The fact types by id."""
        return {fact_type.id: fact_type for fact_type in self.fact_types}

    def field_of(self, type_id: str, name: str) -> Field | None:
        """Return a field of a fact type, or a reserved field; None for another name."""
        return self.by_id[type_id].get(name) or self.reserved_field(name)

    def fields_of(self, condition: Condition) -> dict[str, Field]:
        """Return the fields that a condition tests, by name."""
        found = {test.field: self.field_of(condition.fact_type, test.field) for test in condition.tests}
        return {name: field for name, field in found.items() if field is not None}

    def reserved_field(self, name: str) -> Field | None:
        """Return the reserved field of this name, which every fact has; None for another name."""
        match name:
            case "basis":
                return Field("basis", FieldType.ENUM, "Basis", tuple(basis.value for basis in Basis))
            case "entity":
                return Field("entity", FieldType.TEXT, "Entity", optional=True)
            case "period":
                return Field("period", FieldType.DATE, "End of the period", optional=True)
            case "evidence.source_type":
                return Field(name, FieldType.ENUM, "Type of the source", self.source_types, optional=True)
            case "evidence.published":
                return Field(name, FieldType.DATE, "Publication of the source", optional=True)
            case "evidence.source":
                return Field(name, FieldType.TEXT, "Source", optional=True)
            case _:
                return None


class PeriodCounts(Enum):
    """When a period lies in a window: if it ends there, if any of its days lies there, or if all of them do."""

    END = "end"
    OVERLAP = "overlap"
    WHOLE = "whole"


@frozen
class Window:
    """The days in which a fact counts, both included. A missing end is unbounded.

    Args:
        start: the first day.
        end: the last day.
        counts: when a period lies in the window.
    """

    start: date | None = field(default=None, metadata={"key": "from"})
    end: date | None = field(default=None, metadata={"key": "to"})
    counts: PeriodCounts = field(default=PeriodCounts.END, metadata={"later": True})

    @property
    def has_ends(self) -> bool:
        """Whether the window has a first or a last day."""
        return self.start is not None or self.end is not None

    @property
    def is_empty(self) -> bool:
        """Whether no day lies in the window."""
        return self.start is not None and self.end is not None and self.end < self.start

    def holds(self, first: date, last: date) -> bool:
        """Whether a period lies in the window.

        Args:
            first: its first day.
            last: its last day.
        """
        early = first if self.counts is PeriodCounts.WHOLE else last
        late = first if self.counts is PeriodCounts.OVERLAP else last
        return (self.start is None or self.start <= early) and (self.end is None or late <= self.end)

    @property
    def last_days(self) -> Interval:
        """The days on which a period that lies in the window can end."""
        return Interval(self.start, None if self.counts is PeriodCounts.OVERLAP else self.end)

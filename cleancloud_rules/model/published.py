"""What a publisher printed: tables of figures, and passages that contradict each other."""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum

from attrs import field, frozen

from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.frozen_data import frozen_mapping
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.one_line import one_line


class FigureKind(Enum):
    """The kind of a printed figure."""

    SCORE = "score"
    TOTAL = "total"
    POINTS = "points"
    LEVEL = "level"
    LABEL = "label"
    TABLE = "table"


@frozen
class Figure:
    """A figure that a publisher can print of each company.

    Args:
        name: its column.
        kind: its kind.
        of: id of the group, the criterion or the decision table; None for the root.
    """

    name: str
    kind: FigureKind
    of: str | None = None


Printed = Decimal | str
"""The value of a cell: a number, the id of a level, a label, or the output of a decision table."""


@frozen(field_transformer=one_line)
class PublishedRow:
    """The printed figures of one company.

    Args:
        company: id of the company.
        name: its name as printed; None if none is printed.
        cohort: id of its cohort; None if none is printed.
        rank: its rank in the cohort; None if none is printed.
        scores: printed scores by category or group.
        total: the printed total; None if none is printed.
        location: the location of the row.
        points: printed points by criterion.
        words: printed levels (their ids), labels and outputs of decision tables, by column.
        none: the columns in which the publisher says that there is no such figure.
        position: the number of its row in the table, counted from 1; None outside of a table.
        ranked: how many companies of its cohort have a rank in the table; None if the table does not show it.
    """

    company: str
    name: str | None
    cohort: str | None
    rank: int | None
    scores: Mapping[str, Decimal] = field(converter=frozen_mapping)
    total: Decimal | None
    location: Location = field(eq=False, repr=False)
    points: Mapping[str, Decimal] = field(factory=dict, converter=frozen_mapping)
    words: Mapping[str, str] = field(factory=dict, converter=frozen_mapping)
    none: frozenset[str] = frozenset()
    position: int | None = None
    ranked: int | None = None

    def figure(self, name: str) -> Decimal:
        """Return the printed total, or the printed score of a category or group; KeyError if there is none."""
        if name != "total":
            return self.scores[name]
        if self.total is None:
            raise KeyError(name)
        return self.total

    @property
    def is_empty(self) -> bool:
        """Whether neither a rank nor a figure is printed."""
        return self.rank is None and not self.printed()

    def printed(self) -> dict[str, Printed | None]:
        """Return all figures by column; None if the publisher says that there is none."""
        total = {} if self.total is None else {"total": self.total}
        return {**dict.fromkeys(self.none), **self.scores, **self.points, **self.words, **total}


@frozen(field_transformer=one_line)
class PublishedTable:
    """A published ranking, in the order of the file.

    Args:
        rows: its rows, one for each company.
    """

    rows: tuple[PublishedRow, ...]

    def row(self, company: str) -> PublishedRow:
        """Return the row of a company; KeyError if there is none."""
        for row in self.rows:
            if row.company == company:
                return row
        raise KeyError(company)


@frozen
class Contradiction:
    """A passage in which a publisher contradicts itself or leaves something open, and what the data make of it.

    Args:
        id: unique within the dataset.
        title: what it is about.
        says: what the publisher says, in words of the dataset.
        data: which reading the data choose.
        why: the reason for that reading; None if none is given.
        topic: the heading under which readers find it; None for none.
        companies: ids of the companies whose facts depend on it.
        criteria: ids of the criteria that depend on it.
        claims: ids of the published claims that it is about.
        facts: the conditions that the stated facts of its companies pass that depend on it.
        not_found: the searches without result, of any company, that rest on it: the conditions of each.
        page: where readers find it; None if nowhere else.
    """

    id: str
    title: str
    says: str
    data: str
    why: str | None = None
    topic: str | None = None
    companies: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    facts: tuple[Condition, ...] = ()
    not_found: tuple[tuple[Condition, ...], ...] = ()
    page: str | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

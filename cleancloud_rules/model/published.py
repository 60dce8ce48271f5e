"""A published ranking: the figures that a publisher printed."""

from decimal import Decimal
from enum import Enum

from attrs import field, frozen

from cleancloud_rules.diagnostics.diagnostic import Location


class FigureKind(Enum):
    """What a printed figure is."""

    SCORE = "score"
    TOTAL = "total"
    POINTS = "points"
    LEVEL = "level"
    LABEL = "label"
    TABLE = "table"


@frozen
class Figure:
    """Something that may be printed of each company.

    Args:
        name: the column that holds it.
        kind: what it is.
        of: id of the group, the criterion or the decision table; None for the whole.
    """

    name: str
    kind: FigureKind
    of: str | None = None


Printed = Decimal | str
"""What stands in a cell: a number, the id of a level, a label, or what a decision table gave."""


@frozen
class PublishedRow:
    """What was printed for one company.

    Args:
        company: id of the company.
        name: its name as printed; None where none is.
        cohort: id of its cohort; None where none is printed.
        rank: its rank in the cohort; None where none is printed.
        scores: printed scores by category or group.
        total: the printed total; None where none is printed.
        location: where the row stands.
        points: printed points by criterion.
        words: printed levels (their ids), labels and outcomes of decision tables, by column.
        none: the columns in which the publisher says that there is none.
    """

    company: str
    name: str | None
    cohort: str | None
    rank: int | None
    scores: dict[str, Decimal]
    total: Decimal | None
    location: Location = field(eq=False, repr=False)
    points: dict[str, Decimal] = field(factory=dict)
    words: dict[str, str] = field(factory=dict)
    none: frozenset[str] = frozenset()

    def figure(self, name: str) -> Decimal:
        """Return the printed total, or the printed score of a category or group; KeyError if there is none."""
        if name != "total":
            return self.scores[name]
        if self.total is None:
            raise KeyError(name)
        return self.total

    def printed(self) -> dict[str, Printed | None]:
        """Return all figures by column; None where the publisher says that there is none."""
        total = {} if self.total is None else {"total": self.total}
        return {**dict.fromkeys(self.none), **self.scores, **self.points, **self.words, **total}


@frozen
class PublishedTable:
    """A published ranking, in the order of the file."""

    rows: tuple[PublishedRow, ...]

    def row(self, company: str) -> PublishedRow:
        """Return the row of a company; KeyError if there is none."""
        for row in self.rows:
            if row.company == company:
                return row
        raise KeyError(company)

"""A published ranking: the figures that a publisher printed."""

from decimal import Decimal

from attrs import field, frozen

from cleancloud_rules.diagnostics import Location


@frozen
class PublishedRow:
    """What was printed for one company.

    Args:
        company: id of the company.
        name: its name as printed.
        cohort: id of its cohort.
        rank: its rank in the cohort.
        scores: printed category scores by category.
        total: the printed total.
        location: where the row stands.
    """

    company: str
    name: str
    cohort: str | None
    rank: int
    scores: dict[str, Decimal]
    total: Decimal
    location: Location = field(eq=False, repr=False)

    def figure(self, name: str) -> Decimal:
        """Return the printed total, or the printed score of a category."""
        return self.total if name == "total" else self.scores[name]


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

"""The heat map: every company on every criterion."""

from collections import Counter
from functools import cached_property

from attrs import frozen

from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.rounding import short
from cleancloud_rules.reports.numbers import MINUS
from cleancloud_rules.reports.pages.site import Group, Row, Site
from cleancloud_rules.results.scorecards import CriterionResult, GroupScore

MAX_COMPANIES = 100
"""The maximum number of companies in one table; if there are more, each cohort has a page of its own."""

STATES = {
    "full": "full points",
    "part": "some points",
    "added": "points from hypothetical facts",
    "not_met": "stated, and not met",
    "not_found": "looked for, not found",
    "uncounted": "stated, but does not count",
    "aside": "gated, left out or not applicable",
    "open": "not assessed",
}
"""The states of a cell with their words, in the order of the legend."""

SENTENCES = {
    "full": "earn full points",
    "part": "earn some points",
    "added": "have points from hypothetical facts",
    "not_met": "are stated and not met",
    "not_found": "were looked for and not found",
    "uncounted": "are stated and do not count",
    "aside": "are gated, left out or not applicable",
    "open": "are not assessed",
}
"""What a sentence says of answers with each state."""

_OF_ONE = {"earn": "earns", "have": "has", "are": "is", "were": "was"}

_STATES = {
    Outcome.AWARDED: "full",
    Outcome.PARTIAL: "part",
    Outcome.NOT_MET: "not_met",
    Outcome.NOT_FOUND: "not_found",
    Outcome.GATED: "aside",
    Outcome.EXCLUDED: "aside",
    Outcome.NOT_APPLICABLE: "aside",
}
_MARKS = {"not_found": "×", "uncounted": "·", "aside": "–", "open": ""}


@frozen
class Cell:
    """A company on a criterion.

    Args:
        state: a key of `STATES`.
        mark: what the cell shows: points, points of the maximum, or a sign. No state is told by colour alone.
    """

    state: str
    mark: str


@frozen(slots=False)
class HeatMap:
    """What a page with a heat map shows.

    Args:
        site: the results.
        cohorts: the cohorts in the table.
        pages: the names and titles of all pages with a heat map; empty if there is one.
    """

    site: Site
    cohorts: tuple[Group, ...]
    pages: tuple[tuple[str, str], ...] = ()

    @cached_property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """How many cells have each state, for the states that occur."""
        cells = (
            cell_of(row, criterion) for group in self.cohorts for row in group.rows for criterion in row.card.criteria
        )
        found = Counter(cell.state for cell in cells)
        return tuple((state, found[state]) for state in STATES if found[state])

    @property
    def sentence(self) -> str:
        """How many answers have each state, in words."""
        said = []
        for state, count in self.counts:
            verb, rest = SENTENCES[state].split(" ", 1)
            said.append(f"{count} {_OF_ONE[verb] if count == 1 else verb} {rest}")
        return ", ".join(said[:-1]) + (" and " if len(said) > 1 else "") + said[-1]

    @property
    def size(self) -> int:
        """How many cells there are."""
        return sum(count for _, count in self.counts)

    @property
    def bands(self) -> tuple[tuple[GroupScore, int], ...]:
        """The categories with their numbers of criteria."""
        return tuple((category, len(category.every_criterion)) for category in self.site.categories)

    @cached_property
    def starts(self) -> frozenset[int]:
        """The numbers of the first criteria of all categories but the first."""
        sizes = [size for _, size in self.bands if size]
        return frozenset(sum(sizes[:number]) for number in range(1, len(sizes)))

    def cells(self, row: Row) -> tuple[Cell, ...]:
        """Return the cells of a company."""
        return tuple(cell_of(row, criterion) for criterion in row.card.criteria)


def heat_maps(site: Site) -> tuple[tuple[str, HeatMap], ...]:
    """Return the heat maps, each with the name of its page."""
    if len(site.rows) <= MAX_COMPANIES or len(site.cohorts) < 2:
        return (("heatmap.html", HeatMap(site, site.cohorts)),)
    names = ["heatmap.html", *(f"heatmap-{number}.html" for number in range(2, len(site.cohorts) + 1))]
    pages = tuple(zip(names, (cohort.title for cohort in site.cohorts), strict=True))
    return tuple((name, HeatMap(site, (cohort,), pages)) for name, cohort in zip(names, site.cohorts, strict=True))


def cell_of(row: Row, criterion: CriterionResult) -> Cell:
    """Return the cell of a company on a criterion."""
    state = _STATES.get(criterion.outcome, "open")
    if criterion.outcome is Outcome.NOT_ASSESSED and criterion.facts:
        state = "open" if any(row.card.fact(id).counts for id in criterion.facts) else "uncounted"
    if criterion.hypothetical_points:
        state = "added"
    points, maximum = (short(number).replace("-", MINUS) for number in (criterion.points, criterion.max_points))
    marks = {"full": points, "not_met": points, "part": f"{points}/{maximum}", "added": f"({points})", **_MARKS}
    return Cell(state, marks[state])

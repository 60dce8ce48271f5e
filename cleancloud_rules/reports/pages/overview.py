"""The first page: the ranking, with what is published, supported and possible side by side."""

from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from attrs import frozen

from cleancloud_rules.reports.numbers import number_text
from cleancloud_rules.reports.pages.figures import percent
from cleancloud_rules.reports.pages.site import TONES, Row, Site

HYPOTHETICAL = (
    "A solver chose facts so that the rules give published scores. This tests the rules. It says nothing about any "
    "company, and no figure on this page may be cited as one of a company."
)
"""What the first page with hypothetical facts says first."""

OPEN = "Where no stated evidence decides either way, nothing is assumed: each total could lie anywhere on the grey bar."
"""What the first page says about ranges."""


@frozen(slots=False)
class Overview:
    """What the first page says of all companies.

    Args:
        site: the results.
    """

    site: Site

    @property
    def question(self) -> str:
        """The title of the page."""
        title = self.site.ranking.methodology.title
        if self.site.is_hypothetical:
            return "Can the rules give the published table at all?"
        if self.site.has_published:
            return f"How much of the {title} ranking can be checked?"
        return f"{title}: what stated facts support"

    @property
    def answer(self) -> str:
        """The result in a few sentences."""
        return " ".join(filter(None, (self._printed, self._supported, self._open, self._inside)))

    @property
    def _printed(self) -> str:
        printed = sum(row.total.published is not None for row in self.site.rows)
        if self.site.is_hypothetical:
            return HYPOTHETICAL
        if not printed:
            return ""
        every = "each company" if printed == len(self.site.rows) else f"{printed} of {len(self.site.rows)} companies"
        return f"{self.site.ranking.methodology.publisher} prints a total for {every}."

    @property
    def _supported(self) -> str:
        stated = [row.total.stated for row in self.site.rows if row.total.stated is not None]
        if not stated:
            return "The facts that are stated, each with its source, decide which criteria are met."
        of = "" if self.site.maximum is None else f" of {number_text(self.site.maximum)}"
        low, high = min(stated), max(stated)
        amount = number_text(low) if low == high else f"between {number_text(low)} and {number_text(high)}"
        return f"Stated facts support {amount}{of} points."

    @property
    def _open(self) -> str:
        if not any(row.total.has_range and row.total.floor != row.total.ceiling for row in self.site.rows):
            return ""
        return OPEN

    @property
    def _inside(self) -> str:
        if not (self.site.has_published and self.site.has_ranges):
            return ""
        printed = [row.total for row in self.site.rows if row.total.published is not None]
        inside = sum(figures.holds_published for figures in printed)
        if inside == len(printed):
            return f"All {inside} published totals lie inside."
        return f"{inside} of {len(printed)} published totals lie inside."

    @property
    def has_wide(self) -> bool:
        """Whether the bounds of some total may be too wide."""
        return any(row.total.has_range and not row.total.exact for row in self.site.rows)

    @cached_property
    def has_published_categories(self) -> bool:
        """Whether scores of categories are published."""
        return any(figures.published is not None for row in self.site.rows for figures in row.categories)

    @cached_property
    def stacks(self) -> bool:
        """Whether the scores of categories can be shown one after another: they add up to the total, none below 0."""
        weighed = all(c.weight is not None and c.weight == c.max_score for c in self.site.categories)
        return weighed and all(f.stated is None or f.stated >= 0 for row in self.site.rows for f in row.categories)

    def stack(self, row: Row, which: Literal["published", "stated"]) -> tuple[tuple[str, str, str], ...]:
        """Return the parts of a stacked bar: colour, place and width."""
        parts = []
        start = Fraction(0)
        whole = Fraction(self.site.axis.high)
        for number, figures in enumerate(row.categories):
            value: Decimal | None = getattr(figures, which)
            if value:
                parts.append((f"tone{number % TONES}", percent(start, whole), percent(Fraction(value), whole)))
                start += Fraction(value)
        return tuple(parts)


def orders(site: Site) -> tuple[tuple[str, str], ...]:
    """Return the orders of companies that readers can choose, each with its name for scripts."""
    found = [("stated", "Supported"), ("ceiling", "Possible at most")] if site.has_totals else []
    found += [("answered", "Criteria answered")]
    if site.has_scores:
        found += [(f"c{number}", category.title) for number, category in enumerate(site.categories)]
    return (*found, ("name", "Name"))


def sort_keys(row: Row) -> dict[str, str]:
    """Return what a script sorts and finds a company by."""
    figures = {"stated": row.total.stated, "ceiling": row.total.ceiling}
    for number, category in enumerate(row.categories):
        figures[f"c{number}"] = category.published if category.published is not None else category.stated
    keys = {name: f"{value:f}" for name, value in figures.items() if value is not None}
    return {"name": row.names, "answered": str(row.answered), **keys}

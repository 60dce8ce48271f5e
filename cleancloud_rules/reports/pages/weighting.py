"""The page of weights: how far the order of companies depends on the weights of the categories.

The scores of categories are weighed anew many times, each weight moved by up to a third. The draws come from a fixed
seed and from whole numbers alone, so that every machine draws the same.
"""

from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import ceil, lcm
from random import Random

from attrs import frozen

from cleancloud_rules.reports.pages.figures import percent
from cleancloud_rules.reports.pages.site import Group, Row, Site

DRAWS = 2000
"""How often the weights are drawn."""

SEED = 2024
"""The seed of the draws."""

BITS = 32
"""The number of random bits of a weight."""

SHARE = 90
"""The percentage of draws that the dark part of a bar shows."""


@frozen
class Line:
    """A company and the ranks that it has under the weights drawn.

    Args:
        row: the company.
        rank: its rank under the weights of the methodology.
        best: its best rank.
        worst: its worst rank.
        low: the best rank of the middle draws.
        high: the worst rank of the middle draws.
        kept: in how many draws it has the same rank.
    """

    row: Row
    rank: int
    best: int
    worst: int
    low: int
    high: int
    kept: int

    @property
    def share(self) -> int:
        """The percentage of draws in which it has the same rank, rounded down."""
        return self.kept * 100 // DRAWS


@frozen(slots=False)
class Weighting:
    """What the page of weights shows.

    Args:
        site: the results.
    """

    site: Site

    @cached_property
    def is_published(self) -> bool:
        """Whether the scores of categories are the published ones; else those that stated facts support."""
        return all(figures.published is not None for row in self.site.rows for figures in row.categories)

    def shares(self, row: Row) -> tuple[Fraction, ...] | None:
        """Return the scores of the categories as shares of their maxima; None if there is not one of each."""
        found = []
        for figures in row.categories:
            score = figures.published if self.is_published else figures.supported
            if score is None or not figures.maximum:
                return None
            found.append(Fraction(score) / Fraction(figures.maximum))
        return tuple(found)

    @cached_property
    def weights(self) -> tuple[Decimal, ...]:
        """The weights of the categories."""
        return tuple(category.weight or Decimal(0) for category in self.site.categories)

    @property
    def limit(self) -> int:
        """The upper end of the sliders: twice the largest weight."""
        return 2 * ceil(max(self.weights))

    @cached_property
    def tables(self) -> tuple[tuple[Group, tuple[Line, ...]], ...]:
        """The companies with their ranks, cohort by cohort."""
        return tuple((cohort, self._lines(cohort)) for cohort in self.site.cohorts)

    @cached_property
    def steady(self) -> int:
        """How many companies keep their rank in nearly all draws."""
        return sum(line.share >= SHARE for _, lines in self.tables for line in lines)

    def at(self, cohort: Group, rank: int) -> str:
        """Return the place of the left edge of a rank."""
        return percent(Fraction(rank - 1), Fraction(len(cohort.rows)))

    def middle(self, cohort: Group, rank: int) -> str:
        """Return the place of the middle of a rank."""
        return percent(Fraction(2 * rank - 1, 2), Fraction(len(cohort.rows)))

    def width(self, cohort: Group, best: int, worst: int) -> str:
        """Return the width of some ranks."""
        return percent(Fraction(worst - best + 1), Fraction(len(cohort.rows)))

    def _lines(self, cohort: Group) -> tuple[Line, ...]:
        shares = [self.shares(row) or () for row in cohort.rows]
        scale = lcm(
            *(part.denominator for parts in shares for part in parts), *(Fraction(w).denominator for w in self.weights)
        )
        weights = [int(Fraction(weight) * scale) for weight in self.weights]
        scores = [[int(part * scale) * weight for part, weight in zip(parts, weights, strict=True)] for parts in shares]
        declared = ranks([sum(parts) for parts in scores])
        random = Random(SEED)  # noqa: S311 - nothing secret is made
        drawn: list[list[int]] = []
        for _ in range(DRAWS):
            factors = [(2 << BITS) + 2 * random.getrandbits(BITS) for _ in weights]  # 2/3 to 4/3, in 3 x 2^32 parts
            drawn.append(ranks([sum(a * b for a, b in zip(parts, factors, strict=True)) for parts in scores]))
        cut = DRAWS * (100 - SHARE) // 200
        lines = []
        for place, row in enumerate(cohort.rows):
            found = sorted(draw[place] for draw in drawn)
            kept = found.count(declared[place])
            ends = (found[0], found[-1], found[cut], found[-1 - cut])
            lines.append(Line(row, declared[place], *ends, kept))
        return tuple(sorted(lines, key=lambda line: line.rank))

    @property
    def data(self) -> dict[str, object]:
        """What the script needs to weigh the scores anew."""
        maximum = self.site.maximum or Decimal(1)
        return {
            "maximum": maximum,
            "weights": self.weights,
            "cohorts": [
                [
                    {
                        "name": line.row.card.company.name,
                        "rank": line.rank,
                        "shares": [f"{part.numerator}/{part.denominator}" for part in self.shares(line.row) or ()],
                    }
                    for line in lines
                ]
                for _, lines in self.tables
            ],
        }


def ranks(scores: list[int]) -> list[int]:
    """Return the ranks of scores: the highest first; equal scores share a rank, and the next rank skips as many."""
    order = sorted(scores, reverse=True)
    first = {score: place for place, score in reversed(list(enumerate(order, 1)))}
    return [first[score] for score in scores]


def can_weigh(site: Site) -> bool:
    """Return whether the total of each company is the weighted mean of the scores of its categories.

    Up to rounding: one step of the total for each category, and one for the total.
    """
    weights = [category.weight for category in site.categories]
    if len(weights) < 2 or site.maximum is None or any(weight is None or weight <= 0 for weight in weights):
        return False
    known = [Fraction(weight) for weight in weights if weight is not None]
    weighting = Weighting(site)
    return all(_is_mean(row, known, weighting.shares(row)) for row in site.rows) and all(
        _is_supported_mean(row, known) for row in site.rows
    )


def _is_supported_mean(row: Row, weights: list[Fraction]) -> bool:
    figures = row.categories
    if any(f.supported is None or not f.maximum for f in figures):
        return False
    shares = [Fraction(f.supported or 0) / Fraction(f.maximum or 1) for f in figures]
    return _near(row.card.total, row.card.max_total, shares, weights)


def _is_mean(row: Row, weights: list[Fraction], shares: tuple[Fraction, ...] | None) -> bool:
    if shares is None:
        return False
    printed = row.total.published
    return printed is None or _near(printed, row.card.max_total, shares, weights)


def _near(
    total: Decimal | None,
    maximum: Decimal | None,
    shares: list[Fraction] | tuple[Fraction, ...],
    weights: list[Fraction],
) -> bool:
    if total is None or maximum is None:
        return False
    mean = sum((share * weight for share, weight in zip(shares, weights, strict=True)), Fraction(0)) / sum(weights)
    exponent = total.as_tuple().exponent
    assert isinstance(exponent, int)
    step = Fraction(10) ** exponent
    return abs(mean * Fraction(maximum) - Fraction(total)) <= step * (len(weights) + 1)

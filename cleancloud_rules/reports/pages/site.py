"""What all pages of a set share: the results, in the publisher's order."""

from decimal import Decimal
from functools import cached_property

from attrs import frozen

from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.reports.in_words import level_titles
from cleancloud_rules.reports.pages.figures import Axis, Figures, axis_of, group_figures, total_figures
from cleancloud_rules.reports.pages.terms import Ladder, Term, ladders_of, terms_of
from cleancloud_rules.results.claims import ClaimReport
from cleancloud_rules.results.rankings import Ranking, published_place
from cleancloud_rules.results.scorecards import CriterionResult, GroupScore, Scorecard

TONES = 6
"""How many colours categories have; more categories share them."""

ANSWERED = (Outcome.AWARDED, Outcome.PARTIAL, Outcome.NOT_MET, Outcome.NOT_FOUND)
"""The outcomes of a criterion that the facts answer."""


@frozen
class Place:
    """The place of a criterion or group in the methodology.

    Args:
        category: the number of its category, counted from 0.
        groups: the groups around it, the category first.
    """

    category: int
    groups: tuple[GroupScore, ...]

    @property
    def tone(self) -> str:
        """The name of the colour of its category."""
        return f"tone{self.category % TONES}"


@frozen(slots=False)
class Row:
    """A company in a table of a cohort.

    Args:
        rank: the rank by stated facts; None if there is none.
        card: the scorecard.
    """

    rank: int | None
    card: Scorecard

    @cached_property
    def total(self) -> Figures:
        """The figures of the total."""
        return total_figures(self.card)

    @cached_property
    def categories(self) -> tuple[Figures, ...]:
        """The figures of the categories."""
        return tuple(group_figures(self.card, category) for category in self.card.categories)

    @property
    def published_rank(self) -> int | None:
        """The rank that the publisher printed."""
        printed = self.card.company.published
        return None if printed is None else printed.rank

    @cached_property
    def answered(self) -> int:
        """How many criteria the facts answer."""
        return sum(criterion.outcome in ANSWERED for criterion in self.card.criteria)

    @property
    def applicable(self) -> int:
        """How many criteria apply."""
        return len(self.card.criteria) - self.card.count(Outcome.NOT_APPLICABLE)

    @property
    def names(self) -> str:
        """The name, the aliases and the id, by which readers find a company."""
        company = self.card.company
        return " ".join((company.name, *company.aliases, company.id)).casefold()

    @cached_property
    def terms(self) -> dict[str, Term]:
        """Label, level and outputs of decision tables by title."""
        return {term.title: term for term in terms_of(self.card)}

    @cached_property
    def ladders(self) -> tuple[Ladder, ...]:
        """Its levels: those of the total, then those of groups."""
        return ladders_of(self.card)


@frozen
class Group:
    """A table of companies.

    Args:
        id: id of the cohort; empty for companies without a cohort.
        title: its title.
        rows: the companies in the publisher's order, or by rank if no table is published.
    """

    id: str
    title: str
    rows: tuple[Row, ...]


@frozen(slots=False)
class Site:
    """All results that pages are made of.

    Args:
        ranking: the ranking.
        claims: the published claims, recounted; None if there are none.
        is_hypothetical: whether hypothetical facts were counted.
        is_single: whether the page stands alone, without other pages to lead to.
        has_weights: whether there is a page of weights; `pages_of` finds out.
    """

    ranking: Ranking
    claims: ClaimReport | None = None
    is_hypothetical: bool = False
    is_single: bool = False
    has_weights: bool = False

    @cached_property
    def cohorts(self) -> tuple[Group, ...]:
        """The companies, cohort by cohort."""
        return tuple(
            Group(cohort.id or "", cohort.title, _ordered(tuple(Row(row.rank, row.scorecard) for row in cohort.rows)))
            for cohort in self.ranking.cohorts
            if cohort.rows
        )

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """All companies, cohort by cohort."""
        return tuple(row for cohort in self.cohorts for row in cohort.rows)

    @cached_property
    def cards(self) -> tuple[Scorecard, ...]:
        """The scorecards in the order of the rows."""
        return tuple(row.card for row in self.rows)

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of companies by id."""
        return {card.company.id: card.company.name for card in self.cards}

    @cached_property
    def categories(self) -> tuple[GroupScore, ...]:
        """The categories in the methodology's order, as the first company has them."""
        return self.cards[0].categories if self.cards else ()

    @cached_property
    def criteria(self) -> tuple[CriterionResult, ...]:
        """The criteria in the methodology's order, as the first company has them."""
        return self.cards[0].criteria if self.cards else ()

    @cached_property
    def places(self) -> dict[str, Place]:
        """The places of criteria and groups by id."""
        found: dict[str, Place] = {}

        def visit(group: GroupScore, category: int, around: tuple[GroupScore, ...]) -> None:
            found[group.id] = Place(category, around)
            inside = (*around, group)
            found.update({criterion.id: Place(category, inside) for criterion in group.criteria})
            for inner in group.groups:
                visit(inner, category, inside)

        for number, category in enumerate(self.categories):
            visit(category, number, ())
        return found

    @cached_property
    def axis(self) -> Axis:
        """The axis of all totals."""
        return axis_of(tuple(row.total for row in self.rows))

    @cached_property
    def category_axis(self) -> Axis:
        """The axis of the scores of categories, on which the length of a bar shows the weight."""
        return axis_of(tuple(figures for row in self.rows for figures in row.categories))

    @cached_property
    def has_totals(self) -> bool:
        """Whether some company has a total, or may have one."""
        return any(row.total.supported is not None or row.total.has_range for row in self.rows)

    @cached_property
    def has_scores(self) -> bool:
        """Whether some category has a score."""
        return any(figures.supported is not None for row in self.rows for figures in row.categories)

    @cached_property
    def has_ranges(self) -> bool:
        """Whether some company has bounds of its total."""
        return any(row.total.has_range for row in self.rows)

    @cached_property
    def has_bounds(self) -> bool:
        """Whether companies have bounds."""
        return any(card.bounds is not None for card in self.cards)

    @cached_property
    def has_published(self) -> bool:
        """Whether the publisher printed the total of some company."""
        return any(row.total.published is not None for row in self.rows)

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """What companies have beside a total: labels, levels and outputs of decision tables."""
        return tuple(dict.fromkeys(title for row in self.rows for title in row.terms))

    @cached_property
    def has_ladders(self) -> bool:
        """Whether companies reach levels, and have no total beside them."""
        return not self.has_totals and any(card.levels for card in self.cards)

    @cached_property
    def level_titles(self) -> dict[str, str]:
        """The titles of levels by id."""
        return level_titles(self.cards[0]) if self.cards else {}

    @cached_property
    def maximum(self) -> Decimal | None:
        """The maximum of the total; None if companies have different ones or none."""
        found = {row.total.maximum for row in self.rows if row.total.maximum is not None}
        return next(iter(found)) if len(found) == 1 else None

    @property
    def has_comparison(self) -> bool:
        """Whether there is a page that compares companies."""
        return len(self.rows) > 1 and not self.is_single

    @property
    def menu(self) -> tuple[tuple[str, str], ...]:
        """The pages that every page leads to, with their titles."""
        found = [("index.html", "Ranking"), ("heatmap.html", "Heat map")]
        found += [("compare.html", "Compare")] if self.has_comparison else []
        found += [("findings.html", "Findings")] if self.claims is not None else []
        found += [("weights.html", "Weights")] if self.has_weights else []
        return (*found, ("methodology.html", "Methodology"), ("data.html", "Data"))

    @property
    def order(self) -> str:
        """What the order of companies is."""
        if any(card.company.published is not None for card in self.cards):
            return "in the published order"
        titles = {table.id: table.title for card in self.cards for table in card.tables}
        return "by " + ", then ".join(titles.get(name, name).lower() for name in self.ranking.rank_by)


def _ordered(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Return rows in the publisher's order; rows that are not printed come last, in their own order."""
    return tuple(sorted(rows, key=lambda row: published_place(row.card.company.published)))

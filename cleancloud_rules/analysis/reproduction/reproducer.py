"""Compares a published table with computed scores: a diagnosis for each figure and each order."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from types import MappingProxyType

from attrs import evolve, frozen

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.reproduction.figures import FigureExaminer, stated_of
from cleancloud_rules.analysis.reproduction.orders import orders_of
from cleancloud_rules.analysis.reproduction.policy_variants import MODES, TOTALS
from cleancloud_rules.analysis.score_bounds.bounder import Bounder, compiled_for
from cleancloud_rules.analysis.session import rank
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.model.additive import exact_score, is_additive
from cleancloud_rules.model.datasets import Dataset, published_table
from cleancloud_rules.model.exact import magnitude, plain, subtract, total
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Group, Methodology
from cleancloud_rules.model.published import FigureKind, PublishedRow, PublishedTable
from cleancloud_rules.model.rounding import TotalPolicy, rounded
from cleancloud_rules.results.bounds import CompanyBounds, GroupBounds
from cleancloud_rules.results.rankings import Ranking
from cleancloud_rules.results.reproductions import Diagnosis, FigureRow, Follows, Order, Reproduction
from cleancloud_rules.results.scorecards import GroupScore, Scorecard
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.cut_off import of_dataset
from cleancloud_rules.scoring.failures import Failures, together
from cleancloud_rules.scoring.lattice import lattice, points_giving


def reproduce(
    dataset: Dataset, methodology: Methodology, *, failures: Failures | None = None, as_of: date | None = None
) -> Reproduction:
    """Compare the published table of a dataset with computed scores, figure by figure.

    Args:
        dataset: a dataset with a published table, loaded with its overlays of hypothetical facts if it has any.
        methodology: the methodology that it was loaded for.
        failures: a list for the errors of companies without a result: the engine fails on them or differs from the
            cross-check, or their facts contradict each other. These companies are
            left out. Without a list, the first error is raised.
        as_of: the cut-off; None for that of the dataset, or else of the methodology.

    Returns:
        A row for each printed figure with the computed one beside it, and the order of the companies.

    Raises:
        EngineError: if the rules engine is missing or fails, or differs from the cross-check.
        ValueError: if the dataset has no published table.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> dataset = cc.load_dataset("clean_cloud_2024", methodology)
        >>> found = cc.analysis.reproduce(dataset, methodology)
        >>> found.figures_equal, found.figures_total
        (1, 125)
    """
    chosen, dated = of_dataset(dataset, methodology, as_of)
    published_table(dataset)
    return together(lambda left_out: _reproduction(chosen, dated, left_out), failures)


def _reproduction(dataset: Dataset, methodology: Methodology, left_out: frozenset[str]) -> Reproduction:
    table = published_table(dataset)
    companies = {company.id: company for company in dataset.companies if company.id not in left_out}
    listed = [companies[row.company] for row in table.rows if row.company in companies]
    ranking = rank(listed, methodology, with_hypothetical=True)
    bounder = Bounder(compiled_for(methodology))

    def fired(id: str) -> Firings:
        return bounder.compiled.fire(companies[id], with_hypothetical=True)

    @cache
    def bounds_of(id: str) -> CompanyBounds:
        stated = tuple(fact for fact in companies[id].facts if not fact.is_hypothetical)
        return bounder.company(evolve(companies[id], facts=stated))

    reproducer = Reproducer(bounder.compiled)
    return reproducer.reproduction(dataset.title, table, ranking, bounds_of, fired, companies)


@frozen
class Reproducer:
    """Compares published tables with the computed scores of one methodology.

    Args:
        compiled: the methodology.
    """

    compiled: CompiledMethodology

    @property
    def methodology(self) -> Methodology:
        """The methodology."""
        return self.compiled.methodology

    def reproduction(
        self,
        title: str,
        table: PublishedTable,
        ranking: Ranking,
        bounds_of: Callable[[str], CompanyBounds],
        fired: Callable[[str], Firings],
        companies: Mapping[str, Company] = MappingProxyType({}),
    ) -> Reproduction:
        """Return the comparison of a table with the computed ranking.

        Args:
            title: the title of the dataset.
            table: the published table.
            ranking: the computed ranking, including hypothetical facts.
            bounds_of: returns the bounds of a company over all completions of its stated facts.
            fired: returns what fired for a company, including hypothetical facts.
            companies: the companies of the dataset, by id.
        """
        cards = {row.scorecard.company.id: row.scorecard for cohort in ranking.cohorts for row in cohort.rows}
        listed = tuple(row for row in table.rows if row.company in cards)
        pairs = tuple((row, cards[row.company]) for row in listed)
        examiner = FigureExaminer(self.compiled.summing, fired, bounds_of, pairs)
        rows = [figure for row in listed for figure in self._figures(row, cards[row.company], bounds_of, examiner)]
        adds_up = [row.adds_up for row in rows]
        rows = self._with_the_order_of_most(rows)
        unlisted = {*companies} - {row.company for row in table.rows}
        orders = orders_of(listed, cards, self.methodology, {companies[id].cohort for id in unlisted})
        hypothetical = sum(
            fact.counts and fact.basis == "hypothetical" for card in cards.values() for fact in card.facts
        )
        return Reproduction(
            title,
            ranking.methodology,
            len(rows),
            sum(row.equal for row in rows),
            len(orders),
            sum(order.equal for order in orders),
            sum(order in (Order.SUM_OF_ROUNDED, Order.BOTH) for order in adds_up),
            sum(order in (Order.ROUNDED_SUM, Order.BOTH) for order in adds_up),
            hypothetical,
            tuple(rows),
            orders,
            tuple(sorted(unlisted)),
            tuple(row.company for row in table.rows if row.company not in cards),
            tuple(row.company for row in table.rows if row.is_empty),
            ranking.notices,
            __version__,
        )

    def _figures(
        self,
        row: PublishedRow,
        card: Scorecard,
        bounds_of: Callable[[str], CompanyBounds],
        examiner: FigureExaminer,
    ) -> list[FigureRow]:
        """Return the diagnosis of each figure of a row; the scores of an additive methodology by their lattice."""
        made: list[FigureRow] = []
        printed = row.printed()
        added = is_additive(self.methodology)
        for category in self.methodology.categories if added else ():
            if category.id in row.scores:
                found = bounds_of(row.company).category(category.id)
                made.append(self._category(row, category, card, found, examiner))
        if added and row.total is not None and len(made) == len(self.methodology.categories):
            made.append(self._total(row, card, bounds_of(row.company), made, examiner))
        done = {figure.figure for figure in made}
        others = [name for name in examiner.figures if name in printed and name not in done]
        return [*made, *(examiner.examined(row, name, card) for name in others)]

    def _category(
        self, row: PublishedRow, category: Group, card: Scorecard, bounds: GroupBounds, examiner: FigureExaminer
    ) -> FigureRow:
        published, computed = row.scores[category.id], card.category(category.id)
        fitting = points_giving(published, category, self.methodology.rounding)
        inside = [points for points in fitting if bounds.floor_points <= points <= bounds.ceiling_points]
        diagnosis, explanation = self._diagnosis(published, category, computed, fitting, inside, bounds)
        named: tuple[str, ...] = ()
        if published != computed.score:
            named = examiner.named(category.id, published, card)
            explanation = _with_policies(explanation, named)
            if not named and not fitting:
                explanation += self._on_other_lattices(published, category, bounds)
            diagnosis = Diagnosis.OTHER_POLICY if examiner.prevails(named) else diagnosis
        return FigureRow(
            company=row.company,
            name=row.name or card.company.name,
            cohort=row.cohort or card.company.cohort,
            figure=category.id,
            published=published,
            computed=computed.score,
            stated=stated_of(examiner.figures[category.id], card),
            equal=published == computed.score,
            diagnosis=diagnosis,
            explanation=explanation,
            points=inside[0] if inside else fitting[0] if fitting else None,
            stated_points=subtract(computed.points, computed.hypothetical_points),
            hypothetical_points=computed.hypothetical_points,
            floor=bounds.floor,
            ceiling=bounds.ceiling,
            adds_up=None,
            kind=FigureKind.SCORE,
            arithmetic=computed.arithmetic,
            follows=None,
            alternatives=named,
        )

    def _diagnosis(
        self,
        published: Decimal,
        category: Group,
        computed: GroupScore,
        fitting: tuple[Decimal, ...],
        inside: list[Decimal],
        bounds: GroupBounds,
    ) -> tuple[Diagnosis, str]:
        if not fitting:
            near = self._nearest(published, category)
            return Diagnosis.OFF_LATTICE, (
                f"no number of points of {_short(category.max_points)} gives {published}; "
                f"the nearest figures are {near}"
            )
        given = " or ".join(_short(points) for points in fitting)
        lattice = f"{given} of {_short(category.max_points)} points"
        if not inside:
            return Diagnosis.OUTSIDE_BOUNDS, (
                f"{lattice} would give it, but the stated facts allow only {_short(bounds.floor_points)} "
                f"to {_short(bounds.ceiling_points)}"
            )
        if published == computed.score:
            return Diagnosis.EQUAL, f"{lattice} give it"
        return Diagnosis.OTHER_POINTS, (
            f"{lattice} would give it and the stated facts allow it; the facts that were read earn "
            f"{_short(computed.points)}"
        )

    def _nearest(self, published: Decimal, category: Group) -> str:
        scores = {score for _, score in lattice(category, self.methodology.rounding)}
        nearest = sorted(scores, key=lambda score: (magnitude(subtract(score, published)), score))[:2]
        return " and ".join(str(score) for score in sorted(nearest))

    def _on_other_lattices(self, published: Decimal, category: Group, bounds: GroupBounds) -> str:
        """Return which other modes of rounding would give a score for other points, which the stated facts allow."""
        rounding = self.methodology.rounding
        said = ""
        for mode, words in MODES.items():
            fitting = points_giving(published, category, evolve(rounding, mode=mode))
            inside = [points for points in fitting if bounds.floor_points <= points <= bounds.ceiling_points]
            if inside:
                given = " or ".join(_short(points) for points in inside)
                said += f"; {words}, {given} of {_short(category.max_points)} points would give it"
        return said

    def _total(
        self,
        row: PublishedRow,
        card: Scorecard,
        bounds: CompanyBounds,
        figures: list[FigureRow],
        examiner: FigureExaminer,
    ) -> FigureRow:
        adds_up, added = self._adds_up(row, figures)
        equal = row.total == card.total
        follows = adds_up is Order.BOTH or adds_up.value == self.methodology.rounding.total.value
        named = () if equal else examiner.named("total", row.total, card)
        if not equal and not follows and adds_up in _POLICIES:
            named = tuple(dict.fromkeys((*named, TOTALS[_POLICIES[adds_up]])))
        if equal and follows:
            diagnosis, explanation = Diagnosis.EQUAL, f"it is the {_policy_words(adds_up)}"
        elif equal:
            wrong = [f.figure for f in figures if not f.equal]
            diagnosis = Diagnosis.EQUAL
            explanation = f"it equals the computed total; the printed categories add up to {added}"
            explanation += f", and {', '.join(wrong)} differ from the computed scores" if wrong else ""
        elif follows:
            diagnosis = Diagnosis.FOLLOWS_OTHER_FIGURES
            explanation = f"it follows from the printed categories, which differ from the computed ones ({card.total})"
        else:
            diagnosis = Diagnosis.OTHER_POLICY if examiner.prevails(named) else Diagnosis.WRONG_TOTAL
            explanation = f"the printed categories add up to {added}, and the computed total is {card.total}"
        return FigureRow(
            company=row.company,
            name=row.name or card.company.name,
            cohort=row.cohort or card.company.cohort,
            figure="total",
            published=row.total,
            computed=card.total,
            stated=stated_of(examiner.figures["total"], card),
            equal=equal,
            diagnosis=diagnosis,
            explanation=_with_policies(explanation, named),
            points=None,
            stated_points=None,
            hypothetical_points=None,
            floor=bounds.floor,
            ceiling=bounds.ceiling,
            adds_up=adds_up,
            kind=FigureKind.TOTAL,
            arithmetic=card.arithmetic,
            follows=Follows.EXACTLY if follows else Follows.NO,
            alternatives=named,
        )

    def _with_the_order_of_most(self, rows: list[FigureRow]) -> list[FigureRow]:
        """Return rows in which wrong totals have another policy if most printed totals have another order of adding."""
        declared = Order(self.methodology.rounding.total.value)
        (other,) = {*_POLICIES} - {declared}
        orders = Counter(row.adds_up for row in rows)
        if orders[other] <= orders[declared]:
            return rows
        return [
            evolve(row, diagnosis=Diagnosis.OTHER_POLICY)
            if row.diagnosis is Diagnosis.WRONG_TOTAL and row.adds_up is other
            else row
            for row in rows
        ]

    def _adds_up(self, row: PublishedRow, figures: list[FigureRow]) -> tuple[Order, Decimal]:
        """Return which way of adding the printed categories gives the total, and the result of the declared way."""
        rounding = self.methodology.rounding
        together = total(row.scores.values())
        exact: Decimal | None = None
        if all(figure.points is not None for figure in figures):
            parts = (
                exact_score(category, figure.points or Decimal(0))
                for category, figure in zip(self.methodology.categories, figures, strict=True)
            )
            exact = rounded(sum(parts, Fraction(0)), rounding.digits, rounding.mode)
        found = (together == row.total, exact == row.total)
        order = {
            (True, True): Order.BOTH,
            (True, False): Order.SUM_OF_ROUNDED,
            (False, True): Order.ROUNDED_SUM,
            (False, False): Order.NEITHER,
        }[found]
        if rounding.total is TotalPolicy.ROUNDED_SUM and exact is not None:
            return order, exact
        return order, together


_POLICIES = {Order.SUM_OF_ROUNDED: TotalPolicy.SUM_OF_ROUNDED, Order.ROUNDED_SUM: TotalPolicy.ROUNDED_SUM}
"""The orders of adding and rounding that only one policy has."""


def _with_policies(explanation: str, named: tuple[str, ...]) -> str:
    return "; ".join((explanation, *(f"{words} would give it" for words in named)))


def _policy_words(order: Order) -> str:
    match order:
        case Order.BOTH:
            return "sum of the printed categories, and the rounded sum of the exact ones too"
        case Order.SUM_OF_ROUNDED:
            return "sum of the printed categories; the rounded sum of the exact ones differs"
        case _:
            return "rounded sum of the exact categories; the sum of the printed ones differs"


def _short(points: Decimal) -> str:
    return f"{plain(points):f}"

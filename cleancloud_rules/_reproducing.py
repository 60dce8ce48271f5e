"""A published table held against what is computed: a diagnosis for each figure and each order."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from cleancloud_rules._additive import exact_score
from cleancloud_rules._lattice import lattice, points_giving
from cleancloud_rules._records import Recorder
from cleancloud_rules._rounding import rounded
from cleancloud_rules.bounds import CategoryBounds, CompanyBounds
from cleancloud_rules.methodology import Category, Methodology
from cleancloud_rules.published import PublishedRow, PublishedTable
from cleancloud_rules.reproductions import Diagnosis, FigureRow, Order, OrderRow, Reproduction
from cleancloud_rules.rounding import TotalPolicy
from cleancloud_rules.scorecards import CategoryScore, Ranking, Scorecard


@frozen
class Reproducer:
    """Examines published tables of one methodology.

    Args:
        methodology: the methodology.
        version: the library's version.
    """

    methodology: Methodology
    version: str

    def reproduction(
        self, title: str, table: PublishedTable, ranking: Ranking, bounds: Mapping[str, CompanyBounds]
    ) -> Reproduction:
        """Return a table, examined.

        Args:
            title: of the dataset.
            table: the published table.
            ranking: what is computed, hypothetical facts included.
            bounds: what completions of the stated facts can come to, by company.
        """
        cards = {row.scorecard.company.id: row.scorecard for cohort in ranking.cohorts for row in cohort.rows}
        rows: list[FigureRow] = []
        sums = rounded_sums = 0
        for row in table.rows:
            figures = self._figures(row, cards[row.company], bounds[row.company])
            rows.extend(figures)
            adds_up = figures[-1].adds_up
            sums += adds_up in (Order.SUM_OF_ROUNDED, Order.BOTH)
            rounded_sums += adds_up in (Order.ROUNDED_SUM, Order.BOTH)
        orders = self._orders(table, ranking)
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
            sums,
            rounded_sums,
            hypothetical,
            tuple(rows),
            orders,
            Recorder(self.methodology).notices("the company", with_hypothetical=hypothetical > 0),
            self.version,
        )

    def _figures(self, row: PublishedRow, card: Scorecard, bounds: CompanyBounds) -> list[FigureRow]:
        made = [
            self._category(row, category, card.category(category.id), bounds.category(category.id))
            for category in self.methodology.categories
        ]
        return [*made, self._total(row, card, bounds, made)]

    def _category(
        self, row: PublishedRow, category: Category, computed: CategoryScore, bounds: CategoryBounds
    ) -> FigureRow:
        published = row.scores[category.id]
        fitting = points_giving(published, category, self.methodology.rounding)
        inside = [points for points in fitting if bounds.floor_points <= points <= bounds.ceiling_points]
        diagnosis, explanation = self._diagnosis(published, category, computed, fitting, inside, bounds)
        return FigureRow(
            company=row.company,
            name=row.name,
            cohort=row.cohort,
            figure=category.id,
            published=published,
            computed=computed.score,
            equal=published == computed.score,
            diagnosis=diagnosis,
            explanation=explanation,
            points=inside[0] if inside else fitting[0] if fitting else None,
            stated_points=computed.points - computed.hypothetical_points,
            hypothetical_points=computed.hypothetical_points,
            floor=bounds.floor,
            ceiling=bounds.ceiling,
            adds_up=None,
        )

    def _diagnosis(
        self,
        published: Decimal,
        category: Category,
        computed: CategoryScore,
        fitting: tuple[Decimal, ...],
        inside: list[Decimal],
        bounds: CategoryBounds,
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
                f"{lattice} would give it, and the stated facts allow only {_short(bounds.floor_points)} "
                f"to {_short(bounds.ceiling_points)}"
            )
        if published == computed.score:
            return Diagnosis.EQUAL, f"{lattice} give it"
        return Diagnosis.OTHER_POINTS, (
            f"{lattice} would give it and the stated facts allow it; the facts read come to {_short(computed.points)}"
        )

    def _nearest(self, published: Decimal, category: Category) -> str:
        scores = {score for _, score in lattice(category, self.methodology.rounding)}
        nearest = sorted(scores, key=lambda score: (abs(score - published), score))[:2]
        return " and ".join(str(score) for score in sorted(nearest))

    def _total(self, row: PublishedRow, card: Scorecard, bounds: CompanyBounds, figures: list[FigureRow]) -> FigureRow:
        adds_up, added = self._adds_up(row, figures)
        equal = row.total == card.total
        follows = adds_up is Order.BOTH or adds_up.value == self.methodology.rounding.total.value
        if equal and follows:
            diagnosis, explanation = Diagnosis.EQUAL, f"it is the {_policy_words(adds_up)}"
        elif equal:
            wrong = [f.figure for f in figures if not f.equal]
            diagnosis = Diagnosis.EQUAL
            explanation = f"it is computed too; the printed categories add up to {added}"
            explanation += f", and {', '.join(wrong)} differ from what is computed" if wrong else ""
        elif follows:
            diagnosis = Diagnosis.FOLLOWS_OTHER_FIGURES
            explanation = f"it follows from the printed categories, which differ from what is computed ({card.total})"
        else:
            diagnosis = Diagnosis.WRONG_TOTAL
            explanation = f"the printed categories add up to {added}, and {card.total} is computed"
        return FigureRow(
            company=row.company,
            name=row.name,
            cohort=row.cohort,
            figure="total",
            published=row.total,
            computed=card.total,
            equal=equal,
            diagnosis=diagnosis,
            explanation=explanation,
            points=None,
            stated_points=None,
            hypothetical_points=None,
            floor=bounds.floor,
            ceiling=bounds.ceiling,
            adds_up=adds_up,
        )

    def _adds_up(self, row: PublishedRow, figures: list[FigureRow]) -> tuple[Order, Decimal]:
        """Return which way of adding the printed categories gives the total, and what the declared way gives."""
        rounding = self.methodology.rounding
        together = sum(row.scores.values(), Decimal(0))
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

    def _orders(self, table: PublishedTable, ranking: Ranking) -> tuple[OrderRow, ...]:
        titles = dict(self.methodology.vocabulary.cohorts)
        computed = {row.scorecard.company.id: row.rank for cohort in ranking.cohorts for row in cohort.rows}
        made = []
        for cohort in dict.fromkeys(row.cohort for row in table.rows):
            rows = [row for row in table.rows if row.cohort == cohort]
            by_total = {row.company: 1 + sum(other.total > row.total for other in rows) for row in rows}
            unlike = [row for row in rows if row.rank != computed[row.company]]
            broken = [row for row in rows if row.rank != by_total[row.company]]
            in_order = [row.rank for row in rows] == sorted(row.rank for row in rows)
            equal, follows = not unlike and in_order, not broken and in_order
            made.append(
                OrderRow(
                    cohort,
                    titles.get(cohort or "", "Companies"),
                    equal,
                    follows,
                    _order_words(unlike, broken, computed, by_total, in_order=in_order),
                )
            )
        return tuple(made)


def _order_words(
    unlike: list[PublishedRow],
    broken: list[PublishedRow],
    computed: dict[str, int],
    by_total: dict[str, int],
    *,
    in_order: bool,
) -> str:
    parts = []
    if not in_order:
        parts.append("the rows do not stand in the order of their ranks")
    parts += [f"{r.name} is printed as {r.rank}, and its printed total gives {by_total[r.company]}" for r in broken]
    if not broken:
        parts += [f"{r.name} is printed as {r.rank} and computed as {computed[r.company]}" for r in unlike]
    return "; ".join(parts) or "printed, computed and by printed totals the same"


def _policy_words(order: Order) -> str:
    match order:
        case Order.BOTH:
            return "sum of the printed categories, and the rounded sum of the exact ones too"
        case Order.SUM_OF_ROUNDED:
            return "sum of the printed categories; the rounded sum of the exact ones differs"
        case _:
            return "rounded sum of the exact categories; the sum of the printed ones differs"


def _short(points: Decimal) -> str:
    return f"{points.normalize():f}"

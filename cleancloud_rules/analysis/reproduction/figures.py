"""Diagnosis of a single published figure: whether it equals the computed one, and which change would give it."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cached_property

from attrs import frozen

from cleancloud_rules.analysis.reproduction.policy_variants import Alternative, alternatives_of
from cleancloud_rules.analysis.reproduction.row_consistency import Company, Following, Row, value_of
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.language.load.figures import figures_of, outputs_in_words
from cleancloud_rules.model.exact import subtract
from cleancloud_rules.model.facts import Basis
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.published import Figure, FigureKind, Printed, PublishedRow
from cleancloud_rules.model.tree import structure_of
from cleancloud_rules.results.bounds import CompanyBounds
from cleancloud_rules.results.reproductions import Diagnosis, FigureRow, Follows
from cleancloud_rules.results.scorecards import CriterionResult, GroupScore, Scorecard
from cleancloud_rules.scoring.sums import Summing, assessed, exempted

SHOWN = 6
"""The maximum number of columns that a sentence names."""


@frozen
class Computed:
    """A computed figure.

    Args:
        value: the figure; None if there is none.
        arithmetic: the computation, as a sentence.
    """

    value: Printed | None
    arithmetic: str


def computed_of(figure: Figure, card: Scorecard) -> Computed:
    """Return the figure of a scorecard."""
    if figure.kind is FigureKind.POINTS:
        criterion = card.criterion(str(figure.of))
        left_out = criterion.outcome is Outcome.NOT_APPLICABLE and not criterion.points
        return Computed(None if left_out else criterion.points, _of_criterion(criterion))
    if figure.kind is FigureKind.TABLE:
        table = next(table for table in card.tables if table.id == figure.of)
        return Computed(outputs_in_words(table.outputs) or None, table.because)
    group: Scorecard | GroupScore = card if figure.of is None else card.category(figure.of)
    because = "; ".join(group.because)
    match figure.kind:
        case FigureKind.LEVEL:
            return Computed(None if group.level is None else group.level.id, because)
        case FigureKind.LABEL:
            return Computed(group.label, because)
        case _:
            score = group.total if isinstance(group, Scorecard) else group.score
            return Computed(score, group.arithmetic or because)


def stated_of(figure: Figure, card: Scorecard) -> Printed | None:
    """Return what a scorecard has without hypothetical facts; None if it has none, or that is not known."""
    value, added = computed_of(figure, card).value, card.hypothetical_total
    if figure.kind not in (FigureKind.POINTS, FigureKind.SCORE, FigureKind.TOTAL):
        return None if any(fact.basis == Basis.HYPOTHETICAL.value for fact in card.facts) else value
    if figure.kind is FigureKind.POINTS:
        added = card.criterion(str(figure.of)).hypothetical_points
    elif figure.of is not None:
        added = card.category(figure.of).hypothetical_score
    return subtract(value, added) if isinstance(value, Decimal) and added is not None else None


def _of_criterion(criterion: CriterionResult) -> str:
    ruled_out = criterion.outcome in (Outcome.GATED, Outcome.NOT_APPLICABLE)
    return "; ".join(criterion.because) if ruled_out else criterion.arithmetic


class FigureExaminer:
    """Examines published figures, for any form of methodology.

    Args:
        summing: what turns firings into points and scores.
        fired: returns what fired for a company, including hypothetical facts.
        bounds: returns the bounds of a company over all completions of its stated facts.
        table: the rows of the published table, each with the computed scorecard.
    """

    def __init__(
        self,
        summing: Summing,
        fired: Callable[[str], Firings],
        bounds: Callable[[str], CompanyBounds],
        table: tuple[tuple[PublishedRow, Scorecard], ...],
    ) -> None:
        self.methodology: Methodology = summing.structure.methodology
        self.figures: dict[str, Figure] = figures_of(self.methodology)
        self._fired = fired
        self._bounds = bounds
        self._summing = summing
        self._following = Following(summing.structure)
        self._table = table
        self._given: dict[str, int] = {}

    @cached_property
    def _alternatives(self) -> tuple[tuple[Alternative, Summing], ...]:
        return tuple((a, Summing(structure_of(a.methodology))) for a in alternatives_of(self.methodology))

    @cached_property
    def _equal(self) -> int:
        """The number of figures of the table that the declared policy gives."""
        return sum(
            self.is_equal(self.figures[name], published, card)
            for row, card in self._table
            for name, published in row.printed().items()
            if name in self.figures
        )

    def examined(self, row: PublishedRow, name: str, card: Scorecard) -> FigureRow:
        """Return the diagnosis of a figure of a row."""
        figure, printed = self.figures[name], row.printed()
        computed = computed_of(figure, card)
        published = printed[name]
        equal = self.is_equal(figure, published, card)
        case = _Case(self, row, figure, published, computed, card)
        return case.row_of(Diagnosis.EQUAL, "it equals the computed figure") if equal else case.diagnosed()

    def is_equal(self, figure: Figure, published: Printed | None, card: Scorecard) -> bool:
        """Return whether a published figure equals the computed one."""
        return published == computed_of(figure, card).value or (published is None and _does_not_apply(figure, card))

    def firings(self, company: str) -> Firings:
        """Return what fired for a company."""
        return self._fired(company)

    def bounds_of(self, figure: Figure, company: str) -> tuple[Decimal | None, Decimal | None]:
        """Return the lower and the upper bound of a figure; None if it has none."""
        bounds = self._bounds(company)
        match figure.kind:
            case FigureKind.TOTAL:
                return bounds.floor, bounds.ceiling
            case FigureKind.SCORE:
                group = bounds.category(str(figure.of))
                return group.floor, group.ceiling
            case FigureKind.POINTS:
                criterion = bounds.criterion(str(figure.of))
                return criterion.floor, criterion.ceiling
            case _:
                return None, None

    def follows(self, figure: Figure, row: Row, company: Company) -> tuple[Follows | None, frozenset[str]]:
        """Return whether a figure follows from the others of its row, and from which."""
        return self._following.follows(figure, row, company), self._following.inputs(figure)

    def alternatives(
        self, figure: Figure, published: Printed | None, firings: Firings, cohort: str | None
    ) -> tuple[str, ...]:
        """Return the changes of policy that would each give a figure."""
        return tuple(
            alternative.words
            for alternative, summing in self._alternatives
            if value_of(figure, summing.sums(firings, cohort).combination) == published
        )

    def named(self, name: str, published: Printed | None, card: Scorecard) -> tuple[str, ...]:
        """Return the changes of policy that would each give a figure of a company, by its column."""
        company = card.company
        return self.alternatives(self.figures[name], published, self._fired(company.id), company.cohort)

    def prevails(self, alternatives: Iterable[str]) -> bool:
        """Return whether some of these changes of policy give more figures of the table than what is declared.

        A misprint often is what another mode of rounding would give. That mode is no explanation if it does not give
        the rest of the table.
        """
        return any(self._figures_given(words) > self._equal for words in alternatives)

    def _figures_given(self, words: str) -> int:
        """Return how many figures of the table a change of policy gives."""
        if words not in self._given:
            (summing,) = (summing for alternative, summing in self._alternatives if alternative.words == words)
            count = 0
            for row, card in self._table:
                combination = summing.sums(self._fired(row.company), card.company.cohort).combination
                printed = {name: value for name, value in row.printed().items() if name in self.figures}
                count += sum(value_of(self.figures[n], combination) == value for n, value in printed.items())
            self._given[words] = count
        return self._given[words]

    def company(self, firings: Firings, cohort: str | None) -> Company:
        """Return the results of a company's facts before groups combine them."""
        found = self._summing.sums(firings, cohort)
        return Company(found.points, exempted(found.fired), cohort, assessed(firings))


def _does_not_apply(figure: Figure, card: Scorecard) -> bool:
    return figure.kind is FigureKind.POINTS and card.criterion(str(figure.of)).outcome is Outcome.NOT_APPLICABLE


@frozen
class _Case:
    """A published figure and the computed one."""

    examiner: FigureExaminer
    row: PublishedRow
    figure: Figure
    published: Printed | None
    computed: Computed
    card: Scorecard

    def diagnosed(self) -> FigureRow:
        """Return the diagnosis of a figure that differs."""
        examiner, printed, cohort = self.examiner, self.row.printed(), self.card.company.cohort
        firings = examiner.firings(self.row.company)
        follows, inputs = examiner.follows(self.figure, printed, examiner.company(firings, cohort))
        unlike = [
            name for name in inputs & printed.keys()
            if computed_of(examiner.figures[name], self.card).value != printed[name]
        ]  # fmt: skip
        alternatives = examiner.alternatives(self.figure, self.published, firings, cohort)
        floor, ceiling = examiner.bounds_of(self.figure, self.row.company)
        said = [self._computed_in_words()]
        if follows is not None:
            said.append(f"{_FOLLOWS[follows]} {_shortened(sorted(inputs))}")
        said += [f"{words} would give it" for words in alternatives]
        inside = None
        if isinstance(self.published, Decimal) and floor is not None and ceiling is not None:
            inside = floor <= self.published <= ceiling
            said.append(f"the stated facts allow {'it' if inside else 'only'}: {floor} to {ceiling}")
        if unlike and follows in (Follows.EXACTLY, Follows.WITHIN_ROUNDING):
            diagnosis = Diagnosis.FOLLOWS_OTHER_FIGURES
        elif examiner.prevails(alternatives):
            diagnosis = Diagnosis.OTHER_POLICY
        elif inside is None:
            diagnosis = Diagnosis.DIFFERS
        else:
            diagnosis = Diagnosis.OTHER_POINTS if inside else Diagnosis.OUTSIDE_BOUNDS
        return self.row_of(diagnosis, "; ".join(said), floor, ceiling, follows, alternatives)

    def _computed_in_words(self) -> str:
        value, arithmetic = self.computed.value, self.computed.arithmetic
        what = "nothing" if value is None else str(value)
        return f"{what} is computed" + (f": {arithmetic}" if arithmetic else "")

    def row_of(
        self,
        diagnosis: Diagnosis,
        explanation: str,
        floor: Decimal | None = None,
        ceiling: Decimal | None = None,
        follows: Follows | None = None,
        alternatives: tuple[str, ...] = (),
    ) -> FigureRow:
        """Return the row of the figure."""
        return FigureRow(
            company=self.row.company,
            name=self.row.name or self.card.company.name,
            cohort=self.row.cohort or self.card.company.cohort,
            figure=self.figure.name,
            published=self.published,
            computed=self.computed.value,
            stated=stated_of(self.figure, self.card),
            equal=diagnosis is Diagnosis.EQUAL,
            diagnosis=diagnosis,
            explanation=explanation,
            points=None,
            stated_points=None,
            hypothetical_points=None,
            floor=floor,
            ceiling=ceiling,
            adds_up=None,
            kind=self.figure.kind,
            arithmetic=self.computed.arithmetic or None,
            follows=follows,
            alternatives=alternatives,
        )


_FOLLOWS = {
    Follows.EXACTLY: "it follows from the printed",
    Follows.WITHIN_ROUNDING: "it follows, within rounding, from the printed",
    Follows.NO: "it does not follow from the printed",
}


def _shortened(names: list[str]) -> str:
    """Return the first names, and how many more there are."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")

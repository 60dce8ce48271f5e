"""Is a published row consistent in itself? Applies the methodology to the printed figures."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from attrs import evolve, field, frozen

from cleancloud_rules.language.load.figures import combining_of, figures_of, outputs_in_words
from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.groups import Aggregation, BandsOf, Combining, Parts, Reads, Requirement, TableInput
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.model.published import Figure, FigureKind, Printed
from cleancloud_rules.model.rounding import RoundingMode
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.results.reproductions import Follows
from cleancloud_rules.scoring.combination import Combination, is_met
from cleancloud_rules.scoring.decision_tables import decide
from cleancloud_rules.scoring.states import CriterionState, GroupState, PartResult, passed_on, valued

Row = Mapping[str, Printed | None]
"""The printed figures of a company, by column; None if the publisher says that there is none."""

_ENDS = {
    RoundingMode.HALF_UP: (Fraction(-1, 2), Fraction(1, 2)),
    RoundingMode.HALF_EVEN: (Fraction(-1, 2), Fraction(1, 2)),
    RoundingMode.FLOOR: (Fraction(0), Fraction(1)),
    RoundingMode.CEILING: (Fraction(-1), Fraction(0)),
}
"""How far, in units of the last digit, a number can lie below and above the number that it was rounded to."""


def value_of(figure: Figure, combination: Combination) -> Printed | None:
    """Return the computed value of a figure."""
    methodology = combination.structure.methodology
    if figure.kind is FigureKind.POINTS:
        state = combination.criterion(str(figure.of))
        return None if state.ruled_out is Outcome.NOT_APPLICABLE and not state.points else state.points
    if figure.kind is FigureKind.TABLE:
        (result,) = (result for result in decide(methodology, combination) if result.id == figure.of)
        return outputs_in_words(result.outputs) or None
    group = combination.whole() if figure.of is None else combination.group(figure.of)
    match figure.kind:
        case FigureKind.LEVEL:
            return None if group.level is None else str(group.level.id)
        case FigureKind.LABEL:
            return group.label
        case _:
            return group.score


@frozen
class Company:
    """The results of a company's facts before groups combine them.

    Args:
        points: the points of each criterion.
        exempt: ids of the criteria and groups that do not apply.
        cohort: its cohort.
        assessed: ids of the criteria that are assessed.
    """

    points: Mapping[str, Decimal]
    exempt: frozenset[str]
    cohort: str | None
    assessed: frozenset[str]

    def combined(self, structure: ScoreTree) -> Combination:
        """Return the evaluated score tree."""
        return Combination(structure, self.points, self.exempt, self.cohort, self.assessed)


@frozen
class Following:
    """Applies a methodology to printed figures.

    Args:
        structure: its tree.
    """

    structure: ScoreTree
    figures: dict[str, Figure] = field(init=False, repr=False)

    @figures.default
    def _figures(self) -> dict[str, Figure]:
        return figures_of(self.structure.methodology)

    def inputs(self, figure: Figure) -> frozenset[str]:
        """Return the columns of the figures from which another follows; empty if it follows from facts only."""
        return frozenset(self._inputs(figure))

    def follows(self, figure: Figure, row: Row, company: Company) -> Follows | None:
        """Return whether a printed figure follows from the others of its row; None if too few are printed."""
        # Interval arithmetic: the exact number behind a rounded score is not known. If the printed scores themselves do
        # not give the figure, the methodology is applied to the lowest and to the highest numbers that are rounded to
        # them. The figure follows within rounding if it lies between the two results.
        inputs = self.inputs(figure)
        if not inputs or not inputs <= row.keys():
            return None
        others = {name: value for name, value in row.items() if name != figure.name}
        computed = company.combined(self.structure)
        if any(self._is_without_maximum(name, others, computed) for name in inputs):
            return None
        printed = row[figure.name]
        if self._applied(figure, others, company, None) == printed:
            return Follows.EXACTLY
        low, high = (self._applied(figure, others, company, end) for end in _End)
        if isinstance(printed, Decimal) and isinstance(low, Decimal) and isinstance(high, Decimal):
            return Follows.WITHIN_ROUNDING if low <= printed <= high else Follows.NO
        return Follows.NO

    def _applied(self, figure: Figure, others: Row, company: Company, end: "_End | None") -> Printed | None:
        return value_of(figure, _PrintedCombination(self, company, others, end))

    def _is_without_maximum(self, name: str, row: Row, computed: Combination) -> bool:
        """Whether a score is printed for a group without a maximum, because the facts leave it without a score."""
        figure = self.figures[name]
        if figure.kind is not FigureKind.SCORE or row.get(name) is None:
            return False
        return computed.group(str(figure.of)).exact is None

    def _inputs(self, figure: Figure) -> Iterator[str]:
        methodology = self.structure.methodology
        match figure.kind:
            case FigureKind.POINTS:
                return
            case FigureKind.TABLE:
                (table,) = (table for table in methodology.tables if table.id == figure.of)
                for entry in table.inputs:
                    yield from self._read(entry)
            case FigureKind.LABEL:
                yield "total" if figure.of is None else figure.of
            case FigureKind.LEVEL:
                yield from self._climbed(combining_of(figure, methodology), figure.of)
            case _:
                group = None if figure.of is None else methodology.category(figure.of)
                yield from () if group is None else (criterion.id for criterion in group.criteria)
                inside = methodology.categories if group is None else group.groups
                for part in inside:
                    if any(level.value is not None for level in part.ladder):
                        yield f"{part.id}.level"
                    elif part.aggregate is not Aggregation.NONE:
                        yield part.id

    def _read(self, entry: TableInput) -> Iterator[str]:
        of = entry.of
        match entry.reads:
            case Reads.TABLE:
                yield from self._inputs(Figure(str(of), FigureKind.TABLE, of))
            case Reads.LABEL | Reads.LEVEL:
                yield entry.reads.value if of is None else f"{of}.{entry.reads.value}"
            case Reads.SCORE:
                yield "total" if of is None else of
            case _:
                yield from self._criteria_in(of)

    def _climbed(self, combining: Combining, of: str | None) -> Iterator[str]:
        for level in combining.ladder:
            yield from (criterion.id for criterion in self.structure.ladders.get((of, level.id), ()))
            yield from (name for requirement in level.requires for name in self._required(requirement))
            if level.at_least is not None:
                yield "total" if of is None else of
            if level is combining.top_level:
                yield from self._criteria_in(of)

    def _criteria_in(self, of: str | None) -> Iterable[str]:
        inside = self.structure.methodology.criteria if of is None else self.structure.criteria_in(of)
        return (criterion.id for criterion in inside)

    def _required(self, requirement: Requirement) -> Iterable[str]:
        if requirement.at_least is not None:
            return (requirement.of,)
        return self._criteria_in(requirement.of)


class _End(Enum):
    """The lower or the upper end of the numbers that are rounded to the same score."""

    LOW = 0
    HIGH = 1


class _PrintedCombination(Combination):
    """The score tree of a company in which printed figures take the place of computed ones.

    Args:
        following: the methodology.
        company: the results of its facts.
        row: the printed figures.
        end: which of the numbers that are rounded to a printed score stands for it; None for the score itself.
    """

    def __init__(self, following: Following, company: Company, row: Row, end: _End | None) -> None:
        super().__init__(following.structure, company.points, company.exempt, company.cohort, company.assessed)
        self._end = end
        figures = following.figures
        self._row = {(figures[name].kind, figures[name].of): value for name, value in row.items() if name in figures}

    def criterion(self, id: str) -> CriterionState:
        """Return what a criterion contributes."""
        key = (FigureKind.POINTS, id)
        if key not in self._row:
            return super().criterion(id)
        printed = self._row[key]
        if not isinstance(printed, Decimal):
            return CriterionState(ZERO, ZERO, True, Outcome.NOT_APPLICABLE, "no points are printed", is_part=False)
        criterion = self.structure.criteria[id]
        return CriterionState(printed, criterion.max_points, is_met(criterion, printed))

    def group(self, id: str) -> GroupState:
        """Return the result of a group."""
        group = self.structure.groups[id]
        rounding = self.structure.methodology.rounding_of(group)
        return self._as_printed(super().group(id), group, id, FigureKind.SCORE, rounding.digits, rounding.mode)

    def whole(self) -> GroupState:
        """Return the result of the root."""
        methodology = self.structure.methodology
        rounding = methodology.rounding
        state = super().whole()
        return self._as_printed(state, methodology.combining, None, FigureKind.TOTAL, rounding.digits, rounding.mode)

    def _as_printed(
        self,
        state: GroupState,
        combining: Combining,
        of: str | None,
        kind: FigureKind,
        digits: int,
        mode: RoundingMode,
    ) -> GroupState:
        if (kind, of) in self._row:
            score, most, most_printed, marked = self._row[kind, of], state.exact, state.rounded, state.marked
            state = evolve(
                state, outcome=GroupOutcome.NOT_APPLICABLE, value=None, score=None, exact=None, rounded=None,
                label=None, marked=None,
            )  # fmt: skip
            if isinstance(score, Decimal):
                shift = Fraction(0) if self._end is None else _ENDS[mode][self._end.value] / 10**digits
                exact = Fraction(score) + shift
                if combining.bands_of is BandsOf.SCORE:
                    marked = Fraction(score)
                elif self._kept(of) is Parts.EXACT or marked is None:
                    marked = exact
                state = evolve(state, outcome=GroupOutcome.SCORED, value=exact, score=score, marked=marked)
                if most is not None and most_printed is not None:
                    passed = PartResult(Fraction(score), most_printed.most, str(score))
                    state = evolve(state, exact=passed_on(exact, most.most), rounded=passed)
                inside = self.structure.methodology.criteria if of is None else self.structure.criteria_in(of)
                state = self._levelled(self._banded(state, combining), combining, of, inside)
        if (FigureKind.LABEL, of) in self._row:
            label = self._row[FigureKind.LABEL, of]
            state = evolve(state, label=None if label is None else str(label))
        if (FigureKind.LEVEL, of) in self._row:
            reached = self._row[FigureKind.LEVEL, of]
            state = evolve(state, level=next((level for level in combining.ladder if level.id == reached), None))
        return valued(state, combining)

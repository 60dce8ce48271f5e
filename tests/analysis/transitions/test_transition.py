"""Tests of transitions between records: parts add up to each difference exactly, whatever changed."""

from decimal import Decimal

import pytest

from cleancloud_rules.analysis.transitions.outcome import comparison_of
from cleancloud_rules.results import (
    ComparedCompany,
    ComparedRecord,
    Comparison,
    FigureChange,
    MethodologyRecord,
    RankedCompany,
    Replay,
    Scorecard,
)
from cleancloud_rules.results.differences import ChangedFigureKind, ChangeKind, WordKind
from cleancloud_rules.results.json import to_json
from tests.support.record_pairs import End, pair_of

ZERO = Decimal(0)
QUICK, PART = 8, 100
PARTS = [
    range(QUICK),
    *(pytest.param(range(n, n + PART), marks=pytest.mark.deep(part="records")) for n in range(QUICK, 500, PART)),
]
"""The seeds of each test, in the quick run and in the deep one."""

_RECORD = ComparedRecord(
    "", None, "", Replay.IDENTICAL, 0, MethodologyRecord("generated", "Generated", "1", "Nobody", "", None, ()), None, 1
)


def compared(old: End, new: End, company: str | None = None) -> Comparison:
    return comparison_of(old.side, new.side, (_RECORD, _RECORD), company)


def plus(number: Decimal | None) -> Decimal:
    return ZERO if number is None else number


def figures_of(row: RankedCompany | None) -> dict[tuple[ChangedFigureKind, str | None], Decimal | None]:
    """Return the figures of a row, read from its scorecard."""
    if row is None:
        return {}
    card: Scorecard = row.scorecard
    return {
        (ChangedFigureKind.TOTAL, None): card.total,
        (ChangedFigureKind.RANK, None): None if row.rank is None else Decimal(row.rank),
        **{(ChangedFigureKind.SCORE, group.id): group.score for group in card.groups},
        **{(ChangedFigureKind.POINTS, criterion.id): criterion.points for criterion in card.criteria},
    }


def assert_company(found: ComparedCompany, before: RankedCompany | None, after: RankedCompany | None) -> None:
    """Fail unless all figures are those of the two scorecards, all differences are told, and the parts add up."""
    for figure in found.figures:
        assert figure.change == plus(figure.new) - plus(figure.old)
        assert sum((part.change for part in figure.contributions), ZERO) == figure.change
    told = {(figure.kind, figure.id): figure for figure in found.figures}
    old, new = figures_of(before), figures_of(after)
    whole = [(ChangedFigureKind.TOTAL, None), (ChangedFigureKind.RANK, None)]
    for key in whole if before is None or after is None else {**old, **new}:
        if key in told:
            assert (told[key].old, told[key].new) == (old.get(key), new.get(key))
        else:
            assert plus(old.get(key)) == plus(new.get(key))
    assert found.kind is (ChangeKind.ADDED if before is None else ChangeKind.REMOVED if after is None else found.kind)
    if before is not None and after is not None:
        assert_words(found, before.scorecard, after.scorecard)


def assert_words(found: ComparedCompany, before: Scorecard, after: Scorecard) -> None:
    """Fail unless each changed outcome is told, by turns that lead from the old to the new one."""
    for word in found.words:
        ends = [word.old, *(turn.new for turn in word.turns)]
        assert [turn.old for turn in word.turns] == ends[:-1]
        assert ends[-1] == word.new
    outcomes = {word.id: (word.old, word.new) for word in found.words if word.kind is WordKind.OUTCOME}
    old = {criterion.id: criterion for criterion in before.criteria}
    moves = {move.id: move for move in found.criteria}
    for criterion in after.criteria:
        if criterion.id not in old:
            continue
        first = old[criterion.id]
        if first.outcome != criterion.outcome:
            assert outcomes[criterion.id] == (first.outcome.value, criterion.outcome.value)
        assert (criterion.id in moves) is ((first.outcome, first.points) != (criterion.outcome, criterion.points))
        if criterion.id in moves:
            assert moves[criterion.id].because == criterion.because
            assert moves[criterion.id].old_because == first.because


def assert_opposite(found: Comparison, back: Comparison) -> None:
    """Fail unless each difference is the opposite of that of the way back."""
    for company in found.companies:
        other = back.company(company.company.id)
        figures = {(figure.kind, figure.id): figure for figure in other.figures}
        for figure in company.figures:
            same = figures.get((figure.kind, figure.id))
            assert _ends(same) == (figure.new, figure.old) if same else figure.change == 0
    swapped = {ChangeKind.ADDED: ChangeKind.REMOVED, ChangeKind.REMOVED: ChangeKind.ADDED}
    kinds = sorted((one.of.value, swapped.get(one.kind, one.kind).value, one.company or "") for one in found.evidence)
    assert kinds == sorted((one.of.value, one.kind.value, one.company or "") for one in back.evidence)


def _ends(figure: FigureChange | None) -> tuple[Decimal | None, Decimal | None]:
    return (None, None) if figure is None else (figure.old, figure.new)


@pytest.mark.parametrize("part", PARTS, ids=str)
def test_parts_add_up_to_each_difference_and_the_way_back_is_the_opposite(part: range) -> None:
    pairs = [pair for seed in part if (pair := pair_of(seed)) is not None]
    assert len(pairs) > len(part) // 2
    for old, new in pairs:
        assert_right(old, new)
        assert_empty(old)


def assert_right(old: End, new: End) -> None:
    """Fail unless a comparison tells every difference, and its parts add up."""
    found = compared(old, new)
    assert {company.company.id for company in found.companies} == {*old.rows, *new.rows}
    for company in found.companies:
        assert_company(company, old.rows.get(company.company.id), new.rows.get(company.company.id))
    numbers = [*(one.number for one in found.evidence), *(one.number for one in found.changes)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {number for step in found.steps for number in step.changes} <= set(numbers)
    assert_opposite(found, compared(new, old))
    assert Comparison.from_json(to_json(found)) == found


def assert_empty(end: End) -> None:
    """Fail unless a record does not differ from itself."""
    found = compared(end, end)
    assert (found.evidence, found.changes, found.steps) == ((), (), ())
    assert all(company.kind is None and not company.criteria for company in found.companies)
    assert all(figure.change == 0 and not figure.contributions for one in found.companies for figure in one.figures)

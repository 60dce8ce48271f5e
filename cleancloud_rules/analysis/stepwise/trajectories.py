"""Trajectory of one company along the steps from one edition to the next: its figures and words."""

from collections.abc import Sequence
from decimal import Decimal

from attrs import frozen

from cleancloud_rules.language.load.figures import outputs_in_words
from cleancloud_rules.model.exact import subtract
from cleancloud_rules.results.differences import (
    ChangedFigureKind,
    Contribution,
    FigureChange,
    Turn,
    WordChange,
    WordKind,
)
from cleancloud_rules.results.rankings import RankedCompany
from cleancloud_rules.results.scorecards import GroupScore, Scorecard

Figures = dict[tuple[ChangedFigureKind, str | None], Decimal | None]
Words = dict[tuple[WordKind, str | None], str | None]


@frozen
class Snapshot:
    """The result of one company under one methodology."""

    figures: Figures
    words: Words


def snapshot_of(row: RankedCompany) -> Snapshot:
    """Return the figures and words of a row of a ranking."""
    card = row.scorecard
    rank = None if row.rank is None else Decimal(row.rank)
    figures: Figures = {(ChangedFigureKind.TOTAL, None): card.total, (ChangedFigureKind.RANK, None): rank}
    figures.update({(ChangedFigureKind.SCORE, group.id): group.score for group in card.groups})
    figures.update({(ChangedFigureKind.POINTS, criterion.id): criterion.points for criterion in card.criteria})
    words = _words(None, card)
    words.update({(WordKind.TABLE, table.id): outputs_in_words(table.outputs) or None for table in card.tables})
    for group in card.groups:
        words.update(_words(group.id, group))
    words.update({(WordKind.OUTCOME, criterion.id): criterion.outcome.value for criterion in card.criteria})
    return Snapshot(figures, words)


def _words(id: str | None, of: Scorecard | GroupScore) -> Words:
    return {
        (WordKind.LEVEL, id): None if of.level is None else of.level.id,
        (WordKind.LABEL, id): of.label,
        (WordKind.OUTCOME, id): of.outcome.value,
    }


def figure_changes(trajectory: Sequence[Snapshot], steps: Sequence[int] | None = None) -> tuple[FigureChange, ...]:
    """Return the changes of figures: always of the total and the rank, of other figures only if a step moves them.

    Args:
        trajectory: the results of the company at the beginning and after each step.
        steps: the numbers of these steps; None for 1, 2, 3 and so on.
    """
    numbers = range(1, len(trajectory)) if steps is None else steps
    names = dict.fromkeys(name for snapshot in (trajectory[-1], *trajectory) for name in snapshot.figures)
    changes = (_figure(*name, [snapshot.figures.get(name) for snapshot in trajectory], numbers) for name in names)
    return tuple(c for c in changes if c.contributions or c.kind in (ChangedFigureKind.TOTAL, ChangedFigureKind.RANK))


def _figure(
    kind: ChangedFigureKind, id: str | None, trajectory: list[Decimal | None], steps: Sequence[int]
) -> FigureChange:
    numbers = [Decimal(0) if figure is None else figure for figure in trajectory]
    moves = (Contribution(s, subtract(new, old)) for s, old, new in zip(steps, numbers, numbers[1:], strict=False))
    contributions = tuple(move for move in moves if move.change)
    return FigureChange(kind, id, trajectory[0], trajectory[-1], subtract(numbers[-1], numbers[0]), contributions)


def word_changes(trajectory: Sequence[Snapshot], steps: Sequence[int] | None = None) -> tuple[WordChange, ...]:
    """Return the changes of words that some step changes, and level and label of the total and outputs of tables.

    The outcome of a part that only one edition has is no change: that it was added or removed is one.

    Args:
        trajectory: the results of the company at the beginning and after each step.
        steps: the numbers of these steps; None for 1, 2, 3 and so on.
    """
    numbers = range(1, len(trajectory)) if steps is None else steps
    names = dict.fromkeys(name for snapshot in (trajectory[-1], *trajectory) for name in snapshot.words)
    changes = (_word(*name, [snapshot.words.get(name) for snapshot in trajectory], numbers) for name in names)
    return tuple(change for change in changes if _is_told(change))


def _is_told(change: WordChange) -> bool:
    if change.kind is WordKind.OUTCOME:
        return bool(change.turns) and change.old is not None and change.new is not None
    return bool(change.turns) or (change.new is not None and (change.id is None or change.kind is WordKind.TABLE))


def _word(kind: WordKind, id: str | None, trajectory: list[str | None], steps: Sequence[int]) -> WordChange:
    turns = (Turn(s, old, new) for s, old, new in zip(steps, trajectory, trajectory[1:], strict=False))
    return WordChange(kind, id, trajectory[0], trajectory[-1], tuple(turn for turn in turns if turn.old != turn.new))

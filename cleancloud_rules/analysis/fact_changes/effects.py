"""What changed facts change for one company: each figure by steps, and each score by criteria."""

from collections.abc import Sequence

from cleancloud_rules.analysis.fact_changes.parts import PartResults, part_effects, part_results
from cleancloud_rules.analysis.stepwise.trajectories import figure_changes, snapshot_of, word_changes
from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.differences import ChangedFigureKind, FigureChange, Step, WordChange, WordKind
from cleancloud_rules.results.rankings import RankedCompany
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.results.what_ifs import PartEffect, WhatIfChange, WhatIfCompany
from cleancloud_rules.scoring.compiled import compiled


def company_effects(
    companies: Sequence[Company],
    rows: Sequence[RankedCompany],
    methodology: Methodology,
    steps: Sequence[Step],
    changes: Sequence[WhatIfChange],
    *,
    is_ranked: bool,
    with_hypothetical: bool,
) -> WhatIfCompany:
    """Return what changed facts change for one company.

    Args:
        companies: the company as it is stated, and as it is after each step.
        rows: its results, likewise.
        methodology: the methodology.
        steps: the steps.
        changes: the changes.
        is_ranked: whether the company has a rank.
        with_hypothetical: whether hypothetical facts are read.
    """
    own = compiled(methodology)
    snapshots = [snapshot_of(row) for row in rows]
    figures = tuple(f for f in figure_changes(snapshots) if is_ranked or f.kind is not ChangedFigureKind.RANK)
    words = word_changes(snapshots)
    results = [part_results(own, company, with_hypothetical=with_hypothetical) for company in companies]
    effects = dict(part_effects(own.tree, companies[0].cohort, results[0], results[-1]))
    card = rows[-1].scorecard
    parts = []
    for id in (*own.tree.groups, *own.tree.criteria):
        is_criterion = id in own.tree.criteria
        if effects.get(id) or (_is_changed(id, figures, words) and (is_criterion or id in effects)):
            moving = _moving(id, figures, words, results)
            numbers = sorted(number for step in steps if step.number in moving for number in step.changes)
            own_changes = (changes[number - 1] for number in numbers if changes[number - 1].company == companies[0].id)
            taken = [(change.number, change.fact) for change in own_changes]
            parts.append(
                PartEffect(
                    id,
                    tuple(number for number, _ in taken),
                    tuple(fact.id for _, fact in taken if fact is not None),
                    card.criterion(id).because if is_criterion else card.category(id).because,
                    effects.get(id, ()),
                )
            )
    figures += _unmoved(parts, figures, card)
    return WhatIfCompany(rows[0].scorecard.company, figures, words, tuple(parts))


def _unmoved(parts: Sequence[PartEffect], figures: Sequence[FigureChange], card: Scorecard) -> tuple[FigureChange, ...]:
    """Return the points of the criteria that change though their points do not."""
    moved = {figure.id for figure in figures if figure.kind is ChangedFigureKind.POINTS}
    points = {criterion.id: criterion.points for criterion in card.criteria}
    return tuple(
        FigureChange(ChangedFigureKind.POINTS, part.id, points[part.id], points[part.id], ZERO, ())
        for part in parts
        if part.id in points and part.id not in moved
    )


def _is_changed(id: str, figures: Sequence[FigureChange], words: Sequence[WordChange]) -> bool:
    """Whether the points of a criterion change, or the outcome of a criterion or a group."""
    points = any(f.id == id and f.kind is ChangedFigureKind.POINTS and f.change for f in figures)
    return points or any(w.id == id and w.kind is WordKind.OUTCOME and w.old != w.new for w in words)


def _moving(
    id: str, figures: Sequence[FigureChange], words: Sequence[WordChange], results: Sequence[PartResults]
) -> set[int]:
    """Return the numbers of the steps that change a criterion or a group, or what the facts say of it."""
    moving = {number for number in range(1, len(results)) if results[number].of(id) != results[number - 1].of(id)}
    moving.update(c.step for f in figures if f.id == id and f.kind is ChangedFigureKind.POINTS for c in f.contributions)
    return moving | {turn.step for w in words if w.id == id and w.kind is WordKind.OUTCOME for turn in w.turns}

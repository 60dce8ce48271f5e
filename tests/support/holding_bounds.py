"""Bounds of a company held against all its completions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from cleancloud_rules.model.outcomes import GroupOutcome
from cleancloud_rules.results import GroupBounds
from cleancloud_rules.results.bounds import CompanyBounds, CoverageBounds
from cleancloud_rules.scoring.states import GroupState


def hold_bounds_of_groups(
    found: CompanyBounds,
    stated: Mapping[str | None, GroupState],
    completions: Mapping[str | None, Sequence[GroupState]],
    seen: Counter[str],
    of: object,
) -> None:
    """Fail where a completion leaves the bounds of a company, or bounds that are said to be exact are not reached.

    Args:
        found: the bounds.
        stated: the state of each group and the whole (None) from the facts of the company.
        completions: their states for each completion of these facts.
        seen: counts what was seen.
        of: what names the company where it fails.
    """
    groups: list[GroupBounds] = [g for category in found.categories for g in category.every_group]
    for id, floor, ceiling, exact, coverage in (
        *((str(g.id), g.floor, g.ceiling, g.exact, g.coverage) for g in groups),
        (None, found.floor, found.ceiling, found.exact, found.coverage),
    ):
        states = completions[id]
        _hold_coverage(coverage, stated[id], states, (of, id))
        known = [state.score for state in states if state.score is not None]
        if any(state.outcome is GroupOutcome.NOT_ASSESSED for state in states):
            seen["no lower bound"] += 1
            assert floor is None, (of, id)
        if known and ceiling is not None:
            seen["upper bounds"] += 1
            assert max(known) <= ceiling, (of, id)
            assert not exact or ceiling == max(known), (of, id)
            seen["exact bounds"] += exact
        if known and floor is not None:
            seen["lower bounds"] += 1
            assert floor <= min(known), (of, id)
            assert not exact or floor == min(known), (of, id)


def _hold_coverage(
    lines: Iterable[CoverageBounds], stated: GroupState, every: Sequence[GroupState], of: object
) -> None:
    """Fail where further facts assess more of a group than its bounds say."""
    for number, line in enumerate(lines):
        own, counts = stated.coverage[number], [state.coverage[number].found for state in every if state.coverage]
        assert (line.needed, line.found) == (own.needed, own.found), of
        assert max(counts) <= line.possible, of

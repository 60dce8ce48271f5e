"""What `bounds` says of a company, held against all its completions."""

from collections.abc import Iterator
from typing import Any

from cleancloud_rules import score
from cleancloud_rules.analysis import bounds
from cleancloud_rules.model.groups import Combining
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from tests.reference.found import GroupFound
from tests.support.worlds.companies import Small
from tests.support.worlds.differences import Difference
from tests.support.worlds.kinds import Kind
from tests.support.worlds.visiting import Visit

TOTAL = "total"
"""The name of the root. It may have no lower bound though there always is a total, because a category may have none."""

Values = list[tuple[Any, tuple[Kind, ...]]]
"""A value in each completion, and the facts that are added."""


def differences(small: Small, most: int) -> Iterator[Difference]:
    """Yield where bounds and completions differ.

    Args:
        small: the company.
        most: how many states are visited.
    """
    visited = small.visit(most)
    yield from _outcomes(small, visited)
    (found,) = bounds([small.company], small.world.methodology).companies
    made = [
        (small.rules.standings(summary, small.company.cohort, small.searched), added)
        for summary, added in visited.completions(small.rules)
    ]
    if not made:
        return
    for criterion in [c for g in found.groups for c in g.criteria]:
        values: Values = [(one.criteria[criterion.id].points, added) for one, added in made]
        yield from _held(small, criterion.id, criterion, values, whole=visited.whole)
    for group in found.groups:
        for one, added in made:
            points = one.groups[group.id].points
            if not group.floor_points <= points <= group.ceiling_points:
                what = f"{group.floor_points} to {group.ceiling_points} points"
                yield Difference("points outside their bounds", group.id, what, str(points), small.grown(added))
                break
    for name, id, part in [*((g.id, g.id, g) for g in found.groups), (TOTAL, None, found)]:
        values = [(one.groups[id].score, added) for one, added in made]
        yield from _held(small, name, part, values, whole=visited.whole)
        yield from _levels(small, name, part, [(one.groups[id], added) for one, added in made])


def _levels(
    small: Small, name: str, said: Any, found: list[tuple[GroupFound, tuple[Kind, ...]]]
) -> Iterator[Difference]:
    """Yield a level below that of the lower bound, or above that of the upper bound."""
    combining = _groups(small.world.methodology).get(name)
    if combining is None or said.levels is None:
        return
    ladder = [None, *(str(level.id) for level in combining.levels)]
    low, high = ladder.index(said.levels.floor), ladder.index(said.levels.ceiling)
    for group, added in found:
        has_result = group.score is not None or group.outcome is GroupOutcome.UNSCORED
        if has_result and not low <= ladder.index(group.level) <= high:
            what = f"{said.levels.floor} to {said.levels.ceiling}"
            yield Difference("a level outside its bounds", name, what, str(group.level), small.grown(added))
            return


def _groups(methodology: Methodology) -> dict[str, Combining]:
    groups: dict[str, Combining] = {TOTAL: methodology.combining}
    groups.update((str(group.id), group) for group in methodology.groups)
    return groups


def _held(small: Small, name: str, said: Any, values: Values, *, whole: bool) -> Iterator[Difference]:
    what = f"{said.floor} to {said.ceiling}, exact {said.exact}, because {said.reason}"
    known = [(value, added) for value, added in values if value is not None]
    lacking = next((added for value, added in values if value is None), None)
    if known:
        (low, fewest), (high, most) = min(known, key=lambda pair: pair[0]), max(known, key=lambda pair: pair[0])
        if said.floor is not None and low < said.floor:
            yield Difference("a value below the floor", name, what, str(low), small.grown(fewest))
        if said.ceiling is not None and high > said.ceiling:
            yield Difference("a value above the ceiling", name, what, str(high), small.grown(most))
        if whole and said.exact:
            yield from _reached(name, what, said, (low, high), may_lack=lacking is not None)
    elif whole and said.exact and said.ceiling is not None:
        yield Difference("an exact ceiling where there is no score", name, what, "no score")
    if lacking is not None and said.floor is not None:
        yield Difference("a floor where there may be no score", name, what, "no score", small.grown(lacking))


def _reached(name: str, what: str, said: Any, ends: tuple[Any, Any], *, may_lack: bool) -> Iterator[Difference]:
    low, high = ends
    if said.floor is not None and low > said.floor:
        yield Difference("an exact floor that is not reached", name, what, str(low))
    if said.ceiling is not None and high < said.ceiling:
        yield Difference("an exact ceiling that is not reached", name, what, str(high))
    if said.ceiling is None:
        yield Difference("no ceiling, exact, where there may be a score", name, what, str(high))
    if said.floor is None and not may_lack:
        yield Difference("no floor, exact, where there always is a score", name, what, str(low))


def _outcomes(small: Small, visited: Visit) -> Iterator[Difference]:
    """Yield where a criterion is called searched and not found, or not assessed, and completions show the other."""
    card = score(small.company, small.world.methodology)
    earning: dict[str, tuple[Kind, ...]] = {}
    completions = list(visited.completions(small.rules))
    for summary, added in completions:
        for id in small.rules.earning(summary):
            earning.setdefault(id, added)
    searched = {entry.condition.fact_type for entry in small.company.not_found}
    for criterion in small.world.methodology.criteria:
        outcome = card.criterion(criterion.id).outcome
        earns = any(rule.range[1] > 0 for rule in criterion.rules)
        looked_for = small.rules.searchable(criterion) & searched
        if outcome is Outcome.NOT_FOUND and criterion.id in earning:
            yield Difference(
                "not found, though facts could earn",
                criterion.id,
                outcome.value,
                "",
                small.grown(earning[criterion.id]),
            )
        # What an answer rules out was not searched for.
        is_answered = any(small.rules.has_one_answer(fact.type) for fact in small.company.facts)
        settled = bool(looked_for) and earns and not is_answered and criterion.id not in earning
        # If stated facts imply one that was looked for without result, there is no completion, and nothing to tell.
        if outcome is Outcome.NOT_ASSESSED and settled and visited.whole and completions:
            yield Difference("not assessed, though no facts could earn", criterion.id, outcome.value, "")

"""Dependencies between criteria and groups: parts, requirements and tiers, at any depth."""

from collections.abc import Iterator

from cleancloud_rules.model.groups import Combining, Requirement
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.tree import ScoreTree


def asked_by(combining: Combining) -> Iterator[Requirement]:
    """Yield the requirements in the caps and the levels of a group or of the root."""
    for cap in combining.caps:
        yield from (requirement for requirement in (cap.given, cap.unless) if requirement is not None)
    for level in combining.ladder:
        yield from level.requires


def needs_of(id: str, structure: ScoreTree) -> dict[str, Requirement | None]:
    """Return the ids on which a criterion or a group depends directly, each with its requirement, if there is one."""
    if id in structure.criteria:
        standing = structure.places[id]
        return {**dict.fromkeys(standing.before), **{r.of: r for r in standing.gates}}
    group = structure.groups[id]
    parts: tuple[Criterion | Group, ...] = (*group.criteria, *group.groups)
    return {**{r.of: r for r in asked_by(group)}, **dict.fromkeys(part.id for part in parts)}


def dependencies(of: str | None, structure: ScoreTree) -> frozenset[str]:
    """Return the ids of the criteria and groups on which something depends, including its own; for the root all ids.

    Args:
        of: the id of a criterion or a group; None for the root.
        structure: the score tree.
    """
    if of is None:
        return frozenset(structure.places)
    found: set[str] = set()
    waiting = [of]
    while waiting:
        id = waiting.pop()
        if id not in found:
            found.add(id)
            waiting += needs_of(id, structure)
    return frozenset(found)

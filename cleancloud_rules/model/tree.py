"""The score tree: the groups, tiers, gates and exemptions around each criterion and group, and its dependencies."""

from collections.abc import Iterator
from decimal import Decimal

from attrs import frozen

from cleancloud_rules.model.groups import Aggregation, Combining, NotAssessed, Requirement, Taken
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.rounding import short

_ADDING = (Aggregation.SUM, Aggregation.WEIGHTED_SUM, Aggregation.MEAN, Aggregation.WEIGHTED_MEAN)


@frozen
class Place:
    """The place of a criterion or a group in the tree.

    Args:
        above: the groups around it, the outermost first.
        before: the ids of the earlier tiers. Unless they are complete, it is gated.
        gates: the requirements of itself and of the groups around it.
        exempting: the groups around it, and itself, that have a `not_applicable`.
        not_assessed: how it is counted if it is not assessed: the innermost `not_assessed` decides.
    """

    above: tuple[Group, ...]
    before: tuple[str, ...]
    gates: tuple[Requirement, ...]
    exempting: tuple[Group | Criterion, ...]
    not_assessed: NotAssessed

    @property
    def is_plain(self) -> bool:
        """Whether it always counts: no tier, gate or exemption can prevent that."""
        always = self.not_assessed is NotAssessed.ZERO
        return always and not self.before and not self.gates and not self.exempting


@frozen
class ScoreTree:
    """The tree of a methodology.

    Args:
        methodology: the methodology.
        criteria: the criteria by id.
        groups: the groups by id.
        places: the places by id of a criterion or a group.
        ladders: the criteria that each level asks for, by the group of the ladder (None: the root) and the level.
    """

    methodology: Methodology
    criteria: dict[str, Criterion]
    groups: dict[str, Group]
    places: dict[str, Place]
    ladders: dict[tuple[str | None, str], tuple[Criterion, ...]]

    def criteria_in(self, id: str) -> tuple[Criterion, ...]:
        """Return a criterion, or every criterion of a group."""
        return (self.criteria[id],) if id in self.criteria else self.groups[id].every_criterion

    def combining_above(self, id: str) -> Combining:
        """Return how the group around a criterion or a group, or the root, combines its parts."""
        above = self.places[id].above
        return above[-1] if above else self.methodology.combining

    def in_words(self, requirement: Requirement) -> str:
        """Return what a requirement asks for: the title of its criterion or group, and what that has at least."""
        id, least = requirement.of, requirement.at_least
        title = self.criteria[id].title if id in self.criteria else self.groups[id].title
        return title if least is None else f"{title}: at least {short(least)}"

    def scale_of(self, id: str) -> Decimal | None:
        """Return the scale of a group: its value at its maximum; None if it is not scaled."""
        group = self.groups[id]
        weight = group.weight if self.combining_above(id).aggregate is Aggregation.SUM else None
        return weight if group.scale is None else group.scale


def structure_of(methodology: Methodology) -> ScoreTree:
    """Return the score tree of a methodology."""
    places: dict[str, Place] = {}
    _place(methodology.categories, (), methodology.combining.tiers, (), methodology.not_assessed, places)
    ladders: dict[tuple[str | None, str], tuple[Criterion, ...]] = {}
    for criterion in methodology.criteria:
        owner = ladder_of(criterion, places[criterion.id].above, methodology)
        if owner is not None:
            key = (owner.id if isinstance(owner, Group) else None, str(criterion.level))
            ladders[key] = (*ladders.get(key, ()), criterion)
    groups: dict[str, Group] = {group.id: group for group in methodology.groups}
    return ScoreTree(methodology, {c.id: c for c in methodology.criteria}, groups, places, ladders)


def ladder_of(criterion: Criterion, above: tuple[Group, ...], methodology: Methodology) -> Group | Methodology | None:
    """Return the innermost group, or the methodology, that has the level of a criterion; None if it has no level."""
    if criterion.level is None:
        return None
    for group in reversed(above):
        if any(level.id == criterion.level for level in group.levels):
            return group
    return methodology if any(level.id == criterion.level for level in methodology.combining.levels) else None


def _place(
    parts: tuple[Group | Criterion, ...],
    above: tuple[Group, ...],
    tiers: tuple[str, ...],
    before: tuple[str, ...],
    not_assessed: NotAssessed,
    places: dict[str, Place],
) -> None:
    for part in parts:
        earlier = tiers[: tiers.index(part.id)] if part.id in tiers else ()
        chain = (*above, part)
        place = Place(
            above,
            (*before, *earlier),
            tuple(requirement for owner in chain for requirement in owner.requires),
            tuple(owner for owner in chain if owner.not_applicable is not None),
            part.not_assessed or not_assessed,
        )
        places[part.id] = place
        if isinstance(part, Group):
            inside: tuple[Group | Criterion, ...] = (*part.criteria, *part.groups)
            _place(inside, (*above, part), part.tiers, place.before, place.not_assessed, places)


def asked_by(combining: Combining) -> Iterator[Requirement]:
    """Yield the requirements in the caps and the levels of a group or of the root."""
    for cap in combining.caps:
        yield from (requirement for requirement in (cap.given, cap.unless) if requirement is not None)
    for level in combining.ladder:
        yield from level.requires


@frozen(order=True)
class Need:
    """Something on which a criterion or a group depends.

    Args:
        id: the id of a criterion or a group.
        only_met: whether only its criteria matter, and not the value of the group.
    """

    id: str
    only_met: bool = False


def needs_of(need: Need, structure: ScoreTree) -> dict[Need, Requirement | None]:
    """Return what something depends on directly, each with its requirement, if there is one."""
    if need.id in structure.criteria:
        standing = structure.places[need.id]
        earlier = (Need(id, id in structure.groups) for id in standing.before)
        return {**dict.fromkeys(earlier), **{_asked(r, structure): r for r in standing.gates}}
    group = structure.groups[need.id]
    if need.only_met:
        return dict.fromkeys(Need(criterion.id) for criterion in group.every_criterion)
    parts: tuple[Criterion | Group, ...] = (*group.criteria, *group.groups)
    return {**{_asked(r, structure): r for r in asked_by(group)}, **dict.fromkeys(Need(part.id) for part in parts)}


def _asked(requirement: Requirement, structure: ScoreTree) -> Need:
    return Need(requirement.of, requirement.at_least is None and requirement.of in structure.groups)


def dependencies(of: str | None, structure: ScoreTree) -> frozenset[str]:
    """Return the ids of the criteria and groups on which something depends, including its own; for the root all ids.

    If a requirement asks for no score of a group, only its criteria matter, and the group is not among them.

    Args:
        of: the id of a criterion or a group; None for the root.
        structure: the score tree.
    """
    if of is None:
        return frozenset(structure.places)
    found: set[Need] = set()
    waiting = [Need(of)]
    while waiting:
        need = waiting.pop()
        if need not in found:
            found.add(need)
            waiting += needs_of(need, structure)
    return frozenset(need.id for need in found if not need.only_met)


def is_plain(structure: ScoreTree) -> bool:
    """Whether all groups of a tree only add or average their parts, and only a fact can rule out a criterion."""
    methodology = structure.methodology
    combinings: tuple[Combining, ...] = (methodology.combining, *methodology.groups)
    return (
        all(map(_only_adds, combinings))
        and all(structure.places[group.id].is_plain for group in methodology.groups)
        and all(_always_counts(criterion, structure) for criterion in methodology.criteria)
    )


def _only_adds(combining: Combining) -> bool:
    limits = (combining.at_least, combining.at_most, combining.needs, combining.empty)
    extras = (combining.caps, combining.tiers, combining.bands, combining.ladder, combining.coverage, combining.base)
    return combining.aggregate in _ADDING and all(limit is None for limit in limits) and not any(extras)


def _always_counts(criterion: Criterion, structure: ScoreTree) -> bool:
    """Whether a criterion counts unless a fact says that it does not apply."""
    place, exemption = structure.places[criterion.id], criterion.not_applicable
    if place.before or place.gates or place.not_assessed is not NotAssessed.ZERO:
        return False
    if criterion.max_points <= 0 and structure.combining_above(criterion.id).of is Taken.SHARES:
        return False
    return exemption is None or not exemption.cohorts

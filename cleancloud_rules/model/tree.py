"""Where each criterion and group of a methodology stands, worked out once."""

from decimal import Decimal

from attrs import frozen

from cleancloud_rules.model.groups import Aggregation, Combining, Requirement
from cleancloud_rules.model.methodology import Criterion, Group, Methodology


@frozen
class Place:
    """What lies above a criterion or a group.

    Args:
        above: the groups around it, the outermost first.
        before: the ids of the tiers that must be complete, or it earns nothing.
        gates: the requirements of itself and of the groups around it.
        exempting: ids of what may make it not apply: itself and the groups around it, if they say when.
    """

    above: tuple[Group, ...]
    before: tuple[str, ...]
    gates: tuple[Requirement, ...]
    exempting: tuple[Group | Criterion, ...]

    @property
    def is_plain(self) -> bool:
        """Whether nothing can keep it from counting."""
        return not self.before and not self.gates and not self.exempting


@frozen
class ScoreTree:
    """The tree of a methodology.

    Args:
        methodology: the methodology.
        criteria: by id.
        groups: by id.
        places: by id of a criterion or a group.
        ladders: the criteria that each level asks for, by the group whose ladder it is (None: the whole) and the level.
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
        """Return how what a criterion or a group stands in combines its parts."""
        above = self.places[id].above
        return above[-1] if above else self.methodology.combining

    def scale_of(self, id: str) -> Decimal | None:
        """Return the value of a group whose parts are all at their most; None for what they come to."""
        group = self.groups[id]
        weight = group.weight if self.combining_above(id).aggregate is Aggregation.SUM else None
        return weight if group.scale is None else group.scale


def structure_of(methodology: Methodology) -> ScoreTree:
    """Return where everything in a methodology stands."""
    places: dict[str, Place] = {}
    _place(methodology.categories, (), methodology.combining.tiers, (), places)
    ladders: dict[tuple[str | None, str], tuple[Criterion, ...]] = {}
    for criterion in methodology.criteria:
        owner = ladder_of(criterion, places[criterion.id].above, methodology)
        if owner is not None:
            key = (owner.id if isinstance(owner, Group) else None, str(criterion.level))
            ladders[key] = (*ladders.get(key, ()), criterion)
    groups: dict[str, Group] = {group.id: group for group in methodology.groups}
    return ScoreTree(methodology, {c.id: c for c in methodology.criteria}, groups, places, ladders)


def ladder_of(criterion: Criterion, above: tuple[Group, ...], methodology: Methodology) -> Group | Methodology | None:
    """Return the innermost group, or the methodology, that has the level which asks for a criterion; None for none."""
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
        )
        places[part.id] = place
        if isinstance(part, Group):
            _place((*part.criteria, *part.groups), (*above, part), part.tiers, place.before, places)

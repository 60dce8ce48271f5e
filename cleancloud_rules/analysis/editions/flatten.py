"""A methodology as a flat record, with its groups and criteria side by side, and back to a tree."""

from collections.abc import Mapping
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.language.load.methodology import in_order
from cleancloud_rules.model.facts import Source
from cleancloud_rules.model.groups import Combining, DecisionTable, Requirement, TableInput
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.values import Id


@frozen
class Placed:
    """A group or a criterion, with the group that it is in.

    Args:
        id: its id.
        inside: id of the group around it; None if it is outermost.
        thing: the group without its parts, or the criterion.
    """

    id: str
    inside: str | None
    thing: Group | Criterion


@frozen
class FlatMethodology:
    """A methodology as a flat record.

    Args:
        methodology: the methodology without its groups and criteria.
        groups: its groups, each before those inside it.
        criteria: its criteria; those of one group in their order.
    """

    methodology: Methodology
    groups: tuple[Placed, ...]
    criteria: tuple[Placed, ...]


def flattened(methodology: Methodology) -> FlatMethodology:
    """Return a methodology as a flat record."""
    groups: list[Placed] = []
    criteria: list[Placed] = []

    def place(category: Group, inside: str | None) -> None:
        groups.append(Placed(category.id, inside, evolve(category, criteria=(), groups=())))
        criteria.extend(Placed(criterion.id, category.id, criterion) for criterion in category.criteria)
        for group in category.groups:
            place(group, category.id)

    for category in methodology.categories:
        place(category, None)
    rest = evolve(methodology, categories=(), sha256="")
    return FlatMethodology(rest, tuple(groups), tuple(criteria))


def put_together(flat: FlatMethodology) -> Methodology:
    """Return the methodology of a flat record. A criterion whose group is missing is dropped."""
    sources = {source.id: source for source in flat.methodology.bibliography}

    def group(placed: Placed) -> Group:
        assert isinstance(placed.thing, Group)
        inside = [criterion.thing for criterion in flat.criteria if criterion.inside == placed.id]
        criteria = (thing for thing in inside if isinstance(thing, Criterion))
        return evolve(
            placed.thing,
            criteria=tuple(_citing(in_order(criterion), sources) for criterion in criteria),
            groups=tuple(group(inner) for inner in flat.groups if inner.inside == placed.id),
        )

    tree = tuple(group(placed) for placed in flat.groups if placed.inside is None)
    return evolve(flat.methodology, categories=tree)


def _citing(criterion: Criterion, sources: Mapping[str, Source]) -> Criterion:
    """Return a criterion whose reference is the source that the bibliography has."""
    reference = criterion.reference
    if reference is None or reference.source.id not in sources:
        return criterion
    return evolve(criterion, reference=evolve(reference, source=sources[reference.source.id]))


def with_new_ids(flat: FlatMethodology, ids: Mapping[str, str]) -> FlatMethodology:
    """Return a methodology in which groups and criteria have new ids, also in everything that refers to them.

    Args:
        flat: the methodology.
        ids: new ids by old ids.
    """

    def named(id: str) -> Id:
        return Id(ids.get(id, id))

    def requirement(old: Requirement) -> Requirement:
        return evolve(old, of=named(old.of))

    def combining(old: Combining) -> dict[str, Any]:
        caps = tuple(
            evolve(cap, given=cap.given and requirement(cap.given), unless=cap.unless and requirement(cap.unless))
            for cap in old.caps
        )
        levels = tuple(evolve(level, requires=tuple(map(requirement, level.requires))) for level in old.levels)
        top = old.top_level and evolve(old.top_level, requires=tuple(map(requirement, old.top_level.requires)))
        coverage = tuple(
            line if line.of is None else evolve(line, of=tuple(map(named, line.of))) for line in old.coverage
        )
        tiers = tuple(map(named, old.tiers))
        return {"caps": caps, "levels": levels, "top_level": top, "tiers": tiers, "coverage": coverage}

    def placed(old: Placed) -> Placed:
        requires = tuple(map(requirement, old.thing.requires))
        thing: Group | Criterion
        if isinstance(old.thing, Group):
            thing = evolve(old.thing, id=named(old.id), requires=requires, **combining(old.thing))
        else:
            shared = tuple(map(named, old.thing.shared_with))
            thing = evolve(old.thing, id=named(old.id), requires=requires, shared_with=shared)
        return Placed(named(old.id), old.inside and named(old.inside), thing)

    def table_input(old: TableInput) -> TableInput:
        return evolve(old, of=old.of and named(old.of))

    def table(old: DecisionTable) -> DecisionTable:
        return evolve(old, inputs=tuple(map(table_input, old.inputs)))

    head = flat.methodology
    head = evolve(
        head,
        tables=tuple(map(table, head.tables)),
        combining=evolve(head.combining, **combining(head.combining)),
    )
    return FlatMethodology(head, tuple(map(placed, flat.groups)), tuple(map(placed, flat.criteria)))

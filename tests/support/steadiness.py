"""What more evidence cannot lower, and under which conditions: those of a criterion, of a group, and of the whole."""

from collections.abc import Iterator

from cleancloud_rules.model.conditions import Condition, Count, NoneOf, When, conditions_of
from cleancloud_rules.model.facts import Selection
from cleancloud_rules.model.groups import Combining, Requirement
from cleancloud_rules.model.methodology import Criterion, Group, HitPolicy, Methodology
from tests.reference.groups import criteria_in, named, path_to


def is_steady(criterion: Criterion, methodology: Methodology) -> bool:
    """Whether more facts never lower what the rules of a criterion earn.

    So it is where its hit policy takes the best or adds up, no rule earns less than nothing at either end, none looks
    at absence, and it reads no facts of which the latest alone count, nor what is derived from such.
    """
    rules = criterion.rules
    return (
        criterion.hit_policy in (HitPolicy.COLLECT_MAX, HitPolicy.COLLECT_SUM)
        and all(rule.range[0] >= 0 for rule in rules)
        and not any(isinstance(part, NoneOf) for rule in rules for part in parts_of(rule.when))
        and all(is_settled(c.fact_type, methodology) for rule in rules for c in conditions_of(rule.when))
    )


def parts_of(when: When) -> Iterator[When]:
    """Yield what must hold and everything inside it."""
    yield when
    if not isinstance(when, (Condition, Count)):
        for part in when.parts:
            yield from parts_of(part)


def is_settled(type_id: str, methodology: Methodology) -> bool:
    """Whether no fact of a type, nor one that it may be derived from, gives way to a later one."""
    reached = {type_id}
    for _ in methodology.vocabulary.derivations:
        derivations = [d for d in methodology.vocabulary.derivations if d.fact in reached]
        reached |= {condition.fact_type for d in derivations for _, condition in d.inputs}
    return all(methodology.vocabulary.by_id[id].selection is Selection.BEST for id in reached)


def is_free(criterion: Criterion, methodology: Methodology) -> bool:
    """Whether nothing that facts decide stands in the way of what a criterion earns."""
    path = path_to(criterion.id, methodology.categories)
    gated = any(owner.requires or (owner.not_applicable and owner.not_applicable.when) for owner in path)
    return not gated and not any(part.id in holder.tiers for holder, part in _held(path, methodology))


def _held(path: list[Group | Criterion], methodology: Methodology) -> Iterator[tuple[Combining, Group | Criterion]]:
    """Yield each part on a path, and what combines it with others."""
    for holder, part in zip([methodology.combining, *path], path, strict=False):
        assert isinstance(holder, Combining)
        yield holder, part


class Steady:
    """Which criteria and groups of a methodology more evidence never lowers, all that stands in their way included.

    Args:
        methodology: the methodology.
    """

    def __init__(self, methodology: Methodology) -> None:
        self.methodology = methodology

    def criterion(self, criterion: Criterion) -> bool:
        """Whether a criterion is steady, and so is all that it requires; no fact says that it does not apply."""
        path = path_to(criterion.id, self.methodology.categories)
        tiers = [
            tier
            for holder, part in _held(path, self.methodology)
            if part.id in holder.tiers
            for tier in holder.tiers[: holder.tiers.index(part.id)]
        ]
        return (
            is_steady(criterion, self.methodology)
            and criterion not in self.methodology.counted
            and not any(owner.not_applicable and owner.not_applicable.when for owner in path)
            and all(self.requirement(gate) for owner in path for gate in owner.requires)
            and all(self.requirement(Requirement(named(tier, self.methodology).id)) for tier in tiers)
        )

    def requirement(self, requirement: Requirement) -> bool:
        """Whether what is required, once it is so, stays so."""
        part = named(requirement.of, self.methodology)
        if isinstance(part, Criterion):
            return self.criterion(part)
        if requirement.at_least is None:
            return all(self.criterion(criterion) for criterion in criteria_in(part))
        return self.group(part)

    def group(self, group: Group) -> bool:
        """Whether a group is steady: its parts are, no cap holds by what is met, no band stands for another number."""
        parts = all(self.criterion(c) for c in group.criteria) and all(self.group(inner) for inner in group.groups)
        return parts and self.combining(group)

    def whole(self) -> bool:
        """Whether the whole is steady."""
        methodology = self.methodology
        return all(self.group(category) for category in methodology.categories) and self.combining(
            methodology.combining
        )

    def combining(self, combining: Combining) -> bool:
        """Whether a group of steady parts is steady, its levels included, and nothing depends on what is assessed."""
        if self.methodology.counted:
            return False
        levels = (*combining.levels, *((combining.top_level,) if combining.top_level else ()))
        return (
            all(cap.unless is not None and self.requirement(cap.unless) for cap in combining.caps)
            and all(band.value is None for band in combining.bands)
            and all(self.requirement(requirement) for level in levels for requirement in level.requires)
        )

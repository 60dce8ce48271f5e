"""Mutants of a methodology: the methodology with one change."""

from collections.abc import Callable
from decimal import Decimal

from attrs import evolve, field, frozen

from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.language.load.methodology import in_order
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.results.mutants import MutantKind


@frozen
class Mutant:
    """A methodology with one change.

    Args:
        kind: what was changed.
        of: the place of the change, from the methodology down.
        change: the change in words.
        methodology: the methodology with this change.
        node: the part of the file that was changed.
        owner: id of the criterion, the group or the table that was changed; None for the root.
        conditions: the condition before and after the change; None if no condition was changed.
        near: the score near which companies can notice the change; None if they may have any.
    """

    kind: MutantKind
    of: tuple[str, ...]
    change: str
    methodology: Methodology
    node: MappingNode | None = field(eq=False, repr=False)
    owner: str | None = None
    conditions: tuple[Condition, Condition] | None = None
    near: Decimal | None = None

    @property
    def asks_otherwise(self) -> bool:
        """Whether only rules were changed, so that nothing differs unless the result of one criterion does."""
        return self.kind in _OF_RULES


_OF_RULES = frozenset(
    {
        MutantKind.RULE,
        MutantKind.PART,
        MutantKind.TEST,
        MutantKind.ALTERNATIVE,
        MutantKind.EDGE,
        MutantKind.COUNT,
        MutantKind.POINTS,
    }
)
"""The kinds of mutants that change the rules of one criterion, and nothing else."""


Family = tuple[Mutant, ...]
"""Changes of one thing in one direction, the smallest first: whoever notices one notices those after it."""


def with_criterion(methodology: Methodology, id: str, change: Callable[[Criterion], Criterion]) -> Methodology:
    """Return a methodology with one criterion changed. Its rules keep the order that criteria have."""

    def group(old: Group) -> Group:
        if all(criterion.id != id for criterion in old.every_criterion):
            return old
        criteria = tuple(in_order(change(c)) if c.id == id else c for c in old.criteria)
        return evolve(old, criteria=criteria, groups=tuple(map(group, old.groups)))

    return evolve(methodology, categories=tuple(map(group, methodology.categories)))


def with_group(methodology: Methodology, id: str, change: Callable[[Group], Group]) -> Methodology:
    """Return a methodology with one group changed."""

    def group(old: Group) -> Group:
        if old.id == id:
            return change(old)
        return evolve(old, groups=tuple(map(group, old.groups))) if old.groups else old

    return evolve(methodology, categories=tuple(map(group, methodology.categories)))

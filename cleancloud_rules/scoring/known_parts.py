"""The score tree of a company where the results of some parts are known, from which those above them follow."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from attrs import frozen

from cleancloud_rules.model.groups import Requirement
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.model.values import Id
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.states import CriterionState, GroupState


@frozen(eq=False)
class Known:
    """The results of some parts of the tree.

    Args:
        criteria: what criteria contribute, by id.
        groups: the results of groups, by id.
        assessed: ids of the criteria that are assessed.
    """

    criteria: Mapping[str, CriterionState]
    groups: Mapping[str, GroupState]
    assessed: frozenset[str]

    @classmethod
    def of(cls, parts: Iterable["Known"]) -> "Known":
        """Return the results of several parts, none of which is inside another, in one."""
        criteria: dict[str, CriterionState] = {}
        groups: dict[str, GroupState] = {}
        assessed: set[str] = set()
        for part in parts:
            criteria.update(part.criteria)
            groups.update(part.groups)
            assessed |= part.assessed
        return cls(criteria, groups, frozenset(assessed))

    def further(self, combination: Combination, id: str) -> "Known":
        """Return these results, and that of a criterion or a group of a combination."""
        if id in combination.structure.groups:
            return Known(self.criteria, {**self.groups, id: combination.group(id)}, self.assessed)
        assessed = self.assessed | {id} if combination.has_evidence(id) else self.assessed
        return Known({**self.criteria, id: combination.criterion(id)}, self.groups, assessed)


class KnownParts(Combination):
    """The score tree, evaluated from what is known.

    Args:
        structure: the tree.
        known: the results of parts.
        met: for requirements on other parts of the tree, whether they are met.
        exempt: ids of the criteria and groups that do not apply because of a fact.
        cohort: the company's cohort.
        points: the points of criteria that are not among the parts.
    """

    def __init__(
        self,
        structure: ScoreTree,
        known: Known,
        met: Mapping[Requirement, bool],
        exempt: Collection[str] = (),
        cohort: str | None = None,
        points: Mapping[str, Decimal] | None = None,
    ) -> None:
        super().__init__(structure, points or {}, exempt, cohort, known.assessed)
        self._criteria.update(known.criteria)
        self._groups.update(known.groups)
        self._met = met

    def meets(self, requirement: Requirement) -> bool:
        """Whether a requirement is met."""
        known = self._met.get(requirement)
        return super().meets(requirement) if known is None else known

    def is_complete(self, id: str) -> bool:
        """Whether a criterion, or every criterion of a group, is met or does not apply."""
        known = self._met.get(Requirement(Id(id)))
        return super().is_complete(id) if known is None else known

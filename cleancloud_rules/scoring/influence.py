"""What the results of a criterion or a group mean to all that is outside it: equal influence, equal results elsewhere.

So the rest of the tree is evaluated once for all companies for which a part has the same influence.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cached_property, partial

from attrs import frozen

from cleancloud_rules.model.groups import BandsOf, Combining, NotAssessed, Parts, Reads, Requirement
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.model.rounding import TotalPolicy
from cleancloud_rules.model.tree import ScoreTree, asked_by, dependencies
from cleancloud_rules.model.values import Id
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.coverage import counted_by
from cleancloud_rules.scoring.decision_tables import value_of

Part = Criterion | Group

Question = Callable[[Combination], Hashable]
"""What something outside a group asks about its inside."""


@frozen
class _Asking:
    """A requirement, and the criterion or the group that has it. A tier asks for the earlier ones without a minimum."""

    owner: str | None
    requirement: Requirement


class Influence:
    """What parts of a score tree mean to the rest of it.

    Args:
        tree: the tree.
    """

    # The influence of a group is the list of everything that `scoring.combination` and decision tables read of its
    # inside from outside. All of these are functions of the states of its criteria and groups, which are the same for
    # all companies that its own inputs do not tell apart. So with equal influence, all results outside are equal.

    def __init__(self, tree: ScoreTree) -> None:
        self._tree = tree
        self._methodology = tree.methodology
        self._asking = list(self._requirements())
        self._inside: dict[str, frozenset[str]] = {}
        self._questions: dict[str, list[Question]] = {}

    def _requirements(self) -> Iterator[_Asking]:
        for id, place in self._tree.places.items():
            if id in self._tree.criteria:
                yield from (_Asking(id, requirement) for requirement in place.gates)
                yield from (_Asking(id, Requirement(Id(before))) for before in place.before)
        for owner, combining in self._combinings:
            yield from (_Asking(owner, requirement) for requirement in asked_by(combining))

    @cached_property
    def _combinings(self) -> list[tuple[str | None, Combining]]:
        groups: list[tuple[str | None, Combining]] = [(str(group.id), group) for group in self._methodology.groups]
        return [*groups, (None, self._methodology.combining)]

    def inside(self, id: str | None) -> frozenset[str]:
        """Return the ids of a criterion or a group, and of all in it; for the root (None) all ids."""
        if id is None:
            return frozenset(self._tree.places)
        if id not in self._inside:
            parts = () if id in self._tree.criteria else self.parts(id)
            self._inside[id] = frozenset((id, *(inner for part in parts for inner in self.inside(part))))
        return self._inside[id]

    def parts(self, id: str | None) -> tuple[str, ...]:
        """Return the ids of the parts of a group, or of the root (None)."""
        return tuple(str(part.id) for part in self._parts_of(id)[0])

    def asked_outside(self, owner: str | None) -> tuple[Requirement, ...]:
        """Return the requirements of a criterion, a group or the root on what is outside it, each once."""
        inside = self.inside(owner)
        asked = (a.requirement for a in self._asking if a.owner == owner and a.requirement.of not in inside)
        return tuple(dict.fromkeys(asked))

    def asked_of(self, id: str) -> tuple[Requirement, ...]:
        """Return the requirements on a criterion or a group that others outside of it and of each other have."""
        owners = {id: self.inside(id) for id in self._tree.groups}
        asked = (
            a.requirement
            for a in self._asking
            if a.requirement.of == id and a.owner is not None and id not in owners.get(a.owner, ())
        )
        return tuple(dict.fromkeys(asked))

    # Inputs of a criterion or a group

    def exempting(self, id: str | None) -> tuple[str, ...]:
        """Return the ids of the criteria and groups whose exemption a criterion, a group or the root asks about."""
        if id in self._tree.criteria:
            return tuple(str(owner.id) for owner in self._tree.places[id].exempting)
        if not self._asks_for_the_best(id):
            return ()
        owners = (
            owner.id
            for of in sorted(dependencies(id, self._tree))
            if of in self._tree.criteria
            for owner in self._tree.places[of].exempting
        )
        return tuple(dict.fromkeys(map(str, owners)))

    def reads_cohort(self, id: str | None) -> bool:
        """Whether a criterion, a group or the root asks for the cohort."""
        owners: tuple[Part, ...] = (*self._tree.criteria.values(), *self._tree.groups.values())
        asked = set(self.exempting(id))
        return any(o.not_applicable is not None and o.not_applicable.cohorts for o in owners if o.id in asked)

    def _asks_for_the_best(self, id: str | None) -> bool:
        """Whether a group may count as 0 of what it has if all that applies is assessed."""
        if id is None or self._tree.places[id].not_assessed is not NotAssessed.ZERO:
            return False
        return any(
            self._tree.groups[of].coverage
            if of in self._tree.groups
            else self._tree.places[of].not_assessed is NotAssessed.EXCLUDED
            for of in self.inside(id)
        )

    # Influence

    def of_criterion(self, id: str, combination: Combination) -> Hashable:
        """Return what a criterion means to all else."""
        state = combination.criterion(id)
        return (state.points, state.most, state.met, state.ruled_out, state.is_part, combination.has_evidence(id))

    def of_group(self, id: str, combination: Combination) -> Hashable:
        """Return what a group means to all outside it."""
        if id not in self._questions:
            self._questions[id] = list(self._asked_from_outside(id))
        return tuple(question(combination) for question in self._questions[id])

    def _asked_from_outside(self, id: str) -> Iterator[Question]:
        inside, criteria = self.inside(id), [str(c.id) for c in self._tree.groups[id].every_criterion]
        yield partial(_passed, id, *self._taken(id))
        yield partial(_standing, id, criteria)
        if len(self._tree.places[id].above) or self._reads_points_of_all:
            yield partial(_points, id)
        for ids in filter(None, dict.fromkeys(self._all_asked_to_be_met(inside))):
            yield partial(_all_met, ids)
        for asking in self._asking:
            least, of = asking.requirement.at_least, asking.requirement.of
            if least is not None and of in inside and asking.owner not in inside:
                yield partial(_meets, asking.requirement)
        yield from self._covered(inside)
        for table in self._methodology.tables:
            for entry in table.inputs:
                if entry.reads is not Reads.TABLE and entry.of in inside:
                    yield partial(value_of, entry)

    def _taken(self, id: str) -> tuple[bool, bool]:
        """Return whether the group above takes the exact value, and whether it takes the rounded one."""
        above = self._tree.combining_above(id)
        if isinstance(above, Group):
            is_rounded = above.parts is Parts.ROUNDED
        else:
            is_rounded = self._methodology.rounding.total is TotalPolicy.SUM_OF_ROUNDED
        return not is_rounded or (above.reads_number and above.bands_of is not BandsOf.SCORE), is_rounded

    @property
    def _reads_points_of_all(self) -> bool:
        entries = (entry for table in self._methodology.tables for entry in table.inputs)
        return any(entry.reads is Reads.POINTS and entry.of is None for entry in entries)

    def _all_asked_to_be_met(self, inside: frozenset[str]) -> Iterator[tuple[str, ...]]:
        """Yield criteria inside a group that must all be met, because something outside of it asks for that."""
        for asking in self._asking:
            if asking.requirement.at_least is None and asking.owner not in inside:
                yield _among(self._tree.criteria_in(asking.requirement.of), inside)
        for owner, combining in self._combinings:
            if owner in inside:
                continue
            whole = self._methodology.criteria if owner is None else self._tree.groups[owner].every_criterion
            if combining.top_level is not None:
                yield _among(whole, inside)
            if combining.needs is not None:
                yield _among((c for c in whole if c.requirement is combining.needs), inside)
            for level in combining.levels:
                yield _among(self._tree.ladders.get((owner, level.id), ()), inside)
        for table in self._methodology.tables:
            for entry in table.inputs:
                if entry.reads is Reads.MET:
                    of = self._methodology.criteria if entry.of is None else self._tree.criteria_in(entry.of)
                    yield _among(of, inside)

    def _parts_of(self, owner: str | None) -> tuple[tuple[Part, ...], tuple[Criterion, ...]]:
        """Return the parts of a group or of the root (None), and all criteria in it."""
        if owner is None:
            return self._methodology.categories, self._methodology.criteria
        group = self._tree.groups[owner]
        return (*group.criteria, *group.groups), group.every_criterion

    def _covered(self, inside: frozenset[str]) -> Iterator[Question]:
        for owner, combining in self._combinings:
            if owner in inside:
                continue
            for line in combining.coverage:
                ids = tuple(sorted(inside.intersection(counted_by(line, *self._parts_of(owner)))))
                if ids:
                    yield partial(_assessed, ids)


def _among(criteria: Iterable[Criterion], inside: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(str(criterion.id) for criterion in criteria if criterion.id in inside))


def _passed(id: str, exact: bool, rounded: bool, combination: Combination) -> Hashable:
    state = combination.group(id)
    taken = (state.exact if exact else None, state.rounded if rounded else None)
    return tuple(None if passed is None else (passed.value, passed.most) for passed in taken)


def _standing(id: str, criteria: Iterable[str], combination: Combination) -> Hashable:
    states = [(combination.criterion(one), combination.has_evidence(one)) for one in criteria]
    return (
        combination.group(id).outcome is GroupOutcome.NOT_ASSESSED,
        any(state.is_part or state.ruled_out is Outcome.NOT_ASSESSED for state, _ in states),
        any(state.ruled_out is not Outcome.NOT_APPLICABLE for state, _ in states),
        any(has_evidence and state.ruled_out is not Outcome.NOT_APPLICABLE for state, has_evidence in states),
    )


def _points(id: str, combination: Combination) -> Hashable:
    state = combination.group(id)
    return state.points, state.max_points


def _all_met(ids: Iterable[str], combination: Combination) -> bool:
    return all(combination.criterion(id).met for id in ids)


def _meets(requirement: Requirement, combination: Combination) -> bool:
    return combination.meets(requirement)


def _assessed(ids: Iterable[str], combination: Combination) -> Hashable:
    applying = [id for id in ids if combination.applies(id)]
    return len(applying), sum(map(combination.is_assessed, applying))

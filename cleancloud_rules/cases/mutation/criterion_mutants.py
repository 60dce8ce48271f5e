"""Mutants that change one criterion: its rules, its limits, its requirements and its exemption."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.cases.mutation.condition_changes import WhenChange, when_changes, with_item, without
from cleancloud_rules.cases.mutation.mutants import Family, Mutant, with_criterion
from cleancloud_rules.cases.mutation.numbers import moves, said
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.groups import NotApplicable, Requirement
from cleancloud_rules.model.methodology import Criterion, Methodology, Rule
from cleancloud_rules.results.mutants import MutantKind

_LIMITS = ("max_points", "at_most", "at_least", "met_at")


def exemption_changes(
    exemption: NotApplicable, methodology: Methodology
) -> Iterator[tuple[str, NotApplicable | None, WhenChange | None]]:
    """Yield an exemption with each change: in words, the new one, and the change of its condition if that changed."""
    yield "`not_applicable` was removed", None, None
    if len(exemption.cohorts) + (exemption.when is not None) > 1:
        for index, cohort in enumerate(exemption.cohorts):
            fewer = evolve(exemption, cohorts=without(exemption.cohorts, index))
            yield f"`not_applicable`: the cohort `{cohort}` was removed", fewer, None
    if exemption.when is not None:
        for inner in when_changes(exemption.when, field_of(methodology)):
            yield f"`not_applicable`: {inner.change}", evolve(exemption, when=inner.when), inner


def requirement_changes(
    requires: tuple[Requirement, ...], digits: int
) -> Iterator[tuple[str, tuple[Requirement, ...], MappingNode | None]]:
    """Yield requirements without each of them, and with each number moved by one step: in words, and the new ones."""
    for index, required in enumerate(requires):
        yield f"the requirement `{required}` was removed", without(requires, index), required.node
        for changed in moved_requirement(required, digits):
            words = f"the requirement `{required}` became `{changed}`"
            yield words, with_item(requires, index, changed), required.node


def moved_requirement(required: Requirement, digits: int) -> Iterator[Requirement]:
    """Yield a requirement of a minimum with the minimum moved by one step in each direction."""
    if required.at_least is not None:
        for (moved,) in moves(required.at_least, digits):
            yield evolve(required, at_least=moved)


def field_of(methodology: Methodology) -> Any:
    """Return the function that gives a field by fact type and name."""

    def found(type_id: str, name: str) -> Field:
        own = methodology.vocabulary.field_of(type_id, name)
        assert own is not None, name
        return own

    return found


@frozen
class CriterionMutants:
    """The mutants of one criterion.

    Args:
        methodology: the methodology.
        criterion: the criterion.
    """

    methodology: Methodology
    criterion: Criterion

    @property
    def _digits(self) -> int:
        return self.methodology.rounding.points_digits

    def __iter__(self) -> Iterator[Family]:
        for index, rule in enumerate(self.criterion.rules):
            yield from ((mutant,) for mutant in self._of_rule(index, rule))
        yield from ((mutant,) for mutant in self._limits())
        yield from ((mutant,) for mutant in self._of_place())

    def removals(self) -> Iterator[Mutant]:
        """Yield the mutants on which coverage depends: without each rule, and without each test of a rule."""
        for index, rule in enumerate(self.criterion.rules):
            yield self._without_rule(index, rule)
            for changed in when_changes(rule.when, field_of(self.methodology)):
                if changed.kind is MutantKind.TEST:
                    yield self._with_when(index, rule, changed)

    def _of_rule(self, index: int, rule: Rule) -> Iterator[Mutant]:
        yield self._without_rule(index, rule)
        for changed in when_changes(rule.when, field_of(self.methodology)):
            yield self._with_when(index, rule, changed)
        lower, higher = moves(rule.points, self._digits)
        (points,) = lower if rule.points > 0 else higher
        change = f"points {said(rule.points)} became {said(points)}"
        yield self._with_rule(MutantKind.POINTS, change, index, evolve(rule, points=points))
        proportion = rule.in_proportion
        if proportion is None:
            return
        digits = field_of(self.methodology)(proportion.fact_type, proportion.field).digits
        for end in (0, 1):
            for (moved,) in moves(proportion.over[end], digits):
                over = (moved, proportion.over[1]) if end == 0 else (proportion.over[0], moved)
                if over[0] != over[1]:
                    change = f"the end {said(proportion.over[end])} of `over` became {said(moved)}"
                    new = evolve(rule, in_proportion=evolve(proportion, over=over))
                    yield self._with_rule(MutantKind.EDGE, change, index, new)
        (least,) = moves(proportion.least, self._digits)[1]
        change = f"`least` {said(proportion.least)} became {said(least)}"
        new = evolve(rule, in_proportion=evolve(proportion, least=least))
        yield self._with_rule(MutantKind.POINTS, change, index, new)

    def _without_rule(self, index: int, rule: Rule) -> Mutant:
        rules = without(self.criterion.rules, index)
        return self._changed(MutantKind.RULE, "the rule was removed", {"rules": rules}, rule.node, (str(rule.id),))

    def _with_when(self, index: int, rule: Rule, changed: WhenChange) -> Mutant:
        new = evolve(rule, when=changed.when)
        return self._with_rule(changed.kind, changed.change, index, new, changed.conditions)

    def _with_rule(
        self,
        kind: MutantKind,
        change: str,
        index: int,
        rule: Rule,
        conditions: tuple[Condition, Condition] | None = None,
    ) -> Mutant:
        rules = with_item(self.criterion.rules, index, rule)
        node = rule.node if conditions is None or conditions[0].node is None else conditions[0].node
        return self._changed(kind, change, {"rules": rules}, node, (str(rule.id),), conditions)

    def _limits(self) -> Iterator[Mutant]:
        for name in _LIMITS:
            number: Decimal | None = getattr(self.criterion, name)
            if number is not None:
                for (moved,) in moves(number, self._digits)[1 if name == "max_points" else 0 :]:
                    change = f"`{name}` {said(number)} became {said(moved)}"
                    yield self._changed(MutantKind.LIMIT, change, {name: moved}, self.criterion.node)
        if self.criterion.weight is not None:
            (moved,) = moves(self.criterion.weight, 0)[1]
            change = f"`weight` {said(self.criterion.weight)} became {said(moved)}"
            yield self._changed(MutantKind.LIMIT, change, {"weight": moved}, self.criterion.node)

    def _of_place(self) -> Iterator[Mutant]:
        criterion = self.criterion
        for words, requires, node in requirement_changes(criterion.requires, self._digits):
            yield self._changed(MutantKind.REQUIREMENT, words, {"requires": requires}, node or criterion.node)
        if criterion.not_applicable is not None:
            for words, exemption, inner in exemption_changes(criterion.not_applicable, self.methodology):
                conditions = None if inner is None else inner.conditions
                node = criterion.not_applicable.node or criterion.node
                fields = {"not_applicable": exemption}
                yield self._changed(MutantKind.EXEMPTION, words, fields, node, (), conditions)

    def _changed(
        self,
        kind: MutantKind,
        change: str,
        fields: dict[str, Any],
        node: MappingNode | None,
        inside: tuple[str, ...] = (),
        conditions: tuple[Condition, Condition] | None = None,
    ) -> Mutant:
        id = self.criterion.id
        methodology = with_criterion(self.methodology, id, lambda old: evolve(old, **fields))
        return Mutant(kind, (id, *inside), change, methodology, node, id, conditions)

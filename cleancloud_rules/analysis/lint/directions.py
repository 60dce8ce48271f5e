"""Warnings about thresholds and proportions against the `better` of their field."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from attrs import frozen

from cleancloud_rules.analysis.lint.implication import Implications
from cleancloud_rules.analysis.lint.warnings import at_key, warning
from cleancloud_rules.completions.fact_space import Space
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.engine.ruleset import CompiledRule, Conjunction, Literal
from cleancloud_rules.language.unary_test_text import interval_text
from cleancloud_rules.model.cells import FieldCells
from cleancloud_rules.model.conditions import Condition, FieldTest
from cleancloud_rules.model.facts import Better, Field, Selection
from cleancloud_rules.model.methodology import Criterion, Methodology, Proportion, Rule
from cleancloud_rules.model.partitions.families import Bits
from cleancloud_rules.model.rounding import short
from cleancloud_rules.model.values import Interval
from cleancloud_rules.scoring.points import points_of, winners

_DIRECTED = (Better.HIGHER, Better.LOWER)
_ORDERED = (*_DIRECTED, Better.LISTED)

MAX_STEPS = 100_000
"""The maximum number of conditions that are evaluated for one criterion; it is not examined any further."""


def proportions_the_wrong_way_round(methodology: Methodology, _: Implications) -> Iterator[Diagnostic]:
    """Points in proportion fall while the number improves."""
    for criterion in (criterion for criterion in methodology.criteria if criterion.monotone):
        for rule in criterion.rules:
            proportion = rule.in_proportion
            field = None if proportion is None else _read(proportion, methodology)
            if proportion is None or field is None or field.better not in _DIRECTED:
                continue
            worst, best = proportion.over
            gain = (Fraction(rule.points) - Fraction(proportion.least)) * (Fraction(best) - Fraction(worst))
            if gain and (gain > 0) is not (field.better is Better.HIGHER):
                node = rule.node.get("in_proportion") if rule.node is not None else None
                assert isinstance(node, MappingNode)
                better = f"`{proportion.fact_type}.{field.id}` has `better: {field.better.value}`"
                message = f"the points of `{rule.id}` {'rise' if gain > 0 else 'fall'} with the number, but {better}"
                help = f"write `over: [{best:f}, {worst:f}]`, or declare `monotone: false` with a rationale"
                yield warning("against-better", message, node.key_location("over"), help)


def _read(proportion: Proportion, methodology: Methodology) -> Field | None:
    return methodology.vocabulary.field_of(proportion.fact_type, proportion.field)


def thresholds_the_wrong_way_round(methodology: Methodology, implications: Implications) -> Iterator[Diagnostic]:
    """A value of a field earns more than a better value of it, all else being equal."""
    derived = _derived(methodology)
    for criterion in (criterion for criterion in methodology.criteria if criterion.monotone):
        if any(rule.in_proportion is not None for rule in criterion.rules):
            continue
        examined = _Criterion(criterion, methodology, implications)
        fields: dict[tuple[str, str], _Fall] = {}
        for fall in examined.falls():
            if not derived.get(fall.type_id, set()) & examined.types and not _compares_rules(fall, criterion):
                fields.setdefault((fall.type_id, fall.field.id), fall)
        yield from (_against(fall, criterion) for fall in fields.values())


def _compares_rules(fall: "_Fall", criterion: Criterion) -> bool:
    """Whether two rules that differ in one listed value alone earn the points; `listed-backwards` compares these."""
    if fall.field.better is not Better.LISTED:
        return False
    asked: dict[tuple[FieldTest, ...], set[str]] = {}
    for when in (rule.when for rule in criterion.rules):
        if isinstance(when, Condition) and when.fact_type == fall.type_id:
            for test in (test for test in when.tests if test.field == fall.field.id):
                others = tuple(other for other in when.tests if other is not test)
                asked.setdefault(others, set()).add(test.test.text)
    return any({fall.worse.low, fall.better.low} <= values for values in asked.values())


def _derived(methodology: Methodology) -> dict[str, set[str]]:
    """Return the fact types that derivations make, by the fact types that they read."""
    found: dict[str, set[str]] = {}
    for derivation in methodology.vocabulary.derivations:
        for _, condition in derivation.inputs:
            found.setdefault(condition.fact_type, set()).add(derivation.fact)
    return found


@frozen
class _Fall:
    """A value of a field, and a better one that earns less."""

    type_id: str
    field: Field
    worse: Interval
    better: Interval
    points: tuple[Decimal, Decimal]
    rule: Rule


def _against(fall: _Fall, criterion: Criterion) -> Diagnostic:
    assert fall.field.better is not None
    worse, better = (f"`{_text(value, fall.field)}`" for value in (fall.worse, fall.better))
    more, less = (f"{short(points)} points" for points in fall.points)
    message = f"`{fall.field.id}` {worse} earns {more} of `{criterion.id}`, and {better}, which is better, earns {less}"
    declared = f"`{fall.type_id}.{fall.field.id}` has `better: {fall.field.better.value}`"
    help = f"{declared}: turn the test round, or declare `monotone: false` with a rationale"
    return warning("against-better", message, at_key(fall.rule.node, "when"), help)


def _text(value: Interval, field: Field) -> str:
    return interval_text(value, field) if field.type.is_ordered else str(value.low).lower()


_Point = dict[str, Bits]
"""A fact as far as conditions distinguish it: one value for each field that some condition tests."""

_Facts = tuple[tuple[str, _Point], ...]
"""Facts with their types."""


class _Criterion:
    """A criterion whose rules are evaluated on a few facts, as far as their cells show.

    For each rule there are companies with one fact for each of its conditions. In one of
    these facts one field runs through its cells, from the worst to the best. Each fall of the points is certain, since
    all other facts stay the same. Falls that need other facts are not found: `check --properties` finds those.
    """

    def __init__(self, criterion: Criterion, methodology: Methodology, implications: Implications) -> None:
        self.criterion = criterion
        self.rules: Sequence[CompiledRule] = [implications.ruleset.rules[criterion.id, r.id] for r in criterion.rules]
        self.vocabulary = methodology.vocabulary
        self.implications = implications
        self.literals = {x for rule in self.rules for disjunct in rule.disjuncts for x in disjunct}
        self.types = {self._asked(x.condition).fact_type for x in self.literals}
        self.steps = 0

    def falls(self) -> Iterator[_Fall]:
        """Yield the falls of the points, at most one for each condition and field."""
        if any(literal.distinct is not None for literal in self.literals):
            return
        seen: set[tuple[Any, ...]] = set()
        for facts in (f for rule in self.rules for disjunct in rule.disjuncts for f in self._companies(disjunct)):
            for i, (type_id, point) in enumerate(facts):
                others = (*facts[:i], *facts[i + 1 :])
                for name in self._directed(type_id):
                    fixed = {key: bit for key, bit in point.items() if key != name}
                    key = (type_id, name, *sorted(fixed.items()), str(others))
                    if key not in seen and self.steps < MAX_STEPS:
                        seen.add(key)
                        yield from self._fall(type_id, name, fixed, others)

    def _asked(self, number: int) -> Condition:
        return self.implications.ruleset.conditions[number].condition

    def _directed(self, type_id: str) -> list[str]:
        """Return the fields of a fact type that a condition tests and whose values have an order from worst to best."""
        tested = self._space(type_id).cells
        return [f.id for f in self.vocabulary.by_id[type_id].fields if f.better in _ORDERED and f.id in tested]

    def _space(self, type_id: str) -> Space:
        return self.implications.compiled.spaces.get(type_id, ())

    def _companies(self, conjunction: Conjunction) -> Iterator[_Facts]:
        """Yield facts that meet a conjunction, without and with one fact that some part of it asks not to be."""
        wanted = [literal for literal in conjunction if literal.is_positive]
        yield self._facts_of(wanted)
        for literal in (literal for literal in conjunction if not literal.is_positive):
            yield self._facts_of([*wanted, literal])

    def _facts_of(self, literals: Sequence[Literal]) -> _Facts:
        """Return facts that pass conditions; none if no fact can, or if one fact could displace another."""
        facts: list[tuple[str, _Point]] = []
        for literal in literals:
            condition = self._asked(literal.condition)
            space = self._space(condition.fact_type)
            box = space.box(condition)
            allowed = {name: bits & box.get(name, bits) for name, bits in space.possible.items()}
            if not all(allowed.values()) or literal.needed > len(self.criterion.rules) + 2:
                return ()
            point = {name: space.cells[name].any_of(bits) for name, bits in allowed.items()}
            facts += [(condition.fact_type, point)] * literal.needed
        kinds = [type_id for type_id, _ in facts]
        latest = (type_id for type_id in set(kinds) if self.vocabulary.by_id[type_id].selection is Selection.LATEST)
        return () if any(kinds.count(type_id) > 1 for type_id in latest) else tuple(facts)

    def _fall(self, type_id: str, name: str, fixed: _Point, others: _Facts) -> Iterator[_Fall]:
        space = self._space(type_id)
        cells, possible = space.cells[name], space.possible[name]
        assert isinstance(cells, FieldCells)
        order = [cell for cell in range(cells.count) if possible & 2 << cell]
        if cells.field.better is Better.LOWER:
            order.reverse()
        earned = [self._earned(((type_id, {**fixed, name: 2 << cell}), *others)) for cell in order]
        for (worse, before), (better, after) in pairwise(zip(order, earned, strict=True)):
            points = (points_of(self.criterion, before), points_of(self.criterion, after))
            if points[1] < points[0]:
                rule = self._blamed(before, after)
                yield _Fall(type_id, cells.field, _values(cells, worse), _values(cells, better), points, rule)
                return

    def _earned(self, facts: _Facts) -> dict[str, Decimal]:
        numbers = {literal.condition for literal in self.literals}
        self.steps += len(numbers) * len(facts)
        reached = {number: sum(self._passes(fact, number) for fact in facts) for number in numbers}
        holding = {
            rule.rule
            for rule in self.rules
            if any(all(x.holds(reached[x.condition]) for x in disjunct) for disjunct in rule.disjuncts)
        }
        return {rule.id: rule.points for rule in self.criterion.rules if rule.id in holding}

    def _passes(self, fact: tuple[str, _Point], number: int) -> bool:
        type_id, point = fact
        condition = self._asked(number)
        if condition.fact_type != type_id:
            return False
        return all(point[name] & bits for name, bits in self._space(type_id).box(condition).items())

    def _blamed(self, before: dict[str, Decimal], after: dict[str, Decimal]) -> Rule:
        """Return the rule whose test decides: one that holds no longer, or one that takes points."""
        lost = [rule for rule in winners(self.criterion, before) if rule.id not in after]
        taking = [rule for rule in winners(self.criterion, after) if rule.id not in before]
        return (lost or taking)[0]


def _values(cells: FieldCells, cell: int) -> Interval:
    """Return the values of a cell."""
    if not cells.field.type.is_ordered:
        return Interval.at(cells.marks[cell])
    index, at_mark = divmod(cell, 2)
    if at_mark:
        return Interval.at(cells.marks[index])
    low = cells.marks[index - 1] if index else None
    high = cells.marks[index] if index < len(cells.marks) else None
    return Interval(low, high, low is not None, high is not None)

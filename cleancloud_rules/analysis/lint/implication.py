"""Rules that imply others, and rules that can never hold, as far as the cells of their tests show."""

from functools import cached_property
from itertools import product

from attrs import frozen

from cleancloud_rules.engine.ruleset import CompiledRule, Conjunction, Literal, LiteralKind, Ruleset
from cleancloud_rules.model.partitions.boxes import within
from cleancloud_rules.model.partitions.families import Family
from cleancloud_rules.scoring.compiled import CompiledMethodology


@frozen
class Implications:
    """Comparison of the rules of a methodology, condition by condition.

    The comparison is sound and incomplete. An implication, an exclusion or an impossibility that it finds is certain.
    It does not find those that only three or more conditions show together.

    Args:
        compiled: the compiled methodology.
    """

    compiled: CompiledMethodology

    @property
    def ruleset(self) -> Ruleset:
        """The rules and conditions."""
        return self.compiled.ruleset

    def is_possible(self, rule: CompiledRule) -> bool:
        """Whether a rule could hold. False is certain."""
        return any(self._is_possible(conjunction) for conjunction in rule.disjuncts)

    def implies(self, rule: CompiledRule, other: CompiledRule) -> bool:
        """Whether another rule holds whenever a rule does. True is certain."""
        return all(
            any(self._follows(conjunction, wanted) for wanted in other.disjuncts)
            for conjunction in rule.disjuncts
            if self._is_possible(conjunction)
        )

    def excludes(self, rule: CompiledRule, other: CompiledRule) -> bool:
        """Whether two rules never hold together. True is certain."""
        return not any(self._is_possible((*a, *b)) for a in rule.disjuncts for b in other.disjuncts)

    def differing(self, rule: CompiledRule, other: CompiledRule) -> tuple[str, str] | None:
        """Return a fact type and a field if two rules hold together only where two facts differ in that field.

        None if one fact, or facts with different key fields, can meet both.
        """
        together = ((a, b) for a in rule.disjuncts for b in other.disjuncts if self._is_possible((*a, *b)))
        found = [self._differing(a, b) for a, b in together]
        return found[0] if all(found) and found else None

    def _differing(self, conjunction: Conjunction, other: Conjunction) -> tuple[str, str] | None:
        wanted = ([x.condition for x in part if x.is_positive] for part in (conjunction, other))
        for one, another in product(*wanted):
            inner, outer = (self.ruleset.conditions[number].condition for number in (one, another))
            if inner.fact_type != outer.fact_type:
                continue
            space = self.compiled.spaces.get(inner.fact_type, ())
            own, wider = space.box(inner), space.box(outer)
            apart = [name for name in own.keys() & wider.keys() if not own[name] & wider[name] & space.possible[name]]
            keys = {f.id for f in self.ruleset.methodology.vocabulary.by_id[inner.fact_type].fields if f.key}
            if apart and not keys & set(apart):
                return inner.fact_type, min(apart)
        return None

    def key(self, number: int) -> object:
        """Return what two conditions have in common only if the same facts pass them.

        If the same facts pass them, they have it in common too, unless they write tests on a large set differently.
        """
        return self._keys[number]

    @cached_property
    def _keys(self) -> tuple[object, ...]:
        return tuple(map(self._key, range(len(self.ruleset.conditions))))

    def _key(self, number: int) -> object:
        # The box of a condition without the fields that it does not restrict.
        condition = self.ruleset.conditions[number].condition
        space = self.compiled.spaces.get(condition.fact_type, ())
        cut = ((name, bits & space.possible[name]) for name, bits in space.box(condition).items())
        limits = ((name, bits) for name, bits in cut if not within(space.possible[name], bits))
        keys = ((name, bits.key if isinstance(bits, Family) else bits) for name, bits in limits)
        return condition.fact_type, frozenset(keys)

    def _is_possible(self, conjunction: Conjunction) -> bool:
        wanted = [x for x in conjunction if x.is_positive]
        refused = [x for x in conjunction if x.kind is LiteralKind.ABSENT]
        if any(self._is_empty(x.condition) for x in wanted):
            return False
        return not any(self._within(a.condition, b.condition) for a in wanted for b in refused)

    def _follows(self, conjunction: Conjunction, wanted: Conjunction) -> bool:
        return all(any(self._entails(given, literal) for given in conjunction) for literal in wanted)

    def _entails(self, given: Literal, wanted: Literal) -> bool:
        match given.kind, wanted.kind:
            case ((LiteralKind.PRESENT | LiteralKind.AT_LEAST), LiteralKind.PRESENT):
                return self._within(given.condition, wanted.condition)
            case LiteralKind.PRESENT, LiteralKind.AT_LEAST:
                return (
                    wanted.number == 1 and wanted.distinct is None and self._within(given.condition, wanted.condition)
                )
            case LiteralKind.AT_LEAST, LiteralKind.AT_LEAST:
                counted = wanted.distinct in (None, given.distinct)
                return counted and wanted.number <= given.number and self._within(given.condition, wanted.condition)
            case LiteralKind.ABSENT, (LiteralKind.ABSENT | LiteralKind.FEWER):
                return self._within(wanted.condition, given.condition)
            case LiteralKind.FEWER, LiteralKind.FEWER:
                alike = wanted.distinct == given.distinct and wanted.condition == given.condition
                return alike and wanted.number >= given.number
            case _:
                return False

    def _within(self, condition: int, other: int) -> bool:
        """Whether every fact that passes a condition passes another one too."""
        inner, outer = (self.ruleset.conditions[number].condition for number in (condition, other))
        if inner.fact_type != outer.fact_type:
            return False
        space = self.compiled.spaces.get(inner.fact_type, ())
        # A condition is a box: for each field, the set of cells that pass, as bits. One box lies within another if
        # it does so in every field. A field that the inner condition does not test may have any possible value.
        own, wanted = space.box(inner), space.box(outer)
        return all(
            within(space.possible[name] & own.get(name, space.possible[name]), allowed)
            for name, allowed in wanted.items()
        )

    def _is_empty(self, number: int) -> bool:
        condition = self.ruleset.conditions[number].condition
        space = self.compiled.spaces.get(condition.fact_type, ())
        return any(not space.possible[name] & allowed for name, allowed in space.box(condition).items())

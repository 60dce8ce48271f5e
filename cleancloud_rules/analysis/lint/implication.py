"""Which rules hold whenever others do, and which can never hold: what the cells of their tests alone show."""

from attrs import frozen

from cleancloud_rules.completions.fact_space import Spaces
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.ruleset import CompiledRule, Conjunction, Literal, Ruleset
from cleancloud_rules.model.methodology import Methodology


@frozen
class Implications:
    """The rules of a methodology, compared.

    What is said is certain. What is not said may still be so: conditions are compared two by two.

    Args:
        ruleset: the compiled methodology.
        spaces: the facts that could exist.
    """

    ruleset: Ruleset
    spaces: Spaces

    @classmethod
    def of(cls, methodology: Methodology) -> "Implications":
        """Return the rules of a methodology, ready to be compared."""
        ruleset = compile_methodology(methodology)
        return cls(ruleset, Spaces(methodology, ruleset))

    def is_possible(self, rule: CompiledRule) -> bool:
        """Whether a rule could hold, as far as its conditions show."""
        return any(self._is_possible(conjunction) for conjunction in rule.disjuncts)

    def implies(self, rule: CompiledRule, other: CompiledRule) -> bool:
        """Whether another rule certainly holds wherever a rule does."""
        return all(
            any(self._follows(conjunction, wanted) for wanted in other.disjuncts)
            for conjunction in rule.disjuncts
            if self._is_possible(conjunction)
        )

    def excludes(self, rule: CompiledRule, other: CompiledRule) -> bool:
        """Whether two rules certainly never hold together."""
        return not any(self._is_possible((*a, *b)) for a in rule.disjuncts for b in other.disjuncts)

    def are_alike(self, condition: int, other: int) -> bool:
        """Whether two conditions are passed by the same facts."""
        return self._within(condition, other) and self._within(other, condition)

    def _is_possible(self, conjunction: Conjunction) -> bool:
        wanted = [x for x in conjunction if x.kind in ("present", "at_least")]
        refused = [x for x in conjunction if x.kind == "absent"]
        if any(self._is_empty(x.condition) for x in wanted):
            return False
        return not any(self._within(a.condition, b.condition) for a in wanted for b in refused)

    def _follows(self, conjunction: Conjunction, wanted: Conjunction) -> bool:
        return all(any(self._entails(given, literal) for given in conjunction) for literal in wanted)

    def _entails(self, given: Literal, wanted: Literal) -> bool:
        match given.kind, wanted.kind:
            case (("present" | "at_least"), "present"):
                return self._within(given.condition, wanted.condition)
            case "present", "at_least":
                return (
                    wanted.number == 1 and wanted.distinct is None and self._within(given.condition, wanted.condition)
                )
            case "at_least", "at_least":
                counted = wanted.distinct in (None, given.distinct)
                return counted and wanted.number <= given.number and self._within(given.condition, wanted.condition)
            case "absent", ("absent" | "fewer"):
                return self._within(wanted.condition, given.condition)
            case "fewer", "fewer":
                alike = wanted.distinct == given.distinct and wanted.condition == given.condition
                return alike and wanted.number >= given.number
            case _:
                return False

    def _within(self, condition: int, other: int) -> bool:
        """Whether every fact that passes a condition passes another one."""
        inner, outer = (self.ruleset.conditions[number].condition for number in (condition, other))
        if inner.fact_type != outer.fact_type:
            return False
        space = self.spaces.get(inner.fact_type, ())
        own, wanted = space.box(inner), space.box(outer)
        return all(
            not space.possible[name] & own.get(name, space.possible[name]) & ~allowed
            for name, allowed in wanted.items()
        )

    def _is_empty(self, number: int) -> bool:
        condition = self.ruleset.conditions[number].condition
        space = self.spaces.get(condition.fact_type, ())
        return any(not space.possible[name] & allowed for name, allowed in space.box(condition).items())

"""Points of criteria: the library computes them once for each distinct combination of what they read."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import prod
from typing import Any

from attrs import frozen

from cleancloud_rules.engine.firings import Firing
from cleancloud_rules.engine.ruleset import CompiledRule, Literal
from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.groups import ASSESSED, NOT_APPLICABLE
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.states import is_answered, settled
from cleancloud_rules.tables.scoring.layout import literals_of
from cleancloud_rules.tables.scoring.packing import Pack
from cleancloud_rules.tables.scoring.profiles import Profiles
from cleancloud_rules.tables.scoring.searches import could_earn, is_searched
from cleancloud_rules.tables.sql import multiplied


@frozen
class Earned:
    """What facts say of a criterion, or of a group that a fact exempts.

    Args:
        points: its points; None if no rule fired.
        is_exempt: whether it does not apply because of a fact.
        is_assessed: whether it is assessed.
        is_excluded: whether there are relevant facts, and none of them counts.
        outcome: its outcome, if it counts by its points.
    """

    points: Decimal | None
    is_exempt: bool
    is_assessed: bool
    is_excluded: bool
    outcome: Outcome | None


class Owner:
    """A criterion, or a group with rules of its own: what it reads of a profile, and what follows.

    Args:
        id: its id.
        own: the compiled methodology.
        profiles: what companies have.
        has_searches: whether there are searches without result.

    Attributes:
        columns: the expressions of what it reads: whole numbers in which bits and counts are packed, which are never
            missing, and its best numbers.
        found: what followed from each distinct combination, by the number that stands for it.
    """

    def __init__(self, id: str, own: CompiledMethodology, profiles: Profiles, *, has_searches: bool) -> None:
        self._id = id
        self._own = own
        self._criterion: Criterion | None = own.tree.criteria.get(id)
        self._rules = {rule: compiled for (owner, rule), compiled in own.ruleset.rules.items() if owner == id}
        literals = literals_of(self._rules.values())
        self._best = {key[1:]: best for key, best in profiles.best.items() if key[0] == id}
        self._pack = Pack()
        for number in sorted({literal.condition for literal in literals if not literal.counts}):
            self._pack.add(number, *profiles.condition(id, number))
        if self._criterion is not None:
            self._pack.add("has_relevant", *profiles.relevant(id, counting=True))
            self._pack.add("is_relevant", *profiles.relevant(id, counting=False))
        for name in sorted({literal.counter for literal in literals if literal.counts}):
            self._pack.add(name, *profiles.count(name))
        if self._criterion is not None and has_searches:
            place = own.methodology.criteria.index(self._criterion)
            self._pack.add("could_earn", *could_earn(place))
            self._pack.add("is_searched", *is_searched(place))
        self._packed = self._pack.columns()
        self._numbered = {f"v_{best.column}": best for best in self._best.values()}
        self.columns: dict[str, str] = self._packed | {name: best.column for name, best in self._numbered.items()}
        self.found: list[Earned] = []
        self._numbers: dict[Earned, int] = {}

    @property
    def size(self) -> int:
        """How many combinations of the values of `columns` there may be."""
        return self._pack.size * prod(self._sizes())

    @property
    def position(self) -> str:
        """The expression of a number that tells these combinations apart, below `size`."""
        terms, factor = [], 1
        for value, size in zip(self._packed.values(), self._pack.sizes, strict=True):
            terms.append(multiplied(f"({value})", factor))
            factor *= size
        for best, size in zip(self._numbered.values(), self._sizes(), strict=True):
            terms.append(multiplied(f"COALESCE({best.column} + 1, 0)", factor))
            factor *= size
        return " + ".join(terms)

    def values_at(self, position: int) -> tuple[int | None, ...]:
        """Return the values of `columns` that a position stands for."""
        values: list[int | None] = []
        for size in self._pack.sizes:
            position, value = divmod(position, size)
            values.append(value)
        for size in self._sizes():
            position, value = divmod(position, size)
            values.append(value - 1 if value else None)
        return tuple(values)

    def _sizes(self) -> list[int]:
        return [len(best.facts) + 1 for best in self._numbered.values()]

    def answers(self, rows: Sequence[tuple[Any, ...]]) -> Iterator[int]:
        """Return the number of what follows from each combination of the values of `columns`."""
        for row in rows:
            best = dict(zip(self._numbered, row[len(self._packed) :], strict=True))
            earned = self._earned(self._pack.unpacked(row), best)
            number = self._numbers.setdefault(earned, len(self.found))
            if number == len(self.found):
                self.found.append(earned)
            yield number

    def _earned(self, held: Mapping[int | str, int], numbers: Mapping[str, int | None]) -> Earned:
        def holds(literal: Literal) -> bool:
            return literal.holds(held[literal.counter if literal.counts else literal.condition])

        fired: dict[str, Firing] = {}
        facts: dict[str, Fact] = {}
        for rule, compiled in self._rules.items():
            holding = [place for place, d in enumerate(compiled.disjuncts) if all(map(holds, d))]
            if holding:
                best = self._best_fact(rule, compiled, holding, numbers)
                if best is not None:
                    facts[rule] = best
                fired[rule] = Firing(self._id, rule, () if best is None else (rule,))
        is_exempt, is_assessed = NOT_APPLICABLE in fired, ASSESSED in fired or bool(held.get("is_searched"))
        criterion = self._criterion
        if criterion is None:
            return Earned(None, is_exempt, is_assessed, False, None)
        hits, points = self._own.summing.earning[self._id].of(fired, facts)
        outcome, counted, forgone = self._own.scorer.questions.settled(criterion, points if hits else ZERO)
        relevant = bool(held["has_relevant"])
        is_excluded = bool(held["is_relevant"]) and not relevant
        answered = is_answered(criterion, fired, hits, counted, forgone, relevant=relevant)
        outcome = settled(
            None,
            outcome,
            is_excluded=is_excluded,
            is_answered=answered,
            could_earn=lambda: bool(held.get("could_earn", 1)),
        )
        return Earned(points if hits else None, is_exempt, is_assessed, is_excluded, outcome)

    def _best_fact(
        self, rule: str, compiled: CompiledRule, holding: Sequence[int], numbers: Mapping[str, int | None]
    ) -> Fact | None:
        """Return a fact with the number that earns most, for a rule in proportion."""
        asked = {number for place in holding for number in compiled.supporting[place]}
        found = [
            (b, numbers[f"v_{b.column}"]) for (own, number), b in self._best.items() if own == rule and number in asked
        ]
        best = max(((place, b) for b, place in found if place is not None), key=lambda pair: pair[0], default=None)
        return None if best is None else best[1].facts[best[0]]

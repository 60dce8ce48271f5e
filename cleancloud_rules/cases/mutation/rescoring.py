"""Scores companies again under a changed methodology, from what fired under the original one."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from attrs import evolve, field, frozen

from cleancloud_rules.crosscheck.rules import Rules
from cleancloud_rules.engine.firings import Firing, Firings
from cleancloud_rules.language.load.figures import outputs_in_words
from cleancloud_rules.model.cases import Expected
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.groups import NOT_APPLICABLE, Combining
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.tree import structure_of
from cleancloud_rules.model.values import Id
from cleancloud_rules.results.case_reports import NO_VALUE
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.compiled import CompiledMethodology, compiled
from cleancloud_rules.scoring.decision_tables import decide
from cleancloud_rules.scoring.sums import Summing

Named = tuple[str, str | None, str]
"""A result that a test case can name: of what, its id, and which attribute."""


@frozen
class Scored:
    """A company with what fired for it under the original methodology."""

    company: Company
    firings: Firings


class Alone:
    """The outcomes of criteria, each evaluated alone: without gates, exemptions and the other criteria.

    Args:
        methodology: whose vocabulary and windows they share.
    """

    def __init__(self, methodology: Methodology) -> None:
        self._methodology = methodology
        self._compiled: dict[int, tuple[Criterion, Methodology, CompiledMethodology]] = {}
        self._outcomes: dict[tuple[int, int, tuple[Firing, ...]], tuple[Scored, Outcome]] = {}

    def outcome(self, criterion: Criterion, scored: Scored, fired: tuple[Firing, ...]) -> Outcome:
        """Return the outcome of a criterion for a company.

        Args:
            criterion: the criterion.
            scored: the company.
            fired: the rules of the criterion that fired.
        """
        # Objects are kept beside their ids, so that no id is taken over by another object.
        key = (id(criterion), id(scored), fired)
        if key not in self._outcomes:
            own = self._of(criterion)
            firings = evolve(scored.firings, firings=fired)
            card = own.scorer.scorecard(scored.company, firings, own.sums(scored.company, firings, cross_check=False))
            self._outcomes[key] = scored, card.criterion(criterion.id).outcome
        return self._outcomes[key][1]

    def _of(self, criterion: Criterion) -> CompiledMethodology:
        if id(criterion) not in self._compiled:
            plain = evolve(criterion, requires=(), not_applicable=None, level=None, weight=None)
            group = Group(id=Id("alone"), title="", criteria=(plain,))
            alone = evolve(self._methodology, categories=(group,), combining=Combining(), tables=(), rank_by=("total",))
            self._compiled[id(criterion)] = criterion, alone, compiled(alone)
        return self._compiled[id(criterion)][2]


@frozen
class Results:
    """The results of one company, as far as test cases can name them.

    Args:
        combination: the evaluated score tree.
        outcome_of: returns the outcome of a criterion that is neither gated nor exempt.
        firings: what fired.
    """

    combination: Combination
    outcome_of: Callable[[Criterion], Outcome]
    firings: Firings
    _outputs: dict[str, str | None] = field(factory=dict, init=False)

    def fired(self, owner: str) -> frozenset[str]:
        """Return the rules of a criterion that fired."""
        return frozenset(firing.rule for firing in self.firings.firings if firing.criterion == owner)

    def value(self, named: Named) -> Decimal | str:
        """Return a result."""
        of, id, what = named
        match of, id:
            case "criterion", str(id):
                return self._of_criterion(id, what)
            case "category", str(id):
                state = self.combination.group(id)
            case "table", str(id):
                return self._output(id)
            case _:
                state = self.combination.whole()
        found = {
            "outcome": state.outcome.value,
            "label": state.label,
            "level": None if state.level is None else state.level.id,
        }.get(what, state.score)
        return NO_VALUE if found is None else found

    def _of_criterion(self, id: str, what: str) -> Decimal | str:
        state = self.combination.criterion(id)
        if what == "points":
            return state.points
        return (state.ruled_out or self.outcome_of(self.combination.structure.criteria[id])).value

    def _output(self, id: str) -> str:
        if not self._outputs:
            decided = decide(self.combination.structure.methodology, self.combination)
            self._outputs.update({table.id: outputs_in_words(table.outputs) or None for table in decided})
        return self._outputs[id] or NO_VALUE


class Rescoring:
    """Scores companies under a methodology that differs from the original in rules and in the score tree only.

    The facts that count are those of the original. Rules that changed are evaluated as the cross-check evaluates them.

    Args:
        methodology: the methodology.
        original: the methodology under which the companies were fired.
        alone: the criteria of both, each alone.
    """

    def __init__(self, methodology: Methodology, original: Methodology, alone: Alone) -> None:
        self.methodology = methodology
        self._summing = Summing(structure_of(methodology))
        before = {(owner, name): when for owner, name, when in original.asked}
        after = {(owner, name): when for owner, name, when in methodology.asked}
        keys = (key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
        self._changed = frozenset(owner for owner, _ in keys)
        self._rules = Rules([asked for asked in methodology.asked if asked[0] in self._changed])
        self._alone = alone

    def results(self, scored: Scored) -> Results:
        """Return the results of a company."""
        firings = self._fired(scored.firings)
        found = self._summing.sums(firings, scored.company.cohort)

        def outcome_of(criterion: Criterion) -> Outcome:
            own = (f for f in firings.firings if f.criterion == criterion.id and f.rule != NOT_APPLICABLE)
            return self._alone.outcome(criterion, scored, tuple(own))

        return Results(found.combination, outcome_of, firings)

    def _fired(self, firings: Firings) -> Firings:
        if not self._changed:
            return firings
        counting = [counted.fact for counted in firings.facts if counted.counts]
        holding: Mapping[tuple[str, str], tuple[str, ...]] = self._rules.holding(counting)
        new = [Firing(owner, name, ids) for (owner, name), ids in holding.items()]
        kept = [firing for firing in firings.firings if firing.criterion not in self._changed]
        return evolve(firings, firings=tuple(sorted((*kept, *new), key=lambda f: (f.criterion, f.rule))))


def named(expected: Expected) -> Named:
    """Return the result that an expectation is about."""
    return expected.of, expected.id, expected.what

"""Confirms a counterexample on the engine: whether the second company really earns less, and which rules differ."""

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen

from cleancloud_rules.analysis.monotonicity.mutation import is_fair
from cleancloud_rules.analysis.monotonicity.repair import mend
from cleancloud_rules.analysis.monotonicity.score_functions import TOTAL_KEY, category_key, worth
from cleancloud_rules.analysis.monotonicity.witness_files import Data, Pair
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import MappingNode as Node
from cleancloud_rules.documents.yaml import write_line, write_text
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.crosscheck import verify
from cleancloud_rules.engine.durable import Engine
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.errors import FactsError
from cleancloud_rules.language.load.files import company_from
from cleancloud_rules.model.facts import Company, Fact
from cleancloud_rules.model.groups import Combining
from cleancloud_rules.model.methodology import Criterion, Methodology
from cleancloud_rules.model.rounding import rounded
from cleancloud_rules.model.tree import ScoreTree, structure_of
from cleancloud_rules.results.certificates import Counterexample, Improvement, Place, RuleInvolved
from cleancloud_rules.scoring.combination import GroupState
from cleancloud_rules.scoring.points import ZERO, Earned, winners
from cleancloud_rules.scoring.scorer import Fired, sums

MORE_DIGITS = 6
"""Further digits, beyond those of scores, with which the worth of groups is compared."""


@frozen
class Result:
    """The result of a company.

    Args:
        points: the points or the worth of each criterion, each category and the total, by key.
        fired: the rules that fired.
        earned: the points of each of these rules, by criterion and rule.
        facts: the facts that count, including derived ones.
        problems: the problems of derivations.
    """

    points: Mapping[str, Decimal]
    fired: Fired
    earned: Mapping[str, Earned]
    facts: tuple[Fact, ...]
    problems: frozenset[str]


@frozen
class Bench:
    """Scores companies for one methodology. Close it to free the engine.

    Args:
        methodology: the methodology.
        structure: its tree.
        ruleset: its compiled form.
        engine: the engine.
    """

    methodology: Methodology
    structure: ScoreTree = field(init=False, repr=False)
    ruleset: Ruleset = field(init=False, repr=False)
    engine: Engine = field(init=False, repr=False)

    @structure.default
    def _structure(self) -> ScoreTree:
        return structure_of(self.methodology)

    @ruleset.default
    def _ruleset(self) -> Ruleset:
        return compile_methodology(self.methodology)

    @engine.default
    def _engine(self) -> Engine:
        return Engine(self.ruleset)

    def close(self) -> None:
        """Free the engine."""
        self.engine.close()

    def result(self, company: Company) -> Result:
        """Return the result of a company by the engine."""
        return self._result(company, self.engine.fire(company))

    def verified(self, company: Company) -> Result:
        """Return the result of a company after a cross-check of all rules."""
        firings = self.engine.fire(company)
        verify(firings, self.methodology)
        return self._result(company, firings)

    def _result(self, company: Company, firings: Firings) -> Result:
        found = sums(self.structure, firings, company.cohort)
        unit = Decimal(1).scaleb(-self.methodology.rounding.points_digits)
        points: dict[str, Decimal] = {
            c.id: found.points.get(c.id, ZERO).quantize(unit) for c in self.methodology.criteria
        }
        for category in self.methodology.categories:
            points[category_key(category.id)] = self._worth(found.combination.group(category.id), category)
        points[TOTAL_KEY] = self._worth(found.combination.whole(), self.methodology.combining)
        counting = tuple(counted.fact for counted in firings.facts if counted.counts)
        return Result(points, found.fired, found.earned, counting, frozenset(firings.problems))

    def _worth(self, state: GroupState, combining: Combining) -> Decimal:
        """Return the worth of a group with enough digits to distinguish values: those of scores and a few more."""
        rounding = self.methodology.rounding
        return rounded(worth(state, combining), rounding.digits + MORE_DIGITS, rounding.mode)

    def counterexample(self, pair: Pair, id: str, sense: Improvement) -> Counterexample | None:
        """Return a pair of companies as a counterexample; None if it is none, or if no file can state it.

        Args:
            pair: the companies.
            id: the part that must earn less: a criterion, `category_key` of a category, or `TOTAL_KEY`.
            sense: the sense of the change.
        """
        try:
            first, second = (company_from(data, self.methodology) for data in (pair.before, pair.after))
        except FactsError:
            return None
        if len(second.facts) < len(first.facts):
            return None  # the changed fact was stated already
        before, after = self.verified(first), self.verified(second)
        if before.points[id] <= after.points[id] or not is_fair(sense, before.problems, after.problems):
            return None
        criterion = self._falling(id, before, after)
        involved = self._rules(criterion, before, after)
        where, advice = mend(criterion, self.methodology, _change_of(pair, first, second), before, after)
        return Counterexample(
            _in_words(pair),
            tuple(map(write_line, pair.before["facts"])),
            tuple(map(write_line, pair.after["facts"])),
            (write_text(pair.before), write_text(pair.after)),
            before.points[id],
            after.points[id],
            involved,
            place_of(where),
            advice,
        )

    def _falling(self, id: str, before: Result, after: Result) -> Criterion:
        """Return the criterion that loses the most points."""
        fall = {c.id: before.points[c.id] - after.points[c.id] for c in self.methodology.criteria}
        inside = [c for c in self.methodology.criteria if c.id == id]
        for category in self.methodology.categories:
            inside += category.every_criterion if id in (category_key(category.id), TOTAL_KEY) else ()
        return max(inside, key=lambda criterion: fall[criterion.id])

    def _rules(self, criterion: Criterion, before: Result, after: Result) -> tuple[RuleInvolved, ...]:
        found = []
        standing = [_standing(criterion, result) for result in (before, after)]
        for rule in criterion.rules:
            first, second = (some[rule.id] for some in standing)
            if first != second or "wins" in (first, second):
                where = place_of(node_place(rule.node, "id"))
                found.append(RuleInvolved(rule.id, criterion.id, rule.points, where, first, second))
        return tuple(found)


def _standing(criterion: Criterion, result: Result) -> dict[str, str]:
    holding = result.earned.get(criterion.id, {})
    won = {rule.id for rule in winners(criterion, holding)}
    return {r.id: "wins" if r.id in won else "holds" if r.id in holding else "fails" for r in criterion.rules}


def _change_of(pair: Pair, first: Company, second: Company) -> tuple[Fact | None, Fact, str | None]:
    """Return the changed fact before and after the change, and the changed field."""
    (new,) = [fact for fact in second.facts if fact not in first.facts]
    old = next((fact for fact in first.facts if fact not in second.facts), None)
    return old, new, pair.field


def _in_words(pair: Pair) -> str:
    new = pair.after["facts"][pair.changed]
    type_id = next(iter(new))
    if pair.field is None:
        return f"a fact is added: {write_line(new)}"
    old = pair.before["facts"][pair.changed]
    was, becomes = (_held(fact, type_id, pair.field) for fact in (old, new))
    return f"{type_id}.{pair.field} becomes {becomes}, it was {was}"


def _held(fact: Data, type_id: str, field: str) -> str:
    if field not in fact[type_id]:
        return "disclosed without a value at hand"
    return write_line({field: fact[type_id][field]})[1:-1].partition(": ")[2]


def node_place(node: Node | None, key: str) -> Location:
    """Return where the value of a key is written."""
    assert node is not None, "a methodology comes from documents"
    return node.value_location(key)


def place_of(where: Location) -> Place:
    """Return a location as a certificate holds it."""
    return Place(where.file.name, where.line, where.column)

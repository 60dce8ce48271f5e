"""Constraint model of a fit: a published table as constraints on facts. The only module that imports OR-tools.

For each company a fact is a choice among the admissible truth vectors of its type. A condition holds if a stated or a
chosen fact passes it, and a rule if one of its disjuncts holds. The points of each category must be among
those that are printed as the published score. All of this is taken from the compiled criteria; there is no copy of the
points here.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from cleancloud_rules.analysis.claims.recount import is_met
from cleancloud_rules.analysis.fitting.problem import Problem, Solution
from cleancloud_rules.completions.fact_kinds import Vector
from cleancloud_rules.engine.eligibility import count, distinct_values
from cleancloud_rules.engine.ruleset import CompiledRule, Literal
from cleancloud_rules.errors import MissingExtraError
from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.derivations import Derivation
from cleancloud_rules.model.exact import steps_in
from cleancloud_rules.model.methodology import Criterion, Group, HitPolicy
from cleancloud_rules.model.published import PublishedRow
from cleancloud_rules.model.values import Interval
from cleancloud_rules.results.fits import Target
from cleancloud_rules.scoring.lattice import points_giving, step_of

EFFORT = 300.0
"""How long one query to the solver may take, in its own deterministic time."""

MANY = 10**15
"""The maximum of an objective, well below the greatest integer of the solver."""


def solver_module() -> Any:
    """Return the constraint solver.

    Raises:
        MissingExtraError: if it is missing; the message says what to install.
    """
    try:
        from ortools.sat.python import cp_model  # noqa: PLC0415 - an extra, which only a fit needs
    except ImportError as error:
        message = "the fit needs the constraint solver OR-tools: pip install 'cleancloud-rules[fit]'"
        raise MissingExtraError(message) from error
    return cp_model


def solver_name() -> str:
    """Return the name and the version of the solver."""
    solver_module()
    return f"OR-tools CP-SAT {version('ortools')}"


class Model:
    """The constraint model of a problem.

    Args:
        problem: the problem.
        with_derived: whether facts of a type that a derivation makes cost nothing once there are facts for each of its
            inputs. This allows more than derivations make, so what it excludes is impossible, and no solution has fewer
            facts than one of its own.
    """

    # Each target (a printed figure or a published claim) is enforced only if its own Boolean variable, its switch, is
    # true. So one model answers every query: which switches are assumed true decides which targets must be met.

    def __init__(self, problem: Problem, *, with_derived: bool = False) -> None:
        self.cp: Any = solver_module()
        self.with_derived = with_derived
        self.problem = problem
        self.model: Any = self.cp.CpModel()
        self.switches: dict[Target, Any] = {}
        self.holds: dict[tuple[str, int], Any] = {}
        self.chosen: dict[tuple[str, Vector], Any] = {}
        self.present: dict[tuple[str, Vector], Any] = {}
        self._derived: dict[str, dict[Derivation, list[Any]]] = {}
        self._counts: dict[tuple[str, str], Any] = {}
        self._true = self.model.new_constant(1)
        for id in sorted(problem.companies):
            self._facts(id)
        for row in problem.table.rows:
            self._figures(row)
        for statement, rule in problem.statements:
            self._statement(statement, rule)

    def _facts(self, id: str) -> None:
        """Add the kinds of facts that could be chosen for a company, and which conditions then hold."""
        offers = self.problem.companies[id].offers
        passing: dict[int, list[Any]] = {}
        for type_id, vectors in sorted(offers.vectors.items()):
            for vector in vectors:
                chosen = self.model.new_int_var(0, offers.copies(vector), f"{id}/{type_id}/{sorted(vector.satisfied)}")
                self.chosen[id, vector] = chosen
                self.present[id, vector] = chosen + sum(self._derivable(id, vector))
                for number in vector.satisfied:
                    passing.setdefault(number, []).append(self.present[id, vector])
        for same, open_keys in offers.open_keys():  # a key with one answer gets no second one
            self.model.add(sum(self.chosen[id, vector] for vector in same) <= open_keys)
        for number in sorted(offers.relevant):
            self.holds[id, number] = self._any_of(passing.get(number, []), offers.admissible.satisfied, number, id)
        for literal in sorted(self.problem.literals, key=lambda x: (x.counter, x.number)):
            if literal.counts and (id, literal.counter) not in self._counts:
                self._counts[id, literal.counter] = self._count(id, literal, passing.get(literal.condition, []))
        self._respect_what_is_known(id)

    def _respect_what_is_known(self, id: str) -> None:
        """Let facts contradict no search for facts together, no implication and no derivation."""
        stated = self.problem.companies[id]
        for derivation, made in self._derived.pop(id, {}).items():
            for _, condition in derivation.inputs:
                holds = self.holds[id, self.problem.compiled.ruleset.by_condition[condition]]
                self.model.add(sum(made) == 0).only_enforce_if(holds.negated())
        for numbers in stated.apart:
            self.model.add(sum(self.holds[id, number] for number in numbers) < len(numbers))
        for given, then in stated.offers.admissible.pairs:
            self.model.add_implication(self.holds[id, given], self.holds[id, then])

    def _derivable(self, id: str, vector: Vector) -> list[Any]:
        """Return how many facts of a kind each derivation makes, if derived facts cost nothing."""
        found = []
        for derivation in self.problem.methodology.vocabulary.derivations if self.with_derived else ():
            if derivation.fact == vector.type:
                found.append(self.model.new_int_var(0, self.problem.companies[id].offers.copies(vector), ""))
                self._derived.setdefault(id, {}).setdefault(derivation, []).append(found[-1])
        return found

    def _any_of(self, chosen: list[Any], satisfied: frozenset[int], number: int, id: str) -> Any:
        if number in satisfied:
            return self._true
        holds = self.model.new_bool_var(f"{id}/{number}")
        self.model.add(sum(chosen) >= 1).only_enforce_if(holds)
        self.model.add(sum(chosen) == 0).only_enforce_if(holds.negated())
        return holds

    def _count(self, id: str, literal: Literal, chosen: list[Any]) -> Any:
        stated = self.problem.companies[id]
        facts = stated.reading.satisfying(self.problem.compiled.ruleset.conditions[literal.condition].condition)
        if literal.distinct is None:
            return sum(chosen) + count(facts, None)
        values = distinct_values(facts, literal.distinct)
        added = (
            self._at_most(sum(self.present[id, vector] for vector in vectors), number)
            for vectors, number in stated.offers.counted(literal, values)
        )
        return sum(added) + len(values)

    def _at_most(self, number: Any, most: int) -> Any:
        """Return a number, or the maximum if that is lower."""
        if most <= 0:
            return 0
        lowered = self.model.new_int_var(0, most, "")
        self.model.add_min_equality(lowered, [number, self.model.new_constant(most)])
        return lowered

    def _figures(self, row: PublishedRow) -> None:
        rounding = self.problem.methodology.rounding
        for category in self.problem.methodology.categories:
            published = row.scores[category.id]
            step = step_of(rounding)
            steps = [steps_in(points, step) for points in points_giving(published, category, rounding)]
            switch = self._switch(Target(row.company, category.id, str(published)))
            points = self._category_points(row.company, category, step)
            if not steps:
                self.model.add(switch == 0)
                continue
            domain = self.cp.Domain.from_values(steps)
            self.model.add_linear_expression_in_domain(points, domain).only_enforce_if(switch)

    def _switch(self, target: Target) -> Any:
        switch = self.model.new_bool_var(f"{target.company}/{target.figure}")
        self.switches[target] = switch
        return switch

    def _category_points(self, id: str, category: Group, step: Decimal) -> Any:
        return sum(self._criterion_points(id, criterion, step) for criterion in category.criteria)

    def _criterion_points(self, id: str, criterion: Criterion, step: Decimal) -> Any:
        rules = self.problem.compiled.ruleset.rules
        changed = self.problem.changed
        points = [changed.get((criterion.id, rule.id), rule.points) for rule in criterion.rules]
        fired = [
            (self._rule(id, rules[criterion.id, rule.id]), steps_in(earned, step))
            for rule, earned in zip(criterion.rules, points, strict=True)
        ]
        most = criterion.max_points if criterion.at_most is None else min(criterion.at_most, criterion.max_points)
        cap = steps_in(max((most, *points)), step)
        if criterion.hit_policy is HitPolicy.COLLECT_SUM:
            together = sum(points * holds for holds, points in fired)
            if sum(points for _, points in fired) <= cap:
                return together
            capped = self.model.new_int_var(0, cap, "")
            self.model.add_min_equality(capped, [together, self.model.new_constant(cap)])
            return capped
        if criterion.hit_policy is HitPolicy.FIRST:
            fired = self._first(fired)
            return sum(points * holds for holds, points in fired)
        best = self.model.new_int_var(0, cap, "")
        self.model.add_max_equality(best, [points * holds for holds, points in fired])
        return best

    def _first(self, fired: list[tuple[Any, int]]) -> list[tuple[Any, int]]:
        taken: list[tuple[Any, int]] = []
        before: list[Any] = []
        for holds, points in fired:
            first = self._all_of([holds, *(earlier.negated() for earlier in before)])
            taken.append((first, points))
            before.append(holds)
        return taken

    def _rule(self, id: str, rule: CompiledRule) -> Any:
        disjuncts = [self._all_of([self._literal(id, literal) for literal in d]) for d in rule.disjuncts]
        if len(disjuncts) == 1:
            return disjuncts[0]
        holds = self.model.new_bool_var("")
        self.model.add_max_equality(holds, disjuncts)
        return holds

    def _all_of(self, parts: list[Any]) -> Any:
        if not parts:
            return self._true
        if len(parts) == 1:
            return parts[0]
        holds = self.model.new_bool_var("")
        self.model.add_min_equality(holds, parts)
        return holds

    def _literal(self, id: str, literal: Literal) -> Any:
        if not literal.counts:
            holds = self.holds[id, literal.condition]
            return holds if literal.is_positive else holds.negated()
        enough = self.model.new_bool_var("")
        number = self._counts[id, literal.counter]
        self.model.add(number >= literal.number).only_enforce_if(enough)
        self.model.add(number < literal.number).only_enforce_if(enough.negated())
        return enough if literal.is_positive else enough.negated()

    def _statement(self, statement: PublishedClaim, rule: CompiledRule | None) -> None:
        counted: dict[str, Any] = {}
        for id, stated in sorted(self.problem.companies.items()):
            if statement.cohort is not None and stated.company.cohort != statement.cohort:
                continue
            counted[id] = self._true if rule is None else self._rule(id, rule)
        numbers = [n for n in range(len(self.problem.companies) + 1) if is_met(n, statement.published)]
        shown = statement.published
        text = (
            str(shown) if not isinstance(shown, Interval) else f"{numbers[0]} to {numbers[-1]}" if numbers else "none"
        )
        switch = self._switch(Target(None, statement.id, text))
        if not numbers or not set(statement.companies) <= counted.keys():
            self.model.add(switch == 0)
            return
        domain = self.cp.Domain.from_values(numbers)
        self.model.add_linear_expression_in_domain(sum(counted.values()), domain).only_enforce_if(switch)
        for id in statement.companies:
            self.model.add_implication(switch, counted[id])

    def fewest(self) -> Any:
        """Return the objective: the number of facts. Fixed weights from what each fact passes break ties."""
        # Lexicographic objective in one sum: `ties` is greater than all weights together, so no weight outweighs a
        # fact.
        alike = Counter[str]()
        weights = {(id, vector): _weight(id, vector, alike) for id, vector in self.chosen}
        copies = {(id, vector): self.problem.companies[id].offers.copies(vector) for id, vector in self.chosen}
        ties = sum(weight * copies[key] for key, weight in weights.items()) + 1
        if ties * sum(copies.values()) > MANY:
            return sum(self.chosen.values())
        return sum((ties + weights[key]) * chosen for key, chosen in self.chosen.items())

    def solve(
        self,
        *,
        targets: Iterable[Target] | None = None,
        minimize: Any = None,
        one_of: Iterable[Any] = (),
        effort: float = EFFORT,
    ) -> Solution | None:
        """Return a solution, or None if there is none.

        Args:
            targets: the targets that must be met; by default all of them.
            minimize: the objective; by default any solution will do.
            one_of: literals, at least one of which must hold; the solver makes as many as possible hold.
            effort: how long the solver may take, in its own deterministic time.

        Raises:
            TimeoutError: if the solver finds neither a solution nor a proof that there is none.
        """
        model = self.model.clone()
        for target in sorted(set(self.switches) if targets is None else set(targets), key=target_key):
            model.add_bool_and(self.switches[target])
        literals = list(one_of)
        if literals:
            model.add_bool_or(literals)
            model.maximize(sum(literals))
        if minimize is not None:
            model.minimize(minimize)
        solver = self.cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = effort
        status = solver.solve(model)
        if status == self.cp.INFEASIBLE:
            return None
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            raise TimeoutError("the solver found neither a solution nor a proof that there is none")
        return self._solution(solver, optimal=status == self.cp.OPTIMAL)

    def _solution(self, solver: Any, *, optimal: bool) -> Solution:
        chosen: dict[str, list[tuple[Vector, int]]] = {id: [] for id in self.problem.companies}
        for (id, vector), variable in self.chosen.items():
            number = solver.value(variable)
            if number:
                chosen[id].append((vector, number))
        holds: dict[str, set[int]] = {id: set() for id in self.problem.companies}
        for (id, number), variable in self.holds.items():
            if solver.boolean_value(variable):
                holds[id].add(number)
        return Solution(
            {id: tuple(found) for id, found in chosen.items()},
            {id: frozenset(found) for id, found in holds.items()},
            optimal,
        )


def target_key(target: Target) -> tuple[str, str]:
    """Return the sort key of a target."""
    return (target.company or "", target.figure)


def _weight(id: str, vector: Vector, alike: Counter[str]) -> int:
    """Return a number from what a fact passes, and from how many kinds before it pass the same."""
    text = f"{id}/{vector.type}/{sorted(vector.satisfied)}"
    alike[text] += 1
    text += f"/{alike[text]}" if alike[text] > 1 else ""
    return int(hashlib.sha256(text.encode()).hexdigest()[:3], 16)

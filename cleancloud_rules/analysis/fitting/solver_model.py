"""Constraint model of a fit: a published table as constraints on facts. The only module that imports OR-tools.

For each company a fact is a choice among the minimal admissible truth vectors of its type. A condition holds if a
stated or a chosen fact passes it, and a rule if one of its disjuncts holds. The points of each category must be among
those that are printed as the published score. All of this is taken from the compiled criteria; there is no copy of the
points here.
"""

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from attrs import evolve, field, frozen

from cleancloud_rules.analysis.claims.recount import is_met
from cleancloud_rules.completions.fact_kinds import Admissible, Vector, weakest
from cleancloud_rules.engine.eligibility import count
from cleancloud_rules.engine.ruleset import CompiledRule, Literal
from cleancloud_rules.errors import MissingExtraError
from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.exact import steps_in
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Criterion, Group, HitPolicy, Methodology
from cleancloud_rules.model.published import PublishedRow, PublishedTable
from cleancloud_rules.model.values import Interval
from cleancloud_rules.results.fits import Target
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.explanation import FactView
from cleancloud_rules.scoring.lattice import points_giving, step_of

EFFORT = 300.0
"""How long one query to the solver may take, in its own deterministic time."""

COPIES = 8
"""How many facts of one kind may be chosen for one company if a rule counts them."""


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


@frozen
class Stated:
    """One company as a fit sees it.

    Args:
        company: the company.
        reading: its facts that count.
        admissible: the facts that could be added.
        apart: sets of conditions that facts do not pass together.
    """

    company: Company
    reading: FactView
    admissible: Admissible
    apart: tuple[frozenset[int], ...] = ()


@frozen
class Solution:
    """One solution.

    Args:
        chosen: for each company the chosen vectors, each with the number of facts of that kind.
        holds: for each company the conditions that hold.
        optimal: whether no solution has fewer facts.
    """

    chosen: dict[str, tuple[tuple[Vector, int], ...]]
    holds: dict[str, frozenset[int]]
    optimal: bool


@frozen
class Problem:
    """A published table and published claims that facts must give.

    Args:
        compiled: the methodology, compiled with the conditions of the claims.
        companies: the companies with their stated facts, by id.
        table: the published table.
        statements: the published claims that must be met, with their compiled form.
        changed: other points for some rules, by criterion and rule.
    """

    compiled: CompiledMethodology
    companies: dict[str, Stated]
    table: PublishedTable
    statements: tuple[tuple[PublishedClaim, CompiledRule | None], ...]
    changed: Mapping[tuple[str, str], Decimal] = field(factory=dict)

    @property
    def methodology(self) -> Methodology:
        """The methodology."""
        return self.compiled.methodology


class Model:
    """The constraint model of a problem.

    Args:
        problem: the problem.
    """

    # Each target (a printed figure or a published claim) is enforced only if its own Boolean variable, its switch, is
    # true. So one model answers every query: which switches are assumed true decides which targets must be met.

    def __init__(self, problem: Problem) -> None:
        self.cp = solver_module()
        self.problem = problem
        self.model = self.cp.CpModel()
        self.switches: dict[Target, Any] = {}
        self.holds: dict[tuple[str, int], Any] = {}
        self.chosen: dict[tuple[str, Vector], Any] = {}
        self._counts: dict[tuple[str, str], Any] = {}
        self._true = self.model.new_constant(1)
        relevant = self._relevant()
        for id in sorted(problem.companies):
            self._facts(id, relevant)
        for row in problem.table.rows:
            self._figures(row)
        for statement, rule in problem.statements:
            self._statement(statement, rule)

    def _literals(self) -> set[Literal]:
        rules = [
            *self.problem.compiled.ruleset.rules.values(),
            *(r for _, r in self.problem.statements if r is not None),
        ]
        return {literal for rule in rules for disjunct in rule.disjuncts for literal in disjunct}

    def _relevant(self) -> frozenset[int]:
        literals = {literal.condition for literal in self._literals()}
        literals.update(*(numbers for stated in self.problem.companies.values() for numbers in stated.apart))
        pairs = [pair for stated in self.problem.companies.values() for pair in stated.admissible.pairs]
        while True:
            more = {number for pair in pairs if set(pair) & literals for number in pair}
            if more <= literals:
                return frozenset(literals)
            literals |= more

    def _facts(self, id: str, relevant: frozenset[int]) -> None:
        """Add the kinds of facts that could be chosen for a company, and which conditions then hold."""
        stated = self.problem.companies[id]
        counted = {literal.condition for literal in self._literals() if literal.counts}
        passing: dict[int, list[Any]] = {}
        answers: dict[Any, list[Any]] = {}
        names = self.problem.compiled.answer_keys.names
        for type_id, vectors in sorted(stated.admissible.vectors.items()):
            for vector in _projected(vectors, relevant, every=type_id in names):
                copies = COPIES if vector.satisfied & counted else 1
                chosen = self.model.new_int_var(0, copies, f"{id}/{type_id}/{sorted(vector.satisfied)}")
                self.chosen[id, vector] = chosen
                if type_id in names:
                    key = tuple(pair for pair in vector.point if pair[0] in names[type_id])
                    answers.setdefault((type_id, key), []).append(chosen)
                for number in vector.satisfied:
                    passing.setdefault(number, []).append(chosen)
        for same in answers.values():
            self.model.add(sum(same) <= 1)  # a key with one answer gets no second one
        for number in sorted(relevant):
            self.holds[id, number] = self._any_of(passing.get(number, []), stated.admissible.satisfied, number, id)
        for literal in sorted(self._literals(), key=lambda x: (x.counter, x.number)):
            if literal.counts and (id, literal.counter) not in self._counts:
                self._counts[id, literal.counter] = self._count(stated, literal, passing.get(literal.condition, []))
        for numbers in stated.apart:
            self.model.add(sum(self.holds[id, number] for number in numbers) < len(numbers))
        for given, then in stated.admissible.pairs:
            if given in relevant and then in relevant:
                self.model.add_implication(self.holds[id, given], self.holds[id, then])

    def _any_of(self, chosen: list[Any], satisfied: frozenset[int], number: int, id: str) -> Any:
        if number in satisfied:
            return self._true
        holds = self.model.new_bool_var(f"{id}/{number}")
        self.model.add(sum(chosen) >= 1).only_enforce_if(holds)
        self.model.add(sum(chosen) == 0).only_enforce_if(holds.negated())
        return holds

    def _count(self, stated: Stated, literal: Literal, chosen: list[Any]) -> Any:
        condition = self.problem.compiled.ruleset.conditions[literal.condition].condition
        already = count(stated.reading.satisfying(condition), literal.distinct)
        return sum(chosen) + already

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
        counted: list[Any] = []
        for id, stated in sorted(self.problem.companies.items()):
            if statement.cohort is not None and stated.company.cohort != statement.cohort:
                continue
            counted.append(self._true if rule is None else self._rule(id, rule))
        numbers = [n for n in range(len(self.problem.companies) + 1) if is_met(n, statement.published)]
        shown = statement.published
        text = (
            str(shown) if not isinstance(shown, Interval) else f"{numbers[0]} to {numbers[-1]}" if numbers else "none"
        )
        switch = self._switch(Target(None, statement.id, text))
        if not numbers:
            self.model.add(switch == 0)
            return
        domain = self.cp.Domain.from_values(numbers)
        self.model.add_linear_expression_in_domain(sum(counted), domain).only_enforce_if(switch)

    def fewest(self) -> Any:
        """Return the objective: the number of facts. Fixed weights from what each fact passes break ties."""
        # Lexicographic objective in one sum: `ties` is greater than all weights together, so no weight outweighs a
        # fact.
        weights = {key: _weight(key) for key in self.chosen}
        ties = sum(weights.values()) * COPIES + 1
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


def _projected(vectors: Iterable[Vector], relevant: frozenset[int], *, every: bool) -> tuple[Vector, ...]:
    """Return the minimal vectors, or every vector, as far as the relevant conditions distinguish them."""
    # The other vectors are not needed: a fact with one of them can be replaced by several facts with minimal vectors,
    # one for each of its conditions, which together pass the same conditions. That is not so if a key has one answer.
    found: dict[frozenset[int], Vector] = {}
    for vector in vectors:
        satisfied = vector.satisfied & relevant
        if satisfied and satisfied not in found:
            found[satisfied] = evolve(vector, satisfied=satisfied)
    sorted_ones = tuple(found[key] for key in sorted(found, key=sorted))
    return sorted_ones if every else weakest(sorted_ones)


def _weight(key: tuple[str, Vector]) -> int:
    id, vector = key
    text = f"{id}/{vector.type}/{sorted(vector.satisfied)}"
    return int(hashlib.sha256(text.encode()).hexdigest()[:3], 16)

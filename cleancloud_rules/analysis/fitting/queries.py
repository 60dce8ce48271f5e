"""Queries about a fit: the backbone (what is forced in every solution), and conflicts (what cannot hold together)."""

from cleancloud_rules.analysis.fitting.problem import Problem, Solution
from cleancloud_rules.analysis.fitting.solver_model import Model, target_key
from cleancloud_rules.results.fits import ConditionStatus, Target

QUICK = 20.0
"""How long the solver may improve a solution that differs from those before, in its own deterministic time."""


def is_fewest(solution: Solution, problem: Problem) -> bool:
    """Whether no facts at all are fewer than those of a solution that is optimal among facts of its own kind.

    Derived facts come for free, so a model in which they cost nothing gives a lower bound.
    """
    if problem.superseding:
        return False
    relaxed = Model(problem, with_derived=True)
    least = relaxed.solve(minimize=relaxed.fewest())
    return least is not None and least.optimal and least.size == solution.size


def conflicts(model: Model) -> tuple[Target, ...]:
    """Return a minimal set of targets that cannot hold together: without any one of them the others can."""
    # Deletion filter for a minimal unsatisfiable subset: a target is dropped if the others are still unsatisfiable.
    # Each target is tried once, so it ends. Whole companies are tried first, because most of them are not in conflict.
    remaining = sorted(model.switches, key=target_key)
    for id in sorted({target.company for target in remaining if target.company is not None}):
        remaining = _without(model, remaining, [target for target in remaining if target.company == id])
    for target in list(remaining):
        remaining = _without(model, remaining, [target])
    return tuple(remaining)


def _without(model: Model, targets: list[Target], some: list[Target]) -> list[Target]:
    """Return the targets without some of them, if the rest still cannot hold together; otherwise all of them."""
    rest = [target for target in targets if target not in some]
    return rest if model.solve(targets=rest) is None else targets


def standings(model: Model, solution: Solution) -> dict[tuple[str, int], ConditionStatus]:
    """Return, for each condition that stated facts leave open, whether it holds in every solution, in some, or in none.

    Args:
        model: the model.
        solution: one solution.
    """
    companies = model.problem.companies
    open_ = {key for key in model.holds if key[1] not in companies[key[0]].offers.admissible.satisfied}
    can_hold = _possible(model, open_, {k for k in open_ if k[1] in solution.holds[k[0]]}, wanted=True)
    can_fail = _possible(model, open_, {k for k in open_ if k[1] not in solution.holds[k[0]]}, wanted=False)
    return {
        key: ConditionStatus.EXCLUDED
        if key not in can_hold
        else ConditionStatus.OPEN
        if key in can_fail
        else ConditionStatus.FORCED
        for key in sorted(open_)
    }


def _possible(
    model: Model, open_: set[tuple[str, int]], known: set[tuple[str, int]], *, wanted: bool
) -> set[tuple[str, int]]:
    """Return the conditions that hold in some solution; or, if not `wanted`, those that fail in some."""
    # Backbone computation. The solver is asked for a solution in which at least one further condition holds (or fails),
    # and as many as possible do. If there is none, the remaining conditions hold (or fail) in no solution. Each
    # solution adds at least one of finitely many conditions, so the loop ends.
    found = set(known)
    while len(found) < len(open_):
        left = sorted(open_ - found)
        literals = [model.holds[key] if wanted else model.holds[key].negated() for key in left]
        solution = model.solve(one_of=literals, effort=QUICK)
        if solution is None:
            break
        found |= {key for key in left if (key[1] in solution.holds[key[0]]) is wanted}
    return found

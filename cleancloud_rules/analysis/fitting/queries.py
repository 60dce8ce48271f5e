"""Questions about a fit: what is forced in every solution, and what cannot hold together."""

from cleancloud_rules.analysis.fitting.solver_model import Model, Solution, target_key
from cleancloud_rules.results.fits import ConditionStatus, Target

QUICK = 20.0
"""How long the search for a solution unlike those before may go on improving."""


def conflicts(model: Model) -> tuple[Target, ...]:
    """Return targets that cannot hold together, though without any one of them the rest can."""
    remaining = sorted(model.switches, key=target_key)
    for id in sorted({target.company for target in remaining if target.company is not None}):
        remaining = _without(model, remaining, [target for target in remaining if target.company == id])
    for target in list(remaining):
        remaining = _without(model, remaining, [target])
    return tuple(remaining)


def _without(model: Model, targets: list[Target], some: list[Target]) -> list[Target]:
    """Return the targets without some of them, if the rest still cannot hold together; else all."""
    rest = [target for target in targets if target not in some]
    return rest if model.solve(targets=rest) is None else targets


def standings(model: Model, solution: Solution) -> dict[tuple[str, int], ConditionStatus]:
    """Return for each condition that stated facts leave open whether it holds in every solution, some, or none.

    Solutions are asked for that make as many as possible of the conditions hold (or fail) of which no solution has
    yet; when there is none, the rest never holds (or never fails).

    Args:
        model: the model.
        solution: one solution.
    """
    companies = model.problem.companies
    open_ = {key for key in model.holds if key[1] not in companies[key[0]].admissible.satisfied}
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
    found = set(known)
    while len(found) < len(open_):
        left = sorted(open_ - found)
        literals = [model.holds[key] if wanted else model.holds[key].negated() for key in left]
        solution = model.solve(one_of=literals, effort=QUICK)
        if solution is None:
            break
        found |= {key for key in left if (key[1] in solution.holds[key[0]]) is wanted}
    return found

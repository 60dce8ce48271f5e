"""The error that needs an exact decision: rules that can fire together earn more than `max_points`."""

from collections.abc import Iterator

from attrs import evolve

from cleancloud_rules.analysis.lint.warnings import at_value
from cleancloud_rules.analysis.monotonicity.decision import Decision
from cleancloud_rules.analysis.monotonicity.scored_methodology import scored_criterion
from cleancloud_rules.checking.methodology import sum_of, sums_above_max
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.model.rounding import short
from cleancloud_rules.scoring.compiled import CompiledMethodology


def excessive_sums(compiled: CompiledMethodology) -> Iterator[Diagnostic]:
    """The rules of a criterion exclude each other in part, and those that do not earn more than its `max_points`."""
    for criterion in sums_above_max(compiled.methodology):
        # Without its limits the criterion has the points of all rules that fire. A rule in proportion to a number
        # stands for its maximum, so what is found is never too low.
        rules = tuple(evolve(rule, points=rule.range[1], in_proportion=None) for rule in criterion.rules)
        unlimited = evolve(criterion, rules=rules, max_points=sum_of(criterion), at_least=None)
        decision = Decision(scored_criterion(unlimited, compiled.ruleset), compiled.ruleset, compiled.answer_keys)
        found = decision.extremes()
        if found is None:
            yield _error(
                criterion, f"may earn {short(sum_of(criterion))} together (there are too many cases to decide it)"
            )
        elif found[1] > criterion.max_points:
            yield _error(criterion, f"earn {short(found[1])} together")


def _error(criterion: Criterion, what: str) -> Diagnostic:
    most = f"{criterion.max_points:f}"
    message = f"the rules of `{criterion.id}` {what}, above `max_points` {most}"
    return Diagnostic(
        "points-above-max", message, at_value(criterion.node, "max_points"), f"cap the sum with `at_most: {most}`"
    )

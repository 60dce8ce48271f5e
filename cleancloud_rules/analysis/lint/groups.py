"""Warnings about groups, gates and exemptions: one function for each code."""

from collections.abc import Iterator

from cleancloud_rules.analysis.lint.implication import Implications
from cleancloud_rules.analysis.lint.warnings import at_key, at_value, warning
from cleancloud_rules.checking.bands import reach
from cleancloud_rules.checking.groups import SCORE, combinings
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.language.unary_test_text import interval_text
from cleancloud_rules.model.cells import cells_of, runs
from cleancloud_rules.model.groups import NOT_APPLICABLE, Aggregation
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.rounding import short
from cleancloud_rules.model.values import Interval


def weightless(methodology: Methodology, _: Implications) -> Iterator[Diagnostic]:
    """All parts of a weighted group, or of a sum with weights, have the weight 0, so none of them counts."""
    for combining, _node, name, parts in combinings(methodology):
        weights = [part.weight for part in parts]
        if not parts or any(weight is None or weight for weight in weights):
            continue
        effect = {Aggregation.WEIGHTED_MEAN: "has no score", Aggregation.WEIGHTED_SUM: "is always 0"}
        result = effect.get(combining.aggregate, "is always 0")
        message = f"all parts of {name} have the weight 0, so its {combining.aggregate.value} {result}"
        yield warning("no-weight", message, at_value(parts[0].node, "weight"), "give a weight above 0 to what counts")


def lost_penalties(methodology: Methodology, implications: Implications) -> Iterator[Diagnostic]:
    """A criterion with a gate or in a later tier has a penalty, which is lost unless the gate is met."""
    structure = implications.compiled.tree
    for criterion in (criterion for criterion in methodology.criteria if criterion.monotone):
        place = structure.places[criterion.id]
        costly = min(criterion.rules, key=lambda rule: rule.range[0], default=None)
        if costly is None or costly.range[0] >= 0 or not (place.gates or place.before):
            continue
        unless = [f"`{requirement}` is met" for requirement in place.gates]
        unless += [f"`{earlier}` is complete" for earlier in place.before]
        cost = f"the {short(costly.range[0])} points of rule `{costly.id}`"
        message = f"{cost} are lost with the gate: they count only if {' and '.join(unless)}"
        help = "move the rule to a criterion without a gate, so that failing the gate is never an advantage"
        yield warning("penalty-behind-gate", message, at_value(costly.node, "id"), help)


def exempted_rules(methodology: Methodology, implications: Implications) -> Iterator[Diagnostic]:
    """A rule never counts if its criterion, or a group around it, does not apply whenever the rule holds."""
    structure, rules = implications.compiled.tree, implications.ruleset.rules
    for criterion in methodology.criteria:
        exempting = [
            owner
            for owner in structure.places[criterion.id].exempting
            if owner.not_applicable is not None and owner.not_applicable.when is not None
        ]
        for rule in criterion.rules if exempting else ():
            own = rules[criterion.id, rule.id]
            if not implications.is_possible(own):
                continue
            owner = next((o for o in exempting if implications.implies(own, rules[o.id, NOT_APPLICABLE])), None)
            if owner is not None:
                message = f"rule `{rule.id}` never counts: whenever it holds, `{owner.id}` does not apply"
                yield warning("never-applies", message, at_value(rule.node, "id"))


def band_gaps(methodology: Methodology, _: Implications) -> Iterator[Diagnostic]:
    """Some scores between the bands of a group lie in no band."""
    for combining, node, name, _parts in combinings(methodology):
        inside, printable = reach(combining, methodology)
        covered = frozenset[int]().union(*inside.values()) & printable
        cells = cells_of(SCORE, [band.score for band in combining.bands])
        missing = [c for c in sorted(printable - covered) if covered and min(covered) < c < max(covered)]
        for first, last in runs(sum(1 << cell for cell in missing)):
            low, high = cells.marks[(first - 1) // 2 if first % 2 == 0 else first // 2], cells.marks[last // 2]
            gap = Interval(low, high, first % 2 == 0, last % 2 == 0)
            yield warning(
                "band-gap", f"scores in `{interval_text(gap, SCORE)}` lie in no band of {name}", at_key(node, "bands")
            )


def empty_levels(methodology: Methodology, _: Implications) -> Iterator[Diagnostic]:
    """A level asks for nothing, so every company that reaches the level below reaches it too."""
    asked = {criterion.level for criterion in methodology.criteria}
    for combining, _node, name, _parts in combinings(methodology):
        for level in combining.levels[1:]:
            if level.id not in asked and not level.requires and level.at_least is None:
                message = f"level `{level.id}` of {name} asks for nothing"
                yield warning("empty-level", message, at_value(level.node, "id"))

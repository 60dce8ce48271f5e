"""Warnings about groups, gates and exemptions: one function for each code."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from cleancloud_rules.analysis.lint.implication import Implications
from cleancloud_rules.analysis.lint.warnings import at_key, at_value, warning
from cleancloud_rules.checking.bands import reach
from cleancloud_rules.checking.groups import SCORE, combinings
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.language.unary_test_text import interval_text
from cleancloud_rules.model.cells import field_cells
from cleancloud_rules.model.groups import NOT_APPLICABLE, Aggregation, Combining, CountsAs, NotAssessed
from cleancloud_rules.model.methodology import Group, Methodology
from cleancloud_rules.model.partitions.runs import runs
from cleancloud_rules.model.rounding import short
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.model.values import Interval
from cleancloud_rules.scoring.combination import Combination

MAX_PARTS = 100
"""The maximum number of parts of a sum that are left out, one at a time, to see whether its maximum changes."""


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


def uneven_sums(methodology: Methodology, implications: Implications) -> Iterator[Diagnostic]:
    """A sum that compares companies has no scale, and its maximum depends on what applies or is assessed."""
    structure = implications.compiled.tree
    for combining, node, name, _parts in combinings(methodology):
        id = combining.id if isinstance(combining, Group) else None
        scale = combining.scale if id is None else structure.scale_of(id)
        key, use = _comparison(combining, methodology)
        if use and scale is None and combining.aggregate in (Aggregation.SUM, Aggregation.WEIGHTED_SUM):
            written = node is not None and node.get(key) is not None
            place = at_key(node, key) if written else at_value(node, "id")
            full = Combination(structure, _best(methodology), (), None)
            for part, without in islice(_left_out(id, structure), MAX_PARTS):
                most, rest = _maximum(full, id), _maximum(without, id)
                if most is not None and rest is not None and most != rest:
                    sum = f"its maximum is {short(most)}, and {short(rest)} where `{part}` is left out"
                    help = "with a `scale`, or as a mean of shares, it has the same maximum for every company"
                    yield warning("uneven-sum", f"{name} is a sum that {use}, but {sum}", place, help)
                    break


def _comparison(combining: Combining, methodology: Methodology) -> tuple[str, str]:
    """Return the key by which the score of a group is compared, and that in words; empty if none does."""
    if combining.bands:
        return "bands", "has bands"
    if combining.reads_number:
        return "levels", "has levels"
    ranks = combining is methodology.combining and "total" in methodology.rank_by
    return ("rank_by", "ranks companies") if ranks else ("", "")


def _best(methodology: Methodology) -> dict[str, Decimal]:
    return {criterion.id: criterion.max_points for criterion in methodology.criteria}


def _left_out(id: str | None, structure: ScoreTree) -> Iterator[tuple[str, Combination]]:
    """Yield what may be left out inside a group, each with the result of all others at their best."""
    methodology = structure.methodology
    best = _best(methodology)
    for part, standing in structure.places.items():
        if id is not None and all(group.id != id for group in standing.above):
            continue
        owner = structure.criteria.get(part) or structure.groups[part]
        exemption = owner.not_applicable
        if exemption is not None and (exemption.counts_as or methodology.not_applicable) is CountsAs.EXCLUDED:
            yield part, Combination(structure, best, (part,), None)
        if part in structure.criteria and standing.not_assessed is NotAssessed.EXCLUDED:
            yield part, Combination(structure, best, (), None, best.keys() - {part})


def _maximum(combination: Combination, id: str | None) -> Fraction | None:
    state = combination.whole() if id is None else combination.group(id)
    return state.most


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
        cells = field_cells(SCORE, [band.score for band in combining.bands])
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

"""Warnings about a methodology: one function for each code."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, islice, pairwise

from cleancloud_rules.analysis.lint.decision_tables import outputs_without_row, rows_without_effect
from cleancloud_rules.analysis.lint.directions import proportions_the_wrong_way_round, thresholds_the_wrong_way_round
from cleancloud_rules.analysis.lint.groups import (
    band_gaps,
    empty_levels,
    exempted_rules,
    lost_penalties,
    uneven_sums,
    weightless,
)
from cleancloud_rules.analysis.lint.implication import Implications
from cleancloud_rules.analysis.lint.unused import read_fields
from cleancloud_rules.analysis.lint.warnings import Analysis, at_key, at_value, limited, warning
from cleancloud_rules.analysis.monotonicity.decision import Decision
from cleancloud_rules.analysis.monotonicity.score_functions import ScoredCriterion
from cleancloud_rules.analysis.monotonicity.scored_methodology import scored_criterion
from cleancloud_rules.checking.sentences import positive_conditions
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.engine.ruleset import CompiledRule
from cleancloud_rules.model.conditions import Condition, FieldTest, conditions_of
from cleancloud_rules.model.facts import Better, Field
from cleancloud_rules.model.methodology import Criterion, HitPolicy, Methodology, Rule
from cleancloud_rules.model.rounding import short
from cleancloud_rules.model.texts import odd_space
from cleancloud_rules.model.values import Interval
from cleancloud_rules.scoring.compiled import compiled


def analyse(methodology: Methodology) -> tuple[Diagnostic, ...]:
    """Return the warnings about a methodology without errors."""
    implications = Implications(compiled(methodology))
    return tuple(found for analysis in ANALYSES for found in analysis(methodology, implications))


def _compiled(criterion: Criterion, rule: Rule, implications: Implications) -> CompiledRule:
    return implications.ruleset.rules[criterion.id, rule.id]


def impossible_rules(methodology: Methodology, implications: Implications) -> Iterator[Diagnostic]:
    """A rule never fires if no facts can meet its condition."""
    for criterion in methodology.criteria:
        for rule in criterion.rules:
            if not implications.is_possible(_compiled(criterion, rule, implications)):
                message = f"rule `{rule.id}` never fires: no facts can meet its condition"
                yield warning("never-fires", message, at_key(rule.node, "when"))


def losing_rules(methodology: Methodology, implications: Implications) -> Iterator[Diagnostic]:
    """A rule never wins if another one holds whenever it does, and wins over it."""
    for criterion in methodology.criteria:
        if criterion.hit_policy is HitPolicy.COLLECT_SUM:
            continue
        for index, rule in enumerate(criterion.rules):
            own = _compiled(criterion, rule, implications)
            if not implications.is_possible(own):
                continue
            winner = next(
                (
                    o
                    for position, o in enumerate(criterion.rules)
                    if position != index
                    and _goes_before(o, rule, criterion.hit_policy, earlier=position < index)
                    and implications.implies(own, _compiled(criterion, o, implications))
                ),
                None,
            )
            if winner is not None:
                message = f"rule `{rule.id}` never wins: whenever it holds, `{winner.id}` holds too and wins over it"
                yield warning("never-wins", message, at_value(rule.node, "id"))


def unreachable_maxima(methodology: Methodology, implications: Implications) -> Iterator[Diagnostic]:
    """The facts that earn a criterion's points exclude each other, so no company earns its maximum."""
    ruleset = implications.ruleset
    for criterion in methodology.criteria:
        scored = scored_criterion(criterion, ruleset)
        if _holds_all(criterion, scored, implications):
            continue
        found = Decision(scored, ruleset).extremes() if scored.undecidable(None) is None else None
        if found is not None and found[1] < criterion.max_points:
            maximum = f"maximum of {criterion.max_points:f} points of `{criterion.id}`"
            message = f"no facts earn the {maximum}: at most {short(found[1])} can be earned"
            yield warning("max-never-earned", message, at_value(criterion.node, "max_points"))


def _holds_all(criterion: Criterion, scored: ScoredCriterion, implications: Implications) -> bool:
    """Whether all rules can evidently hold in one company, and no rule takes points from another.

    A cheap sufficient test: it spares most criteria the exact decision.
    """
    adds = criterion.hit_policy in (HitPolicy.COLLECT_MAX, HitPolicy.COLLECT_SUM)
    asks_for_absence = not all(literal.is_positive for literal in scored.literals)
    takes = any(rule.range[0] < 0 for rule in criterion.rules)
    return adds and not asks_for_absence and not takes and all(map(implications.is_possible, scored.rules))


def _goes_before(other: Rule, rule: Rule, policy: HitPolicy, *, earlier: bool) -> bool:
    """Whether another rule, which stands earlier or later, wins if both hold."""
    if policy is HitPolicy.FIRST:
        return earlier
    if policy is HitPolicy.COLLECT_MIN:
        return other.range[1] < rule.range[0] or (other.range == rule.range and earlier)
    return other.range[0] > rule.range[1] or (other.range == rule.range and earlier)


def lesser_rules_first(methodology: Methodology, implications: Implications) -> Iterator[Diagnostic]:
    """Under `first` a rule that earns less stands before one that earns more, and both can hold."""

    def told(pair: tuple[Rule, Rule, tuple[str, str] | None]) -> Diagnostic:
        earlier, later, differing = pair
        only = f" if two `{differing[0]}` facts differ in `{differing[1]}`" if differing else ""
        message = f"`{earlier.id}` stands before `{later.id}`, which earns more, and both can hold{only}"
        return warning("overlapping-rules", message, at_value(later.node, "id"), "put the rule that earns more first")

    yield from limited(_overlapping(methodology, implications), "pairs of rules overlap under `first`", told)


def _overlapping(
    methodology: Methodology, implications: Implications
) -> Iterator[tuple[Rule, Rule, tuple[str, str] | None]]:
    for criterion in methodology.criteria:
        if criterion.hit_policy is not HitPolicy.FIRST:
            continue
        for earlier, later in combinations(criterion.rules, 2):
            pair = [_compiled(criterion, rule, implications) for rule in (earlier, later)]
            if earlier.points < later.points and not implications.excludes(*pair):
                yield earlier, later, implications.differing(*pair)


def lists_the_wrong_way_round(methodology: Methodology, _: Implications) -> Iterator[Diagnostic]:
    """A value of a field with `better: listed` earns less than a value listed before it, all other tests being equal.

    Questions with the same `answers` get one warning, since its place is the same.
    """
    for criterion in (criterion for criterion in methodology.criteria if criterion.monotone):
        for (type_id, field, _others), earning in _by_listed_value(criterion, methodology).items():
            values = [value for value in field.values if value in earning]
            falls = ((a, b) for a, b in pairwise(values) if earning[b].points < earning[a].points)
            for better, worse in islice(falls, 1):
                rising = iter(sorted(values, key=lambda value: earning[value].points))
                meant = ", ".join(next(rising) if value in values else value for value in field.values)
                place = f"`{better}` but is listed after it in the `values` of `{type_id}.{field.id}`"
                help = f"under `better: listed` later values are better: write `[{meant}]`"
                where = at_value(earning[worse].node, "points")
                yield warning("listed-backwards", f"`{worse}` earns less than {place}", where, help)


_Asked = tuple[str, Field, tuple[FieldTest, ...]]
"""A fact type, a field that is tested for a single value, and the other tests of the condition."""


def _by_listed_value(criterion: Criterion, methodology: Methodology) -> dict[_Asked, dict[str, Rule]]:
    """Return the rules that test a field with `better: listed` for a single value, by that value."""
    asked: dict[_Asked, dict[str, Rule]] = {}
    exact = [rule for rule in criterion.rules if rule.in_proportion is None]
    for rule, condition in ((rule, rule.when) for rule in exact if isinstance(rule.when, Condition)):
        for test in condition.tests:
            field = methodology.vocabulary.by_id[condition.fact_type].get(test.field)
            if field is not None and field.better is Better.LISTED and test.test.text in field.values:
                others = tuple(other for other in condition.tests if other is not test)
                asked.setdefault((condition.fact_type, field, others), {})[test.test.text] = rule
    return asked


def shared_evidence(methodology: Methodology, implications: Implications) -> Iterator[Diagnostic]:
    """Two criteria give points for the same facts and do not declare it."""
    asked = [
        (implications.ruleset.by_condition[condition], criterion, rule)
        for criterion in methodology.criteria
        for rule in criterion.rules
        if rule.range[1] > 0
        for condition in positive_conditions(rule.when)
    ]
    yield from limited(_sharing(asked, implications), "pairs of criteria give points for the same facts", _told_sharing)


_Awarding = tuple[int, Criterion, Rule]
"""A condition by its number, and the criterion and the rule that give points for the facts that pass it."""


def _sharing(asked: list[_Awarding], implications: Implications) -> Iterator[tuple[Criterion, Criterion, Rule]]:
    # Conditions that the same facts pass have one key, so only rules under one key are compared.
    alike: dict[object, list[tuple[int, Criterion, Rule]]] = {}
    for number, criterion, rule in asked:
        alike.setdefault(implications.key(number), []).append((number, criterion, rule))
    position: Counter[object] = Counter()
    seen: set[tuple[str, str]] = set()
    for number, first, earlier in asked:
        key = implications.key(number)
        position[key] += 1
        for _, second, rule in islice(alike[key], position[key], None):
            pair = (first.id, second.id)
            if first is second or pair in seen or second.id in first.shared_with or first.id in second.shared_with:
                continue
            if not _measure_different(earlier, rule):
                seen.add(pair)
                yield first, second, rule


def _told_sharing(pair: tuple[Criterion, Criterion, Rule]) -> Diagnostic:
    first, second, rule = pair
    message = f"rule `{rule.id}` of `{second.id}` gives points for the same facts as `{first.id}`"
    help = f"if this is intended, add `shared_with: [{first.id}]`"
    return warning("shared-evidence", message, at_key(rule.node, "when"), help)


def _measure_different(rule: Rule, other: Rule) -> bool:
    """Whether two rules give points in proportion to different fields of one fact type."""
    one, another = rule.in_proportion, other.in_proportion
    return one is not None and another is not None and one.fact_type == another.fact_type and one.field != another.field


def unread(methodology: Methodology, _: Implications) -> Iterator[Diagnostic]:
    """Nothing reads a fact type or a field, so its facts or values change no score."""
    read = read_fields(methodology)
    for fact_type in methodology.vocabulary.fact_types:
        fields = read.get(fact_type.id)
        if fields is None:
            message = f"no rule and no derivation reads `{fact_type.id}`"
            yield warning("unread-fact-type", message, at_key(fact_type.node, "title"))
            continue
        for field in fact_type.fields:
            if field.id not in fields and not field.key:
                yield warning(
                    "unread-field", f"nothing reads `{field.id}` of `{fact_type.id}`", at_key(field.node, "type")
                )


def odd_spaces(methodology: Methodology, _: Implications) -> Iterator[Diagnostic]:
    """A test asks for a text with a space that a reader does not see."""
    vocabulary = methodology.vocabulary
    asked = [condition for _, _, when in methodology.asked for condition in conditions_of(when)]
    asked += [condition for derivation in vocabulary.derivations for _, condition in derivation.inputs]
    asked += [condition for implied in vocabulary.implications for condition in (implied.given, implied.then)]
    for condition in asked:
        for test in condition.tests:
            texts = (a.low for a in test.test.alternatives if isinstance(a, Interval) and isinstance(a.low, str))
            found = next(filter(None, map(odd_space, texts)), None)
            if found is not None and condition.node is not None:
                tests = condition.node.get(condition.fact_type)
                where = at_value(tests if isinstance(tests, MappingNode) else condition.node, test.field)
                yield warning(
                    "odd-space", f"this test asks for {found}", where, "write single plain spaces between words"
                )


ANALYSES: tuple[Analysis, ...] = (
    impossible_rules,
    exempted_rules,
    losing_rules,
    unreachable_maxima,
    lesser_rules_first,
    lists_the_wrong_way_round,
    thresholds_the_wrong_way_round,
    proportions_the_wrong_way_round,
    shared_evidence,
    weightless,
    lost_penalties,
    band_gaps,
    uneven_sums,
    rows_without_effect,
    outputs_without_row,
    unread,
    empty_levels,
    odd_spaces,
)
"""The analyses, in the order of their explanations in the reference."""

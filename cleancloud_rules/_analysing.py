"""What a methodology may say and probably does not mean: one function for each warning."""

from collections.abc import Callable, Iterator
from itertools import combinations

from cleancloud_rules._checking_sentences import positive_conditions
from cleancloud_rules._implying import Implications
from cleancloud_rules._unread import read_fields
from cleancloud_rules.diagnostics import Diagnostic, Location, Severity
from cleancloud_rules.documents import Mapping
from cleancloud_rules.methodology import Criterion, HitPolicy, Methodology, Rule
from cleancloud_rules.rulesets import CompiledRule

Analysis = Callable[[Methodology, Implications], Iterator[Diagnostic]]


def analyse(methodology: Methodology) -> tuple[Diagnostic, ...]:
    """Return warnings about a methodology in which nothing is wrong."""
    implications = Implications.of(methodology)
    return tuple(finding for analysis in ANALYSES for finding in analysis(methodology, implications))


def _warn(code: str, message: str, where: Location, help: str = "") -> Diagnostic:
    return Diagnostic(code, message, where, help, Severity.WARNING)


def _at(node: Mapping | None, key: str) -> Location:
    assert node is not None, "analysed objects come from documents"
    return node.key_location(key)


def _value(node: Mapping | None, key: str) -> Location:
    assert node is not None
    return node.value_location(key)


def _compiled(criterion: Criterion, rule: Rule, implications: Implications) -> CompiledRule:
    return implications.ruleset.rules[criterion.id, rule.id]


def impossible_rules(methodology: Methodology, implications: Implications) -> Iterator[Diagnostic]:
    """A rule that asks for what no fact can be never fires."""
    for criterion in methodology.criteria:
        for rule in criterion.rules:
            if not implications.is_possible(_compiled(criterion, rule, implications)):
                message = f"rule `{rule.id}` never fires: no facts can be what it asks for"
                yield _warn("never-fires", message, _at(rule.node, "when"))


def losing_rules(methodology: Methodology, implications: Implications) -> Iterator[Diagnostic]:
    """A rule loses always where another one holds whenever it does and goes before it."""
    for criterion in methodology.criteria:
        if criterion.hit_policy is HitPolicy.COLLECT_SUM:
            continue
        for rule in criterion.rules:
            own = _compiled(criterion, rule, implications)
            if not implications.is_possible(own):
                continue
            winner = next(
                (
                    o
                    for o in criterion.rules
                    if _goes_before(o, rule, criterion)
                    and implications.implies(own, _compiled(criterion, o, implications))
                ),
                None,
            )
            if winner is not None:
                message = f"rule `{rule.id}` never wins: `{winner.id}` holds whenever it does, and goes before it"
                yield _warn("never-wins", message, _value(rule.node, "id"))


def _goes_before(other: Rule, rule: Rule, criterion: Criterion) -> bool:
    """Whether the points of another rule are taken where both hold."""
    if other is rule:
        return False
    earlier = criterion.rules.index(other) < criterion.rules.index(rule)
    if criterion.hit_policy is HitPolicy.FIRST:
        return earlier
    if criterion.hit_policy is HitPolicy.COLLECT_MIN:
        return other.range[1] < rule.range[0] or (other.range == rule.range and earlier)
    return other.range[0] > rule.range[1] or (other.range == rule.range and earlier)


def lesser_rules_first(methodology: Methodology, implications: Implications) -> Iterator[Diagnostic]:
    """Under `first` a rule that earns less stands before one that earns more, and both can hold."""
    for criterion in methodology.criteria:
        if criterion.hit_policy is not HitPolicy.FIRST:
            continue
        for earlier, later in combinations(criterion.rules, 2):
            pair = [_compiled(criterion, rule, implications) for rule in (earlier, later)]
            if earlier.points < later.points and not implications.excludes(*pair):
                message = f"`{earlier.id}` goes before `{later.id}`, which earns more, and both can hold"
                yield _warn(
                    "overlapping-rules", message, _value(later.node, "id"), "put the rule that earns more first"
                )


def shared_evidence(methodology: Methodology, implications: Implications) -> Iterator[Diagnostic]:
    """Two criteria give points for the same facts without saying so."""
    asked = [
        (implications.ruleset.by_condition[condition], criterion, rule)
        for criterion in methodology.criteria
        for rule in criterion.rules
        if rule.range[1] > 0
        for condition in positive_conditions(rule.when)
    ]
    seen: set[tuple[str, str]] = set()
    for (number, first, _), (other, second, rule) in combinations(asked, 2):
        pair = (first.id, second.id)
        if first is second or pair in seen or second.id in first.shared_with or first.id in second.shared_with:
            continue
        if number == other or implications.are_alike(number, other):
            seen.add(pair)
            message = f"`{second.id}` gives points for facts that `{first.id}` gives points for"
            help = f"if that is meant, say `shared_with: [{first.id}]`"
            yield _warn("shared-evidence", message, _at(rule.node, "when"), help)


def unread(methodology: Methodology, _: Implications) -> Iterator[Diagnostic]:
    """A fact type or a field that nothing reads can be stated and changes no score."""
    read = read_fields(methodology)
    for fact_type in methodology.vocabulary.fact_types:
        fields = read.get(fact_type.id)
        if fields is None:
            message = f"no rule and no derivation reads `{fact_type.id}`"
            yield _warn("unread-fact-type", message, _at(fact_type.node, "title"))
            continue
        for field in fact_type.fields:
            if field.id not in fields and not field.key:
                yield _warn("unread-field", f"nothing reads `{field.id}` of `{fact_type.id}`", _at(field.node, "type"))


ANALYSES: tuple[Analysis, ...] = (
    impossible_rules,
    losing_rules,
    lesser_rules_first,
    shared_evidence,
    unread,
)
"""The analyses, in the order of their explanations in the reference."""

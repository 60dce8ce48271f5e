"""Confirms a counterexample on the engine: whether the second company really earns less, and which rules differ."""

from collections.abc import Mapping
from decimal import Decimal

from attrs import frozen

from cleancloud_rules.analysis.monotonicity.mutation import is_fair, is_second_answer
from cleancloud_rules.analysis.monotonicity.repair import EXCEPTION, suggested_fix
from cleancloud_rules.analysis.monotonicity.score_functions import TOTAL_KEY, group_key, worth
from cleancloud_rules.analysis.monotonicity.witness_files import Data, Pair
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import MappingNode as Node
from cleancloud_rules.documents.yaml import write_line, write_text
from cleancloud_rules.errors import FactsError
from cleancloud_rules.language.load.files import company_from
from cleancloud_rules.model.exact import ZERO, subtract, with_places
from cleancloud_rules.model.facts import Company, Fact
from cleancloud_rules.model.groups import Combining
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.rounding import Rounding, rounded
from cleancloud_rules.results.certificates import Counterexample, Improvement, Place, RuleInvolved
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.points import Earned, winners
from cleancloud_rules.scoring.states import GroupState
from cleancloud_rules.scoring.sums import Fired

MORE_DIGITS = 6
"""Further digits, beyond those of scores, with which the worth of groups is compared."""


@frozen
class Result:
    """The result of a company.

    Args:
        points: the points or the worth of each criterion, each group and the total, by key.
        shown: what a scorecard shows of the result of each group and the total, by key.
        parts: ids of the criteria that their groups take into account.
        fired: the rules that fired.
        earned: the points of each of these rules, by criterion and rule.
        facts: the facts that count, including derived ones.
        problems: the problems of derivations.
    """

    points: Mapping[str, Decimal]
    shown: Mapping[str, tuple[object, ...]]
    parts: frozenset[str]
    fired: Fired
    earned: Mapping[str, Earned]
    facts: tuple[Fact, ...]
    problems: frozenset[str]


def result(company: Company, compiled: CompiledMethodology) -> Result:
    """Return the result of a company by the engine, cross-checked."""
    methodology, firings = compiled.methodology, compiled.fire(company)
    found = compiled.sums(company, firings)
    digits = methodology.rounding.points_digits
    points: dict[str, Decimal] = {c.id: with_places(found.points.get(c.id, ZERO), digits) for c in methodology.criteria}
    states: dict[str, tuple[GroupState, Combining]]
    states = {group_key(group.id): (found.combination.group(group.id), group) for group in methodology.groups}
    states[TOTAL_KEY] = (found.combination.whole(), methodology.combining)
    points |= {key: _worth(state, combining, methodology.rounding) for key, (state, combining) in states.items()}
    shown = {key: (state.outcome, state.score, state.label, state.level) for key, (state, _) in states.items()}
    counting = tuple(counted.fact for counted in firings.facts if counted.counts)
    parts = frozenset(str(c.id) for c in methodology.criteria if found.combination.criterion(c.id).is_part)
    return Result(points, shown, parts, found.fired, found.earned, counting, frozenset(firings.problems))


def _worth(state: GroupState, combining: Combining, rounding: Rounding) -> Decimal:
    """Return the worth of a group with enough digits to distinguish values: those of scores and a few more."""
    return rounded(worth(state, combining), rounding.digits + MORE_DIGITS, rounding.mode)


def counterexample(pair: Pair, id: str, sense: Improvement, compiled: CompiledMethodology) -> Counterexample | None:
    """Return a pair of companies as a counterexample; None if it is none, or if no file can state it.

    Args:
        pair: the companies.
        id: the part that must earn less: a criterion, `group_key` of a group, or `TOTAL_KEY`.
        sense: the sense of the change.
        compiled: the methodology.
    """
    methodology = compiled.methodology
    try:
        first, second = (company_from(data, methodology) for data in (pair.before, pair.after))
    except FactsError:
        return None
    if len(second.facts) < len(first.facts):
        return None  # the changed fact was stated already
    (new,) = set(second.facts) - set(first.facts)
    if is_second_answer(new, set(second.facts) - {new}, compiled.answer_keys):
        return None
    try:
        before, after = result(first, compiled), result(second, compiled)
    except FactsError:
        return None
    if before.points[id] <= after.points[id] or not is_fair(sense, before.problems, after.problems):
        return None
    criterion = _falling(id, methodology, before, after)
    if before.points[criterion.id] <= after.points[criterion.id]:
        where, advice = _fix_of_group(_innermost_falling(methodology, before, after), criterion, methodology, after)
    else:
        where, advice = suggested_fix(criterion, methodology, _change_of(pair, first, second), before, after)
    return Counterexample(
        _in_words(pair),
        tuple(map(write_line, pair.before["facts"])),
        tuple(map(write_line, pair.after["facts"])),
        (write_text(pair.before), write_text(pair.after)),
        before.points[id],
        after.points[id],
        _rules(criterion, before, after),
        place_of(where),
        advice,
        id in before.shown and before.shown[id] == after.shown[id],
    )


def _falling(id: str, methodology: Methodology, before: Result, after: Result) -> Criterion:
    """Return the criterion that loses the most points; if none does, one that begins or ceases to count."""
    moved = before.parts ^ after.parts
    lost = {c.id: max(subtract(before.points[c.id], after.points[c.id]), ZERO) for c in methodology.criteria}
    inside = [c for c in methodology.criteria if c.id == id]
    for group in methodology.groups:
        inside += group.every_criterion if id in (group_key(group.id), TOTAL_KEY) else ()
    return max(inside, key=lambda criterion: (lost[criterion.id], criterion.id in moved))


def _innermost_falling(methodology: Methodology, before: Result, after: Result) -> Group | None:
    """Return a group that falls although no group inside it does; None for the total."""
    # Groups are listed outer groups first, so those inside a group that falls come after it.
    falling = [g for g in methodology.groups if after.points[group_key(g.id)] < before.points[group_key(g.id)]]
    return falling[-1] if falling else None


def _fix_of_group(
    group: Group | None, criterion: Criterion, methodology: Methodology, after: Result
) -> tuple[Location, str]:
    """Return the place to change if no criterion loses points, and the suggested fix in words."""
    node = methodology.node if group is None else group.node
    what = "the total" if group is None else f"`{group.id}`"
    counts = "begins to count" if criterion.id in after.parts else "no longer counts"
    declared = (methodology.combining if group is None else group).monotone is False
    advice = f"no criterion loses points; {what} falls because `{criterion.id}` {counts}"
    fix = f": let what is left out count as `zero`{EXCEPTION} on {what if group else 'the methodology'}"
    return node_place(node, "id"), advice if declared else f"{advice}{fix}"


def _rules(criterion: Criterion, before: Result, after: Result) -> tuple[RuleInvolved, ...]:
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

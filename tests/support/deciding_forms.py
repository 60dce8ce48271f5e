"""Which forms of groups, gates and grades decide something: without them a company would come to something else."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from attrs import evolve

from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Members, SetMode, UnaryTest, When
from cleancloud_rules.model.facts import Company, Fact, Selection
from cleancloud_rules.model.groups import (
    Aggregation,
    BandsOf,
    Cap,
    Combining,
    CountsAs,
    NotAssessed,
    Parts,
    Requirement,
    RequirementWord,
    TableHitPolicy,
    Taken,
)
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.model.values import Interval
from cleancloud_rules.model.vocabulary import PeriodCounts
from tests.reference import Found, evaluate
from tests.reference.evaluation import exempt_by
from tests.reference.groups import Tree
from tests.reference.scores import earned_by, points_of
from tests.reference.tables import tables_of

Change = Callable[[Any], dict[str, Any]]
"""The attributes that a criterion or a group has otherwise where a form is not there."""

_OTHER = {aggregation: {"aggregate": Aggregation.SUM} for aggregation in Aggregation}
_OTHER[Aggregation.SUM] = {"aggregate": Aggregation.MAXIMUM}

AGGREGATES = tuple(f"{aggregate.value} of parts" for aggregate in Aggregation)
"""The forms in which groups combine their parts."""


def _without_aggregate(aggregate: Aggregation) -> Change:
    return lambda one: _OTHER[aggregate] if one.aggregate is aggregate else {}


def _gates(requirements: Sequence[Requirement], *, by_number: bool) -> tuple[Requirement, ...]:
    return tuple(r for r in requirements if (r.at_least is not None) is not by_number)


def _asks_for(cap: Cap, one: Combining) -> bool:
    """Whether a cap of a group asks for the group itself."""
    return isinstance(one, Group) and any(r is not None and r.of == one.id for r in (cap.given, cap.unless))


OF_GROUPS: dict[str, Change] = {
    **{f"{aggregate.value} of parts": _without_aggregate(aggregate) for aggregate in Aggregation},
    "of shares": lambda _: {"of": Taken.POINTS},
    "scale": lambda _: {"scale": None},
    "floor of a group": lambda _: {"at_least": None},
    "cap of a group": lambda _: {"at_most": None},
    "cap if": lambda one: {"caps": tuple(cap for cap in one.caps if cap.given is None)},
    "cap unless": lambda one: {"caps": tuple(cap for cap in one.caps if cap.unless is None)},
    "cap of a group by itself": lambda one: {"caps": tuple(cap for cap in one.caps if not _asks_for(cap, one))},
    "tiers": lambda _: {"tiers": ()},
    "bands": lambda _: {"bands": ()},
    "bands with a number": lambda one: {"bands": tuple(evolve(band, value=None) for band in one.bands)},
    "bands of the exact score": lambda one: {"bands_of": BandsOf.SCORE} if one.bands else {},
    "levels of the exact value": lambda one: {} if one.bands else {"bands_of": BandsOf.SCORE},
    "levels": lambda _: {"levels": ()},
    "levels with a score": lambda one: {"levels": tuple(evolve(level, at_least=None) for level in one.levels)},
    "levels with a requirement": lambda one: {"levels": tuple(evolve(level, requires=()) for level in one.levels)},
    "top level": lambda _: {"top_level": None},
    "needs": lambda _: {"needs": None},
    "coverage": lambda _: {"coverage": ()},
    "coverage of named parts": lambda one: {"coverage": tuple(line for line in one.coverage if line.of is None)},
    "coverage of criteria": lambda one: {"coverage": tuple(line for line in one.coverage if not line.of_criteria)},
    "coverage by a percentage": lambda one: {"coverage": tuple(line for line in one.coverage if not line.is_share)},
    "empty counts as zero": lambda _: {"empty": None},
}
"""Forms of groups and of the whole, and a group without each."""

OF_INNER_GROUPS: dict[str, Change] = {
    "weight of a group": lambda one: {"weight": None if one.weight is None else type(one.weight)(1)},
    "parts rounded": lambda _: {"parts": Parts.EXACT},
    "rounding of a group": lambda _: {"rounding": None},
    "gate of a group": lambda _: {"requires": ()},
}
"""Forms that the whole does not have."""

OF_CRITERIA: dict[str, Change] = {
    "gate, to be met": lambda one: {"requires": _gates(one.requires, by_number=False)},
    "gate, by a number": lambda one: {"requires": _gates(one.requires, by_number=True)},
    "met at": lambda _: {"met_at": None},
    "level of a criterion": lambda _: {"level": None},
    "weight of a criterion": lambda one: {"weight": None if one.weight is None else type(one.weight)(1)},
}
"""Forms of criteria that leave its points as they are."""

OF_RULES = ("floor of penalties", "penalty", "in proportion", "rising", "falling", "bounded in proportion")
OF_EXEMPTIONS = ("not applicable by cohort", "not applicable by facts", *(f"counts as {one.value}" for one in CountsAs))
OF_TABLES = (*(f"table, {policy.value}" for policy in TableHitPolicy), "table, otherwise", "table, read by another")
OF_ASSESSMENT = ("not assessed counts as excluded", "answer that does not assess")
OF_COUNTING = ("latest", "single", "together", "cut-off", "overlap of periods", "whole of periods")
OTHERS = (*OF_COUNTING, "question", *(word.value for word in RequirementWord), "nested", "deeply nested")
RESULTS = tuple(outcome.value for outcome in GroupOutcome)

FORMS = (
    *OF_GROUPS, *OF_INNER_GROUPS, *OF_CRITERIA, *OF_RULES, *OF_EXEMPTIONS, *OF_ASSESSMENT, *OF_TABLES, *OTHERS,
    *RESULTS,
)  # fmt: skip
"""Every form beyond weighted categories of points."""

COMMON = (
    "of shares", "scale", "cap of a group", "tiers", "bands", "bands with a number", "levels", "weight of a group",
    "rounding of a group", "gate, to be met", "gate, by a number", "level of a criterion", "weight of a criterion",
    "penalty", "in proportion", "rising", "falling", "not applicable by cohort", "not applicable by facts",
    "counts as excluded", "not assessed counts as excluded", "answer that does not assess", "coverage",
    "coverage of named parts", "coverage by a percentage", "empty counts as zero", "table, unique", "table, first",
    "table, collect", "latest", "single", "together", "cut-off", "overlap of periods", "whole of periods", "question",
    "must", "should", "nested", "deeply nested", "cap of a group by itself",
)  # fmt: skip
"""Those of them that published indexes are full of."""

NEAR_AN_END = ("levels of the exact value",)
"""What decides only where a score lies within half a digit of what a level asks for."""


def forms_that_decide(methodology: Methodology, company: Company, found: Found) -> set[str]:
    """Return the forms without which a company would come to something else.

    Args:
        methodology: the methodology.
        company: the company.
        found: what it comes to.
    """
    counting = [found.facts[id] for id in found.counting]
    points = {str(c.id): points_of(c, found.criteria[c.id].earned) for c in methodology.criteria}
    tree = Tree(methodology, points, exempt_by(counting, methodology), company.cohort, found.assessed)
    results = _results(tree)
    decided = {name for name, other in _others(methodology) if _results(evolve(tree, methodology=other)) != results}
    decided |= {name for c in methodology.criteria for name in _of_rules(c, found, methodology)}
    decided |= _of_exemptions(tree) | _of_tables(tree, found) | _of_results(found)
    decided |= set(_of_assessment(tree, found, company))
    others = {name: other for name, other in _of_counting(methodology) if other != methodology}
    decided |= {name for name, other in others.items() if evaluate(other, company).criteria != found.criteria}
    depth = max((_depth(category) for category in methodology.categories), default=0)
    return decided | {name for name, least in (("nested", 2), ("deeply nested", 3)) if depth >= least}


def _results(tree: Tree) -> Any:
    criteria = {criterion.id: tree.criterion(criterion.id) for criterion in tree.methodology.criteria}
    groups = {group.id: tree.group(group.id) for group in tree.methodology.groups}
    return criteria, groups, tree.group(None), tables_of(tree)


def _others(methodology: Methodology) -> Iterator[tuple[str, Methodology]]:
    """Yield each form that a methodology has, and the methodology without it."""
    others = {name: _changed(methodology, change, _as_it_is, whole=True) for name, change in OF_GROUPS.items()}
    others |= {name: _changed(methodology, change, _as_it_is) for name, change in OF_INNER_GROUPS.items()}
    others |= {name: _changed(methodology, _as_it_is, change) for name, change in OF_CRITERIA.items()}
    yield from ((name, other) for name, other in others.items() if other != methodology)


def _of_counting(methodology: Methodology) -> Iterator[tuple[str, Methodology]]:
    """Yield each form that says which facts count, and the methodology without it."""
    types = methodology.vocabulary.fact_types
    for selection in (Selection.LATEST, Selection.SINGLE):
        every = tuple(evolve(t, selection=Selection.BEST) if t.selection is selection else t for t in types)
        yield selection.value, evolve(methodology, vocabulary=evolve(methodology.vocabulary, fact_types=every))
    yield "cut-off", evolve(methodology, as_of=None)
    yield "together", _changed(methodology, _as_it_is, _apart)
    for counts in (PeriodCounts.OVERLAP, PeriodCounts.WHOLE):
        without = {counts: PeriodCounts.END}
        windows = tuple((id, evolve(w, counts=without.get(w.counts, w.counts))) for id, w in methodology.windows)
        yield f"{counts.value} of periods", evolve(methodology, windows=windows)


def _asking_one_fact(when: When) -> When:
    """Return a condition in which one fact must have all names that facts could have together."""
    match when:
        case AllOf(parts):
            alone = _alone(parts)
            return AllOf(tuple(map(_asking_one_fact, parts))) if alone is None else alone
        case AnyOf(parts):
            return AnyOf(tuple(map(_asking_one_fact, parts)))
        case _:
            return when


def _alone(parts: Sequence[When]) -> Condition | None:
    """Return the condition that asks one fact for all that conditions ask which differ in one name of a set alone."""
    conditions = [part for part in parts if isinstance(part, Condition)]
    if len(conditions) < max(len(parts), 2) or len({(c.fact_type, len(c.tests)) for c in conditions}) > 1:
        return None
    differing = [some for some in zip(*(c.tests for c in conditions), strict=True) if len(set(some)) > 1]
    if len(differing) != 1 or len({test.field for test in differing[0]}) > 1:
        return None
    members = [test.test.alternatives[0] for test in differing[0] if len(test.test.alternatives) == 1]
    names = [one.names for one in members if isinstance(one, Members) and one.mode is SetMode.CONTAINS]
    if len(names) < len(conditions):
        return None
    every = UnaryTest("", (Members(SetMode.ALL, frozenset().union(*names)),))
    first = conditions[0]
    return Condition(first.fact_type, tuple(evolve(t, test=every) if t in differing[0] else t for t in first.tests))


def _apart(criterion: Criterion) -> dict[str, Any]:
    return {"rules": tuple(evolve(rule, when=_asking_one_fact(rule.when)) for rule in criterion.rules)}


def _as_it_is(_: Any) -> dict[str, Any]:
    return {}


def _changed(methodology: Methodology, of_groups: Change, of_criteria: Change, *, whole: bool = False) -> Methodology:
    def changed(group: Group) -> Group:
        criteria = tuple(evolve(criterion, **of_criteria(criterion)) for criterion in group.criteria)
        groups = tuple(changed(inner) for inner in group.groups)
        return evolve(group, criteria=criteria, groups=groups, **of_groups(group))

    combining: Combining = methodology.combining
    return evolve(
        methodology,
        categories=tuple(changed(category) for category in methodology.categories),
        combining=evolve(combining, **of_groups(combining)) if whole else combining,
    )


def _depth(group: Group) -> int:
    return 1 + max((_depth(inner) for inner in group.groups), default=0)


def _of_rules(criterion: Criterion, found: Found, methodology: Methodology) -> Iterator[str]:
    earned = found.criteria[criterion.id].earned
    points = points_of(criterion, earned)
    if points and criterion.title.startswith("Is it so"):
        yield "question"
    if points_of(evolve(criterion, at_least=None), earned) != points:
        yield "floor of penalties"
    if points_of(criterion, {id: number for id, number in earned.items() if number >= 0}) != points:
        yield "penalty"
    for rule in criterion.rules:
        if rule.id not in earned or rule.in_proportion is None:
            continue
        if points_of(criterion, {**earned, rule.id: rule.points}) != points:
            yield "in proportion"
            yield "rising" if rule.in_proportion.over[0] < rule.in_proportion.over[1] else "falling"
        facts: list[Fact] = [found.facts[id] for id in found.criteria[criterion.id].fired[rule.id]]
        reads, facts = rule.in_proportion, [fact for fact in facts if fact.type == rule.in_proportion.fact_type]
        exact = [fact for fact in facts if not isinstance(fact.get(reads.field), Interval)]
        if earned_by(rule, exact, methodology) != earned[rule.id]:
            yield "bounded in proportion"


def _of_exemptions(tree: Tree) -> set[str]:
    def without_cohorts(one: Any) -> dict[str, Any]:
        return {"not_applicable": evolve(one.not_applicable, cohorts=())} if one.not_applicable else {}

    results = _results(tree)
    everywhere = _changed(tree.methodology, without_cohorts, without_cohorts)
    decided = {"not applicable by facts"} if _results(evolve(tree, exempt=())) != results else set()
    decided |= {"not applicable by cohort"} if _results(evolve(tree, methodology=everywhere)) != results else set()
    for criterion in tree.methodology.criteria:
        standing = tree.criterion(criterion.id)
        if standing.kept_out is Outcome.NOT_APPLICABLE and criterion.max_points:
            counts_as = "excluded" if standing.left_out else "full" if standing.points else "zero"
            decided.add(f"counts as {counts_as}")
    return decided


def _of_assessment(tree: Tree, found: Found, company: Company) -> Iterator[str]:
    def counting_as_zero(one: Any) -> dict[str, Any]:
        return {"not_assessed": None}

    plain = evolve(tree.methodology, not_assessed=NotAssessed.ZERO)
    zero = _changed(plain, counting_as_zero, counting_as_zero)
    if _results(evolve(tree, methodology=zero)) != _results(tree):
        yield "not assessed counts as excluded"
    every = _changed(tree.methodology, _as_it_is, lambda _: {"answered": None})
    if every != tree.methodology:
        other = evaluate(every, company)
        if (other.criteria, other.groups) != (found.criteria, found.groups):
            yield "answer that does not assess"


def _of_tables(tree: Tree, found: Found) -> set[str]:
    decided = set()
    bare = tuple(evolve(table, otherwise=None) for table in tree.methodology.tables)
    by_rows = tables_of(evolve(tree, methodology=evolve(tree.methodology, tables=bare)))
    for table in tree.methodology.tables:
        if by_rows[table.id]:
            decided.add(f"table, {table.hit_policy.value}")
        elif found.tables[table.id]:
            decided.add("table, otherwise")
        if any(entry.reads.value == "table" for entry in table.inputs) and found.tables[table.id]:
            decided.add("table, read by another")
    return decided


def _of_results(found: Found) -> set[str]:
    groups = (found.whole, *found.groups.values())
    words = {word for group in groups for word, (met, _) in group.words.items() if met}
    return words | {group.outcome.value for group in groups}

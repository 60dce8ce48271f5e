"""The functions of one methodology: each criterion, each group and the total as a function of literals."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import evolve, frozen

from cleancloud_rules.analysis.monotonicity import group_lemmas, lemmas
from cleancloud_rules.analysis.monotonicity.improvement import answers_apart
from cleancloud_rules.analysis.monotonicity.score_functions import (
    TOTAL,
    TOTAL_KEY,
    Named,
    ScoredCriterion,
    ScoredGroup,
    group_key,
    worth,
)
from cleancloud_rules.analysis.monotonicity.vanishing import may_leave_out
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.model.additive import is_additive
from cleancloud_rules.model.conditions import When, fact_types_in
from cleancloud_rules.model.exact import ZERO, decimal_of
from cleancloud_rules.model.groups import ASSESSED, NOT_APPLICABLE, Combining, NotAssessed
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.rounding import TotalPolicy, rounded
from cleancloud_rules.model.tree import ScoreTree, dependencies
from cleancloud_rules.results.certificates import Improvement
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.points import range_of
from cleancloud_rules.scoring.tree_bounds.tree import cases, cohorts_of, ends, may_cost, weights_in, without_limits


def scored_total(compiled: CompiledMethodology) -> ScoredGroup:
    """Return the total before rounding, as a function of its categories."""
    methodology = compiled.methodology
    categories = tuple(_scored_tree(category, compiled) for category in methodology.categories)
    whole = _scored_group(None, compiled)
    if not is_additive(methodology):
        return evolve(whole, inner=categories)
    rounding = methodology.rounding

    def combine(values: Sequence[Fraction], *_: frozenset[str] | str | None) -> Fraction:
        if rounding.total is TotalPolicy.SUM_OF_ROUNDED:
            values = [Fraction(whole.named.shown(value)) for value in values]
        return sum(values, Fraction(0))

    def limits(least: Sequence[Fraction], most: Sequence[Fraction]) -> tuple[Fraction, Fraction] | None:
        return combine(least), combine(most)

    proves = group_lemmas.rounding(rounding) and group_lemmas.sum_of_parts(Decimal(1) for _ in categories)
    cited = dict.fromkeys(Improvement, ("rounding", "sum_of_parts")) if proves else {}
    return evolve(whole, parts=categories, combine=combine, limits=limits, lemmas=cited, exemptions=(), reason=None)


@frozen
class _Together:
    """A group, or the root, as a function of the criteria that it depends on.

    Args:
        combining: the group; or how the root combines its parts.
        structure: the tree.
        criteria: the criteria on which it depends; their values are the last ones among the values of parts.
        exempted: ids of the criteria and groups that facts may exempt.
    """

    combining: Combining
    structure: ScoreTree
    criteria: tuple[Criterion, ...]
    exempted: tuple[str, ...]

    def combine(
        self, values: Sequence[Fraction], exempt: frozenset[str], assessed: frozenset[str], cohort: str | None
    ) -> Fraction:
        """Return its worth for one company."""
        return self._worth(Combination(self.structure, self._points(values), exempt, cohort, assessed))

    def limits(self, least: Sequence[Fraction], most: Sequence[Fraction]) -> tuple[Fraction, Fraction] | None:
        """Return its bounds over all cohorts and exemptions."""
        of = self.combining.id if isinstance(self.combining, Group) else None
        needed = dependencies(of, self.structure)
        if any(criterion.id in needed for criterion in self.structure.methodology.counted):
            return None
        sides, found = (self._points(least), self._points(most)), list[Fraction]()
        for exempt, cohort, maybe in cases(self.structure, self.exempted):
            if without_limits(self.structure, maybe, of, needed) is not None:
                return None
            found += map(self._worth, ends(self.structure, sides, exempt, cohort, maybe))
            found += [Fraction(0)] if maybe else []
        if self.combining.needs and may_cost(self.combining, self.structure):
            return None
        return min(found), max(found)

    def _points(self, values: Sequence[Fraction]) -> dict[str, Decimal]:
        own = values[len(values) - len(self.criteria) :]
        return {c.id: _points(v) for c, v in zip(self.criteria, own, strict=True)}

    def _worth(self, found: Combination) -> Fraction:
        group = self.combining
        return worth(found.group(group.id) if isinstance(group, Group) else found.whole(), group)


def _points(value: Fraction) -> Decimal:
    points = decimal_of(value)
    assert points is not None, value
    return points


def _scored_tree(group: Group, compiled: CompiledMethodology) -> ScoredGroup:
    """Return a group with the groups inside it."""
    inner = tuple(_scored_tree(inside, compiled) for inside in group.groups)
    return evolve(_scored_group(group, compiled), inner=inner)


def _scored_group(category: Group | None, compiled: CompiledMethodology) -> ScoredGroup:
    """Return a group, or the total, as a function of every criterion that it depends on."""
    methodology, structure, ruleset = compiled.methodology, compiled.tree, compiled.ruleset
    needed = dependencies(None if category is None else category.id, structure)
    criteria = tuple(criterion for criterion in methodology.criteria if criterion.id in needed)
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *criteria)
    exemptions = tuple(rule for owner in owners if (rule := ruleset.rules.get((owner.id, NOT_APPLICABLE))) is not None)
    exempted = tuple(rule.criterion for rule in exemptions)
    counted = tuple(criterion for criterion in methodology.counted if criterion.id in needed)
    assessing = tuple(methodology.assessing(criterion) for criterion in counted)
    together = _Together(category or methodology.combining, structure, criteria, exempted)
    rounding = methodology.rounding if category is None else methodology.rounding_of(category)
    values = ([Fraction(getattr(range_of(c), end)) for c in criteria] for end in ("least", "most"))
    limits = together.limits(*values) or (None, None)
    floor, ceiling = (None if x is None else rounded(x, rounding.digits, rounding.mode) for x in limits)
    named = Named(
        TOTAL_KEY if category is None else group_key(category.id),
        TOTAL if category is None else category.id,
        methodology.title if category is None else category.title,
        _place(methodology.node if category is None else category.node),
        ceiling,
        rounding.digits,
        rounding.mode,
        None if floor is None else min(floor, ZERO),
    )
    whens = (owner.not_applicable.when for owner in owners if owner.not_applicable is not None)
    return ScoredGroup(
        named,
        tuple(scored_criterion(criterion, ruleset) for criterion in criteria),
        together.combine,
        together.limits,
        {sense: cited for sense in Improvement if (cited := _lemmas(category, owners, compiled, sense)) is not None},
        exemptions,
        tuple(ruleset.rules[criterion.id, ASSESSED] for criterion in counted),
        _reason(owners, structure),
        _selection_stable((*(when for when in whens if when is not None), *assessing), methodology),
        cohorts_of(methodology) if _asks_for_cohorts(owners) else (None,),
        combining=category or methodology.combining,
        groups=tuple(group.id for group in methodology.groups if group.id in needed),
    )


def _selection_stable(whens: Iterable[When], methodology: Methodology) -> frozenset[Improvement]:
    """Return the senses in which conditions are selection-stable."""
    types = fact_types_in(whens)
    return frozenset(sense for sense in Improvement if lemmas.selection(types, methodology, sense))


def _lemmas(
    of: Group | None, owners: Iterable[Group | Criterion], compiled: CompiledMethodology, sense: Improvement
) -> tuple[str, ...] | None:
    """Return the lemmas that prove that a group, or the total, is monotone in its parts; None if they do not suffice.

    Args:
        of: the group; None for the total.
        owners: the groups and the criteria that it depends on, and all other groups.
        compiled: the methodology.
        sense: the sense of the changes.
    """
    methodology, structure = compiled.methodology, compiled.tree
    if is_additive(methodology):
        return (
            ("sum_of_parts",) if group_lemmas.sum_of_parts(c.weight or ZERO for c in methodology.categories) else None
        )
    cited = {"aggregate_of_parts", "rounding"}
    groups: tuple[Combining, ...] = (methodology.combining, *methodology.groups)
    for group in groups:
        if not group_lemmas.aggregate_of_parts(group, weights_in(group, structure)):
            return None
        if not all(lemma(group) for lemma in lemmas.GROUPS):
            return None
        cited |= {lemma.__name__ for lemma in lemmas.GROUPS if group.caps or group.bands or group.levels}
    vanishing, apart = set[str](), answers_apart(methodology)
    for owner in owners:
        if not group_lemmas.exemption(owner):
            if isinstance(owner, Group):
                return None
            if not lemmas.unanswered(owner, compiled.answer_keys, sense, methodology.vocabulary, apart):
                return None
            vanishing.add(owner.id)
        place = structure.places[owner.id]
        is_gated = bool(place.gates or place.before)
        if is_gated and not group_lemmas.gates(owner):
            return None
        cited |= {"gates"} if is_gated else set()
        cited |= {"unanswered" if owner.id in vanishing else "exemption"} if owner.not_applicable else set()
    if any(group.needs and may_cost(group, structure) for group in groups):
        return None
    needed = dependencies(None if of is None else of.id, structure)
    around = [group for group in groups if (group.id in needed if isinstance(group, Group) else of is None)]
    further = _assessment_lemmas(sense, needed, structure, certain=not vanishing)
    keeps = further is not None and all(may_leave_out(group, vanishing, structure) for group in around)
    return tuple(sorted(cited.union(further or ()))) if keeps else None


def _assessment_lemmas(
    sense: Improvement, needed: Collection[str], structure: ScoreTree, *, certain: bool
) -> tuple[str, ...] | None:
    """Return the lemmas that prove that no group falls by what is newly assessed; None if they do not suffice."""
    methodology = structure.methodology
    whens = [methodology.assessing(criterion) for criterion in methodology.counted if criterion.id in needed]
    apart = answers_apart(methodology)
    if all(lemmas.assessment(when, methodology, sense, apart) for when in whens):
        return ("assessment",) if whens else ()
    groups: tuple[Combining, ...] = (methodology.combining, *methodology.groups)
    excluded = any(place.not_assessed is NotAssessed.EXCLUDED for place in structure.places.values())
    lasts = certain and sense is Improvement.EVIDENCE and sense in _selection_stable(whens, methodology)
    costs = any(may_cost(group, structure) for group in groups)
    return (
        ("coverage",)
        if lasts and not excluded and all(group_lemmas.coverage(group, costs) for group in groups)
        else None
    )


def _reason(owners: Iterable[Group | Criterion], structure: ScoreTree) -> str | None:
    if _asks_for_cohorts(owners):
        return "what applies depends on the cohort"
    methodology = structure.methodology
    groups: tuple[Combining, ...] = (methodology.combining, *methodology.groups)
    has_penalties = any(range_of(c).least < 0 for c in methodology.criteria)
    return (
        "its result may be withheld, and penalties can make it negative"
        if has_penalties and any(g.needs for g in groups)
        else None
    )


def _asks_for_cohorts(owners: Iterable[Group | Criterion]) -> bool:
    return any(owner.not_applicable is not None and bool(owner.not_applicable.cohorts) for owner in owners)


def scored_criterion(criterion: Criterion, ruleset: Ruleset) -> ScoredCriterion:
    """Return a criterion as a function of the literals of its rules."""
    methodology = ruleset.methodology
    digits, mode = methodology.rounding.points_digits, methodology.rounding.mode
    named = Named(
        criterion.id, criterion.id, criterion.title, _place(criterion.node), criterion.max_points, digits, mode
    )
    least = range_of(criterion).least
    selection_stable = _selection_stable((rule.when for rule in criterion.rules), methodology)
    rules = tuple(ruleset.rules[criterion.id, rule.id] for rule in criterion.rules)
    return ScoredCriterion(evolve(named, floor=min(least, ZERO)), criterion, rules, selection_stable)


def _place(node: MappingNode | None) -> Location:
    assert node is not None, "a methodology comes from documents"
    return node.value_location("id")

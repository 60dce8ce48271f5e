"""Lower and upper bounds of criteria, groups and totals over all completions of the stated facts."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.score_bounds.criterion_range import CompletionSearch, Range
from cleancloud_rules.analysis.score_bounds.tightness import Tightness
from cleancloud_rules.completions.fact_kinds import Admissible
from cleancloud_rules.engine.eligibility import known_searches
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.facts import Company, Fact
from cleancloud_rules.model.groups import NOT_APPLICABLE, Combining
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.results.bounds import Bounds, CompanyBounds, CriterionBounds, Ends, GroupBounds
from cleancloud_rules.scoring.bounds_of_tree import ends, maybe_exempt, without_limits
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.compiled import CompiledMethodology, compiled
from cleancloud_rules.scoring.cut_off import of_companies
from cleancloud_rules.scoring.explanation import FactView
from cleancloud_rules.scoring.failures import Failures, each
from cleancloud_rules.scoring.recorder import Recorder
from cleancloud_rules.scoring.states import GroupState


def bounds(
    companies: Dataset | Iterable[Company],
    methodology: Methodology,
    *,
    failures: Failures | None = None,
    as_of: date | None = None,
) -> Bounds:
    """Return the lower and the upper bounds of companies' scores, given what is still unknown.

    They are bounds over all completions. A completion adds finitely many facts that count, that pass no condition which
    was searched for without result, and that obey the implications of the vocabulary. Under `selection: single` it adds
    no fact under a key that has an answer, and no two facts under one key.

    Args:
        companies: a dataset, or companies.
        methodology: the methodology that their facts were loaded for.
        failures: a list for the errors of companies without a result: the engine fails on them or differs from the
            cross-check, or their facts contradict each other. These companies are
            left out. Without a list, the first error is raised.
        as_of: the cut-off; None for that of the companies, or else of the methodology.

    Raises:
        EngineError: if the rules engine is missing or fails, or differs from the cross-check.
        ValueError: if the companies have different cut-offs, and none is given.
    """
    chosen, dated = of_companies(companies, methodology, as_of)
    return Bounder(compiled_for(dated)).bounds(chosen, failures)


def compiled_for(methodology: Methodology, further: Iterable[Condition] = ()) -> CompiledMethodology:
    """Return a compiled methodology that knows the conditions of its implications, and further ones.

    Raises:
        CriteriaError: if a condition is too complex.
    """
    implied = [c for pair in methodology.vocabulary.implications for c in (pair.given, pair.then)]
    return compiled(methodology).including((*implied, *further))


def admissible(company: Company, facts: Collection[Fact], compiled: CompiledMethodology) -> tuple[FactView, Admissible]:
    """Return the facts of a company that count, as conditions see them, and the facts that could be added."""
    ruleset = compiled.ruleset
    reading = FactView(ruleset, facts)
    satisfied = frozenset(c.index for c in ruleset.conditions if reading.satisfying(c.condition))
    closed = compiled.answer_keys.closed(facts)
    shunned = (*(entry.condition for entry in known_searches(company, ruleset.methodology)), *closed)
    implications = ruleset.methodology.vocabulary.implications
    return reading, Admissible(compiled.spaces, implications, shunned, satisfied)


@frozen
class Bounder:
    """Computes bounds for one methodology.

    Args:
        compiled: the methodology; see `compiled_for`.
    """

    compiled: CompiledMethodology
    tightness: Tightness = field(init=False, repr=False)

    @tightness.default
    def _antitone(self) -> Tightness:
        return Tightness(self.compiled.tree, self.compiled.answer_keys)

    @property
    def structure(self) -> ScoreTree:
        """The score tree."""
        return self.compiled.tree

    def bounds(self, companies: Iterable[Company], failures: Failures | None = None) -> Bounds:
        """Return the bounds of companies; see `bounds`."""
        recorder = Recorder(self.compiled.methodology)
        found = sorted(each(companies, self.company, failures), key=lambda c: c.company.id)
        notices = recorder.notices("", with_hypothetical=False)
        return Bounds(recorder.methodology_record(), tuple(found), notices, __version__)

    def company(self, company: Company) -> CompanyBounds:
        """Return the bounds of one company."""
        methodology, firings = self.compiled.methodology, self.compiled.fire(company)
        facts = [counted.fact for counted in firings.facts if counted.counts]
        reading, addable = admissible(company, facts, self.compiled)
        found = self.compiled.sums(company, firings)
        search = CompletionSearch(self.compiled, reading, addable, found.earned, found.points)
        ranges = {str(c.id): search.criterion(c) for c in methodology.criteria}
        tree = _Tree(self, company.cohort, found.combination, ranges, search)
        categories = tuple(tree.category(category) for category in methodology.categories)
        whole = tree.limits(None, methodology.combining)
        return CompanyBounds(
            Recorder(methodology).company(company),
            tree.stated.whole().score,
            whole.floor,
            whole.ceiling,
            all(criterion.exact for category in categories for g in category.every_group for criterion in g.criteria)
            and whole.reason is None,
            categories,
            whole.labels,
            whole.levels,
            whole.reason,
        )


@frozen
class _Limits:
    """The bounds of a group, or of the root."""

    floor: Decimal | None
    ceiling: Decimal | None
    labels: Ends | None
    levels: Ends | None
    reason: str | None


class _Tree:
    """The groups of one company: from its stated facts, at the lower and at the upper bound."""

    def __init__(
        self,
        bounder: Bounder,
        cohort: str | None,
        stated: Combination,
        ranges: Mapping[str, Range],
        search: CompletionSearch,
    ) -> None:
        self.bounder = bounder
        self.stated = stated
        self.ranges = ranges
        rules = bounder.compiled.ruleset.rules.items()
        truths = {owner: search.truths(rule) for (owner, name), rule in rules if name == NOT_APPLICABLE}
        exempt = {owner for owner, found in truths.items() if False not in found}
        self.maybe = maybe_exempt(bounder.structure, {owner for owner, found in truths.items() if len(found) > 1})
        least = {id: found.floor for id, found in ranges.items()}
        most = {id: found.ceiling for id, found in ranges.items()}
        self.low, self.high = ends(bounder.structure, (least, most), exempt, cohort, self.maybe)

    def category(self, category: Group) -> GroupBounds:
        """Return the bounds of a category or group."""
        stated, low, high = (end.group(category.id) for end in (self.stated, self.low, self.high))
        limits = self.limits(category.id, category)
        return GroupBounds(
            id=category.id,
            title=category.title,
            weight=category.weight,
            points=stated.points,
            floor_points=low.points,
            ceiling_points=high.points,
            max_points=high.max_points,
            score=stated.score,
            floor=limits.floor,
            ceiling=limits.ceiling,
            criteria=tuple(self.criterion(criterion) for criterion in category.criteria),
            groups=tuple(self.category(group) for group in category.groups),
            labels=limits.labels,
            levels=limits.levels,
            exact=limits.reason is None,
            reason=limits.reason,
        )

    def limits(self, of: str | None, combining: Combining) -> _Limits:
        """Return the bounds of a group, or of the root (None)."""
        ends = (self.stated, self.low, self.high)
        states = [end.whole() if of is None else end.group(of) for end in ends]
        tightness = self.bounder.tightness
        unknown = without_limits(self.bounder.structure, self.maybe, of, tightness.needed_by(of))
        reason = tightness.reason(of, self.ranges, self.maybe) if unknown is None else unknown
        floor, ceiling = (None, None) if unknown is not None else (states[1].score, states[2].score)
        labels = Ends(*(state.label for state in states)) if combining.bands and unknown is None else None
        levels = Ends(*(_level(state) for state in states)) if combining.ladder and unknown is None else None
        return _Limits(floor, ceiling, labels, levels, reason)

    def criterion(self, criterion: Criterion) -> CriterionBounds:
        """Return the bounds of a criterion after gates and exemptions."""
        found = self.ranges[criterion.id]
        stated, low, high = (end.criterion(criterion.id) for end in (self.stated, self.low, self.high))
        floor, ceiling, reason = low.points, high.points, found.reason
        turns = self.bounder.tightness.reason(criterion.id, self.ranges, self.maybe)
        needed = self.bounder.tightness.needed_by(criterion.id)
        unknown = without_limits(self.bounder.structure, self.maybe, criterion.id, needed)
        if unknown is not None:
            floor, ceiling = min(floor, found.floor, ZERO), max(ceiling, found.ceiling, ZERO)
            reason += f"; whether it is gated is not known, because {unknown}"
        elif criterion.id in self.maybe:
            reason += "; further facts may say that it does not apply"
        elif high.why is not None:
            reason = f"{high.why}, regardless of further evidence"
        elif low.why is not None:
            reason += f"; it earns nothing while {low.why}"
        return CriterionBounds(
            criterion.id,
            criterion.title,
            stated.points,
            floor,
            ceiling,
            criterion.max_points,
            found.exact and turns is None,
            reason,
        )


def _level(state: GroupState) -> str | None:
    return None if state.level is None else str(state.level.id)

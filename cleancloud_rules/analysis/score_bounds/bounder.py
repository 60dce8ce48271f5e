"""Lower and upper bounds of criteria, groups and totals over all completions of the stated facts."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from attrs import field, frozen

from cleancloud_rules._version import __version__
from cleancloud_rules.analysis.score_bounds.alternatives import Alternatives
from cleancloud_rules.analysis.score_bounds.criterion_range import CompletionSearch, Range
from cleancloud_rules.analysis.score_bounds.gains import CriterionGains, Gains
from cleancloud_rules.analysis.score_bounds.tightness import Tightness
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.exact import ZERO, total, with_places
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.groups import ASSESSED, NOT_APPLICABLE, Combining, NotAssessed
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.on_demand import on_demand
from cleancloud_rules.results.bounds import Bounds, CompanyBounds, CoverageBounds, CriterionBounds, Ends, GroupBounds
from cleancloud_rules.scoring.aggregation import lies_in
from cleancloud_rules.scoring.compiled import CompiledMethodology, compiled
from cleancloud_rules.scoring.cut_off import of_companies
from cleancloud_rules.scoring.failures import Failures, each
from cleancloud_rules.scoring.recorder import Recorder
from cleancloud_rules.scoring.states import GroupState
from cleancloud_rules.scoring.sums import Sums
from cleancloud_rules.scoring.tree_bounds.assessment import Assessment
from cleancloud_rules.scoring.tree_bounds.tree import ends, maybe_exempt, without_limits


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

    Returns:
        For each company the lower and the upper bound of every criterion in points, and of every group and the
        total in scores.

    Raises:
        EngineError: if the rules engine is missing or fails, or differs from the cross-check.
        ValueError: if the companies have different cut-offs, and none is given.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> company = cc.load_company("gds", methodology)
        >>> found = cc.analysis.bounds([company], methodology).companies[0]
        >>> found.floor, found.ceiling
        (Decimal('26.54'), Decimal('97.69'))
    """
    chosen, dated = of_companies(companies, methodology, as_of)
    return Bounder(compiled_for(dated)).bounds(chosen, failures)


def compiled_for(methodology: Methodology, further: Iterable[Condition] = ()) -> CompiledMethodology:
    """Return a compiled methodology that knows the conditions of its implications, and further ones.

    Raises:
        CriteriaError: if a condition is too complex.
    """
    own, more = compiled(methodology), tuple(further)
    return own.including((*methodology.vocabulary.implied, *more)) if more else own.with_implications


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
        notices = recorder.notices((c.company.name for c in found), with_hypothetical=False)
        return Bounds(recorder.methodology_record(), tuple(found), notices, __version__)

    def company(self, company: Company) -> CompanyBounds:
        """Return the bounds of one company."""
        firings = self.compiled.fire(company)
        return self.of_fired(company, firings, self.compiled.sums(company, firings))

    def of_fired(self, company: Company, firings: Firings, found: Sums) -> CompanyBounds:
        """Return the bounds of a company that is scored already.

        Args:
            company: the company.
            firings: what its stated facts fire, with or without the conditions of the implications.
            found: the points and scores that they give.
        """
        methodology = self.compiled.methodology
        facts = [counted.fact for counted in firings.facts if counted.counts]
        searches = self.compiled.completions(company, facts)
        search = Alternatives([CompletionSearch(self.compiled, one, found.earned, found.points) for one in searches])
        ranges = {str(c.id): search.criterion(c) for c in methodology.criteria}
        tree = _Tree(self, company.cohort, found, ranges, search, firings.searched)
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
            whole.coverage,
        )


@frozen
class _Limits:
    """The bounds of a group, or of the root."""

    floor: Decimal | None
    ceiling: Decimal | None
    labels: Ends | None
    levels: Ends | None
    reason: str | None
    coverage: tuple[CoverageBounds, ...]


class _Tree:
    """The groups of one company: from its stated facts, at the lower and at the upper bound."""

    def __init__(
        self,
        bounder: Bounder,
        cohort: str | None,
        found: Sums,
        ranges: Mapping[str, Range],
        search: Alternatives,
        searched: Collection[str],
    ) -> None:
        self.bounder = bounder
        self.stated = found.combination
        self.gains = Gains(found.combination, found.earned, bounder.compiled.ruleset, search, ranges)
        self.ranges = ranges
        self.search = search
        rules = bounder.compiled.ruleset.rules.items()
        truths = {owner: search.truths(rule) for (owner, name), rule in rules if name == NOT_APPLICABLE}
        exempt = {owner for owner, found in truths.items() if False not in found}
        self.maybe = maybe_exempt(
            bounder.structure, {owner for owner, found in truths.items() if len(found) > 1}, exempt, cohort
        )
        least = {id: found.floor for id, found in ranges.items()}
        most = {id: found.ceiling for id, found in ranges.items()}
        self.if_assessed = self._if_assessed(search, searched)
        sure = {c.id for c in bounder.structure.methodology.counted} - self.if_assessed.keys() - self.never
        opened = {id: (found.floor, found.ceiling) for id, found in self.if_assessed.items()}
        assessment = Assessment(frozenset(sure), opened) if bounder.structure.methodology.counted else None
        self.low, self.high = ends(bounder.structure, (least, most), exempt, cohort, self.maybe, assessment)

    def _if_assessed(self, search: Alternatives, searched: Collection[str]) -> dict[str, Range]:
        """Return the ranges of the criteria that some completions assess and others do not; keep those that none do.

        They are those over the completions in which the criterion is assessed and applies.
        """
        rules, found = self.bounder.compiled.ruleset.rules, dict[str, Range]()
        self.never = set[str]()
        for criterion in self.bounder.structure.methodology.counted:
            truths = search.truths(rules[criterion.id, ASSESSED]) if criterion.id not in searched else {True}
            if len(truths) > 1:
                found[criterion.id] = search.if_assessed(criterion)
            elif True not in truths:
                self.never.add(criterion.id)
        return found

    def category(self, category: Group) -> GroupBounds:
        """Return the bounds of a category or group."""
        stated, high = self.stated.group(category.id), self.high.group(category.id)
        limits = self.limits(category.id, category)
        return GroupBounds(
            id=category.id,
            title=category.title,
            weight=category.weight,
            points=stated.points,
            floor_points=total(self.low.points_of(criterion.id) for criterion in category.every_criterion),
            ceiling_points=total(self.high.points_of(criterion.id) for criterion in category.every_criterion),
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
            coverage=limits.coverage,
        )

    def _divided(self, of: str | None) -> str | None:
        """Return why the bounds may not be reached together if searches speak of facts together."""
        needed = self.bounder.tightness.needed_by(of)
        divided = self.search.divides(sorted(needed & self.ranges.keys()))
        return "what was not found together may rule out some of it" if divided else None

    def limits(self, of: str | None, combining: Combining) -> _Limits:
        """Return the bounds of a group, or of the root (None)."""
        ends = (self.stated, self.low, self.high)
        states = [end.whole() if of is None else end.group(of) for end in ends]
        tightness = self.bounder.tightness
        unknown = self._unknown(of)
        reason = unknown or tightness.reason(of, self.ranges, self.maybe) or self._untold(of) or self._divided(of)
        floor, ceiling = (None, None) if unknown is not None else (states[1].score, states[2].score)
        words = [(state.label, _level(state)) for state in states]
        if self.low.may_count_as_empty(of):
            # Nothing in it may apply. Then it counts as 0, regardless of its base and its limits.
            methodology = self.bounder.structure.methodology
            rounding = (
                methodology.rounding if of is None else methodology.rounding_of(self.bounder.structure.groups[of])
            )
            zero = with_places(ZERO, rounding.digits)
            if floor is not None and floor > 0:
                floor, words[1] = zero, (_label_of_zero(combining), None)
            if ceiling is not None and ceiling < 0:
                ceiling, words[2] = zero, (_label_of_zero(combining), words[2][1])
        if self.low.may_lack_score(of):
            floor, words[1] = None, (None, None)
        labels = Ends(*(label for label, _ in words)) if combining.bands and unknown is None else None
        levels = Ends(*(level for _, level in words)) if combining.ladder and unknown is None else None
        found = zip(states[0].coverage, self.high.opened(of), strict=False)
        coverage = tuple(CoverageBounds(covered.needed, covered.found, most) for covered, (_, _, most) in found)
        return _Limits(floor, ceiling, labels, levels, reason, coverage)

    def _unknown(self, of: str | None) -> str | None:
        """Return why no bounds of a group or a criterion, or of the root, are known, in words; None if they are."""
        needed = self.bounder.tightness.needed_by(of)
        unknown = without_limits(self.bounder.structure, self.maybe, of, needed)
        groups = [group.id for group in self.bounder.structure.methodology.groups if group.id in needed]
        whole: list[str | None] = [None] if of is None else []
        return unknown or next((why for id in (*groups, *whole) if (why := self.low.unknown(id))), None)

    def _untold(self, of: str | None) -> str | None:
        """Return why bounds may not be tight because of what may be assessed; None if that is no reason."""
        structure, needed = self.bounder.structure, self.bounder.tightness.needed_by(of)
        opened = [id for id in sorted(self.if_assessed) if id in needed]
        for id in opened:
            found = self.if_assessed[id]
            counts = structure.places[id].not_assessed is NotAssessed.ZERO
            always = self.ranges[id]
            if not found.exact or (counts and (found.floor, found.ceiling) != (always.floor, always.ceiling)):
                return f"the bounds of {id}, if it is assessed, may not be tight"
            other = self.bounder.tightness.shared_with(id, needed)
            if other is not None:
                return f"one fact may bear on both {id} and {other}"
        combinings: list[Combining] = [group for group in structure.methodology.groups if group.id in needed]
        combinings += [structure.methodology.combining] if of is None else []
        asking = any(structure.places[id].gates or structure.places[id].before for id in needed)
        if opened and (asking or any(combining.caps or combining.needs for combining in combinings)):
            return f"requirements may depend on whether further facts assess {opened[0]}"
        named = any(line.of is not None or line.of_criteria for one in combinings for line in one.coverage)
        return "a coverage counts named parts, or all criteria inside" if opened and named else None

    def criterion(self, criterion: Criterion) -> CriterionBounds:
        """Return the bounds of a criterion after gates and exemptions."""
        found = self.ranges[criterion.id]
        stated, low, high = (end.criterion(criterion.id) for end in (self.stated, self.low, self.high))
        floor, ceiling = (end.points_of(criterion.id) for end in (self.low, self.high))
        reason = found.reason
        turns = self.bounder.tightness.reason(criterion.id, self.ranges, self.maybe)
        unknown = self._unknown(criterion.id)
        if unknown is not None:
            floor, ceiling = min(floor, found.floor, ZERO), max(ceiling, found.ceiling, ZERO)
            reason += f"; whether it is gated is not known, because {unknown}"
        elif criterion.id in self.maybe:
            reason += "; further facts may say that it does not apply"
        elif criterion.id in self.if_assessed and self.low.is_left_out(criterion.id):
            turns = turns or self._untold(criterion.id)
            reason += "; it is left out while it is not assessed"
        elif high.why is not None:
            reason = f"{high.why}, regardless of further evidence"
        elif low.why is not None:
            reason += f"; it earns nothing while {low.why}"
        return on_demand(
            CriterionBounds,
            CriterionGains(self.gains, criterion),
            id=criterion.id,
            title=criterion.title,
            points=stated.points,
            floor=floor,
            ceiling=ceiling,
            max_points=criterion.max_points,
            exact=found.exact and turns is None,
            reason=reason,
        )


def _label_of_zero(combining: Combining) -> str | None:
    return next((band.label for band in combining.bands if lies_in(band.score, Fraction(0))), None)


def _level(state: GroupState) -> str | None:
    return None if state.level is None else str(state.level.id)

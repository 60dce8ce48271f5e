"""Makes a scorecard from firings."""

from collections.abc import Mapping
from decimal import Decimal

from attrs import evolve, frozen

from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.completions.fact_space import Spaces
from cleancloud_rules.documents.extra_keys import extra_keys
from cleancloud_rules.engine.firings import Firing, Firings
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.model.exact import ZERO, subtract, total, with_places
from cleancloud_rules.model.facts import Company, Fact
from cleancloud_rules.model.groups import ASSESSED, NOT_APPLICABLE, Combining
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.rounding import Rounding, rounded, short
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.results.scorecards import (
    CriterionResult,
    GroupScore,
    LevelRecord,
    PartsAssessed,
    RequirementsMet,
    Scorecard,
)
from cleancloud_rules.scoring.combination import Combination
from cleancloud_rules.scoring.criterion_results import Answers, Earned, Questions
from cleancloud_rules.scoring.decision_tables import decide
from cleancloud_rules.scoring.points import earned_by, points_in_words, points_of, proportion_arithmetic, winners
from cleancloud_rules.scoring.recorder import Recorder
from cleancloud_rules.scoring.states import CriterionState, GroupState

Fired = Mapping[str, Mapping[str, Firing]]
"""Firings by criterion and rule."""

_NOTHING: Mapping[str, Firing] = {}


def by_criterion(firings: Firings) -> Fired:
    """Return firings by criterion and rule."""
    found: dict[str, dict[str, Firing]] = {}
    for firing in firings.firings:
        found.setdefault(firing.criterion, {})[firing.rule] = firing
    return found


@frozen
class Sums:
    """The points and scores of a set of firings.

    Args:
        fired: by criterion and rule.
        earned: the points of each rule that fired, by criterion and rule; only criteria with such a rule.
        points: the points of these criteria.
        combination: the evaluated score tree.
        facts: the facts that count, by id.
    """

    fired: Fired
    earned: dict[str, dict[str, Decimal]]
    points: dict[str, Decimal]
    combination: Combination
    facts: dict[str, Fact]

    def proportions(self, criterion: Criterion, rounding: Rounding) -> dict[str, str]:
        """Return the computation of points in proportion as sentences, by rule."""
        fired = self.fired.get(criterion.id, _NOTHING)
        made = {
            rule.id: proportion_arithmetic(rule, (self.facts[id] for id in fired[rule.id].facts), rounding)
            for rule in criterion.rules
            if rule.in_proportion is not None and rule.id in fired
        }
        return {id: text for id, text in made.items() if text is not None}


def sums(structure: ScoreTree, firings: Firings, cohort: str | None = None) -> Sums:
    """Return the points and scores that firings give.

    Args:
        structure: the tree of the methodology.
        firings: what fired.
        cohort: the company's cohort.
    """
    fired = by_criterion(firings)
    facts = {counted.fact.id: counted.fact for counted in firings.facts if counted.counts}
    rounding = structure.methodology.rounding
    earned: dict[str, dict[str, Decimal]] = {}
    points: dict[str, Decimal] = {}
    for criterion in structure.methodology.criteria:
        found = fired.get(criterion.id, _NOTHING)
        hits: dict[str, Decimal] = {
            str(rule.id): earned_by(rule, (facts[id] for id in found[rule.id].facts), rounding)
            for rule in criterion.rules
            if rule.id in found
        }
        if hits:
            earned[criterion.id] = hits
            points[criterion.id] = points_of(criterion, hits)
    combination = Combination(structure, points, exempted(fired), cohort, assessed(firings))
    return Sums(fired, earned, points, combination, facts)


def exempted(fired: Fired) -> frozenset[str]:
    """Return the ids of the criteria and groups that do not apply because of a fact."""
    return frozenset(owner for owner, rules in fired.items() if NOT_APPLICABLE in rules)


def assessed(firings: Firings) -> frozenset[str]:
    """Return the ids of the criteria that are assessed, because of a fact or of searches without result."""
    return firings.searched.union(firing.criterion for firing in firings.firings if firing.rule == ASSESSED)


class Scorer:
    """Turns firings into scorecards for one methodology.

    Args:
        structure: the score tree.
        ruleset: the compiled methodology.
        spaces: the facts that could be added.
        keys: the keys under which a company has one answer each.
        version: the library's version.
    """

    def __init__(self, structure: ScoreTree, ruleset: Ruleset, spaces: Spaces, keys: AnswerKeys, version: str) -> None:
        self.methodology = methodology = ruleset.methodology
        self.version = version
        self.structure = structure
        self._recorder = Recorder(methodology)
        self._unearned: dict[str, Earned] = {c.id: self._earned(c, ZERO, ZERO, {}, {}) for c in methodology.criteria}
        points: dict[tuple[str, str], Decimal] = {
            (c.id, rule.id): self._digits(rule.points) for c in methodology.criteria for rule in c.rules
        }
        self._questions = Questions(ruleset, spaces, keys, self._unearned, points)

    def scorecard(self, company: Company, firings: Firings, found: Sums, stated: Sums | None = None) -> Scorecard:
        """Return the scorecard of a company.

        Args:
            company: its facts.
            firings: what fired.
            found: the points and scores that follow from it.
            stated: those without hypothetical facts; None if no hypothetical fact was read.
        """
        plain = found if stated is None else stated
        answers = self._questions.about(company, firings)
        categories = tuple(self._category(category, answers, found, plain) for category in self.methodology.categories)
        whole, before = found.combination.whole(), plain.combination.whole()
        recorder = self._recorder
        return Scorecard(
            methodology=recorder.methodology_record(),
            company=recorder.company(company),
            outcome=whole.outcome,
            total=whole.score,
            hypothetical_total=_difference(whole, before),
            max_total=_most(whole, self.methodology.rounding),
            arithmetic=whole.arithmetic,
            label=whole.label,
            level=_level(whole),
            because=whole.because,
            requirements=_requirements(whole),
            tables=decide(self.methodology, found.combination),
            points_basis=self.methodology.points_basis.value,
            categories=categories,
            facts=tuple(recorder.fact(counted) for counted in firings.facts),
            sources=recorder.sources(company, firings),
            problems=firings.problems,
            notices=recorder.notices(company.name, with_hypothetical=stated is not None),
            library_version=self.version,
            coverage=_coverage(whole),
        )

    def _category(self, category: Group, answers: Answers, found: Sums, plain: Sums) -> GroupScore:
        criteria = tuple(self._criterion(c, answers, found, plain) for c in category.criteria)
        groups = tuple(self._category(group, answers, found, plain) for group in category.groups)
        state = found.combination.group(category.id)
        rounding = self.methodology.rounding_of(category)
        return GroupScore(
            id=category.id,
            title=category.title,
            weight=category.weight,
            points=self._digits(state.points),
            max_points=self._digits(state.max_points),
            hypothetical_points=self._digits(_hypothetical((*criteria, *groups))),
            outcome=state.outcome,
            aggregate=_aggregate_in_words(category),
            exact=state.value,
            score=state.score,
            max_score=_most(state, rounding),
            hypothetical_score=_difference(state, plain.combination.group(category.id)),
            arithmetic=state.arithmetic,
            label=state.label,
            level=_level(state),
            because=state.because,
            requirements=_requirements(state),
            criteria=criteria,
            groups=groups,
            coverage=_coverage(state),
            extra=extra_keys(category.node),
        )

    def _criterion(self, criterion: Criterion, answers: Answers, found: Sums, plain: Sums) -> CriterionResult:
        rules = found.fired.get(criterion.id, _NOTHING)
        state = found.combination.criterion(criterion.id)
        earned = self._unearned[criterion.id]
        if rules or state.ruled_out is not None or criterion.id in plain.points:
            before = plain.combination.criterion(criterion.id)
            hits = found.earned.get(criterion.id, {})
            proportions = found.proportions(criterion, self.methodology.rounding)
            earned = self._earned(criterion, state.points, subtract(state.points, before.points), hits, proportions)
        if state.ruled_out is None:
            return answers.result(criterion, rules, earned, state)
        return answers.result(
            criterion, rules, self._ruled_out(earned, state), state, self._exempting(criterion, found)
        )

    def _ruled_out(self, earned: Earned, state: CriterionState) -> Earned:
        """Return the points of a criterion that is ruled out, with what it counts as."""
        if state.ruled_out is Outcome.GATED:
            return evolve(earned, arithmetic=f"{earned.arithmetic}; gated: 0")
        if state.ruled_out is Outcome.NOT_ASSESSED:
            return evolve(earned, forgone=self._digits(ZERO), arithmetic=f"{earned.arithmetic}; not assessed: left out")
        counts = f"counts as {short(state.points)}" if state.is_part else "left out"
        forgone = self._digits(max(subtract(state.most, state.points), ZERO))
        return evolve(earned, forgone=forgone, arithmetic=f"{earned.arithmetic}; does not apply: {counts}")

    def _exempting(self, criterion: Criterion, found: Sums) -> tuple[str, ...]:
        """Return the ids of the facts that exempt a criterion, or a group around it."""
        owners = (found.fired.get(o.id, _NOTHING) for o in self.structure.places[criterion.id].exempting)
        return tuple(sorted({id for rules in owners if NOT_APPLICABLE in rules for id in rules[NOT_APPLICABLE].facts}))

    def _earned(
        self,
        criterion: Criterion,
        points: Decimal,
        hypothetical: Decimal,
        hits: Mapping[str, Decimal],
        proportions: Mapping[str, str],
    ) -> Earned:
        return Earned(
            points=self._digits(points),
            forgone=self._digits(max(subtract(criterion.max_points, points), ZERO)),
            hypothetical=self._digits(hypothetical),
            won=winners(criterion, hits),
            by_rule={id: self._digits(earned) for id, earned in hits.items()},
            arithmetic=points_in_words(criterion, hits),
            proportions=proportions,
        )

    def _digits(self, points: Decimal) -> Decimal:
        return with_places(points, self.methodology.rounding.points_digits)


def _hypothetical(parts: tuple[CriterionResult | GroupScore, ...]) -> Decimal:
    return total(part.hypothetical_points for part in parts)


def _most(state: GroupState, rounding: Rounding) -> Decimal | None:
    """Return the maximum of a score, without trailing zeros."""
    if state.most is None:
        return None
    return Decimal(short(rounded(state.most, rounding.digits, rounding.mode)))


def _difference(state: GroupState, before: GroupState) -> Decimal | None:
    if state.score is None:
        return None
    return subtract(state.score, before.score if before.score is not None else ZERO)


def _level(state: GroupState) -> LevelRecord | None:
    return None if state.level is None else LevelRecord(state.level.id, state.level.title, extra_keys(state.level.node))


def _requirements(state: GroupState) -> tuple[RequirementsMet, ...]:
    return tuple(RequirementsMet(word.value, met, of) for word, met, of in state.words)


def _coverage(state: GroupState) -> tuple[PartsAssessed, ...]:
    return tuple(PartsAssessed(covered.needed, covered.found) for covered in state.coverage)


def _aggregate_in_words(combining: Combining) -> str:
    return f"{combining.aggregate.value} of {combining.of.value}"

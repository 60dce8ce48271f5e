"""Firings to a scorecard: all adding, capping, weighting and rounding is here."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from attrs import field, frozen

from cleancloud_rules._completing import Completion, Spaces
from cleancloud_rules._explaining import Reading
from cleancloud_rules._records import Recorder
from cleancloud_rules._rounding import rounded
from cleancloud_rules._words import filled, goodness, when_in_words
from cleancloud_rules.conditions import conditions_of
from cleancloud_rules.facts import CompanyFacts, Fact
from cleancloud_rules.firings import Firing, Firings, Outcome
from cleancloud_rules.methodology import Category, Criterion, HitPolicy, Methodology, Rule, TotalPolicy
from cleancloud_rules.rulesets import Ruleset
from cleancloud_rules.scorecards import CategoryScore, CriterionResult, RuleResult, Scorecard

Fired = Mapping[tuple[str, str], Firing]
"""Firings by criterion and rule."""


def by_rule(firings: Firings) -> dict[tuple[str, str], Firing]:
    """Return firings by criterion and rule."""
    return {(firing.criterion, firing.rule): firing for firing in firings.firings}


def winners(criterion: Criterion, fired: Fired) -> tuple[Rule, ...]:
    """Return the rules whose points are taken: all fired ones under a sum, else the best or the first."""
    candidates = [rule for rule in criterion.rules if (criterion.id, rule.id) in fired]
    if not candidates or criterion.hit_policy is HitPolicy.COLLECT_SUM:
        return tuple(candidates)
    if criterion.hit_policy is HitPolicy.FIRST:
        return (candidates[0],)
    return (max(candidates, key=lambda rule: rule.points),)


def points_of(criterion: Criterion, fired: Fired) -> Decimal:
    """Return the points of a criterion: those of the winners together, never above cap and maximum."""
    together = sum((rule.points for rule in winners(criterion, fired)), Decimal(0))
    cap = criterion.max_points if criterion.at_most is None else min(criterion.at_most, criterion.max_points)
    return min(together, cap)


def exact_score(weight: Decimal, points: Decimal, max_points: Decimal) -> Fraction:
    """Return weight x points / max_points."""
    return Fraction(weight) * Fraction(points) / Fraction(max_points)


@frozen
class Sums:
    """The points and scores of a set of firings.

    Args:
        points: by criterion.
        exact: exact score by category.
        scores: rounded score by category.
        total: as the methodology declares.
    """

    points: dict[str, Decimal]
    exact: dict[str, Fraction]
    scores: dict[str, Decimal]
    total: Decimal


def sums(methodology: Methodology, fired: Fired) -> Sums:
    """Return the points and scores that firings come to."""
    rounding = methodology.rounding
    points: dict[str, Decimal] = {criterion.id: points_of(criterion, fired) for criterion in methodology.criteria}
    exact: dict[str, Fraction] = {}
    for category in methodology.categories:
        earned = sum((points[criterion.id] for criterion in category.criteria), Decimal(0))
        exact[category.id] = exact_score(category.weight, earned, category.max_points)
    scores: dict[str, Decimal] = {id: rounded(score, rounding.digits, rounding.mode) for id, score in exact.items()}
    if rounding.total is TotalPolicy.SUM_OF_ROUNDED:
        total = sum(scores.values(), Decimal(0).scaleb(-rounding.digits))
    else:
        total = rounded(sum(exact.values(), Fraction(0)), rounding.digits, rounding.mode)
    return Sums(points, exact, scores, total)


@frozen
class Scorer:
    """Turns firings into scorecards for one methodology.

    Args:
        methodology: the methodology.
        ruleset: its compiled form.
        version: the library's version.
    """

    methodology: Methodology
    ruleset: Ruleset
    version: str
    spaces: Spaces = field(init=False, repr=False)
    _asked: dict[tuple[str, str], str] = field(factory=dict, init=False, repr=False)

    @spaces.default
    def _spaces(self) -> Spaces:
        return Spaces(self.methodology, self.ruleset)

    def __attrs_post_init__(self) -> None:
        for criterion in self.methodology.criteria:
            for rule in criterion.rules:
                self._asked[criterion.id, rule.id] = when_in_words(rule.when)

    def scorecard(self, company: CompanyFacts, firings: Firings, stated: Firings | None = None) -> Scorecard:
        """Return the scorecard of a company.

        Args:
            company: its facts.
            firings: what fired.
            stated: what fired without hypothetical facts; None where `firings` has read none.
        """
        fired = by_rule(firings)
        found = sums(self.methodology, fired)
        plain = found if stated is None else sums(self.methodology, by_rule(stated))
        work = _Work(self, company, firings, fired, found, plain)
        categories = tuple(self._category(category, work) for category in self.methodology.categories)
        recorder = Recorder(self.methodology)
        return Scorecard(
            methodology=recorder.methodology_record(),
            company=recorder.company(company),
            total=found.total,
            hypothetical_total=found.total - plain.total,
            max_total=sum((category.weight for category in self.methodology.categories), Decimal(0)),
            arithmetic=self._total_sentence(found),
            points_basis=self.methodology.points_basis.value,
            categories=categories,
            facts=tuple(recorder.fact(counted) for counted in firings.facts),
            sources=recorder.sources(company, firings),
            problems=firings.problems,
            notices=recorder.notices(company.name, with_hypothetical=stated is not None),
            library_version=self.version,
        )

    def _category(self, category: Category, work: "_Work") -> CategoryScore:
        criteria = tuple(self._criterion(criterion, work) for criterion in category.criteria)
        points = self._digits(sum((c.points for c in criteria), Decimal(0)))
        exact, score = work.found.exact[category.id], work.found.scores[category.id]
        return CategoryScore(
            category.id,
            category.title,
            category.weight,
            points,
            self._digits(category.max_points),
            self._digits(sum((c.hypothetical_points for c in criteria), Decimal(0))),
            exact,
            score,
            score - work.plain.scores[category.id],
            self._category_sentence(category, points, exact, score),
            criteria,
        )

    def _category_sentence(self, category: Category, points: Decimal, exact: Fraction, score: Decimal) -> str:
        mode = self.methodology.rounding.mode.value.replace("_", " ")
        product = f"{category.weight:f} x {_short(points)} / {_short(category.max_points)} = {exact}"
        if Fraction(score) == exact:
            return f"{product} = {score}"
        return f"{product}, rounded {mode} to {score}"

    def _total_sentence(self, found: Sums) -> str:
        rounding = self.methodology.rounding
        if rounding.total is TotalPolicy.SUM_OF_ROUNDED:
            return f"{' + '.join(str(score) for score in found.scores.values())} = {found.total}"
        exact = sum(found.exact.values(), Fraction(0))
        added = " + ".join(str(part) for part in found.exact.values())
        return f"{added} = {exact}, rounded {rounding.mode.value.replace('_', ' ')} to {found.total}"

    def _criterion(self, criterion: Criterion, work: "_Work") -> CriterionResult:
        won = winners(criterion, work.fired)
        points = work.found.points[criterion.id]
        rules = tuple(self._rule(criterion, rule, rule in won, work) for rule in criterion.rules)
        kin = work.kin(criterion)
        outcome = work.outcome(criterion, points, kin)
        because = tuple(rule.because for rule in rules if rule.won and rule.because is not None)
        remedy = criterion.remedy if points < criterion.max_points else None
        return CriterionResult(
            id=criterion.id,
            title=criterion.title,
            horizon=criterion.horizon,
            outcome=outcome,
            points=self._digits(points),
            max_points=self._digits(criterion.max_points),
            points_forgone=self._digits(criterion.max_points - points),
            hypothetical_points=self._digits(points - work.plain.points[criterion.id]),
            hit_policy=_policy(criterion),
            because=because or (criterion.otherwise,),
            remedy=remedy.text if remedy else None,
            recommendation=remedy.recommendation if remedy else None,
            reference=_reference(criterion),
            guidance=criterion.guidance,
            basis=criterion.basis.value if criterion.basis else None,
            rationale=criterion.rationale,
            points_basis=criterion.points_basis.value,
            facts=kin,
            looked_for=work.looked_for(criterion),
            rules=rules,
        )

    def _rule(self, criterion: Criterion, rule: Rule, won: bool, work: "_Work") -> RuleResult:
        firing = work.fired.get((criterion.id, rule.id))
        because = None
        if firing is not None:
            because = filled(rule.because, work.speaking(firing), self.methodology.vocabulary)
        return RuleResult(
            id=rule.id,
            points=self._digits(rule.points),
            fired=firing is not None,
            won=won,
            facts=work.by_merit(firing.facts) if firing else (),
            because=because,
            unmet=() if firing else work.reading.unmet(rule.when),
            when=self._asked[criterion.id, rule.id],
            basis=rule.basis.value if rule.basis else None,
            rationale=rule.rationale,
        )

    def _digits(self, points: Decimal) -> Decimal:
        return points.quantize(Decimal(1).scaleb(-self.methodology.rounding.points_digits))


def _short(points: Decimal) -> str:
    return f"{points.normalize():f}"


def _policy(criterion: Criterion) -> str:
    policy = criterion.hit_policy.value
    return policy if criterion.at_most is None else f"{policy}, at most {_short(criterion.at_most)}"


def _reference(criterion: Criterion) -> str | None:
    reference = criterion.reference
    if reference is None:
        return None
    return f"{reference.source.id}, {reference.section}" if reference.section else reference.source.id


class _Work:
    """What is known of one company while its scorecard is made."""

    def __init__(
        self, scorer: Scorer, company: CompanyFacts, firings: Firings, fired: Fired, found: Sums, plain: Sums
    ) -> None:
        self.scorer = scorer
        self.company = company
        self.firings = firings
        self.fired = fired
        self.found = found
        self.plain = plain
        vocabulary = scorer.methodology.vocabulary
        self.counting = {c.fact.id: c.fact for c in firings.facts if c.counts}
        self.reading = Reading(scorer.ruleset, vocabulary, self.counting.values())
        self._completion: Completion | None = None

    @property
    def completion(self) -> Completion:
        """What facts could still be added."""
        if self._completion is None:
            satisfied = frozenset(
                c.index for c in self.scorer.ruleset.conditions if self.reading.satisfying(c.condition)
            )
            self._completion = Completion(self.scorer.spaces, self.company.not_found, satisfied)
        return self._completion

    def kin(self, criterion: Criterion) -> tuple[str, ...]:
        """Return the ids of the facts that are about what the criterion asks, whether they count or not."""
        found: set[str] = set()
        conditions = [c for rule in criterion.rules for c in conditions_of(rule.when)]
        types = {condition.fact_type for condition in conditions}
        for counted in self.firings.facts:
            fact = counted.fact
            if fact.type in types and any(self.reading.is_kin(fact, c) for c in conditions):
                found.add(fact.id)
        return tuple(sorted(found))

    def outcome(self, criterion: Criterion, points: Decimal, kin: tuple[str, ...]) -> Outcome:
        """Return what the criterion came to."""
        if points >= criterion.max_points:
            return Outcome.AWARDED
        if points > 0:
            return Outcome.PARTIAL
        if any(id in self.counting for id in kin):
            return Outcome.NOT_MET
        if kin:
            return Outcome.EXCLUDED
        if self.company.not_found and not self.completion.could_earn(criterion):
            return Outcome.NOT_FOUND
        return Outcome.NOT_ASSESSED

    def looked_for(self, criterion: Criterion) -> tuple[str, ...]:
        """Return what was looked for and not found that bears on the criterion, in words."""
        if not self.company.not_found:
            return ()
        conditions = [c for rule in criterion.rules for c in conditions_of(rule.when)]
        entries = self.completion.bearing_on(conditions)
        return tuple(sorted(str(e.condition) + (f" ({e.note})" if e.note else "") for e in entries))

    def speaking(self, firing: Firing) -> dict[str, Fact]:
        """Return for each fact type the fact that speaks: the best, then the newest, then the lowest id."""
        speaking: dict[str, Fact] = {}
        for fact in self._sorted(firing.facts):
            speaking.setdefault(fact.type, fact)
        return speaking

    def by_merit(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return ids of facts, those that speak first."""
        return tuple(fact.id for fact in self._sorted(ids))

    def _sorted(self, ids: Iterable[str]) -> list[Fact]:
        vocabulary = self.scorer.methodology.vocabulary
        facts = [self.counting[id] for id in ids]
        return sorted(facts, key=lambda fact: (fact.type, *goodness(fact, vocabulary)))

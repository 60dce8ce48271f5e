"""Firings to a scorecard: all adding, capping, weighting and rounding is here."""

from collections.abc import Collection, Container, Mapping
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from cleancloud_rules._answering import Answers, Earned, Questions
from cleancloud_rules._records import Recorder
from cleancloud_rules._rounding import rounded
from cleancloud_rules.facts import CompanyFacts
from cleancloud_rules.firings import Firing, Firings
from cleancloud_rules.methodology import Category, Criterion, HitPolicy, Methodology, RoundingMode, Rule, TotalPolicy
from cleancloud_rules.rulesets import Ruleset
from cleancloud_rules.scorecards import CategoryScore, CriterionResult, Scorecard

ZERO = Decimal(0)

_ROUNDED = {
    RoundingMode.HALF_UP: "rounded half up",
    RoundingMode.HALF_EVEN: "rounded half to even",
    RoundingMode.FLOOR: "rounded down",
    RoundingMode.CEILING: "rounded up",
}

Fired = Mapping[str, Mapping[str, Firing]]
"""Firings by criterion and rule."""

_NOTHING: Mapping[str, Firing] = {}


def by_criterion(firings: Firings) -> Fired:
    """Return firings by criterion and rule."""
    found: dict[str, dict[str, Firing]] = {}
    for firing in firings.firings:
        found.setdefault(firing.criterion, {})[firing.rule] = firing
    return found


def winners(criterion: Criterion, fired: Container[str]) -> tuple[Rule, ...]:
    """Return the rules whose points are taken: all fired ones under a sum, else the best or the first."""
    candidates = tuple(rule for rule in criterion.rules if rule.id in fired)
    if not candidates or criterion.hit_policy is HitPolicy.COLLECT_SUM:
        return candidates
    if criterion.hit_policy is HitPolicy.FIRST:
        return candidates[:1]
    return (max(candidates, key=lambda rule: rule.points),)


def points_of(criterion: Criterion, fired: Container[str]) -> Decimal:
    """Return the points of a criterion: those of the winners together, never above cap and maximum."""
    together = sum((rule.points for rule in winners(criterion, fired)), ZERO)
    cap = criterion.max_points if criterion.at_most is None else min(criterion.at_most, criterion.max_points)
    return min(together, cap)


def exact_score(weight: Decimal, points: Decimal | Fraction, max_points: Decimal) -> Fraction:
    """Return weight x points / max_points."""
    return Fraction(weight) * Fraction(points) / Fraction(max_points)


@frozen
class Sums:
    """The points and scores of a set of firings.

    Args:
        points: by criterion, those of which a rule fired.
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
    points: dict[str, Decimal] = {c.id: points_of(c, fired[c.id]) for c in methodology.criteria if c.id in fired}
    exact: dict[str, Fraction] = {}
    for category in methodology.categories:
        earned = sum((points.get(criterion.id, ZERO) for criterion in category.criteria), ZERO)
        exact[category.id] = exact_score(category.weight, earned, category.max_points)
    scores: dict[str, Decimal] = {id: rounded(score, rounding.digits, rounding.mode) for id, score in exact.items()}
    if rounding.total is TotalPolicy.SUM_OF_ROUNDED:
        total = sum(scores.values(), ZERO.scaleb(-rounding.digits))
    else:
        total = rounded(sum(exact.values(), Fraction(0)), rounding.digits, rounding.mode)
    return Sums(points, exact, scores, total)


class Scorer:
    """Turns firings into scorecards for one methodology.

    Args:
        methodology: the methodology.
        ruleset: its compiled form.
        version: the library's version.
    """

    def __init__(self, methodology: Methodology, ruleset: Ruleset, version: str) -> None:
        self.methodology = methodology
        self.version = version
        self._recorder = Recorder(methodology)
        self._unit = Decimal(1).scaleb(-methodology.rounding.points_digits)
        self._unearned: dict[str, Earned] = {c.id: self._earned(c, ZERO, ZERO, ()) for c in methodology.criteria}
        points: dict[tuple[str, str], Decimal] = {
            (c.id, rule.id): self._digits(rule.points) for c in methodology.criteria for rule in c.rules
        }
        self._questions = Questions(methodology, ruleset, self._unearned, points)

    def scorecard(self, company: CompanyFacts, firings: Firings, stated: Firings | None = None) -> Scorecard:
        """Return the scorecard of a company.

        Args:
            company: its facts.
            firings: what fired.
            stated: what fired without hypothetical facts; None where `firings` has read none.
        """
        fired = by_criterion(firings)
        found = sums(self.methodology, fired)
        plain = found if stated is None else sums(self.methodology, by_criterion(stated))
        answers = self._questions.about(company, firings)
        categories = tuple(
            self._category(category, answers, fired, found, plain) for category in self.methodology.categories
        )
        recorder = self._recorder
        return Scorecard(
            methodology=recorder.methodology_record(),
            company=recorder.company(company),
            total=found.total,
            hypothetical_total=found.total - plain.total,
            max_total=sum((category.weight for category in self.methodology.categories), ZERO),
            arithmetic=self._total_sentence(found),
            points_basis=self.methodology.points_basis.value,
            categories=categories,
            facts=tuple(recorder.fact(counted) for counted in firings.facts),
            sources=recorder.sources(company, firings),
            problems=firings.problems,
            notices=recorder.notices(company.name, with_hypothetical=stated is not None),
            library_version=self.version,
        )

    def _category(self, category: Category, answers: Answers, fired: Fired, found: Sums, plain: Sums) -> CategoryScore:
        criteria = tuple(self._criterion(c, answers, fired, found, plain) for c in category.criteria)
        points = self._digits(sum((c.points for c in criteria), ZERO))
        exact, score = found.exact[category.id], found.scores[category.id]
        return CategoryScore(
            id=category.id,
            title=category.title,
            weight=category.weight,
            points=points,
            max_points=self._digits(category.max_points),
            hypothetical_points=self._digits(sum((c.hypothetical_points for c in criteria), ZERO)),
            exact=exact,
            score=score,
            hypothetical_score=score - plain.scores[category.id],
            arithmetic=self._category_sentence(category, points, exact, score),
            criteria=criteria,
        )

    def _criterion(
        self, criterion: Criterion, answers: Answers, fired: Fired, found: Sums, plain: Sums
    ) -> CriterionResult:
        rules = fired.get(criterion.id, _NOTHING)
        earned = self._unearned[criterion.id]
        if rules or criterion.id in plain.points:
            points, stated = (some.points.get(criterion.id, ZERO) for some in (found, plain))
            earned = self._earned(criterion, points, points - stated, winners(criterion, rules))
        return answers.result(criterion, rules, earned)

    def _earned(self, criterion: Criterion, points: Decimal, hypothetical: Decimal, won: tuple[Rule, ...]) -> Earned:
        forgone = criterion.max_points - points
        return Earned(self._digits(points), self._digits(forgone), self._digits(hypothetical), won)

    def _category_sentence(self, category: Category, points: Decimal, exact: Fraction, score: Decimal) -> str:
        product = f"{category.weight:f} x {_short(points)} / {_short(category.max_points)}"
        return f"{product} = {self._rounded(exact, score)}"

    def _total_sentence(self, found: Sums) -> str:
        if self.methodology.rounding.total is TotalPolicy.SUM_OF_ROUNDED:
            return _added(found.scores.values(), str(found.total))
        exact = sum(found.exact.values(), Fraction(0))
        return _added(found.exact.values(), self._rounded(exact, found.total))

    def _rounded(self, exact: Fraction, score: Decimal) -> str:
        if exact.denominator == 1 and exact == score:
            return str(score)
        if exact == Fraction(score):
            return f"{exact} = {score}"
        return f"{exact}, {_ROUNDED[self.methodology.rounding.mode]} to {score}"

    def _digits(self, points: Decimal) -> Decimal:
        return points.quantize(self._unit)


def _added(parts: Collection[Decimal] | Collection[Fraction], total: str) -> str:
    return f"{' + '.join(str(part) for part in parts)} = {total}" if len(parts) > 1 else total


def _short(points: Decimal) -> str:
    return f"{points.normalize():f}"

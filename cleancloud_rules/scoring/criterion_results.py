"""Results of criteria for one company, whose rules and reasons are made when they are read."""

from collections.abc import Mapping
from decimal import Decimal

from cleancloud_rules.completions.known import Known, known
from cleancloud_rules.engine.eligibility import known_searches
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.language.wording import filled, precedence
from cleancloud_rules.model.exact import ZERO, subtract
from cleancloud_rules.model.facts import Company, Fact
from cleancloud_rules.model.groups import ASSESSED, NOT_APPLICABLE
from cleancloud_rules.model.methodology import Criterion, Rule
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.rounding import short
from cleancloud_rules.model.texts import Remedy
from cleancloud_rules.on_demand import on_demand
from cleancloud_rules.results.scorecards import CriterionResult, RuleResult, Unmet
from cleancloud_rules.scoring.explanation import FactView
from cleancloud_rules.scoring.points import winners
from cleancloud_rules.scoring.questions import Question, Questions, Searched, Searches, in_digits
from cleancloud_rules.scoring.sums import NO_FIRINGS, Sums

MISSING = (Outcome.PARTIAL, Outcome.NOT_MET, Outcome.NOT_FOUND)
"""The outcomes of criteria whose missing points are known to be missing: only they have a remedy."""


def outcome_of(points: Decimal, most: Decimal) -> Outcome:
    """Return the outcome of a criterion that is answered, from its points and its maximum."""
    if points >= most:
        return Outcome.AWARDED
    return Outcome.PARTIAL if points > 0 else Outcome.NOT_MET


class Answers:
    """The results of the criteria for one company.

    Args:
        questions: the criteria.
        company: the company.
        firings: what fired.
    """

    # What is needed only for sentences is made when it is first needed. (A cached property of functools takes a lock,
    # which a fork could inherit.)

    def __init__(self, questions: Questions, company: Company, firings: Firings) -> None:
        self.questions = questions
        self.not_found = known_searches(company, questions.ruleset.methodology)
        self.counting = {counted.fact.id: counted.fact for counted in firings.facts if counted.counts}
        found: dict[str, list[str]] = {}
        for counted in firings.facts:  # they are sorted by id
            for criterion in questions.asking(counted.fact):
                found.setdefault(criterion, []).append(counted.fact.id)
        self.relevant = {criterion: tuple(ids) for criterion, ids in found.items()}
        self._known: Known | None = None
        self._reading: FactView | None = None

    @property
    def reading(self) -> FactView:
        """The facts that count, as conditions see them."""
        if self._reading is None:
            self._reading = FactView(self.questions.ruleset, self.counting.values())
        return self._reading

    def result(self, criterion: Criterion, found: Sums, plain: Sums) -> CriterionResult:
        """Return the result of a criterion.

        Args:
            criterion: the criterion.
            found: the points and scores.
            plain: those without hypothetical facts.
        """
        question = self.questions.question(criterion)
        details = CriterionDetails(self, question, found, plain)
        if details.is_untouched and not self.searches(question):
            return question.unanswered
        return on_demand(CriterionResult, details, **question.fixed)

    def has_relevant(self, criterion: str) -> bool:
        """Whether a fact that counts is relevant to a criterion."""
        return not self.counting.keys().isdisjoint(self.relevant.get(criterion, ()))

    def searches(self, question: Question) -> Searches:
        """Return the searches without result that may bear on a criterion."""
        return tuple(entry for entry in self.not_found if entry.condition.fact_type in question.searchable)

    def searched(self, question: Question) -> Searched:
        """Return what the searches without result say about a criterion."""
        searches = self.searches(question)
        if not searches:
            return Searched(could_earn=True)
        if self._known is None:
            self._known = known(self.counting.values(), self.questions.keys, self.questions.ruleset.methodology)
        return self.questions.searched(question.criterion, searches, self._known.about(question.entangled))

    def by_precedence(self, ids: tuple[str, ...]) -> list[Fact]:
        """Return facts in order of precedence: within each type the best, then the newest, then the lowest id."""
        facts = [self.counting[id] for id in ids]
        if len(facts) < 2:
            return facts
        vocabulary = self.questions.vocabulary
        return sorted(facts, key=lambda fact: (fact.type, *precedence(fact, vocabulary)))


class CriterionDetails:
    """Makes the fields of the result of a criterion that depend on the company.

    Each public method makes the field of its name.

    Args:
        answers: the facts of the company.
        question: the criterion.
        found: the points and scores.
        plain: those without hypothetical facts.
    """

    def __init__(self, answers: Answers, question: Question, found: Sums, plain: Sums) -> None:
        self._answers = answers
        self._question = question
        self._criterion = criterion = question.criterion
        self._found = found
        self._plain = plain
        self._fired = found.fired.get(criterion.id, NO_FIRINGS)
        self._state = found.combination.criterion(criterion.id)
        self._relevant = answers.relevant.get(criterion.id, ())
        self._said: dict[str, str] | None = None

    @property
    def is_untouched(self) -> bool:
        """Whether no fact bears on the criterion."""
        return not self._relevant and not self._fired and self._state.ruled_out is None

    def outcome(self) -> Outcome:
        """Return the outcome."""
        state = self._state
        is_excluded = bool(self._relevant) and not self._answers.has_relevant(self._criterion.id)
        if state.ruled_out is Outcome.NOT_ASSESSED and is_excluded:
            return Outcome.EXCLUDED
        if state.ruled_out is not None:
            return state.ruled_out
        if self._is_answered():
            return outcome_of(self.points(), self._criterion.max_points)
        if is_excluded:
            return Outcome.EXCLUDED
        could_earn = self._answers.searched(self._question).could_earn
        return Outcome.NOT_ASSESSED if could_earn else Outcome.NOT_FOUND

    def _is_answered(self) -> bool:
        if self._criterion.answered:
            is_answered = ASSESSED in self._fired
        else:
            is_answered = self._answers.has_relevant(self._criterion.id)
        if is_answered:
            return True
        # A rule that holds by absence answers a criterion as well, if it decides the points without any fact.
        return bool(self._hits) and (self.points() != 0 or not self._forgone())

    def points(self) -> Decimal:
        """Return the points that it earned."""
        return self._digits(ZERO if self.is_untouched else self._state.points)

    def points_forgone(self) -> Decimal:
        """Return the points that it did not earn, of those that it counts with."""
        match self._state.ruled_out:
            case Outcome.NOT_ASSESSED:
                return self._digits(ZERO)
            case Outcome.NOT_APPLICABLE:
                return self._digits(max(subtract(self._state.most, self._state.points), ZERO))
            case _:
                return self._forgone()

    def _forgone(self) -> Decimal:
        return self._digits(max(subtract(self._criterion.max_points, self.points()), ZERO))

    def hypothetical_points(self) -> Decimal:
        """Return the part of the points that only hypothetical facts earn."""
        if self._plain is self._found or self.is_untouched:
            return self._digits(ZERO)
        before = self._plain.combination.criterion(self._criterion.id)
        return self._digits(subtract(self._state.points, before.points))

    def arithmetic(self) -> str:
        """Return the computation of the points as a sentence, with how they count if it is ruled out."""
        earned = self._answers.questions.points_in_words(self._question, self._hits)
        match self._state.ruled_out:
            case None:
                return earned
            case Outcome.GATED:
                return f"{earned}; gated: 0"
            case Outcome.NOT_ASSESSED:
                return f"{earned}; not assessed: left out"
            case _:
                counts = f"counts as {short(self._state.points)}" if self._state.is_part else "left out"
                return f"{earned}; does not apply: {counts}"

    @property
    def _hits(self) -> Mapping[str, Decimal]:
        """The points of each rule that fired."""
        return self._found.earned.get(self._criterion.id, {})

    def because(self) -> tuple[str, ...]:
        """Return why it has its points."""
        if self._state.why is not None:
            return (self._state.why,)
        return tuple(self._won().values()) or self._question.unanswered.because

    def _won(self) -> Mapping[str, str]:
        """Return the sentence of each rule whose points were taken, by id of the rule and in the order of the rules."""
        if self._said is None:
            rules = winners(self._criterion, self._hits) if self._state.ruled_out is None else ()
            self._said = {rule.id: self._because(rule) for rule in rules}
        return self._said

    def _because(self, rule: Rule) -> str:
        cited: dict[str, Fact] = {}
        for fact in self._answers.by_precedence(self._fired[rule.id].facts):
            cited.setdefault(fact.type, fact)
        return filled(rule.because, cited, self._answers.questions.vocabulary)

    def remedy(self) -> str | None:
        """Return what the company can do to earn points that are known to be missing."""
        remedy = self._remedy()
        return None if remedy is None else remedy.text

    def recommendation(self) -> str | None:
        """Return the id of the recommendation behind the remedy."""
        remedy = self._remedy()
        return None if remedy is None else remedy.recommendation

    def recommendation_text(self) -> str | None:
        """Return the text of the recommendation behind the remedy."""
        id = self.recommendation()
        return None if id is None else self._answers.questions.recommendations[id]

    def _remedy(self) -> Remedy | None:
        return self._criterion.remedy if self.outcome() in MISSING else None

    def facts(self) -> tuple[str, ...]:
        """Return the ids of the relevant facts, whether they count or not."""
        return self._relevant

    def looked_for(self) -> tuple[str, ...]:
        """Return the relevant searches without result, in words."""
        return self._answers.searched(self._question).words

    def counts_as(self) -> str | None:
        """Return how it counts where it does not apply or is left out."""
        return None if self._state.counts_as is None else self._state.counts_as.value

    def exempted_by(self) -> tuple[str, ...]:
        """Return the ids of the facts that exempt it."""
        if self._state.ruled_out is None:
            return ()
        fired, structure = self._found.fired, self._found.combination.structure
        owners = (fired.get(owner.id, NO_FIRINGS) for owner in structure.places[self._criterion.id].exempting)
        return tuple(sorted({id for rules in owners if NOT_APPLICABLE in rules for id in rules[NOT_APPLICABLE].facts}))

    def rules(self) -> tuple[RuleResult, ...]:
        """Return the results of the rules."""
        unanswered = self._question.unanswered.rules
        if self.is_untouched:
            return unanswered
        rounding = self._answers.questions.ruleset.methodology.rounding
        proportions = self._found.proportions(self._criterion, rounding)
        return tuple(
            self._rule(rule, not_fired, proportions.get(rule.id))
            for rule, not_fired in zip(self._criterion.rules, unanswered, strict=True)
        )

    def _rule(self, rule: Rule, not_fired: RuleResult, proportion: str | None) -> RuleResult:
        firing = self._fired.get(rule.id)
        if firing is None:
            unmet = self._answers.reading.unmet(rule.when)
            return not_fired if unmet == not_fired.unmet else _rule_result(not_fired, unmet=unmet)
        return _rule_result(
            not_fired,
            points=self._digits(self._hits[rule.id]),
            fired=True,
            won=rule.id in self._won(),
            facts=tuple(fact.id for fact in self._answers.by_precedence(firing.facts)),
            because=self._won().get(rule.id),
            arithmetic=proportion,
        )

    def _digits(self, points: Decimal) -> Decimal:
        return in_digits(points, self._answers.questions.digits)


def _rule_result(
    not_fired: RuleResult,
    *,
    points: Decimal | None = None,
    fired: bool = False,
    won: bool = False,
    facts: tuple[str, ...] = (),
    because: str | None = None,
    unmet: tuple[Unmet, ...] = (),
    arithmetic: str | None = None,
) -> RuleResult:
    """Return the result of a rule, with what does not depend on the company from its result without facts."""
    return RuleResult(
        not_fired.id, not_fired.points if points is None else points, fired, won, facts, because, unmet,
        not_fired.when, not_fired.in_proportion, arithmetic, not_fired.basis, not_fired.rationale, not_fired.extra,
    )  # fmt: skip

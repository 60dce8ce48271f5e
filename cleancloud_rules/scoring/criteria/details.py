"""Makes the fields of the result of a criterion that depend on the company. Most are made when they are read."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from cleancloud_rules.model.exact import ZERO, subtract
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.groups import NOT_APPLICABLE
from cleancloud_rules.model.methodology import Rule
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.rounding import short
from cleancloud_rules.on_demand import like
from cleancloud_rules.results.scorecards import RuleResult
from cleancloud_rules.scoring.criteria.answers import Answers
from cleancloud_rules.scoring.criteria.questions import NO_ADVICE, Advice, AskedRule, Question, in_digits
from cleancloud_rules.scoring.states import CriterionState, is_answered, settled
from cleancloud_rules.scoring.sums import NO_FIRINGS, Sums

MISSING = (Outcome.PARTIAL, Outcome.NOT_MET, Outcome.NOT_FOUND)
"""The outcomes of criteria whose missing points are known to be missing: only they have a remedy."""

NO_POINTS: Mapping[str, Decimal] = {}
"""The points of the rules of a criterion if none fired."""


class CriterionDetails:
    """Makes the fields of the result of a criterion that depend on the company.

    Each public method makes the field of its name.

    Args:
        answers: the facts of the company.
        question: the criterion.
        found: the points and scores.
        plain: those without hypothetical facts.
        counts: whether the criterion counts by its points; None to find out.

    Attributes:
        counts: whether the criterion counts by its points, and is neither gated nor left out.
        is_untouched: whether no fact bears on it.
    """

    def __init__(
        self, answers: Answers, question: Question, found: Sums, plain: Sums, *, counts: bool | None = None
    ) -> None:
        self._answers = answers
        self._question = question
        self._criterion = criterion = question.criterion
        self._found = found
        self._plain = plain
        self._fired = found.fired.get(criterion.id, NO_FIRINGS)
        self._relevant = answers.relevant.get(criterion.id, ())
        self._hits: Mapping[str, Decimal] = found.earned.get(criterion.id, NO_POINTS)
        self._counted = answers.questions.counted(question, self._hits)
        self._said: dict[str, str] | None = None
        self.counts: bool = found.counts(criterion.id) if counts is None else counts
        self._ruled_out = None if self.counts else self._state.ruled_out
        self.is_untouched: bool = not self._relevant and not self._fired and self.counts

    @property
    def _state(self) -> CriterionState:
        return self._found.combination.criterion(self._criterion.id)

    def figures(self) -> tuple[Any, ...]:
        """Return all fields but the reasons of a criterion that counts and on which no search bears."""
        counted, outcome = self._counted, self.outcome()
        return (
            outcome,
            counted.points,
            counted.forgone,
            self.hypothetical_points(),
            counted.arithmetic,
            *self._advice(outcome),
            self._relevant,
            (),
            None,
            (),
        )

    def outcome(self) -> Outcome:
        """Return the outcome."""
        is_excluded = bool(self._relevant) and not self._answers.has_relevant(self._criterion.id)
        counted = self._counted
        return settled(
            self._ruled_out,
            counted.outcome,
            is_excluded=is_excluded,
            is_answered=is_answered(
                self._criterion, self._fired, self._hits, counted.points, counted.forgone,
                relevant=bool(self._relevant) and not is_excluded,
            ),
            could_earn=lambda: self._answers.searched(self._question).could_earn,
        )  # fmt: skip

    def points(self) -> Decimal:
        """Return the points that it earned."""
        return self._counted.points if self.counts else self._digits(self._state.points)

    def points_forgone(self) -> Decimal:
        """Return the points that it did not earn, of those that it counts with."""
        match self._ruled_out:
            case None:
                return self._counted.forgone
            case Outcome.NOT_ASSESSED:
                return self._digits(ZERO)
            case Outcome.NOT_APPLICABLE:
                return self._digits(max(subtract(self._state.most, self._state.points), ZERO))
            case _:
                return self._digits(max(subtract(self._criterion.max_points, self.points()), ZERO))

    def hypothetical_points(self) -> Decimal:
        """Return the part of the points that only hypothetical facts earn."""
        if self._plain is self._found or self.is_untouched:
            return self._digits(ZERO)
        before = self._plain.combination.criterion(self._criterion.id)
        return self._digits(subtract(self._state.points, before.points))

    def arithmetic(self) -> str:
        """Return the computation of the points as a sentence, with how they count if it is ruled out."""
        earned = self._counted.arithmetic
        match self._ruled_out:
            case None:
                return earned
            case Outcome.GATED:
                return f"{earned}; gated: 0"
            case Outcome.NOT_ASSESSED:
                return f"{earned}; not assessed: left out"
            case _:
                counts = f"counts as {short(self._state.points)}" if self._state.is_part else "left out"
                return f"{earned}; does not apply: {counts}"

    def because(self) -> tuple[str, ...]:
        """Return why it has its points."""
        if not self.counts and self._state.why is not None:
            return (self._state.why,)
        return tuple(self._won().values()) or self._question.unanswered.because

    def _won(self) -> Mapping[str, str]:
        """Return the sentence of each rule whose points were taken, by id of the rule and in the order of the rules."""
        if self._said is None:
            self._said = {rule.id: self._because(rule) for rule in self._counted.won} if self.counts else {}
        return self._said

    def _because(self, rule: Rule) -> str:
        cited: dict[str, Fact] = {}
        for fact in self._answers.by_precedence(self._fired[rule.id].facts):
            cited.setdefault(fact.type, fact)
        return self._answers.questions.sentence(rule.because).filled(cited, self._answers.say)

    def remedy(self) -> str | None:
        """Return what the company can do to earn points that are known to be missing."""
        return self._advice(self.outcome())[0]

    def recommendation(self) -> str | None:
        """Return the id of the recommendation behind the remedy."""
        return self._advice(self.outcome())[1]

    def recommendation_text(self) -> str | None:
        """Return the text of the recommendation behind the remedy."""
        return self._advice(self.outcome())[2]

    def _advice(self, outcome: Outcome) -> Advice:
        return self._question.advice if outcome in MISSING else NO_ADVICE

    def facts(self) -> tuple[str, ...]:
        """Return the ids of the relevant facts, whether they count or not."""
        return self._relevant

    def looked_for(self) -> tuple[str, ...]:
        """Return the relevant searches without result, in words."""
        return self._answers.searched(self._question).words

    def counts_as(self) -> str | None:
        """Return how it counts where it does not apply or is left out."""
        return None if self.counts or self._state.counts_as is None else self._state.counts_as.value

    def exempted_by(self) -> tuple[str, ...]:
        """Return the ids of the facts that exempt it."""
        if self.counts:
            return ()
        fired, structure = self._found.fired, self._found.combination.structure
        owners = (fired.get(owner.id, NO_FIRINGS) for owner in structure.places[self._criterion.id].exempting)
        return tuple(sorted({id for rules in owners if NOT_APPLICABLE in rules for id in rules[NOT_APPLICABLE].facts}))

    def rules(self) -> tuple[RuleResult, ...]:
        """Return the results of the rules."""
        question = self._question
        if self.is_untouched:
            return question.unanswered.rules
        proportions = self._proportions()
        return tuple(
            [
                self._fired_rule(own, self._fired[own.rule.id].facts, proportions)
                if own.rule.id in self._fired
                else self._unmet_rule(own)
                for own in question.rules
            ]
        )

    def _unmet_rule(self, own: AskedRule) -> RuleResult:
        view, without_facts = self._answers.reading, own.unmet.like
        unmet = view.unmet(own.rule.when) if own.asked is None else view.why_not(own.asked)
        made: RuleResult = without_facts
        if unmet is not without_facts.unmet:
            made = like(own.unmet, (without_facts.when, unmet))
        return made

    def _fired_rule(self, own: AskedRule, facts: tuple[str, ...], proportions: Mapping[str, str]) -> RuleResult:
        id, won = own.rule.id, self._won()
        if len(facts) > 1:
            facts = tuple([fact.id for fact in self._answers.by_precedence(facts)])
        points = self._points_of(id)
        because, arithmetic = won.get(id), proportions.get(id)
        made: RuleResult = like(
            own.fired, (own.fired.like.when, points, True, id in won, facts, because, (), arithmetic)
        )
        return made

    def _points_of(self, rule: str) -> Decimal:
        """Return the points of a rule that fired."""
        return self._digits(self._hits[rule])

    def _proportions(self) -> Mapping[str, str]:
        """Return the computation of points in proportion as sentences, by rule."""
        return self._found.proportions(self._criterion.id)

    def _digits(self, points: Decimal) -> Decimal:
        return in_digits(points, self._answers.questions.digits)

"""The criteria of a scorecard by what the facts say of them, and what further facts could add."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Generic, TypeVar

from attrs import frozen

from cleancloud_rules.model.exact import ZERO, subtract
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.reports.numbers import digits_of, rounded
from cleancloud_rules.results.bounds import CriterionBounds, RuleGain
from cleancloud_rules.results.records import FactRecord, SearchRecord
from cleancloud_rules.results.scorecards import CriterionResult, GroupScore, RuleResult, Scorecard


@frozen(slots=False)
class Answer:
    """What the facts say of one criterion.

    Args:
        card: the scorecard.
        criterion: the result.
    """

    card: Scorecard
    criterion: CriterionResult

    @cached_property
    def bounds(self) -> CriterionBounds | None:
        """Its bounds; None if they were not asked for."""
        return None if self.card.bounds is None else self.card.bounds.criterion(self.criterion.id)

    @cached_property
    def effect(self) -> Decimal | None:
        """What its points do to the total; None if that is not known."""
        return effect_of(self.criterion.points, self.card, self.bounds)

    @property
    def more_points(self) -> Decimal:
        """How many points further facts could add; 0 if none are known."""
        return ZERO if self.bounds is None else subtract(self.bounds.ceiling, self.bounds.points)

    @property
    def next_rules(self) -> tuple[RuleGain, ...]:
        """What single rules could add, the next one first."""
        return self.bounds.next_rules if self.bounds else ()

    @property
    def next_gain(self) -> RuleGain | None:
        """What the next rule would add; None if there is none."""
        return next(iter(self.next_rules), None)

    @property
    def remedy(self) -> str:
        """What would earn more points, with the recommendation behind it; empty if its file says nothing."""
        said, behind = self.criterion.remedy or "", self.criterion.recommendation
        return f"{said} (recommendation {behind})" if said and behind else said

    @property
    def won(self) -> tuple[RuleResult, ...]:
        """The rules that earned its points."""
        return tuple(rule for rule in self.criterion.rules if rule.won)

    @property
    def grounds(self) -> tuple[str, ...]:
        """Ids of the facts on which its result rests."""
        won = tuple(id for rule in self.won for id in rule.facts)
        held = tuple(unmet.nearest for rule in self.criterion.rules for unmet in rule.unmet if unmet.nearest)
        return won or (held if self.criterion.outcome is Outcome.NOT_MET else ()) or self.criterion.exempted_by

    @property
    def facts(self) -> tuple[FactRecord, ...]:
        """The facts on which its result rests, as far as they were not derived from others."""
        return stated(self.grounds, self.card)

    @property
    def searches(self) -> tuple[SearchRecord, ...]:
        """The searches without result that bear on it."""
        return tuple(search for search in self.card.searches if self.criterion.id in search.criteria)


def with_origins(ids: Iterable[str], card: Scorecard) -> Iterable[FactRecord]:
    """Yield facts, each once, with those that they were derived from after them."""
    seen: set[str] = set()
    left = list(ids)[::-1]
    while left:
        id = left.pop()
        if id not in seen:
            seen.add(id)
            fact = card.fact(id)
            yield fact
            left.extend(reversed(fact.derived_from))


def stated(ids: Iterable[str], card: Scorecard) -> tuple[FactRecord, ...]:
    """Return facts, each once, with the stated ones in place of those that were derived from them."""
    return tuple(fact for fact in with_origins(ids, card) if not fact.derived_from)


def effect_of(points: Decimal, card: Scorecard, bounds: CriterionBounds | None) -> Decimal | None:
    """Return what points of a criterion do to the total, with the digits of the total; None if that is not known."""
    if bounds is None or bounds.point_effect is None or card.total is None:
        return None
    return rounded(Fraction(points) * bounds.point_effect, digits_of(card.total))


def basis_of(criterion: CriterionResult, rules: Iterable[RuleResult]) -> str:
    """Return whose a criterion, its rules and its points are, in words."""
    if any(rule.basis == "project" for rule in rules):
        return "Rule by this project, beyond the publisher’s words"
    if criterion.basis == "project":
        return "Read by this project, beyond the publisher’s words"
    whose = {"project": "this project", "published": "the publisher"}
    return f"Criterion of the publisher, points of {whose.get(criterion.points_basis, criterion.points_basis)}"


def answers_of(card: Scorecard) -> "Answers[Answer]":
    """Return what the facts say of the criteria of a company, in the methodology's order."""
    return Answers(card, tuple(Answer(card, criterion) for criterion in card.criteria))


_Answer = TypeVar("_Answer", bound=Answer)


@frozen(slots=False)
class Answers(Generic[_Answer]):
    """What the facts say of the criteria of a company.

    Args:
        card: the scorecard.
        all: all criteria, in the methodology's order.
    """

    card: Scorecard
    all: tuple[_Answer, ...]

    def having(self, *outcomes: Outcome) -> tuple[_Answer, ...]:
        """Return the criteria that have one of some outcomes."""
        return tuple(answer for answer in self.all if answer.criterion.outcome in outcomes)

    @cached_property
    def counting(self) -> tuple[_Answer, ...]:
        """The criteria that earn points, the largest effect first."""
        found = self.having(Outcome.AWARDED, Outcome.PARTIAL)
        return tuple(sorted(found, key=lambda answer: (-(answer.effect or 0), -answer.criterion.points)))

    @cached_property
    def other_searches(self) -> tuple[SearchRecord, ...]:
        """The searches without result that decide no criterion alone."""
        decided = {answer.criterion.id for answer in self.having(Outcome.NOT_FOUND)}
        return tuple(search for search in self.card.searches if not decided.intersection(search.criteria))

    @cached_property
    def open_ones(self) -> tuple[_Answer, ...]:
        """The criteria on which further facts could add points, the largest gain first."""
        return self.by_gain(answer for answer in self.all if answer.more_points)

    def by_gain(self, answers: Iterable[_Answer]) -> tuple[_Answer, ...]:
        """Return criteria in the order of what further facts could add, the largest gain first."""
        return tuple(sorted(answers, key=lambda answer: (-(self.gain(answer) or 0), -answer.more_points)))

    def gain(self, answer: Answer) -> Decimal | None:
        """Return how much the total could rise with further facts on a criterion; None if that is not known.

        If one rule gives all that is possible, this is what that rule adds to the rounded total.
        """
        whole = (rule.total for rule in answer.next_rules if rule.points == answer.more_points)
        found = max((total for total in whole if total is not None), default=None)
        return self.worth((answer,))[0] if found is None else found

    @property
    def is_hypothetical(self) -> bool:
        """Whether hypothetical facts are among those of the company, or earn points."""
        is_stated = all(fact.basis != "hypothetical" for fact in self.card.facts)
        return not is_stated or any(criterion.hypothetical_points for criterion in self.card.criteria)

    @cached_property
    def _effects(self) -> Mapping[str, Fraction]:
        """What a point of each criterion does to the total; empty unless points of all of them add up to it.

        They do if the points give the total, and the upper bounds of the points that of the total, both to the last
        digit or two: scores of categories may have been rounded before they were added.
        """
        bounds, total = self.card.bounds, self.card.total
        if bounds is None or bounds.ceiling is None or total is None:
            return {}
        found: dict[str, Fraction] = {}
        now = most = Fraction(0)
        for criterion in (criterion for group in bounds.groups for criterion in group.criteria):
            if criterion.point_effect is None:
                return {}
            found[criterion.id] = criterion.point_effect
            now += criterion.point_effect * Fraction(criterion.points)
            most += criterion.point_effect * Fraction(criterion.ceiling)
        slack = Fraction(len(self.card.groups) + 1, 2 * 10 ** digits_of(total))
        fits = abs(now - Fraction(total)) <= slack and abs(most - Fraction(bounds.ceiling)) <= slack
        return found if fits else {}

    def worth(self, answers: Sequence[Answer]) -> tuple[Decimal | None, Decimal | None]:
        """Return how much several criteria could add to the total, and how many points; None for what is not known."""
        bounds = [answer.bounds for answer in answers]
        if any(one is None for one in bounds):
            return None, None
        found = [one for one in bounds if one is not None]
        points = sum((Fraction(one.ceiling) - Fraction(one.points) for one in found), Fraction(0))
        digits = max((digits_of(answer.criterion.points) for answer in answers), default=0)
        if not self._effects or self.card.total is None:
            return None, rounded(points, digits)
        gains = ((Fraction(one.ceiling) - Fraction(one.points)) * self._effects[one.id] for one in found)
        return rounded(sum(gains, Fraction(0)), digits_of(self.card.total)), rounded(points, digits)

    def of(self, group: GroupScore) -> tuple[_Answer, ...]:
        """Return the criteria of a group, without those of the groups inside it."""
        own = {criterion.id for criterion in group.criteria}
        return tuple(answer for answer in self.all if answer.criterion.id in own)

"""Outcome of each criterion for one company, with its rules and the reasons."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache, partial

from attrs import evolve, frozen

from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.completions.earnable import Completion
from cleancloud_rules.completions.fact_space import Spaces
from cleancloud_rules.completions.known import Known, implications_on, known, with_implied
from cleancloud_rules.documents.extra_keys import extra_keys
from cleancloud_rules.engine.eligibility import known_searches
from cleancloud_rules.engine.fact_index import FactIndex
from cleancloud_rules.engine.firings import Firing, Firings
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.language.wording import filled, precedence, proportion_in_words, when_in_words
from cleancloud_rules.model.conditions import conditions_of, fact_types_in
from cleancloud_rules.model.exact import with_places
from cleancloud_rules.model.facts import Company, Fact, NotFound
from cleancloud_rules.model.groups import ASSESSED
from cleancloud_rules.model.methodology import Criterion, Rule
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.rounding import short
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.results.scorecards import CriterionResult, RuleResult
from cleancloud_rules.scoring.explanation import FactView
from cleancloud_rules.scoring.states import CriterionState

KEPT_SEARCHES = 512
"""How many answers to what could still be earned after searches without result are cached."""

Searches = tuple[NotFound, ...]
"""The documented searches without result."""


@frozen
class Earned:
    """The points of a criterion, all with the methodology's digits.

    Args:
        points: the points that it earned.
        forgone: the points that it did not earn.
        hypothetical: the part of `points` that only hypothetical facts earn.
        won: the rules whose points were taken.
        by_rule: the points of each rule that fired.
        arithmetic: the computation of the points as a sentence.
        proportions: the computation of points in proportion, by rule.
    """

    points: Decimal
    forgone: Decimal
    hypothetical: Decimal
    won: tuple[Rule, ...]
    by_rule: Mapping[str, Decimal]
    arithmetic: str
    proportions: Mapping[str, str]


@frozen
class Question:
    """What is known of a criterion regardless of the company.

    Args:
        criterion: the criterion.
        relevance: the tests that relevant facts pass: for each fact type that it asks for, the tests on key fields of
            each of its conditions, as passing bits.
        searchable: the fact types whose searches bear on it.
        entangled: the fact types whose facts bear on those that it asks for.
        unanswered: its result for a company without a relevant fact.
    """

    criterion: Criterion
    relevance: dict[str, tuple[dict[str, int], ...]]
    searchable: frozenset[str]
    entangled: frozenset[str]
    unanswered: CriterionResult


class Questions:
    """The criteria of a methodology, prepared for any company.

    Args:
        ruleset: the compiled methodology.
        spaces: the facts that could be added.
        keys: the keys under which a company has one answer each.
        unearned: the result of each criterion without points, by id.
        points: the points of each rule, with the methodology's digits, by criterion and rule.
    """

    def __init__(
        self,
        ruleset: Ruleset,
        spaces: Spaces,
        keys: AnswerKeys,
        unearned: Mapping[str, Earned],
        points: Mapping[tuple[str, str], Decimal],
    ) -> None:
        methodology = ruleset.methodology
        self.vocabulary = methodology.vocabulary
        self.ruleset = ruleset
        nothing = FactView(ruleset, ())
        self._by_id: dict[str, Question] = {}
        for criterion in methodology.criteria:
            rules = tuple(_not_fired(rule, points[criterion.id, rule.id], nothing) for rule in criterion.rules)
            most = with_places(criterion.max_points, methodology.rounding.points_digits)
            unanswered = _unanswered(criterion, unearned[criterion.id], most, rules)
            relevance = _relevance(criterion, nothing)
            types = frozenset(relevance)
            searchable = with_implied(types, self.vocabulary)
            _, entangled = implications_on(types, self.vocabulary)
            self._by_id[criterion.id] = Question(criterion, relevance, searchable, entangled, unanswered)
        self.keys = keys
        self._searched = lru_cache(KEPT_SEARCHES)(partial(_searched, spaces, keys))

    def about(self, company: Company, firings: Firings) -> "Answers":
        """Return the criteria with the facts of one company."""
        return Answers(self, company, firings)

    def question(self, criterion: Criterion) -> Question:
        """Return what is known of a criterion regardless of the company."""
        return self._by_id[criterion.id]

    def searched(self, criterion: Criterion, searches: Searches, known: Known) -> tuple[bool, tuple[str, ...]]:
        """Return whether a criterion could still be earned, and the relevant searches without result, in words."""
        return self._searched(criterion.id, searches, known)


def _searched(
    spaces: Spaces, keys: AnswerKeys, criterion_id: str, searches: Searches, known: Known
) -> tuple[bool, tuple[str, ...]]:
    criterion = spaces.methodology.criterion(criterion_id)
    completion = Completion(spaces, keys, searches, known)
    bearing = completion.bearing_on(criterion)
    types = fact_types_in(rule.when for rule in criterion.rules)
    words = sorted(_search_in_words(entry, types, spaces.methodology.vocabulary) for entry in bearing)
    return completion.leaves_open(criterion), tuple(words)


def _search_in_words(entry: NotFound, types: frozenset[str], vocabulary: Vocabulary) -> str:
    """Return a search that bears on a criterion in words.

    Args:
        entry: the search.
        types: the fact types that the criterion asks for.
        vocabulary: the fact types and the implications.
    """
    type_id = entry.condition.fact_type
    implying = sorted(t for t in types if type_id in with_implied(frozenset((t,)), vocabulary))
    why = "" if type_id in types else f", implied by {' or '.join(implying)}"
    return f"{entry}{why}" + (f" ({entry.note})" if entry.note else "")


def _relevance(criterion: Criterion, reading: FactView) -> dict[str, tuple[dict[str, int], ...]]:
    found: dict[str, list[dict[str, int]]] = {}
    for rule in criterion.rules:
        for condition in conditions_of(rule.when):
            tests = found.setdefault(condition.fact_type, [])
            key_tests = reading.compiled(condition).key_passing
            if key_tests not in tests:
                tests.append(key_tests)
    return {type_id: tuple(tests) for type_id, tests in found.items()}


def _not_fired(rule: Rule, points: Decimal, nothing: FactView) -> RuleResult:
    """Return the result of a rule for a company without facts."""
    return RuleResult(
        id=rule.id,
        points=points,
        fired=False,
        won=False,
        facts=(),
        because=None,
        unmet=nothing.unmet(rule.when),
        when=when_in_words(rule.when),
        in_proportion=proportion_in_words(rule),
        basis=rule.basis.value if rule.basis else None,
        rationale=rule.rationale,
        extra=extra_keys(rule.node),
    )


def _unanswered(
    criterion: Criterion, earned: Earned, max_points: Decimal, rules: tuple[RuleResult, ...]
) -> CriterionResult:
    remedy, reference = criterion.remedy, criterion.reference
    section = f", {reference.section}" if reference and reference.section else ""
    cap = f", at most {short(criterion.at_most)}" if criterion.at_most is not None else ""
    floor = f", at least {short(criterion.at_least)}" if criterion.at_least is not None else ""
    return CriterionResult(
        id=criterion.id,
        title=criterion.title,
        horizon=criterion.horizon,
        outcome=Outcome.NOT_ASSESSED,
        points=earned.points,
        max_points=max_points,
        points_forgone=earned.forgone,
        hypothetical_points=earned.hypothetical,
        hit_policy=criterion.hit_policy.value + cap + floor,
        arithmetic=earned.arithmetic,
        weight=criterion.weight,
        requirement=criterion.requirement.value if criterion.requirement else None,
        level=criterion.level,
        shared_with=criterion.shared_with,
        because=(criterion.otherwise,),
        remedy=remedy.text if remedy else None,
        recommendation=remedy.recommendation if remedy else None,
        reference=f"{reference.source.id}{section}" if reference else None,
        guidance=criterion.guidance,
        basis=criterion.basis.value if criterion.basis else None,
        rationale=criterion.rationale,
        points_basis=criterion.points_basis.value,
        facts=(),
        looked_for=(),
        rules=rules,
        extra=extra_keys(criterion.node),
    )


def _outcome(earned: Earned) -> Outcome:
    if not earned.forgone:
        return Outcome.AWARDED
    return Outcome.PARTIAL if earned.points > 0 else Outcome.NOT_MET


class Answers:
    """The results of the criteria for one company.

    Args:
        questions: the criteria.
        company: the company.
        firings: what fired.
    """

    def __init__(self, questions: Questions, company: Company, firings: Firings) -> None:
        self.questions = questions
        self.not_found = known_searches(company, questions.ruleset.methodology)
        self._known: Known | None = None
        self._counting = {counted.fact.id: counted.fact for counted in firings.facts if counted.counts}
        encodings, stated = questions.ruleset.encodings, [counted.fact for counted in firings.facts]
        self._reading = FactView(questions.ruleset, self._counting.values())
        all_count = len(stated) == len(self._counting)
        self._stated = self._reading.index if all_count else FactIndex(encodings, stated)

    def result(
        self,
        criterion: Criterion,
        fired: Mapping[str, Firing],
        earned: Earned,
        state: CriterionState,
        exempted_by: tuple[str, ...] = (),
    ) -> CriterionResult:
        """Return the result of a criterion.

        Args:
            criterion: the criterion.
            fired: its rules that fired, by id.
            earned: its points.
            state: what it contributes to its group, and whether it is gated or does not apply.
            exempted_by: ids of the facts that exempt it.
        """
        question = self.questions.question(criterion)
        unanswered = question.unanswered
        relevant = self._relevant(question)
        is_answered = ASSESSED in fired if criterion.answered else any(id in self._counting for id in relevant)
        fired = {name: firing for name, firing in fired.items() if name != ASSESSED}
        could_earn, looked_for = self._searched(question)
        if not relevant and not fired and state.ruled_out is None:
            if could_earn and not looked_for:
                return unanswered
            outcome = Outcome.NOT_ASSESSED if could_earn else Outcome.NOT_FOUND
            return evolve(unanswered, outcome=outcome, looked_for=looked_for)
        is_excluded = bool(relevant) and not any(id in self._counting for id in relevant)
        if state.ruled_out is Outcome.NOT_ASSESSED and is_excluded:
            outcome = Outcome.EXCLUDED
        elif state.ruled_out is not None:
            outcome = state.ruled_out
        elif is_answered or (fired and (earned.points != 0 or not earned.forgone)):
            # A rule that holds by absence answers a criterion as well, if it decides the points without any fact.
            outcome = _outcome(earned)
        elif is_excluded:
            outcome = Outcome.EXCLUDED
        else:
            outcome = Outcome.NOT_ASSESSED if could_earn else Outcome.NOT_FOUND
        pairs = zip(criterion.rules, unanswered.rules, strict=True)
        won = earned.won if state.ruled_out is None else ()
        rules = tuple(self._rule(rule, not_fired, fired.get(rule.id), rule in won, earned) for rule, not_fired in pairs)
        because = tuple(rule.because for rule in rules if rule.because is not None) or unanswered.because
        return evolve(
            unanswered,
            outcome=outcome,
            points=earned.points,
            points_forgone=earned.forgone,
            hypothetical_points=earned.hypothetical,
            arithmetic=earned.arithmetic,
            counts_as=None if state.counts_as is None else state.counts_as.value,
            exempted_by=exempted_by,
            because=because if state.why is None else (state.why,),
            remedy=unanswered.remedy if earned.forgone else None,
            recommendation=unanswered.recommendation if earned.forgone else None,
            facts=relevant,
            looked_for=looked_for,
            rules=rules,
        )

    def _searched(self, question: Question) -> tuple[bool, tuple[str, ...]]:
        """Return whether a criterion could still be earned, and the relevant searches without result, in words."""
        searches = tuple(entry for entry in self.not_found if entry.condition.fact_type in question.searchable)
        if not searches:
            return True, ()
        # Computed when it is first needed. (A cached property of functools takes a lock, which a fork could inherit.)
        if self._known is None:
            self._known = known(self._counting.values(), self.questions.keys, self.questions.ruleset.methodology)
        return self.questions.searched(question.criterion, searches, self._known.about(question.entangled))

    def _relevant(self, question: Question) -> tuple[str, ...]:
        """Return the ids of the facts that are relevant to a criterion, whether they count or not."""
        found = {
            fact.id
            for type_id, tests in question.relevance.items()
            for key_tests in tests
            for fact in self._stated.passing(type_id, key_tests)
        }
        return tuple(sorted(found))

    def _rule(self, rule: Rule, not_fired: RuleResult, firing: Firing | None, won: bool, earned: Earned) -> RuleResult:
        if firing is None:
            unmet = self._reading.unmet(rule.when)
            return not_fired if unmet == not_fired.unmet else evolve(not_fired, unmet=unmet)
        facts = self._by_precedence(firing.facts)
        because = self._because(rule, facts) if won else None
        return evolve(
            not_fired,
            points=earned.by_rule[rule.id],
            fired=True,
            won=won,
            facts=tuple(f.id for f in facts),
            because=because,
            unmet=(),
            arithmetic=earned.proportions.get(rule.id),
        )

    def _because(self, rule: Rule, facts: list[Fact]) -> str:
        cited: dict[str, Fact] = {}
        for fact in facts:
            cited.setdefault(fact.type, fact)
        return filled(rule.because, cited, self.questions.vocabulary)

    def _by_precedence(self, ids: tuple[str, ...]) -> list[Fact]:
        """Return facts in order of precedence: within each type the best, then the newest, then the lowest id."""
        facts = [self._counting[id] for id in ids]
        if len(facts) < 2:
            return facts
        vocabulary = self.questions.vocabulary
        return sorted(facts, key=lambda fact: (fact.type, *precedence(fact, vocabulary)))

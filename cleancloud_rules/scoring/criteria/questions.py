"""The criteria of a methodology, prepared for the facts of any company."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from typing import NamedTuple

from attrs import frozen

from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.completions.earnable import Completion
from cleancloud_rules.completions.fact_space import Spaces
from cleancloud_rules.completions.known import Known, implications_on, with_implied
from cleancloud_rules.documents.extra_keys import extra_keys
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.language.wording import Sentence, proportion_in_words, when_for_readers, when_in_words
from cleancloud_rules.model.conditions import Condition, conditions_of, counts_values, fact_types_in
from cleancloud_rules.model.exact import ZERO, subtract, with_places
from cleancloud_rules.model.facts import Fact, NotFound
from cleancloud_rules.model.methodology import Criterion, Rule
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.rounding import short
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.on_demand import Template, shared
from cleancloud_rules.results.scorecards import CriterionResult, RuleResult
from cleancloud_rules.scoring.criteria.explanation import Asked, Asking, Column, FactView
from cleancloud_rules.scoring.criteria.topics import NOTHING, About, Topic, about_of
from cleancloud_rules.scoring.points import points_in_words, points_of, winners

KEPT_SEARCHES = 512
"""How many answers to what could still be earned after searches without result are cached."""

KEPT_COUNTED = 64
"""For how many outcomes of its rules what follows from the points of a criterion is kept."""

OWN = (
    "outcome", "points", "points_forgone", "hypothetical_points", "arithmetic", "remedy", "recommendation",
    "recommendation_text", "facts", "looked_for", "counts_as", "exempted_by", "because", "rules",
)  # fmt: skip
"""The fields of the result of a criterion that depend on the company."""

FIRED = ("when", "points", "fired", "won", "facts", "because", "unmet", "arithmetic")
"""The fields in which the result of a rule that fired differs from that of the rule for a company without facts."""

UNMET = ("when", "unmet")
"""The same for a rule that did not fire. What a rule asks for is the same, and here because it is read so often."""

Searches = tuple[NotFound, ...]
"""The documented searches without result."""

in_digits: Callable[[Decimal, int], Decimal] = lru_cache(4096)(with_places)
"""Return points with a number of decimal places; those of a methodology are few different numbers."""


Advice = tuple[str | None, str | None, str | None]
"""A remedy, and the id and the text of the recommendation behind it."""

NO_ADVICE: Advice = (None, None, None)
"""The advice where there is no remedy."""


@frozen(eq=False)
class Searched:
    """What searches without result say about a criterion. Which of them bear on it is found only if it is asked.

    Args:
        criterion: the criterion.
        completion: the facts that could still be added; None if there are no searches.
    """

    criterion: Criterion
    completion: Completion | None = None

    @cached_property
    def could_earn(self) -> bool:
        """Whether it could still be earned."""
        return self.completion is None or self.completion.leaves_open(self.criterion)

    @cached_property
    def bearing(self) -> Searches:
        """The searches that bear on it."""
        return () if self.completion is None else self.completion.bearing_on(self.criterion)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """These searches in words."""
        if self.completion is None:
            return ()
        types = fact_types_in(rule.when for rule in self.criterion.rules)
        vocabulary = self.completion.spaces.methodology.vocabulary
        return tuple(sorted(_search_in_words(entry, types, vocabulary) for entry in self.bearing))


@frozen
class Question:
    """What is known of a criterion regardless of the company.

    Args:
        criterion: the criterion.
        searchable: the fact types whose searches bear on it.
        entangled: the fact types whose facts bear on those that it asks for.
        unanswered: its result for a company without a relevant fact.
        answered: what its results for other companies are like.
        rules: its rules.
        advice: the remedy and its recommendation, where points are known to be missing.
        tested: the fields that its conditions test and that are no keys, by fact type; None if its results follow from
            more of a fact than from its cells in them, and from points in proportion: a count of different values.
        reads_cells: whether which rules fire is not all that its results follow from, but also which of several tests
            a fact fails. If a rule that did not fire tests only one field that is no key, the fact fails that test.
        in_proportion: ids of its rules whose points follow from a number.
    """

    criterion: Criterion
    searchable: frozenset[str]
    entangled: frozenset[str]
    unanswered: CriterionResult
    answered: Template
    rules: tuple["AskedRule", ...]
    advice: Advice
    tested: Mapping[str, tuple[Column, ...]] | None
    reads_cells: bool
    in_proportion: tuple[str, ...]


@frozen
class AskedRule:
    """What is known of a rule regardless of the company.

    Args:
        rule: the rule.
        asked: its condition, if it has only one.
        fired: what its results are like where it fires.
        unmet: what they are like where it does not.
    """

    rule: Rule
    asked: Asked | None
    fired: Template
    unmet: Template


class Counted(NamedTuple):
    """What follows from the points of the rules of a criterion that fired.

    Args:
        outcome: its outcome, if it is answered.
        points: its points, with the methodology's digits.
        forgone: its maximum minus these points.
        arithmetic: the computation of its points as a sentence.
        won: the rules whose points were taken.
    """

    outcome: Outcome
    points: Decimal
    forgone: Decimal
    arithmetic: str
    won: tuple[Rule, ...]


def outcome_of(points: Decimal, most: Decimal) -> Outcome:
    """Return the outcome of a criterion that is answered, from its points and its maximum."""
    if points >= most:
        return Outcome.AWARDED
    return Outcome.PARTIAL if points > 0 else Outcome.NOT_MET


class Questions:
    """The criteria of a methodology, prepared for any company.

    Args:
        ruleset: the compiled methodology.
        spaces: the facts that could be added.
        keys: the keys under which a company has one answer each.
    """

    def __init__(self, ruleset: Ruleset, spaces: Spaces, keys: AnswerKeys) -> None:
        methodology = ruleset.methodology
        self.vocabulary: Vocabulary = methodology.vocabulary
        self.ruleset = ruleset
        self.digits: int = methodology.rounding.points_digits
        recommendations = dict(methodology.recommendations)
        self.asking: Asking = Asking(ruleset)
        nothing = FactView(ruleset, (), self.asking)
        self._by_id: dict[str, Question] = {}
        topics: dict[str, dict[int, Topic]] = {}
        for criterion in methodology.criteria:
            asked = [self.asking.of(c).compiled for rule in criterion.rules for c in conditions_of(rule.when)]
            for compiled in asked:
                of_type = topics.setdefault(compiled.condition.fact_type, {})
                of_type.setdefault(compiled.topic, Topic(compiled)).criteria[criterion.id] = None
            types = frozenset(compiled.condition.fact_type for compiled in asked)
            searchable = with_implied(types, self.vocabulary)
            _, entangled = implications_on(types, self.vocabulary)
            unanswered = self._unanswered(criterion, nothing)
            self._by_id[criterion.id] = Question(
                criterion,
                searchable,
                entangled,
                shared(unanswered),
                Template(unanswered, OWN),
                tuple(map(self._asked_rule, criterion.rules, unanswered.rules)),
                _advice(criterion, recommendations),
                self._tested(criterion),
                any(map(self._reads_cells, criterion.rules)),
                tuple(rule.id for rule in criterion.rules if rule.in_proportion is not None),
            )
        self._about = {
            type_id: about_of(tuple(found.values()), ruleset.encodings[type_id].cells)
            for type_id, found in topics.items()
        }
        self._counted: dict[str, dict[tuple[tuple[str, Decimal], ...], Counted]] = {}
        self._sentences: dict[str, Sentence] = {}
        self.keys = keys
        self._searched = lru_cache(KEPT_SEARCHES)(partial(_searched, spaces, keys))

    def _asked_rule(self, rule: Rule, not_fired: RuleResult) -> AskedRule:
        asked = self.asking.of(rule.when) if isinstance(rule.when, Condition) else None
        return AskedRule(rule, asked, Template(not_fired, FIRED), Template(not_fired, UNMET))

    def _tested(self, criterion: Criterion) -> Mapping[str, tuple[Column, ...]] | None:
        # What answers a question can be more than a fact that bears on it: then points decide whether it is answered.
        has_points_of_its_own = criterion.answered and any(rule.in_proportion is not None for rule in criterion.rules)
        if has_points_of_its_own or any(counts_values(rule.when) for rule in criterion.rules):
            return None
        columns: dict[str, dict[str, Column]] = {}
        for asked in (self.asking.of(c) for rule in criterion.rules for c in conditions_of(rule.when)):
            of_type = columns.setdefault(asked.compiled.condition.fact_type, {})
            of_type.update((tests.column.field.id, tests.column) for tests in asked.tests)
        return {type_id: tuple(found.values()) for type_id, found in columns.items()}

    def _reads_cells(self, rule: Rule) -> bool:
        return not isinstance(rule.when, Condition) or len(self.asking.of(rule.when).tests) > 1

    def question(self, criterion: Criterion) -> Question:
        """Return what is known of a criterion regardless of the company."""
        return self._by_id[criterion.id]

    def about(self, fact: Fact) -> About:
        """Return which topics a fact is about, and to which criteria it is relevant."""
        found = self._about.get(fact.type)
        return NOTHING if found is None else found.of(fact)

    def counted(self, question: Question, hits: Mapping[str, Decimal]) -> Counted:
        """Return what follows from the points of the rules of a criterion that fired; few different ones occur."""
        kept, key = self._counted.setdefault(question.criterion.id, {}), tuple(hits.items())
        found = kept.get(key)
        if found is None:
            if len(kept) >= KEPT_COUNTED:
                kept.clear()
            found = kept[key] = self._count(question.criterion, hits)
        return found

    def settled(self, criterion: Criterion, points: Decimal) -> tuple[Outcome, Decimal, Decimal]:
        """Return the outcome of a criterion if it is answered, its points, and its maximum minus these."""
        points = in_digits(points, self.digits)
        forgone = in_digits(max(subtract(criterion.max_points, points), ZERO), self.digits)
        return outcome_of(points, criterion.max_points), points, forgone

    def _count(self, criterion: Criterion, hits: Mapping[str, Decimal]) -> Counted:
        settled = self.settled(criterion, points_of(criterion, hits) if hits else ZERO)
        return Counted(*settled, points_in_words(criterion, hits), winners(criterion, hits))

    def sentence(self, text: str) -> Sentence:
        """Return a sentence, prepared to be filled."""
        found = self._sentences.get(text)
        if found is None:
            found = self._sentences[text] = Sentence(text, self.vocabulary)
        return found

    def searched(self, criterion: Criterion, searches: Searches, known: Known) -> Searched:
        """Return what searches without result say about a criterion."""
        return self._searched(criterion.id, searches, known)

    def _unanswered(self, criterion: Criterion, nothing: FactView) -> CriterionResult:
        """Return the result of a criterion for a company without facts."""
        reference = criterion.reference
        section = f", {reference.section}" if reference and reference.section else ""
        cap = f", at most {short(criterion.at_most)}" if criterion.at_most is not None else ""
        floor = f", at least {short(criterion.at_least)}" if criterion.at_least is not None else ""
        none, most = (in_digits(points, self.digits) for points in (ZERO, criterion.max_points))
        return CriterionResult(
            id=criterion.id,
            title=criterion.title,
            horizon=criterion.horizon,
            outcome=Outcome.NOT_ASSESSED,
            points=none,
            max_points=most,
            points_forgone=max(most, none),
            hypothetical_points=none,
            hit_policy=criterion.hit_policy.value + cap + floor,
            arithmetic=points_in_words(criterion, {}),
            weight=criterion.weight,
            requirement=criterion.requirement.value if criterion.requirement else None,
            level=criterion.level,
            shared_with=criterion.shared_with,
            because=(criterion.otherwise,),
            remedy=None,
            recommendation=None,
            reference=f"{reference.source.id}{section}" if reference else None,
            guidance=criterion.guidance,
            short=criterion.short,
            basis=criterion.basis.value if criterion.basis else None,
            rationale=criterion.rationale,
            points_basis=criterion.points_basis.value,
            facts=(),
            looked_for=(),
            rules=tuple(self._not_fired(rule, nothing) for rule in criterion.rules),
            extra=extra_keys(criterion.node),
        )

    def _not_fired(self, rule: Rule, nothing: FactView) -> RuleResult:
        """Return the result of a rule for a company without facts."""
        return shared(
            RuleResult(
                id=rule.id,
                points=in_digits(rule.points, self.digits),
                fired=False,
                won=False,
                facts=(),
                because=None,
                unmet=nothing.unmet(rule.when),
                when=when_in_words(rule.when),
                says=when_for_readers(rule.when, self.vocabulary),
                in_proportion=proportion_in_words(rule),
                basis=rule.basis.value if rule.basis else None,
                rationale=rule.rationale,
                extra=extra_keys(rule.node),
            )
        )


def _searched(spaces: Spaces, keys: AnswerKeys, criterion_id: str, searches: Searches, known: Known) -> Searched:
    return Searched(spaces.methodology.criterion(criterion_id), Completion(spaces, keys, searches, known))


def _search_in_words(entry: NotFound, types: frozenset[str], vocabulary: Vocabulary) -> str:
    """Return a search that bears on a criterion in words.

    Args:
        entry: the search.
        types: the fact types that the criterion asks for.
        vocabulary: the fact types and the implications.
    """
    type_id = entry.condition.fact_type
    implying = sorted(t for t in types if type_id in with_implied(frozenset((t,)), vocabulary))
    titles = " or ".join(f"“{vocabulary.by_id[t].title}”" for t in implying)
    why = "" if type_id in types else f"; by this methodology there is no {titles} without it"
    return f"{entry}{why}" + (f" ({entry.note})" if entry.note else "")


def _advice(criterion: Criterion, recommendations: Mapping[str, str]) -> Advice:
    if criterion.remedy is None:
        return NO_ADVICE
    id = criterion.remedy.recommendation
    return criterion.remedy.text, id, None if id is None else recommendations[id]

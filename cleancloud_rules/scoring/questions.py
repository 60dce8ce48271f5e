"""The criteria of a methodology, prepared for the facts of any company."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from attrs import frozen

from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.completions.earnable import Completion
from cleancloud_rules.completions.fact_space import Spaces
from cleancloud_rules.completions.known import Known, implications_on, with_implied
from cleancloud_rules.documents.extra_keys import extra_keys
from cleancloud_rules.engine.by_cells import Boxes, ByCells
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.language.wording import proportion_in_words, when_in_words
from cleancloud_rules.model.cells import Cells
from cleancloud_rules.model.conditions import conditions_of, fact_types_in
from cleancloud_rules.model.exact import ZERO, with_places
from cleancloud_rules.model.facts import Fact, NotFound
from cleancloud_rules.model.methodology import Criterion, Rule
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.partitions.boxes import Box
from cleancloud_rules.model.rounding import short
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.results.scorecards import CriterionResult, RuleResult
from cleancloud_rules.scoring.explanation import FactView
from cleancloud_rules.scoring.points import points_in_words

KEPT_SEARCHES = 512
"""How many answers to what could still be earned after searches without result are cached."""

KEPT_SENTENCES = 64
"""For how many outcomes of its rules the computation of the points of a criterion is kept."""

FIXED = (
    "id", "title", "horizon", "max_points", "hit_policy", "weight", "requirement", "level", "shared_with", "reference",
    "guidance", "short", "basis", "rationale", "points_basis", "extra",
)  # fmt: skip
"""The fields of the result of a criterion that are the same for every company."""

Searches = tuple[NotFound, ...]
"""The documented searches without result."""

in_digits = lru_cache(4096)(with_places)
"""Return points with a number of decimal places; those of a methodology are few different numbers."""


@frozen
class Searched:
    """What searches without result say about a criterion.

    Args:
        could_earn: whether it could still be earned.
        words: the searches that bear on it, in words.
        bearing: these searches.
    """

    could_earn: bool
    words: tuple[str, ...] = ()
    bearing: Searches = ()


@frozen
class Question:
    """What is known of a criterion regardless of the company.

    Args:
        criterion: the criterion.
        searchable: the fact types whose searches bear on it.
        entangled: the fact types whose facts bear on those that it asks for.
        unanswered: its result for a company without a relevant fact.
        fixed: the fields of its result that are the same for every company.
    """

    criterion: Criterion
    searchable: frozenset[str]
    entangled: frozenset[str]
    unanswered: CriterionResult
    fixed: Mapping[str, Any]


class Questions:
    """The criteria of a methodology, prepared for any company.

    Args:
        ruleset: the compiled methodology.
        spaces: the facts that could be added.
        keys: the keys under which a company has one answer each.
    """

    def __init__(self, ruleset: Ruleset, spaces: Spaces, keys: AnswerKeys) -> None:
        methodology = ruleset.methodology
        self.vocabulary = methodology.vocabulary
        self.ruleset = ruleset
        self.digits = methodology.rounding.points_digits
        self.recommendations = dict(methodology.recommendations)
        nothing = FactView(ruleset, ())
        self._by_id: dict[str, Question] = {}
        asking: dict[str, dict[str, list[Box]]] = {}
        for criterion in methodology.criteria:
            tests = _key_tests(criterion, nothing)
            for type_id, boxes in tests.items():
                asking.setdefault(type_id, {})[criterion.id] = boxes
            types = frozenset(tests)
            searchable = with_implied(types, self.vocabulary)
            _, entangled = implications_on(types, self.vocabulary)
            unanswered = self._unanswered(criterion, nothing)
            fixed = {name: getattr(unanswered, name) for name in FIXED}
            self._by_id[criterion.id] = Question(criterion, searchable, entangled, unanswered, fixed)
        self._asking = {
            type_id: _relevance(tests, ruleset.encodings[type_id].cells) for type_id, tests in asking.items()
        }
        self._sentences: dict[str, dict[tuple[tuple[str, Decimal], ...], str]] = {}
        self.keys = keys
        self._searched = lru_cache(KEPT_SEARCHES)(partial(_searched, spaces, keys))

    def question(self, criterion: Criterion) -> Question:
        """Return what is known of a criterion regardless of the company."""
        return self._by_id[criterion.id]

    def asking(self, fact: Fact) -> tuple[str, ...]:
        """Return the ids of the criteria to which a fact is relevant."""
        about = self._asking.get(fact.type)
        return () if about is None else about.of(fact)

    def points_in_words(self, question: Question, hits: Mapping[str, Decimal]) -> str:
        """Return the computation of the points of a criterion as a sentence; few different ones occur."""
        kept, key = self._sentences.setdefault(question.criterion.id, {}), tuple(hits.items())
        found = kept.get(key)
        if found is None:
            if len(kept) >= KEPT_SENTENCES:
                kept.clear()
            found = kept[key] = points_in_words(question.criterion, hits)
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
        return RuleResult(
            id=rule.id,
            points=in_digits(rule.points, self.digits),
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


def _searched(spaces: Spaces, keys: AnswerKeys, criterion_id: str, searches: Searches, known: Known) -> Searched:
    criterion = spaces.methodology.criterion(criterion_id)
    completion = Completion(spaces, keys, searches, known)
    bearing = completion.bearing_on(criterion)
    types = fact_types_in(rule.when for rule in criterion.rules)
    words = sorted(_search_in_words(entry, types, spaces.methodology.vocabulary) for entry in bearing)
    return Searched(completion.leaves_open(criterion), tuple(words), bearing)


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


def _key_tests(criterion: Criterion, nothing: FactView) -> dict[str, list[Box]]:
    """Return the tests that relevant facts pass: those on key fields of each condition, by fact type."""
    found: dict[str, list[Box]] = {}
    for rule in criterion.rules:
        for condition in conditions_of(rule.when):
            tests = found.setdefault(condition.fact_type, [])
            key_tests = nothing.compiled(condition).key_passing
            if key_tests not in tests:
                tests.append(key_tests)
    return found


def _relevance(tests: Mapping[str, list[Box]], cells: Mapping[str, Cells]) -> ByCells[tuple[str, ...]]:
    """Return which criteria facts of a type are relevant to.

    Args:
        tests: for each criterion that asks for the type, the tests that relevant facts pass.
        cells: the cells of the fields of the type.
    """
    owners = [id for id, boxes in tests.items() for _ in boxes]
    boxes = Boxes([box for own in tests.values() for box in own], cells)
    return ByCells(boxes.cells, lambda fact: tuple(dict.fromkeys(owners[number] for number in boxes.holding(fact))))

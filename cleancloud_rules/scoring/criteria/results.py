"""Results of criteria: made for a company, or from patterns where companies differ only in what one fact states."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.engine.firings import Counted, Firing
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.groups import NOT_APPLICABLE
from cleancloud_rules.model.methodology import Criterion
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.on_demand import Filling, Gap, Pattern, changed, like, mark
from cleancloud_rules.results.json import to_json
from cleancloud_rules.results.scorecards import CriterionResult
from cleancloud_rules.scoring.criteria.answers import Answers
from cleancloud_rules.scoring.criteria.details import NO_POINTS, CriterionDetails
from cleancloud_rules.scoring.criteria.questions import Question, Questions, in_digits
from cleancloud_rules.scoring.sums import NO_FIRINGS, Sums

KEPT_KINDS = 16
"""For how many kinds of facts the results of a criterion are kept as patterns."""

KEPT_PATTERNS = 4096
"""How many patterns of results are kept for a methodology."""

KEPT_RESULTS = 4096
"""How many results of criteria that ask for an answer from a list are kept, to be shared by companies."""


@frozen(eq=False)
class Alike:
    """Results that differ only in the figures that follow from a number, and in what they tell of a fact.

    Args:
        pattern: what they are like. Its first gaps are for the figures.
        told: what they tell of a fact, in the gaps after these.
        is_listed: whether the criterion asks for answers from a list, so that many companies state the same.
    """

    pattern: Pattern
    told: tuple[Callable[[Fact], str], ...]
    is_listed: bool

    def filled(self, filling: Filling) -> CriterionResult:
        """Return the result with these figures and texts."""
        made: CriterionResult = self.pattern.filled(filling)
        return made


class CriterionResults:
    """The results of the criteria of a methodology for any company.

    Args:
        questions: the criteria.
    """

    def __init__(self, questions: Questions) -> None:
        self.questions = questions
        self._kinds: dict[str, dict[object, Alike | None]] = {}
        self._room = KEPT_PATTERNS
        self._kept = lru_cache(KEPT_RESULTS)(Alike.filled)

    def of(
        self, criteria: Iterable[Criterion], answers: Answers, found: Sums, plain: Sums
    ) -> tuple[CriterionResult, ...]:
        """Return the results of criteria for a company.

        Args:
            criteria: the criteria.
            answers: the facts of the company.
            found: its points and scores.
            plain: those without hypothetical facts.
        """
        # In a plain tree the relevant facts alone decide whether a criterion counts.
        is_plain, is_stated, has_searches = found.plain is not None, plain is found, bool(answers.not_found)
        question_of, relevant, firings = self.questions.question, answers.relevant, found.fired
        made = []
        for criterion in criteria:
            question, id = question_of(criterion), criterion.id
            searches = answers.searches(question) if has_searches else ()
            ids, fired = relevant.get(id, ()), firings.get(id, NO_FIRINGS)
            counts = NOT_APPLICABLE not in fired if is_plain else found.counts(id)
            result: CriterionResult | None = None
            if counts and not ids and not fired and not searches:
                result = question.unanswered
            elif (counts or is_plain) and is_stated and not searches and len(ids) == 1:
                result = self._alike(question, answers, found, ids, fired)
            if result is None:
                details = CriterionDetails(answers, question, found, plain, counts=counts)
                result = like(question.answered, _figures(details, searches), details)
            made.append(result)
        return tuple(made)

    def _alike(
        self, question: Question, answers: Answers, found: Sums, ids: tuple[str, ...], fired: Mapping[str, Firing]
    ) -> CriterionResult | None:
        """Return the result of a criterion with a single relevant fact, as it was for earlier companies.

        None says that it was not made for two of them, or that it can differ.
        """
        # It follows from what the fact is about, from its cells if rules combine several tests, and from the rules that
        # fired; but for the figures in proportion and the texts that tell of the fact.
        fact, tested = answers.counting.get(ids[0]), question.tested
        if fact is None or tested is None:
            return None
        kind: list[object] = [answers.topics[fact.id]]
        if question.reads_cells:
            disclosed = fact.disclosed
            kind += [column.key(fact, column.field.id in disclosed) for column in tested[fact.type]]
        for rule, firing in fired.items():
            if firing.facts and firing.facts != ids:
                return None
            kind.append(rule if firing.facts else (rule,))
        figures = self._figures(question, found, kind) if question.in_proportion else ()
        alike = self._of_kind(question, tuple(kind), fact, found)
        if alike is None:
            return None
        filling = (*figures, *[told(fact) for told in alike.told])
        # Where facts are answers from a list, many companies state the same.
        return self._kept(alike, filling) if alike.is_listed else alike.filled(filling)

    def _figures(self, question: Question, found: Sums, kind: list[object]) -> tuple[Any, ...]:
        """Return the figures of a criterion that follow from points in proportion.

        Args:
            question: the criterion.
            found: the points and scores.
            kind: gets what the result follows from as well: the outcome, the rules that won, and which rules in
                proportion have which figures.
        """
        id, digits = question.criterion.id, self.questions.digits
        hits, sentences = found.earned.get(id, NO_POINTS), found.proportions(id)
        counted = self.questions.counted(question, hits)
        rules = [rule for rule in question.in_proportion if rule in hits]
        kind += (counted.outcome, *[rule.id for rule in counted.won], None, *rules, None, *sentences)
        points = [in_digits(hits[rule], digits) for rule in rules]
        return (counted.points, counted.forgone, counted.arithmetic, *points, *sentences.values())

    def _of_kind(self, question: Question, kind: object, fact: Fact, found: Sums) -> Alike | None:
        """Return what the results of a criterion are like for a kind of facts; None if they were not made before.

        Args:
            question: the criterion.
            kind: what these results follow from.
            fact: a fact of this kind.
            found: the points and scores of its company.
        """
        # A pattern takes as long as several results, so it is made when a kind occurs again.
        kinds = self._kinds.setdefault(question.criterion.id, {})
        alike = kinds.get(kind)
        if alike is None:
            if kind not in kinds:
                if len(kinds) < KEPT_KINDS:
                    kinds[kind] = None
            elif self._room:
                self._room -= 1
                alike = kinds[kind] = self._made(question, fact, found)
        return alike

    def _made(self, question: Question, fact: Fact, found: Sums) -> Alike | None:
        """Return what the results of a criterion are like for facts like the given one; None if it cannot be told."""
        criterion = question.criterion
        if "\\u0000" in to_json((question.unanswered, [rule.because for rule in criterion.rules])):
            return None  # texts that could hold a mark
        hits, sentences = found.earned.get(criterion.id, NO_POINTS), found.proportions(criterion.id)
        gaps = _Gaps(question, hits, sentences) if question.in_proportion else None
        told: list[Callable[[Fact], str]] = [attrgetter("id")]
        first = gaps.number if gaps else 0

        def say(said: Callable[[Fact], str], _: Fact) -> str:
            if said not in told:
                told.append(said)
            return mark(first + told.index(said))

        marked = changed(fact, id=mark(first))
        fired = {
            rule: Firing(criterion.id, rule, (marked.id,) if firing.facts else ())
            for rule, firing in found.fired.get(criterion.id, NO_FIRINGS).items()
        }
        sums = evolve(found, fired={criterion.id: fired})
        own = Answers(self.questions, (), [Counted(marked)], say)
        details = _Marked(own, question, sums, gaps, counts=found.counts(criterion.id))
        made = like(question.answered, _figures(details, ()), details)
        is_listed = not gaps and all(
            column.field.type is FieldType.ENUM for column in (question.tested or {})[fact.type]
        )
        return Alike(Pattern(evolve(made)), tuple(told), is_listed)


def _figures(details: CriterionDetails, searches: object) -> tuple[Any, ...]:
    """Return the first fields of a result, if the criterion counts and no search bears on it: they are read often."""
    return details.figures() if details.counts and not searches else ()


class _Gaps:
    """The gaps of a pattern for the figures that follow from points in proportion; see `CriterionResults._figures`.

    Args:
        question: the criterion.
        hits: the points of its rules that fired.
        sentences: the computation of points in proportion, by rule.

    Attributes:
        points: the gap for the points of the criterion.
        forgone: that for its maximum minus these points.
        arithmetic: the mark in place of the computation of its points.
        earned: the gap for the points of each rule in proportion that fired.
        sentences: the mark in place of each computation of points in proportion.
        number: the number of gaps.
    """

    def __init__(self, question: Question, hits: Mapping[str, Decimal], sentences: Mapping[str, str]) -> None:
        self.points, self.forgone, self.arithmetic = Gap(0), Gap(1), mark(2)
        rules = [rule for rule in question.in_proportion if rule in hits]
        self.earned = {rule: Gap(number) for number, rule in enumerate(rules, 3)}
        self.sentences = {rule: mark(number) for number, rule in enumerate(sentences, 3 + len(rules))}
        self.number = 3 + len(rules) + len(sentences)


class _Marked(CriterionDetails):
    """Makes the fields of a pattern.

    Args:
        answers: the marked fact.
        question: the criterion.
        found: the points and scores, with the firings on the marked fact.
        gaps: the gaps for figures in proportion; None if there are none.
        counts: whether the criterion counts by its points.
    """

    def __init__(self, answers: Answers, question: Question, found: Sums, gaps: _Gaps | None, *, counts: bool) -> None:
        super().__init__(answers, question, found, found, counts=counts)
        self._gaps = gaps
        if gaps is not None:
            points: Any = gaps.points
            forgone: Any = gaps.forgone
            self._counted = self._counted._replace(points=points, forgone=forgone, arithmetic=gaps.arithmetic)

    def _points_of(self, rule: str) -> Decimal:
        gap: Any = self._gaps and self._gaps.earned.get(rule)
        return super()._points_of(rule) if gap is None else gap

    def _proportions(self) -> Mapping[str, str]:
        return self._gaps.sentences if self._gaps else {}

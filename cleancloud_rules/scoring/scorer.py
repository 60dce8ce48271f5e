"""Makes a scorecard from firings: its figures at once, and what explains them when it is read."""

from collections.abc import Collection
from decimal import Decimal
from functools import lru_cache

from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.completions.fact_space import Spaces
from cleancloud_rules.documents.extra_keys import Extra, extra_keys
from cleancloud_rules.engine.eligibility import known_searches
from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.model.exact import ZERO, subtract, total
from cleancloud_rules.model.facts import Company, NotFound
from cleancloud_rules.model.groups import Combining
from cleancloud_rules.model.methodology import Group, Methodology
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.tree import ScoreTree
from cleancloud_rules.on_demand import making, on_demand
from cleancloud_rules.results.points import CriterionPoints, GroupPoints, Points
from cleancloud_rules.results.records import (
    SCHEMA_VERSION,
    ContradictionRecord,
    FactRecord,
    LevelRecord,
    LevelStep,
    NoticeRecord,
    SearchRecord,
    SourceRecord,
    TableResult,
)
from cleancloud_rules.results.scorecards import (
    CriterionResult,
    GroupScore,
    PartsAssessed,
    RequirementsMet,
    Scorecard,
)
from cleancloud_rules.scoring.criteria.answers import Answers
from cleancloud_rules.scoring.criteria.details import CriterionDetails
from cleancloud_rules.scoring.criteria.questions import Questions, in_digits, outcome_of
from cleancloud_rules.scoring.criteria.results import CriterionResults
from cleancloud_rules.scoring.decision_tables import decide
from cleancloud_rules.scoring.recorder import Depending, Recorder
from cleancloud_rules.scoring.sums import Figures, Sums

_scorecard = making(
    Scorecard, "methodology", "company", "outcome", "total", "hypothetical_total", "max_total", "label", "level",
    "because", "points_basis", "problems", "bounds", "responses", "library_version", "schema_version",
)  # fmt: skip
"""Makes a scorecard whose other fields are made when they are read."""

KEPT_POINTS = 4096
"""How many results of criteria without an explanation are kept, to be shared by companies."""


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
        self.methodology: Methodology = ruleset.methodology
        self.version = version
        self.structure = structure
        self.recorder: Recorder = Recorder(self.methodology)
        self.questions: Questions = Questions(ruleset, spaces, keys)
        self.results: CriterionResults = CriterionResults(self.questions)
        self._record = self.recorder.methodology_record()
        digits = self.methodology.rounding.points_digits
        unanswered: dict[str, CriterionPoints] = {
            c.id: CriterionPoints(c.id, Outcome.NOT_ASSESSED, in_digits(ZERO, digits), in_digits(c.max_points, digits))
            for c in self.methodology.criteria
        }
        self._searchable: dict[str, list[str]] = {}
        for criterion in self.methodology.criteria:
            for type_id in self.questions.question(criterion).searchable:
                self._searchable.setdefault(type_id, []).append(criterion.id)

        @lru_cache(KEPT_POINTS)
        def answered(id: str, points: Decimal) -> CriterionPoints:
            most = unanswered[id].max_points
            return CriterionPoints(id, outcome_of(points, most), in_digits(points, digits), most)

        self._unanswered, self._answered = unanswered, answered

    def scorecard(self, company: Company, firings: Firings, found: Sums, stated: Sums | None = None) -> Scorecard:
        """Return the scorecard of a company.

        Args:
            company: its facts.
            firings: what fired.
            found: the points and scores that follow from it.
            stated: those without hypothetical facts; None if no hypothetical fact was read.
        """
        details = ScorecardDetails(self, company, firings, found, stated)
        whole, score = details.whole, details.whole.score
        hypothetical = _difference(score, score if stated is None else stated.figures(None).score)
        made: Scorecard = _scorecard((
            details, self._record, self.recorder.company(company), whole.outcome, score, hypothetical,
            whole.max_score, whole.label, _level(whole), whole.because, self.methodology.points_basis.value,
            firings.problems, None, (), self.version, SCHEMA_VERSION,
        ))  # fmt: skip
        return made

    def points(self, company: Company, firings: Firings, found: Sums, stated: Sums | None = None) -> Points:
        """Return the points, outcomes and scores of a company alone; see `scorecard`."""
        whole, score = found.figures(None), found.figures(None).score
        return Points(
            self._record,
            self.recorder.company(company),
            whole.outcome,
            score,
            _difference(score, score if stated is None else stated.figures(None).score),
            whole.max_score,
            whole.label,
            _level(whole),
            tuple([self._group_points(group, found.figures(group.id)) for group in self.methodology.groups]),
            self._criteria_points(company, firings, found, found if stated is None else stated),
            self.recorder.notices([company.name], with_hypothetical=stated is not None),
            self.version,
        )

    def answers(self, company: Company, firings: Firings) -> Answers:
        """Return the results of the criteria for a company."""
        return Answers(self.questions, known_searches(company, self.methodology), firings.facts)

    def _group_points(self, group: Group, figures: Figures) -> GroupPoints:
        digits = self.questions.digits
        points, most = in_digits(figures.points, digits), in_digits(figures.max_points, digits)
        level, max_score = _level(figures), figures.max_score
        return GroupPoints(group.id, figures.outcome, figures.score, max_score, points, most, figures.label, level)

    def _criteria_points(
        self, company: Company, firings: Firings, found: Sums, plain: Sums
    ) -> tuple[CriterionPoints, ...]:
        relevant: dict[str, bool] = {}  # the criteria that facts bear on, each with whether one of these counts
        about = self.questions.about
        for counted in firings.facts:
            for id in about(counted.fact).criteria:
                relevant[id] = counted.why_not is None or relevant.get(id, False)
        made = dict(self._unanswered)
        touched: Collection[str] = self._unanswered
        if found.plain is not None:  # a criterion depends on nothing but the facts and searches that bear on it
            types = {entry.condition.fact_type for entry in known_searches(company, self.methodology)}
            searched = (id for type_id in types for id in self._searchable.get(type_id, ()))
            touched = {*relevant, *found.fired, *searched}
        answers: Answers | None = None
        for id in touched:
            if relevant.get(id, False) and found.always_counts(id) and not self.structure.criteria[id].answered:
                made[id] = self._answered(id, found.points.get(id, ZERO))
            else:
                answers = answers or self.answers(company, firings)
                made[id] = self._criterion_points(id, answers, found, plain)
        return tuple(made.values())

    def _criterion_points(self, id: str, answers: Answers, found: Sums, plain: Sums) -> CriterionPoints:
        unanswered, question = self._unanswered[id], self.questions.question(self.structure.criteria[id])
        details = CriterionDetails(answers, question, found, plain)
        if details.is_untouched and not answers.searches(question):
            return unanswered
        return CriterionPoints(id, details.outcome(), details.points(), unanswered.max_points)


class ScorecardDetails:
    """Makes the fields of a scorecard that explain its figures.

    Each public method makes the field of its name.

    Args:
        scorer: what is known of the methodology.
        company: its facts.
        firings: what fired.
        found: the points and scores that follow from it.
        stated: those without hypothetical facts; None if no hypothetical fact was read.
    """

    def __init__(self, scorer: Scorer, company: Company, firings: Firings, found: Sums, stated: Sums | None) -> None:
        self.scorer = scorer
        self.found = found
        self.plain: Sums = found if stated is None else stated
        self.whole: Figures = found.figures(None)
        self._company = company
        self._firings = firings
        self._with_hypothetical = stated is not None
        self._read: Answers | None = None

    def arithmetic(self) -> str:
        """Return the calculation as a sentence."""
        return self.found.arithmetic(None)

    def requirements(self) -> tuple[RequirementsMet, ...]:
        """Return how many criteria are met, for each requirement word."""
        return _requirements(self.found, None)

    def tables(self) -> tuple[TableResult, ...]:
        """Return the results of the decision tables."""
        return decide(self.scorer.methodology, self.found.combination)

    def categories(self) -> tuple[GroupScore, ...]:
        """Return the results of the categories."""
        answers = self._answers
        return tuple(GroupDetails(category, self, answers).result() for category in self.scorer.methodology.categories)

    @property
    def _answers(self) -> Answers:
        if self._read is None:
            self._read = self.scorer.answers(self._company, self._firings)
        return self._read

    def searches(self) -> tuple[SearchRecord, ...]:
        """Return the documented searches without result, each with the criteria that it bears on."""
        return tuple(self.scorer.recorder.search(entry, found) for entry, found in self._bearing().items())

    def _bearing(self) -> dict[NotFound, list[str]]:
        """Return the searches without result, each with the criteria that it bears on."""
        answers, questions = self._answers, self.scorer.questions
        criteria: dict[NotFound, list[str]] = {entry: [] for entry in answers.not_found}
        for criterion in self.scorer.methodology.criteria if criteria else ():
            for entry in dict.fromkeys(answers.searched(questions.question(criterion)).bearing):
                criteria[entry].append(criterion.id)
        return criteria

    def facts(self) -> tuple[FactRecord, ...]:
        """Return every stated and derived fact."""
        return self.scorer.recorder.facts(self._firings.facts)

    def sources(self) -> tuple[SourceRecord, ...]:
        """Return every source that a fact or a criterion cites."""
        return self.scorer.recorder.sources(self._company, self._firings)

    def notices(self) -> tuple[NoticeRecord, ...]:
        """Return the notices that every output carries."""
        return self.scorer.recorder.notices([self._company.name], with_hypothetical=self._with_hypothetical)

    def contradictions(self) -> tuple[ContradictionRecord, ...]:
        """Return where the publisher contradicts itself about the company."""
        if not self._company.contradictions:
            return ()
        asking: dict[str, list[str]] = {}
        for criterion, facts in self._answers.relevant.items():
            for fact in facts:
                asking.setdefault(fact, []).append(criterion)
        return self.scorer.recorder.contradictions(
            self._company.contradictions, Depending(self._company, asking, self._bearing())
        )

    def coverage(self) -> tuple[PartsAssessed, ...]:
        """Return how many categories are assessed, line by line."""
        return _coverage(self.found, None)

    def levels(self) -> tuple[LevelStep, ...]:
        """Return the levels, each with what stands in the way of it."""
        return _levels(self.found, self.scorer.methodology.combining, None)

    def withheld_by(self) -> tuple[str, ...]:
        """Return the ids of the criteria that are not met and without which the result is withheld."""
        return _withheld_by(self.found, self.scorer.methodology.combining, None)


class GroupDetails:
    """Makes the fields of the result of a group that explain its score.

    Each public method makes the field of its name.

    Args:
        group: the group.
        card: the scorecard.
        answers: the criteria with the facts of the company.
    """

    def __init__(self, group: Group, card: ScorecardDetails, answers: Answers) -> None:
        self._group = group
        self._card = card
        self._answers = answers

    def result(self) -> GroupScore:
        """Return the result of the group."""
        group, state = self._group, self._card.found.figures(self._group.id)
        before = self._card.plain.figures(group.id)
        return on_demand(
            GroupScore,
            self,
            id=group.id,
            title=group.title,
            weight=group.weight,
            points=self._digits(state.points),
            max_points=self._digits(state.max_points),
            outcome=state.outcome,
            exact=state.value,
            score=state.score,
            max_score=state.max_score,
            hypothetical_score=_difference(state.score, before.score),
            label=state.label,
            level=_level(state),
            because=state.because,
        )

    def hypothetical_points(self) -> Decimal:
        """Return the part of the points that hypothetical facts alone earn."""
        if self._card.plain is self._card.found:
            return self._digits(ZERO)
        parts: tuple[CriterionResult | GroupScore, ...] = (*self.criteria(), *self.groups())
        return self._digits(total(part.hypothetical_points for part in parts))

    def aggregate(self) -> str:
        """Return how its parts are aggregated, in words."""
        return f"{self._group.aggregate.value} of {self._group.of.value}"

    def arithmetic(self) -> str:
        """Return the calculation as a sentence."""
        return self._card.found.arithmetic(self._group.id)

    def requirements(self) -> tuple[RequirementsMet, ...]:
        """Return how many criteria are met, for each requirement word."""
        return _requirements(self._card.found, self._group.id)

    def criteria(self) -> tuple[CriterionResult, ...]:
        """Return the results of its criteria."""
        card = self._card
        return card.scorer.results.of(self._group.criteria, self._answers, card.found, card.plain)

    def groups(self) -> tuple[GroupScore, ...]:
        """Return the results of the groups inside it."""
        return tuple(GroupDetails(group, self._card, self._answers).result() for group in self._group.groups)

    def coverage(self) -> tuple[PartsAssessed, ...]:
        """Return how many of its parts are assessed, line by line."""
        return _coverage(self._card.found, self._group.id)

    def levels(self) -> tuple[LevelStep, ...]:
        """Return its levels, each with what stands in the way of it."""
        return _levels(self._card.found, self._group, self._group.id)

    def withheld_by(self) -> tuple[str, ...]:
        """Return the ids of the criteria that are not met and without which its result is withheld."""
        return _withheld_by(self._card.found, self._group, self._group.id)

    def extra(self) -> Extra:
        """Return the keys of the user's own."""
        return extra_keys(self._group.node)

    def _digits(self, points: Decimal) -> Decimal:
        return in_digits(points, self._card.scorer.methodology.rounding.points_digits)


def _difference(score: Decimal | None, before: Decimal | None) -> Decimal | None:
    return None if score is None else subtract(score, ZERO if before is None else before)


def _level(state: Figures) -> LevelRecord | None:
    return None if state.level is None else LevelRecord(state.level.id, state.level.title, extra_keys(state.level.node))


def _withheld_by(found: Sums, combining: Combining, id: str | None) -> tuple[str, ...]:
    return () if combining.needs is None else found.combination.of(id).withheld_by


def _levels(found: Sums, combining: Combining, id: str | None) -> tuple[LevelStep, ...]:
    """Return the levels of a group, or of the root (None)."""
    if not combining.ladder:
        return ()
    combination = found.combination
    structure, state = combination.structure, combination.of(id)
    methodology = structure.methodology
    every = methodology.criteria if id is None else structure.criteria_in(id)
    reached = 0 if state.level is None else combining.ladder.index(state.level) + 1
    made = []
    for place, level in enumerate(combining.ladder):
        asked = every if level is combining.top_level else structure.ladders.get((id, level.id), ())
        not_met = tuple(str(c.id) for c in asked if not combination.criterion(c.id).met)
        missing = combination.missing(level, (), state.marked, combining.bands_of)
        score = combination.missing(level, (), None, combining.bands_of)[-1:] if level.at_least is not None else ()
        criteria = tuple(str(c.id) for c in asked)
        requires = (*map(structure.in_words, level.requires), *score)
        made.append(LevelStep(level.id, level.title, place < reached, criteria, not_met, requires, tuple(missing)))
    return tuple(made)


def _requirements(found: Sums, id: str | None) -> tuple[RequirementsMet, ...]:
    return tuple(RequirementsMet(word.value, met, of) for word, met, of in found.words(id))


def _coverage(found: Sums, id: str | None) -> tuple[PartsAssessed, ...]:
    return tuple(PartsAssessed(covered.needed, covered.found) for covered in found.coverage(id))

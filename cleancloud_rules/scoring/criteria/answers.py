"""The facts of one company and its searches without result, as criteria see them."""

from collections.abc import Collection

from cleancloud_rules.completions.known import Known, known
from cleancloud_rules.engine.firings import Counted
from cleancloud_rules.language.wording import Say, precedence
from cleancloud_rules.model.facts import Fact, NotFound
from cleancloud_rules.scoring.criteria.explanation import FactView
from cleancloud_rules.scoring.criteria.questions import Question, Questions, Searched, Searches


class Answers:
    """The results of the criteria for one company.

    Args:
        questions: the criteria.
        not_found: the searches without result that count.
        facts: its facts, sorted by id.
        say: the text about a fact; None for the default one.

    Attributes:
        counting: the facts that count, by id.
        relevant: the ids of the facts that are relevant to a criterion, whether they count or not, by id.
        topics: the topics of conditions that a fact is about, by id.
    """

    # What is needed only for sentences is made when it is first needed. (A cached property of functools takes a lock,
    # which a fork could inherit.)

    def __init__(
        self, questions: Questions, not_found: tuple[NotFound, ...], facts: Collection[Counted], say: Say | None = None
    ) -> None:
        self.questions = questions
        self.not_found = not_found
        self.say = say
        self.counting: dict[str, Fact] = {counted.fact.id: counted.fact for counted in facts if counted.counts}
        found: dict[str, list[str]] = {}
        self._about: dict[int, list[Fact]] = {}
        self.topics: dict[str, tuple[int, ...]] = {}
        for counted in facts:  # they are sorted by id
            criteria, topics = questions.about(counted.fact)
            self.topics[counted.fact.id] = topics
            for criterion in criteria:
                found.setdefault(criterion, []).append(counted.fact.id)
            for topic in topics if counted.counts else ():
                self._about.setdefault(topic, []).append(counted.fact)
        self.relevant: dict[str, tuple[str, ...]] = {criterion: tuple(ids) for criterion, ids in found.items()}
        self._known: Known | None = None
        self._reading: FactView | None = None

    @property
    def reading(self) -> FactView:
        """The facts that count, as the conditions of criteria see them."""
        if self._reading is None:
            asking = self.questions.asking
            self._reading = FactView(asking.ruleset, self.counting.values(), asking, self._about, self.say)
        return self._reading

    def has_relevant(self, criterion: str) -> bool:
        """Whether a fact that counts is relevant to a criterion."""
        return not self.counting.keys().isdisjoint(self.relevant.get(criterion, ()))

    def searches(self, question: Question) -> Searches:
        """Return the searches without result that may bear on a criterion."""
        if not self.not_found:
            return ()
        return tuple(entry for entry in self.not_found if entry.condition.fact_type in question.searchable)

    def searched(self, question: Question) -> Searched:
        """Return what the searches without result say about a criterion."""
        searches = self.searches(question)
        if not searches:
            return Searched(question.criterion)
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

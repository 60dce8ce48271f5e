"""A methodology applied to a company."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import evolve

from cleancloud_rules.model.conditions import Condition, conditions_of
from cleancloud_rules.model.facts import Basis, Company, Fact, NotFound
from cleancloud_rules.model.methodology import Criterion, Methodology, Rule
from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.values import Id, Interval
from tests.reference.additions import Search, could_earn
from tests.reference.conditions import fact_passes, holds, support
from tests.reference.derivations import derived_facts, in_window
from tests.reference.found import CriterionFound, Found
from tests.reference.groups import Standing, Tree
from tests.reference.scores import earned_by, points_of
from tests.reference.tables import tables_of


def evaluate(
    methodology: Methodology,
    company: Company,
    *,
    with_hypothetical: bool = False,
    name: Callable[[Fact], Fact] | None = None,
) -> Found:
    """Return what a company comes to.

    Args:
        methodology: the methodology.
        company: the company.
        with_hypothetical: whether hypothetical facts are read.
        name: gives a derived fact its id; the default makes one up.
    """
    if company.cut_off is not None:
        methodology = evolve(methodology, as_of=company.cut_off)
    stated = [f for f in company.facts if counts(f, methodology, with_hypothetical=with_hypothetical)]
    made, counting = derived_facts(methodology, stated, name)
    facts = {fact.id: fact for fact in (*company.facts, *made)}
    asked = {c.id: _Asked(c, methodology, company, facts, counting) for c in methodology.criteria}
    points = {str(id): points_of(one.criterion, one.earned) for id, one in asked.items()}
    assessed = {str(id) for id, one in asked.items() if one.is_assessed}
    tree = Tree(methodology, points, exempt_by(counting, methodology), company.cohort, assessed)
    return Found(
        facts,
        frozenset(fact.id for fact in counting),
        {str(id): one.found(tree.criterion(id)) for id, one in asked.items()},
        {str(group.id): tree.group(group.id) for group in methodology.groups},
        tree.group(None),
        tables_of(tree),
        frozenset(assessed),
    )


def searched(methodology: Methodology, company: Company) -> frozenset[str]:
    """Return the ids of the criteria that searches without result settle, whatever further facts there are."""
    counting = [fact for fact in company.facts if counts(fact, methodology)]
    facts = {fact.id: fact for fact in counting}
    asked = (_Asked(criterion, methodology, company, facts, counting) for criterion in methodology.criteria)
    return frozenset(str(one.criterion.id) for one in asked if one.is_searched)


def exempt_by(counting: Sequence[Fact], methodology: Methodology) -> set[str]:
    """Return the ids of the criteria and groups of which facts say that they do not apply."""
    rules = {str(owner.id): owner.not_applicable for owner in methodology.groups}
    rules |= {str(owner.id): owner.not_applicable for owner in methodology.criteria}
    return {id for id, rule in rules.items() if rule and rule.when is not None and holds(rule.when, counting)}


def counts(fact: Fact, methodology: Methodology, *, with_hypothetical: bool = False) -> bool:
    """Whether a stated fact counts."""
    if fact.basis is Basis.HYPOTHETICAL and not with_hypothetical:
        return False
    if fact.source is None or fact.source.type not in methodology.accepted_sources:
        return False
    return in_window(fact, methodology) and was_there(fact, methodology.as_of)


def was_there(thing: Fact | NotFound, cut_off: date | None) -> bool:
    """Whether a fact or a search may have been there by the cut-off."""
    if cut_off is None:
        return True
    published, accessed = (thing.source.published, thing.source.accessed) if thing.source else (None, None)
    appeared: Any = published.low if isinstance(published, Interval) else published
    read: Any = accessed.high if isinstance(accessed, Interval) else accessed
    if appeared is not None and appeared > cut_off and not (read is not None and read <= cut_off):
        return False
    if isinstance(thing, NotFound):
        return True
    began = thing.period.start if thing.period is not None else thing.as_of
    return began is None or began <= cut_off


class _Asked:
    """One criterion, asked of one company."""

    def __init__(
        self,
        criterion: Criterion,
        methodology: Methodology,
        company: Company,
        facts: Mapping[str, Fact],
        counting: Sequence[Fact],
    ) -> None:
        self.criterion, self.methodology = criterion, methodology
        not_found = [entry for entry in company.not_found if was_there(entry, methodology.as_of)]
        self.search = Search(methodology, not_found, counting, counting)
        self.counting = counting
        self.fired = {str(r.id): support(r.when, counting) for r in criterion.rules if holds(r.when, counting)}
        self.earned = {
            str(rule.id): earned_by(rule, [facts[id] for id in self.fired[rule.id]], methodology)
            for rule in criterion.rules
            if rule.id in self.fired
        }
        self.topics = topics_of(criterion, methodology)
        self.kin = frozenset(f.id for f in facts.values() if any(fact_passes(f, topic) for topic in self.topics))

    @property
    def is_assessed(self) -> bool:
        """Whether a fact about it counts that is more than an answer that nobody knows, or searches settle it."""
        return self._is_answered or self.is_searched

    @property
    def _is_answered(self) -> bool:
        about = [fact for fact in self.counting if fact.id in self.kin]
        answered = self.criterion.answered
        if answered is None:
            return bool(about)
        return any(fact.type != answered.fact_type or fact_passes(fact, answered) for fact in about)

    @property
    def is_searched(self) -> bool:
        """Whether searches leave nothing about it to be found, or nothing for it to earn."""
        looked_for = self.looked_for
        if not looked_for:
            return False
        search = evolve(self.search, not_found=looked_for, answers=())
        earning = any(rule.range[1] > 0 for rule in self.criterion.rules)
        if earning and not could_earn(self.criterion, search):
            return True
        rules = tuple(
            Rule(Id(f"r{i}"), Decimal(1), self._more_than_unknown(topic), "") for i, topic in enumerate(self.topics)
        )
        return not could_earn(evolve(self.criterion, rules=rules), search)

    def _more_than_unknown(self, topic: Condition) -> Condition:
        answered = self.criterion.answered
        if answered is None or answered.fact_type != topic.fact_type:
            return topic
        return evolve(topic, tests=(*topic.tests, *answered.tests))

    def found(self, standing: Standing) -> CriterionFound:
        """Return what the criterion came to, given what it adds to its group."""
        outcome = standing.kept_out or self._outcome(standing.points)
        if outcome is Outcome.NOT_ASSESSED and standing.kept_out and self._is_excluded:
            outcome = Outcome.EXCLUDED
        return CriterionFound(outcome, standing.points, self.fired, self.earned, self.kin)

    def _outcome(self, points: Decimal) -> Outcome:
        looked_for = self.looked_for
        full = points == self.criterion.max_points
        decides = bool(self.fired) and (points != 0 or full)
        if decides or self._is_answered:
            if full:
                return Outcome.AWARDED
            return Outcome.PARTIAL if points > 0 else Outcome.NOT_MET
        if self._is_excluded:
            return Outcome.EXCLUDED
        if not looked_for or could_earn(self.criterion, evolve(self.search, not_found=looked_for)):
            return Outcome.NOT_ASSESSED
        # nobody searched in vain for what the facts alone rule out
        unsearched = evolve(self.search, not_found=())
        if not could_earn(self.criterion, unsearched) and could_earn(self.criterion, Search(self.methodology, ())):
            return Outcome.NOT_ASSESSED
        return Outcome.NOT_FOUND

    @property
    def looked_for(self) -> list[NotFound]:
        """The searches for what it asks for, or what that implies."""
        types = self.search.types_of(self.criterion)
        return [entry for entry in self.search.not_found if entry.condition.fact_type in types]

    @property
    def _is_excluded(self) -> bool:
        """Whether there are facts about it, and none of them counts."""
        return bool(self.kin) and not any(fact.id in self.kin for fact in self.counting)


def topics_of(criterion: Criterion, methodology: Methodology) -> list[Condition]:
    """Return what a fact has to be about to be kin to a criterion: the tests on key fields of its conditions."""
    conditions = [condition for rule in criterion.rules for condition in conditions_of(rule.when)]
    topics = []
    for condition in conditions:
        keys = {field.id for field in methodology.vocabulary.by_id[condition.fact_type].fields if field.key}
        tests = tuple(test for test in condition.tests if test.field in keys)
        topics.append(Condition(condition.fact_type, tests))
    return topics

"""A methodology applied to a company."""

from collections.abc import Callable, Mapping, Sequence

from cleancloud_rules.conditions import Condition, conditions_of
from cleancloud_rules.facts import Basis, CompanyFacts, Fact
from cleancloud_rules.firings import Outcome
from cleancloud_rules.methodology import Criterion, Methodology
from tests.reference.additions import could_earn
from tests.reference.conditions import fact_passes, holds, support
from tests.reference.derivations import derived_facts
from tests.reference.found import CriterionFound, Found
from tests.reference.scores import categories_of, points_of, total_of


def evaluate(
    methodology: Methodology,
    company: CompanyFacts,
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
    counting = [f for f in company.facts if counts(f, methodology, with_hypothetical=with_hypothetical)]
    made = derived_facts(methodology, counting, name)
    counting += made
    facts = {fact.id: fact for fact in (*company.facts, *made)}
    criteria = {
        str(criterion.id): _criterion(criterion, methodology, company, facts, counting)
        for criterion in methodology.criteria
    }
    categories = categories_of(methodology, {id: criterion.points for id, criterion in criteria.items()})
    total = total_of(methodology, categories)
    return Found(facts, frozenset(fact.id for fact in counting), criteria, categories, total)


def counts(fact: Fact, methodology: Methodology, *, with_hypothetical: bool = False) -> bool:
    """Whether a stated fact counts."""
    if fact.basis is Basis.HYPOTHETICAL and not with_hypothetical:
        return False
    if fact.source is None or fact.source.type not in methodology.accepted_sources:
        return False
    return in_window(fact, methodology)


def in_window(fact: Fact, methodology: Methodology) -> bool:
    """Whether the end of a fact's period, or else its date, lies inside the window of its type."""
    window = dict(methodology.windows)[methodology.vocabulary.by_id[fact.type].horizon]
    if window.start is None and window.end is None:
        return True
    day = fact.period.end if fact.period is not None else fact.as_of
    if day is None:
        return False
    return (window.start is None or window.start <= day) and (window.end is None or day <= window.end)


def _criterion(
    criterion: Criterion,
    methodology: Methodology,
    company: CompanyFacts,
    facts: Mapping[str, Fact],
    counting: Sequence[Fact],
) -> CriterionFound:
    fired = {str(rule.id): support(rule.when, counting) for rule in criterion.rules if holds(rule.when, counting)}
    points = points_of(criterion, fired)
    topics = topics_of(criterion, methodology)
    kin = frozenset(fact.id for fact in facts.values() if any(fact_passes(fact, topic) for topic in topics))
    types = {topic.fact_type for topic in topics}
    looked_for = [entry for entry in company.not_found if entry.condition.fact_type in types]
    if points == criterion.max_points:
        outcome = Outcome.AWARDED
    elif points > 0:
        outcome = Outcome.PARTIAL
    elif any(fact.id in kin for fact in counting):
        outcome = Outcome.NOT_MET
    elif kin:
        outcome = Outcome.EXCLUDED
    elif not looked_for or could_earn(criterion, methodology, looked_for):
        outcome = Outcome.NOT_ASSESSED
    else:
        outcome = Outcome.NOT_FOUND
    return CriterionFound(outcome, points, fired, kin)


def topics_of(criterion: Criterion, methodology: Methodology) -> list[Condition]:
    """Return what a fact has to be about to be kin to a criterion: the tests on key fields of its conditions."""
    conditions = [condition for rule in criterion.rules for condition in conditions_of(rule.when)]
    topics = []
    for condition in conditions:
        keys = {field.id for field in methodology.vocabulary.by_id[condition.fact_type].fields if field.key}
        tests = tuple(test for test in condition.tests if test.field in keys)
        topics.append(Condition(condition.fact_type, tests))
    return topics

"""What stated facts say of the facts that could still be added: answered keys, and facts that are implied."""

from collections.abc import Callable, Collection

from attrs import frozen

from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.completions.selected import latest_of
from cleancloud_rules.model.cells import fact_passes
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.vocabulary import Implication, Vocabulary


@frozen
class Known:
    """What stated facts say of the facts that could be added.

    Args:
        closed: conditions that the facts under answered keys pass, and no others.
        met: the conditions that an implication requires and stated facts pass.
        owed: the conditions that an implication of a stated fact requires and no stated fact passes.
    """

    closed: tuple[Condition, ...] = ()
    met: frozenset[Condition] = frozenset()
    owed: frozenset[Condition] = frozenset()

    def about(self, types: Collection[str]) -> "Known":
        """Return what it says of facts of some types."""
        closed = tuple(condition for condition in self.closed if condition.fact_type in types)
        met, owed = (frozenset(c for c in some if c.fact_type in types) for some in (self.met, self.owed))
        return Known(closed, met, owed)


NOTHING = Known()
"""Nothing is stated."""


def known(facts: Collection[Fact], keys: AnswerKeys, methodology: Methodology) -> Known:
    """Return what the facts of a company that count say of further facts.

    Args:
        facts: the facts that count.
        keys: the keys under which a company has one answer each.
        methodology: the methodology.
    """
    vocabulary = methodology.vocabulary
    return known_of(lambda condition: _is_passed(condition, facts, vocabulary), keys.closed(facts), methodology)


def known_of(is_passed: Callable[[Condition], bool], closed: tuple[Condition, ...], methodology: Methodology) -> Known:
    """Return what facts say of further facts, from the conditions that they pass; see `known`.

    Args:
        is_passed: returns whether some fact passes a condition of an implication.
        closed: conditions that the facts under answered keys pass, and no others.
        methodology: the methodology.
    """
    implications = methodology.vocabulary.implications
    met = frozenset(pair.then for pair in implications if is_passed(pair.then))
    # A later fact can supersede one of `latest`, and then nothing that it implies is owed.
    owed = frozenset(
        pair.then
        for pair in implications
        if pair.then not in met
        and not latest_of(frozenset((pair.given.fact_type,)), methodology)
        and is_passed(pair.given)
    )
    return Known(closed, met, owed)


def met_by(facts: Collection[Fact], vocabulary: Vocabulary) -> frozenset[Condition]:
    """Return the conditions that an implication requires and some facts pass."""
    return frozenset(pair.then for pair in vocabulary.implications if _is_passed(pair.then, facts, vocabulary))


def _is_passed(condition: Condition, facts: Collection[Fact], vocabulary: Vocabulary) -> bool:
    own = [fact for fact in facts if fact.type == condition.fact_type]
    fields = vocabulary.fields_of(condition) if own else {}
    return any(fact_passes(fact, condition, fields) for fact in own)


def with_implied(types: frozenset[str], vocabulary: Vocabulary) -> frozenset[str]:
    """Return some fact types and those that their facts imply, directly or through others."""
    while more := {p.then.fact_type for p in vocabulary.implications if p.given.fact_type in types} - types:
        types |= more
    return types


def implications_on(types: frozenset[str], vocabulary: Vocabulary) -> tuple[tuple[Implication, ...], frozenset[str]]:
    """Return the implications that may bear on facts of some types, directly or through others, and all their types."""
    bearing: dict[Implication, None] = {}
    while more := [
        pair
        for pair in vocabulary.implications
        if pair not in bearing and not types.isdisjoint((pair.given.fact_type, pair.then.fact_type))
    ]:
        bearing.update(dict.fromkeys(more))
        types = types.union(*((pair.given.fact_type, pair.then.fact_type) for pair in more))
    return tuple(bearing), types

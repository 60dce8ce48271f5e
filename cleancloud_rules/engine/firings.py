"""The firings of one company, and which of its facts count."""

from attrs import frozen
from msgspec import Struct

from cleancloud_rules.model.facts import Fact

# A company of a long questionnaire has hundreds of both. A `Struct` is made in a tenth of the time of an attrs object.


class Firing(Struct, frozen=True, gc=False):
    """One rule that fired.

    Args:
        criterion: id of the criterion; for the rule ``not_applicable`` that of a criterion or a group.
        rule: id of the rule, ``not_applicable``, or ``(assessed)``.
        facts: ids of the facts that pass the conditions of the rule's satisfied disjuncts, sorted; empty if the rule
            holds because no fact passes a condition.
    """

    criterion: str
    rule: str
    facts: tuple[str, ...]


class Counted(Struct, frozen=True, gc=False):
    """A fact and whether it counts.

    Args:
        fact: the fact.
        why_not: why it does not count; None if it counts.
        later: id of the later fact that counts in its place, if there is one.
        contradicts: ids of the facts of its key that differ from it, so that none of them counts.
    """

    fact: Fact
    why_not: str | None = None
    later: str | None = None
    contradicts: tuple[str, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether the fact counts."""
        return self.why_not is None

    @property
    def is_eligible(self) -> bool:
        """Whether the fact counts unless other facts of its key prevent it."""
        return self.why_not is None or self.later is not None or bool(self.contradicts)


@frozen
class Firings:
    """All that fired for one company.

    Args:
        firings: sorted by criterion and rule.
        facts: every stated and derived fact, sorted by id, with whether it counts.
        problems: sentences about derivations that joined facts but could not compute a fact from them, sorted.
        searched: ids of the criteria that documented searches without result assess; the engine leaves it empty.
    """

    firings: tuple[Firing, ...]
    facts: tuple[Counted, ...]
    problems: tuple[str, ...] = ()
    searched: frozenset[str] = frozenset()

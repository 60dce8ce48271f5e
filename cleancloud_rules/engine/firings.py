"""What the engine found in the facts of one company."""

from enum import Enum

from attrs import frozen

from cleancloud_rules.model.facts import Fact


class Outcome(Enum):
    """What a criterion came to. "No answer" is never shown as "no"."""

    AWARDED = "awarded"
    PARTIAL = "partial"
    NOT_MET = "not_met"
    NOT_FOUND = "not_found"
    NOT_ASSESSED = "not_assessed"
    EXCLUDED = "excluded"
    GATED = "gated"
    NOT_APPLICABLE = "not_applicable"


class GroupOutcome(Enum):
    """What a group came to: a score or none, and why none."""

    SCORED = "scored"
    UNSCORED = "unscored"
    WITHHELD = "withheld"
    NOT_APPLICABLE = "not_applicable"


@frozen
class Firing:
    """One rule that fired.

    Args:
        criterion: id of the criterion; of a criterion or a group where it fires that it does not apply.
        rule: id of the rule, or ``not_applicable``.
        facts: ids of the facts that satisfy the conditions of the rule's satisfied disjuncts, sorted;
            empty for a rule that holds by absence.
    """

    criterion: str
    rule: str
    facts: tuple[str, ...]


@frozen
class Counted:
    """A fact and whether it counts.

    Args:
        fact: the fact.
        why_not: why it does not count; None where it does.
        later: id of the later fact that counts in its place, if that is why.
    """

    fact: Fact
    why_not: str | None = None
    later: str | None = None

    @property
    def counts(self) -> bool:
        """Whether the fact counts."""
        return self.why_not is None


@frozen
class Firings:
    """All that fired for one company.

    Args:
        firings: sorted by criterion and rule.
        facts: every stated and derived fact, sorted by id, with whether it counts.
        problems: sentences about derivations that found their facts and yet made nothing, sorted.
    """

    firings: tuple[Firing, ...]
    facts: tuple[Counted, ...]
    problems: tuple[str, ...] = ()

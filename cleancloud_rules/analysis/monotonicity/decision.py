"""The exact decision procedure: tries every change of one fact in every reachable state.

A change costs points in some company exactly if it does in some reachable state of the abstract state space.
"""

from fractions import Fraction
from operator import lt

from attrs import define, field, frozen

from cleancloud_rules.analysis.monotonicity.fact_kinds import Change, FactClass
from cleancloud_rules.analysis.monotonicity.lemmas import derivation
from cleancloud_rules.analysis.monotonicity.score_functions import Scored
from cleancloud_rules.analysis.monotonicity.state_space import Reach
from cleancloud_rules.completions.answered import AnswerKeys
from cleancloud_rules.completions.fact_kinds import TooLargeError
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.results.certificates import Improvement

MAX_VIOLATIONS = 400
"""The maximum number of violations that are kept, from which the smallest of each sort are shown."""


@frozen
class Violation:
    """A change of one fact that costs points.

    Args:
        company: the kinds of the other facts.
        change: the change.
    """

    company: tuple[FactClass, ...]
    change: Change

    @property
    def size(self) -> tuple[int, int]:
        """How many facts there are, and how much they state."""
        return len(self.company), self.change.cost + sum(kind.cost for kind in self.company)


@define
class Decision:
    """The decision about one part of a methodology.

    Args:
        scored: the part: a criterion, a category or the total.
        ruleset: the compiled methodology.
        keys: the keys under which a company has one answer each; None to find them.
    """

    scored: Scored
    ruleset: Ruleset
    keys: AnswerKeys | None = None
    _reaches: dict[bool, Reach] = field(factory=dict, init=False)
    _violations: dict[tuple[Improvement, bool], tuple[Violation, ...]] = field(factory=dict, init=False)

    def _reach(self, *, derived: bool) -> Reach:
        """Return the states that stated facts reach; if `derived`, also facts that only derivations can make."""
        if derived not in self._reaches:
            keys = self.keys or AnswerKeys(self.ruleset)
            self._reaches[derived] = Reach(self.scored, self.ruleset, keys, derived=derived)
        return self._reaches[derived]

    @property
    def reach(self) -> Reach:
        """The states that stated facts reach."""
        return self._reach(derived=False)

    def violations(self, sense: Improvement, *, derived: bool = False) -> tuple[Violation, ...]:
        """Return changes that cost points, those in companies of few facts first, at most `MAX_VIOLATIONS`.

        Args:
            sense: the sense of the changes.
            derived: whether facts are included that only derivations can make.

        Raises:
            TooLargeError: if there are too many states, or too many changes.
        """
        if (sense, derived) not in self._violations:
            self._violations[sense, derived] = tuple(_violations(self._reach(derived=derived), sense))
        return self._violations[sense, derived]

    def undecided(self, sense: Improvement) -> str | None:
        """Return why it is undecided although no confirmed violation was found; None if it is proved.

        Raises:
            TooLargeError: as `violations`.
        """
        if self.violations(sense):
            return "no company file can state what refutes it"
        reach = self._reach(derived=False)
        if not reach.derivable:
            return None
        if not derivation(sense, reach.types, reach.counted_types, self.ruleset.methodology):
            return "derived facts may change"
        if any(self.violations(each, derived=reach.tells_derived) for each in (sense, Improvement.EVIDENCE)):
            return "facts that only a derivation can make may lower it"
        return None

    def extremes(self) -> tuple[Fraction, Fraction, bool] | None:
        """Return the minimum, the maximum, and whether stated facts reach both; None if there are too many states."""
        try:
            reached = self._extremes(derived=False)
            if not self._reach(derived=False).tells_derived:
                return (*reached, not self._reach(derived=False).has_free_answers)
            limits = self._extremes(derived=True)
            return (*limits, limits == reached)
        except TooLargeError:
            return None

    def _extremes(self, *, derived: bool) -> tuple[Fraction, Fraction]:
        values = set(self._reach(derived=derived).reached.values)
        return min(values), max(values)


def _violations(reach: Reach, sense: Improvement) -> list[Violation]:
    """Return for each change that costs points the first state in which it does, those of few facts first."""
    # The values of all states are ranks in lists that `reached` has prepared for each kind of fact. So a change is
    # tried in all states by comparing two lists. States are numbered breadth first: the first one has the fewest facts.
    reached = reach.reached
    found = []
    for change in reach.changes(sense):
        before, after = reached.worth_with(change.old), reached.worth_after(change.new)
        if any(map(lt, after, before)):
            state = next(number for number, worse in enumerate(map(lt, after, before)) if worse)
            found.append((state, change))
    found.sort(key=lambda pair: pair[0])
    return [Violation(reached.company(state), change) for state, change in found[:MAX_VIOLATIONS]]

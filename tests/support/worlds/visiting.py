"""Visits every company that further facts make of one, the nearest first, with any number of facts."""

from collections.abc import Iterator, Sequence

from attrs import field, frozen

from tests.support.worlds.kinds import Kind
from tests.support.worlds.states import Rules, State, Summary


@frozen
class Visit:
    """All states that facts lead to from one.

    Args:
        start: the state of the stated facts.
        nearest: each state, with the fewest facts that lead there.
        whole: whether these are all; otherwise there are too many to visit.
        steps: what one more fact makes of what facts come to together.
    """

    start: State
    nearest: dict[State, tuple[Kind, ...]]
    whole: bool
    steps: dict[tuple[Summary, Summary], tuple[State, Kind]] = field(factory=dict)

    def completions(self, rules: Rules) -> Iterator[tuple[Summary, tuple[Kind, ...]]]:
        """Yield what the facts of each completion come to, and the further facts: each sum once, the nearest first."""
        seen: set[Summary] = set()
        for state, added in self.nearest.items():
            summary = rules.summary(state)
            if summary not in seen and rules.keeps(summary):
                seen.add(summary)
                yield summary, added


def visit(rules: Rules, start: State, kinds: Sequence[Kind], most: int) -> Visit:
    """Visit all states breadth first.

    Args:
        rules: the rules of the world.
        start: the state of the stated facts.
        kinds: the kinds of facts that may be added.
        most: how many states are visited at most.
    """
    found = Visit(start, {start: ()}, True)
    waiting = [start]
    for state in waiting:
        before = rules.summary(state)
        for kind in kinds:
            after = rules.adding(state, kind)
            if after is None or after == state:
                continue
            found.steps.setdefault((before, rules.summary(after)), (state, kind))
            if after not in found.nearest:
                if len(found.nearest) >= most:
                    return Visit(start, found.nearest, False, found.steps)
                found.nearest[after] = (*found.nearest[state], kind)
                waiting.append(after)
    return found

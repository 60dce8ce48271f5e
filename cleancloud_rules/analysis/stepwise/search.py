"""In which steps changes are applied one after another, if some of them are valid only together."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import combinations
from typing import Generic, TypeVar

_FEW = 3
"""The maximum number of waiting changes that are tried together with another one, before all of them are tried."""

Item = TypeVar("Item", bound=Hashable)
State = TypeVar("State")


class StepSearch(Generic[Item, State]):
    """The steps by which changes are applied. Each step leads to a valid state.

    Changes are tried in their order. A change that is not valid alone waits until it is, or until it is valid together
    with as few others as possible. Changes that still wait at the end are applied together.

    Args:
        state_after: gives the state after changes; None if it is not valid. The state after all changes is valid, and
            is asked for with True.
    """

    # Greedy search. All subsets would be 2 ** n, so a change is tried with at most _FEW of those that wait, smallest
    # subsets first, and then with all of them: O(n ** _FEW) attempts for each change. It ends because every change is
    # taken once, either by a step or at the end.

    def __init__(self, state_after: Callable[[frozenset[Item], bool], State | None]) -> None:
        self._state_after = state_after
        self._taken: frozenset[Item] = frozenset()

    def together(self, items: tuple[Item, ...]) -> State | None:
        """Apply changes in one step and return the state after them; None, and no step, if it is not valid."""
        state = self._state_after(self._taken | set(items), False)
        if state is not None:
            self._taken |= set(items)
        return state

    def __call__(self, items: Iterable[Item]) -> Iterator[tuple[tuple[Item, ...], State]]:
        """Yield the changes of each step and the state after it."""
        waiting: list[Item] = []
        for item in items:
            step = self._with_few(item, waiting)
            if step is None:
                waiting.append(item)
            while step is not None:
                yield step
                waiting = [other for other in waiting if other not in step[0]]
                step = self._first((other,) for other in waiting)
        if waiting:
            self._taken |= set(waiting)
            state = self._state_after(self._taken, True)
            assert state is not None, "the state after all changes is valid"
            yield tuple(waiting), state

    def _with_few(self, item: Item, waiting: list[Item]) -> tuple[tuple[Item, ...], State] | None:
        """Try a change alone, then with one, two and three of those that wait, and then with all of them."""
        sizes = [*range(min(len(waiting), _FEW) + 1), *([len(waiting)] if len(waiting) > _FEW else [])]
        return self._first((*some, item) for size in sizes for some in combinations(waiting, size))

    def _first(self, groups: Iterable[tuple[Item, ...]]) -> tuple[tuple[Item, ...], State] | None:
        for group in groups:
            state = self.together(group)
            if state is not None:
                return group, state
        return None

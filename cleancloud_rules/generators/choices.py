"""The source of randomness of generated methodologies and companies."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from random import Random
from typing import TypeVar

_Thing = TypeVar("_Thing")


class Choices(ABC):
    """A source of random choices. The lowest number, and the first of several options, is the simplest."""

    _turns = 0

    @abstractmethod
    def below(self, count: int) -> int:
        """Return an integer from 0 to `count` - 1."""

    def between(self, least: int, most: int) -> int:
        """Return an integer from `least` to `most`, both included."""
        return least + self.below(most - least + 1)

    def chance(self, percent: int) -> bool:
        """Return True in about `percent` of 100 cases."""
        return self.below(100) >= 100 - percent

    def one(self, options: Sequence[_Thing]) -> _Thing:
        """Return one of the options; the first one is the simplest."""
        return options[self.below(len(options))]

    def any_of(self, options: Sequence[_Thing]) -> _Thing:
        """Return one of the options; none is simpler: even if all numbers are low, each of them comes in turn."""
        self._turns += 1
        return options[(self.below(len(options)) + self._turns) % len(options)]

    def some(self, options: Sequence[_Thing], least: int, most: int) -> list[_Thing]:
        """Return `least` to `most` different options, in their order; fewer if there are not so many."""
        left = list(range(len(options)))
        count = min(self.between(least, most), len(left))
        while len(left) > count:
            left.pop(self.below(len(left)))
        return [options[index] for index in left]


class Seeded(Choices):
    """Choices that depend only on a seed.

    Args:
        seed: any number; equal seeds give equal choices everywhere.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 - nothing secret is made

    def below(self, count: int) -> int:
        """Return an integer from 0 to `count` - 1."""
        return self._random.randrange(count)

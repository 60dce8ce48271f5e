"""The rows of a table of scores, where an engine holds them."""

from collections.abc import Sequence
from typing import Any, Protocol

from attrs import frozen


class Scores(Protocol):
    """The rows of a table of scores, in the order of their companies."""

    def arrow(self) -> Any:
        """Return them as an Arrow table."""

    def count(self) -> int:
        """Return how many there are."""

    def at(self, numbers: Sequence[int]) -> list[dict[str, Any]]:
        """Return the rows with some numbers, counted from 0."""

    def problems(self) -> list[tuple[str, str]]:
        """Return the companies that have no result, each with its problem."""


@frozen(eq=False)
class ArrowScores:
    """The rows of a table of scores in memory.

    Args:
        table: the Arrow table.
    """

    table: Any

    def arrow(self) -> Any:
        """Return them as an Arrow table."""
        return self.table

    def count(self) -> int:
        """Return how many there are."""
        return int(self.table.num_rows)

    def at(self, numbers: Sequence[int]) -> list[dict[str, Any]]:
        """Return the rows with some numbers, counted from 0."""
        found: list[dict[str, Any]] = self.table.take(numbers).to_pylist()
        return found

    def problems(self) -> list[tuple[str, str]]:
        """Return the companies that have no result, each with its problem."""
        found = self.table.select(("company", "problem")).filter(self.table["problem"].is_valid())
        return [(row["company"], row["problem"]) for row in found.to_pylist()]

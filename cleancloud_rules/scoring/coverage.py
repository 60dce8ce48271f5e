"""Coverage of a group: how many of its parts are assessed, and how many must be."""

from collections.abc import Callable, Collection

from attrs import frozen

from cleancloud_rules.model.groups import Combining, CoverageLine
from cleancloud_rules.model.methodology import Criterion, Group
from cleancloud_rules.model.rounding import short


@frozen
class Covered:
    """A line of the coverage of a group, for one company.

    Args:
        line: what is asked.
        counted: how many parts are counted, whether they apply or not.
        applying: how many of them apply.
        found: how many of these are assessed.
    """

    line: CoverageLine
    counted: int
    applying: int
    found: int

    @property
    def needed(self) -> int:
        """How many parts must be assessed."""
        return self.line.needed(self.applying)

    @property
    def is_met(self) -> bool:
        """Whether enough parts are assessed."""
        return self.found >= self.needed

    def __str__(self) -> str:
        kind = "criteria" if self.line.of_criteria else "parts"
        which = f" ({', '.join(self.line.of)})" if self.line.of is not None else ""
        applying = " that apply" if self.applying < self.counted else ""
        share = f" ({short(self.line.at_least)}%)" if self.line.is_share else ""
        verb = "is" if self.needed == 1 else "are"
        assessed = f"{self.found} of {self.applying} {kind}{applying}{which} are assessed"
        return f"{assessed}, {self.needed}{share} {verb} needed"


def counted_by(
    line: CoverageLine, parts: Collection[Criterion | Group], criteria: Collection[Criterion]
) -> tuple[str, ...]:
    """Return the ids of what a line of the coverage of a group counts.

    Args:
        line: the line.
        parts: the parts of the group.
        criteria: all criteria inside it.
    """
    if line.of is not None:
        return tuple(map(str, line.of))
    return tuple(str(part.id) for part in (criteria if line.of_criteria else parts))


def coverage_of(
    combining: Combining,
    parts: Collection[Criterion | Group],
    criteria: Collection[Criterion],
    applies: Callable[[str], bool],
    is_assessed: Callable[[str], bool],
) -> tuple[Covered, ...]:
    """Return the coverage of a group, line by line.

    Args:
        combining: the group, or how the root combines its parts.
        parts: its parts.
        criteria: all criteria inside it.
        applies: whether a part applies.
        is_assessed: whether a part that applies is assessed.
    """
    found = []
    for line in combining.coverage:
        counted = counted_by(line, parts, criteria)
        applying = [id for id in counted if applies(id)]
        found.append(Covered(line, len(counted), len(applying), sum(map(is_assessed, applying))))
    return tuple(found)

"""The completions of one company as the union of several alternatives. Each alternative shuns other facts."""

from collections.abc import Iterable, Sequence
from typing import Any

from attrs import evolve, field, frozen

from cleancloud_rules.analysis.score_bounds.criterion_range import CompletionSearch, Range
from cleancloud_rules.engine.ruleset import CompiledRule
from cleancloud_rules.model.methodology import Criterion

_ENDS: tuple[tuple[Any, str], ...] = ((min, "floor"), (max, "ceiling"))


@frozen
class Alternatives:
    """The searches of all alternatives. A completion is one of some alternative, so ranges and truths are united.

    Args:
        searches: the search of each alternative, at least one.
    """

    searches: Sequence[CompletionSearch]
    _found: dict[str, list[Range]] = field(factory=dict, init=False, repr=False)

    def criterion(self, criterion: Criterion) -> Range:
        """Return the range of a criterion."""
        found = self._found[criterion.id] = [search.criterion(criterion) for search in self.searches]
        return _united(found)

    def divides(self, ids: Iterable[str]) -> bool:
        """Whether no alternative reaches the lower bounds of all these criteria, or none reaches all upper bounds."""
        found = [self._found[id] for id in ids]
        least, most = ([pick(getattr(r, end) for r in some) for some in found] for pick, end in _ENDS)
        numbers = range(len(self.searches))
        low = any(all(some[n].floor == end for some, end in zip(found, least, strict=True)) for n in numbers)
        high = any(all(some[n].ceiling == end for some, end in zip(found, most, strict=True)) for n in numbers)
        return not (low and high)

    def if_assessed(self, criterion: Criterion) -> Range:
        """Return the range of a criterion over the completions that assess it and do not exempt it itself."""
        return _united([search.if_assessed(criterion) for search in self.searches])

    def truths(self, rule: CompiledRule) -> frozenset[bool]:
        """Return whether a rule holds in some completion, and whether it fails in some."""
        return frozenset[bool]().union(*(search.search.truths(rule) for search in self.searches))


def _united(ranges: Sequence[Range]) -> Range:
    """Return the smallest range around several. If all of them are tight, so is it."""
    widest = max(ranges, key=lambda found: (found.ceiling, -found.floor))
    return evolve(
        widest,
        floor=min(found.floor for found in ranges),
        exact=all(found.exact for found in ranges),
        is_monotone=all(found.is_monotone for found in ranges),
    )

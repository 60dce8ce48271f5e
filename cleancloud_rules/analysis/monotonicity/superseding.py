"""Counterexamples in which a later fact supersedes one that earned more, where only the latest facts count.

The exact decision knows no days. So that equal criteria are judged alike, these are built and not searched for.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from attrs import evolve, frozen

from cleancloud_rules.analysis.monotonicity.counterexamples import Refutation
from cleancloud_rules.analysis.monotonicity.fact_kinds import Change, FactClass
from cleancloud_rules.analysis.monotonicity.state_space import Reach
from cleancloud_rules.analysis.monotonicity.witness import counterexample
from cleancloud_rules.analysis.monotonicity.witness_files import Data, Pair, Realiser
from cleancloud_rules.model.facts import FactType, Selection
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.certificates import Improvement
from cleancloud_rules.scoring.compiled import CompiledMethodology

MAX_TRIED = 60
"""The maximum number of pairs of facts that are tried for one part."""

_DAY = timedelta(days=1)


@frozen
class Superseding:
    """Builds companies with a fact and a later one of the same key.

    Args:
        compiled: the methodology.
    """

    compiled: CompiledMethodology

    def refutation(self, reach: Reach, key: str, sense: Improvement) -> Refutation | None:
        """Return a counterexample in which a fact supersedes another; None if none was found.

        Args:
            reach: the kinds of facts that the part distinguishes.
            key: the key of the part that earns less.
            sense: evidence, in which the later fact is added; or narrowing, in which its key is stated.
        """
        for pair in islice(self._pairs(reach, sense), MAX_TRIED):
            found = counterexample(pair, key, sense, self.compiled)
            if found is not None:
                return pair, found
        return None

    def _pairs(self, reach: Reach, sense: Improvement) -> Iterator[Pair]:
        methodology = self.compiled.methodology
        for kinds in reach.kinds:
            fact_type = methodology.vocabulary.by_id[kinds.type_id]
            keys = [str(own.id) for own in fact_type.fields if own.key]
            if fact_type.selection is not Selection.LATEST or "period" in kinds.names:
                continue
            for kind in sorted(kinds.all, key=lambda kind: kind.cost):
                for other in kinds.variants(kind):
                    pair = self._added(kind, other, fact_type)
                    if sense is Improvement.EVIDENCE:
                        yield pair
                    elif sense is Improvement.NARROWING:
                        yield from (_stated(pair, name) for name in keys if name in _values(pair.after["facts"][1]))

    def _added(self, kind: FactClass, other: FactClass, fact_type: FactType) -> Pair:
        pair = Realiser(self.compiled.methodology).pair((kind,), Change(other))
        later = _last_day(self.compiled.methodology, fact_type)
        first, second = (_on(fact, day) for fact, day in zip(pair.after["facts"], (later - _DAY, later), strict=True))
        return evolve(pair, before={**pair.before, "facts": [first]}, after={**pair.after, "facts": [first, second]})


def _last_day(methodology: Methodology, fact_type: FactType) -> date:
    """Return a day on which a fact counts, and on the day before it too, if the window has two days."""
    window = dict(methodology.windows)[fact_type.horizon]
    days = [day for day in (window.end, methodology.as_of) if day is not None]
    return min(days) if days else (window.start or date(2023, 12, 30)) + _DAY


def _on(fact: Data, day: date) -> Data:
    return {**{key: value for key, value in fact.items() if key != "period"}, "as_of": day.isoformat()}


def _values(fact: Data) -> Data:
    values: Data = next(iter(fact.values()))
    return values


def _stated(pair: Pair, name: str) -> Pair:
    """Return the pair in which the second fact is there before, with a key that is disclosed without its value."""
    first, second = pair.after["facts"]
    type_id = next(iter(second))
    kept = {key: value for key, value in second[type_id].items() if key != name}
    hidden = {**second, type_id: kept, "disclosed": [*second.get("disclosed", []), name]}
    return Pair({**pair.after, "facts": [first, hidden]}, pair.after, 1, name)

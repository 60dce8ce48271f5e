"""Searches for a company that tells a mutant from the original, and makes a test case of it."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from attrs import frozen

from cleancloud_rules.cases.mutation.candidates import (
    Data,
    Fragments,
    aimed_at,
    data_of,
    fitted,
    generated,
    simplifications,
)
from cleancloud_rules.cases.mutation.differences import difference, distance
from cleancloud_rules.cases.mutation.mutants import Mutant
from cleancloud_rules.cases.mutation.rescoring import Alone, Named, Rescoring, Scored
from cleancloud_rules.errors import FactsError
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.language.load.files import company_from
from cleancloud_rules.model.cases import Case
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.scoring.compiled import compiled

AIMED = 120
"""How many companies are generated for one mutant of a criterion."""

SHARED = 120
"""How many companies are generated for all mutants of groups together."""

_STARTS = 3
"""From how many companies a search near a score starts."""

CLIMBS = 300
"""How many companies a search near a score tries."""

_FEW = 20
"""How many of them are changed further."""

_SEED = 2024


@frozen
class Telling:
    """A company that tells a mutant from the original.

    Args:
        data: the company, with no fact that could be left out.
        named: the result in which the two differ.
        value: this result under the original.
    """

    data: Data
    named: Named
    value: object


class Search:
    """Searches for companies that tell mutants from one methodology.

    Args:
        methodology: the methodology.
        cases: its test cases, whose companies are tried first.
        alone: its criteria, each alone.
    """

    def __init__(self, methodology: Methodology, cases: Iterable[Case], alone: Alone) -> None:
        self.methodology = methodology
        self._own = compiled(methodology)
        self._alone = alone
        self._original = Rescoring(methodology, methodology, alone)
        known = [data_of(case.company, methodology) for case in cases]
        self._pool = [(data, scored) for data in known if (scored := self._scored(data)) is not None]
        self._has_shared = False
        self._climbed: set[tuple[str | None, Decimal]] = set()

    def telling(self, mutant: Mutant) -> Telling | None:
        """Return a company that tells a mutant from the original; None if none was found."""
        changed = Rescoring(mutant.methodology, self.methodology, self._alone)
        for data, scored in self._candidates(mutant):
            if self._differs(scored, changed, mutant) is not None:
                return self._told(data, changed, mutant)
        return None

    def _candidates(self, mutant: Mutant) -> Iterator[tuple[Data, Scored]]:
        yield from self._pool
        if self._asks(mutant):
            aimed = generated(aimed_at(mutant, self.methodology), _SEED)
            few = list(islice(aimed, _FEW))
            yield from self._loaded(few)
            yield from self._loaded(fitted(mutant, self.methodology, few))
            yield from self._loaded(islice(aimed, AIMED))
        if mutant.asks_otherwise:
            return
        if not self._has_shared:
            self._has_shared = True
            for pair in self._loaded(islice(generated(self.methodology, _SEED), SHARED)):
                self._pool.append(pair)
                yield pair
        if mutant.near is not None and (mutant.owner, mutant.near) not in self._climbed:
            self._climbed.add((mutant.owner, mutant.near))
            yield from self._climbing(mutant)

    def _asks(self, mutant: Mutant) -> bool:
        return any(owner == mutant.owner for owner, _, _ in self.methodology.asked)

    def _climbing(self, mutant: Mutant) -> Iterator[tuple[Data, Scored]]:
        """Yield companies with scores ever nearer to a number: a local search that keeps what is not worse."""
        assert mutant.near is not None
        of = mutant.owner
        fragments, choices = Fragments(self.methodology, [data for data, _ in self._pool]), Seeded(_SEED)

        def far(scored: Scored) -> Fraction:
            found = distance(self._original.results(scored), of, mutant.near)  # type: ignore[arg-type]
            return Fraction(10**9) if found is None else found

        ranked = sorted((far(scored), number) for number, (_, scored) in enumerate(self._pool))[:_STARTS]
        for _, number in ranked:
            best, here = self._pool[number][0], far(self._pool[number][1])
            for _ in range(CLIMBS // len(ranked)):
                tried = fragments.varied(best, choices)
                scored = self._scored(tried)
                if scored is None:
                    continue
                yield tried, scored
                there = far(scored)
                if there <= here:
                    if there < here:
                        self._pool.append((tried, scored))
                    best, here = tried, there

    def _loaded(self, companies: Iterable[Data]) -> Iterator[tuple[Data, Scored]]:
        for data in companies:
            scored = self._scored(data)
            if scored is not None:
                yield data, scored

    def _scored(self, data: Data) -> Scored | None:
        try:
            company = company_from(data, self.methodology)
            return Scored(company, self._own.fire(company, cross_check=False))
        except FactsError:
            return None  # facts that were put together can contradict each other

    def _differs(self, scored: Scored, changed: Rescoring, mutant: Mutant) -> Named | None:
        return difference(self._original.results(scored), changed.results(scored), mutant)

    def _told(self, data: Data, changed: Rescoring, mutant: Mutant) -> Telling:
        """Return the company without all that can be left out, so that it still tells the mutant."""

        def tells(tried: Data) -> bool:
            scored = self._scored(tried)
            return scored is not None and self._differs(scored, changed, mutant) is not None

        for key in ("cohort", "answers", "not_found"):
            if key in data and tells(fewer := {k: v for k, v in data.items() if k != key}):
                data = fewer
        for key in ("facts", "not_found"):
            for item in list(data.get(key, ())):
                rest = list(data[key])
                rest.remove(item)
                if tells(fewer := {**data, key: rest}):
                    data = fewer
        for simpler in simplifications(data):
            tried = simpler(data)
            if tried != data and tells(tried):
                data = tried
        scored = self._scored(data)
        assert scored is not None
        before = self._original.results(scored)
        named = difference(before, changed.results(scored), mutant)
        assert named is not None
        return Telling(data, named, before.value(named))

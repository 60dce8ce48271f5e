"""Reads the facts of companies that count for a published claim."""

from collections.abc import Sequence

from attrs import evolve, frozen

from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.errors import EngineError, FactsError
from cleancloud_rules.model.facts import Company, Fact
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.vocabulary import Window
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.scoring.failures import Failures, note


@frozen
class Read:
    """A company with its facts that count: the stated ones, and all that were read; None if the engine failed."""

    company: Company
    stated: tuple[Fact, ...] | None = None
    facts: tuple[Fact, ...] | None = None

    @property
    def id(self) -> str:
        """The id of the company."""
        return str(self.company.id)


@frozen
class Reader:
    """Reads companies.

    Args:
        with_hypothetical: whether hypothetical facts count like stated ones.
        failures: a list for the errors of companies; without it the first one is raised.
    """

    with_hypothetical: bool
    failures: Failures | None

    def read(self, companies: Sequence[Company], methodology: Methodology) -> tuple[Read, ...]:
        """Return the companies with the facts that count in a methodology.

        Raises:
            EngineError: if the rules engine is missing or fails, and there is no list of failures.
            FactsError: if facts contradict each other, likewise.
        """
        return tuple(self._company(company, methodology) for company in companies)

    def _company(self, company: Company, methodology: Methodology) -> Read:
        own = compiled(methodology)
        try:
            stated = _counting(own.fire(company))
            if not self.with_hypothetical:
                return Read(company, stated, stated)
            return Read(company, stated, _counting(own.fire(company, with_hypothetical=True)))
        except (EngineError, FactsError) as error:
            note(error, self.failures)
            return Read(company)

    def read_again(self, read: Sequence[Read], methodology: Methodology) -> tuple[Read, ...]:
        """Return companies with the facts that count in other windows. What failed before is not tried again.

        Args:
            read: the companies as they were read before.
            methodology: the methodology with these windows.
        """
        vocabulary, windows = methodology.vocabulary, dict(methodology.windows)
        # Searches without result were made for the windows of the methodology, and say nothing about other years.
        timeless = {own.id for own in vocabulary.fact_types if not windows[own.horizon].has_ends}
        found = []
        for one in read:
            kept = tuple(entry for entry in one.company.not_found if entry.condition.fact_type in timeless)
            company = evolve(one.company, not_found=kept)
            found.append(Read(company) if one.stated is None else self._company(company, methodology))
        return tuple(found)


def within(window: Window | None, methodology: Methodology) -> Methodology:
    """Return a methodology in which another window, if there is one, replaces those that have ends."""
    if window is None:
        return methodology
    windows = ((horizon, window if own.has_ends else own) for horizon, own in methodology.windows)
    return evolve(methodology, windows=tuple(windows))


def _counting(firings: Firings) -> tuple[Fact, ...]:
    return tuple(counted.fact for counted in firings.facts if counted.counts)

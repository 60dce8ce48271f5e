"""The page of the data: files, sources, and how to compute everything again."""

from collections import Counter
from functools import cached_property

from attrs import frozen

from cleancloud_rules.reports.pages.site import Site
from cleancloud_rules.reports.pages.tables import Table
from cleancloud_rules.results.records import SourceRecord


@frozen
class SourceLine:
    """A source with how often it is cited.

    Args:
        source: the source.
        facts: how many facts cite it.
        searches: how many documented searches without result cite it.
    """

    source: SourceRecord
    facts: int
    searches: int


@frozen(slots=False)
class DataPage:
    """What the page of the data says.

    Args:
        site: the results.
        files: the tables beside the pages; none if they are left out.
    """

    site: Site
    files: tuple[Table, ...] = ()

    @property
    def facts(self) -> int:
        """How many facts the companies have, those that were derived left out."""
        return sum(fact.derived_by is None for card in self.site.cards for fact in card.facts)

    @property
    def searches(self) -> int:
        """How many documented searches without result the companies have."""
        return sum(len(card.searches) for card in self.site.cards)

    @cached_property
    def sources(self) -> tuple[SourceLine, ...]:
        """The sources that are cited, sorted by id."""
        found = {source.id: source for card in self.site.cards for source in card.sources}
        facts = Counter(fact.source for card in self.site.cards for fact in card.facts)
        searches = Counter(search.source for card in self.site.cards for search in card.searches)
        return tuple(SourceLine(found[id], facts[id], searches[id]) for id in sorted(found))

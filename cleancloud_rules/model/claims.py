"""Published claims: counts of companies that a publisher states."""

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.conditions import When
from cleancloud_rules.model.facts import Source
from cleancloud_rules.model.values import Interval


@frozen
class PublishedClaim:
    """A published count of companies.

    Args:
        id: unique within the dataset.
        title: what is counted.
        published: the number of companies as published: an exact number or a bound.
        when: the condition for a company to be counted; None if only the cohort decides.
        cohort: the cohort that is counted; None for all companies.
        earlier: counts of earlier editions, by edition.
        from_words: whether the number was inferred from words such as "nearly 90%".
        imposed: whether facts chosen by a solver must meet it.
        topic: claims of one topic are readings of the same sentence, or contradict each other.
        contradicts: ids of claims that cannot be true together with this one.
        source: where it is published.
        locator: where in the source.
        note: anything a reader should know about it.
    """

    id: str
    title: str
    published: int | Interval
    when: When | None = None
    cohort: str | None = None
    earlier: tuple[tuple[str, int], ...] = ()
    from_words: bool = False
    imposed: bool = False
    topic: str | None = None
    contradicts: tuple[str, ...] = ()
    source: Source | None = None
    locator: str | None = None
    note: str | None = None
    node: MappingNode | None = field(default=None, eq=False, repr=False, kw_only=True)

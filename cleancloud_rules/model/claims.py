"""Aggregate statements of a publication: how many companies do what."""

from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.conditions import When
from cleancloud_rules.model.facts import Source
from cleancloud_rules.model.values import Interval
from cleancloud_rules.results.records import MethodologyRecord, NoticeRecord


@frozen
class PublishedClaim:
    """One published count.

    Args:
        id: unique within the dataset.
        title: what is counted.
        published: the number of companies as published: an exact number or a bound.
        when: what must hold of a company to be counted; None where only the cohort decides.
        cohort: the cohort that is counted; None for all companies.
        earlier: counts of earlier editions, by edition.
        from_words: whether the number was inferred from words such as "nearly 90%".
        imposed: whether facts chosen by a solver must meet it.
        topic: statements of one topic are readings of the same sentence, or contradict each other.
        contradicts: ids of statements that cannot be true with this one.
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


@frozen
class ClaimResult:
    """A published count beside the counts that facts give.

    Args:
        id: id of the statement.
        title: what is counted.
        topic: what its sentence is about, shared by readings of one sentence.
        published: the published count in words, such as ``8`` or ``at least 23``.
        stated: the count from stated facts alone.
        with_hypothetical: the count with hypothetical facts; None where they were not read.
        met: whether the count (with hypothetical facts, where they were read) is the published one.
        companies: names of the companies that are counted from stated facts.
        hypothetical_companies: names of those that are counted only with hypothetical facts.
        earlier: counts of earlier editions, by edition.
        from_words: whether the published count was inferred from words.
        imposed: whether it was imposed on the facts that a solver chose.
        contradicts: ids of statements that cannot be true with this one.
        locator: where it is published.
        note: anything a reader should know about it.
    """

    id: str
    title: str
    topic: str | None
    published: str
    stated: int
    with_hypothetical: int | None
    met: bool
    companies: tuple[str, ...]
    hypothetical_companies: tuple[str, ...]
    earlier: tuple[tuple[str, int], ...]
    from_words: bool
    imposed: bool
    contradicts: tuple[str, ...]
    locator: str | None
    note: str | None


@frozen
class ClaimReport:
    """All aggregate statements of a dataset, examined."""

    dataset: str
    methodology: MethodologyRecord
    rows: tuple[ClaimResult, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str

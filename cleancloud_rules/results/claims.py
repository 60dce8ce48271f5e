"""Published claims recounted: each published count beside the counts that facts give."""

from typing import Any

from attrs import frozen

from cleancloud_rules.results.json import fields_of, own_fields
from cleancloud_rules.results.records import MethodologyRecord, NoticeRecord


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


@fields_of.register
def _(claim: ClaimResult) -> dict[str, Any]:
    return {**own_fields(claim), "earlier": dict(claim.earlier)}

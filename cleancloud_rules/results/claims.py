"""Published claims, recounted: each published count with the count that the facts give."""

from typing import Any

from attrs import frozen

from cleancloud_rules.results.json import fields_of, own_fields
from cleancloud_rules.results.records import MethodologyRecord, NoticeRecord


@frozen
class ClaimResult:
    """A published claim with the counts that the facts give.

    Args:
        id: id of the claim.
        title: what the claim counts.
        topic: the subject of its sentence; readings of one sentence share a topic.
        published: the published count in words, such as ``8`` or ``at least 23``.
        stated: the count from stated facts alone.
        with_hypothetical: the count with hypothetical facts; None if they were not read.
        met: whether the count is the published one; the count includes hypothetical facts if they were read.
        companies: names of the companies that are counted from stated facts.
        hypothetical_companies: names of the companies that are counted only with hypothetical facts.
        earlier: counts of earlier editions, by edition.
        from_words: whether the published count was inferred from words.
        imposed: whether it was imposed on the facts that a solver chose.
        contradicts: ids of claims that cannot be true together with this one.
        locator: the place of publication.
        note: a note for readers.
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
    """All published claims of a dataset, recounted."""

    dataset: str
    methodology: MethodologyRecord
    rows: tuple[ClaimResult, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str


@fields_of.register
def _(claim: ClaimResult) -> dict[str, Any]:
    return {**own_fields(claim), "earlier": dict(claim.earlier)}

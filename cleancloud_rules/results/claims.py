"""Published claims, recounted: each published count with the companies that the facts give."""

from enum import Enum

from attrs import frozen

from cleancloud_rules.documents.extra_keys import Extra
from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.base import Result
from cleancloud_rules.results.from_data import Count
from cleancloud_rules.results.json import form
from cleancloud_rules.results.records import (
    SCHEMA_VERSION,
    CompanyRecord,
    ContradictionRecord,
    MethodologyRecord,
    NoticeRecord,
)


class ClaimVerdict(Enum):
    """Whether every count that the facts allow is the published one (agrees), some are (possible), or none is."""

    AGREES = "agrees"
    POSSIBLE = "possible"
    DISAGREES = "disagrees"


@frozen(field_transformer=one_line)
class ClaimResult:
    """A published count with the companies that meet its condition.

    Args:
        id: id of the claim.
        title: what the claim counts.
        topic: the subject of its sentence; readings of one sentence share a topic.
        published: the published count in words, such as ``8`` or ``at least 23``.
        verdict: whether the published count agrees with the facts.
        floor: the lower bound of the count: the number of companies that are counted in any case.
        ceiling: the upper bound of the count: the number of companies that are or may be counted.
        yes: ids of the companies that are counted in every completion of their facts.
        cannot_tell: ids of the companies that are counted in some completions and not in others.
        no: ids of the companies that are counted in no completion.
        named: ids of the companies that the publisher names among them.
        by_hypothetical: ids of the companies whose answer is another one without hypothetical facts.
        earlier: counts of earlier editions, by edition.
        from_words: whether the published count was inferred from words.
        reason: why this reading of its sentence is refused; null if it is not.
        contradicts: ids of claims that cannot be true together with this one.
        locator: the place of publication.
        note: a note for readers.
        extra: the keys of the user's own.
    """

    id: str
    title: str
    topic: str | None
    published: str
    verdict: ClaimVerdict
    floor: Count
    ceiling: Count
    yes: tuple[str, ...]
    cannot_tell: tuple[str, ...]
    no: tuple[str, ...]
    named: tuple[str, ...]
    by_hypothetical: tuple[str, ...]
    earlier: tuple[tuple[str, Count], ...]
    from_words: bool
    reason: str | None
    contradicts: tuple[str, ...]
    locator: str | None
    note: str | None
    extra: Extra = ()


@frozen(field_transformer=one_line)
class UnanswerableRecord:
    """A published claim that no fact can answer.

    Args:
        id: id of the claim.
        title: what is claimed.
        why: why no fact can answer it.
        locator: the place of publication.
        note: a note for readers.
        extra: the keys of the user's own.
    """

    id: str
    title: str
    why: str
    locator: str | None
    note: str | None
    extra: Extra = ()


@frozen(field_transformer=one_line)
class ClaimReport(Result):
    """All published claims of a dataset, recounted.

    Args:
        dataset: title of the dataset.
        methodology: the methodology.
        with_hypothetical: whether hypothetical facts were counted like stated ones.
        companies: the companies of the dataset.
        rows: the claims that count companies, in the order of their file.
        refused: the readings of sentences that the data do not take them to have, likewise.
        unanswerable: the claims that no fact can answer, likewise.
        notices: the sentences that every output carries.
        library_version: the version of this library.
        contradictions: where the publisher contradicts itself, in the order of the file.
        schema_version: the version of the JSON form.
    """

    dataset: str
    methodology: MethodologyRecord
    with_hypothetical: bool
    companies: tuple[CompanyRecord, ...]
    rows: tuple[ClaimResult, ...]
    refused: tuple[ClaimResult, ...]
    unanswerable: tuple[UnanswerableRecord, ...]
    notices: tuple[NoticeRecord, ...]
    library_version: str
    contradictions: tuple[ContradictionRecord, ...] = ()
    schema_version: int = SCHEMA_VERSION


form(ClaimResult, earlier=lambda claim: dict(claim.earlier))

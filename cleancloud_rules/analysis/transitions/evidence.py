"""What changed in the evidence about companies: sources, facts and searches without result."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from attrs import evolve, field, frozen

from cleancloud_rules.model.digest import canonical, identified, identity_of
from cleancloud_rules.model.facts import (
    Company,
    Fact,
    NotFound,
    Response,
    ResponseStatus,
    Source,
)
from cleancloud_rules.results.differences import ChangeKind
from cleancloud_rules.results.kept_records import EvidenceKind

_FULL = 64
"""The digits of a digest that only equal content shares."""

_Stated = TypeVar("_Stated", Fact, NotFound)


@frozen
class Pair:
    """What two records have of one thing; None for what one of them lacks.

    Args:
        of: what kind of thing it is.
        old: the thing in the old record.
        new: the thing in the new record.
    """

    of: EvidenceKind
    old: Fact | NotFound | Source | Company | None = None
    new: Fact | NotFound | Source | Company | None = None

    @property
    def kind(self) -> ChangeKind:
        """How it changed. A cut-off is never added or removed."""
        if (self.old is None) is (self.new is None):
            return ChangeKind.CHANGED
        return ChangeKind.ADDED if self.old is None else ChangeKind.REMOVED


@frozen
class Edit:
    """A change that is applied to one company that both records have.

    Args:
        number: the number of the change. A changed source or cut-off has one number for all companies.
        company: the id of the company.
        pair: what changed.
    """

    number: int
    company: str
    pair: Pair = field(eq=False)


def content_of(stated: Fact | NotFound) -> tuple[str, str | None]:
    """Return the content of a fact or a search: all but what its source says of itself, and the id of its source."""
    source = None if stated.source is None else stated.source.id
    if isinstance(stated, NotFound):
        return canonical(evolve(stated, source=None)), source
    return identified(evolve(stated, source=None), _FULL).id, source


def _pairs(of: EvidenceKind, old: Iterable[_Stated], new: Iterable[_Stated]) -> list[Pair]:
    """Return what changed. Two things with one identity and different content are one that changed, in their order."""
    before = {content_of(stated): stated for stated in old}
    after = {content_of(stated): stated for stated in new}
    gone = [stated for content, stated in before.items() if content not in after]
    come: list[_Stated] = [stated for content, stated in after.items() if content not in before]
    found: list[Pair] = []
    for stated in gone:
        other = next((one for one in come if identity_of(one) == identity_of(stated)), None)
        found.append(Pair(of, stated, other))
        come = [one for one in come if one is not other]
    return [*found, *(Pair(of, None, stated) for stated in come)]


def company_pairs(old: Company, new: Company) -> Iterator[Pair]:
    """Yield what changed about a company but for its sources, in the order in which it is applied.

    What is gone comes first, because a fact can contradict a search without result, and what is new comes last.
    """
    if (old.name, old.aliases, old.cohort) != (new.name, new.aliases, new.cohort):
        yield Pair(EvidenceKind.COMPANY, old, new)
    pairs = [
        *_pairs(EvidenceKind.FACT, old.facts, new.facts),
        *_pairs(EvidenceKind.SEARCH, old.not_found, new.not_found),
    ]
    for kind in (ChangeKind.REMOVED, ChangeKind.CHANGED, ChangeKind.ADDED):
        yield from (pair for pair in pairs if pair.kind is kind)


def source_pairs(old: Mapping[str, Source], new: Mapping[str, Source]) -> list[Pair]:
    """Return the sources that are gone, new or changed, sorted by id."""
    pairs = (Pair(EvidenceKind.SOURCE, old.get(id), new.get(id)) for id in sorted({*old, *new}))
    return [pair for pair in pairs if key_of(pair)[0] != key_of(pair)[1]]


def key_of(pair: Pair) -> tuple[str, str]:
    """Return what two records have of a thing as text. Two companies can have different sources of one id."""
    return canonical(pair.old), canonical(pair.new)


def cited_by(company: Company) -> dict[str, Source]:
    """Return the sources that the facts and searches of a company cite, by id."""
    cited = [*(fact.source for fact in company.facts), *(search.source for search in company.not_found)]
    return {source.id: source for source in cited if source is not None}


def response_to(pair: Pair, old: Iterable[Response], new: Iterable[Response]) -> str | None:
    """Return the id of the response of a company that a change of a fact accepts; None if none asks for it.

    A response asks for the facts that it offers, and that those are gone which it disputes. One that was rejected in
    the end was not accepted.

    Args:
        pair: what changed.
        old: the responses of the company in the old record.
        new: those in the new record.
    """
    known = {response.id: response for response in (*old, *new)}
    for id, response in known.items():
        if response.status is ResponseStatus.REJECTED:
            continue
        if isinstance(pair.new, Fact):
            if content_of(pair.new) in map(content_of, response.facts):
                return id
        elif isinstance(pair.old, Fact) and pair.old.id in response.disputes:
            return id
    return None

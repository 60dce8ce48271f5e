"""Companies between two records: with some changes of their evidence applied, as any methodology between reads them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from attrs import evolve

from cleancloud_rules.analysis.editions.company_files import CompanyFiles, reads_like
from cleancloud_rules.analysis.session import score
from cleancloud_rules.analysis.transitions.evidence import Edit, cited_by
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.errors import FactsError
from cleancloud_rules.language.conditions import Scope
from cleancloud_rules.language.load.companies import contradictions
from cleancloud_rules.model.digest import sha256, with_distinct
from cleancloud_rules.model.facts import Company, Fact, NotFound, Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.kept_records import EvidenceKind
from cleancloud_rules.results.scorecards import Scorecard

_Stated = TypeVar("_Stated", Fact, NotFound)

Done = frozenset[Edit]
"""The changes of a company that are applied."""


class Readings:
    """The companies of one record, as any methodology reads their files.

    Args:
        files: the company files.
    """

    def __init__(self, files: CompanyFiles) -> None:
        self.files = files
        self._read: list[tuple[Methodology, dict[str, Company]]] = []

    def under(self, methodology: Methodology) -> Mapping[str, Company]:
        """Return the companies that a methodology can read, by id."""
        for known, read in self._read:
            if known is methodology or reads_like(known, methodology):
                return read
        companies = {company.id: company for company in self.files.read(methodology)[0].values()}
        self._read.append((methodology, companies))
        return companies


class States:
    """Companies with some of their changes, and their scorecards.

    Args:
        old: the companies of the old record.
        new: those of the new record.
        edits: the changes of each company that both records have.
    """

    def __init__(self, old: Readings, new: Readings, edits: Mapping[str, Done]) -> None:
        self._old = old
        self._new = new
        self._edits = edits
        self._cards: dict[int, tuple[Methodology, dict[tuple[str, Done], Scorecard | FactsError]]] = {}

    def is_between(self, id: str, methodology: Methodology) -> bool:
        """Whether a methodology can read a company as either record has it, and it has a result with all changes."""
        return id in self._old.under(methodology) and self.card(id, self._edits[id], methodology) is not None

    def card(self, id: str, done: Done, methodology: Methodology, *, is_last: bool = False) -> Scorecard | None:
        """Return the scorecard of a company after some changes; None if it cannot be read or has no result.

        A company that only one record has is as that record has it.

        Args:
            id: the id of the company.
            done: the changes.
            methodology: the methodology.
            is_last: whether it must have one.

        Raises:
            FactsError: if it must have one, and facts that count contradict each other.
        """
        company = self._company(id, done, methodology)
        if company is None:
            return None
        _, cards = self._cards.setdefault(id_of(methodology), (methodology, {}))
        if (id, done) not in cards:
            try:
                cards[id, done] = score(company, methodology)
            except FactsError as error:
                cards[id, done] = error
        found = cards[id, done]
        if not isinstance(found, FactsError):
            return found
        if is_last:
            raise found
        return None

    def keep(self, methodology: Methodology) -> None:
        """Forget the scorecards under all methodologies but one."""
        own = id_of(methodology)
        self._cards = {key: kept for key, kept in self._cards.items() if key == own}

    def _company(self, id: str, done: Done, methodology: Methodology) -> Company | None:
        old, new = self._old.under(methodology).get(id), self._new.under(methodology).get(id)
        own = self._edits.get(id)
        if own is None:
            return old or new
        if not done:
            return old
        if done == own:
            return new
        if old is None or new is None:
            return None
        company = _mixed(old, new, done)
        return None if company is None or _is_contradictory(company, methodology) else company


id_of = id
"""What tells an object from all others that exist."""


def _is_contradictory(company: Company, methodology: Methodology) -> bool:
    gather = DiagnosticCollector()
    contradictions(company.facts, company.not_found, Scope(methodology.vocabulary, {}), gather)
    return bool(gather.diagnostics)


def _mixed(old: Company, new: Company, done: Done) -> Company | None:
    """Return a company with some of its changes; None if a methodology does not read what they are about."""
    kinds = {edit.pair.of for edit in done}
    head = new if EvidenceKind.COMPANY in kinds else old
    cut_off = new.cut_off if EvidenceKind.CUT_OFF in kinds else old.cut_off
    before, after = cited_by(old), cited_by(new)
    changed = {edit.pair.new.id for edit in done if isinstance(edit.pair.new, Source)}
    sources = {**after, **before, **{id: source for id, source in after.items() if id in changed}}
    facts = _some(old.facts, new.facts, [edit for edit in done if edit.pair.of is EvidenceKind.FACT])
    searches = _some(old.not_found, new.not_found, [edit for edit in done if edit.pair.of is EvidenceKind.SEARCH])
    if facts is None or searches is None:
        return None
    missing = tuple(sorted((_citing(search, sources) for search in searches), key=sha256))
    company = evolve(head, not_found=missing, cut_off=cut_off)
    return with_distinct(company, [_citing(fact, sources) for fact in facts])


def _some(old: Iterable[_Stated], new: Iterable[_Stated], edits: Sequence[Edit]) -> list[_Stated] | None:
    """Return what is stated after changes, each found by its place; None if something is missing.

    A file is the same under every methodology, so places tell what is meant also where other words make another id.
    """
    stated, come = {_place(one): one for one in old}, {_place(one): one for one in new}
    for edit in edits:
        if edit.pair.old is not None and stated.pop(_place(edit.pair.old), None) is None:
            return None
    kept = list(stated.values())
    for edit in edits:
        if edit.pair.new is not None:
            found = come.get(_place(edit.pair.new))
            if found is None:
                return None
            kept.append(found)
    return kept


def _place(stated: Fact | NotFound | Source | Company) -> tuple[int, int, str]:
    """Return the place of an entry in its file."""
    assert stated.node is not None
    location = stated.node.location
    return (location.line, location.column, location.path)


def _citing(stated: _Stated, sources: Mapping[str, Source]) -> _Stated:
    source = stated.source
    return stated if source is None or sources[source.id] == source else evolve(stated, source=sources[source.id])

"""Loads files of facts that are added to those of a company, to ask what they would change."""

from collections.abc import Callable, Container, Iterable, Mapping

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import EVERYTHING, DiagnosticCollector, did_you_mean
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.language.conditions import Scope
from cleancloud_rules.language.converter import salvage
from cleancloud_rules.language.file_types import StatedFacts
from cleancloud_rules.language.load.companies import contradictions, leaving_no_value, passing_all
from cleancloud_rules.language.load.stated_facts import scope_of, stated_in
from cleancloud_rules.model.digest import identified, sha256, with_distinct
from cleancloud_rules.model.facts import Bibliography, Company, Fact, NotFound, Source
from cleancloud_rules.model.methodology import Methodology

_FULL = 64
"""The digits of an id that no other fact has."""


@frozen
class FactEdit:
    """A fact or a search without result that is added to a company, or a fact that is removed.

    Args:
        company: the id of the company.
        fact: the fact; an added one has its full digest as its id.
        search: the search without result, if no fact is given.
        removes: whether the fact is removed.
        refutes: the searches without result of the company that an added fact contradicts. They are dropped with it.
    """

    company: str
    fact: Fact | None = None
    search: NotFound | None = None
    removes: bool = False
    refutes: tuple[NotFound, ...] = ()


def edited(company: Company, edits: Iterable[FactEdit]) -> Company:
    """Return a company after edits. Without edits of this company it is the company itself."""
    own = [edit for edit in edits if edit.company == company.id]
    if not own:
        return company
    removed = {edit.fact.id for edit in own if edit.removes and edit.fact is not None}
    added = [edit.fact for edit in own if not edit.removes and edit.fact is not None]
    refuted = {search for edit in own for search in edit.refutes}
    searches = [search for search in company.not_found if search not in refuted]
    searches += [edit.search for edit in own if edit.search is not None]
    kept = [fact for fact in company.facts if fact.id not in removed]
    return with_distinct(evolve(company, not_found=tuple(sorted(searches, key=sha256))), [*kept, *added])


def fully_identified(fact: Fact) -> Fact:
    """Return a fact with its full digest as its id, which two facts share only if their content is the same."""
    return identified(fact, _FULL)


def added_by(
    document: Document,
    companies: Mapping[str, Company],
    methodology: Methodology,
    shared: Bibliography,
    gather: DiagnosticCollector,
    broken: Container[str],
) -> list[FactEdit]:
    """Return what a file adds to a company. Errors are added to `gather`.

    Args:
        document: the file. Without an `id` it is about the only company.
        companies: the companies by id.
        methodology: whose vocabulary it uses.
        shared: the bibliography beside the methodology's own. A source that the company's facts cite comes before one
            of the same id.
        gather: collects the diagnostics.
        broken: sources of that bibliography that were rejected.
    """
    file, wrong = salvage(document.root, StatedFacts, gather)
    company = None if "id" in wrong else _company_of(file, document, companies, gather)
    cited = {} if company is None else _cited_by(company)
    scope = scope_of(
        file, document, methodology, {**shared, **cited}, gather, EVERYTHING if "sources" in wrong else broken
    )
    part = DiagnosticCollector()
    facts, searches = stated_in(file, scope, part)
    if not (wrong or part.failed or facts or searches):
        message = "the file adds nothing: `facts`, `answers` and `not_found` are missing or state nothing"
        gather.add("missing-key", message, document.root.location)
    gather.absorb(part)
    if company is None:
        return []
    distinct = {fact.id: fact for fact in map(fully_identified, facts)}
    return [
        *(FactEdit(company.id, fact) for fact in distinct.values()),
        *(FactEdit(company.id, search=search) for search in dict.fromkeys(searches)),
    ]


def with_refuted(
    edits: Iterable[FactEdit],
    companies: Mapping[str, Company],
    methodology: Methodology,
    counts: Callable[[Fact], bool],
) -> list[FactEdit]:
    """Return edits in which each added fact that counts refutes the searches without result that it contradicts.

    It may contradict them alone, or together with facts of the company and facts that are added before it and count.

    Args:
        edits: the edits.
        companies: the companies by id.
        methodology: whose vocabulary the facts use.
        counts: whether an added fact counts.
    """
    scope = Scope(methodology.vocabulary, {})
    made: list[FactEdit] = []
    for edit in edits:
        if not effective([edit], counts):
            made.append(edit)
            continue
        company = edited(companies[edit.company], [*effective(made, counts), edit])
        stated = [search for search in company.not_found if search in companies[edit.company].not_found]
        adds = edit.fact is not None and not edit.removes
        made.append(evolve(edit, refutes=_contradicted(company, stated, scope)) if adds else edit)
    return made


def effective(edits: Iterable[FactEdit], counts: Callable[[Fact], bool]) -> list[FactEdit]:
    """Return edits without the added facts that do not count. Those contradict no search without result."""
    return [edit for edit in edits if edit.removes or edit.fact is None or counts(edit.fact)]


def _contradicted(company: Company, searches: Iterable[NotFound], scope: Scope) -> tuple[NotFound, ...]:
    """Return the searches without result that a company's facts contradict."""
    searches = tuple(searches)
    single = [search.condition for search in searches if not search.also]
    ruled_out = {condition for fact in company.facts for condition in leaving_no_value(fact, single, scope)}
    return tuple(
        search
        for search in searches
        if passing_all(search, company.facts, scope) or (not search.also and search.condition in ruled_out)
    )


def refuse_contradictions(company: Company, methodology: Methodology, gather: DiagnosticCollector) -> None:
    """Report each fact of an edited company that a search without result rules out."""
    contradictions(company.facts, company.not_found, Scope(methodology.vocabulary, {}), gather)


def refuse_stated(edits: Iterable[FactEdit], companies: Mapping[str, Company], gather: DiagnosticCollector) -> None:
    """Report each fact and each search without result that the company states already, and that is not removed."""
    edits = tuple(edits)
    removed = {(edit.company, edit.fact.id) for edit in edits if edit.removes and edit.fact is not None}
    stated = {id: _stated_by(company, removed) for id, company in companies.items()}
    for edit in edits:
        if edit.removes:
            continue
        if edit.fact is not None and edit.fact.id in stated[edit.company] and edit.fact.node is not None:
            message = (
                f"the company `{edit.company}` states this fact already, as `{stated[edit.company][edit.fact.id]}`"
            )
            gather.add("already-stated", message, edit.fact.node.key_location(edit.fact.type))
        if edit.search in companies[edit.company].not_found and edit.search is not None:
            assert edit.search.node is not None
            message = f"the company `{edit.company}` has this search without result already"
            gather.add("already-stated", message, edit.search.node.beginning)


def _stated_by(company: Company, removed: Container[tuple[str, str]]) -> dict[str, str]:
    """Return the ids of the facts of a company that stay, by their full digests."""
    return {fully_identified(f).id: f.id for f in company.facts if (company.id, f.id) not in removed}


def _company_of(
    file: StatedFacts, document: Document, companies: Mapping[str, Company], gather: DiagnosticCollector
) -> Company | None:
    if not companies:
        gather.add("unknown-company", "there is no company to which the facts could be added", document.root.location)
        return None
    if file.id is None and len(companies) != 1:
        message = f"there are {len(companies)} companies, and the file does not say which of them the facts are about"
        gather.add("missing-key", message, document.root.location, "add `id`, the id of the company")
        return None
    if file.id is not None and file.id not in companies:
        help = did_you_mean(file.id, companies)
        gather.add("unknown-company", f"there is no company `{file.id}`", document.root.value_location("id"), help)
        return None
    return companies[file.id] if file.id is not None else next(iter(companies.values()))


def _cited_by(company: Company) -> dict[str, Source]:
    cited = [*(fact.source for fact in company.facts), *(search.source for search in company.not_found)]
    return {source.id: source for source in cited if source is not None}

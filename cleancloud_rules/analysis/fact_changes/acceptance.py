"""Accepts responses: the facts that a company offers become facts of its file, and all other lines stay."""

from collections.abc import Iterable

from attrs import frozen

from cleancloud_rules.analysis.fact_changes.edits import checked
from cleancloud_rules.analysis.fact_changes.responses import accepting
from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import Document, MappingNode
from cleancloud_rules.documents.yaml import read_text
from cleancloud_rules.errors import FactsError, OutputError
from cleancloud_rules.generators.serialise import stated_fact
from cleancloud_rules.language.conditions import Scope
from cleancloud_rules.language.converter import salvage
from cleancloud_rules.language.file_types import CompanyFile
from cleancloud_rules.language.load.added_facts import edited, fully_identified
from cleancloud_rules.language.load.companies import company_of
from cleancloud_rules.language.load.stated_facts import stated_in
from cleancloud_rules.model.facts import Bibliography, Company, Fact, NotFound, Response, ResponseStatus, Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.sheets.yaml_edits import FileEdits
from cleancloud_rules.sheets.yaml_files import own_sources, source_entry

_FACTS, _ANSWERS, _NOT_FOUND, _RESPONSES, _SOURCES = "facts", "answers", "not_found", "responses", "sources"


@frozen
class Acceptance:
    """What accepting a response changes.

    Args:
        text: the new text of the company file.
        company: the company that it states.
        added: the facts that are added.
        removed: the facts that the response disputes, which are removed.
        dropped: the searches without result that the added facts contradict, which are dropped.
        sources: the sources that move to the company.
    """

    text: str
    company: Company
    added: tuple[Fact, ...]
    removed: tuple[Fact, ...]
    dropped: tuple[NotFound, ...]
    sources: tuple[Source, ...]


def response_called(company: Company, id: str) -> Response:
    """Return a response of a company.

    Raises:
        KeyError: if it has none of this id; the message says what there is.
    """
    found = {response.id: response for response in company.responses}
    if id not in found:
        hint = did_you_mean(id, found)
        raise KeyError(f"the company `{company.id}` has no response `{id}`" + (f"; {hint}" if hint else ""))
    return found[id]


def accept(
    document: Document, company: Company, response: Response, methodology: Methodology, decision: str | None = None
) -> Acceptance:
    """Return what accepting a response changes. The new text is read back, and must state what it should.

    Args:
        document: the file of the company.
        company: what it states, without hypothetical facts.
        response: one of its responses.
        methodology: the methodology for which it was loaded, with the cut-off that applies to it.
        decision: the reason of the publisher; None for none.

    Raises:
        FactsError: if facts that stay contradict what the response offers.
        OutputError: if the file cannot be changed in place, or would not state what it should.
    """
    gather = DiagnosticCollector()
    edits = checked(accepting(company, response), {company.id: company}, methodology, gather)
    if gather.diagnostics:
        raise FactsError(gather.diagnostics, company.id)
    added = tuple(edit.fact for edit in edits if edit.fact is not None and not edit.removes)
    removed = tuple(edit.fact for edit in edits if edit.fact is not None and edit.removes)
    dropped = tuple(dict.fromkeys(search for edit in edits for search in edit.refutes))
    sources = own_sources(response, methodology.vocabulary)
    file = FileEdits(document)
    facts, searches = _entries(document, company, methodology)
    gone = {fully_identified(fact).id for fact in removed}
    disputed = [fact for fact in facts if fully_identified(fact).id in gone]
    listed_facts = [fact for fact in facts if not file.is_answer(_ANSWERS, _place(fact))]
    _change(
        file, _FACTS, len(listed_facts), [fact for fact in disputed if fact in listed_facts], map(stated_fact, added)
    )
    file.remove_answers(_ANSWERS, map(_place, disputed))
    _change(file, _NOT_FOUND, len(searches), [search for search in searches if search in dropped], ())
    listed = {source.id: source_entry(source) for source in sources}
    if document.root.get(_SOURCES) is None:
        file.set_value((_SOURCES,), listed or None)
    else:
        for id, entry in listed.items():
            file.set_value((_SOURCES, id), entry)
    own = {_SOURCES: None, "status": ResponseStatus.ACCEPTED.value, "decision": decision}
    assert response.node is not None
    file.set_in_item(_RESPONSES, response.node.location, own)
    after = _read_back(file.text, document, company, methodology)
    _refuse_other(after, edited(company, edits), response)
    return Acceptance(file.text, after, added, removed, dropped, sources)


def _entries(document: Document, company: Company, methodology: Methodology) -> tuple[list[Fact], list[NotFound]]:
    """Return the facts and the searches of a file entry by entry: a company has those of equal content once."""
    gather = DiagnosticCollector()
    file, _ = salvage(document.root, CompanyFile, gather, id="", name="")
    bibliography = {source.id: source for source in (*methodology.bibliography, *_cited(company))}
    return stated_in(file, Scope(methodology.vocabulary, bibliography), gather)


def _cited(company: Company) -> list[Source]:
    """Return the sources that a company and its responses cite."""
    facts = (*company.facts, *(fact for response in company.responses for fact in response.facts))
    cited = (*(fact.source for fact in facts), *(search.source for search in company.not_found))
    return [source for source in cited if source is not None]


def _change(
    file: FileEdits, key: str, count: int, gone: Iterable[Fact | NotFound], new: Iterable[dict[str, object]]
) -> None:
    """Remove and add entries of a list of the company file."""
    gone, new = tuple(gone), tuple(new)
    if gone and len(gone) == count and not new:
        file.set_value((key,), None)
        return
    for thing in gone:
        file.replace_item(key, _place(thing).line, None)
    file.add_items(key, new)


def _place(stated: Fact | NotFound) -> Location:
    assert stated.node is not None
    return stated.node.location


def _read_back(text: str, document: Document, company: Company, methodology: Methodology) -> Company:
    """Return the company that the new text states.

    Raises:
        OutputError: if it cannot be read.
    """
    name = document.location.file.name
    found, wrong = read_text(text, name)
    gather = DiagnosticCollector()
    after = None if found is None else company_of(found, methodology, _shared(found, company, methodology), gather)
    diagnostics = (*wrong, *gather.diagnostics)
    if after is None or diagnostics:
        said = "\n".join(map(str, diagnostics))
        raise OutputError(f"nothing is written: the changed file `{name}` could not be read\n{said}")
    return after


def _shared(document: Document, company: Company, methodology: Methodology) -> Bibliography:
    """Return the sources that the company and its responses cite and that its file does not list itself."""
    listed = {source.id for source in methodology.bibliography}
    blocks = [document.root]
    responses = document.root.get(_RESPONSES)
    blocks += [item for item in getattr(responses, "items", ()) if isinstance(item, MappingNode)]
    for block in blocks:
        own = block.get(_SOURCES)
        listed |= {entry.key.raw for entry in own} if isinstance(own, MappingNode) else set()
    return {source.id: source for source in _cited(company) if source.id not in listed}


def _refuse_other(after: Company, right: Company, response: Response) -> None:
    """Refuse a text that does not state what the accepted response makes of the company.

    Raises:
        OutputError: if it states something else.
    """
    statuses = {one.id: one.status for one in after.responses}
    if after.sha256 != right.sha256 or statuses[response.id] is not ResponseStatus.ACCEPTED:
        raise OutputError(f"nothing is written: the changed file of `{right.id}` would not state what it should")

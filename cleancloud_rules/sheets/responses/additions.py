"""Adds the responses of an answer sheet to the file of a company: all other lines stay as they are."""

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents.nodes import Document, Entry, MappingNode, ScalarNode, SequenceNode
from cleancloud_rules.documents.yaml import read_text
from cleancloud_rules.errors import OutputError
from cleancloud_rules.language.load.companies import company_of
from cleancloud_rules.model.facts import Bibliography, Company, Response, ResponseStatus
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.sheets.layout import RESPONSES
from cleancloud_rules.sheets.nodes import quoted
from cleancloud_rules.sheets.yaml_edits import FileEdits
from cleancloud_rules.sheets.yaml_files import own_sources, response_entry


@frozen
class Additions:
    """What an answer sheet adds to the file of a company.

    Args:
        text: the new text of the file.
        company: the company that it states.
        added: the responses that are added.
    """

    text: str
    company: Company
    added: tuple[Response, ...]


def citable(document: Document, shared: Bibliography, methodology: Methodology) -> frozenset[str]:
    """Return the ids of the sources that responses of a company can cite without listing them.

    Args:
        document: the file of the company.
        shared: the bibliography beside the methodology's own.
        methodology: the methodology.
    """
    listed = document.root.get("sources")
    own = [entry.key.raw for entry in listed] if isinstance(listed, MappingNode) else []
    return frozenset((*own, *shared, *(source.id for source in methodology.bibliography)))


def additions_of(
    document: Document,
    company: Company,
    answers: Iterable[MappingNode],
    methodology: Methodology,
    shared: Bibliography,
    gather: DiagnosticCollector,
) -> Additions | None:
    """Return what answers add to a company file; None if there are mistakes. Errors are added to `gather`.

    An answer that the file holds already is not added again. One that was accepted is refused: its facts have moved.

    Args:
        document: the file of the company.
        company: what it states.
        answers: responses as a company file has them.
        methodology: the methodology for which it was loaded.
        shared: the bibliography beside the methodology's own.
        gather: collects the diagnostics.

    Raises:
        OutputError: if the file cannot be changed in place, or would not state what it should.
    """
    known = {response.id: response for response in company.responses}
    told = _of(document, _not_accepted(answers, known, gather), methodology, shared, gather)
    added = []
    for response in () if told is None else told.responses:
        before = known.get(response.id)
        if before is None:
            added.append(response)
        elif evolve(before, status=ResponseStatus.OPEN, decision=None) != response:
            assert response.node is not None
            _refuse(response.node, f"the company has another response `{response.id}`", gather)
    if told is None or gather.failed:
        return None
    edits = FileEdits(document)
    vocabulary = methodology.vocabulary
    edits.add_items(RESPONSES, [response_entry(each, own_sources(each, vocabulary)) for each in added])
    expected = evolve(company, responses=(*company.responses, *added))
    return Additions(edits.text, _read_back(edits.text, document, expected, methodology, shared), tuple(added))


def _not_accepted(
    answers: Iterable[MappingNode], known: Mapping[str, Response], gather: DiagnosticCollector
) -> Iterator[MappingNode]:
    """Yield the answers that are not accepted yet; the others are added to `gather`."""
    for answer in answers:
        id = answer.get("id")
        before = known.get(id.raw) if isinstance(id, ScalarNode) else None
        if before is not None and before.status is ResponseStatus.ACCEPTED:
            _refuse(answer, f"the response `{before.id}` is accepted already", gather)
        else:
            yield answer


def _refuse(answer: MappingNode, message: str, gather: DiagnosticCollector) -> None:
    help = "empty this row, or give the day on which this answer was received"
    gather.add("repeated-id", message, answer.value_location("id"), help)


def _of(
    document: Document,
    answers: Iterable[MappingNode],
    methodology: Methodology,
    shared: Bibliography,
    gather: DiagnosticCollector,
) -> Company | None:
    """Return the company of a file with these responses alone; None if there are mistakes."""
    where = document.root.location
    others = [entry for entry in document.root if entry.key.raw != RESPONSES]
    entry = Entry(quoted(RESPONSES, where), SequenceNode(tuple(answers), where))
    return company_of(evolve(document, root=MappingNode((*others, entry), where)), methodology, shared, gather)


def _read_back(
    text: str, document: Document, expected: Company, methodology: Methodology, shared: Bibliography
) -> Company:
    """Return the company that the new text states.

    Raises:
        OutputError: if it cannot be read, or states something else than it should.
    """
    name = document.location.file.name
    found, wrong = read_text(text, name)
    gather = DiagnosticCollector()
    after = None if found is None else company_of(found, methodology, shared, gather)
    if after is None or wrong or gather.failed:
        said = "\n".join(map(str, (*wrong, *gather.diagnostics)))
        raise OutputError(f"nothing is written: the changed file `{name}` could not be read\n{said}")
    if after.sha256 != expected.sha256 or after.responses != expected.responses:
        raise OutputError(f"nothing is written: the changed file of `{expected.id}` would not state what it should")
    return after

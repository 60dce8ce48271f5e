"""The company files of a dataset, read under any edition of a methodology."""

from collections.abc import Container
from datetime import date

from attrs import evolve, field, frozen

from cleancloud_rules.analysis.editions.renamed_questions import NewQuestions, company_document
from cleancloud_rules.diagnostics.collector import NOTHING, DiagnosticCollector
from cleancloud_rules.diagnostics.diagnostic import ordered
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.language.load.companies import company_of
from cleancloud_rules.language.load.stated_facts import bibliography_of
from cleancloud_rules.model.facts import Bibliography, Company
from cleancloud_rules.model.methodology import Methodology


@frozen
class CompanyFiles:
    """The company files of a dataset with its bibliography.

    Args:
        sources: the bibliography, if there is one.
        companies: the company files.
        as_of: the cut-off of the companies; None for that of each edition.
        questions: new ids of questions; an edition that has the new ids reads facts with the old ones.
    """

    sources: Document | None
    companies: tuple[Document, ...]
    as_of: date | None = None
    questions: NewQuestions = field(factory=dict)

    def read(self, methodology: Methodology) -> tuple[dict[str, Company], dict[str, tuple[str, ...]]]:
        """Return the companies by file, and the diagnostics of the files that cannot be read."""
        companies: dict[str, Company] = {}
        wrong: dict[str, tuple[str, ...]] = {}
        gather = DiagnosticCollector()
        shared, broken = self._bibliography(methodology, gather)
        if gather.diagnostics and self.sources is not None:
            wrong[self.sources.location.file.name] = _said(gather)
        for document in self.companies:
            part = DiagnosticCollector()
            named = company_document(document, methodology.vocabulary, self.questions)
            company = company_of(_without_responses(named), methodology, shared, part, broken)
            name = document.location.file.name
            if company is None:
                wrong[name] = _said(part)
            else:
                companies[name] = evolve(company, cut_off=self.as_of)
        return companies, wrong

    def _bibliography(
        self, methodology: Methodology, gather: DiagnosticCollector
    ) -> tuple[Bibliography, Container[str]]:
        """Return the bibliography, and the ids of the sources in it that are wrong."""
        return ({}, NOTHING) if self.sources is None else bibliography_of(self.sources, methodology, gather)


def _without_responses(document: Document) -> Document:
    """Return a company file without responses, which name criteria and facts of one edition and change no score."""
    kept = tuple(entry for entry in document.root if entry.key.raw != "responses")
    return evolve(document, root=evolve(document.root, entries=kept))


def _said(gather: DiagnosticCollector) -> tuple[str, ...]:
    return tuple(str(diagnostic) for diagnostic in ordered(gather.diagnostics))


def reads_like(one: Methodology, other: Methodology) -> bool:
    """Whether two methodologies read every company file alike."""
    return one.vocabulary == other.vocabulary and one.bibliography == other.bibliography

"""Loads overlays: hypothetical facts that a solver chose. They are read with a dataset only on request."""

from cleancloud_rules.diagnostics.collector import EVERYTHING, DiagnosticCollector, did_you_mean
from cleancloud_rules.documents.nodes import Document, SequenceNode
from cleancloud_rules.language.conditions import Scope
from cleancloud_rules.language.converter import salvage, structure
from cleancloud_rules.language.file_types import OverlayEntry, OverlayFile
from cleancloud_rules.language.load.companies import contradictions, facts_of, with_facts
from cleancloud_rules.language.load.methodology import sources_of
from cleancloud_rules.model.facts import Bibliography, Company, Fact
from cleancloud_rules.model.methodology import Methodology

SOLVER = "solver"
"""The source of every fact that a solver chose. If a rule demands a source type, the id has it at the end."""


def hypothetical_notice(methodology: Methodology) -> str:
    """Return the header of every overlay: the methodology's notice on hypothetical facts."""
    return "\n".join(notice.text for notice in methodology.notices if notice.hypothetical)


def with_overlay(
    companies: list[Company],
    document: Document,
    methodology: Methodology,
    shared: Bibliography,
    gather: DiagnosticCollector,
    *,
    is_whole: bool = True,
) -> list[Company]:
    """Return the companies with the hypothetical facts of an overlay. Errors are added to `gather`.

    Args:
        companies: the companies of the dataset.
        document: the overlay. It is rejected without its header.
        methodology: whose vocabulary it uses.
        shared: the bibliography of the dataset.
        gather: collects the diagnostics.
        is_whole: whether these are all companies of the dataset. If not, entries of other companies are skipped.
    """
    nothing = SequenceNode((), document.root.location)
    file, wrong = salvage(
        document.root, OverlayFile, gather, hypothetical="", methodology=methodology.id, sources={}, companies=nothing
    )
    if "hypothetical" not in wrong:
        _check_header(file, document, methodology, gather)
    own = sources_of(file.sources, methodology.vocabulary.source_types, gather)
    bibliography = {**{source.id: source for source in methodology.bibliography}, **shared, **own}
    broken = EVERYTHING if "sources" in wrong else frozenset[str]()
    scope = Scope(methodology.vocabulary, bibliography, broken_sources=broken)
    if not isinstance(file.companies, SequenceNode):
        gather.add("wrong-type", "expected a list of companies", file.companies.location)
        return companies
    by_id = {company.id: company for company in companies}
    for node in file.companies.items:
        entry = gather.attempt(structure, node, OverlayEntry)
        if entry is None or entry.node is None:
            continue
        if entry.id not in by_id and not is_whole:
            continue
        if entry.id not in by_id:
            help = did_you_mean(entry.id, by_id)
            where = entry.node.value_location("id")
            gather.add("unknown-company", f"the dataset has no company `{entry.id}`", where, help)
            continue
        company = by_id[entry.id]
        facts = facts_of(entry.facts, scope, gather)
        for fact in facts:
            _check_fact(fact, gather)
        contradictions(facts, company.not_found, scope, gather)
        by_id[entry.id] = with_facts(company, facts)
    return [by_id[company.id] for company in companies]


def _check_header(file: OverlayFile, document: Document, methodology: Methodology, gather: DiagnosticCollector) -> None:
    expected = hypothetical_notice(methodology)
    if " ".join(file.hypothetical.split()) != " ".join(expected.split()):
        where = document.root.value_location("hypothetical")
        message = "the header must be the notice on hypothetical facts, word for word"
        gather.add("hypothetical-without-header", message, where, f"write: {expected}")
    if file.methodology != methodology.id:
        where = document.root.value_location("methodology")
        message = f"the overlay is made for `{file.methodology}`, not for `{methodology.id}`"
        gather.add("wrong-methodology", message, where)


def _check_fact(fact: Fact, gather: DiagnosticCollector) -> None:
    assert fact.node is not None
    if not fact.is_hypothetical:
        message = f"an overlay holds hypothetical facts, but this fact has `basis: {fact.basis.value}`"
        gather.add("not-hypothetical", message, fact.node.entries[0].key.location, "write `basis: hypothetical`")
    if fact.source is None or not fact.source.id.startswith(SOLVER):
        message = f"the source of a hypothetical fact must be `{SOLVER}`"
        gather.add("not-hypothetical", message, fact.node.entries[0].key.location)

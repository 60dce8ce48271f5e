"""Loads overlays: hypothetical facts that a solver chose. They are read with a dataset only on request."""

from collections.abc import Collection, Iterable

from cleancloud_rules.diagnostics.collector import EVERYTHING, DiagnosticCollector, did_you_mean
from cleancloud_rules.documents.nodes import Document, SequenceNode
from cleancloud_rules.language.conditions import Scope, condition_of
from cleancloud_rules.language.converter import salvage, structure
from cleancloud_rules.language.file_types import DatasetFile, NeverHypotheticalEntry, OverlayEntry, OverlayFile
from cleancloud_rules.language.load.companies import contradictions, with_facts
from cleancloud_rules.language.load.methodology import sources_of
from cleancloud_rules.language.load.stated_facts import facts_of
from cleancloud_rules.model.cells import fact_passes
from cleancloud_rules.model.datasets import NeverHypothetical
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
    never: Collection[NeverHypothetical] = (),
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
        never: the facts that no solver may choose.
        is_whole: whether these are all companies of the dataset. If not, entries of other companies are skipped.
    """
    nothing = SequenceNode((), document.root.location)
    file, wrong = salvage(
        document.root, OverlayFile, gather, hypothetical="", methodology=methodology.id, sources={}, companies=nothing
    )
    if "hypothetical" not in wrong:
        _check_header(file, document, methodology, gather)
    own = sources_of(document.root, methodology.vocabulary.source_types, gather)
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
            _refuse_never(fact, [entry for entry in never if entry.is_about(company)], scope, gather)
        contradictions(facts, company.not_found, scope, gather)
        by_id[entry.id] = with_facts(company, facts)
    return [by_id[company.id] for company in companies]


def never_hypothetical(
    file: DatasetFile, methodology: Methodology, gather: DiagnosticCollector
) -> tuple[NeverHypothetical, ...]:
    """Return the facts that no solver may choose for the companies of a dataset. Errors are added to `gather`."""
    scope, cohorts = Scope(methodology.vocabulary, {}), dict(methodology.vocabulary.cohorts)
    found = []
    if file.never_hypothetical is not None and not isinstance(file.never_hypothetical, SequenceNode):
        gather.add("wrong-type", "expected a list of facts", file.never_hypothetical.location)
        return ()
    for node in file.never_hypothetical.items if file.never_hypothetical is not None else ():
        entry = gather.attempt(structure, node, NeverHypotheticalEntry)
        if entry is None or entry.node is None:
            continue
        condition = gather.attempt(condition_of, entry.facts, scope)
        if entry.cohort is not None and entry.cohort not in cohorts:
            where, help = entry.node.value_location("cohort"), did_you_mean(entry.cohort, cohorts)
            gather.add("unknown-cohort", f"there is no cohort `{entry.cohort}`", where, help)
        elif condition is not None:
            found.append(NeverHypothetical(condition, entry.reason, entry.cohort, node=entry.node))
    return tuple(found)


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


def _refuse_never(fact: Fact, never: Iterable[NeverHypothetical], scope: Scope, gather: DiagnosticCollector) -> None:
    """Report a hypothetical fact that no solver may choose."""
    assert fact.node is not None
    for entry in never:
        own = entry.facts.fact_type == fact.type
        if own and fact_passes(fact, entry.facts, scope.vocabulary.fields_of(entry.facts)):
            message = f"the dataset lets no solver choose such a fact: {entry.facts}"
            help = f"the dataset says why: {entry.reason}"
            gather.add("never-hypothetical", message, fact.node.entries[0].key.location, help)


def _check_fact(fact: Fact, gather: DiagnosticCollector) -> None:
    assert fact.node is not None
    if not fact.is_hypothetical:
        message = f"an overlay holds hypothetical facts, but this fact has `basis: {fact.basis.value}`"
        gather.add("not-hypothetical", message, fact.node.entries[0].key.location, "write `basis: hypothetical`")
    if fact.source is None or not fact.source.id.startswith(SOLVER):
        message = f"the source of a hypothetical fact must be `{SOLVER}`"
        gather.add("not-hypothetical", message, fact.node.entries[0].key.location)

"""Warnings about the facts of companies: one function for each code."""

from collections.abc import Callable, Iterable, Iterator

from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Severity
from cleancloud_rules.engine.eligibility import why_not
from cleancloud_rules.model.cells import fact_passes
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.facts import Company, Fact
from cleancloud_rules.model.methodology import Methodology

Analysis = Callable[[Company, Methodology], Iterator[Diagnostic]]


def analyse_facts(companies: Iterable[Company], methodology: Methodology) -> tuple[Diagnostic, ...]:
    """Return warnings about what companies state, in their order."""
    return tuple(
        warning for company in companies for analysis in ANALYSES for warning in analysis(company, methodology)
    )


def uncounted(company: Company, methodology: Methodology) -> Iterator[Diagnostic]:
    """A fact never counts, so it earns nothing. Facts outside the window may be kept on purpose and give no warning."""
    for fact in company.facts:
        reason = why_not(fact, methodology, with_hypothetical=True)
        has_time = fact.period is not None or fact.as_of is not None
        is_accepted = fact.source is not None and fact.source.type in methodology.accepted_sources
        if reason is not None and not (is_accepted and has_time):
            yield from _warn("fact-never-counts", f"this fact does not count: {reason}", fact)


def lone(company: Company, methodology: Methodology) -> Iterator[Diagnostic]:
    """A fact is stated, and the fact that it implies is not."""
    for implication in methodology.vocabulary.implications:
        given = _passing(company, implication.given, methodology)
        if given and not _passing(company, implication.then, methodology):
            message = f"this fact implies a fact that passes `{implication.then}`, but none is stated"
            yield from _warn("implied-fact-missing", message, given[0])


ANALYSES: tuple[Analysis, ...] = (uncounted, lone)
"""The analyses, in the order of their explanations in the reference."""


def _passing(company: Company, condition: Condition, methodology: Methodology) -> list[Fact]:
    fact_type = methodology.vocabulary.by_id[condition.fact_type]
    fields = {test.field: methodology.vocabulary.field_of(fact_type.id, test.field) for test in condition.tests}
    known = {name: own for name, own in fields.items() if own is not None}
    return [fact for fact in company.facts if fact_passes(fact, condition, known)]


def _warn(code: str, message: str, fact: Fact) -> Iterator[Diagnostic]:
    if fact.node is not None:
        yield Diagnostic(code, message, fact.node.key_location(fact.type), severity=Severity.WARNING)

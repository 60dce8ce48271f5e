"""Loads companies and bibliographies, against a methodology."""

from collections.abc import Container, Iterable, Sequence

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import (
    EVERYTHING,
    NOTHING,
    DiagnosticCollector,
    did_you_mean,
)
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.language.conditions import Scope
from cleancloud_rules.language.converter import salvage
from cleancloud_rules.language.file_types import CompanyFile
from cleancloud_rules.language.load.responses import responses_of
from cleancloud_rules.language.load.stated_facts import scope_of, stated_in
from cleancloud_rules.model.cells import cells_of, fact_passes
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.digest import Stated, sha256, with_distinct
from cleancloud_rules.model.facts import (
    Bibliography,
    Company,
    Fact,
    NotFound,
)
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.partitions.boxes import Box, box_of, fits_outside
from cleancloud_rules.model.values import Interval


@frozen
class Ready:
    """What was read of a company before its document.

    Args:
        facts: all its facts.
        sources: its own sources.
    """

    facts: Sequence[Stated]
    sources: Bibliography


def company_of(
    document: Document,
    methodology: Methodology,
    shared: Bibliography,
    gather: DiagnosticCollector,
    broken: Container[str] = NOTHING,
    ready: Ready | None = None,
) -> Company | None:
    """Return the company that a document describes. Errors are added to `gather`.

    Args:
        document: the company file.
        methodology: whose vocabulary it uses.
        shared: the bibliography beside the methodology's own.
        gather: collects the diagnostics.
        broken: sources of that bibliography that were rejected. Citing them gives no further diagnostic.
        ready: what was read already; the document leaves out the facts.
    """
    part = DiagnosticCollector()
    company = _company(document, methodology, shared, part, broken, ready)
    gather.absorb(part)
    return None if part.failed else company


def _company(
    document: Document,
    methodology: Methodology,
    shared: Bibliography,
    gather: DiagnosticCollector,
    broken: Container[str],
    ready: Ready | None,
) -> Company:
    file, wrong = salvage(document.root, CompanyFile, gather, id="", name="")
    scope = scope_of(
        file, document, methodology, shared, gather, EVERYTHING if "sources" in wrong else broken,
        own=ready.sources if ready else None,
    )  # fmt: skip
    cohorts = dict(methodology.vocabulary.cohorts)
    if file.cohort is not None and file.cohort not in cohorts:
        help = did_you_mean(file.cohort, cohorts)
        where = document.root.value_location("cohort")
        gather.add("unknown-cohort", f"there is no cohort `{file.cohort}`", where, help)
    stated, missing = stated_in(file, scope, gather)
    known = ready.facts if ready else ()
    contradictions([*(fact for fact, _ in known), *stated], missing, scope, gather)
    company = Company(
        str(file.id), file.name, file.aliases, file.cohort,
        not_found=tuple(sorted(missing, key=sha256)), node=file.node,
    )  # fmt: skip
    made = with_distinct(company, stated, known)
    if not file.responses:
        return made
    return evolve(made, responses=responses_of(file.responses, made, methodology, scope, gather))


def with_facts(company: Company, facts: Iterable[Fact]) -> Company:
    """Return the company with these facts added, each content once."""
    return with_distinct(company, [*company.facts, *facts])


def contradictions(
    facts: Iterable[Fact], not_found: Iterable[NotFound], scope: Scope, gather: DiagnosticCollector
) -> None:
    """Report each fact that passes a condition under `not_found`, and facts that pass all conditions of an entry.

    A bounded fact also contradicts several entries if each value that it may have passes one of them.
    """
    facts, not_found = tuple(facts), tuple(not_found)
    for entry in not_found:
        passing = passing_all(entry, facts, scope)
        if not passing:
            continue
        what = "these facts do" if entry.also else "this fact does"
        whom = "facts do not pass" if entry.also else "no fact passes"
        message = f"`not_found` says that {whom} `{entry}`, but {what}"
        for fact in passing:
            if fact.node is not None and entry.condition.node is not None:
                where = f"see {entry.condition.node.beginning}"
                gather.add("contradicts-not-found", message, fact.node.key_location(fact.type), where)
    single = [entry.condition for entry in not_found if not entry.also]
    for fact in facts:
        if single and (ruled_out := leaving_no_value(fact, single, scope)) and fact.node is not None:
            entries = " or ".join(f"`{condition}`" for condition in ruled_out)
            how = "together they leave this fact no value" if ruled_out[1:] else "it leaves this fact no value"
            message = f"`not_found` says that no fact passes {entries}: {how}"
            places = ", ".join(str(c.node.beginning) for c in ruled_out if c.node is not None)
            gather.add("contradicts-not-found", message, fact.node.key_location(fact.type), f"see {places}")


def passing_all(entry: NotFound, facts: Iterable[Fact], scope: Scope) -> tuple[Fact, ...]:
    """Return the facts that contradict a search without result: they pass all its conditions. Mostly there are none."""
    tested = [(condition, scope.vocabulary.fields_of(condition)) for condition in entry.conditions]
    passing = [[fact for fact in facts if fact_passes(fact, *condition)] for condition in tested]
    return tuple(dict.fromkeys(fact for some in passing for fact in some)) if all(passing) else ()


def leaving_no_value(fact: Fact, not_found: Iterable[Condition], scope: Scope) -> list[Condition]:
    """Return the conditions that together, and none of them alone, are passed by all values that a fact may have."""
    own = [c for c in not_found if c.fact_type == fact.type and not fact_passes(fact, c, scope.vocabulary.fields_of(c))]
    fields = {name: field for condition in own for name, field in scope.vocabulary.fields_of(condition).items()}
    if not any(isinstance(value := fact.get(name), Interval) and not value.is_point for name in fields):
        return []
    tests = [test for condition in own for test in condition.tests]
    cells = {name: cells_of(field, [t.test for t in tests if t.field == name]) for name, field in fields.items()}
    box: Box = {}
    for name, of_field in cells.items():
        value = fact.get(name)
        bits = of_field.bits_of(value, name in fact.disclosed)
        box[name] = bits & of_field.possible if isinstance(value, Interval) else bits
    holes = [box_of(condition, lambda t: cells[t.field].passing(t.test)) for condition in own]
    everything: Box = {name: of_field.everything for name, of_field in cells.items()}
    if fits_outside(box, holes, everything):
        return []
    # Deletion filter: a condition is dropped if the others still leave no value.
    needed = list(range(len(own)))
    for number in range(len(own)):
        rest = [other for other in needed if other != number]
        if not fits_outside(box, [holes[other] for other in rest], everything):
            needed = rest
    return [own[number] for number in needed]

"""Loads companies and bibliographies, against a methodology."""

from collections.abc import Container, Iterable, Sequence
from datetime import date

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import (
    EVERYTHING,
    NOTHING,
    DiagnosticCollector,
    did_you_mean,
)
from cleancloud_rules.documents.nodes import Document, MappingNode, Node
from cleancloud_rules.language.conditions import Scope
from cleancloud_rules.language.converter import salvage
from cleancloud_rules.language.file_types import CompanyFile, ResponseEntry
from cleancloud_rules.language.load.stated_facts import offered_in, scope_of, stated_in
from cleancloud_rules.language.values import wrong_type
from cleancloud_rules.model.cells import cells_of, fact_passes
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.digest import Stated, distinct, sha256, with_distinct
from cleancloud_rules.model.facts import (
    Bibliography,
    Company,
    Fact,
    NotFound,
    Response,
    ResponseStatus,
)
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.partitions.boxes import Box, box_of, fits_outside
from cleancloud_rules.model.values import Interval

_SUBJECTS = ("about", "facts", "answers", "disputes")
"""What a response can be about."""


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
    return evolve(made, responses=_responses(file.responses, made, methodology, scope, gather))


def _responses(
    nodes: Iterable[Node], company: Company, methodology: Methodology, scope: Scope, gather: DiagnosticCollector
) -> tuple[Response, ...]:
    """Return the responses of a company. Errors are added to `gather`.

    Args:
        nodes: the entries of ``responses``.
        company: the company, with the facts that it states.
        methodology: whose criteria and vocabulary they use.
        scope: what the facts of the company can refer to; a response can list further sources.
        gather: collects the diagnostics.
    """
    found: dict[str, Response] = {}
    for node in nodes:
        if not isinstance(node, MappingNode):
            expected = "a response, a mapping with `id`, `received`, `by` and `reason`"
            gather.include(*wrong_type(node, expected).diagnostics)
            continue
        response = _response(node, company, methodology, scope, gather)
        if response.id and response.id in found:
            message = f"the company has a response `{response.id}` already"
            gather.add("repeated-id", message, node.value_location("id"), "give each response an id of its own")
        found.setdefault(response.id, response)
    return tuple(found.values())


def _response(
    node: MappingNode, company: Company, methodology: Methodology, scope: Scope, gather: DiagnosticCollector
) -> Response:
    entry, wrong = salvage(node, ResponseEntry, gather, id="", received=date.min, by="", reason="")
    broken = EVERYTHING if "sources" in wrong else scope.broken_sources
    document = Document(node, node.location)
    facts = offered_in(entry, scope_of(entry, document, methodology, scope.bibliography, gather, broken), gather)
    _refuse_hypothetical(facts, gather)
    criteria = [str(criterion.id) for criterion in methodology.criteria]
    for index, name in enumerate(entry.about):
        if name not in criteria:
            where = node.value_location("about", index)
            gather.add("unknown-reference", f"there is no criterion `{name}`", where, did_you_mean(name, criteria))
    stated = [fact.id for fact in company.facts]
    for index, fact in enumerate(entry.disputes):
        if fact not in stated and entry.status is not ResponseStatus.ACCEPTED:  # then it may be gone
            message = f"the company `{company.id}` states no fact `{fact}`"
            where = node.value_location("disputes", index)
            gather.add("unknown-fact", message, where, did_you_mean(fact, stated))
    if not wrong and not any(node.get(key) is not None for key in _SUBJECTS):
        message = "the response does not say what it is about"
        help = "add `about`, the ids of criteria; or `facts`, evidence; or `disputes`, the ids of facts that are wrong"
        gather.add("missing-key", message, node.location, help)
    _check_decision(entry, node, gather)
    return Response(
        str(entry.id), entry.received, entry.by, entry.reason, tuple(map(str, entry.about)), distinct(facts),
        entry.disputes, entry.status, entry.decision, node=node,
    )  # fmt: skip


def _refuse_hypothetical(facts: Sequence[Fact], gather: DiagnosticCollector) -> None:
    for fact in facts:
        if fact.is_hypothetical and fact.node is not None:
            message = "the evidence of a response must be known: a hypothetical fact is none"
            gather.add("bad-value", message, fact.node.value_location("basis"), "give the basis on which it is known")


def _check_decision(entry: ResponseEntry, node: MappingNode, gather: DiagnosticCollector) -> None:
    """Report a rejection without a reason, and a reason without a decision."""
    if entry.status is ResponseStatus.REJECTED and entry.decision is None:
        message = "a rejected response needs the reason of the publisher"
        gather.add("missing-key", message, node.value_location("status"), "add `decision`")
    if entry.status is ResponseStatus.OPEN and entry.decision is not None:
        message = "an open response has no `decision`"
        help = "add `status: accepted` or `status: rejected`, or remove `decision`"
        gather.add("misplaced-key", message, node.key_location("decision"), help)


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

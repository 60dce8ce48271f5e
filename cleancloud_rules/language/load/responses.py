"""Loads the responses of companies to their scores: words and evidence of a company, beside what is stated about it."""

from collections.abc import Iterable, Sequence
from datetime import date

from cleancloud_rules.diagnostics.collector import EVERYTHING, DiagnosticCollector, did_you_mean
from cleancloud_rules.documents.nodes import Document, MappingNode, Node
from cleancloud_rules.language.conditions import Scope
from cleancloud_rules.language.converter import salvage
from cleancloud_rules.language.file_types import ResponseEntry
from cleancloud_rules.language.load.stated_facts import offered_in, scope_of
from cleancloud_rules.language.values import wrong_type
from cleancloud_rules.model.digest import distinct
from cleancloud_rules.model.facts import Company, Fact, Response, ResponseStatus
from cleancloud_rules.model.methodology import Methodology

_SUBJECTS = ("about", "facts", "answers", "disputes")


def responses_of(
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

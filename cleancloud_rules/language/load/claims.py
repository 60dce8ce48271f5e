"""Loads published claims and contradictions, against a methodology."""

from collections.abc import Collection, Iterable

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean, reject
from cleancloud_rules.documents.nodes import Document, Node, SequenceNode
from cleancloud_rules.language.claim_file_types import ContradictionEntry, StatementEntry, StatementsFile
from cleancloud_rules.language.conditions import Scope, when_of
from cleancloud_rules.language.converter import cited, salvage, structure
from cleancloud_rules.language.fact_values import value_of
from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.facts import Bibliography, Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import Contradiction
from cleancloud_rules.model.values import FieldType, Interval

_COUNT = Field("published", FieldType.INTEGER)


def statements_of(
    document: Document, methodology: Methodology, shared: Bibliography, gather: DiagnosticCollector
) -> tuple[PublishedClaim, ...]:
    """Return the published claims in a document, in its order. Errors are added to `gather`."""
    file = _file(document, gather)
    if not isinstance(file.statements, SequenceNode):
        gather.add("wrong-type", "expected a list of published claims", file.statements.location)
        return ()
    bibliography = {**{source.id: source for source in methodology.bibliography}, **shared}
    scope = Scope(methodology.vocabulary, bibliography)
    found = [gather.attempt(_statement, item, scope) for item in file.statements.items]
    made = [statement for statement in found if statement is not None]
    _refuse_repeated("published claim", made, gather)
    _check_contradicted(made, gather)
    return tuple(made)


def contradictions_of(
    document: Document, methodology: Methodology, companies: Collection[str] | None, gather: DiagnosticCollector
) -> tuple[Contradiction, ...]:
    """Return the contradictions in a document, in its order. Errors are added to `gather`.

    Args:
        document: a file of published claims.
        methodology: whose criteria they name.
        companies: the ids of the companies of the dataset; None if these are not all known.
        gather: collects the diagnostics.
    """
    node = _file(document, DiagnosticCollector()).contradictions
    if node is None:
        return ()
    if not isinstance(node, SequenceNode):
        gather.add("wrong-type", "expected a list of contradictions", node.location)
        return ()
    found = [gather.attempt(structure, item, ContradictionEntry) for item in node.items]
    made = [_contradiction(entry, methodology, companies, gather) for entry in found if entry is not None]
    _refuse_repeated("contradiction", made, gather)
    return tuple(made)


def _file(document: Document, gather: DiagnosticCollector) -> StatementsFile:
    return salvage(document.root, StatementsFile, gather, statements=SequenceNode((), document.root.location))[0]


def _contradiction(
    entry: ContradictionEntry, methodology: Methodology, companies: Collection[str] | None, gather: DiagnosticCollector
) -> Contradiction:
    assert entry.node is not None
    criteria = {str(criterion.id) for criterion in methodology.criteria}
    for key, names in (("criteria", entry.criteria), ("companies", entry.companies)):
        for number, name in enumerate(names):
            if name in names[:number]:
                where = entry.node.value_location(key, number)
                gather.add("repeated-value", f"`{name}` is already listed", where, "remove one of the two")
    for number, id in enumerate(entry.criteria):
        if id not in criteria:
            help = did_you_mean(id, criteria, new_ids=methodology.new_ids)
            where = entry.node.value_location("criteria", number)
            gather.add("unknown-reference", f"there is no criterion `{id}`", where, help)
    for number, name in enumerate(entry.companies):
        if companies is not None and name not in companies:
            where = entry.node.value_location("companies", number)
            message = f"the dataset has no company `{name}`"
            gather.add("unknown-company", message, where, did_you_mean(name, companies))
    return Contradiction(
        entry.id, entry.title, entry.says, entry.data, entry.why, entry.topic, entry.companies, entry.criteria,
        node=entry.node,
    )  # fmt: skip


def _refuse_repeated(what: str, made: Iterable[PublishedClaim | Contradiction], gather: DiagnosticCollector) -> None:
    seen: set[str] = set()
    for one in made:
        assert one.node is not None
        if one.id in seen:
            gather.add("repeated-id", f"{what} `{one.id}` is already declared", one.node.value_location("id"))
        seen.add(one.id)


def _statement(node: Node, scope: Scope) -> PublishedClaim:
    entry = structure(node, StatementEntry)
    assert entry.node is not None
    gather = DiagnosticCollector()
    published = gather.attempt(value_of, entry.published, _COUNT, scope.vocabulary.units)
    when = gather.attempt(when_of, entry.when, scope) if entry.when is not None else None
    source = gather.attempt(cited, entry.source, scope.bibliography) if entry.source is not None else None
    cohorts = dict(scope.vocabulary.cohorts)
    if entry.cohort is not None and entry.cohort not in cohorts:
        help = did_you_mean(entry.cohort, cohorts)
        where = entry.node.value_location("cohort")
        gather.add("unknown-cohort", f"there is no cohort `{entry.cohort}`", where, help)
    gather.raise_if_any()
    if not isinstance(published, (int, Interval)):
        raise reject("wrong-type", "expected a number of companies", entry.published.location)
    return PublishedClaim(
        entry.id, entry.title, published, when, entry.cohort, tuple(sorted(entry.earlier.items())),
        entry.from_words, entry.imposed, entry.topic, entry.contradicts, source, entry.locator, entry.note,
        node=entry.node,
    )  # fmt: skip


def _check_contradicted(statements: list[PublishedClaim], gather: DiagnosticCollector) -> None:
    known = {statement.id for statement in statements}
    for statement in statements:
        assert statement.node is not None
        for other in statement.contradicts:
            if other not in known:
                where = statement.node.value_location("contradicts")
                gather.add(
                    "unknown-statement", f"there is no published claim `{other}`", where, did_you_mean(other, known)
                )

"""Loads published claims, against a methodology."""

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean, reject
from cleancloud_rules.documents.nodes import Document, Node, SequenceNode
from cleancloud_rules.language.conditions import Scope, when_of
from cleancloud_rules.language.converter import cited, salvage, structure
from cleancloud_rules.language.fact_values import value_of
from cleancloud_rules.language.file_types import StatementEntry, StatementsFile
from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.facts import Bibliography, Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import FieldType, Interval

_COUNT = Field("published", FieldType.INTEGER)


def statements_of(
    document: Document, methodology: Methodology, shared: Bibliography, gather: DiagnosticCollector
) -> tuple[PublishedClaim, ...]:
    """Return the published claims in a document, in its order. Errors are added to `gather`."""
    file, _ = salvage(document.root, StatementsFile, gather, statements=SequenceNode((), document.root.location))
    if not isinstance(file.statements, SequenceNode):
        gather.add("wrong-type", "expected a list of published claims", file.statements.location)
        return ()
    bibliography = {**{source.id: source for source in methodology.bibliography}, **shared}
    scope = Scope(methodology.vocabulary, bibliography)
    found = [gather.attempt(_statement, item, scope) for item in file.statements.items]
    made = [statement for statement in found if statement is not None]
    _check_ids(made, gather)
    return tuple(made)


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


def _check_ids(statements: list[PublishedClaim], gather: DiagnosticCollector) -> None:
    seen: set[str] = set()
    known = {statement.id for statement in statements}
    for statement in statements:
        assert statement.node is not None
        if statement.id in seen:
            message = f"published claim `{statement.id}` is already declared"
            gather.add("repeated-id", message, statement.node.value_location("id"))
        seen.add(statement.id)
        for other in statement.contradicts:
            if other not in known:
                where = statement.node.value_location("contradicts")
                gather.add(
                    "unknown-statement", f"there is no published claim `{other}`", where, did_you_mean(other, known)
                )

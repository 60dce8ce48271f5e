"""Loads published claims, and the passages in which a publisher contradicts itself, against a methodology."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from attrs import frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean, reject
from cleancloud_rules.documents.nodes import Document, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.language.claim_file_types import (
    ContradictionEntry,
    HighestEntry,
    StatementEntry,
    StatementsFile,
    UnanswerableEntry,
)
from cleancloud_rules.language.conditions import Scope, condition_of, conditions_together, when_of
from cleancloud_rules.language.converter import cited, salvage, structure
from cleancloud_rules.language.fact_values import value_of
from cleancloud_rules.model.cells import fact_passes
from cleancloud_rules.model.claims import Highest, PublishedClaim, Reading, UnanswerableClaim
from cleancloud_rules.model.facts import Bibliography, Company, Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import Contradiction
from cleancloud_rules.model.values import FieldType, Interval

_COUNT = Field("published", FieldType.INTEGER)

_NEGATIVE = "a number of companies cannot be negative"


@frozen
class Published:
    """What a file of published claims holds.

    Args:
        statements: the claims that count companies.
        unanswerable: the claims that no fact can answer.
        contradictions: the passages in which the publisher contradicts itself.
    """

    statements: tuple[PublishedClaim, ...] = ()
    unanswerable: tuple[UnanswerableClaim, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()


@frozen
class About:
    """The companies that a file of published claims is about.

    Args:
        ids: the ids of the companies of the dataset; None if these are not all known.
        companies: the companies; None if not all of them could be loaded.
    """

    ids: Collection[str] | None
    companies: Sequence[Company] | None


def published_of(
    document: Document, methodology: Methodology, shared: Bibliography, about: About, gather: DiagnosticCollector
) -> Published:
    """Return what a file of published claims holds, each list in its order. Errors are added to `gather`.

    Args:
        document: the file.
        methodology: whose vocabulary and criteria it names.
        shared: the bibliography of the dataset.
        about: the companies of the dataset.
        gather: collects the diagnostics.
    """
    nothing = SequenceNode((), document.root.location)
    file, wrong = salvage(document.root, StatementsFile, gather, statements=nothing)
    scope = _scope(methodology, shared)
    known = None if "statements" in wrong else _declared(file.statements, file.unanswerable)
    counting, others = (_items(node, "published claims", gather) for node in (file.statements, file.unanswerable))
    _refuse_repeated("published claim", (*counting, *others), gather)
    counts = [gather.attempt(_statement, item, scope, known, about.ids) for item in counting]
    unanswered = [gather.attempt(_unanswerable, item, scope) for item in others]
    statements = tuple(claim for claim in counts if claim is not None)
    unanswerable = tuple(claim for claim in unanswered if claim is not None)
    contradictions = _contradictions(file, scope, gather)
    for contradiction in contradictions:
        _check_contradiction(contradiction, methodology, known, about, gather)
    return Published(statements, unanswerable, contradictions)


def contradictions_of(
    document: Document, methodology: Methodology, shared: Bibliography, gather: DiagnosticCollector
) -> tuple[Contradiction, ...]:
    """Return the contradictions in a file of published claims, where the dataset is not loaded as a whole.

    What they name is not looked for. Errors are added to `gather`.
    """
    nothing = SequenceNode((), document.root.location)
    file, _ = salvage(document.root, StatementsFile, gather, statements=nothing)
    return _contradictions(file, _scope(methodology, shared), gather)


def _scope(methodology: Methodology, shared: Bibliography) -> Scope:
    return Scope(methodology.vocabulary, {**{source.id: source for source in methodology.bibliography}, **shared})


def _contradictions(file: StatementsFile, scope: Scope, gather: DiagnosticCollector) -> tuple[Contradiction, ...]:
    items = _items(file.contradictions, "contradictions", gather)
    found = [gather.attempt(structure, item, ContradictionEntry) for item in items]
    made = [_contradiction(entry, scope, file.contradictions_page, gather) for entry in found if entry is not None]
    _refuse_repeated("contradiction", items, gather)
    return tuple(made)


def _items(node: Node | None, what: str, gather: DiagnosticCollector) -> tuple[Node, ...]:
    """Return the items of a list that may be left out."""
    if node is None:
        return ()
    if not isinstance(node, SequenceNode):
        gather.add("wrong-type", f"expected a list of {what}", node.location)
        return ()
    return node.items


def _declared(*lists: Node | None) -> frozenset[str] | None:
    """Return the ids in lists of claims, also those of claims that are wrong; None if not all can be read."""
    found: set[str] = set()
    for one in lists:
        if one is not None and not isinstance(one, SequenceNode):
            return None
        for item in one.items if one is not None else ():
            id = _id_of(item)
            if id is None:
                return None
            found.add(id.raw)
    return frozenset(found)


def _id_of(node: Node) -> ScalarNode | None:
    id = node.get("id") if isinstance(node, MappingNode) else None
    return id if isinstance(id, ScalarNode) and id.style != "broken" else None


def _statement(
    node: Node, scope: Scope, claims: Collection[str] | None, companies: Collection[str] | None
) -> PublishedClaim:
    """Return a claim that counts companies.

    Args:
        node: the claim.
        scope: the names that its conditions can use.
        claims: the ids of all claims; None if these are not all known.
        companies: the ids of the companies; None if these are not all known.

    Raises:
        Rejected: with all diagnostics of the node.
    """
    gather = DiagnosticCollector()
    entry, wrong = salvage(node, StatementEntry, gather, id="", title="", published=node)
    assert entry.node is not None
    if not gather.failed:
        _check_reading(entry, entry.node, gather)
    _check_names(entry.node, "contradicts", entry.contradicts, claims, gather)
    _check_names(entry.node, "companies", entry.companies, companies, gather)
    published = None if "published" in wrong else gather.attempt(_published, entry.published, scope)
    if published is not None:
        gather.attempt(_refuse_more_named, entry, entry.node, published)
    when = gather.attempt(when_of, entry.when, scope) if entry.when is not None else None
    highest = gather.attempt(_highest, entry.highest, entry.node, scope) if entry.highest is not None else None
    source = gather.attempt(cited, entry.source, scope.bibliography) if entry.source is not None else None
    cohorts = dict(scope.vocabulary.cohorts)
    if entry.cohort is not None and entry.cohort not in cohorts:
        help = did_you_mean(entry.cohort, cohorts)
        where = entry.node.value_location("cohort")
        gather.add("unknown-cohort", f"there is no cohort `{entry.cohort}`", where, help)
    if entry.window is not None and entry.window.is_empty:
        message = f"the window ends on {entry.window.end}, before it begins on {entry.window.start}"
        gather.add("bad-date", message, entry.node.value_location("window"))
    for edition, count in entry.earlier.items():
        if count < 0:
            earlier = entry.node.get("earlier")
            assert isinstance(earlier, MappingNode)
            gather.add("out-of-range", _NEGATIVE, earlier.value_location(edition))
    gather.raise_if_any()
    assert published is not None
    return PublishedClaim(
        entry.id, entry.title, published, when, entry.cohort, tuple(sorted(entry.earlier.items())),
        entry.from_words, entry.reading, entry.reason, entry.topic, entry.contradicts, source, entry.locator,
        entry.note, highest=highest, companies=entry.companies, window=entry.window, node=entry.node,
    )  # fmt: skip


def _published(node: Node, scope: Scope) -> int | Interval:
    """Return the number of companies that a claim counts."""
    found = value_of(node, _COUNT, scope.vocabulary.units)
    if not isinstance(found, (int, Interval)):
        raise reject("wrong-type", "expected a number of companies", node.location)
    ends = (found.low, found.high) if isinstance(found, Interval) else (found,)
    if any(end is not None and end < 0 for end in ends):  # type: ignore[operator]
        raise reject("out-of-range", _NEGATIVE, node.location)
    return found


def _highest(entry: HighestEntry, claim: MappingNode, scope: Scope) -> Highest:
    node = entry.node
    assert node is not None
    if claim.get("when") is not None:
        help = "put the tests on the facts that are compared into `of`"
        raise reject("misplaced-key", "a claim has `when` or `highest`, not both", claim.key_location("highest"), help)
    condition = condition_of(entry.of, scope)
    fact_type, where = scope.vocabulary.by_id[condition.fact_type], node.value_location("field")
    field = fact_type.get(entry.name)
    if field is None:
        help = did_you_mean(entry.name, (each.id for each in fact_type.fields))
        raise reject("unknown-field", f"fact type `{fact_type.id}` has no field `{entry.name}`", where, help)
    if not field.type.is_ordered:
        raise reject("wrong-type", f"`{field.id}` is of type {field.type}, which has no highest value", where)
    if any(test.field == field.id for test in condition.tests):
        message = f"`of` tests `{field.id}`, whose highest value is meant"
        raise reject("bad-test", message, where, "remove the test: it is compared in all facts that pass `of`")
    return Highest(condition, field.id)


def _check_reading(entry: StatementEntry, node: MappingNode, gather: DiagnosticCollector) -> None:
    if entry.reading is Reading.REFUSED and entry.reason is None:
        message, help = "a refused reading needs a `reason`", "say why the sentence does not mean this"
        gather.add("missing-key", message, node.value_location("reading"), help)
    if entry.reading is Reading.CHOSEN and entry.reason is not None:
        message, help = "only a refused reading has a `reason`", "write `reading: refused`, or a `note`"
        gather.add("misplaced-key", message, node.key_location("reason"), help)


def _refuse_more_named(entry: StatementEntry, node: MappingNode, published: int | Interval) -> None:
    high = published.high if isinstance(published, Interval) else published
    if high is not None and len(entry.companies) > high:  # type: ignore[operator]
        message = f"`companies` names {len(entry.companies)} companies, and at most {high} are counted"
        raise reject("out-of-range", message, node.value_location("companies"))


def _unanswerable(node: Node, scope: Scope) -> UnanswerableClaim:
    entry = structure(node, UnanswerableEntry)
    source = cited(entry.source, scope.bibliography) if entry.source is not None else None
    return UnanswerableClaim(entry.id, entry.title, entry.why, source, entry.locator, entry.note, node=entry.node)


def _contradiction(
    entry: ContradictionEntry, scope: Scope, page: str | None, gather: DiagnosticCollector
) -> Contradiction:
    facts = [gather.attempt(condition_of, item, scope) for item in _items(entry.facts, "conditions", gather)]
    searches = [
        gather.attempt(conditions_together, item, scope) for item in _items(entry.not_found, "conditions", gather)
    ]
    return Contradiction(
        entry.id, entry.title, entry.says, entry.data, entry.why, entry.topic, entry.companies, entry.criteria,
        entry.claims, tuple(condition for condition in facts if condition is not None),
        tuple(search for search in searches if search is not None),
        None if page is None else f"{page}#{entry.id}", node=entry.node,
    )  # fmt: skip


def _check_contradiction(
    contradiction: Contradiction,
    methodology: Methodology,
    claims: Collection[str] | None,
    about: About,
    gather: DiagnosticCollector,
) -> None:
    """Report what a contradiction names and nothing has: companies, criteria, claims, stated facts and searches."""
    node = contradiction.node
    assert node is not None
    criteria = {str(criterion.id) for criterion in methodology.criteria}
    _check_names(node, "companies", contradiction.companies, about.ids, gather)
    _check_names(node, "criteria", contradiction.criteria, criteria, gather, new_ids=methodology.new_ids)
    _check_names(node, "claims", contradiction.claims, claims, gather)
    for condition in contradiction.facts if about.companies is not None else ():
        fields = methodology.vocabulary.fields_of(condition)
        own = [c for c in about.companies or () if not contradiction.companies or c.id in contradiction.companies]
        stated = (fact for company in own for fact in company.facts if not fact.is_hypothetical)
        if not any(fact.type == condition.fact_type and fact_passes(fact, condition, fields) for fact in stated):
            message = "no stated fact of its companies passes this condition"
            help = "a contradiction refers to facts that are stated"
            assert condition.node is not None
            gather.add("no-such-fact", message, condition.node.location, help)
    searched = {entry.conditions for company in about.companies or () for entry in company.not_found}
    for conditions in contradiction.not_found if about.companies is not None else ():
        if conditions not in searched:
            message = "no company has this search without result"
            help = "write the conditions as they stand under the company's `not_found`"
            place = conditions[0].node
            assert place is not None
            gather.add("no-such-search", message, place.location, help)


@frozen
class _Unknown:
    """The code and the message of a name that nothing has."""

    code: str
    message: str


_UNKNOWN = {
    "companies": _Unknown(code="unknown-company", message="the dataset has no company"),
    "criteria": _Unknown(code="unknown-reference", message="there is no criterion"),
    "claims": _Unknown(code="unknown-statement", message="there is no published claim"),
    "contradicts": _Unknown(code="unknown-statement", message="there is no published claim"),
}
"""The error for a name that nothing has, by the key under which the name stands."""


def _check_names(
    node: MappingNode,
    key: str,
    names: Sequence[str],
    known: Collection[str] | None,
    gather: DiagnosticCollector,
    **hints: Any,
) -> None:
    """Report names under a key that nothing has, or that stand there twice.

    Args:
        node: the entry.
        key: the key.
        names: the names under it.
        known: the names that something has; None if these are not all known.
        gather: collects the diagnostics.
        hints: what else is used for a hint; see `did_you_mean`.
    """
    unknown = _UNKNOWN[key]
    for number, name in enumerate(names):
        where = node.value_location(key, number)
        if known is not None and name not in known:
            gather.add(unknown.code, f"{unknown.message} `{name}`", where, did_you_mean(name, known, **hints))
        if name in names[:number]:
            gather.add("repeated-value", f"`{name}` is already listed", where, "remove one of the two")


def _refuse_repeated(what: str, items: Iterable[Node], gather: DiagnosticCollector) -> None:
    seen: set[str] = set()
    for id in filter(None, map(_id_of, items)):
        if id.raw in seen:
            gather.add("repeated-id", f"{what} `{id.raw}` is already declared", id.location)
        seen.add(id.raw)

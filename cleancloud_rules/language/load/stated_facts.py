"""Reads facts, searches without result and bibliographies, against a methodology."""

from collections.abc import Container, Iterable

from attrs import evolve

from cleancloud_rules.diagnostics.collector import (
    EVERYTHING,
    DiagnosticCollector,
    Rejected,
    did_you_mean,
    nearest,
    reject,
)
from cleancloud_rules.documents.extra_keys import is_extra
from cleancloud_rules.documents.nodes import Document, Entry, MappingNode, Node, SequenceNode
from cleancloud_rules.documents.unknown_keys import unknown_key
from cleancloud_rules.language.answers import answered_facts
from cleancloud_rules.language.conditions import COMBINATORS, Scope, conditions_together
from cleancloud_rules.language.converter import cited, salvage
from cleancloud_rules.language.fact_values import value_of
from cleancloud_rules.language.file_types import FactEntry, NotFoundEntry, OfferedFacts, SourcesFile, StatedFacts
from cleancloud_rules.language.load.methodology import sources_of
from cleancloud_rules.language.load.vocabulary import BESIDE_FACT
from cleancloud_rules.language.values import wrong_type
from cleancloud_rules.model.cells import cells_of
from cleancloud_rules.model.facts import (
    Bibliography,
    Fact,
    FactType,
    FactValues,
    Field,
    NotFound,
    Source,
)
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.texts import composed
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import Value

_BESIDE_NOT_FOUND = ("basis", "source", "locator", "note")


def bibliography_of(
    document: Document, methodology: Methodology, gather: DiagnosticCollector
) -> tuple[dict[str, Source], Container[str]]:
    """Return the valid sources of a bibliography, and the names of the rejected ones. Errors are added to `gather`."""
    file, wrong = salvage(document.root, SourcesFile, gather, sources={})
    sources = sources_of(document.root, methodology.vocabulary.source_types, gather)
    _check_clash(file.sources, document.root, methodology, {}, gather)
    return sources, EVERYTHING if "sources" in wrong else frozenset(file.sources) - frozenset(sources)


def _check_clash(
    names: Iterable[str], root: MappingNode, methodology: Methodology, shared: Bibliography, gather: DiagnosticCollector
) -> None:
    """Report each source whose id the methodology or the bibliography lists already."""
    listing = {**dict.fromkeys(shared, "bibliography"), **{s.id: "methodology" for s in methodology.bibliography}}
    places = root.get("sources")
    for name in sorted(listing.keys() & set(names)):
        assert isinstance(places, MappingNode)
        message = f"the {listing[name]} already lists a source `{name}`"
        gather.add("repeated-id", message, places.key_location(name))


def scope_of(
    file: OfferedFacts,
    document: Document,
    methodology: Methodology,
    shared: Bibliography,
    gather: DiagnosticCollector,
    broken: Container[str],
    own: Bibliography | None = None,
) -> Scope:
    """Return what the facts of a file can refer to: words, and the sources of the file and around it.

    Args:
        file: the file, which may list sources.
        document: its document.
        methodology: whose vocabulary it uses.
        shared: the bibliography beside the methodology's own.
        gather: collects the diagnostics.
        broken: sources that were rejected.
        own: the sources that the file lists, if they were read already.
    """
    if own is None:
        own = sources_of(document.root, methodology.vocabulary.source_types, gather)
    _check_clash(file.sources, document.root, methodology, shared, gather)
    bibliography = {**{s.id: s for s in methodology.bibliography}, **shared, **own}
    lost = frozenset(file.sources) - frozenset(own)
    return Scope(methodology.vocabulary, bibliography, broken_sources=_either(lost, broken))


def _either(some: frozenset[str], others: Container[str]) -> Container[str]:
    """Return the rejected names of two bibliographies."""
    return some | others if isinstance(others, frozenset) else EVERYTHING


def stated_in(file: StatedFacts, scope: Scope, gather: DiagnosticCollector) -> tuple[list[Fact], list[NotFound]]:
    """Return the facts, among them answers, and the searches without result of a file. Errors are added to `gather`."""
    stated = offered_in(file, scope, gather)
    not_found = [gather.attempt(_not_found, item, scope) for item in _entries(file.not_found, "not_found", gather)]
    return stated, [entry for entry in not_found if entry is not None]


def offered_in(file: OfferedFacts, scope: Scope, gather: DiagnosticCollector) -> list[Fact]:
    """Return the facts, among them answers, of a file or of a response. Errors are added to `gather`."""
    offered = facts_of(file.facts, scope, gather)
    for node in _blocks(file.answers):
        answered = gather.attempt(answered_facts, node, scope.vocabulary)
        found = (gather.attempt(_fact, item, scope) for item in answered or ())
        offered += [fact for fact in found if fact is not None]
    return offered


def facts_of(node: Node | None, scope: Scope, gather: DiagnosticCollector) -> list[Fact]:
    """Return the facts in a list of entries. Errors are added to `gather`."""
    found = (gather.attempt(_fact, item, scope) for item in _entries(node, "facts", gather))
    return [fact for fact in found if fact is not None]


def _blocks(node: Node | None) -> tuple[Node, ...]:
    if node is None:
        return ()
    return node.items if isinstance(node, SequenceNode) else (node,)


def _entries(node: Node | None, key: str, gather: DiagnosticCollector) -> tuple[Node, ...]:
    if node is None:
        return ()
    if isinstance(node, SequenceNode):
        return node.items
    gather.include(*wrong_type(node, f"a list under `{key}`").diagnostics)
    return ()


def _split(node: Node, beside: tuple[str, ...], scope: Scope, gather: DiagnosticCollector) -> tuple[Entry, MappingNode]:
    """Return the entry that names the fact type, and the mapping of the keys beside it."""
    example = "`- fact_type: {field: value}`"
    if not isinstance(node, MappingNode):
        raise wrong_type(node, f"an entry such as {example}")
    stating = [e for e in node if e.key.value not in beside and not is_extra(e.key.value)]
    if not stating:
        raise reject("missing-key", f"the entry names no fact type; expected {example}", node.location)
    known = scope.vocabulary.by_id
    first = next((entry for entry in stating if entry.key.value in known), stating[0])
    for entry in stating:
        name = str(entry.key.value)
        if entry is first and name not in known:
            help = did_you_mean(name, (*known, *beside))
            if name in COMBINATORS:
                help = "an entry states one fact"
            gather.add("unknown-fact-type", f"there is no fact type `{name}`", entry.key.location, help)
        elif entry is not first and name in known:
            message = f"`{name}` is a second fact in this entry"
            gather.add("several-facts", message, entry.key.location, "begin a new entry with `-`")
        elif entry is not first:
            message = f"unknown key `{name}`"
            gather.include(
                unknown_key(entry, beside, flow=node.flow, code="unknown-key", message=message, can_be_own=True)
            )
    if str(first.key.value) not in known:
        raise Rejected(*gather.diagnostics)
    return first, evolve(node, entries=tuple(e for e in node if e.key.value in beside))


def _fact(node: Node, scope: Scope) -> Fact:
    gather = DiagnosticCollector()
    stating, rest = _split(node, BESIDE_FACT, scope, gather)
    fact_type = scope.vocabulary.by_id[str(stating.key.value)]
    beside, _ = salvage(rest, FactEntry, gather)
    source = _source(rest, scope, gather) if beside.source is not None else None
    disclosed = beside.disclosed
    for index, name in enumerate(disclosed):
        if fact_type.get(name) is None:
            help = did_you_mean(name, (f.id for f in fact_type.fields))
            message = f"fact type `{fact_type.id}` has no field `{name}`"
            gather.add("unknown-field", message, rest.value_location("disclosed", index), help)
    values = gather.attempt(_values, stating, fact_type, frozenset(disclosed), scope)
    gather.raise_if_any()
    assert values is not None
    return Fact(
        "", fact_type.id, values, tuple(sorted(disclosed)), beside.period, beside.as_of, beside.basis,
        source, beside.locator, beside.entity and composed(beside.entity), beside.note,
        node=node if isinstance(node, MappingNode) else None,
    )  # fmt: skip


def _source(rest: MappingNode, scope: Scope, gather: DiagnosticCollector) -> Source | None:
    node = rest.get("source")
    return gather.attempt(cited, node, scope.bibliography, scope.broken_sources) if node is not None else None


def _values(stating: Entry, fact_type: FactType, disclosed: frozenset[str], scope: Scope) -> FactValues:
    node = stating.value
    if not isinstance(node, MappingNode):
        raise wrong_type(node, f"the fields of a fact, `{fact_type.id}: {{field: value}}`")
    gather = DiagnosticCollector()
    misspelt = _unknown_fields(node, fact_type, gather)
    values: dict[str, Value] = {}
    for field in fact_type.fields:
        name = field.id
        child = node.get(name)
        if child is not None and name in disclosed:
            message = f"`{name}` has a value and is listed under `disclosed`"
            gather.add("value-and-disclosed", message, node.key_location(name), "keep one of the two")
        elif child is not None:
            value = gather.attempt(valid_value, child, field, scope.vocabulary.units)
            if value is not None:
                values[name] = value
        elif not field.optional and name not in disclosed and name not in misspelt:
            help = f"if it was published without its value, add `disclosed: [{name}]`"
            gather.add("missing-key", f"`{fact_type.id}` needs `{name}`", stating.key.location, help)
    gather.raise_if_any()
    return fact_type.model(**values)


def valid_value(node: Node, field: Field, units: Units) -> Value:
    """Return a value that passes the `valid` test of its field. Of a bound, some value must pass."""
    value = value_of(node, field, units)
    if field.valid is not None:
        cells = cells_of(field, ())
        if not cells.bits_of(value) & cells.passing(field.valid):
            raise reject("out-of-range", f"`{field.id}` must pass `{field.valid.text}`", node.location)
    return value


def _unknown_fields(node: MappingNode, fact_type: FactType, gather: DiagnosticCollector) -> frozenset[str]:
    """Report each field that the fact type does not have. Return the fields that were probably meant."""
    names = [field.id for field in fact_type.fields]
    unknown = [entry for entry in node if entry.key.raw not in names]
    for entry in unknown:
        name = entry.key.raw
        if name in BESIDE_FACT:
            help = f"write `{name}` beside the fact, not in it"
            gather.add("unknown-field", f"`{name}` is not a field of a fact", entry.key.location, help)
            continue
        message = f"fact type `{fact_type.id}` has no field `{name}`"
        gather.include(unknown_key(entry, names, flow=node.flow, code="unknown-field", message=message))
    meant = (nearest(entry.key.raw, names) for entry in unknown)
    return frozenset(name for name in meant if name is not None)


def _not_found(node: Node, scope: Scope) -> NotFound:
    gather = DiagnosticCollector()
    stating, rest = _split(node, _BESIDE_NOT_FOUND, scope, gather)
    beside, _ = salvage(rest, NotFoundEntry, gather)
    source = _source(rest, scope, gather) if beside.source is not None else None
    alone = MappingNode((stating,), stating.key.location)
    conditions = gather.attempt(conditions_together, alone, scope)
    gather.raise_if_any()
    assert conditions is not None
    first, *others = conditions
    return NotFound(first, beside.basis, source, beside.locator, beside.note, also=tuple(others), node=alone)

"""Loads a vocabulary: units, fact types, implications and derivations."""

import re
from collections.abc import Sequence
from keyword import iskeyword

from attrs import evolve

from cleancloud_rules.diagnostics.collector import (
    EVERYTHING,
    DiagnosticCollector,
    Rejected,
    did_you_mean,
    listed,
    reject,
)
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import Document, Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.language.conditions import COMBINATORS, RESERVED, Scope
from cleancloud_rules.language.converter import salvage, structure
from cleancloud_rules.language.file_types import DerivationEntry, FactsFile, FactTypeEntry, FieldEntry, ImpliesEntry
from cleancloud_rules.language.load.derivations import derivation_of
from cleancloud_rules.language.questions import with_questions
from cleancloud_rules.language.unary_tests import test_of
from cleancloud_rules.language.values import decimal_value, text_of, wrong_type
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.derivations import Derivation
from cleancloud_rules.model.facts import Better, FactType, FactValues, Field
from cleancloud_rules.model.units import Unit, Units
from cleancloud_rules.model.values import FieldType, Id
from cleancloud_rules.model.vocabulary import Implication

BESIDE_FACT = ("period", "as_of", "basis", "source", "locator", "entity", "note", "disclosed")
"""The keys beside a fact in an entry of ``facts``. They cannot name a fact type."""

_UNIT = re.compile(r"[A-Za-z][A-Za-z0-9]*( [A-Za-z][A-Za-z0-9]*)*")


def vocabulary_of(
    document: Document | None, scope: Scope, gather: DiagnosticCollector, questions: tuple[str, ...] | None = ()
) -> Scope:
    """Return the scope with the vocabulary that ``facts.yaml`` declares. Errors are added to `gather`.

    Args:
        document: the file; None if it could not be read.
        scope: the sources and their types, without any fact types.
        gather: collects the diagnostics.
        questions: the ids of the criteria that are questions; None if they are not known.
    """
    if document is None:
        return evolve(scope, broken=EVERYTHING)
    root = document.root
    file, wrong = salvage(root, FactsFile, gather, fact_types=MappingNode((), root.location))
    if not isinstance(file.fact_types, MappingNode):
        gather.include(*wrong_type(file.fact_types, "a mapping of fact types").diagnostics)
        wrong |= {"fact_types"}
    units = _units(file.units, gather)
    entries = file.fact_types.entries if isinstance(file.fact_types, MappingNode) else ()
    found = {
        str(entry.key.value): gather.attempt(_fact_type, entry.key, entry.value, units, questions) for entry in entries
    }
    fact_types = sorted((made for made in found.values() if made is not None), key=lambda made: made.id)
    broken = EVERYTHING if "fact_types" in wrong else frozenset(id for id, made in found.items() if made is None)
    vocabulary = evolve(scope.vocabulary, fact_types=tuple(fact_types), units=units or Units())
    scope = evolve(scope, vocabulary=vocabulary, broken=broken)
    implied = [gather.attempt(_implication, node, scope) for node in file.implies]
    derived = _derivations(file.derivations, scope, gather)
    vocabulary = evolve(vocabulary, implications=tuple(i for i in implied if i is not None), derivations=derived)
    return evolve(scope, vocabulary=vocabulary)


def _implication(node: Node, scope: Scope) -> Implication:
    shape = structure(node, ImpliesEntry)
    gather = DiagnosticCollector()
    given, then = (gather.attempt(structure, part, Condition, scope) for part in (shape.given, shape.then))
    gather.raise_if_any()
    assert given is not None and then is not None
    return Implication(given, then)


def _derivations(nodes: tuple[Node, ...], scope: Scope, gather: DiagnosticCollector) -> tuple[Derivation, ...]:
    made: list[Derivation] = []
    seen: set[str] = set()
    for node in nodes:
        shape = gather.attempt(structure, node, DerivationEntry)
        if shape is None or shape.node is None:
            continue
        if shape.id in seen:
            gather.add("repeated-id", f"derivation `{shape.id}` is already declared", shape.node.value_location("id"))
        seen.add(shape.id)
        derivation = gather.attempt(derivation_of, shape, scope)
        if derivation is not None:
            made.append(derivation)
    return tuple(made)


def _units(node: Node | None, gather: DiagnosticCollector) -> Units | None:
    """Return the units; None if some declared units are wrong."""
    units, part = Units(), DiagnosticCollector()
    if node is not None and not isinstance(node, MappingNode):
        part.include(*wrong_type(node, "a mapping of dimensions").diagnostics)
    for dimension in node if isinstance(node, MappingNode) else ():
        if not isinstance(dimension.value, MappingNode):
            part.include(*wrong_type(dimension.value, "a mapping of units to their sizes").diagnostics)
            continue
        for entry in dimension.value:
            unit = part.attempt(_unit, entry, dimension.key.raw, units)
            units = units.with_more([unit]) if unit is not None else units
    gather.absorb(part)
    return None if part.failed else units


def _unit(entry: Entry, dimension: str, units: Units) -> Unit:
    id = entry.key.raw
    if units.get(id) is not None:
        raise reject("repeated-id", f"unit `{id}` is already declared", entry.key.location)
    if not _UNIT.fullmatch(id):
        raise reject("bad-id", f"`{id}` is not a unit: units are words of letters and digits", entry.key.location)
    size = decimal_value(entry.value)
    if size <= 0:
        raise reject("out-of-range", f"the size of `{id}` must be above 0", entry.value.location)
    return Unit(id, dimension, size)


def _fact_type(key: ScalarNode, node: Node, units: Units | None, questions: tuple[str, ...] | None) -> FactType:
    gather = DiagnosticCollector()
    id = gather.attempt(structure, key, Id)
    if id in COMBINATORS:
        gather.add("reserved-name", f"`{id}` combines conditions and cannot name a fact type", key.location)
    elif id in BESIDE_FACT:
        gather.add("reserved-name", f"`{id}` is a key beside facts and cannot name a fact type", key.location)
    entry, _ = salvage(_mapping(node), FactTypeEntry, gather, title="", horizon="", fields={})
    assert entry.node is not None
    places = entry.node.get("fields")
    fields = [
        gather.attempt(_field, name, field_node, places.key_location(name), units, questions)
        for name, field_node in entry.fields.items()
        if isinstance(places, MappingNode)
    ]
    sentences = [] if entry.says is None else _items(entry.says)
    says = [gather.attempt(text_of, sentence, "a sentence") for sentence in sentences]
    gather.raise_if_any()
    assert id is not None
    made = tuple(field for field in fields if field is not None)
    said = tuple(sentence for sentence in says if sentence is not None)
    return FactType(id, entry.title, entry.horizon, made, entry.describe, entry.selection, said, node=entry.node)


def _items(node: Node) -> Sequence[Node]:
    return node.items if isinstance(node, SequenceNode) else (node,)


def _mapping(node: Node) -> MappingNode:
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "a mapping with `title`, `horizon` and `fields`")
    return node


_TYPES = tuple(type.value for type in FieldType)
_ORDERED = tuple(type for type in FieldType if type.is_ordered)
_BETTER = {
    Better.HIGHER: (*_ORDERED, FieldType.BOOLEAN),
    Better.LOWER: _ORDERED,
    Better.MORE: (FieldType.SET,),
    Better.LISTED: (FieldType.ENUM,),
}


def _field(name: Id, node: Node, place: Location, units: Units | None, questions: tuple[str, ...] | None) -> Field:
    gather = DiagnosticCollector()
    if name in RESERVED:
        gather.add("reserved-name", f"every fact has `{name}`, so it cannot name a field", place)
    elif iskeyword(name) or hasattr(FactValues, name) or name in (*FactValues.__annotations__, "self"):
        gather.add("reserved-name", f"`{name}` is reserved and cannot name a field", place)
    full = gather.attempt(with_questions, node, questions)
    entry = gather.attempt(structure, full, FieldEntry) if full is not None else None
    if entry is None or entry.node is None:
        raise Rejected(*gather.diagnostics)
    if entry.type not in _TYPES:
        help = did_you_mean(entry.type, _TYPES)
        where = entry.node.value_location("type")
        gather.add("unknown-type", f"`{entry.type}` is not a field type", where, help)
        raise Rejected(*gather.diagnostics)
    type = FieldType(entry.type)
    _field_options(entry, type, entry.node, units, gather)
    gather.raise_if_any()
    made = Field(
        name, type, entry.title, entry.values, entry.unit, entry.digits or 0,
        entry.better, entry.key, entry.optional, node=entry.node,
    )  # fmt: skip
    if entry.valid is None:
        return made
    return evolve(made, valid=test_of(entry.valid, made, units or Units()))


def _field_options(
    entry: FieldEntry, type: FieldType, node: MappingNode, units: Units | None, gather: DiagnosticCollector
) -> None:
    if type.lists_values and not entry.values:
        gather.add("missing-key", f"a field of type {type} needs `values`", node.value_location("type"))
    first = {value: index for index, value in reversed(list(enumerate(entry.values)))}
    for index, value in enumerate(entry.values):
        if first[value] < index:
            gather.add("repeated-value", f"`{value}` is repeated", node.value_location("values", index))
    if type is FieldType.QUANTITY and entry.unit is None:
        gather.add("missing-key", "a field of type quantity needs a `unit`", node.value_location("type"))
    if entry.unit is not None and (units or Units()).get(entry.unit) is None:
        gather.failed = True  # without a diagnostic if the unit may be a rejected one
        if units is not None:
            help = did_you_mean(entry.unit, (unit.id for unit in units.all))
            gather.add("unknown-unit", f"`{entry.unit}` is not a unit", node.value_location("unit"), help)
    if entry.digits is not None and not 0 <= entry.digits <= 12:
        message = f"`digits` is {entry.digits}; it must be between 0 and 12"
        gather.add("out-of-range", message, node.value_location("digits"))
    allowed = {"values": type.lists_values, "unit": type is FieldType.QUANTITY, "digits": type.is_decimal}
    for key, is_allowed in allowed.items():
        if not is_allowed and node.get(key) is not None:
            message = f"a field of type {type} has no `{key}`"
            gather.add("misplaced-key", message, node.key_location(key))
    if entry.better is not None and type not in _BETTER[entry.better]:
        fitting = [better.value for better, types in _BETTER.items() if type in types]
        help = f"for this type: {listed(fitting)}" if fitting else "remove `better`"
        message = f"`better: {entry.better.value}` has no meaning for a field of type {type}"
        gather.add("misplaced-key", message, node.value_location("better"), help)

"""Documents to a methodology."""

from collections.abc import Mapping as MappingType
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules._conditions import COMBINATORS, RESERVED, Scope
from cleancloud_rules._converters import structure
from cleancloud_rules._digest import sha256
from cleancloud_rules._findings import Gather, did_you_mean, listed, reject
from cleancloud_rules._loading_derivations import derivation_of
from cleancloud_rules._shapes import (
    CategoryEntry,
    CriteriaFile,
    FactsFile,
    FactTypeEntry,
    FieldEntry,
    MethodologyFile,
    SourceEntry,
)
from cleancloud_rules._unary import test_of
from cleancloud_rules._values import DECIMAL_TYPES, ORDERED_TYPES
from cleancloud_rules.conditions import Condition
from cleancloud_rules.documents import Document, Mapping, Node, Scalar, Sequence
from cleancloud_rules.facts import Better, Evidence, FactType, Field
from cleancloud_rules.methodology import Category, Criterion, HitPolicy, Implication, Methodology, Vocabulary
from cleancloud_rules.units import Unit, Units
from cleancloud_rules.values import Id, Name, field_types

HEAD, FACTS = "methodology.yaml", "facts.yaml"
"""The two files that every methodology has; all others hold criteria."""


@frozen
class Loaded:
    """What loading came to.

    Args:
        methodology: as far as it could be made; None where not even a part could.
        complete: whether nothing was left out.
    """

    methodology: Methodology | None
    complete: bool = False


def load(documents: MappingType[str, Document], gather: Gather) -> Loaded:
    """Return the methodology that documents describe; what is wrong is added to `gather`.

    Args:
        documents: the documents by file name.
        gather: takes the findings.
    """
    before = len(gather.diagnostics)
    for name in (HEAD, FACTS):
        if name not in documents:
            where = next(iter(documents.values())).location if documents else None
            if where is not None:
                gather.add(
                    "missing-file",
                    f"the methodology has no `{name}`",
                    evolve(where, source=evolve(where.source, text="")),
                )
    head_document, facts_document = documents.get(HEAD), documents.get(FACTS)
    head = gather.attempt(structure, head_document.root, MethodologyFile) if head_document else None
    if head is None:
        if facts_document:
            gather.attempt(structure, facts_document.root, FactsFile)
        return Loaded(None)
    bibliography = sources_of(head.sources, head.source_types, gather)
    cohorts = tuple((str(key), title) for key, title in head.cohorts.items())
    scope = _scope(facts_document, Vocabulary((), (), (), head.source_types, cohorts), bibliography, gather)
    categories = _categories(head, gather)
    for name in sorted(documents):
        if name not in (HEAD, FACTS):
            _criteria(documents[name], categories, scope, head, gather)
    methodology = Methodology(
        head.id,
        head.title,
        head.edition,
        head.publisher,
        scope.vocabulary,
        tuple(
            evolve(category, criteria=tuple(sorted(category.criteria, key=lambda c: c.id)))
            for category in categories.values()
        ),
        tuple((str(key), window) for key, window in head.windows.items()),
        tuple(sorted(head.accepted_sources if head.accepted_sources is not None else head.source_types)),
        head.rounding,
        head.points_basis,
        head.notices,
        tuple((str(key), text) for key, text in head.recommendations.items()),
        tuple(bibliography[key] for key in sorted(bibliography)),
        node=head.node,
    )
    complete = len(gather.diagnostics) == before
    return Loaded(evolve(methodology, sha256=sha256(methodology)), complete)


def sources_of(
    entries: MappingType[Name, SourceEntry], source_types: tuple[str, ...], gather: Gather
) -> dict[str, Evidence]:
    """Return a bibliography; sources of an unknown type are reported and kept."""
    made = {}
    for name, entry in entries.items():
        if entry.type not in source_types and entry.node is not None:
            where = entry.node.value_location("type")
            help = did_you_mean(entry.type, source_types)
            gather.add("unknown-value", f"`{entry.type}` is not a type of source here", where, help)
        made[str(name)] = Evidence(
            name, entry.type, entry.title, entry.publisher, entry.published, entry.accessed,
            entry.url, entry.archived, entry.footnotes, entry.note, node=entry.node,
        )  # fmt: skip
    return made


def _categories(head: MethodologyFile, gather: Gather) -> dict[str, Category]:
    entries = gather.attempt(_items, head.categories, CategoryEntry, gather)
    made: dict[str, Category] = {}
    for entry in entries or ():
        assert entry.node is not None
        if entry.id in made:
            gather.add("repeated-id", f"category `{entry.id}` is declared already", entry.node.value_location("id"))
            continue
        made[entry.id] = Category(entry.id, entry.title, entry.weight, node=entry.node)
    return made


def _items(node: Node, kind: Any, gather: Gather) -> list[Any]:
    if not isinstance(node, Sequence):
        raise reject("wrong-type", "expected a list", node.location)
    made = (gather.attempt(structure, item, kind) for item in node.items)
    return [thing for thing in made if thing is not None]


def _criteria(
    document: Document, categories: dict[str, Category], scope: Scope, head: MethodologyFile, gather: Gather
) -> None:
    file = gather.attempt(structure, document.root, CriteriaFile)
    if file is None:
        return
    if file.category not in categories:
        where = document.root.value_location("category")
        help = did_you_mean(file.category, categories)
        gather.add("unknown-category", f"there is no category `{file.category}`", where, help)
    if not isinstance(file.criteria, Sequence):
        gather.add("wrong-type", "expected a list of criteria", file.criteria.location)
        return
    for item in file.criteria.items:
        criterion = gather.attempt(structure, item, Criterion, scope)
        if criterion is None or file.category not in categories:
            continue
        if isinstance(item, Mapping) and item.get("points_basis") is None:
            criterion = evolve(criterion, points_basis=head.points_basis)
        category = categories[file.category]
        categories[file.category] = evolve(category, criteria=(*category.criteria, _in_order(criterion)))


def _in_order(criterion: Criterion) -> Criterion:
    if criterion.hit_policy is HitPolicy.FIRST:
        return criterion
    return evolve(criterion, rules=tuple(sorted(criterion.rules, key=lambda rule: (-rule.points, rule.id))))


def _scope(document: Document | None, empty: Vocabulary, bibliography: dict[str, Evidence], gather: Gather) -> Scope:
    nothing = Scope(empty, bibliography=bibliography, all_broken=True)
    if document is None:
        return nothing
    file = gather.attempt(structure, document.root, FactsFile)
    if file is None or not isinstance(file.fact_types, Mapping):
        if file is not None:
            gather.add("wrong-type", "expected a mapping of fact types", file.fact_types.location)
        return nothing
    units = _units(file, gather)
    made: list[FactType] = []
    broken: set[str] = set()
    for entry in file.fact_types:
        fact_type = gather.attempt(_fact_type, entry.key, entry.value, units)
        if fact_type is None:
            broken.add(str(entry.key.value))
        else:
            made.append(fact_type)
    vocabulary = evolve(empty, fact_types=tuple(sorted(made, key=lambda t: t.id)), units=units)
    scope = Scope(vocabulary, bibliography, frozenset(broken))
    implications = [
        Implication(given, then)
        for item in file.implies
        for given, then in [tuple(gather.attempt(structure, n, Condition, scope) for n in (item.given, item.then))]
        if given is not None and then is not None
    ]
    derivations = []
    seen: set[str] = set()
    for shape in file.derivations:
        if shape.id in seen and shape.node is not None:
            gather.add("repeated-id", f"derivation `{shape.id}` is declared already", shape.node.value_location("id"))
        seen.add(shape.id)
        derivation = gather.attempt(derivation_of, shape, scope)
        if derivation is not None:
            derivations.append(derivation)
    vocabulary = evolve(vocabulary, implications=tuple(implications), derivations=tuple(derivations))
    return evolve(scope, vocabulary=vocabulary)


def _units(file: FactsFile, gather: Gather) -> Units:
    units = Units()
    assert file.node is not None
    node = file.node.get("units")
    for dimension, sizes in file.units.items():
        assert isinstance(node, Mapping)
        inside = node.get(dimension)
        assert isinstance(inside, Mapping)
        for id, size in sizes.items():
            if units.get(id) is not None:
                gather.add("repeated-id", f"unit `{id}` is declared already", inside.key_location(id))
            elif size <= 0:
                gather.add("out-of-range", f"the size of `{id}` must be above 0", inside.value_location(id))
            else:
                units = units.with_more([Unit(id, dimension, size)])
    return units


def _fact_type(key: Scalar, node: Node, units: Units) -> FactType:
    gather = Gather()
    id = gather.attempt(structure, key, Id)
    if id in COMBINATORS:
        gather.add("reserved-name", f"`{id}` combines conditions, it cannot name a fact type", key.location)
    entry = gather.attempt(structure, node, FactTypeEntry)
    gather.raise_if_any()
    assert entry is not None and id is not None
    fields = [gather.attempt(_field, name, field_entry, units) for name, field_entry in entry.fields.items()]
    gather.raise_if_any()
    made = tuple(field for field in fields if field is not None)
    return FactType(id, entry.title, entry.horizon, made, entry.describe, node=entry.node)


_BETTER = {
    Better.HIGHER: ORDERED_TYPES | {"boolean"},
    Better.LOWER: ORDERED_TYPES,
    Better.MORE: frozenset({"set"}),
    Better.LISTED: frozenset({"enum"}),
}


def _field(name: Id, entry: FieldEntry, units: Units) -> Field:
    node = entry.node
    assert node is not None
    gather = Gather()
    if name in RESERVED:
        message = f"every fact has `{name}`, it cannot name a field"
        gather.add("reserved-name", message, node.location)
    if entry.type not in field_types:
        help = did_you_mean(entry.type, field_types)
        raise reject("unknown-type", f"`{entry.type}` is not a type of field", node.value_location("type"), help)
    _field_options(entry, node, units, gather)
    gather.raise_if_any()
    made = Field(
        name, entry.type, entry.title, entry.values, entry.unit, entry.digits or 0,
        entry.better, entry.key, entry.optional, node=node,
    )  # fmt: skip
    if entry.valid is None:
        return made
    return evolve(made, valid=test_of(entry.valid, made, units))


def _field_options(entry: FieldEntry, node: Mapping, units: Units, gather: Gather) -> None:
    named = entry.type in ("enum", "set")
    if named and not entry.values:
        gather.add("missing-key", f"a field of type {entry.type} needs `values`", node.value_location("type"))
    repeated = {value for value in entry.values if entry.values.count(value) > 1}
    if repeated:
        gather.add("repeated-value", f"{listed(sorted(repeated))} is repeated", node.value_location("values"))
    if entry.type == "quantity" and entry.unit is None:
        gather.add("missing-key", "a field of type quantity needs a `unit`", node.value_location("type"))
    if entry.unit is not None and units.get(entry.unit) is None:
        help = did_you_mean(entry.unit, (unit.id for unit in units.all))
        gather.add("unknown-unit", f"`{entry.unit}` is not a unit", node.value_location("unit"), help)
    if entry.digits is not None and not 0 <= entry.digits <= 12:
        gather.add("out-of-range", f"`digits` is {entry.digits}, it lies in 0 to 12", node.value_location("digits"))
    allowed = {"values": named, "unit": entry.type == "quantity", "digits": entry.type in DECIMAL_TYPES}
    for key, is_allowed in allowed.items():
        if not is_allowed and node.get(key) is not None:
            message = f"a field of type {entry.type} has no `{key}`"
            gather.add("misplaced-key", message, node.key_location(key))
    if entry.better is not None and entry.type not in _BETTER[entry.better]:
        fitting = [better.value for better, types in _BETTER.items() if entry.type in types]
        help = f"for this type: {listed(fitting)}" if fitting else "leave `better` out"
        message = f"`{entry.better.value}` says nothing about a field of type {entry.type}"
        gather.add("misplaced-key", message, node.value_location("better"), help)

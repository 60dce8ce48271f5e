"""Loads derivations, against a vocabulary."""

import re

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected, did_you_mean, reject
from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import MappingNode, Node, ScalarNode
from cleancloud_rules.language.conditions import Scope
from cleancloud_rules.language.converter import structure
from cleancloud_rules.language.fact_values import value_of
from cleancloud_rules.language.file_types import DerivationEntry
from cleancloud_rules.language.formulas import formula_of, readings_of
from cleancloud_rules.language.unary_tests import test_of
from cleancloud_rules.model.conditions import Condition, UnaryTest
from cleancloud_rules.model.derivations import Assignment, Derivation, Formula, Operand
from cleancloud_rules.model.facts import FactType
from cleancloud_rules.model.values import FieldType, Interval


def derivation_of(entry: DerivationEntry, scope: Scope) -> Derivation:
    """Return the derivation that an entry describes.

    Raises:
        Rejected: with all diagnostics of the entry.
    """
    node = entry.node
    assert node is not None
    gather = DiagnosticCollector()
    inputs = [(name, gather.attempt(structure, child, Condition, scope)) for name, child in entry.inputs.items()]
    target = scope.vocabulary.by_id.get(entry.fact)
    if target is None and entry.fact not in scope.broken:
        help = did_you_mean(entry.fact, scope.vocabulary.by_id)
        gather.add("unknown-fact-type", f"there is no fact type `{entry.fact}`", node.value_location("fact"), help)
    if not entry.inputs:
        gather.add("empty-value", "a derivation needs an input", node.value_location("from"))
    known = {name: condition for name, condition in inputs if condition is not None}
    if target is None or len(known) < len(entry.inputs):
        raise Rejected(*gather.diagnostics)
    types: dict[str, FactType] = {
        name: scope.vocabulary.by_id[condition.fact_type] for name, condition in known.items()
    }
    _check_join(entry, node, types, gather)
    places = node.get("set")
    assert isinstance(places, MappingNode)
    assignments = [
        gather.attempt(_assignment, name, child, places, target, types, scope) for name, child in entry.set.items()
    ]
    _check_complete(entry, target, places, gather)
    _check_digits(entry, node, target, [a for a in assignments if a is not None], gather)
    valid = gather.attempt(_valid, entry.valid, target, assignments, scope) if entry.valid is not None else None
    gather.raise_if_any()
    return Derivation(
        entry.id, entry.fact, tuple(known.items()), entry.join or (), tuple(a for a in assignments if a is not None),
        entry.round.digits, entry.round.mode, valid, node=node,
    )  # fmt: skip


def _check_join(
    entry: DerivationEntry, node: MappingNode, types: dict[str, FactType], gather: DiagnosticCollector
) -> None:
    if entry.join is None and len(entry.inputs) > 1:
        gather.add(
            "missing-key", "key `join` is missing", node.beginning, "it says what the joined facts have in common"
        )
    for index, name in enumerate(entry.join or ()):
        if name in ("period", "entity"):
            continue
        lacking = [t for t in sorted(types.values(), key=lambda t: t.id) if t.get(name) is None]
        if lacking:
            help = did_you_mean(name, ("period", "entity", *(field.id for field in lacking[0].fields)))
            message = f"fact type `{lacking[0].id}` has no field `{name}` to join"
            gather.add("unknown-field", message, node.value_location("join", index), help)
            continue
        kinds = {(t.id, field.type, field.unit) for t in types.values() if (field := t.get(name)) is not None}
        if len({kind[1:] for kind in kinds}) > 1:
            told = ", ".join(f"{unit or type} in `{id}`" for id, type, unit in sorted(kinds, key=str))
            message = f"`{name}` has different types: {told}"
            gather.add("wrong-type", message, node.value_location("join", index), "join by fields of one type and unit")


def _check_complete(entry: DerivationEntry, target: FactType, places: MappingNode, gather: DiagnosticCollector) -> None:
    for field in target.fields:
        if not field.optional and field.id not in entry.set:
            message = f"`{target.id}` needs `{field.id}`, but `set` does not set it"
            gather.add("missing-key", message, places.beginning)


def _check_digits(
    entry: DerivationEntry, node: MappingNode, target: FactType, made: list[Assignment], gather: DiagnosticCollector
) -> None:
    inside = node.get("round")
    where = inside.value_location("digits") if isinstance(inside, MappingNode) else node.value_location("set")
    digits = entry.round.digits
    if digits is None:
        return
    if not 0 <= digits <= 12:
        gather.add("out-of-range", f"`digits` is {digits}; it must be between 0 and 12", where)
        return
    for assignment in made:
        field = target.get(assignment.field)
        if assignment.is_formula and field and field.type.is_decimal and digits > field.digits:
            places = f"rounded to {digits} decimal places"
            message = f"the result is {places}; `{field.id}` may have at most {field.digits}"
            gather.add("too-many-digits", message, where, f"write `round: {{digits: {field.digits}}}`")


def _assignment(
    name: str, node: Node, places: MappingNode, target: FactType, types: dict[str, FactType], scope: Scope
) -> Assignment:
    field = target.get(name)
    if field is None:
        help = did_you_mean(name, (f.id for f in target.fields))
        message = f"fact type `{target.id}` has no field `{name}`"
        raise reject("unknown-field", message, places.key_location(name), help)
    is_text = isinstance(node, ScalarNode) and isinstance(node.value, str)
    if not field.type.is_computable or not is_text:
        value = value_of(node, field, scope.vocabulary.units)
        if isinstance(value, Interval):
            raise reject("wrong-type", f"`{name}` needs a formula or an exact value", node.location)
        return Assignment(name, value, node.raw if isinstance(node, ScalarNode) else name, False)
    assert isinstance(node, ScalarNode)
    formula = formula_of(node)
    _check_readings(formula, node, types)
    return Assignment(name, formula, node.raw, True)


def _check_readings(formula: Formula, node: ScalarNode, types: dict[str, FactType]) -> None:
    gather = DiagnosticCollector()
    for reading in readings_of(formula):
        where = _place(reading, node)
        if reading.input not in types:
            help = did_you_mean(reading.input, types)
            gather.add("unknown-input", f"there is no input `{reading.input}`", where, help)
            continue
        fact_type = types[reading.input]
        field = fact_type.get(reading.field)
        if field is None:
            help = did_you_mean(reading.field, (f.id for f in fact_type.fields))
            message = f"fact type `{fact_type.id}` has no field `{reading.field}`"
            gather.add("unknown-field", message, where, help)
        elif not field.type.is_numeric:
            gather.add("wrong-type", f"`{reading.field}` is of type {field.type}, not a number", where)
    gather.raise_if_any()


def _place(reading: Operand, node: ScalarNode) -> Location:
    found = re.search(rf"(?<![a-z0-9_]){reading.input}\s*\.\s*{reading.field}(?![a-z0-9_])", node.raw)
    return node.span(*found.span()) if found else node.location


def _valid(node: Node, target: FactType, assignments: list[Assignment | None], scope: Scope) -> UnaryTest:
    computed = [target.get(a.field) for a in assignments if a is not None and a.is_formula]
    fields = [field for field in computed if field is not None]
    field = fields[0] if fields else None
    if field is not None and field.type is FieldType.INTEGER:  # a test on a decimal can have any end
        field = next((other for other in fields if other.type.is_decimal and other.unit is None), field)
    if field is None and None in assignments:
        raise Rejected  # the formula was rejected
    if field is None:
        raise reject("misplaced-key", "`valid` limits a computed value, but no field has a formula", node.location)
    return test_of(node, field, scope.vocabulary.units)

"""The values of facts: exact values, sets of names and bounds."""

import re
from typing import Any

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean, listed, reject
from cleancloud_rules.diagnostics.lookalikes import lookalike_in, meant, named
from cleancloud_rules.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.language.values import enum_of, exact_value, shown, wrong_type
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import FieldType, Interval, Plain, Value

_COMPARISON = re.compile(r"\s*(?:(>=|=>)|(<=|=<)|(>)|(<))([^<>=]+)")
_ENDS = ("at_least", "at_most", "more_than", "less_than")
_BOUNDS = (*_ENDS, "between")


def value_of(node: Node, field: Field, units: Units) -> Value:
    """Return the value of a field of a fact: an exact value, a set of names, or a bound."""
    if isinstance(node, ScalarNode) and node.value is None:
        help = "remove the key; if the value was published, list the field under `disclosed`"
        raise wrong_type(node, f"a value of `{field.id}`", help)
    if field.type is FieldType.SET:
        return _names_of(node, field)
    if isinstance(node, MappingNode) and field.type.is_ordered:
        return _bound_of(node, field, units)
    if isinstance(node, ScalarNode) and field.type.is_ordered and (match := _COMPARISON.fullmatch(meant(node.raw))):
        bound = next(name for name, sign in zip(_ENDS, match.groups(), strict=False) if sign)
        help = f"write a bound: `{{{bound}: {match[5].strip()}}}`"
        if found := lookalike_in(node.raw):
            help += f", without {named(found[0])}"
        raise reject("wrong-type", f"expected a value of `{field.id}`, got {shown(node)}", node.location, help)
    return exact_value(node, field, units)


def _names_of(node: Node, field: Field) -> frozenset[str]:
    if isinstance(node, ScalarNode):
        return frozenset({enum_of(node, field)})
    if not isinstance(node, SequenceNode):
        raise wrong_type(node, f"a list of {listed(field.values)}")
    gather, seen = DiagnosticCollector(), dict[str, Node]()
    if not node.items:
        gather.add("empty-value", f"`{field.id}` is an empty list", node.location, "remove the key")
    for item in node.items:
        name = gather.attempt(enum_of, item, field)
        if name in seen:
            gather.add("repeated-value", f"`{name}` is repeated", item.location)
        elif name is not None:
            seen[name] = item
    gather.raise_if_any()
    return frozenset(seen)


def _bound_of(node: MappingNode, field: Field, units: Units) -> Value:
    gather = DiagnosticCollector()
    ends: dict[str, Any] = {}
    for entry in node:
        name = str(entry.key.value)
        if name not in _BOUNDS:
            help = did_you_mean(name, _BOUNDS)
            gather.add("unknown-key", f"`{name}` is not a bound", entry.key.location, help)
        elif name == "between":
            ends[name] = gather.attempt(_between, entry.value, field, units)
        else:
            ends[name] = gather.attempt(exact_value, entry.value, field, units)
    gather.raise_if_any()
    lows, highs = ends.keys() & {"more_than", "at_least"}, ends.keys() & {"less_than", "at_most"}
    if not ends or len(lows) > 1 or len(highs) > 1 or ("between" in ends and len(ends) > 1):
        message = "a bound has `between` alone, or at most one lower and one upper end"
        raise reject("bad-bound", message, node.location)
    if "between" in ends:
        bound = Interval(*ends["between"])
    else:
        low = ends[min(lows)] if lows else None
        high = ends[min(highs)] if highs else None
        bound = Interval(low, high, "more_than" in lows, "less_than" in highs)
    first, last = field.type.first_and_last
    inside = Interval(
        first if bound.low is None else bound.low,
        last if bound.high is None else bound.high,
        bound.low_open,
        bound.high_open,
    )
    if inside.is_empty:
        raise reject("bad-bound", "no value lies within this bound", node.location)
    return inside.low if inside.is_point and inside.low is not None else bound


def _between(node: Node, field: Field, units: Units) -> tuple[Plain, Plain]:
    if not isinstance(node, SequenceNode):
        raise wrong_type(node, "a list of two values")
    if len(node.items) != 2:
        message = f"`between` needs two values, not {len(node.items)}"
        raise reject("bad-bound", message, node.location, "write `between: [10, 20]`")
    gather = DiagnosticCollector()
    ends = [gather.attempt(exact_value, item, field, units) for item in node.items]
    gather.raise_if_any()
    return ends[0], ends[1]  # type: ignore[return-value]

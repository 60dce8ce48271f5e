"""Nodes whose parts all have the place of one cell."""

from collections.abc import Iterable
from decimal import Decimal

from cleancloud_rules.diagnostics.diagnostic import Location
from cleancloud_rules.documents.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.documents.yaml import resolve
from cleancloud_rules.model.exact import is_whole


def quoted(text: str, where: Location) -> ScalarNode:
    """Return a text as a node."""
    return ScalarNode(text, where, text, "cell")


def resolved(text: str, where: Location) -> ScalarNode:
    """Return the number that a text writes as a node; the text itself if it writes none."""
    text = text.strip()
    value = resolve(text)
    return ScalarNode(text if value is None or isinstance(value, bool) else value, where, text, "cell")


def number(value: int | Decimal, where: Location) -> ScalarNode:
    """Return a number as a node."""
    exact = int(value) if is_whole(Decimal(value)) else value
    return ScalarNode(exact, where, f"{exact:f}" if isinstance(exact, Decimal) else str(exact), "cell")


def broken(where: Location) -> ScalarNode:
    """Return the node of what was reported already: it causes no further diagnostic."""
    return ScalarNode(None, where, "...", "broken")


def mapping(pairs: Iterable[tuple[str, Node]], where: Location) -> MappingNode:
    """Return a mapping in which each key has the place of its value."""
    return MappingNode(tuple([Entry(quoted(name, node.location), node) for name, node in pairs]), where)


def placed(node: Node, where: Location) -> Node:
    """Return a node that has, with all its parts, a place."""
    match node:
        case MappingNode():
            entries = (Entry(_scalar_at(e.key, where), placed(e.value, where)) for e in node)
            return MappingNode(tuple(entries), where, node.flow)
        case SequenceNode():
            return SequenceNode(tuple(placed(item, where) for item in node.items), where)
        case _:
            return _scalar_at(node, where)


def _scalar_at(node: ScalarNode, where: Location) -> ScalarNode:
    return ScalarNode(node.value, where, node.raw, node.style)

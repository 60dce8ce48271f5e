"""Keys of the user's own: they begin with ``x-``, mean nothing to the library, and are kept in results."""

from typing import Any

from cleancloud_rules.documents.frozen_data import FrozenMapping
from cleancloud_rules.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode

PREFIX = "x-"
"""How a key of the user's own begins."""

Extra = tuple[tuple[str, Any], ...]
"""Keys of the user's own with their values as plain data that cannot be changed, sorted."""


def is_extra(key: object) -> bool:
    """Whether a key is one of the user's own."""
    return isinstance(key, str) and key.startswith(PREFIX) and key != PREFIX


def extra_keys(node: MappingNode | None) -> Extra:
    """Return the keys of the user's own in a mapping, with their values."""
    entries = () if node is None else node.entries
    return tuple(sorted((e.key.raw, _plain(e.value)) for e in entries if is_extra(e.key.raw)))


def extra_keys_within(node: Node) -> frozenset[str]:
    """Return the keys of the user's own in a node and in all its parts."""
    match node:
        case MappingNode():
            own = (entry.key.raw for entry in node if is_extra(entry.key.raw))
            return frozenset(own).union(*(extra_keys_within(entry.value) for entry in node))
        case SequenceNode():
            return frozenset[str]().union(*map(extra_keys_within, node.items))
        case _:
            return frozenset()


def _plain(node: Node) -> Any:
    match node:
        case ScalarNode():
            return node.value
        case SequenceNode():
            return tuple(_plain(item) for item in node.items)
        case MappingNode():
            return FrozenMapping(tuple((entry.key.raw, _plain(entry.value)) for entry in node))

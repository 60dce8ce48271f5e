"""Reads how many parts of a group must be assessed: ``{at_least: 3, of: criteria}``."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, nearest, reject
from cleancloud_rules.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.language.values import wrong_type
from cleancloud_rules.model.groups import CoverageLine
from cleancloud_rules.model.values import Id

CRITERIA = "criteria"
"""The word for all criteria inside a group, at any depth."""

_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,12})?) ?%")
_NUMBER = re.compile(r"[0-9]{1,9}")


@frozen
class CoverageEntry:
    """One line of the coverage of a group."""

    at_least: Node
    of: Node | None = None
    node: MappingNode | None = field(default=None, kw_only=True)


def coverage_of(node: Node, converted: Callable[[Node, Any], Any]) -> CoverageLine:
    """Return a line of ``coverage``.

    Args:
        node: the line.
        converted: converts a node to an object of a class.

    Raises:
        Rejected: with all diagnostics of the line.
    """
    entry: CoverageEntry = converted(node, CoverageEntry)
    gather = DiagnosticCollector()
    minimum = gather.attempt(_minimum, entry.at_least)
    of = None if entry.of is None else gather.attempt(_counted, entry.of, converted)
    gather.raise_if_any()
    assert minimum is not None
    if isinstance(of, str):
        return CoverageLine(*minimum, of_criteria=True, node=entry.node)
    return CoverageLine(*minimum, of, node=entry.node)


def _minimum(node: Node) -> tuple[Decimal, bool]:
    """Return a minimum, and whether it is a percentage."""
    text = node.raw if isinstance(node, ScalarNode) else ""
    share, number = _SHARE.fullmatch(text), _NUMBER.fullmatch(text)
    if share is None and (number is None or not isinstance(node, ScalarNode) or not isinstance(node.value, int)):
        raise wrong_type(node, 'a whole number of parts, or a percentage such as `"60%"`')
    minimum = Decimal(share[1] if share is not None else text)
    if minimum <= 0 or (share is not None and minimum > 100):
        allowed = "above 0% and at most 100%" if share is not None else "1 or more"
        raise reject("out-of-range", f"`at_least` is {text}; it must be {allowed}", node.location)
    return minimum, share is not None


def _counted(node: Node, converted: Callable[[Node, Any], Any]) -> str | tuple[Id, ...]:
    """Return the ids of the parts that are counted, or the word for all criteria."""
    if isinstance(node, ScalarNode):
        if node.raw == CRITERIA:
            return CRITERIA
        if isinstance(node.value, str):
            near = nearest(node.raw, (CRITERIA,))
            help = f"write `[{node.raw}]`" if near is None else f"did you mean `{near}`?"
            raise reject("unknown-value", f"`{node.raw}` is not `criteria`", node.location, help)
    if not isinstance(node, SequenceNode):
        raise wrong_type(node, "a list of parts, or `criteria`")
    ids: tuple[Id, ...] = converted(node, tuple[Id, ...])
    if not ids:
        raise reject("empty-value", "`of` names no part", node.location, "leave it out to count all parts")
    for index, id in enumerate(ids):
        if id in ids[:index]:
            raise reject("repeated-id", f"`{id}` is listed twice", node.items[index].location)
    return ids

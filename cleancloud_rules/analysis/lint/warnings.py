"""Makes the warnings about a methodology."""

from collections.abc import Callable, Iterator

from cleancloud_rules.analysis.lint.implication import Implications
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, Severity
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.methodology import Methodology

Analysis = Callable[[Methodology, Implications], Iterator[Diagnostic]]
"""Yields the warnings of one code."""


def warning(code: str, message: str, where: Location, help: str = "") -> Diagnostic:
    """Return a warning."""
    return Diagnostic(code, message, where, help, Severity.WARNING)


def at_key(node: MappingNode | None, key: str) -> Location:
    """Return the location of a key."""
    assert node is not None, "analysed objects come from documents"
    return node.key_location(key)


def at_value(node: MappingNode | None, key: str, index: int | None = None) -> Location:
    """Return the location of the value of a key, or of an item of the list under it."""
    assert node is not None
    return node.value_location(key, index)


def note(code: str, message: str, where: Location, help: str = "") -> Diagnostic:
    """Return a note."""
    return Diagnostic(code, message, where, help, Severity.NOTE)


def at_fact(fact: Fact) -> Location:
    """Return the location of the fact type in the entry of a stated fact."""
    return at_key(fact.node, fact.type)

"""Makes the warnings about a methodology."""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TypeVar

from cleancloud_rules.analysis.lint.implication import Implications
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, Severity
from cleancloud_rules.documents.nodes import MappingNode
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.methodology import Methodology

MAX_LISTED = 100
"""The maximum number of pairs that are reported one by one."""

MAX_COUNTED = 100_000
"""The maximum number of further pairs that are counted."""

_Pair = TypeVar("_Pair")

Analysis = Callable[[Methodology, Implications], Iterator[Diagnostic]]
"""Yields the warnings of one code."""


def warning(code: str, message: str, where: Location, help: str = "") -> Diagnostic:
    """Return a warning."""
    return Diagnostic(code, message, where, help, Severity.WARNING)


def limited(pairs: Iterator[_Pair], what: str, tell: Callable[[_Pair], Diagnostic]) -> Iterator[Diagnostic]:
    """Yield a warning for each of the first `MAX_LISTED` pairs, and one that counts the others.

    Args:
        pairs: what is reported.
        what: what the pairs are and do, as the end of a sentence, such as "pairs of rules overlap".
        tell: returns the warning about a pair.
    """
    yield from map(tell, islice(pairs, MAX_LISTED))
    first = next(pairs, None)
    if first is not None:
        count = 1 + sum(1 for _ in islice(pairs, MAX_COUNTED))
        number = f"{count:,}" if count <= MAX_COUNTED else f"more than {MAX_COUNTED:,}"
        told = tell(first)
        yield warning(told.code, f"{number} more {what}", told.location, f"the first {MAX_LISTED} are listed")


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

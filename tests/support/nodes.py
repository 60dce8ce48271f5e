"""Parts of documents for tests of what reads them."""

from collections.abc import Callable
from typing import Any

import pytest

from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location
from cleancloud_rules.documents.nodes import Document, MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.documents.yaml import read_text


def document(text: str, name: str = "<text>") -> Document:
    """Return a text as a document in which nothing is wrong."""
    found, findings = read_text(text, name)
    assert not findings, findings
    assert found is not None
    return found


def node(text: str) -> Node:
    """Return what stands after a key."""
    found = document(f"x: {text}\n").root.get("x")
    assert found is not None
    return found


def plain(thing: Node) -> Any:
    """Return a node as plain data, without its places."""
    match thing:
        case MappingNode():
            return {str(entry.key.value): plain(entry.value) for entry in thing}
        case SequenceNode():
            return [plain(item) for item in thing.items]
        case ScalarNode():
            return thing.value


def seen(findings: tuple[Diagnostic, ...] | list[Diagnostic]) -> list[tuple[str, str]]:
    """Return the code and the underlined text of each finding."""
    return [(finding.code, finding.location.text) for finding in findings]


def refused(function: Callable[..., object], *arguments: Any) -> list[tuple[str, str]]:
    """Return code and underlined text of the findings for which a function refuses its arguments."""
    with pytest.raises(Rejected) as caught:
        function(*arguments)
    return seen(caught.value.diagnostics)


def lies_in_its_file(where: Location) -> bool:
    """Whether a place with a line lies in its text; the end may be the beginning of the line after the last."""
    file = where.file
    return (
        1 <= where.line <= where.end_line <= len(file.lines) + 1
        and 1 <= where.column <= len(file.line(where.line)) + 1
        and (where.line, where.column) <= (where.end_line, where.end_column)
    )

"""The canonical order of the keys of criteria and rules: the order of the reference."""

from functools import lru_cache

from cleancloud_rules.documents.extra_keys import is_extra
from cleancloud_rules.documents.nodes import Document, MappingNode, Node, SequenceNode
from cleancloud_rules.formatting.block_style import dashes, end_of
from cleancloud_rules.formatting.flow_style import is_flow
from cleancloud_rules.schemas.inputs import input_schema


@lru_cache
def _order(kind: str) -> tuple[str, ...]:
    """Return the keys of a criterion, a question or a rule, as the schema lists them."""
    return tuple(input_schema("criteria")["$defs"][kind]["properties"])


def with_keys_in_order(document: Document) -> str:
    """Return the text of a file with the keys of criteria and rules in canonical order.

    Each key moves with all its lines and with the comments above it. Mappings in braces stay as they are.
    """
    text = document.location.file.text
    lines = text.removesuffix("\n").split("\n")
    criteria = document.root.get("criteria")
    for line, criterion in _block_items(criteria, lines):
        for rule_line, rule in _block_items(criterion.get("rules"), lines):
            _reorder(rule, rule_line, "rule", lines)
        _reorder(criterion, line, "criterion" if criterion.get("ask") is None else "question", lines)
    return "\n".join(lines) + "\n"


def _block_items(node: Node | None, lines: list[str]) -> list[tuple[int, MappingNode]]:
    """Return the mappings in block style in a list in block style, each with the line of its dash."""
    if not isinstance(node, SequenceNode) or is_flow(node):
        return []
    return [(line, item) for line, item in dashes(node, lines) if isinstance(item, MappingNode) and not item.flow]


def _reorder(mapping: MappingNode, line: int, kind: str, lines: list[str]) -> None:
    """Reorder the lines of an item in place.

    Args:
        mapping: the item.
        line: the line of its dash, counted from 1.
        kind: the name of its definition in the schema.
        lines: the lines of the file.
    """
    known = _order(kind)
    names = [str(entry.key.value) for entry in mapping]
    if mapping.entries[0].key.location.line != line or any(name not in known and not is_extra(name) for name in names):
        return
    column = mapping.entries[0].key.location.column - 1
    dash, lines[line - 1] = lines[line - 1][:column], " " * column + lines[line - 1][column:]
    parts: dict[str, list[str]] = {}
    start = line - 1
    for entry in mapping:
        end = end_of(entry.value, column, lines)
        parts[str(entry.key.value)] = lines[start:end]
        start = end
    place = {name: index for index, name in enumerate((*known, *filter(is_extra, names)))}.__getitem__
    moved = [part for name in sorted(names, key=place) for part in parts[name]]
    first = next(i for i, text in enumerate(moved) if text.strip() and not text.lstrip().startswith("#"))
    above = [f"{dash.replace('-', ' ')[: len(dash) - 2]}{text.strip()}".rstrip() for text in moved[:first]]
    moved[: first + 1] = [*above, dash + moved[first][column:]]
    lines[line - 1 : start] = moved

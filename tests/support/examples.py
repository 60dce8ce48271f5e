"""All bundled and fictional examples: each methodology with its dataset."""

import csv
from functools import cache
from pathlib import Path
from typing import Any

from cleancloud_rules import Dataset, Methodology, load_dataset, load_methodology
from cleancloud_rules.documents.nodes import MappingNode, Node, ScalarNode, SequenceNode
from cleancloud_rules.documents.yaml import read_text
from tests.support.places import CRITERIA, DATASET, ROOT

_EXAMPLES = ROOT / "examples"

FOLDERS: dict[str, tuple[Path, Path]] = {
    "clean_cloud_2024": (CRITERIA, DATASET),
    "careful_water": (_EXAMPLES / "careful_water" / "methodology", _EXAMPLES / "careful_water"),
    "mendable_tools": (_EXAMPLES / "mendable_tools" / "methodology", _EXAMPLES / "mendable_tools"),
    "open_reading_rooms": (_EXAMPLES / "open_reading_rooms" / "methodology", _EXAMPLES / "open_reading_rooms"),
    "first_edition": (_EXAMPLES / "two_editions" / "first", _EXAMPLES / "two_editions"),
    "second_edition": (_EXAMPLES / "two_editions" / "second", _EXAMPLES / "two_editions"),
}
"""The folder of each methodology, and that of its dataset."""


@cache
def example(name: str) -> tuple[Methodology, Dataset]:
    """Return a methodology and its dataset."""
    folder, dataset = FOLDERS[name]
    methodology = load_methodology(folder)
    return methodology, load_dataset(dataset, methodology)


@cache
def texts_in(folder: Path) -> dict[str, str]:
    """Return the names and texts of all files in a folder and in the folders inside, as a program would hold them."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix in (".yaml", ".json", ".csv"))
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in sorted(files)}


def data_in(folder: Path) -> dict[str, Any]:
    """Return the names and contents of all files in a folder as plain data, with a list of rows for each table."""
    return {name: _data(name, text) for name, text in texts_in(folder).items()}


def _data(name: str, text: str) -> Any:
    if name.endswith(".csv"):
        return [dict(row) for row in csv.DictReader(text.splitlines())]
    document, diagnostics = read_text(text, name)
    assert document is not None, diagnostics
    return plain(document.root)


def plain(node: Node) -> Any:
    """Return a node as plain data."""
    match node:
        case ScalarNode(style="block"):
            return node.raw.rstrip("\n")
        case ScalarNode():
            return node.value
        case SequenceNode():
            return [plain(item) for item in node.items]
        case MappingNode():
            return {entry.key.raw: plain(entry.value) for entry in node}

"""Reads documents from files, from texts and from plain data, which have one form."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.documents import yaml
from cleancloud_rules.documents.file_reader import decoded
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.documents.plain_data import kind_in_words, read_data

Data = Mapping[str, Any] | str | bytes
"""Plain data, or YAML or JSON text, also as bytes in UTF-8."""

BYTES = bytes | bytearray | memoryview
"""The types of texts in UTF-8."""


def document_from(content: Data, name: str, gather: DiagnosticCollector) -> Document | None:
    """Return text or plain data as a document; None if it cannot be read."""
    if isinstance(content, BYTES):
        text = gather.attempt(decoded, bytes(content), Path(name))
        if text is None:
            return None
        content = text
    if isinstance(content, str):
        document, diagnostics = yaml.read_text(content, name)
    else:
        document, diagnostics = read_data(content, name)
    gather.include(*diagnostics)
    return document


def read_document(path: Path, gather: DiagnosticCollector) -> Document | None:
    """Return a file as a document; None if it cannot be read."""
    document, diagnostics = yaml.read_file(path)
    gather.include(*diagnostics)
    return document


def files_from(files: Any, of: str, help: str) -> Mapping[str, Any]:
    """Return files in memory: their contents by name.

    Args:
        files: what a caller gave.
        of: what the files are of, such as "a dataset".
        help: what takes a folder in their place.

    Raises:
        Rejected: if it is no mapping of texts to contents.
    """
    where = Location(SourceFile("<data>"))
    if not isinstance(files, Mapping):
        message = f"expected the files of {of} as a mapping of names to contents, got {kind_in_words(files)}"
        raise Rejected(Diagnostic("wrong-type", message, where, help))
    wrong = [name for name in files if not isinstance(name, str)]
    if wrong:
        raise Rejected(*(_no_name(name, of, where) for name in wrong))
    return files


def _no_name(name: Any, of: str, where: Location) -> Diagnostic:
    return Diagnostic("wrong-type", f"the name of a file of {of} must be a text, got {kind_in_words(name)}", where)

"""Limits of what is read, for files, text and plain data alike, and the diagnostics of what goes beyond them."""

from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.documents.nodes import Node, ScalarNode

MAX_DEPTH = 40
"""The maximum depth of nested mappings and lists. Real files stay under ten."""

MAX_NODES = 500_000
"""The maximum number of keys, values, lists and mappings of a file. The largest bundled file has under 10,000."""

MAX_DIGITS = 24
"""The maximum number of digits of a number."""

MAX_FIGURES = 1_000
"""The maximum length of a text that is converted to a number at all, so that its digits can be counted."""


def too_deep(where: Location) -> Diagnostic:
    """Return the diagnostic of what is nested too deeply."""
    return Diagnostic("yaml-depth", f"nested deeper than {MAX_DEPTH} levels", where)


def too_large(file: SourceFile, limit: str) -> Diagnostic:
    """Return the diagnostic of a file, a text or data beyond a limit, such as "500,000 values"."""
    message = f"cannot read `{file.name}`: it has more than {limit}"
    return Diagnostic("file-too-large", message, Location(file), "split it into several files")


def too_many_digits(digits: int, where: Location) -> Diagnostic:
    """Return the diagnostic of a number with too many digits."""
    return Diagnostic("too-many-digits", f"the number has {digits:,} digits; the maximum is {MAX_DIGITS}", where)


def no_mapping(root: Node | None, file: SourceFile) -> Diagnostic:
    """Return the diagnostic of a document that is no mapping."""
    if root is None or (isinstance(root, ScalarNode) and root.value is None):
        return Diagnostic("empty-document", "the document is empty", Location(file))
    message = "the document must be a mapping of keys to values"
    return Diagnostic("document-not-a-mapping", message, root.location)

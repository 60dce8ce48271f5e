"""The packaged lists of what regulations ask for."""

from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.documents.file_reader import text_in
from cleancloud_rules.documents.yaml import read_text
from cleancloud_rules.language.converter import structure
from cleancloud_rules.language.regulation_file_types import RegulationFile
from cleancloud_rules.resources import regulation_files


def regulation_names() -> tuple[str, ...]:
    """Return the ids of the lists, sorted."""
    return tuple(sorted(regulation_files()))


def regulation_named(name: str) -> RegulationFile:
    """Return the list of an id.

    Raises:
        ValueError: if there is none; the message names all.
    """
    found = regulation_files().get(name)
    if found is None:
        raise ValueError(f"there is no list `{name}`; there are {', '.join(regulation_names())}")
    return regulation_of(text_in(found), found.name)


def regulation_of(text: str, name: str) -> RegulationFile:
    """Return the list that a text holds.

    Raises:
        Rejected: with all diagnostics of the text.
    """
    document, diagnostics = read_text(text, name)
    if document is None or diagnostics:
        raise Rejected(*diagnostics)
    return structure(document.root, RegulationFile)

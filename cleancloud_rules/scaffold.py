"""Starts a methodology: copies the packaged template and gives it an id and a title."""

import json
import os
import re
import unicodedata
from pathlib import Path

from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents.file_reader import Kind, files_below, is_empty, kind_of, text_in
from cleancloud_rules.documents.file_writer import create_files
from cleancloud_rules.formatting.flow_style import is_plain
from cleancloud_rules.results.json import to_json
from cleancloud_rules.schemas.catalogue import SCHEMAS

TEMPLATE = Path(__file__).parent / "_template"
"""The methodology that is copied. It passes all checks itself."""

ID, TITLE = "my_methodology", "My methodology"
"""The id and the title in the template, which are replaced."""

_SCHEMA = re.compile(r"/(\w+)\.schema\.json")
_NO_ID = re.compile(r"[^a-z0-9]+")


def id_of(name: str) -> str:
    """Return an id made from the name of a folder. Letters lose their diacritical marks."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    made = _NO_ID.sub("_", letters.casefold()).strip("_")
    return made if made[:1].isalpha() else f"methodology_{made}".rstrip("_")


def title_of(name: str) -> str:
    """Return a title made from the name of a folder: the name with a capital letter, and with spaces for `_`."""
    words = "".join(c if c.isprintable() else " " for c in name.replace("_", " ")).split()
    title = unicodedata.normalize("NFC", " ".join(words)) or TITLE
    return title[0].upper() + title[1:]


def start(folder: Path, title: str | None = None) -> tuple[Path, ...]:
    """Write the files of a new methodology, and the schemas that they name.

    Args:
        folder: the folder. It is created if it does not exist; otherwise it must be empty.
        title: the title; None for one made from the name of the folder.

    Returns:
        The files in the order of their names, the schemas last.

    Raises:
        FileExistsError: if the path is a file or a folder that is not empty. Then nothing is written.
        OutputError: if the files cannot be written. Then those that were written before are taken away again.
        Rejected: if the folder cannot be read.
    """
    kind = kind_of(folder)
    if kind is not Kind.MISSING and (kind is not Kind.FOLDER or not is_empty(folder)):
        raise FileExistsError(folder)
    name = Path(os.path.realpath(folder)).name
    files = contents(id_of(name), title_of(name) if title is None else title)
    made = {folder / name: text for name, text in files.items()}
    create_files(made)
    return tuple(made)


def contents(id: str, title: str) -> dict[str, str]:
    """Return the texts of the files of a new methodology by name."""
    made = {}
    collector = DiagnosticCollector()
    files = sorted(file for file in files_below(TEMPLATE, collector) if file.suffix == ".yaml")
    collector.raise_if_any()
    for path in files:
        text = text_in(path).replace(f": {ID}\n", f": {_quoted(id)}\n")
        text = text.replace(f"title: {TITLE}\n", f"title: {_quoted(title)}\n")
        made[path.relative_to(TEMPLATE).as_posix()] = text
    schemas = sorted({found[1] for text in made.values() for found in _SCHEMA.finditer(text)})
    made.update({f"schema/{name}.schema.json": to_json(SCHEMAS[name]()) for name in schemas})
    return made


def _quoted(text: str) -> str:
    return text if is_plain(text, inside=False) else json.dumps(text, ensure_ascii=False)

"""Warnings about files that are not read although they may be meant."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from cleancloud_rules.analysis.lint.warnings import note, warning
from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.diagnostics.diagnostic import Diagnostic, Location, SourceFile
from cleancloud_rules.documents.file_reader import SUFFIXES, files_in, is_file, is_folder, is_hidden, left_out, text_in

_HEAD = "methodology.yaml"
_CRITERIA = re.compile(r"^(criteria|fact_types):", re.MULTILINE)

_SEARCHED = 20
"""How many files of a folder are searched for criteria."""

_ENDINGS = ", ".join(f"`{suffix}`" for suffix in SUFFIXES)


def unread_files(paths: Iterable[PurePath]) -> Iterator[Diagnostic]:
    """Yield a warning for each file or folder that is not read; for a hidden file, a note.

    A path that is no `Path` names a file in memory, which someone gave on purpose.
    """
    for path in paths:
        where = Location(SourceFile(str(path)))
        if not isinstance(path, Path):
            help = "name it in `dataset.yaml`, or leave it out"
            yield warning("unread-file", "this file is not read: the dataset does not name it", where, help)
        elif is_hidden(path):
            yield note("unread-file", "this file is not read: it is hidden or temporary", where)
        elif is_folder(path):
            help = "move its files one folder up, or name the folder in `dataset.yaml`"
            yield warning("unread-file", "the files in this folder are not read", where, help)
        elif path.suffix in SUFFIXES:
            help = "name it in `dataset.yaml`, or move it"
            yield warning("unread-file", "this file is not read: the dataset does not name it", where, help)
        else:
            message = f"this file is not read: its name ends with `{path.suffix}`"
            yield warning("unread-file", message, where, f"names end with {_ENDINGS}, in lower-case letters")


def unread_criteria(folder: Path) -> Iterator[Diagnostic]:
    """Yield a warning for what is not read in the folder of a methodology: files, and folders that hold criteria."""
    for path in left_out(folder):
        if is_hidden(path) or not is_folder(path):
            yield from unread_files([path])
        elif not is_file(path / _HEAD) and any(map(_holds_criteria, files_in(path)[:_SEARCHED])):
            where = Location(SourceFile(str(path)))
            yield warning(
                "unread-file", "the criteria in this folder are not read", where, "move its files one folder up"
            )


def _holds_criteria(path: Path) -> bool:
    try:
        return _CRITERIA.search(text_in(path)) is not None
    except Rejected:  # it is not read, so its mistakes do not matter
        return False

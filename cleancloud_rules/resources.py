"""Finds the bundled methodologies and examples.

A wheel has them inside the package, under ``_bundled``. A check-out, and so an editable installation, has them at its
root.
"""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

_PACKAGE = Path(__file__).parent
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def bundled() -> Mapping[str, tuple[str, ...]]:
    """Return the names of the bundled methodologies and datasets, which stand for their folders.

    Returns:
        Under ``methodologies`` and ``datasets`` their names, sorted.

    Example:
        >>> import cleancloud_rules as cc
        >>> cc.bundled()["methodologies"]
        ('clean_cloud_2024',)
    """
    return {"methodologies": bundled_names(), "datasets": _names("examples", "dataset.yaml")}


def _folder_of(kind: str) -> Path:
    """Return the folder of all bundled data of one kind.

    Args:
        kind: ``criteria`` or ``examples``.

    Returns:
        The folder in the wheel if there is one, else the folder of the check-out. It need not exist.
    """
    wheel = _PACKAGE / "_bundled"
    return (wheel if wheel.is_dir() else _PACKAGE.parent) / kind


def bundled_methodology(name: str) -> Path | None:
    """Return the folder of the bundled methodology of this name; None if there is none."""
    return _holding("criteria", name, "methodology.yaml")


def regulation_files() -> Mapping[str, Path]:
    """Return the files that list what a regulation asks for, by their ids."""
    return {found.stem: found for found in (_PACKAGE / "_regulations").glob("*.yaml")}


def methodology_folder(name_or_path: str | os.PathLike[str]) -> Path | None:
    """Return the folder of a methodology: the folder at the path, else the bundled one; None if there is neither."""
    folder = Path(name_or_path)
    return folder if _holds(folder.is_dir) else bundled_methodology(str(name_or_path))


def bundled_dataset(name: str) -> Path | None:
    """Return the folder of the bundled example of this name; None if there is none."""
    return _holding("examples", name, "dataset.yaml")


def bundled_names() -> tuple[str, ...]:
    """Return the names of the bundled methodologies, sorted."""
    return _names("criteria", "methodology.yaml")


def _names(kind: str, file: str) -> tuple[str, ...]:
    return tuple(sorted(found.parent.name for found in _folder_of(kind).glob(f"*/{file}")))


def _holding(kind: str, name: str, file: str) -> Path | None:
    """Return a bundled folder that contains a file. A name that is a path is never a bundled name."""
    folder = _folder_of(kind) / name
    return folder if _NAME.fullmatch(name) and _holds((folder / file).is_file) else None


def _holds(is_there: Callable[[], bool]) -> bool:
    """Return whether something is there; False as well if the system does not tell, as for a name that is too long."""
    try:
        return is_there()
    except OSError:
        return False

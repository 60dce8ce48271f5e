"""Reads files and lists folders. The only module that does: each error of the system becomes a diagnostic."""

import os
import re
import stat
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected, reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile

MAX_BYTES = 2**24
"""The maximum size of a file in bytes: 16 MiB. The largest bundled file stays under 100 KB."""

SUFFIXES = (".yaml", ".yml", ".json")
"""How the names of files of a methodology or a dataset end."""

_TEMPORARY = (".", "~$")
"""How the names of hidden files begin, and of those that an office suite makes while a file is open."""

_MEANT = re.compile(r"\.(ya?ml|json)", re.IGNORECASE)

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


class Kind(Enum):
    """What is at a path."""

    MISSING = "nothing"
    FILE = "a file"
    FOLDER = "a folder"
    SPECIAL = "a device, a pipe or a socket"


def kind_of(path: Path) -> Kind:
    """Return what is at a path; links are followed.

    Raises:
        Rejected: if the system does not tell.
    """
    try:
        return _kind(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return Kind.MISSING
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def is_file(path: Path) -> bool:
    """Return whether there is a file at a path; False as well if the system does not tell."""
    return _kind_or_missing(path) is Kind.FILE


def is_folder(path: Path) -> bool:
    """Return whether there is a folder at a path; False as well if the system does not tell."""
    return _kind_or_missing(path) is Kind.FOLDER


def content_of(path: Path, most: int = MAX_BYTES) -> bytes:
    """Return the bytes of a regular file.

    Args:
        path: the file.
        most: the maximum size in bytes.

    Raises:
        Rejected: if there is no regular file, if it cannot be read, or if it is larger.
    """
    content = _bytes_of(path, most + 1)
    if len(content) > most:
        message = f"cannot read `{path}`: it has more than {most:,} bytes"
        help = "split it into several files" if most == MAX_BYTES else ""
        raise reject("file-too-large", message, _whole(path), help)
    return content


def _bytes_of(path: Path, size: int) -> bytes:
    """Return the first bytes of a regular file."""
    try:
        _refuse_other_kinds(path, path.stat())  # before it is opened: opening a device or a pipe may wait or act
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            _refuse_other_kinds(path, os.fstat(file.fileno()))
            return file.read(size)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def beginning_of(path: Path, size: int) -> str:
    """Return the beginning of a regular file as text, without a byte order mark. The file may be of any size.

    Args:
        path: the file.
        size: the maximum number of bytes that are read.

    Raises:
        Rejected: if there is no regular file, if it cannot be read, or if its beginning is not UTF-8.
    """
    content = _bytes_of(path, size)
    whole = content[: content.rfind(b"\n") + 1] if len(content) == size else content
    return decoded(whole, path)


def lines_of(path: Path) -> Iterator[str]:
    """Yield the lines of a text file of any size, with their line ends. What is not UTF-8 becomes a replacement.

    Raises:
        Rejected: if the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            yield from file
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def text_in(path: Path) -> str:
    """Return the text of a regular file; see `content_of`.

    Raises:
        Rejected: also if the file is not UTF-8.
    """
    return decoded(content_of(path), path)


def decoded(content: bytes, path: Path) -> str:
    """Return the content of a file as text, without a byte order mark.

    Raises:
        Rejected: if it is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = SourceFile("", content[: error.start].decode("utf-8-sig"))
        line, column = len(before.lines), len(before.lines[-1]) + 1
        where = Location(SourceFile(str(path), content.decode("utf-8-sig", "replace")), line, column, line, column + 1)
        message = f"byte {content[error.start]:#04x} is not UTF-8"
        raise reject("not-utf-8", message, where, "save the file as UTF-8") from None


def tables_in(folder: Path, *suffixes: str) -> tuple[Path, ...]:
    """Return the files of tables directly in a folder, sorted by name: programs write their endings as `.CSV` too.

    Args:
        folder: the folder.
        suffixes: how their names end, in lower case.

    Raises:
        Rejected: if the folder cannot be read.
    """
    return tuple(path for path in _entries(folder) if path.suffix.lower() in suffixes and not is_folder(path))


def files_in(folder: Path) -> tuple[Path, ...]:
    """Return the YAML and JSON files directly in a folder, sorted by name. Hidden files are left out.

    Args:
        folder: the folder.

    Raises:
        Rejected: if the folder cannot be read.
    """
    return tuple(path for path in _entries(folder) if path.suffix in SUFFIXES and not is_folder(path))


def files_below(folder: Path, collector: DiagnosticCollector) -> Iterator[Path]:
    """Yield all files in a folder and in the folders inside, sorted by name. Hidden files and folders are left out.

    Links to folders are not followed. A folder that cannot be read is added to `collector`.
    """
    for path in collector.attempt(_entries, folder) or ():
        if not is_folder(path):
            yield path
        elif not path.is_symlink():
            yield from files_below(path, collector)


def left_out(folder: Path) -> tuple[Path, ...]:
    """Return what `files_in` does not read although it may be meant, sorted by name.

    That is each file whose name has the ending of YAML or JSON in other letters, before another ending, or after the
    beginning of a hidden file; and each folder that directly holds a file that would be read.

    Raises:
        Rejected: if a folder cannot be read.
    """
    read = set(files_in(folder))
    paths = [folder / name for name in _names(folder)]
    return tuple(
        path
        for path in paths
        if path not in read
        and (not is_hidden(path) and bool(files_in(path)) if is_folder(path) else _MEANT.search(path.name) is not None)
    )


def is_hidden(path: Path) -> bool:
    """Whether a file is hidden, or one that an office suite makes while a file is open."""
    return path.name.startswith(_TEMPORARY)


def is_empty(folder: Path) -> bool:
    """Return whether a folder holds nothing.

    Raises:
        Rejected: if the folder cannot be read.
    """
    return not _names(folder)


def _entries(folder: Path) -> tuple[Path, ...]:
    return tuple(path for name in _names(folder) if not is_hidden(path := folder / name))


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries)
    except (OSError, ValueError) as error:
        raise _unreadable(folder, error) from error


def _kind(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return Kind.FILE
    return Kind.FOLDER if stat.S_ISDIR(mode) else Kind.SPECIAL


def _kind_or_missing(path: Path) -> Kind:
    try:
        return kind_of(path)
    except Rejected:
        return Kind.MISSING


def _refuse_other_kinds(path: Path, status: os.stat_result) -> None:
    kind = _kind(status.st_mode)
    if kind is not Kind.FILE:
        message = f"cannot read `{path}`: it is {kind.value}, and only files are read"
        raise reject("unreadable-file", message, _whole(path))


def _unreadable(path: Path, error: OSError | ValueError) -> Rejected:
    """Return the exception for an error of the system."""
    return reject("unreadable-file", f"cannot read `{path}`: {reason_of(error)}", _whole(path))


def reason_of(error: OSError | ValueError) -> str:
    """Return the reason why the system refused a path, in words that are the same on every version of Python."""
    if isinstance(error, UnicodeError):
        return "the system cannot write this name"
    if isinstance(error, ValueError):
        return "a name cannot contain a null character"
    return (error.strerror or str(error)).lower()


def _whole(path: Path) -> Location:
    return Location(SourceFile(str(path)))

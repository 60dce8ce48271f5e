"""Writes files, whole or not at all. The only module that writes.

A file is written under a temporary name in the same folder, flushed to the disk and then renamed. Renaming is atomic:
a full disk, an error of the disk or the end of the process at any moment leaves the old file or the new one.
"""

import os
import re
import secrets
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from hashlib import sha256
from pathlib import Path

from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.documents.file_reader import content_of, reason_of
from cleancloud_rules.errors import OutputError

SUMS = "SHA256SUMS"
"""The list of the files that `write_folder` has written, as the program `sha256sum` writes and reads it."""

_SUM = re.compile(r"([0-9a-f]{64})  ((?!/)(?!(?:.*/)?\.\.?(?:/|$))[^\\:]+)")
"""A line of this list: a digest, and a name that does not lead out of the folder."""

_Check = Callable[[Path], None]
"""Raises an `OutputError` if a target may not be replaced."""

_BINARY = getattr(os, "O_BINARY", 0)
_NEW = 0o666
"""The mode of a new file, from which the system takes what the user's mask forbids."""


def write_file(path: Path, text: str) -> None:
    """Write text to a file, in the place of what it held.

    A link stays a link, and the mode of the file is kept. A device or a pipe is written to directly.

    Raises:
        OutputError: if the file cannot be written. Then it is as it was.
    """
    _write(path, (_content(text),), _allow)


def write_bytes(path: Path, content: bytes) -> None:
    """Write the content of a file that is no text; see `write_file`.

    Raises:
        OutputError: if the file cannot be written. Then it is as it was.
    """
    _write(path, (content,), _allow)


def write_parts(path: Path, parts: Iterable[bytes]) -> None:
    """Write the content of a large file part by part, so that it is never in memory as a whole; see `write_file`.

    Raises:
        OutputError: if the file cannot be written. Then it is as it was.
    """
    _write(path, parts, _allow)


def rewrite_file(path: Path, text: str, read: bytes) -> None:
    """Write text to a file that was read; see `write_file`.

    Args:
        path: the file.
        text: what is written.
        read: what the file held when it was read.

    Raises:
        OutputError: also if the file holds something else now, such as what an editor saved in between.
    """
    _write(path, (_content(text),), lambda target: _refuse_changed(path, target, read))


def remove_file(path: Path, read: bytes) -> None:
    """Remove a file that was read.

    Raises:
        OutputError: if it cannot be removed, or if it holds something else now.
    """
    with _errors(path):
        _refuse_changed(path, path, read)
        path.unlink()


def create_files(texts: Mapping[Path, str]) -> None:
    """Write texts to new files, all or none, and make the folders that they need.

    Raises:
        OutputError: if one of them cannot be written, or if there is a file of its name. Then nothing has changed.
    """
    _write_all({path: (_content(text), partial(_refuse_existing, path)) for path, text in texts.items()})


def write_files(texts: Mapping[Path, str]) -> None:
    """Write texts to files, all or none, in the place of what they held, and make the folders that they need.

    Raises:
        OutputError: if one of them cannot be written. Then nothing has changed.
    """
    _write_all({path: (_content(text), _allow) for path, text in texts.items()})


def rewrite_files(texts: Mapping[Path, str], read: Mapping[Path, bytes]) -> None:
    """Write texts to files, all or none. Files that were read hold something new then, and the others are new.

    Args:
        texts: what is written.
        read: what the files held when they were read.

    Raises:
        OutputError: if one of them cannot be written, if a file that was read holds something else now, or if there is
            a file in the place of a new one. Then nothing has changed.
    """

    def check(path: Path, target: Path) -> None:
        if path in read:
            _refuse_changed(path, target, read[path])
        else:
            _refuse_existing(path, target)

    _write_all({path: (_content(text), partial(check, path)) for path, text in texts.items()})


def _write_all(files: Mapping[Path, tuple[bytes, _Check]]) -> None:
    """Write content to files, all or none, each if its check of the target passes, which runs before any is replaced.

    All files are on the disk under temporary names before the first one is renamed, so that mostly nothing is left that
    can fail. If something does, what was done is undone.
    """
    folders: list[Path] = []
    done: list[tuple[Path, bytes | None]] = []
    try:
        with ExitStack() as stack:
            ready = []
            for path, (content, check) in files.items():
                _make_folder(path.parent, folders)
                ready.append((path, stack.enter_context(_prepared(path, (content,), check))))
            for path, put in ready:
                with _errors(path):
                    before = path.read_bytes() if path.is_file() else None
                put()
                done.append((path, before))
    except BaseException:
        for path, before in reversed(done):
            with suppress(OSError):
                path.unlink() if before is None else write_bytes(path, before)
        for folder in reversed(folders):
            with suppress(OSError):  # such as a folder in which another program has put something
                folder.rmdir()
        raise


def write_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files into a folder, and remove those that an earlier call wrote there and this one does not.

    `SHA256SUMS` in the folder lists the files with their digests. Only files that it lists are replaced or removed.

    Args:
        folder: a new or an empty folder, or one that an earlier call has written.
        texts: the texts by name below the folder, with ``/`` between its parts.

    Raises:
        OutputError: if the folder holds other files and no list of an earlier call, if there is a file in the place of
            one to be written that is not in the list, if a file to be removed has been changed, or if a file cannot be
            written. Only in the last case something may have been written.
    """
    sums = {name: sha256(_content(text)).hexdigest() for name, text in texts.items()}
    with _errors(folder):
        earlier = _earlier_sums(folder)
        for name in texts:
            if name not in earlier and os.path.lexists(folder / name):
                raise OutputError(f"cannot write `{folder / name}`: there is a file that no earlier call has written")
        stale = [name for name in earlier if name not in texts and os.path.lexists(folder / name)]
        found = {name: content_of(folder / name) for name in stale}
        for name, content in found.items():
            if sha256(content).hexdigest() != earlier[name]:
                raise OutputError(f"cannot remove `{folder / name}`: it was changed after it was written")
    make_folder(folder)
    write_file(folder / SUMS, _sums_text({**earlier, **sums}))  # if this call ends early, the next one knows all files
    for name, text in texts.items():
        make_folder((folder / name).parent)
        write_file(folder / name, text)
    for name, content in found.items():
        remove_file(folder / name, content)
        with suppress(OSError):  # such as a folder in which there are other files
            for around in (folder / name).relative_to(folder).parents[:-1]:
                (folder / around).rmdir()
    write_file(folder / SUMS, _sums_text(sums))


def _earlier_sums(folder: Path) -> dict[str, str]:
    """Return the digests of the files that an earlier call wrote into a folder, by name."""
    if not os.path.lexists(folder) or not any(folder.iterdir()):
        return {}
    lines = content_of(folder / SUMS).decode().splitlines() if (folder / SUMS).is_file() else [""]
    found = {match[2]: match[1] for match in map(_SUM.fullmatch, lines) if match}
    if not found or len(found) != len(lines):
        raise OutputError(f"cannot write `{folder}`: it holds other files; name a new or an empty folder")
    return found


def _sums_text(sums: Mapping[str, str]) -> str:
    return "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))


def make_folder(path: Path) -> None:
    """Make a folder, and those around it, where they are missing.

    Raises:
        OutputError: if that is not possible.
    """
    _make_folder(path, [])


def _make_folder(path: Path, made: list[Path]) -> None:
    """Make a folder, and add to `made` what was made, the outermost folder first."""
    for folder in reversed([path, *path.parents]):
        with _errors(folder):
            if not folder.is_dir():
                folder.mkdir()
                made.append(folder)


def _write(path: Path, parts: Iterable[bytes], check: _Check) -> None:
    """Write parts of a content to a file if a check of the target passes, right before the file is replaced."""
    with _prepared(path, parts, check) as put:
        put()


@contextmanager
def _prepared(path: Path, parts: Iterable[bytes], check: _Check) -> Iterator[Callable[[], None]]:
    """Write parts of a content under a temporary name. Yield what checks the target and renames it."""
    with _errors(path):
        old = _status(path)
        is_special = old is not None and not stat.S_ISREG(old.st_mode)
        target = path if is_special else Path(os.path.realpath(path))
        temporary = target.with_name(f".{secrets.token_hex(8)}.tmp")
    is_left = False

    def put() -> None:
        nonlocal is_left
        with _errors(path):
            if is_special:
                _fill(os.open(path, os.O_WRONLY | _BINARY), parts)
                return
            check(target)
            temporary.replace(target)
            is_left = False

    try:
        if not is_special:
            with _errors(path):
                if old is not None:
                    os.close(os.open(target, os.O_WRONLY))  # refuses a file that is read-only, as renaming does not
                mode = _NEW if old is None else stat.S_IMODE(old.st_mode)
                descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, mode)
                is_left = True
                _fill(descriptor, parts, old)
        yield put
    finally:
        if is_left:
            with suppress(OSError):  # what went wrong first is what the user is told
                temporary.unlink(missing_ok=True)


def _content(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")  # a lone surrogate has no form in UTF-8: it becomes an escape


def _allow(_: Path) -> None:
    """Let any target be replaced."""


def _refuse_existing(path: Path, target: Path) -> None:
    if os.path.lexists(target):
        raise OutputError(f"cannot write `{path}`: there is such a file already")


def _refuse_changed(path: Path, target: Path, read: bytes) -> None:
    if content_of(target) != read:
        raise OutputError(f"cannot write `{path}`: another program has changed it in the meantime")


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _fill(descriptor: int, parts: Iterable[bytes], old: os.stat_result | None = None) -> None:
    """Write parts of a content to a descriptor, flush it to the disk, and close the descriptor.

    Args:
        descriptor: an open file.
        parts: what is written.
        old: the file in whose place it will be, and whose owner and mode it takes.
    """
    try:
        for part in parts:
            rest = memoryview(part)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        new = os.fstat(descriptor)
        if old is not None:
            _keep_owner_and_mode(descriptor, old, new)
        if stat.S_ISREG(new.st_mode):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep_owner_and_mode(descriptor: int, old: os.stat_result, new: os.stat_result) -> None:
    if not hasattr(os, "fchown"):  # Windows, where a file takes its rights from the folder
        return
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        with suppress(PermissionError):  # only an administrator may give a file away; then the writer owns it
            os.fchown(descriptor, old.st_uid, old.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    """Turn errors of the system, and those of reading, into an `OutputError` with the path."""
    try:
        yield
    except OutputError:
        raise
    except Rejected as rejected:
        raise OutputError(f"cannot write `{path}`: {rejected.diagnostics[0].message}") from rejected
    except (OSError, ValueError) as error:
        raise OutputError(f"cannot write `{path}`: {reason_of(error)}") from error

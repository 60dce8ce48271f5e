"""Tests of writing: a file is written whole or not at all, and nothing else in the package writes or reads files."""

import ast
import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cleancloud_rules.documents import file_writer
from cleancloud_rules.documents.file_writer import (
    create_files,
    make_folder,
    remove_file,
    rewrite_file,
    rewrite_files,
    write_bytes,
    write_file,
    write_files,
    write_folder,
    write_parts,
)
from cleancloud_rules.errors import OutputError
from tests.support.failing_disk import failing, slow, watched
from tests.support.places import ROOT

OLD, NEW = "old\n" * 1000, "new\n" * 2000
STEPS_OVER_A_FILE = ["open", "close", "open", "write", "fchmod", "fsync", "close", "replace"]
STEPS_OF_A_NEW_FILE = ["open", "write", "fsync", "close", "replace"]

FILE_SYSTEM = {
    "open", "read_bytes", "read_text", "write_bytes", "write_text", "touch", "mkdir", "rmdir", "unlink", "rename",
    "iterdir", "glob", "rglob", "scandir", "listdir", "walk", "stat", "lstat", "is_dir", "is_file", "exists",
    "symlink_to", "hardlink_to", "tempfile", "shutil", "FileIO",
}  # fmt: skip
"""Names by which Python reads and writes files, and looks for them."""

DOORS = {"documents/file_reader.py", "documents/file_writer.py"}
OTHERS = {
    "resources.py": {"glob", "is_dir", "is_file"},
    "reports/codes.py": {"read_text"},
    "records/check_record.py": {"open"},
    "tables/databases.py": {"tempfile"},
}
"""Who else uses such a name: bundled files are found without the diagnostics of a layer above, the meanings
of codes are a file of the package, the checker of
records runs without this package, and a database keeps in a temporary folder what does not fit into memory."""


def test_a_file_is_written_and_written_anew(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    for text in (OLD, NEW, "", "é\r\n"):
        write_file(file, text)
        assert file.read_bytes() == text.encode()
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    for content in (b"\x00\xff\r\n", b""):
        write_bytes(file, content)
        assert file.read_bytes() == content
    with pytest.raises(OutputError, match="cannot write"):
        write_bytes(tmp_path, b"")


def test_a_large_file_is_written_in_parts_and_an_error_between_them_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    write_parts(file, (part for part in (b"one\n", b"", b"two\n")))
    assert file.read_bytes() == b"one\ntwo\n"

    def fails() -> Iterator[bytes]:
        yield b"three\n"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OutputError, match="no space left"):
        write_parts(file, fails())
    assert file.read_bytes() == b"one\ntwo\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


def test_the_steps_are_those_that_the_tests_break() -> None:
    assert {*STEPS_OVER_A_FILE, *STEPS_OF_A_NEW_FILE} <= {"open", "write", "fchmod", "fsync", "close", "replace"}


@pytest.mark.parametrize(("old", "steps"), [(OLD, STEPS_OVER_A_FILE), (None, STEPS_OF_A_NEW_FILE)])
def test_a_file_is_flushed_before_it_takes_the_place_of_the_old_one(
    tmp_path: Path, old: str | None, steps: list[str]
) -> None:
    file = tmp_path / "a.txt"
    if old is not None:
        file.write_text(old)
    with watched(lambda _number, _name, call, arguments: call(*arguments)) as seen:
        write_file(file, NEW)
    assert seen == steps


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("step", range(1, len(STEPS_OVER_A_FILE) + 1))
def test_a_failing_disk_leaves_the_old_file(tmp_path: Path, step: int, error: int) -> None:
    file = tmp_path / "a.txt"
    file.write_text(OLD)
    with pytest.raises(OutputError) as caught, watched(failing(step, error)):
        write_file(file, NEW)
    assert str(caught.value) == f"cannot write `{file}`: {os.strerror(error).lower()}"
    assert file.read_text() == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("step", range(1, len(STEPS_OF_A_NEW_FILE) + 1))
def test_a_failing_disk_leaves_no_part_of_a_new_file(tmp_path: Path, step: int, error: int) -> None:
    with pytest.raises(OutputError), watched(failing(step, error)):
        write_file(tmp_path / "a.txt", NEW)
    assert list(tmp_path.iterdir()) == []


def test_what_the_system_writes_in_parts_is_written_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    with watched(slow) as steps:
        write_file(file, NEW)
    assert file.read_text() == NEW
    assert steps.count("write") == len(NEW) // 100


def test_an_interruption_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(OLD)

    def interrupt(_number: int, name: str, call: Callable[..., object], arguments: tuple[object, ...]) -> object:
        if name == "fsync":
            raise KeyboardInterrupt
        return call(*arguments)

    with pytest.raises(KeyboardInterrupt), watched(interrupt):
        write_file(file, NEW)
    assert file.read_text() == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


# ---- what was read is compared


def test_a_file_that_was_saved_in_between_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("saved by an editor")
    with pytest.raises(OutputError, match="another program has changed it in the meantime"):
        rewrite_file(file, NEW, OLD.encode())
    assert file.read_text() == "saved by an editor"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_it_is_compared_after_everything_else_but_the_renaming(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(OLD)

    def save(_number: int, name: str, call: Callable[..., object], arguments: tuple[object, ...]) -> object:
        if name == "fsync":
            file.write_text("saved by an editor")
        return call(*arguments)

    with pytest.raises(OutputError, match="in the meantime"), watched(save):
        rewrite_file(file, NEW, OLD.encode())
    assert file.read_text() == "saved by an editor"


def test_a_file_that_was_deleted_in_between_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no such file"):
        rewrite_file(tmp_path / "a.txt", NEW, OLD.encode())
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_nobody_touched_is_rewritten(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(OLD)
    rewrite_file(file, NEW, OLD.encode())
    assert file.read_text() == NEW


def test_a_file_is_removed_only_if_nobody_touched_it(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("saved by an editor")
    with pytest.raises(OutputError, match="another program has changed it in the meantime"):
        remove_file(file, OLD.encode())
    assert file.read_text() == "saved by an editor"
    file.write_text(OLD)
    remove_file(file, OLD.encode())
    assert not file.exists()
    with pytest.raises(OutputError, match="no such file"):
        remove_file(file, OLD.encode())


def test_a_new_file_takes_the_place_of_no_other(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    create_files({file: OLD})
    with pytest.raises(OutputError, match="there is such a file already"):
        create_files({file: NEW})
    assert file.read_text() == OLD


# ---- what kind of file it is


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755])
def test_the_mode_is_kept(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "a.txt"
    file.write_text(OLD)
    file.chmod(mode)
    write_file(file, NEW)
    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_a_new_file_has_the_mode_that_the_user_sets_for_all(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "a.txt", NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o640


def test_an_owner_is_kept_where_the_system_allows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt"
    file.write_text(OLD)
    given: list[tuple[int, int]] = []

    def refuse(_descriptor: int, user: int, group: int) -> None:
        given.append((user, group))
        raise PermissionError(errno.EPERM, "not permitted")

    monkeypatch.setattr(os, "fchown", refuse)
    real = os.fstat

    def of_another(descriptor: int) -> os.stat_result:
        return os.stat_result((*real(descriptor)[:4], 12345, *real(descriptor)[5:]))

    monkeypatch.setattr(os, "fstat", of_another)
    write_file(file, NEW)
    assert given == [(file.stat().st_uid, file.stat().st_gid)]
    assert file.read_text() == NEW


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "real.txt").write_text(OLD)
    link = tmp_path / "link.txt"
    link.symlink_to("inner/real.txt")
    write_file(link, NEW)
    assert link.is_symlink()
    assert (inner / "real.txt").read_text() == NEW


def test_a_link_to_nothing_gets_its_file(tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to("real.txt")
    write_file(link, NEW)
    assert (link.is_symlink(), (tmp_path / "real.txt").read_text()) == (True, NEW)


def test_a_link_that_leads_in_a_circle_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to("link.txt")
    with pytest.raises(OutputError, match="symbolic links"):
        write_file(link, NEW)
    assert link.is_symlink()


def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt"
    file.write_text(OLD)
    real = os.open

    def refuse(path: object, flags: int, *rest: int) -> int:
        if str(path) == str(file):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(str(path), flags, *rest)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OutputError, match="permission denied"):
        write_file(file, NEW)
    assert file.read_text() == OLD


@pytest.mark.parametrize("name", ["pipe", "link"])
def test_a_pipe_is_written_to_and_stays(tmp_path: Path, name: str) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "link").symlink_to("pipe")
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_file(tmp_path / name, NEW)
    assert os.read(reading, 2 * len(NEW)) == NEW.encode()
    os.close(reading)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert {path.name for path in tmp_path.iterdir()} == {"pipe", "link"}


def test_an_error_of_a_pipe_is_said_with_its_path(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(OutputError) as caught, watched(failing(2, errno.EPIPE)):
        write_file(pipe, NEW)
    os.close(reading)
    assert str(caught.value) == f"cannot write `{pipe}`: broken pipe"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nowhere/a.txt", "no such file or directory"),
        ("file/a.txt", "not a directory"),
        ("folder", "is a directory"),
        ("a" * 5000, "file name too long"),
        ("a\0b", "a name cannot contain a null character"),
    ],
)
def test_what_cannot_be_written_is_said_with_its_path(tmp_path: Path, name: str, reason: str) -> None:
    (tmp_path / "file").write_text(OLD)
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError) as caught:
        write_file(tmp_path / name, NEW)
    assert str(caught.value) == f"cannot write `{tmp_path / name}`: {reason}"
    assert isinstance(caught.value, OSError)


def test_a_lone_surrogate_is_written_as_an_escape(tmp_path: Path) -> None:
    write_file(tmp_path / "a.txt", "a\udcffb")
    assert (tmp_path / "a.txt").read_bytes() == rb"a\udcffb"


# ---- several files


def test_files_are_made_with_their_folders(tmp_path: Path) -> None:
    texts = {tmp_path / "x" / "y" / "a.txt": "a", tmp_path / "x" / "b.txt": "b"}
    create_files(texts)
    assert {path: path.read_text() for path in texts} == texts
    make_folder(tmp_path / "x" / "y")
    make_folder(tmp_path / "z" / "y")
    assert (tmp_path / "z" / "y").is_dir()


def test_files_are_replaced_and_made(tmp_path: Path) -> None:
    old, new = tmp_path / "a.txt", tmp_path / "x" / "b.txt"
    old.write_text(OLD)
    write_files({old: NEW, new: NEW})
    assert texts_in(tmp_path) == {"a.txt": NEW, "x/b.txt": NEW}
    rewrite_files({old: OLD, tmp_path / "c.txt": "c"}, {old: NEW.encode()})
    assert texts_in(tmp_path) == {"a.txt": OLD, "x/b.txt": NEW, "c.txt": "c"}


STEPS_OF_A_TRIPLE = 2 * len(STEPS_OVER_A_FILE) + len(STEPS_OF_A_NEW_FILE)


@pytest.mark.parametrize("step", range(1, STEPS_OF_A_TRIPLE + 1))
def test_where_one_file_fails_all_are_as_they_were(tmp_path: Path, step: int) -> None:
    files = [tmp_path / name for name in ("a.txt", "b.txt", "x/c.txt")]
    for file in files[:2]:
        file.write_text(OLD)
    with pytest.raises(OutputError), watched(failing(step, errno.ENOSPC)):
        rewrite_files(dict.fromkeys(files, NEW), dict.fromkeys(files[:2], OLD.encode()))
    assert texts_in(tmp_path) == {"a.txt": OLD, "b.txt": OLD}
    assert not (tmp_path / "x").exists()


def test_where_one_file_was_changed_all_are_as_they_were(tmp_path: Path) -> None:
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for file, text in zip(files, (OLD, "saved by an editor"), strict=True):
        file.write_text(text)
    with pytest.raises(OutputError, match="in the meantime"):
        rewrite_files(dict.fromkeys(files, NEW), dict.fromkeys(files, OLD.encode()))
    assert texts_in(tmp_path) == {"a.txt": OLD, "b.txt": "saved by an editor"}
    with pytest.raises(OutputError, match="there is such a file already"):
        rewrite_files(dict.fromkeys(files, NEW), {files[0]: OLD.encode()})
    assert texts_in(tmp_path) == {"a.txt": OLD, "b.txt": "saved by an editor"}


@pytest.mark.parametrize("step", range(1, 3 * len(STEPS_OF_A_NEW_FILE) + 1))
def test_where_one_file_fails_none_is_left(tmp_path: Path, step: int) -> None:
    (tmp_path / "x").mkdir()
    texts = {tmp_path / "x" / "y" / f"{name}.txt": name for name in "abc"}
    with pytest.raises(OutputError), watched(failing(step, errno.ENOSPC)):
        create_files(texts)
    assert [path.name for path in tmp_path.rglob("*")] == ["x"]


def test_where_a_folder_fails_those_around_it_are_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.mkdir

    def refuse(path: Path) -> None:
        if path.name == "z":
            raise OSError(errno.ENOSPC, "No space left on device")
        real(path)

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OutputError, match="no space left on device"):
        create_files({tmp_path / "x" / "a.txt": "a", tmp_path / "x" / "y" / "z" / "b.txt": "b"})
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(OLD)
    with pytest.raises(OutputError, match=f"cannot write `{tmp_path}/a`: file exists"):
        make_folder(tmp_path / "a" / "b")


# ---- one door


def test_no_other_module_reads_or_writes_files() -> None:
    package = ROOT / "cleancloud_rules"
    used = {str(file.relative_to(package)): names_of_files(file) for file in package.rglob("*.py")}
    assert used.keys() > DOORS
    assert {name: found for name, found in used.items() if found and name not in DOORS} == OTHERS


def names_of_files(module: Path) -> set[str]:
    """Return the names by which a module reads and writes files; those that the YAML reader has too are not meant."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        match node:
            case ast.Attribute(value=ast.Name(id="yaml"), attr="read_text" | "write_text"):
                pass
            case ast.Attribute(attr=name) | ast.Call(func=ast.Name(id="open" as name)):
                found.add(name)
            case ast.alias(name="FileIO" | "open" as name) | ast.ImportFrom(module="shutil" | "tempfile" as name):
                found.add(name)
            case ast.alias(name="shutil" | "tempfile" as name):
                found.add(name)
    return found & FILE_SYSTEM


def test_the_search_for_names_finds_them(tmp_path: Path) -> None:
    module = tmp_path / "a.py"
    module.write_text(
        'import shutil\nfrom tempfile import mkstemp\nfrom io import BytesIO, FileIO\nopen("a")\nPath("b").mkdir()\n'
        'yaml.read_text("")\nfrom pathlib import Path\n'
    )
    assert names_of_files(module) == {"shutil", "tempfile", "FileIO", "open", "mkdir"}
    assert {"open", "rmdir"} <= names_of_files(Path(file_writer.__file__))


def texts_in(folder: Path) -> dict[str, str]:
    return {file.relative_to(folder).as_posix(): file.read_text() for file in folder.rglob("*") if file.is_file()}


def test_a_folder_is_written_anew_without_what_an_earlier_call_wrote(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_folder(folder, {"a.txt": "1", "in/b.txt": "2", "in/deep/c.txt": "3"})
    (folder / "in" / "mine.txt").write_text("mine")
    write_folder(folder, {"a.txt": "4"})
    found = texts_in(folder)
    assert found.pop("SHA256SUMS").splitlines()[0].endswith("  a.txt")
    assert found == {"a.txt": "4", "in/mine.txt": "mine"}
    assert not (folder / "in" / "deep").exists()


@pytest.mark.parametrize("sums", [None, "", "mine\n", f"{'0' * 64}  ../mine.txt\n", f"{'0' * 64}  /etc/mine\n"])
def test_a_folder_of_others_is_refused(tmp_path: Path, sums: str | None) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    if sums is not None:
        (tmp_path / "out" / "SHA256SUMS").write_text(sums)
    before = texts_in(tmp_path)
    with pytest.raises(OutputError, match="it holds other files"):
        write_folder(tmp_path / "out", {"a.txt": "1"})
    assert texts_in(tmp_path) == before


def test_a_file_of_another_and_a_page_that_was_changed_are_kept(tmp_path: Path) -> None:
    write_folder(tmp_path, {"a.txt": "1"})
    (tmp_path / "b.txt").write_text("mine")
    with pytest.raises(OutputError, match="no earlier call has written"):
        write_folder(tmp_path, {"a.txt": "1", "b.txt": "2"})
    (tmp_path / "a.txt").write_text("changed")
    with pytest.raises(OutputError, match="it was changed after it was written"):
        write_folder(tmp_path, {"c.txt": "1"})
    assert (tmp_path / "a.txt").read_text() == "changed"
    assert (tmp_path / "b.txt").read_text() == "mine"
    write_folder(tmp_path, {"a.txt": "1"})
    assert (tmp_path / "a.txt").read_text() == "1"


def test_a_call_that_ended_early_leaves_a_folder_that_the_next_one_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path, {"a.txt": "1", "b.txt": "2"})
    with monkeypatch.context() as patch:
        patch.setattr(file_writer, "remove_file", failing_removal)
        with pytest.raises(OutputError):
            write_folder(tmp_path, {"c.txt": "3"})
    assert set(texts_in(tmp_path)) == {"a.txt", "b.txt", "c.txt", "SHA256SUMS"}
    write_folder(tmp_path, {"c.txt": "4"})
    assert set(texts_in(tmp_path)) == {"c.txt", "SHA256SUMS"}


def failing_removal(path: Path, read: bytes) -> None:
    raise OutputError(f"cannot write `{path}`: the disk is gone")

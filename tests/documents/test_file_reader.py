"""Tests of reading: only files are read, up to a limit, and each error of the system is a diagnostic with the path."""

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected
from cleancloud_rules.diagnostics.diagnostic import Diagnostic
from cleancloud_rules.documents.file_reader import (
    MAX_BYTES,
    Kind,
    content_of,
    decoded,
    files_below,
    files_in,
    is_empty,
    is_file,
    is_folder,
    kind_of,
    text_in,
)

LONG = "a" * 5000


def refusal(call: Callable[..., object], *arguments: object) -> Diagnostic:
    """Return the one diagnostic with which something is refused."""
    with pytest.raises(Rejected) as caught:
        call(*arguments)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


def failing(error: int) -> Callable[..., Any]:
    """Return a function of the system that always fails."""

    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(error, os.strerror(error))

    return fail


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: \xc3\xa9\r\n")
    assert content_of(file) == file.read_bytes()
    assert text_in(file) == decoded(content_of(file), file) == "a: é\r\n"


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    assert text_in(tmp_path / "b.yaml") == "a: 1"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nowhere", "no such file or directory"),
        ("file/a.yaml", "not a directory"),
        (".", "it is a folder, and only files are read"),
        (LONG, "file name too long"),
        ("a\0b", "a name cannot contain a null character"),
        ("a\ud800b", "the system cannot write this name"),
        ("circle", "too many levels of symbolic links"),
        ("pipe", "it is a device, a pipe or a socket, and only files are read"),
        ("socket", "it is a device, a pipe or a socket, and only files are read"),
        ("/dev/zero", "it is a device, a pipe or a socket, and only files are read"),
    ],
)
def test_what_is_no_readable_file_is_reported_with_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("")
    Path("circle").symlink_to("circle")
    os.mkfifo("pipe")
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
        diagnostic = refusal(content_of, Path(name))
    assert (diagnostic.code, diagnostic.location.file.name) == ("unreadable-file", name)
    assert diagnostic.message == f"cannot read `{name}`: {reason}"


@pytest.mark.parametrize("call", ["open", "fdopen", "fstat"])
@pytest.mark.parametrize("error", [errno.EACCES, errno.EIO, errno.EMFILE])
def test_an_error_of_the_system_is_reported_with_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: int
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1")
    with monkeypatch.context() as patch:
        patch.setattr(os, call, failing(error))
        diagnostic = refusal(content_of, file)
    assert diagnostic.message == f"cannot read `{file}`: {os.strerror(error).lower()}"
    assert diagnostic.location.file.name == str(file)


def test_a_file_that_becomes_a_pipe_before_it_is_opened_is_refused_and_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("a: 1")
    real = os.open

    def swap(path: Path, flags: int) -> int:
        file.unlink()
        os.mkfifo(file)
        return real(path, flags)

    monkeypatch.setattr(os, "open", swap)
    assert "only files are read" in refusal(content_of, file).message


def test_a_file_may_be_as_large_as_the_limit_and_not_larger(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    with file.open("wb") as sparse:
        sparse.truncate(MAX_BYTES)
    assert len(content_of(file)) == MAX_BYTES
    with file.open("ab") as sparse:
        sparse.truncate(200 * 2**20)
    diagnostic = refusal(content_of, file)
    assert (diagnostic.code, diagnostic.location.file.name) == ("file-too-large", str(file))
    assert f"{MAX_BYTES:,} bytes" in diagnostic.message


def test_bytes_that_are_not_utf_8_are_shown_at_their_place(tmp_path: Path) -> None:
    diagnostic = refusal(decoded, "a: é\nname: K".encode() + b"\xf6ln\n", tmp_path / "a.yaml")
    assert (diagnostic.code, diagnostic.location.line, diagnostic.location.column) == ("not-utf-8", 2, 8)


# ---- what is at a path


def test_what_is_at_a_path_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("nowhere")
    paths = {file: Kind.FILE, tmp_path: Kind.FOLDER, tmp_path / "pipe": Kind.SPECIAL, tmp_path / "link": Kind.MISSING}
    assert {path: kind_of(path) for path in paths} == paths
    assert kind_of(file / "b") is kind_of(tmp_path / "nowhere") is Kind.MISSING
    assert (is_file(file), is_file(tmp_path), is_folder(file), is_folder(tmp_path)) == (True, False, False, True)


@pytest.mark.parametrize("name", [LONG, "a\0b", "a\ud800b"])
def test_a_path_that_the_system_refuses_is_reported_and_no_file_or_folder(name: str) -> None:
    assert refusal(kind_of, Path(name)).code == "unreadable-file"
    assert not is_file(Path(name))
    assert not is_folder(Path(name))


def test_a_folder_without_permission_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Path, "stat", failing(errno.EACCES))
        diagnostic = refusal(kind_of, tmp_path / "a")
    assert diagnostic.message == f"cannot read `{tmp_path}/a`: permission denied"


# ---- folders


def test_the_yaml_and_json_files_of_a_folder_are_listed_in_order(tmp_path: Path) -> None:
    for name in ("c.yml", "a.json", "b.yaml", ".hidden.yaml", "notes.txt"):
        (tmp_path / name).write_text("")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "nothing.yaml").symlink_to("nowhere")
    assert [path.name for path in files_in(tmp_path)] == ["a.json", "b.yaml", "c.yml", "nothing.yaml"]


def test_the_files_below_a_folder_are_listed_without_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b/c.yaml", "b/a.txt", "a.yaml", ".git/d.yaml", "b/.e.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "b" / "link").symlink_to("..")
    collector = DiagnosticCollector()
    assert [str(path.relative_to(tmp_path)) for path in files_below(tmp_path, collector)] == [
        "a.yaml", "b/a.txt", "b/c.yaml",
    ]  # fmt: skip
    assert not collector.failed


def test_a_folder_that_cannot_be_read_is_reported_and_the_others_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.yaml").write_text("")
    real = os.scandir

    def refuse(folder: Path) -> Any:
        return failing(errno.EACCES)() if folder.name == "a" else real(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    collector = DiagnosticCollector()
    assert list(files_below(tmp_path, collector)) == [tmp_path / "b" / "x.yaml"]
    assert [found.message for found in collector.diagnostics] == [f"cannot read `{tmp_path}/a`: permission denied"]
    assert refusal(files_in, tmp_path / "a").code == "unreadable-file"
    assert refusal(is_empty, tmp_path / "a").code == "unreadable-file"


def test_a_folder_is_empty_where_it_holds_nothing(tmp_path: Path) -> None:
    assert is_empty(tmp_path)
    (tmp_path / ".hidden").write_text("")
    assert not is_empty(tmp_path)

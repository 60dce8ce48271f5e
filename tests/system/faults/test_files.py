"""What goes wrong with files, paths and outputs: nothing is lost, and each error is said with its path.

Every command that writes a file is broken at each of its steps, and killed at each of them.
"""

import ctypes
import errno
import json
import os
import resource
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import click
import pytest
from click.testing import CliRunner, Result

import cleancloud_rules as cc
from cleancloud_rules.cli import COMMANDS, main
from cleancloud_rules.cli.methodologists import fmt
from cleancloud_rules.formatting.formatter import formatted
from cleancloud_rules.results.json import to_json
from tests.support.failing_disk import MOMENTS, failing, watched
from tests.support.places import ROOT, edit
from tests.system.test_bad_files import COMPANIES, CRITERIA, with_cases

OLD = "what stood here before\n" * 50
UNTIDY = "a:   1\nb:\n- x\n" * 1 + "# kept\n" * 200

WRITERS = {
    "bounds": ("-o", "bounds", "dataset", "-m", "rules", "-o"),
    "check": ("-o", "check", "broken", "-o"),
    "diff": ("-o", "diff", "rules", "rules", "-o"),
    "disclose": ("-o", "disclose", "kept", "--for", "eu-2024-3005", "-o"),
    "compare": ("-o", "compare", "kept", "kept", "-o"),
    "docs": ("-o", "docs", "rules", "-o"),
    "explain": ("-o", "explain", "dataset", "-m", "rules", "-o"),
    "findings": ("-o", "findings", "dataset", "-m", "rules", "-o"),
    "fit": ("-o", "fit", "dataset", "-m", "rules", "-o"),
    "provenance": ("-o", "provenance", "kept", "-o"),
    "rank": ("-o", "rank", "dataset", "-m", "rules", "--format", "json", "-o"),
    "record": ("-o", "record", "dataset", "-m", "rules", "-o"),
    "reproduce": ("-o", "reproduce", "dataset", "-m", "rules", "-o"),
    "schema": ("-o", "schema", "criteria", "-o"),
    "score": ("-o", "score", "dataset", "-m", "rules", "-o"),
    "test": ("-o", "test", "rules", "-o"),
    "verify": ("-o", "verify", "kept", "-o"),
    "test junit": ("--junit", "test", "rules", "--junit"),
}
"""Every command with an option that names a file: the option, and the command before the name of the file."""


def run(*arguments: str | Path) -> Result:
    """Run a command of the tool; whatever is not handled is raised."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@cache
def kept_record() -> bytes:
    """Return a record of the small dataset."""
    return cc.record("dataset", "rules").to_json().encode()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a small methodology, a broken one and a dataset, and return it."""
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    with_cases(Path("rules"))
    shutil.copytree(CRITERIA / "good", "broken")
    edit(Path("broken/methodology.yaml"), "publisher:", "publishr:")
    shutil.copytree(COMPANIES / "good", "dataset")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")  # the same output twice
    Path("kept").write_bytes(kept_record())
    Path("out").write_text(OLD)
    return inside


def child(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the tool in a process of its own."""
    command = [sys.executable, "-m", "cleancloud_rules", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONUNBUFFERED", None)  # the usual case: what cannot be written is kept until the end
    return subprocess.run(command, env=environment, text=True, check=False, **options)  # type: ignore[call-overload, no-any-return]


# ---- a check as text with `-o` wrote no file


def test_a_check_as_text_writes_its_file(folder: Path) -> None:
    shown = run("check", "broken")
    written = run("check", "broken", "-o", "out")
    assert (written.exit_code, written.output) == (1, "")
    assert Path("out").read_text() == shown.stderr
    assert "error[unknown-key]: unknown key `publishr`" in shown.stderr


def test_a_check_that_finds_nothing_leaves_no_old_diagnostics_in_its_file(folder: Path) -> None:
    assert run("new", "made").exit_code == 0
    assert run("check", "made", "-o", "out").exit_code == 0
    assert Path("out").read_text() == ""


@pytest.mark.parametrize("format", ["text", "json", "github", "sarif"])
def test_a_check_of_data_whose_methodology_does_not_load_writes_its_file(folder: Path, format: str) -> None:
    shutil.move("broken", "dataset/methodology")
    assert run("check", "dataset", "--format", format, "-o", "out").exit_code == 1
    assert "publishr" in Path("out").read_text()


# ---- `test --junit` left an old green file where the methodology does not load


@pytest.mark.parametrize(
    ("methodology", "exit_code", "reason"),
    [("broken", 1, "unknown key `publishr`"), ("nowhere", 2, "there is no folder or bundled methodology `nowhere`")],
)
def test_junit_is_red_where_the_test_cases_cannot_be_run(
    folder: Path, methodology: str, exit_code: int, reason: str
) -> None:
    assert run("test", "rules", "--junit", "out").exit_code == 0
    assert ET.parse("out").getroot().attrib["errors"] == "0"  # noqa: S314 - we wrote it
    assert run("test", methodology, "--junit", "out").exit_code == exit_code
    root = ET.parse("out").getroot()  # noqa: S314 - we wrote it
    assert (root.attrib["tests"], root.attrib["errors"]) == ("1", "1")
    (error,) = root.iter("error")
    assert reason in error.attrib["message"]


# ---- a write cut off the old file


def test_every_option_that_names_a_file_to_write_is_broken_here() -> None:
    options = {
        (name, option.opts[0])
        for name in COMMANDS
        for option in command_of(name).params
        if isinstance(option.type, click.Path) and not option.type.readable and not isinstance(option, click.Argument)
    }
    in_parts = {("score-table", "-o")}  # tests/documents/test_file_writer.py breaks the writing of a file in parts
    assert options == in_parts | {(name.split()[0], option) for name, (option, *_) in WRITERS.items()}


def command_of(name: str) -> click.Command:
    """Return a command of the tool."""
    command = main.get_command(click.Context(main), name)
    assert command is not None
    return command


@pytest.mark.parametrize("writer", WRITERS)
def test_a_full_disk_leaves_the_old_output(folder: Path, writer: str) -> None:
    arguments = WRITERS[writer][1:]
    with watched(failing(0, errno.ENOSPC)) as steps:
        finished = run(*arguments, "out")
    new = Path("out").read_text()
    assert new != OLD
    assert steps[-1] == "replace"
    for number in range(1, len(steps) + 1):
        Path("out").write_text(OLD)
        with watched(failing(number, errno.ENOSPC)):
            result = run(*arguments, "out")
        assert result.exit_code == 1
        assert "error: cannot write `out`: no space left on device\n" in result.stderr
        assert Path("out").read_text() == OLD
    assert {path.name for path in folder.iterdir()} == {"rules", "broken", "dataset", "kept", "out"}
    assert run(*arguments, "out").exit_code == finished.exit_code
    assert Path("out").read_text() == new


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_failing_disk_leaves_a_file_that_is_formatted(folder: Path, error: int) -> None:
    file = Path("dataset/a.yaml")
    file.write_text(UNTIDY)
    with watched(failing(0, error)) as steps:
        assert run("fmt", file).stdout == f"{file}\n"
    assert len(steps) > 5
    for number in range(1, len(steps) + 1):
        file.write_text(UNTIDY)
        with watched(failing(number, error)):
            result = run("fmt", file)
        assert (result.exit_code, result.stdout) == (1, "")
        assert f"error: cannot write `{file}`: {os.strerror(error).lower()}\n" in result.stderr
        assert file.read_text() == UNTIDY


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_a_failing_disk_leaves_no_part_of_a_new_methodology(folder: Path, error: int) -> None:
    with watched(failing(0, error)) as steps:
        assert run("new", "made").exit_code == 0
    files = len([path for path in Path("made").rglob("*") if path.is_file()])
    assert len(steps) == 5 * files
    shutil.rmtree("made")
    for number in range(1, len(steps) + 1, 7):
        with watched(failing(number, error)):
            result = run("new", "made")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("error: cannot write `made/")
        assert not Path("made").exists()


def test_the_other_files_are_formatted_where_one_cannot_be_written(folder: Path) -> None:
    for name in ("a", "b"):
        Path(f"dataset/{name}.yaml").write_text(UNTIDY)
    with watched(failing(3, errno.ENOSPC)):
        result = run("fmt", "dataset/a.yaml", "dataset/b.yaml")
    assert (result.exit_code, result.stdout) == (1, "dataset/b.yaml\n")
    assert Path("dataset/a.yaml").read_text() == UNTIDY
    assert Path("dataset/b.yaml").read_text() != UNTIDY


def test_a_limit_of_file_sizes_cuts_off_no_file(folder: Path) -> None:
    text = "# kept\n" * 600 + "a:   1\n"
    Path("long.yaml").write_text(text)
    limit = 4 * 426
    done = child(
        "fmt", "long.yaml", capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    assert done.returncode == 1
    assert "cannot write `long.yaml`: file too large" in done.stderr
    assert Path("long.yaml").read_text() == text


@pytest.mark.parametrize(
    ("stride", "command"),
    [
        (1, ["fmt", "a.yaml"]), (1, ["schema", "cases", "-o", "out"]), (1, ["test", "rules", "--junit", "out"]),
        (7, ["new", "made"]),
    ],
)  # fmt: skip
def test_a_kill_at_any_step_leaves_each_file_old_or_new(folder: Path, stride: int, command: list[str]) -> None:
    Path("a.yaml").write_text(UNTIDY)
    before = contents_of(folder)
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.failing_disk", str(folder), str(stride), *command],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    left: list[dict[str, str]] = json.loads(done.stdout)
    after = left[-1]
    assert after != before
    assert len(left) > 5 * len(MOMENTS)
    kept = {"a.yaml", "out"}
    for found in left:
        named = {name: text for name, text in found.items() if not name.endswith(".tmp")}
        assert all(text in (before.get(name), after.get(name)) for name, text in named.items())
        assert kept <= named.keys()
    assert not any(name.endswith(".tmp") for name in after)
    assert any(found.keys() - after.keys() for found in left), "some kill leaves a part under a temporary name"


def contents_of(folder: Path) -> dict[str, str]:
    """Return the texts of all files in a folder by name."""
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("moment", ["formatting", "writing"])
def test_what_an_editor_saves_while_a_file_is_formatted_is_kept(
    folder: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path("a.yaml")
    file.write_text(UNTIDY)

    def save(_number: int, name: str, call: Callable[..., object], arguments: tuple[object, ...]) -> object:
        if moment == "writing" and name == "fsync":
            file.write_text("a: 1 # saved by an editor\n")
        return call(*arguments)

    def save_and_format(text: str, name: str) -> object:
        if moment == "formatting":
            file.write_text("a: 1 # saved by an editor\n")
        return formatted(text, name)

    monkeypatch.setattr(fmt, "formatted", save_and_format)
    with watched(save):
        result = run("fmt", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "another program has changed it in the meantime" in result.stderr
    assert file.read_text() == "a: 1 # saved by an editor\n"


def test_a_file_keeps_its_mode_and_a_link_stays_a_link(folder: Path) -> None:
    Path("a.yaml").write_text(UNTIDY)
    Path("a.yaml").chmod(0o640)
    Path("link.yaml").symlink_to("a.yaml")
    assert run("fmt", "link.yaml").exit_code == 0
    assert Path("link.yaml").is_symlink()
    assert Path("a.yaml").read_text() != UNTIDY
    assert stat.S_IMODE(Path("a.yaml").stat().st_mode) == 0o640


# ---- devices, pipes and large files were read without a limit, and paths out of the folder of a dataset were opened


@pytest.mark.parametrize("named", ["/dev/zero", "pipe", "large.yaml"])
def test_a_device_a_pipe_and_a_large_file_are_not_read(folder: Path, named: str) -> None:
    os.mkfifo("dataset/pipe")
    with Path("dataset/large.yaml").open("wb") as file:
        file.truncate(200 * 2**20)
    edit(Path("dataset/dataset.yaml"), "companies: companies", f"companies: {named}")
    for arguments in (("dataset",), (str(Path("dataset") / named),)):
        result = run("score", *arguments, "-m", "rules", "--allow-outside")
        assert result.exit_code == 1
        assert f"cannot read `{Path('dataset') / named}`: it " in result.stderr


READERS = {
    "bounds": (), "check": (), "explain": (), "findings": (), "fit": (), "rank": (), "reproduce": (), "score": (),
    "report": ("-o", "pages"), "export": ("-o", "made"), "diff": ("rules", "rules", "--data"),
    "record": ("-o", "made"), "disclose": ("--for", "eu-2024-3005"),
}  # fmt: skip
"""Every command that reads datasets, with what stands before the dataset."""


def test_every_command_that_reads_datasets_can_be_allowed_to_leave_them() -> None:
    allowing = {
        name for name in COMMANDS if any("--allow-outside" in option.opts for option in command_of(name).params)
    }
    assert allowing == set(READERS)


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize("way", ["absolute", "dots", "link"])
def test_a_dataset_reads_nothing_outside_of_its_folder(folder: Path, command: str, way: str) -> None:
    shutil.move("dataset/companies", folder.parent / "companies")
    name = {"absolute": str(folder.parent / "companies"), "dots": "../../companies", "link": "companies"}[way]
    if way == "link":
        Path("dataset/companies").symlink_to("../../companies")
    edit(Path("dataset/dataset.yaml"), "companies: companies", f"companies: {name}")
    arguments = [command, *READERS[command], "dataset", *(() if command == "diff" else ("-m", "rules"))]
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert "dataset/dataset.yaml:3:12: error[outside-dataset]: " in refused.stderr
    assert "id: acme" not in refused.output
    allowed = run(*arguments, "--allow-outside")
    assert "outside-dataset" not in allowed.output
    assert allowed.exit_code == 0


@pytest.mark.parametrize("link", ["dataset/methodology", "dataset/methodology/energy.yaml"])
def test_a_methodology_beside_a_dataset_is_no_link_out_of_it(folder: Path, link: str) -> None:
    if link.endswith(".yaml"):
        shutil.copytree("rules", "dataset/methodology")
        Path(link).unlink()
        Path(link).symlink_to("../../rules/energy.yaml")
    else:
        Path(link).symlink_to("../rules")
    refused = run("score", "dataset")
    assert refused.exit_code == 1
    assert "dataset/dataset.yaml:2:14: error[outside-dataset]: `methodology" in refused.stderr
    assert run("score", "dataset/companies/acme.yaml").exit_code == 1
    assert run("score", "dataset", "--allow-outside").exit_code == 0
    assert run("score", "dataset", "-m", link if link.endswith("ology") else "rules").exit_code == 0


def test_what_the_user_names_may_lie_anywhere(folder: Path) -> None:
    Path("links").mkdir()
    Path("links/acme.yaml").symlink_to("../dataset/companies/acme.yaml")
    shutil.copy("dataset/sources.yaml", "links/sources.txt")
    Path("links/dataset.yaml").write_text("title: Links\nmethodology: demo\ncompanies: '.'\nsources: sources.txt\n")
    absolute = str(folder / "dataset" / "companies" / "acme.yaml")
    for company in (absolute, "links/../dataset/companies", "links/acme.yaml"):
        assert run("score", company, "-m", "rules").exit_code == 0


# ---- a path of 5,000 characters, a folder without permission: a trace and no message


LONG = "a" * 5000
MADE_OF_PARTS = "/".join(["a" * 200] * 25)

WITH_A_PATH = [
    ["score", "{}"], ["score", "dataset", "-m", "{}"], ["check", "{}"], ["explain", "{}"], ["rank", "{}"],
    ["bounds", "{}"], ["findings", "{}"], ["fit", "{}"], ["reproduce", "{}"], ["test", "{}"], ["docs", "{}"],
    ["diff", "rules", "{}"], ["diff", "rules", "rules", "--data", "{}"], ["fmt", "{}"], ["new", "{}"],
    ["schema", "cases", "-o", "{}"], ["test", "rules", "--junit", "{}"],
    ["fit", "dataset", "-m", "rules", "-o", "{}/x"],
]  # fmt: skip


@pytest.mark.parametrize("path", [LONG, MADE_OF_PARTS, "circle"], ids=["long", "long in parts", "a circle of links"])
@pytest.mark.parametrize("arguments", WITH_A_PATH, ids=" ".join)
def test_a_path_that_the_system_refuses_is_an_error_with_the_path(
    folder: Path, arguments: list[str], path: str
) -> None:
    Path("circle").symlink_to("circle")
    result = run(*(argument.format(path) for argument in arguments))
    assert result.exit_code in (1, 2)
    assert path[:10] in result.stderr.replace("\n", "")
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "load",
    [
        cc.load_methodology,
        lambda path: cc.load_dataset(path, cc.load_methodology(CRITERIA / "good")),
        lambda path: cc.load_company(path, cc.load_methodology(CRITERIA / "good")),
        cc.run_cases,
    ],
    ids=["methodology", "dataset", "company", "cases"],
)
@pytest.mark.parametrize("path", [LONG, "a\0b", "a\ud800b", "circle"], ids=["long", "nul", "surrogate", "circle"])
def test_so_it_is_in_python(folder: Path, load: Callable[[str], object], path: str) -> None:
    Path("circle").symlink_to("circle")
    with pytest.raises(cc.InputError) as caught:
        load(path)
    assert [found.code for found in caught.value.diagnostics] == ["unreadable-file"]


def as_any_user() -> None:
    """Take from a process what an administrator has more than other users: the right to read and write every file."""
    drop_capability, of_every_file, of_every_folder = 24, 1, 2
    for capability in (of_every_file, of_every_folder):
        ctypes.CDLL(None).prctl(drop_capability, capability, 0, 0, 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "closed", "-m", "clean_cloud_2024"], ["check", "closed"], ["score", "closed/acme.yaml"],
        ["test", "closed"], ["docs", "closed"], ["fmt", "closed"], ["fmt", "."],
        ["schema", "cases", "-o", "closed/out"], ["new", "closed"], ["new", "closed/made"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_folder_without_permission_is_an_error_with_the_path(tmp_path: Path, arguments: list[str]) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    try:
        done = child(*arguments, cwd=tmp_path, capture_output=True, preexec_fn=as_any_user)
    finally:
        closed.chmod(0o755)
    assert done.returncode == 1
    assert "permission denied" in done.stderr
    assert "closed" in done.stderr
    assert "Traceback" not in done.stderr


# ---- `> /dev/full`: a trace


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "dataset", "-m", "rules"], ["rank", "dataset", "-m", "rules", "--format", "json"], ["schema"],
        ["docs", "rules"], ["fmt", "a.yaml"], ["new", "made"], ["check", "broken", "--format", "json"], ["--help"],
        ["score", "--help"], ["--version"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_full_standard_output_is_an_error_and_no_trace(folder: Path, arguments: list[str]) -> None:
    Path("a.yaml").write_text(UNTIDY)
    with Path("/dev/full").open("w") as full:
        done = child(*arguments, stdout=full, stderr=subprocess.PIPE, cwd=folder)
    assert done.returncode == 1
    assert done.stderr == "error: cannot write to the standard output: no space left on device\n"


def test_a_full_standard_error_is_an_error_too(folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        assert child("check", "broken", stdout=full, stderr=full, cwd=folder).returncode == 1
        assert child("schema", stdout=full, stderr=full, cwd=folder).returncode == 1


def test_a_reader_that_has_seen_enough_is_no_error_that_is_shown(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = child("schema", "methodology", stdout=writing, stderr=subprocess.PIPE, cwd=folder)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


# ---- a lone surrogate in a name that is written: a trace


def test_half_of_a_pair_in_plain_data_is_refused_at_its_place() -> None:
    methodology = cc.load_methodology(CRITERIA / "good")
    with pytest.raises(cc.FactsError) as caught:
        cc.company_from({"id": "acme", "name": "Ac\ud83dme", "facts": [], "not\udc00_found": []}, methodology)
    found = {(one.code, one.location.path) for one in caught.value.diagnostics}
    assert {("yaml-character", "name"), ("yaml-character", "")} <= found
    assert "U+D83D" in str(caught.value)


@pytest.mark.parametrize("format", ["text", "json", "sarif", "github"])
def test_a_name_of_a_file_that_is_not_utf_8_is_written_as_an_escape(folder: Path, format: str) -> None:
    shutil.move("broken", os.fsdecode(b"br\xffken"))
    done = child(
        "check", os.fsdecode(b"br\xffken"), "--format", format, "-o", "out", stderr=subprocess.PIPE, cwd=folder
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert ("br%FFken" if format == "sarif" else "\\udcffken") in Path("out").read_text()


def test_such_a_name_is_printed_as_an_escape_too(folder: Path) -> None:
    name = os.fsdecode(b"\xff.yaml")
    Path(name).write_text(UNTIDY)
    done = child("fmt", name, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "\\udcff.yaml\n", "")


def test_json_holds_an_escape_in_place_of_half_a_pair() -> None:
    assert json.loads(to_json({"a\udcff": ["b\ud800", 1, None]})) == {"a\\udcff": ["b\\ud800", 1, None]}

"""Tests of the page on records: a reader who follows it gets what it says."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.test_how_to import HOW_TO
from tests.support.kept import kept
from tests.support.pages import Page
from tests.support.places import ROOT

PAGE = HOW_TO / "keep-a-record.md"


def test_the_commands_print_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples" / "careful_water", tmp_path / "examples" / "careful_water")
    page = Page(PAGE)
    page.follow(tmp_path, monkeypatch)
    assert page.printed == 3


def shell_blocks() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_checker_is_called_as_the_page_says(tmp_path: Path) -> None:
    check, _, _ = shell_blocks()
    shutil.copy(ROOT / "cleancloud_rules" / "records" / "check_record.py", tmp_path)
    (tmp_path / "water.record.json").write_bytes(kept("careful_water").to_json().encode())
    program, *arguments = check.split()
    assert program == "python3"
    done = subprocess.run([sys.executable, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "water.record.json: right\n"


@pytest.mark.outside
def test_a_record_is_signed_as_the_page_says(tmp_path: Path) -> None:
    _, sign, verify = shell_blocks()
    (tmp_path / "water.record.json").write_bytes(kept("careful_water").to_json().encode())
    prepare = (
        "ssh-keygen -q -t ed25519 -N '' -C '' -f key && echo \"analyst@example.org $(cat key.pub)\" > allowed_signers"
    )

    def run(command: str) -> int:
        return subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, check=False).returncode

    assert [run(command) for command in (prepare, sign, verify)] == [0, 0, 0]
    with (tmp_path / "water.record.json").open("r+b") as record:
        record.write(b" ")
    assert run(verify) != 0

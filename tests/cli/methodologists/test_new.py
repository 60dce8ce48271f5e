"""Tests of ``new``."""

import re
import shlex
from pathlib import Path

from tests.cli.conftest import Run


def test_what_it_says_to_do_next_works(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "my rules"
    result = run("new", folder)
    assert result.exit_code == 0
    commands = re.findall(r"^ +cleancloud-rules (.*)$", result.stdout, re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["check", "test", "rank", "explain"]
    for command in commands:
        assert run(*shlex.split(command)).exit_code == 0


def test_the_files_are_listed(run: Run, tmp_path: Path) -> None:
    result = run("new", tmp_path / "rules", "--title", "Our rules")
    written = re.findall(r"^  (\S+\.yaml)$", result.stdout, re.MULTILINE)
    assert {Path(name).name for name in written} == {
        "acme.yaml", "dataset.yaml", "energy.yaml", "facts.yaml", "methodology.yaml", "sources.yaml",
    }  # fmt: skip
    assert all(Path(name).is_file() for name in written)


def test_the_cases_that_it_writes_try_every_rule_and_every_unary_test(run: Run, tmp_path: Path) -> None:
    run("new", tmp_path / "rules")
    result = run("test", tmp_path / "rules", "--fail-under", "100")
    assert result.exit_code == 0
    assert "that no fact failed" not in result.stdout


def test_a_folder_that_is_not_empty_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept", encoding="utf-8")
    result = run("new", tmp_path)
    assert (result.exit_code, [file.name for file in tmp_path.iterdir()]) == (2, ["kept.txt"])
    assert "nothing was written" in result.stderr


def test_a_title_is_one_line_that_says_something(run: Run, tmp_path: Path) -> None:
    for title in ("", "  ", "two\nlines"):
        assert run("new", tmp_path / "rules", "--title", title).exit_code == 2
    assert not (tmp_path / "rules").exists()


def test_a_folder_that_cannot_be_made_is_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = run("new", tmp_path / "file" / "rules")
    assert result.exit_code == 1
    assert "cannot write" in result.stderr

"""Tests of ``fmt``."""

import re
from pathlib import Path

import pytest

from cleancloud_rules import load_methodology
from tests.cli.conftest import Run
from tests.support.places import CRITERIA, ROOT

EXAMPLES = (CRITERIA, *sorted((ROOT / "examples").glob("*/methodology")))

UNTIDY, TIDY = "a:   1 # kept\nb:\n- x\n", "a: 1 # kept\nb:\n  - x\n"


def files(folder: Path) -> tuple[Path, Path, Path]:
    made = (folder / "untidy.yaml", folder / "inner" / "tidy.yml", folder / "broken.yaml")
    for file, text in zip(made, (UNTIDY, TIDY, "a: ["), strict=True):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return made


def test_a_folder_is_formatted_and_what_changed_is_listed(run: Run, tmp_path: Path) -> None:
    untidy, tidy, broken = files(tmp_path)
    broken.unlink()
    result = run("fmt", tmp_path)
    assert (result.exit_code, result.stdout) == (0, f"{untidy}\n")
    assert [file.read_text(encoding="utf-8") for file in (untidy, tidy)] == [TIDY, TIDY]
    assert run("fmt", tmp_path, untidy).stdout == ""


def test_check_changes_nothing_and_fails(run: Run, tmp_path: Path) -> None:
    untidy, tidy, broken = files(tmp_path)
    broken.unlink()
    result = run("fmt", "--check", tmp_path)
    assert (result.exit_code, result.stdout) == (1, f"{untidy}\n")
    assert untidy.read_text(encoding="utf-8") == UNTIDY
    assert run("fmt", "--check", tidy).exit_code == 0


def test_a_broken_file_is_reported_and_the_others_are_formatted(run: Run, tmp_path: Path) -> None:
    untidy, _, broken = files(tmp_path)
    result = run("fmt", tmp_path)
    assert result.exit_code == 1
    assert f"{broken}:" in result.stderr
    assert broken.read_text(encoding="utf-8") == "a: ["
    assert untidy.read_text(encoding="utf-8") == TIDY


def test_a_file_in_another_encoding_is_reported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"a: \xe4\n")
    result = run("fmt", tmp_path)
    assert result.exit_code == 1
    assert "error[not-utf-8]" in result.stderr


def test_line_ends_alone_are_a_change(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a: 1\r\n")
    assert run("fmt", "--check", file).exit_code == 1
    run("fmt", file)
    assert file.read_bytes() == b"a: 1\n"


def test_hidden_folders_are_left_alone(run: Run, tmp_path: Path) -> None:
    hidden = tmp_path / ".hidden" / "a.yaml"
    hidden.parent.mkdir()
    hidden.write_text(UNTIDY, encoding="utf-8")
    assert run("fmt", tmp_path).stdout == ""
    assert run("fmt", hidden).stdout == f"{hidden}\n"


def test_what_is_not_there_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    assert run("fmt", tmp_path / "nowhere").exit_code == 2


def test_fix_replaces_lookalikes_and_reports_the_rest_as_it_is(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("title：x，y\na:\n\u00a0\u00a0b： ≥ ５\n", encoding="utf-8")
    assert "expected `:`, got U+FF1A (fullwidth colon)" in run("fmt", file).stderr
    assert run("fmt", "--fix", file).stdout == f"{file}\n"
    assert file.read_text(encoding="utf-8") == 'title: x，y\na:\n  b: ">= 5"\n'
    file.write_text("a: [１\n", encoding="utf-8")
    assert "a: [１" in run("fmt", "--fix", file).stderr
    assert file.read_text(encoding="utf-8") == "a: [１\n"


# ---- upgrades


def earlier(folder: Path, target: Path) -> list[Path]:
    """Write a methodology as it could be written before: criteria in any order, and groups in several files."""
    target.mkdir()
    made = []
    for file in sorted(folder.glob("*.yaml")):
        head, key, rest = file.read_text(encoding="utf-8").partition("\ncriteria:\n")
        items = [item for item in re.split(r"^(?=  - )", rest, flags=re.MULTILINE) if item.strip()]
        for index, part in enumerate((items[::-2], items[-2::-2]) if key else ([rest],)):
            name = f"{index}_{file.name}" if key else file.name
            (target / name).write_text(head + key + "".join(f"{item.rstrip()}\n" for item in part), encoding="utf-8")
            made.append(target / name)
    return made


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.parent.name)
def test_a_methodology_of_an_earlier_version_gives_what_it_gave(run: Run, tmp_path: Path, folder: Path) -> None:
    old = tmp_path / "old"
    files = earlier(folder, old)
    assert "error[second-file]" in run("check", old).output
    assert run("fmt", "--upgrade", "--check", old).exit_code == 1
    assert sorted(old.iterdir()) == sorted(files)
    result = run("fmt", "--upgrade", old)
    assert (result.exit_code, result.stderr) == (0, "")
    removed = [file for file in files if not file.exists()]
    assert len(removed) == len(files) // 2 - 1
    assert all(f"{file} (removed)\n" in result.stdout for file in removed)
    made, now = load_methodology(old), load_methodology(folder)
    for group, same in zip(made.groups, now.groups, strict=True):
        assert group.criteria == tuple(sorted(same.criteria, key=lambda criterion: criterion.id))
    assert {line for file in folder.glob("*.yaml") for line in comments(file)} == {
        line for file in old.iterdir() for line in comments(file)
    }
    for arguments in (["--check"], []):
        again = run("fmt", "--upgrade", *arguments, old)
        assert (again.exit_code, again.stdout) == (0, "")


def comments(file: Path) -> list[str]:
    return re.findall(r"(?:^| )#.*", file.read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_what_cannot_be_upgraded_is_reported_and_nothing_changes(run: Run, tmp_path: Path) -> None:
    files = {
        "methodology.yaml": "id:   x\n",
        "a.yaml": "category: x\ncriteria:\n- {id: a}\n",
        "other.yaml": "category: x\ncriteria:\n- {id: a}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    result = run("fmt", "--upgrade", tmp_path)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"error[cannot-upgrade]: criterion `a` is in `{tmp_path / 'a.yaml'}` too" in result.stderr
    assert {file.name: file.read_text(encoding="utf-8") for file in tmp_path.iterdir()} == files


def test_an_upgrade_formats_and_fixes_what_is_below_the_folder_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "methodology.yaml").write_text("id：x\n", encoding="utf-8")
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "a.yaml").write_text(UNTIDY, encoding="utf-8")
    assert run("fmt", "--upgrade", "--fix", tmp_path).exit_code == 0
    assert (tmp_path / "methodology.yaml").read_text(encoding="utf-8") == "id: x\n"
    assert (tmp_path / "cases" / "a.yaml").read_text(encoding="utf-8") == TIDY


def test_an_upgrade_needs_folders_of_methodologies(run: Run, tmp_path: Path) -> None:
    untidy, _, broken = files(tmp_path)
    broken.unlink()
    for path in (tmp_path, untidy):
        result = run("fmt", "--upgrade", path)
        assert result.exit_code == 2
        assert "--upgrade needs folders in which there is a `methodology.yaml`" in result.stderr
    assert untidy.read_text(encoding="utf-8") == UNTIDY

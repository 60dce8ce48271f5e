"""Tests of ``fmt``."""

from pathlib import Path

from tests.cli.conftest import Run

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

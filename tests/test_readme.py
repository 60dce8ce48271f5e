"""Tests of the README: its example runs, its notices are the methodology's, and what it names is there."""

import re

import pytest

from cleancloud_rules import load_methodology
from cleancloud_rules.cli import COMMANDS
from tests.places import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
FIRST_SCREEN = " ".join(line.removeprefix("> ") for line in README.splitlines()[:40])


def test_the_example_prints_what_the_readme_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    program, printed = (
        found[1] for found in re.finditer(r"^```(?:python|text)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    )
    monkeypatch.chdir(ROOT)
    exec(compile(program, "README.md", "exec"), {})  # noqa: S102 - the README is ours
    assert capsys.readouterr().out == printed


def test_the_example_is_about_ten_lines_long() -> None:
    program = re.search(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert program is not None
    assert len(program[1].splitlines()) <= 12


def test_the_notices_stand_on_the_first_screen_word_for_word() -> None:
    notices = [notice for notice in load_methodology("clean_cloud_2024").notices if not notice.hypothetical]
    assert {notice.code for notice in notices} == {"independent", "points"}
    assert all(notice.text in FIRST_SCREEN for notice in notices)


def test_the_two_commands_stand_on_the_first_screen() -> None:
    assert "make demo" in FIRST_SCREEN
    assert "make test" in FIRST_SCREEN


def test_every_command_is_listed_and_every_listed_command_exists() -> None:
    assert set(re.findall(r"^    cleancloud-rules (\w+)", README, re.MULTILINE)) == set(COMMANDS)


@pytest.mark.parametrize("path", re.findall(r"^\| `([^`]+)` \|", README, re.MULTILINE))
def test_every_path_in_the_layout_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)]+)\)", README))))
def test_every_link_leads_somewhere(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_that_is_named_exists(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    text = (ROOT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"^    make ([a-z]+)", text, re.MULTILINE)) <= targets

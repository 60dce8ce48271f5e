"""Pages that show commands show what these print."""

import re
from pathlib import Path

import pytest

from tests.support.fictional import EXAMPLES, FICTIONAL
from tests.support.pages import Page, matches
from tests.support.places import ROOT

TUTORIALS = sorted((ROOT / "docs" / "tutorial").glob("*.md"))
ACTIVATE = "run `. .venv/bin/activate`"


@pytest.mark.parametrize("example", FICTIONAL)
def test_an_example_prints_what_its_readme_says(example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(EXAMPLES / example / "README.md")
    page.follow(ROOT, monkeypatch)
    assert page.printed >= 4


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_who_follows_a_tutorial_sees_what_it_says(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(path)
    page.follow(tmp_path, monkeypatch)
    assert page.printed == len(re.findall(r"^\$ cleancloud-rules ", page.text, re.MULTILINE)) >= 8


@pytest.mark.parametrize("path", [ROOT / "README.md", *TUTORIALS], ids=lambda path: path.stem)
def test_a_reader_is_told_where_the_command_is(path: Path) -> None:
    text = " ".join(path.read_text(encoding="utf-8").split())
    assert text.count("`make demo` puts the command into `.venv/bin`") == text.count(ACTIVATE) == 1


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists()


def test_the_methodology_with_points_has_the_commands_of_a_whole_life() -> None:
    page = Page(ROOT / "docs" / "tutorial" / "a-methodology-with-points.md")
    used = re.findall(r"^\$ cleancloud-rules (\w+)", page.text, re.MULTILINE)
    assert set(used) == {"new", "check", "test", "rank", "fmt", "score", "explain", "diff", "docs"}
    assert used[0] == "new"


def test_a_name_before_a_command_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "page.md").write_text("`schema` writes:\n\n```console\n$ cleancloud-rules schema\n...\n```\n", "utf-8")
    page = Page(tmp_path / "page.md")
    page.follow(tmp_path, monkeypatch)
    assert page.printed == 1
    assert not (tmp_path / "schema").exists()


@pytest.mark.parametrize(
    ("said", "printed", "same"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\nb\n", "a\nc\n", False),
        ("a\n...\nd\n", "a\nb\nc\nd\n", True),
        ("a\n...\nd\n", "a\nd\n", True),
        ("...\nd\n", "a\nbd\n", False),
        ("a\n...\n", "a\nb\n", True),
        ("a\n", "a\nb\n", False),
        ("", "", True),
    ],
)
def test_a_line_of_dots_stands_for_any_lines(said: str, printed: str, same: bool) -> None:
    assert matches(said, printed) is same

"""Pages that show commands show what these print."""

from pathlib import Path

import pytest

from tests.invented import EXAMPLES, INVENTED
from tests.pages import Page, matches
from tests.places import ROOT

TUTORIAL = ROOT / "docs" / "tutorial" / "your-first-methodology.md"


@pytest.mark.parametrize("example", INVENTED)
def test_an_example_prints_what_its_readme_says(example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(EXAMPLES / example / "README.md")
    page.follow(ROOT, monkeypatch)
    assert page.printed >= 4


def test_who_follows_the_tutorial_sees_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(TUTORIAL)
    page.follow(tmp_path, monkeypatch)
    assert page.printed >= 8


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

"""Tests of README and CONTRIBUTING: the examples run, the notices are the methodology's, and what they name exists."""

import re
from typing import Any

import pytest

from cleancloud_rules import load_methodology
from cleancloud_rules.cli import COMMANDS
from cleancloud_rules.documents.yaml import read_text
from tests.schemas.test_catalogue import plain
from tests.support.pages import Page
from tests.support.places import CRITERIA, ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FIRST_SCREEN = "\n".join(README.splitlines()[:45])


def blocks(language: str) -> list[str]:
    """Return the blocks of a language in the README."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_program_prints_what_the_readme_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (program,), (printed,) = blocks("python"), blocks("text")
    monkeypatch.chdir(ROOT)
    exec(compile(program, "README.md", "exec"), {})  # noqa: S102 - the README is ours
    assert capsys.readouterr().out == printed


def test_the_program_is_about_ten_lines_long() -> None:
    (program,) = blocks("python")
    assert len(program.splitlines()) <= 12


def test_the_command_prints_what_the_readme_says(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(ROOT / "README.md")
    page.follow(ROOT, monkeypatch)
    assert page.printed == 1
    assert "$ cleancloud-rules explain " in FIRST_SCREEN


def criterion(text: str, id: str) -> dict[str, Any]:
    """Return a criterion from the text of a criteria file, as plain data."""
    document, _ = read_text(text)
    assert document is not None
    (found,) = (item for item in plain(document.root)["criteria"] if item["id"] == id)
    return dict(found)


def test_the_criterion_is_the_shipped_one_without_some_of_its_keys() -> None:
    (yaml,) = blocks("yaml")
    assert yaml.rstrip() in FIRST_SCREEN
    shown = criterion(f"criteria:\n{yaml}", "renewable_share")
    shipped = criterion((CRITERIA / "renewable_energy.yaml").read_text(encoding="utf-8"), "renewable_share")
    pairs = list(zip(shown.pop("rules"), shipped.pop("rules"), strict=True))
    for part, whole in [(shown, shipped), *pairs]:
        assert part.items() <= whole.items()


def test_the_notices_stand_on_the_first_screen_word_for_word_in_one_paragraph() -> None:
    notices = load_methodology("clean_cloud_2024").notices
    assert {notice.code for notice in notices} == {"independent", "points", "hypothetical"}
    paragraphs = [" ".join(paragraph.split()) for paragraph in FIRST_SCREEN.split("\n\n")]
    assert any(all(notice.text in paragraph for notice in notices) for paragraph in paragraphs)


def test_two_commands_do_everything_and_stand_on_the_first_screen() -> None:
    assert re.findall(r"^    make (\S+)", README, re.MULTILINE) == ["demo", "test"]
    assert re.findall(r"^    make (\S+)", FIRST_SCREEN, re.MULTILINE) == ["demo", "test"]


def test_every_command_is_linked_and_every_linked_command_exists() -> None:
    linked = re.findall(r"\[`([\w-]+)`\]\(docs/reference/command-line\.md#([\w-]+)\)", README)
    assert {name for name, _ in linked} == set(COMMANDS)
    assert all(name == anchor for name, anchor in linked)


@pytest.mark.parametrize("path", re.findall(r"^\| `([^`]+)` \|", CONTRIBUTING, re.MULTILINE))
def test_every_path_on_the_map_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize(
    "target", sorted(set(re.findall(r"\]\(((?!https://)[^)]+)\)", README + CONTRIBUTING))), ids=str
)
def test_every_link_leads_somewhere(target: str) -> None:
    path, _, anchor = target.partition("#")
    page = ROOT / (path or "README.md")
    assert page.exists()
    if anchor:
        headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_that_is_named_exists(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    text = (ROOT / name).read_text(encoding="utf-8")
    assert set(re.findall(r"^    make ([a-z-]+)", text, re.MULTILINE)) <= targets

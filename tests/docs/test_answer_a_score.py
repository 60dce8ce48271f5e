"""Tests of the page on responses: a reader who follows it gets what it says."""

import shutil
from pathlib import Path

import pytest

from tests.docs.test_how_to import HOW_TO
from tests.support.pages import Page
from tests.support.places import ROOT


def test_the_commands_print_what_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples" / "careful_water", tmp_path / "examples" / "careful_water")
    page = Page(HOW_TO / "answer-a-score.md")
    page.follow(tmp_path, monkeypatch)
    assert page.printed == 8
    text = (tmp_path / "examples/careful_water/companies/example_ridge.yaml").read_text()
    assert "status: accepted" in text
    assert "  - id: strips-2026-02-10\n" in text

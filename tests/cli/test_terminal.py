"""Tests of what a terminal shows, in a terminal of the test's own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.places import COMPANIES, DATASET, edit

pty = pytest.importorskip("pty", reason="this system has no pseudo terminals")


def shown(*arguments: str | Path, columns: int = 200, encoding: str = "utf-8") -> str:
    """Return what the tool writes to a terminal."""
    ours, theirs = pty.openpty()
    with open(theirs, "wb") as terminal:  # noqa: PTH123 - a descriptor, no path
        environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color", "PYTHONIOENCODING": encoding}
        environment.pop("NO_COLOR", None)
        tool = [sys.executable, "-m", "cleancloud_rules", *map(str, arguments)]
        process = subprocess.Popen(tool, stdout=terminal, stderr=terminal, env=environment)
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        written += part
    os.close(ours)
    assert process.wait() == 0
    return written.decode(encoding)


def test_a_terminal_shows_colour() -> None:
    assert "\x1b[32mawarded" in shown("score", COMPANIES / "gds.yaml")


def test_brackets_are_not_taken_for_markup() -> None:
    assert "{" in shown("explain", COMPANIES / "gds.yaml", "--criterion", "renewable_target")


def test_a_narrow_terminal_still_shows_every_company() -> None:
    said = shown("rank", DATASET, columns=70)
    assert all(name in said for name in ("Tencent", "GDS", "VNET"))


def test_a_terminal_that_is_too_narrow_leaves_out_the_bounds_and_says_so() -> None:
    said = "The column “Possible with further facts” is left out because the terminal is too narrow."
    assert said in " ".join(shown("rank", DATASET, columns=80).split())
    wide = shown("rank", DATASET, columns=120)
    assert "left out" not in wide
    assert "100.00" in wide


def test_several_documents_are_set_apart() -> None:
    said = shown("score", COMPANIES / "gds.yaml", COMPANIES / "tencent.yaml")
    assert said.count("────────────────────") >= 1


def test_json_has_no_colour_on_a_terminal() -> None:
    assert "\x1b" not in shown("rank", DATASET, "--format", "json")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_character_that_a_terminal_lacks_is_an_escape(dataset: Path, form: str) -> None:
    company = dataset / "companies" / "gds.yaml"
    edit(company, "name: GDS\n", "name: Café 腾讯 😀\n")
    said = shown("score", company, "--format", form, encoding="cp1252")
    assert r"Café \u817e\u8baf \ud83d\ude00" in said
    if form == "json":
        assert json.loads(said)["company"]["name"] == "Café 腾讯 😀"

"""Tests of what a terminal shows, in a terminal of the test's own."""

import json
import os
import re
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
    assert "\x1b[1;32mawarded" in shown("explain", COMPANIES / "gds.yaml")


def test_brackets_are_not_taken_for_markup() -> None:
    assert "{" in shown("explain", COMPANIES / "gds.yaml", "--criterion", "renewable_target", "--rules")


def test_a_narrow_terminal_still_shows_every_company() -> None:
    said = shown("rank", DATASET, columns=70)
    assert all(name in said for name in ("Tencent", "GDS", "VNET"))


def test_a_terminal_that_is_too_narrow_leaves_out_the_bounds_and_says_so(dataset: Path) -> None:
    edit(dataset / "dataset.yaml", "published: published.csv\n", "")
    said = "The column “Possible with further facts” is left out because the terminal is too narrow."
    assert said in " ".join(shown("rank", dataset, columns=80).split())
    wide = shown("rank", dataset, columns=120)
    assert "left out" not in wide
    assert "100.00" in wide


def test_a_ranking_beside_a_published_one_is_readable_at_80_columns() -> None:
    lines = shown("rank", DATASET, columns=80).splitlines()
    said = " ".join(" ".join(lines).split())
    assert "The column “Not assessed of 31 criteria” is left out because the terminal is too narrow." in said
    assert max(map(len, map(_plain, lines))) <= 80
    assert any(" ".join(line.split()) == "1 Tencent 2 89.31 31.33 31.33 to 100.00" for line in lines)
    assert any(" ".join(line.split()) == "4 Technology 6 48.85 12.00 12.00 to 88.10" for line in lines)
    narrower = " ".join(" ".join(shown("rank", DATASET, columns=64).split()).split())
    assert "The columns “Not assessed of 31 criteria” and “Possible with further facts” are left out" in narrower
    assert "left out" not in shown("rank", DATASET, columns=120)


def _plain(line: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", line)


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("command", ["score", "explain", "bounds"])
def test_what_is_said_of_a_company_fits_the_terminal(command: str, columns: int) -> None:
    lines = map(_plain, shown(command, "gds", columns=columns).splitlines())
    too_long = [line for line in lines if len(line) > columns and "http" not in line]
    assert too_long == []


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

"""The commands of how-to pages are executed: what they print is what the page says."""

import re
import shlex

import pytest
from click.testing import CliRunner

from cleancloud_rules.cli import COMMANDS, main
from tests.support.places import ROOT

FOLDER = ROOT / "docs" / "how-to"
SHOWN = [
    (page.name, block)
    for page in sorted(FOLDER.glob("*.md"))
    for block in re.findall(r"^```text\n(\$ .*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
]


@pytest.mark.parametrize(("page", "block"), SHOWN)
def test_a_command_prints_what_the_page_shows(page: str, block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    command, _, shown = block.partition("\n")
    program, *arguments = shlex.split(command.removeprefix("$ "))
    assert program == "cleancloud-rules", page
    assert CliRunner().invoke(main, arguments).output == shown


def test_every_command_that_a_page_names_exists() -> None:
    for page in FOLDER.glob("*.md"):
        named = set(re.findall(r"cleancloud-rules ([a-z-]+)", page.read_text(encoding="utf-8")))
        assert named <= set(COMMANDS), page.name

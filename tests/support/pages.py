"""Pages with commands and what they print: what a reader would do, done."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleancloud_rules.cli import main

_BLOCK = re.compile(
    r"^(?:(?P<name>`[^`\n]+`)[^\n]*:\n\n)?```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
ANYTHING = "..."
"""A line that stands for any lines, none included."""


class Page:
    """A page, followed from top to bottom in one folder.

    A block under a line that begins with a name of a file is written to it; in a block of the console each
    line that begins with `$ ` is a command, and below it stands what it prints. Beside the tool's commands there are
    `python FILE`, `cp -r FOLDER COPY` and `rm FILE...`.

    Args:
        path: the page.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.printed = 0

    def follow(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Write every file, and hold what every command prints against what the page says."""
        monkeypatch.chdir(folder)
        for block in _BLOCK.finditer(self.text):
            name, text = block["name"], block["text"]
            if block["language"] == "console":
                self._run(text)
            elif name is not None:
                file = folder / name.strip("`")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")

    def _run(self, text: str) -> None:
        for command, said in re.findall(r"^\$ (.*?)\n(.*?)(?=^\$ |\Z)", text, re.MULTILINE | re.DOTALL):
            program, *arguments = shlex.split(command)
            if (program, arguments[0]) == ("cp", "-r"):
                _, source, copy = arguments
                shutil.copytree(source, copy)
                continue
            if program == "rm":
                for name in arguments:
                    Path(name).unlink()
                continue
            if program == "python":
                printed = subprocess.run(
                    [sys.executable, *arguments], capture_output=True, text=True, check=True
                ).stdout
            else:
                assert program == "cleancloud-rules", command
                printed = CliRunner().invoke(main, arguments).output
            assert matches(said, printed), f"{self.path.name}: $ {command}\n{printed}"
            self.printed += 1


def matches(said: str, printed: str) -> bool:
    """Return whether what a page says, with its lines that stand for any, is what was printed."""
    parts = [re.escape(part) for part in re.split(rf"^{re.escape(ANYTHING)}\n", said, flags=re.MULTILINE)]
    return re.fullmatch(r"(?:^.*\n)*?".join(parts), printed, re.MULTILINE) is not None

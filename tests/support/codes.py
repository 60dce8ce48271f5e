"""Writes what the reference of diagnostics says of each code into the file that the package has: ``make golden``."""

import json
import re
from pathlib import Path

import cleancloud_rules.reports.codes as kept
from tests.support.places import ROOT

REFERENCE = ROOT / "docs" / "reference" / "diagnostics.md"
FILE = Path(kept.__file__).with_name(kept.FILE)

_ENTRY = re.compile(r"^### `([^`\n]+)`\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
_EXAMPLE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")


def texts() -> dict[str, dict[str, str]]:
    """Return the meaning and the cure of each code: what stands before its first example, and after it."""
    found = {}
    for code, entry in _ENTRY.findall(REFERENCE.read_text(encoding="utf-8")):
        meaning, *rest = _EXAMPLE.split(entry)
        found[code] = {"meaning": _plain(meaning), "cure": _plain("\n\n".join(rest))}
    return found


def _plain(markdown: str) -> str:
    blocks = re.split(r"\n\s*\n", markdown.strip())
    joined = (block if block.startswith(("* ", "| ")) else " ".join(block.split()) for block in blocks)
    return _LINK.sub(r"\1", "\n\n".join(block for block in joined if block))


def as_json() -> str:
    """Return the content of the file."""
    return json.dumps(texts(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(as_json(), encoding="utf-8", newline="\n")

"""Checks that what is committed can be released: one version everywhere, a dated entry, a clean tree.

Run by ``make release``.
"""

import re
import subprocess
import sys
from pathlib import Path

import yaml

import cleancloud_rules as cc
from tests.support.places import ROOT

HEADING = re.compile(r"^## (?P<version>\S+), (?P<date>unreleased|\d{4}-\d\d-\d\d)$", re.MULTILINE)
"""The heading of a version in the changelog."""


def newest_entry(changelog: str) -> tuple[str, str]:
    """Return the version and the date of the first entry of a changelog.

    Raises:
        ValueError: if it has no entry.
    """
    found = HEADING.search(changelog)
    if found is None:
        raise ValueError("the changelog has no heading such as `## 0.2.0, unreleased`")
    return found["version"], found["date"]


def missing_for_release(root: Path, *, tags: list[str], changed: list[str]) -> list[str]:
    """Return what a release still needs, one sentence each.

    Args:
        root: the folder of the repository.
        tags: the tags of earlier releases.
        changed: the files that are changed and not committed.
    """
    version, date = newest_entry((root / "CHANGELOG.md").read_text(encoding="utf-8"))
    citation = yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))
    found = []
    if version != cc.__version__:
        found.append(f"CHANGELOG.md begins with {version}, and the package is {cc.__version__}.")
    if date == "unreleased":
        found.append(f"CHANGELOG.md has no date for {version}.")
    if citation["version"] != cc.__version__:
        found.append(f"CITATION.cff names {citation['version']}, and the package is {cc.__version__}.")
    released = str(citation.get("date-released"))
    if released != date:
        found.append(f"`date-released` of CITATION.cff is {released}, that of CHANGELOG.md {date}.")
    if f"v{cc.__version__}" in tags:
        found.append(f"There is already a tag v{cc.__version__}.")
    if changed:
        found.append(f"These files are not committed: {', '.join(changed)}.")
    return found


def _git(*arguments: str) -> list[str]:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


if __name__ == "__main__":
    print(f"cleancloud_rules {cc.__version__}")  # noqa: T201 - a program
    lines = missing_for_release(ROOT, tags=_git("tag"), changed=[line[3:] for line in _git("status", "--porcelain")])
    sys.exit("\n".join(lines) or 0)

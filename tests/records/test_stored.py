"""Stored records: each is replayed, and is identical or differs in exactly the paths that the changelog names for it.

A record stays readable. ``python -m tests.records.test_stored`` writes those records of this version of the library
that are missing or differ now, and leaves those of earlier versions as they are.
"""

import re
from pathlib import Path

import pytest

import cleancloud_rules as cc
from cleancloud_rules.documents.file_writer import write_bytes
from cleancloud_rules.records import check_record
from cleancloud_rules.results.kept_records import MAX_DIFFERENCES
from tests.support.kept import kept
from tests.support.places import ROOT

FOLDER = Path(__file__).parent / "stored"
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
SUBJECTS: dict[str, tuple[str, str | None]] = {
    "careful_water": ("careful_water", None),
    "clean_cloud_2024-gds": ("clean_cloud_2024", "gds"),
    "mendable_tools": ("mendable_tools", None),
    "open_reading_rooms": ("open_reading_rooms", None),
    "two_editions": ("second_edition", None),
}
"""What is recorded, by the name of the file before its version."""

STORED = sorted(FOLDER.glob("*.record.json"))


def named_paths(changelog: str, name: str) -> list[str]:
    """Return the paths that the changelog names for a stored record: ``* Stored record `NAME`: `PATH`, `PATH`.``."""
    found = re.findall(rf"^\* Stored record `{re.escape(name)}`: ((?:.|\n  )*)$", changelog, re.MULTILINE)
    return sorted(path for line in found for path in re.findall(r"`([^`]+)`", line))


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name.removesuffix(".record.json"))
def test_a_stored_record_differs_in_the_paths_that_the_changelog_names(path: Path) -> None:
    content = path.read_bytes()
    found = cc.verify(content)
    assert found.differing <= MAX_DIFFERENCES
    named = named_paths(CHANGELOG, path.name.removesuffix(".record.json"))
    assert sorted(one.path for one in found.differences) == named, "name them in the changelog, or run `make golden`"
    assert found.made_by == f"cleancloud_rules {version_of(path)}"
    report = check_record.check(content)
    assert (report.wrong, report.unknown) == ([], [])


def version_of(path: Path) -> str:
    return path.name.removesuffix(".record.json").rpartition("-")[2]


def test_there_is_a_record_of_each_subject_by_this_version() -> None:
    now = [path.name for path in STORED if version_of(path) == cc.__version__]
    assert now == [f"{name}-{cc.__version__}.record.json" for name in sorted(SUBJECTS)]


def test_the_changelog_is_read_line_by_line() -> None:
    text = "* Stored record `a-1`: `results.x`,\n  `results.y[0]`.\n* Stored record `b-1`: `meaning`.\n* Other `c`.\n"
    assert named_paths(text, "a-1") == ["results.x", "results.y[0]"]
    assert named_paths(text, "b-1") == ["meaning"]
    assert named_paths(text, "c-1") == []


def write() -> None:
    """Write the records of this version that are missing, or whose replay differs now."""
    for name, (example, company) in SUBJECTS.items():
        path = FOLDER / f"{name}-{cc.__version__}.record.json"
        if not path.exists() or cc.verify(path.read_bytes()).differing:
            write_bytes(path, kept(example, company).to_json().encode())


if __name__ == "__main__":
    write()

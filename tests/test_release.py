"""Tests of what a release needs: one version in all files, and what is missing is named."""

from pathlib import Path

import pytest
import yaml

import cleancloud_rules as cc
from tests.support.places import ROOT
from tests.support.release import missing_for_release, newest_entry


def copy_of(folder: Path, changelog: str, citation: str) -> Path:
    (folder / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    (folder / "CITATION.cff").write_text(citation, encoding="utf-8")
    return folder


def test_one_version_stands_in_all_files() -> None:
    version, _ = newest_entry((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {version, citation["version"]} == {cc.__version__}


def test_a_release_with_all_that_it_needs(tmp_path: Path) -> None:
    citation = f"version: {cc.__version__}\ndate-released: 2030-01-31\n"
    root = copy_of(tmp_path, f"# Changes\n\n## {cc.__version__}, 2030-01-31\n", citation)
    assert missing_for_release(root, tags=["v0.0.1"], changed=[]) == []


def test_everything_that_is_missing_is_named(tmp_path: Path) -> None:
    root = copy_of(tmp_path, "# Changes\n\n## 99.0.0, unreleased\n", "version: 98.0.0\n")
    assert missing_for_release(root, tags=[f"v{cc.__version__}"], changed=["README.md"]) == [
        f"CHANGELOG.md begins with 99.0.0, and the package is {cc.__version__}.",
        "CHANGELOG.md has no date for 99.0.0.",
        f"CITATION.cff names 98.0.0, and the package is {cc.__version__}.",
        "`date-released` of CITATION.cff is None, that of CHANGELOG.md unreleased.",
        f"There is already a tag v{cc.__version__}.",
        "These files are not committed: README.md.",
    ]


def test_a_changelog_without_an_entry_is_refused() -> None:
    with pytest.raises(ValueError, match="no heading"):
        newest_entry("# Changes\n")


def test_every_version_of_python_in_the_classifiers_is_tested() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (versions,) = (line.split("?=")[1].split() for line in makefile.splitlines() if line.startswith("PYTHONS ?="))
    classified = [line.split(" :: ")[-1].strip('",') for line in pyproject.splitlines() if "Python :: 3." in line]
    assert classified == versions

"""Tests of the versions of packages: lower bounds in pyproject.toml, and the two lists of pinned versions."""

import re
import tomllib
from typing import Any

from packaging.version import Version

from tests.support.places import ROOT


def key(name: str) -> str:
    return name.lower().replace("_", "-")


def bounds() -> dict[str, set[Version]]:
    """Return the lower bound of every package that pyproject.toml names, for use, for development or to build."""
    pyproject: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = pyproject["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values(), pyproject["build-system"]["requires"]]
    found: dict[str, set[Version]] = {}
    for requirement in [requirement for requirements in lists for requirement in requirements]:
        match = re.fullmatch(r"([\w.-]+)(?:>=|==)([\d.]+)", requirement)
        assert match, f"{requirement} has no lower bound"
        found.setdefault(key(match[1]), set()).add(Version(match[2]))
    return found


def pins(file: str) -> dict[str, Version]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    rows = [line.split("==") for line in lines if not line.startswith("#")]
    assert all(len(row) == 2 for row in rows), f"{file} holds a line that is not name==version"
    assert len({key(name) for name, _ in rows}) == len(rows), f"{file} names a package twice"
    return {key(name): Version(version) for name, version in rows}


def test_the_lowest_versions_are_the_lower_bounds() -> None:
    lowest = pins("constraints-lowest.txt")
    assert {name: {lowest.get(name)} for name in bounds()} == bounds()


def test_the_list_of_the_lowest_versions_holds_nothing_but_versions() -> None:
    lines = (ROOT / "constraints-lowest.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)


def test_the_pinned_versions_meet_the_lower_bounds() -> None:
    pinned = pins("constraints.txt")
    assert {name for name, (lowest,) in bounds().items() if pinned[name] < lowest} == set()


def test_a_package_that_only_others_ask_for_is_as_new_as_the_newest_or_older() -> None:
    lowest, pinned = pins("constraints-lowest.txt"), pins("constraints.txt")
    assert {name for name, version in lowest.items() if version > pinned[name]} == set()


def test_the_lowest_versions_are_tried_on_the_lowest_python() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lowest = pyproject["project"]["requires-python"].removeprefix(">=")
    script = (ROOT / ".ci" / "lowest").read_text(encoding="utf-8")
    assert re.findall(r"^version=(.+)$", script, re.MULTILINE) == [lowest]
    assert f"Programming Language :: Python :: {lowest}" in pyproject["project"]["classifiers"]

"""Tests that the page about the architecture names what there is."""

import re
from collections import Counter

import pytest

from tests.support.layers import PICTURE, layers, picture
from tests.support.places import ROOT

PAGE = (ROOT / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:[a-z_0-9]+/)+(?:[a-z_0-9]+\.(?:py|md|yaml))?|[a-z_0-9]+\.(?:py|toml))`", PAGE)))


def test_the_page_names_many_places() -> None:
    assert len(NAMED) > 60


@pytest.mark.parametrize("name", NAMED)
def test_each_place_that_the_page_names_exists(name: str) -> None:
    assert any((root / name).exists() for root in (ROOT, ROOT / "cleancloud_rules"))


def test_the_page_names_each_layer_that_a_line_can_go_to() -> None:
    names = {name for layer in layers() for name in layer} - {"__main__", "_version", "errors", "resources", "scaffold"}
    assert {name for name in names if not re.search(rf"\b{name}[/.]", PAGE)} == set()


def test_the_picture_shows_the_layers_of_the_contract() -> None:
    assert PICTURE.read_text(encoding="utf-8") == picture(), "run `make pages`"


@pytest.mark.parametrize("enum", ["HitPolicy", "TableHitPolicy"])
def test_the_page_names_each_module_that_knows_a_hit_policy(enum: str) -> None:
    package = ROOT / "cleancloud_rules"
    knowing = {
        file.relative_to(package).as_posix()
        for file in package.rglob("*.py")
        if re.search(rf"(?<!\w){enum}\b", file.read_text(encoding="utf-8"))
    }
    section = PAGE[PAGE.index("### a hit policy") : PAGE.index("### a diagnostic")]
    assert {name for name in knowing if f"`{name}`" not in section and "/__init__" not in name} == set()


LONGER = {"check_record.py": 999}
"""Files that may be longer: the checker of records is one file, so that it can be read and run without the package."""


def test_no_folder_has_more_than_20_modules_and_no_module_more_than_400_lines() -> None:
    modules = [file for file in (ROOT / "cleancloud_rules").rglob("*.py") if file.name != "__init__.py"]
    folders = Counter(file.parent for file in modules)
    lines = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in modules}
    assert {folder.name: count for folder, count in folders.items() if count > 20} == {}
    assert {file.name: count for file, count in lines.items() if count > LONGER.get(file.name, 400)} == {}

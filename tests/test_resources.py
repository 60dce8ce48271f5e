"""Tests of where bundled methodologies are looked for, in a check-out; `test_packaging` has the wheel."""

from pathlib import Path

import pytest

from cleancloud_rules import resources
from cleancloud_rules.resources import bundled_dataset, bundled_methodology, bundled_names, methodology_folder
from tests.support.places import CRITERIA, DATASET


def test_the_methodology_of_the_check_out_is_found() -> None:
    assert bundled_methodology("clean_cloud_2024") == CRITERIA


def test_the_example_of_the_check_out_is_found() -> None:
    assert bundled_dataset("clean_cloud_2024") == DATASET


def test_folders_without_a_methodology_are_not_listed() -> None:
    assert bundled_names() == ("clean_cloud_2024",)


@pytest.mark.parametrize("name", ["schema", "", ".", "../criteria/clean_cloud_2024", "Clean_Cloud_2024", "another"])
def test_what_is_no_name_of_a_methodology_is_none(name: str) -> None:
    assert bundled_methodology(name) is None


def test_the_folder_in_a_wheel_goes_before_the_one_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "package" / "_bundled" / "criteria" / "demo"
    beside = tmp_path / "criteria" / "demo"
    for folder in (beside, inside):
        folder.mkdir(parents=True)
        (folder / "methodology.yaml").touch()
        monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "package")
        assert bundled_methodology("demo") == folder
        assert bundled_names() == ("demo",)


def test_a_folder_goes_before_a_bundled_methodology_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert methodology_folder("clean_cloud_2024") == CRITERIA
    (tmp_path / "clean_cloud_2024").mkdir()
    assert methodology_folder("clean_cloud_2024") == Path("clean_cloud_2024")
    assert methodology_folder("nowhere") is None

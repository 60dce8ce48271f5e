"""Tests of a beginning: the packaged methodology is right, and so is what is made of it."""

from pathlib import Path

import pytest

from cleancloud_rules import FactsError, check, load_dataset, load_methodology, rank
from cleancloud_rules.scaffold import TEMPLATE, id_of, start, title_of
from tests.support.places import edit

TITLES = [
    "Plain", "Green: the #1 rules", '"Quoted"', "it's", "- dash", "null", "true", "1.5", "2024-01-01", "绿色", "{a}",
    "back\\slash", "NO", "[a, b]", "*star", "emoji 🌱",
]  # fmt: skip


def test_the_packaged_methodology_passes_every_check() -> None:
    assert check(TEMPLATE) == ()
    methodology = load_methodology(TEMPLATE)
    (row,) = rank(load_dataset(TEMPLATE / "example", methodology), methodology).cohorts[0].rows
    assert 0 < row.scorecard.criteria[0].points < row.scorecard.criteria[0].max_points


@pytest.mark.parametrize("title", TITLES)
def test_any_title_is_kept_and_passes(title: str, tmp_path: Path) -> None:
    start(tmp_path / "rules", title)
    assert check(tmp_path / "rules") == ()
    assert load_methodology(tmp_path / "rules").title == title


@pytest.mark.parametrize(
    ("name", "id", "title"),
    [
        ("green", "green", "Green"),
        ("Green Rules 2", "green_rules_2", "Green Rules 2"),
        ("green_rules", "green_rules", "Green rules"),
        ("2025", "methodology_2025", "2025"),
        ("Fähren", "fahren", "Fähren"),
        ("Fa\u0308hren", "fahren", "Fähren"),
        ("straße-№5", "strasse_no5", "Straße-№5"),
        ("绿", "methodology", "绿"),
        ("a\tb", "a_b", "A b"),
        ("_", "methodology", "My methodology"),
    ],
)
def test_the_id_and_the_title_are_made_from_the_folder(name: str, id: str, title: str, tmp_path: Path) -> None:
    assert (id_of(name), title_of(name)) == (id, title)
    start(tmp_path / name)
    methodology = load_methodology(tmp_path / name)
    assert (methodology.id, methodology.title) == (id, title)
    assert load_dataset(tmp_path / name / "example", methodology).methodology == id


@pytest.mark.parametrize("name", ["null", "true", "no", "on"])
def test_a_folder_may_be_called_like_what_yaml_reads_as_something_else(name: str, tmp_path: Path) -> None:
    start(tmp_path / name)
    assert load_methodology(tmp_path / name).id == name


def test_every_file_names_a_schema_that_is_there(tmp_path: Path) -> None:
    files = start(tmp_path / "rules")
    for file in (file for file in files if file.suffix == ".yaml"):
        first = file.read_text(encoding="utf-8").splitlines()[0]
        assert (file.parent / first.partition("$schema=")[2]).is_file()


def test_an_empty_folder_is_filled_and_any_other_is_left_alone(tmp_path: Path) -> None:
    start(tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    with pytest.raises(FileExistsError):
        start(tmp_path)
    with pytest.raises(FileExistsError):
        start(tmp_path / "facts.yaml")
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize("share", ["100.1", "-1"])
def test_a_share_that_there_cannot_be_is_refused(share: str, tmp_path: Path) -> None:
    start(tmp_path / "rules")
    acme = tmp_path / "rules" / "example" / "companies" / "acme.yaml"
    edit(acme, "percent: 35", f"percent: {share}")
    with pytest.raises(FactsError) as caught:
        load_dataset(tmp_path / "rules" / "example", load_methodology(tmp_path / "rules"))
    assert [finding.code for finding in caught.value.diagnostics] == ["out-of-range"]

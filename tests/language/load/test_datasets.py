"""Tests of datasets: which files belong together, and what is said of them."""

import os
import shutil
from pathlib import Path

import pytest

import cleancloud_rules as cc
from cleancloud_rules import FactsError
from tests.support.places import edit
from tests.system.test_bad_files import COMPANIES, CRITERIA

METHODOLOGY = cc.load_methodology(CRITERIA / "good")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the good dataset, to be edited."""
    return Path(shutil.copytree(COMPANIES / "good", tmp_path / "demo"))


def found(folder: Path, *, with_hypothetical: bool = False) -> list[tuple[str, str, str]]:
    """Return file, code and underlined text of what is wrong."""
    try:
        cc.load_dataset(folder, METHODOLOGY, with_hypothetical=with_hypothetical)
    except FactsError as error:
        return [(Path(f.location.file.name).name, f.code, f.location.text) for f in error.diagnostics]
    return []


def test_a_dataset_has_its_companies_sources_table_and_statements(folder: Path) -> None:
    dataset = cc.load_dataset(folder, METHODOLOGY)
    assert [company.id for company in dataset.companies] == ["acme"]
    assert [source.id for source in dataset.bibliography] == ["acme-report"]
    assert dataset.published is not None
    assert [row.company for row in dataset.published.rows] == ["acme"]
    assert [statement.id for statement in dataset.statements] == ["above_10"]


def test_a_dataset_is_named_by_its_folder_or_by_its_file(folder: Path) -> None:
    assert cc.load_dataset(folder / "dataset.yaml", METHODOLOGY) == cc.load_dataset(folder, METHODOLOGY)


def test_companies_are_sorted_by_id_whatever_their_files_are_called(folder: Path) -> None:
    text = (folder / "companies" / "acme.yaml").read_text(encoding="utf-8")
    (folder / "companies" / "a.yaml").write_text(text.replace("id: acme", "id: zeta"), encoding="utf-8")
    (folder / "companies" / "z.yml").write_text(text.replace("id: acme", "id: beta"), encoding="utf-8")
    (folder / "companies" / "notes.txt").write_text("not read", encoding="utf-8")
    assert [company.id for company in cc.load_dataset(folder, METHODOLOGY).companies] == ["acme", "beta", "zeta"]


def test_companies_may_be_listed_as_files_and_folders(folder: Path) -> None:
    shutil.move(folder / "companies" / "acme.yaml", folder / "acme.yaml")
    edit(folder / "dataset.yaml", "companies: companies", "companies: [acme.yaml]")
    assert [company.id for company in cc.load_dataset(folder, METHODOLOGY).companies] == ["acme"]


def test_hypothetical_facts_are_not_read_unless_asked_for(folder: Path) -> None:
    (folder / "overlay.yaml").write_text("nonsense: [", encoding="utf-8")
    assert found(folder) == []
    assert found(folder, with_hypothetical=True) == [("overlay.yaml", "yaml-syntax", "[")]


def test_mistakes_in_all_files_are_found_in_one_run(folder: Path) -> None:
    edit(folder / "dataset.yaml", "title:", "titel:")
    edit(folder / "sources.yaml", "footnotes:", "footnote:")
    edit(folder / "companies" / "acme.yaml", "cohort: cloud", "cohort: clouds")
    edit(folder / "published.csv", ",1,", ",first,")
    edit(folder / "statements.yaml", "published: 1", "published: one")
    edit(folder / "overlay.yaml", "basis: hypothetical", "basis: reported")
    assert found(folder, with_hypothetical=True) == [
        ("acme.yaml", "unknown-cohort", "clouds"), ("dataset.yaml", "unknown-key", "titel"),
        ("published.csv", "wrong-type", "first"), ("sources.yaml", "unknown-key", "footnote"),
        ("statements.yaml", "wrong-type", "one"),
    ]  # fmt: skip


def test_a_company_that_is_wrong_is_not_missed_by_the_table_and_the_overlay(folder: Path) -> None:
    edit(folder / "companies" / "acme.yaml", "id: acme", "id: acme\nnam: Acme")
    assert [code for _, code, _ in found(folder, with_hypothetical=True)] == ["unknown-key"]


@pytest.mark.parametrize("content", [b"\xff", b"id: [", b""])
def test_nor_is_one_that_cannot_be_read(folder: Path, content: bytes) -> None:
    (folder / "companies" / "acme.yaml").write_bytes(content)
    assert {name for name, _, _ in found(folder, with_hypothetical=True)} == {"acme.yaml"}


def test_sources_that_cannot_be_read_are_not_missed_by_companies(folder: Path) -> None:
    (folder / "sources.yaml").write_text("sources: [", encoding="utf-8")
    assert found(folder) == [("sources.yaml", "yaml-syntax", "[")]


@pytest.mark.parametrize("name", ["nowhere", "companies/nowhere.yaml", ""])
def test_companies_that_are_not_there_are_reported_where_they_are_named(folder: Path, name: str) -> None:
    edit(folder / "dataset.yaml", "companies: companies", f'companies: "{name}"')
    ((file, code, _),) = found(folder)
    assert (file, code) == ("dataset.yaml", "missing-file" if name else "empty-value")


def test_an_empty_folder_of_companies_is_reported(folder: Path) -> None:
    (folder / "companies" / "acme.yaml").unlink()
    assert found(folder) == [("dataset.yaml", "missing-file", "companies")]


def test_a_folder_without_a_dataset_is_reported(tmp_path: Path) -> None:
    assert found(tmp_path) == [("dataset.yaml", "unreadable-file", "")]


# ---- a company file on its own


def test_a_company_file_finds_the_sources_of_the_dataset_in_its_folder_and_in_the_one_above(folder: Path) -> None:
    inside = cc.load_company(folder / "companies" / "acme.yaml", METHODOLOGY)
    shutil.copy(folder / "companies" / "acme.yaml", folder / "acme.yaml")
    assert cc.load_company(folder / "acme.yaml", METHODOLOGY) == inside
    assert inside.facts[0].source is not None


def test_it_finds_them_from_wherever_it_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = cc.load_company(folder / "companies" / "acme.yaml", METHODOLOGY)
    deeper = folder / "companies" / "deeper"
    deeper.mkdir()
    for place, path in (
        (folder.parent, "demo/companies/acme.yaml"), (folder, "companies/acme.yaml"),
        (folder / "companies", "acme.yaml"),
        (folder / "companies", "./acme.yaml"), (deeper, "../acme.yaml"),
    ):  # fmt: skip
        monkeypatch.chdir(place)
        assert cc.load_company(path, METHODOLOGY) == expected, (os.fspath(place), path)


def test_without_a_dataset_it_has_the_sources_of_the_methodology_alone(folder: Path, tmp_path: Path) -> None:
    alone = tmp_path / "a" / "b"
    alone.mkdir(parents=True)
    shutil.copy(folder / "companies" / "acme.yaml", alone)
    with pytest.raises(FactsError) as caught:
        cc.load_company(alone / "acme.yaml", METHODOLOGY)
    assert [(f.code, f.location.text) for f in caught.value.diagnostics] == [("unknown-source", "acme-report")]


def test_what_is_wrong_beside_it_is_reported_and_not_repeated(folder: Path) -> None:
    edit(folder / "sources.yaml", "type: report", "typ: report")
    with pytest.raises(FactsError) as caught:
        cc.load_company(folder / "companies" / "acme.yaml", METHODOLOGY)
    assert [(f.code, f.location.text) for f in caught.value.diagnostics] == [("unknown-key", "typ")]

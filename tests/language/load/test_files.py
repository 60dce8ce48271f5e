"""Tests of what a company file gets from its dataset, and of companies found by name."""

import shutil
from pathlib import Path

import pytest

from cleancloud_rules import FactsError, load_company, load_dataset, load_methodology, score
from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.language.load.files import company_file
from tests.support.places import COMPANIES, DATASET, edit

METHODOLOGY = load_methodology("clean_cloud_2024")


def test_a_company_has_the_same_scorecard_alone_and_in_its_dataset() -> None:
    for company in load_dataset(DATASET, METHODOLOGY).companies:
        alone = load_company(COMPANIES / f"{company.id}.yaml", METHODOLOGY)
        assert score(alone, METHODOLOGY).to_json() == score(company, METHODOLOGY).to_json()


def test_a_mistake_in_the_published_table_is_reported_for_a_single_company(tmp_path: Path) -> None:
    dataset = Path(shutil.copytree(DATASET, tmp_path / "dataset"))
    edit(dataset / "published.csv", "90.35", "ninety")
    with pytest.raises(FactsError) as raised:
        load_company(dataset / "companies" / "gds.yaml", METHODOLOGY)
    assert [str(found.location.file.name) for found in raised.value.diagnostics] == [str(dataset / "published.csv")]


@pytest.mark.parametrize("name", ["gds", "GDS", "GDS Holdings"])
def test_a_company_of_a_bundled_dataset_is_loaded_by_its_name(name: str) -> None:
    company = load_company(name, METHODOLOGY)
    assert company == load_company(COMPANIES / "gds.yaml", METHODOLOGY)
    assert company.published_row is not None
    assert str(company.published_row.total) == "83.08"


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(FactsError) as raised:
        load_company("Alibabba", METHODOLOGY)
    (found,) = raised.value.diagnostics
    assert found.code == "unknown-company"
    assert found.message == (
        "there is no file `Alibabba`, and the bundled datasets have no company `Alibabba`; did you mean `Alibaba`?"
    )


def test_a_mistyped_path_is_said_to_be_no_file() -> None:
    with pytest.raises(FactsError, match="there is no file `companies/acme`, and the bundled datasets have no company"):
        load_company("companies/acme", METHODOLOGY)


def test_an_empty_path_is_said_to_be_empty() -> None:
    with pytest.raises(FactsError) as raised:
        load_company("", METHODOLOGY)
    assert str(raised.value) == "<path>: error[unreadable-file]: the path of the company file is empty"


def test_a_missing_file_is_no_name() -> None:
    with pytest.raises(FactsError) as raised:
        load_company("gds.yaml", METHODOLOGY)
    assert [found.code for found in raised.value.diagnostics] == ["unreadable-file"]


def test_a_name_of_companies_in_two_datasets_is_refused_with_their_files() -> None:
    with pytest.raises(Rejected) as raised:
        company_file("example_marsh")
    (found,) = raised.value.diagnostics
    assert found.message.startswith("the bundled datasets have several companies `example_marsh`: ")
    assert "open_reading_rooms" in found.message
    assert "careful_water" in found.message


def test_a_name_is_looked_up_in_the_dataset_that_is_named() -> None:
    examples = DATASET.parent
    found = company_file("example_marsh", examples / "careful_water")
    assert found == examples / "careful_water" / "companies" / "example_marsh.yaml"


def test_files_without_an_id_and_files_that_cannot_be_read_have_no_name(tmp_path: Path) -> None:
    dataset = Path(shutil.copytree(DATASET, tmp_path / "dataset"))
    (dataset / "companies" / "broken.yaml").write_text("id: [", encoding="utf-8")
    (dataset / "companies" / "nameless.yaml").write_text("name: Nameless\n", encoding="utf-8")
    assert company_file("GDS", dataset).name == "gds.yaml"
    with pytest.raises(Rejected):
        company_file("Nameless", dataset)

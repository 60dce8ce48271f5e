"""Tests of workbooks and CSV files: there and back nothing is lost, or nothing is written."""

import csv
import io
import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from cleancloud_rules import Dataset, Methodology, company_from, dataset_from, load_dataset, load_methodology
from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.errors import OutputError
from cleancloud_rules.sheets.csv_files import sheet_of_text
from cleancloud_rules.sheets.export import csv_files_of, differences, template, workbook_of
from cleancloud_rules.sheets.load import dataset_of_sheets
from cleancloud_rules.sheets.workbook_reader import sheets_of_content
from cleancloud_rules.sheets.yaml_files import yaml_files_of
from cleancloud_rules.testing import companies, methodologies
from tests.support.places import ROOT
from tests.support.workbooks import content, dataset, rules

EXAMPLES = {
    "clean_cloud_2024": "clean_cloud_2024", "open_reading_rooms": "methodology", "mendable_tools": "methodology",
    "careful_water": "methodology", "two_editions": "first",
}  # fmt: skip
"""The datasets of the examples, each with its methodology: bundled, or a folder beside it."""


def example(name: str) -> tuple[Dataset, Methodology]:
    folder = ROOT / "examples" / name
    own = folder / EXAMPLES[name]
    methodology = load_methodology(own if own.is_dir() else EXAMPLES[name])
    return load_dataset(folder, methodology), methodology


def from_workbook(content: bytes, methodology: Methodology) -> Dataset:
    sheets = sheets_of_content(content, "a.xlsx")
    return dataset_of_sheets(sheets, methodology, "a.xlsx", "a", DiagnosticCollector()).dataset


def from_csv(texts: dict[str, str], methodology: Methodology) -> Dataset:
    sheets = [sheet_of_text(text, name, Path(name).stem) for name, text in texts.items()]
    return dataset_of_sheets(sheets, methodology, "csv", "a", DiagnosticCollector()).dataset


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_the_same_after_a_workbook_csv_and_yaml(name: str) -> None:
    whole, methodology = example(name)
    for back in (
        from_workbook(workbook_of(whole, methodology), methodology),
        from_csv(csv_files_of(whole, methodology), methodology),
        dataset_from(yaml_files_of(whole, methodology), methodology),
    ):
        assert [company.sha256 for company in back.companies] == [company.sha256 for company in whole.companies]
        assert differences(whole, back) == differences(back, whole) == []


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_generated_facts_are_the_same_after_a_workbook_csv_and_yaml(data: st.DataObject) -> None:
    methodology = data.draw(methodologies())
    whole = Dataset("Generated", methodology.id, (data.draw(companies(methodology)),))
    assert from_workbook(workbook_of(whole, methodology), methodology).companies == whole.companies
    assert from_csv(csv_files_of(whole, methodology), methodology).companies == whole.companies
    assert dataset_from(yaml_files_of(whole, methodology), methodology).companies == whole.companies


def test_equal_datasets_give_equal_bytes() -> None:
    assert workbook_of(dataset(2), rules()) == workbook_of(dataset(2), rules()) == content(2)
    assert template(rules()) == template(rules())
    with zipfile.ZipFile(BytesIO(content(2))) as parts:
        assert b"2024-01-01T00:00:00Z" in parts.read("docProps/core.xml")


ODD_TEXTS = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\t=x",
    "'=x",
    "''=x",
    "'x",
    "a\nb",
    'a "b", c',
    "_x0041_",
    "腾讯",
    "a\r\nb",
    "(a)",
    "1.0",
]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_a_text_is_kept_whatever_a_spreadsheet_would_take_it_for(text: str) -> None:
    fact = {"energy": {"amount": "1 GWh", "region": text.strip()}, "source": "rulebook", "note": text.strip()}
    own = company_from({"id": "acme", "name": text.strip(), "facts": [fact]}, rules())
    whole = Dataset("Odd", "demo", (own,))
    assert from_workbook(workbook_of(whole, rules()), rules()).companies == (own,)
    assert from_csv(csv_files_of(whole, rules()), rules()).companies == (own,)
    assert dataset_from(yaml_files_of(whole, rules()), rules()).companies == (own,)


def test_no_cell_of_facts_is_a_formula() -> None:
    own = company_from({"id": "acme", "name": "=HYPERLINK(1)", "aliases": ["@x", "-y"]}, rules())
    whole = Dataset("+1", "demo", (own,))
    with zipfile.ZipFile(BytesIO(workbook_of(whole, rules()))) as parts:
        hidden = load_workbook(BytesIO(workbook_of(whole, rules()))).sheetnames.index("_lists") + 1
        sheets = [name for name in parts.namelist() if re.search(r"sheet\d+\.xml$", name)]
        assert {name for name in sheets if b"<f>" in parts.read(name)} == {f"xl/worksheets/sheet{hidden}.xml"}
    texts = csv_files_of(whole, rules())
    values = [cell for text in texts.values() for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert "'=HYPERLINK(1)" in values
    assert not [cell for cell in values if cell.lstrip().startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"name": " Acme "}, "`acme`"),
        ({"aliases": ["a; b"]}, "`acme`"),
        ({"facts": [{"energy": {"amount": "1 GWh", "region": "(disclosed)"}}]}, "`acme: energy-"),
        ({"facts": [{"energy": {"amount": "1 GWh", "region": "x" * 40_000}}]}, "`acme: energy-"),
    ],
    ids=["spaces", "semicolon", "sign", "length"],
)
def test_what_a_workbook_cannot_keep_is_refused(change: dict[str, object], lost: str) -> None:
    own = company_from({"id": "acme", "name": "Acme", **change}, rules())
    with pytest.raises(OutputError, match="nothing is written: the workbook does not keep ") as caught:
        workbook_of(Dataset("Odd", "demo", (own,)), rules())
    assert lost in str(caught.value)


def test_sources_that_company_files_list_become_those_of_the_dataset() -> None:
    whole = dataset_from(
        {
            "dataset.yaml": "{title: Own, methodology: demo, companies: a.yaml}",
            "a.yaml": "{id: a, name: A, sources: {own: {type: report}}, facts: [{share: {percent: 3}, source: own}]}",
        },
        rules(),
    )
    back = from_workbook(workbook_of(whole, rules()), rules())
    assert back.companies == whole.companies
    assert [source.id for source in back.bibliography] == ["own"]


def test_a_cut_off_and_texts_of_the_dataset_are_kept() -> None:
    text = "Two lines:\n\n- one\n- two"
    whole = evolve(
        dataset(), as_of=load_dataset(ROOT / "examples" / "careful_water", example("careful_water")[1]).as_of
    )
    whole = evolve(whole, description=text, selection="All.")
    for back in (from_workbook(workbook_of(whole, rules()), rules()), from_csv(csv_files_of(whole, rules()), rules())):
        assert (back.as_of, back.description, back.selection) == (whole.as_of, text, "All.")


def test_a_template_has_drop_downs_comments_frozen_heads_and_texts() -> None:
    book = load_workbook(BytesIO(template(rules())))
    assert book.sheetnames[0] == "Read me"
    assert [cell.value for cell in book["Read me"]["A"][:2]] == [f"Facts for {rules().title}, edition 2024", ""]
    assert book["_lists"].sheet_state == "hidden"
    sheet = book["share"]
    assert [cell.value for cell in sheet[1]][:3] == ["company", "percent", "denominator"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:J2")
    lists = {str(each.sqref).split(":")[0]: each.formula1 for each in sheet.data_validations.dataValidation}
    assert lists["A2"] == "'companies'!$A$2:$A$501"
    assert set(lists) == {"A2", "C2", "F2", "G2"}
    comment = sheet["B1"].comment
    assert comment is not None
    assert "Must be: [0..100]" in comment.text
    assert sheet.column_dimensions["B"].number_format == "@" or sheet["B2"].number_format == "@"


def test_a_printed_sheet_has_all_its_columns_beside_each_other() -> None:
    book = load_workbook(BytesIO(template(rules())))
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    setups = {(sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight)
              for sheet in shown}  # fmt: skip
    assert setups == {("landscape", None, 0)}
    assert all((scaled := sheet.sheet_properties.pageSetUpPr) and scaled.fitToPage for sheet in shown)
    assert {sheet.print_title_rows for sheet in shown[1:]} == {"$1:$1"}


def test_a_template_is_an_empty_dataset() -> None:
    back = from_workbook(template(rules()), rules())
    assert (back.title, back.methodology, back.companies) == ("Facts for Demonstration", "demo", ())


def test_the_template_of_a_questionnaire_has_companies_down_and_questions_across() -> None:
    _, methodology = example("mendable_tools")
    book = load_workbook(BytesIO(template(methodology)))
    heads = [cell.value for cell in book["answers"][1]]
    assert heads[0] == "company"
    assert {"drawing", "screws"} <= set(heads)
    head = book["answers"].cell(1, heads.index("drawing") + 1)
    assert head.comment is not None
    assert head.comment.text.startswith("Is there a drawing of all parts with their numbers?\n")

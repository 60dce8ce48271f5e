"""Tests of wide tables: a row for each company, and columns whose meaning `tables.yaml` declares."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from cleancloud_rules import Diagnostic, FactsError, company_from
from cleancloud_rules.sheets.load import load_sheets
from tests.support.places import edit
from tests.support.workbooks import rules

TABLES = """\
tables:
  - file: survey.xlsx
    sheet: Answers
    company: Company
    unread: [Remarks]
    defaults: {source: survey, basis: reported, period: 2023, locator: "Answers, column {column}"}
    columns:
      Share 2023: {fact: share, field: percent, set: {denominator: energy}}
      Share 2022: {fact: share, field: percent, period: 2022, note: Restated.}
      Is it public?: {fact: commitment, field: public, set: {topic: renewable_energy}, no_is: not_found}
"""
HEADS = ["Company", "Share 2023", "Share 2022", "Is it public?", "Remarks"]
ROWS: list[list[Any]] = [
    ["Acme Cloud", "12.5%", "10%", "yes", "=1"],
    ["beta", ">30", None, "no", None],
    ["B2", None, "(disclosed)", None, None],
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "tables.yaml").write_text(TABLES, encoding="utf-8")
    book = Workbook()
    sheets: dict[str, list[list[Any]]] = {
        "Answers": [HEADS, *ROWS],
        "companies": [["id", "name", "aliases"], ["acme", "Acme Cloud"], ["beta", "Beta", "B2"]],
        "sources": [["id", "type"], ["survey", "report"]],
        "Notes": [["whatever"]],
    }
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in sheet.iter_rows():
            for cell in cells:
                if isinstance(cell.value, str):
                    cell.data_type = "s"
    del book["Sheet"]
    book.save(tmp_path / "survey.xlsx")
    return tmp_path


def fact(values: dict[str, Any], column: str, **beside: Any) -> dict[str, Any]:
    return {**values, "source": "survey", "period": 2023, "locator": f"Answers, column {column}", **beside}


def test_each_cell_is_a_fact_with_what_its_column_and_its_table_say(folder: Path) -> None:
    sources = {"survey": {"type": "report"}}
    public = {"topic": "renewable_energy", "public": True}
    acme = [
        fact({"share": {"percent": 12.5, "denominator": "energy"}}, "Share 2023"),
        fact({"share": {"percent": 10}}, "Share 2022", period=2022, note="Restated."),
        fact({"commitment": public}, "Is it public?"),
    ]
    beta = [
        fact({"share": {"percent": {"more_than": 30}, "denominator": "energy"}}, "Share 2023"),
        fact({"share": {}, "disclosed": ["percent"]}, "Share 2022", period=2022, note="Restated."),
    ]
    missing = {"commitment": {**public, "public": True}, "source": "survey", "locator": "Answers, column Is it public?"}
    for path in (folder, folder / "tables.yaml"):
        found = load_sheets(path, rules())
        assert found.warnings == ()
        assert found.dataset.companies == (
            company_from({"id": "acme", "name": "Acme Cloud", "facts": acme}, rules(), sources=sources),
            company_from(
                {"id": "beta", "name": "Beta", "aliases": ["B2"], "facts": beta, "not_found": [missing]},
                rules(),
                sources=sources,
            ),
        )


@pytest.mark.parametrize(("no_is", "facts", "searches"), [("fact", 1, 0), ("nothing", 0, 0), ("not_found", 0, 1)])
def test_a_no_means_what_is_declared(folder: Path, no_is: str, facts: int, searches: int) -> None:
    edit(folder / "tables.yaml", "no_is: not_found", f"no_is: {no_is}")
    beta = load_sheets(folder, rules()).dataset.company("beta")
    assert len([fact for fact in beta.facts if fact.type == "commitment"]) == facts
    assert len(beta.not_found) == searches


def test_a_wide_table_may_be_csv(folder: Path) -> None:
    expected = load_sheets(folder, rules()).dataset.companies
    edit(folder / "tables.yaml", "survey.xlsx\n    sheet: Answers", "survey.csv")
    rows = [HEADS, *([cell or "" for cell in row] for row in ROWS)]
    (folder / "survey.csv").write_text("".join(",".join(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "companies.csv").write_text("id,name,aliases\nacme,Acme Cloud,\nbeta,Beta,B2\n", encoding="utf-8")
    (folder / "sources.csv").write_text("id,type\nsurvey,report\n", encoding="utf-8")
    assert load_sheets(folder, rules()).dataset.companies == expected


def test_a_column_that_nobody_declared_is_a_warning(folder: Path) -> None:
    edit(folder / "tables.yaml", "    unread: [Remarks]\n", "")
    (found,) = load_sheets(folder, rules()).warnings
    assert (found.code, str(found.location)) == (
        "unread-column", f"{folder / 'survey.xlsx'}: Sheet `Answers` cell E1"
    )  # fmt: skip


def in_sheet(name: str, value: Any) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        book = load_workbook(folder / "survey.xlsx")
        book["Answers"][name] = value
        book.save(folder / "survey.xlsx")

    return change


def in_file(old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: edit(folder / "tables.yaml", old, new)


MISTAKES: dict[str, tuple[Callable[[Path], None], str, str, str]] = {
    "a wrong value": (in_sheet("B2", "15,43"), "Sheet `Answers` cell B2", "wrong-type", "15.43"),
    "an unknown company": (in_sheet("A2", "Acme Clod"), "Sheet `Answers` cell A2", "unknown-company", "`Acme Cloud`"),
    "a row without a company": (in_sheet("A2", None), "Sheet `Answers` cell A2", "missing-key", ""),
    "an unknown column": (in_file("Share 2022:", "Shares 2022:"), "tables.yaml:9:7", "missing-column", "`Share 2022`"),
    "an unknown column of companies": (in_file("y: Comp", "y: Cmp"), "tables.yaml:4:14", "missing-column", ""),
    "an unknown sheet": (in_file("sheet: Answers", "sheet: Answer"), "tables.yaml:3:12", "missing-sheet", "`Answers`"),
    "an unknown file": (in_file("survey.xlsx", "surveys.xlsx"), "tables.yaml:2:11", "missing-file", ""),
    "a file outside": (in_file("survey.xlsx", "../a.xlsx"), "tables.yaml:2:11", "outside-dataset", ""),
    "no sheet": (in_file("    sheet: Answers\n", ""), "tables.yaml:2:5", "missing-key", ""),
    "an unknown kind of fact": (in_file("commitment", "comitment"), "tables.yaml:10:29", "unknown-fact-type", ""),
    "an unknown field": (in_file("field: public", "field: pubic"), "tables.yaml:10:48", "unknown-field", "`public`"),
    "an unknown key": (in_file("no_is", "no_iss"), "tables.yaml:10:88", "unknown-key", "`no_is`"),
    "no for a number": (in_file("note: Restated.", "no_is: nothing"), "tables.yaml:9:63", "misplaced-key", ""),
    "an unknown source": (in_file("source: survey", "source: survy"), "tables.yaml:6:24", "unknown-source", "`survey`"),
    "a wrong name": (in_file("r: energy", "r: enrgy"), "tables.yaml:8:68", "unknown-value", "`energy`"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_reported_once_at_its_place(folder: Path, name: str) -> None:
    change, place, code, help = MISTAKES[name]
    change(folder)
    found = rejected(folder)
    assert [
        (str(each.location).removeprefix(f"{folder}/").removeprefix("survey.xlsx: "), each.code) for each in found
    ] == [(place, code)]
    assert help in found[0].help


def test_a_mistake_in_the_file_hides_no_other(folder: Path) -> None:
    file = folder / "tables.yaml"
    edit(file, "unread:", "unreed:")
    edit(file, "field: percent, set: {denominator: energy}", "feld: percent")
    edit(file, "field: percent, period: 2022, note: Restated.", "field: percnt, perid: 2022")
    edit(file, "fact: commitment", "fact: comitment")
    in_sheet("A3", "bta")(folder)
    assert {(each.location.line, each.location.column, each.code) for each in rejected(folder)} == {
        (5, 5, "unknown-key"), (8, 33, "unknown-key"), (9, 40, "unknown-field"), (9, 48, "unknown-key"),
        (10, 29, "unknown-fact-type"), (0, 0, "unknown-company"),
    }  # fmt: skip


def test_the_cells_of_a_column_with_a_mistake_are_checked_too(folder: Path) -> None:
    edit(folder / "tables.yaml", "set: {denominator", "st: {denominator")
    in_sheet("B2", "15,43%")(folder)
    assert {(str(each.location)[-2:], each.code) for each in rejected(folder)} == {
        ("49", "unknown-key"), ("B2", "wrong-type"),
    }  # fmt: skip


def test_the_cells_of_a_column_with_a_mistake_do_not_lack_what_it_would_say(folder: Path) -> None:
    edit(folder / "tables.yaml", "set: {topic", "st: {topic")
    assert [each.code for each in rejected(folder)] == ["unknown-key"]


def test_a_table_without_its_file_is_checked_all_the_same(folder: Path) -> None:
    edit(folder / "tables.yaml", "file: survey", "fil: survey")
    edit(folder / "tables.yaml", "fact: commitment", "fact: comitment")
    found = [each.code for each in rejected(folder)]
    assert found == ["unknown-key", "unknown-fact-type"]


def rejected(folder: Path) -> tuple[Diagnostic, ...]:
    with pytest.raises(FactsError) as caught:
        load_sheets(folder, rules())
    return caught.value.diagnostics

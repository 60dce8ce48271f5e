"""Tests of tables as CSV: every cell has its place, and no text is taken for a formula."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules import Diagnostic, FactsError
from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.sheets.csv_files import csv_text, guarded, sheet_of_text, unguarded
from cleancloud_rules.sheets.export import csv_files_of
from cleancloud_rules.sheets.load import load_sheets
from tests.support.places import edit
from tests.support.workbooks import dataset, rules

TEXTS = st.text(st.sampled_from(list("a,\"'=\n\r;|\u2028 é")), max_size=6)


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_what_is_written_is_what_other_readers_of_csv_read(rows: list[list[str]]) -> None:
    text = csv_text(rows)
    written = [[guarded(cell) for cell in row] if row != [""] else [] for row in rows]  # an empty line has no cell
    assert list(csv.reader(io.StringIO(text, newline=""))) == written


@given(st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_every_cell_that_is_not_blank_is_read_back(rows: list[list[str]]) -> None:
    text = csv_text([["x"], *rows])
    sheet = sheet_of_text(text, "a.csv", "a")
    found = {(row.number, n): cell.value for row in sheet.rows for n, cell in row.cells}
    assert found == {
        (number, n): cell for number, row in enumerate(rows, 2) for n, cell in enumerate(row) if cell.strip()
    }


@given(TEXTS)
def test_a_guard_is_taken_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_the_place_of_a_cell_is_its_text_in_the_file() -> None:
    sheet = sheet_of_text('a,b\r\n"two\nlines",3\r\n4,"x ""y"""', "a.csv", "a")
    places = [str(cell.location) for row in sheet.rows for _, cell in row.cells]
    assert places == ["a.csv:2:1", "a.csv:3:8", "a.csv:4:1", "a.csv:4:3"]
    assert [cell.location.text for row in sheet.rows for _, cell in row.cells] == ['"two', "3", "4", '"x ""y"""']


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('a,b\n"open', "a.csv:2:1", "this line is not CSV"),
        ('a,b\n1,x"y"', "a.csv:2:1", "this line is not CSV"),
        ("a;b\n1;2", "a.csv:1:1", "separated by semicolons"),
        ("a;b\n1;2,5", "a.csv:1:1", "separated by semicolons"),
        ("a;b", "a.csv:1:1", "separated by semicolons"),
    ],
)
def test_what_is_no_csv_is_refused(text: str, place: str, words: str) -> None:
    with pytest.raises(Rejected) as caught:
        sheet_of_text(text, "a.csv", "a")
    (found,) = caught.value.diagnostics
    assert (str(found.location), found.code) == (place, "bad-table")
    assert words in found.message


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in csv_files_of(dataset(2), rules()).items():
        (tmp_path / name).write_bytes(text.encode())
    return tmp_path


def rejected(path: Path) -> tuple[Diagnostic, ...]:
    with pytest.raises(FactsError) as caught:
        load_sheets(path, rules())
    return caught.value.diagnostics


def test_a_title_with_a_semicolon_is_a_title(folder: Path) -> None:
    file = folder / "companies.csv"
    file.write_text("Energy; water\n" + file.read_text())
    assert [(str(one.location), one.code) for one in rejected(folder)] == [(f"{file}:2:1", "misplaced-heads")]


def test_a_folder_and_a_file_of_facts_are_read(folder: Path) -> None:
    assert load_sheets(folder, rules()).dataset.companies == dataset(2).companies
    (folder / "facts.csv").rename(folder / "mine.csv")
    assert load_sheets(folder / "mine.csv", rules()).dataset.companies == dataset(2).companies


def test_endings_of_names_have_letters_of_any_case(folder: Path) -> None:
    for file in list(folder.glob("*.csv")):
        file.rename(file.with_suffix(".CSV"))
    assert load_sheets(folder, rules()).dataset.companies == dataset(2).companies


def test_a_byte_order_mark_and_results_are_passed_over(folder: Path) -> None:
    (folder / "ranking.csv").write_text("company\nc001\n", encoding="utf-8")
    facts = (folder / "facts.csv").read_bytes()
    (folder / "facts.csv").write_bytes(b"\xef\xbb\xbf" + facts)
    assert load_sheets(folder, rules()).dataset.companies == dataset(2).companies


def test_a_mistake_is_reported_at_its_line_and_underlined(folder: Path) -> None:
    facts = (folder / "facts.csv").read_bytes().decode()
    edit(folder / "companies.csv", "c002,Company 2,cloud", "c002,Company 2,clud")
    (folder / "facts.csv").write_bytes(facts.replace("12.5%", "12.555%", 1).encode())
    cohort, percent = rejected(folder)
    assert str(cohort.location) == f"{folder / 'companies.csv'}:3:16"
    assert (percent.code, percent.location.text) == ("too-many-digits", "12.555%")


def test_a_cell_in_the_column_of_another_kind_of_fact_is_refused(folder: Path) -> None:
    facts = (folder / "facts.csv").read_bytes().decode()
    (folder / "facts.csv").write_bytes(facts.replace("12.5%,electricity", "12.5%,electricity", 1).replace(
        "c001,share,,", "c001,share,carbon_neutrality,", 1).encode())  # fmt: skip
    (found,) = rejected(folder)
    assert (found.code, found.message) == ("unknown-field", "fact type `share` has no field `topic`")
    assert found.location.text == "carbon_neutrality"


def test_a_kind_of_fact_needs_its_values_in_a_long_table_too(folder: Path) -> None:
    facts = (folder / "facts.csv").read_bytes().decode()
    (folder / "facts.csv").write_bytes(facts.replace("12.5%", "", 1).encode())
    (found,) = rejected(folder)
    assert (found.code, found.message) == ("missing-key", "`share` needs `percent`")
    assert found.location.line == facts[: facts.index("12.5%")].count("\n") + 1


def test_a_file_in_another_encoding_is_refused(folder: Path) -> None:
    (folder / "companies.csv").write_bytes("id,name\nc001,Bücher\n".encode("cp1252"))
    assert "not-utf-8" in {found.code for found in rejected(folder)}


def test_a_table_of_an_unknown_kind_is_refused(folder: Path) -> None:
    (folder / "shares.csv").write_text("company\n", encoding="utf-8")
    (found,) = rejected(folder)
    assert (found.code, found.help) == ("unknown-sheet", "did you mean `share`?")

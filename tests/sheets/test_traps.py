"""What spreadsheets and their users do to facts: read as it was meant, or refused at its cell. Nothing is guessed."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl.styles import Alignment

from cleancloud_rules import Diagnostic
from cleancloud_rules.model import Interval
from cleancloud_rules.sheets import workbook_reader
from cleancloud_rules.sheets.load import SheetsRead
from tests.support.workbooks import Edit, cells, content, dataset, edited, place, read, rejected

MIDNIGHT, NOON = (datetime(2022, 5, 1, hour) for hour in (0, 12))  # noqa: DTZ001 - spreadsheets have no time zones

READ: dict[str, tuple[str, Any, Any]] = {
    "a percentage with its sign": ("share!B2", "15.43%", Decimal("15.43")),
    "a percentage above one without its sign": ("share!B2", "15.43", Decimal("15.43")),
    "a number in a column of percentages": ("share!B2", (15.43, "General"), Decimal("15.43")),
    "a number that is shown as a percentage": ("share!B2", (0.1543, "0.00%"), Decimal("15.43")),
    "a number that is shown as a whole percentage": ("share!B2", (1, "0%"), Decimal(100)),
    "a number with an error of binary fractions": ("share!B2", (30.000000000000004, "General"), Decimal(30)),
    "a small percentage with its sign": ("share!B2", "0.15%", Decimal("0.15")),
    "nothing at all": ("share!B2", (0, "General"), Decimal(0)),
    "more than": ("share!B2", ">38", Interval(low=Decimal(38), low_open=True)),
    "more than, in full width": ("share!B2", "＞38％", Interval(low=Decimal(38), low_open=True)),
    "at most, as one sign": ("share!B2", "≤ 38%", Interval(high=Decimal(38))),
    "a range with a dash": ("share!B2", "38-40", Interval(Decimal(38), Decimal(40))),
    "a range with a longer dash": ("share!B2", "38% – 40%", Interval(Decimal(38), Decimal(40))),
    "a range with dots": ("share!B2", "38..40", Interval(Decimal(38), Decimal(40))),
    "a range in brackets": ("share!B2", "[38% .. 40%]", Interval(Decimal(38), Decimal(40))),
    "a range without its ends": ("share!B2", "(38..40)", Interval(Decimal(38), Decimal(40), True, True)),
    "years without the last one": ("commitment!D2", "[2025..2030)", Interval(2025, 2029)),
    "a range of quantities in brackets": ("energy!B2", "(1.3..1.5 TWh]", Interval(Decimal(1300), Decimal(1500), True)),
    "a range in words": ("share!B2", "38 to 40", Interval(Decimal(38), Decimal(40))),
    "both ends of a bound": ("share!B2", ">38 and <=40", Interval(Decimal(38), Decimal(40), low_open=True)),
    "spaces around a name": ("share!C2", " electricity\u00a0", "electricity"),
    "names with commas between them": ("commitment!C2", "scope_1, scope_3", frozenset({"scope_1", "scope_3"})),
    "names with other signs": ("commitment!C2", "scope_1、scope_3；", frozenset({"scope_1", "scope_3"})),
    "a year as a number": ("commitment!D2", (2030, "General"), 2030),
    "a year at the earliest": ("commitment!D2", ">=2040", Interval(low=2040)),
    "years with a dash": ("commitment!D2", "2025-2030", Interval(2025, 2030)),
    "a day as a date": ("commitment!E2", (date(2022, 5, 1), "yyyy-mm-dd"), date(2022, 5, 1)),
    "a day as the midnight of it": ("commitment!E2", (MIDNIGHT, "yyyy-mm-dd"), date(2022, 5, 1)),
    "days": ("commitment!E2", "2022-05-01 to 2022-06-01", Interval(date(2022, 5, 1), date(2022, 6, 1))),
    "yes": ("commitment!F2", "Yes", True),
    "no as a truth value": ("commitment!F2", (False, "General"), False),
    "a quantity": ("energy!B2", "1.61 TWh", Decimal(1610)),
    "a quantity with thousands": ("energy!B2", "1,300,000 MWh", Decimal(1300)),
    "a quantity with one comma": ("energy!B2", "1,300 GWh", Decimal(1300)),
    "a bound with one comma": ("energy!B2", "> 1,300 GWh", Interval(low=Decimal(1300), low_open=True)),
    "a range with commas": ("energy!B2", "1,300 to 1,500 GWh", Interval(Decimal(1300), Decimal(1500))),
    "a bound of a quantity": ("energy!B2", ">1.3 TWh", Interval(low=Decimal(1300), low_open=True)),
    "a range of quantities with one unit": ("energy!B2", "1.3-1.5 TWh", Interval(Decimal(1300), Decimal(1500))),
    "a number in a column of texts": ("energy!C2", (7, "General"), "7"),
    "a text that looks like a formula": ("energy!C2", "=1+1", "=1+1"),
    "a text of several lines": ("energy!C2", "a\nb", "a\nb"),
}  # fmt: skip
"""What stands in a cell, and the value that is read from it."""

_FACTS = ("commitment", "energy", "share", "not_found")
_COLUMNS = {
    "share!B": "percent", "share!C": "denominator", "commitment!C": "scopes", "commitment!D": "target_year",
    "commitment!E": "announced", "commitment!F": "public", "energy!B": "amount", "energy!C": "region",
}  # fmt: skip


@cache
def facts_read() -> SheetsRead:
    """Return what a workbook holds in which each case has a company, and so a row, of its own."""
    with TemporaryDirectory() as folder:
        planted = {_in_row(where, number): written for number, (where, written, _) in enumerate(READ.values(), 2)}
        return read(edited(Path(folder) / "a.xlsx", cells(planted), len(READ)))


def _in_row(where: str, number: int) -> str:
    """Return the cell of a column in another row."""
    return f"{where[:-1]}{number}"


@pytest.mark.parametrize("name", READ)
def test_a_cell_is_read_as_it_was_meant(name: str) -> None:
    where, _, meant = READ[name]
    company = facts_read().dataset.company(f"c{list(READ).index(name) + 1:03}")
    (fact,) = [fact for fact in company.facts if fact.type == where.split("!")[0]]
    value = fact.get(_COLUMNS[where[:-1]])
    assert (value, type(value)) == (meant, type(meant))


def test_what_is_read_as_it_was_meant_has_no_warnings() -> None:
    assert facts_read().warnings == ()


def test_a_value_that_was_disclosed_has_a_sign_of_its_own(tmp_path: Path) -> None:
    found = read(edited(tmp_path / "a.xlsx", cells({"share!B2": "(disclosed)", "commitment!B2": "(disclosed)"})))
    facts = {fact.type: fact.disclosed for fact in found.dataset.companies[0].facts}
    assert facts == {"share": ("percent",), "commitment": ("topic",), "energy": ()}


def test_an_empty_cell_says_nothing(tmp_path: Path) -> None:
    found = read(edited(tmp_path / "a.xlsx", cells({"commitment!F2": None, "commitment!C2": "  "})))
    (fact,) = [fact for fact in found.dataset.companies[0].facts if fact.type == "commitment"]
    assert {name for name, _ in fact.values.items()} == {"topic", "target_year", "announced"}


REFUSED: dict[str, tuple[str, Any, str, str]] = {
    "a share of one": ("share!B2", (0.15, "General"), "ambiguous-percent", "write `15%` or `0.15%`"),
    "a share of one as text": ("share!B2", "0.15", "ambiguous-percent", "write `15%` or `0.15%`"),
    "a share of one in a bound": ("share!B2", ">0.15", "ambiguous-percent", "write `15%` or `0.15%`"),
    "the whole": ("share!B2", (1, "General"), "ambiguous-percent", "write `100%` or `1%`"),
    "a decimal comma": ("share!B2", "15,43", "wrong-type", "write the number with a decimal point"),
    "thousands that may be a decimal comma": ("energy!D2", "1,300", "wrong-type", ""),
    "a quantity with thousands and without its unit": ("energy!B2", "1,300", "wrong-type", "without commas"),
    "a quantity with a decimal comma": ("energy!B2", "1,5 TWh", "wrong-type", "1.5"),
    "a quantity with a decimal comma and a zero before it": ("energy!B2", "0,300 TWh", "wrong-type", "0.300"),
    "a quantity with a comma after four digits": ("energy!B2", "1300,500 MWh", "wrong-type", ""),
    "a percentage of what is none": ("energy!D2", (0.5, "0%"), "wrong-type", "format the cell as text"),
    "a day in place of a period": ("share!D2", (date(2023, 1, 1), "yyyy"), "date-cell", "format the cell as text"),
    "a day in place of a range": ("share!B2", (date(2024, 3, 8), "d-mmm"), "date-cell", "format the cell as text"),
    "a day in place of a year": ("commitment!D2", (date(2030, 1, 1), "yyyy"), "date-cell", "format the cell as text"),
    "the number of a day in place of a period": ("share!D2", (45261, "General"), "bad-date", ""),
    "a period with a word": ("share!D2", "2030年", "wrong-type", ""),
    "a year with a fraction": ("commitment!D2", (2030.5, "General"), "wrong-type", ""),
    "a time in place of a day": ("commitment!E2", (NOON, "yyyy-mm-dd hh:mm"), "wrong-type", "as text"),
    "a day that does not exist": ("commitment!E2", "2022-02-30", "bad-date", ""),
    "a formula": ("share!B2", ("=10+2", "General"), "formula-cell", "paste its value"),
    "a formula of a column of texts": ("energy!C2", ("=A1", "General"), "formula-cell", "paste its value"),
    "an error": ("share!B2", ("#DIV/0!", "General"), "error-cell", "write the value"),
    "an unknown name": ("share!C2", "electrcity", "unknown-value", "did you mean `electricity`?"),
    "an unknown name of several": ("commitment!C2", "scope_1, scope_4", "unknown-value", "scope_"),
    "an unknown company": ("share!A2", "c00l", "unknown-company", "did you mean `c0"),
    "the name of a company": ("share!A2", "Company 1", "unknown-company", "its id is `c001`"),
    "an unknown source": ("share!G2", "reprot", "unknown-source", "did you mean `report`?"),
    "an unknown basis": ("share!F2", "repotred", "unknown-value", "did you mean `reported`?"),
    "no company": ("share!A2", None, "missing-key", ""),
    "no source": ("share!G2", None, "missing-key", "write `(none)`"),
    "no basis": ("share!F2", None, "missing-key", ""),
    "no value": ("share!B2", None, "missing-key", "(disclosed)"),
    "a value beyond its range": ("share!B2", "120%", "out-of-range", ""),
    "too many decimal places": ("share!B2", "12.345%", "too-many-digits", ""),
    "too many digits for a spreadsheet": ("energy!C2", (12345678901234567, "General"), "too-many-digits", "as text"),
    "about a number": ("share!B2", "~15%", "wrong-type", ""),
    "two lower ends": ("share!B2", ">10 >20", "bad-bound", "10 to 20"),
    "ends in the wrong order": ("share!B2", "40 to 38", "bad-bound", ""),
    "a bracket that is missing": ("share!B2", "[38..40", "wrong-type", ""),
    "a quantity without its unit": ("energy!B2", (1610, "General"), "wrong-type", "name the unit: `1610 GWh`"),
    "a quantity in another dimension": ("energy!B2", "16 kg", "wrong-dimension", ""),
    "a word in place of yes or no": ("commitment!F2", "maybe", "wrong-type", ""),
    "a number in place of yes or no": ("commitment!F2", (1, "General"), "wrong-type", ""),
    "a number that loses its zeros in a column of texts": ("share!H2", (12.1, "General"), "wrong-type", "as text"),
    "a truth value in a column of texts": ("share!H2", (True, "General"), "wrong-type", "as text"),
    "a test that is no YAML": ("not_found!C2", "topic: [a", "yaml-syntax", ""),
    "a test of an unknown field": ("not_found!C2", "topc: carbon_neutrality", "unknown-field", "did you mean `topic`?"),
    "an unknown kind of fact": ("not_found!B2", "comitment", "unknown-fact-type", "did you mean `commitment`?"),
    "an unknown cohort": ("companies!C2", "clouds", "unknown-cohort", "did you mean `cloud`?"),
    "an id with a space": ("sources!A3", "a report", "bad-id", ""),
    "an unknown type of source": ("sources!B2", "reprt", "unknown-value", "did you mean `report`?"),
    "a footnote that is no number": ("sources!I2", "3, x", "wrong-type", ""),
    "an unknown key of the dataset": ("dataset!A2", "titel", "unknown-key", "did you mean `title`?"),
    "an unknown column": ("share!C1", "denominatr", "unknown-column", "did you mean `denominator`?"),
    "a doubled column": ("share!I1", "note", "repeated-key", "keep one"),
}  # fmt: skip
"""What stands in a cell, the code with which it is refused at this cell, and words of the help."""


IN_ROWS = {name: case for name, case in REFUSED.items() if case[0][-1] == "2" and case[0].split("!")[0] in _FACTS}
"""The cases in rows of facts and searches: each can stand in the row of a company of its own."""

ALONE = {name: case for name, case in REFUSED.items() if name not in IN_ROWS}


@cache
def refused() -> tuple[Diagnostic, ...]:
    """Return the diagnostics of a workbook in which each case has a company, and so a row, of its own."""
    with TemporaryDirectory() as folder:
        planted = {_in_row(where, number): written for number, (where, written, *_) in enumerate(IN_ROWS.values(), 2)}
        return rejected(edited(Path(folder) / "a.xlsx", cells(planted), len(IN_ROWS)))


@pytest.mark.parametrize("name", IN_ROWS)
def test_a_cell_that_is_not_sure_to_be_meant_is_refused_at_its_place(name: str) -> None:
    where, _, code, help = IN_ROWS[name]
    own = _in_row(where, list(IN_ROWS).index(name) + 2)
    (found,) = [diagnostic for diagnostic in refused() if place(diagnostic) == own]
    assert found.code == code
    assert help in found.help
    assert str(found.location).endswith("a.xlsx: Sheet `{}` cell {}".format(*own.split("!")))


def test_a_message_quotes_the_cell_as_it_is_written() -> None:
    (found,) = [diagnostic for diagnostic in refused() if "15%" in diagnostic.message and "~" in diagnostic.message]
    assert found.message == "expected a number, got `~15%`"


def test_all_mistakes_are_reported_at_once_and_nothing_else() -> None:
    assert len(refused()) == len(IN_ROWS)


def test_a_hundred_mistakes_are_reported_at_their_hundred_cells_and_nowhere_else(tmp_path: Path) -> None:
    kinds = list(IN_ROWS.values())
    planted = {}
    for number in range(100):
        where, written, *_ = kinds[(number * 7) % len(kinds)]
        planted[_in_row(where, number + 2)] = written
    found = rejected(edited(tmp_path / "a.xlsx", cells(planted), 100))
    assert sorted(map(place, found)) == sorted(planted)


@pytest.mark.parametrize("name", ALONE)
def test_a_cell_of_another_sheet_is_refused_at_its_place(tmp_path: Path, name: str) -> None:
    where, written, code, help = ALONE[name]
    more = {"sources!B3": "report"} if where == "sources!A3" else {}
    (found,) = rejected(edited(tmp_path / "a.xlsx", cells({where: written, **more})))
    at = "share!J1" if name == "a doubled column" else where
    assert (place(found), found.code) == (at, code)
    assert help in found.help


def test_every_mistake_in_a_row_is_reported_also_where_its_id_is_wrong(tmp_path: Path) -> None:
    wrong = {
        "companies!A3": "c001", "companies!C3": "clouds", "sources!A3": "a report", "sources!B3": "reprt",
        "sources!E3": "31.12.2023", "sources!A4": "report", "sources!B4": "report", "sources!E4": "2024-13-01",
        "sources!B5": "report", "sources!I5": "3-5", "share!G2": "nobody",
    }  # fmt: skip
    found = {(place(one), one.code) for one in rejected(edited(tmp_path / "a.xlsx", cells(wrong), 2))}
    assert found == {
        ("companies!A3", "repeated-id"), ("companies!C3", "unknown-cohort"), ("sources!A3", "bad-id"),
        ("sources!B3", "unknown-value"), ("sources!E3", "wrong-type"), ("sources!A4", "repeated-id"),
        ("sources!E4", "bad-date"), ("sources!A5", "missing-key"), ("sources!I5", "wrong-type"),
        ("share!G2", "unknown-source"),
        *((f"{sheet}!A3", "unknown-company") for sheet in _FACTS),
    }  # fmt: skip


@pytest.mark.parametrize("written", [" (none)", "(None) ", "（none）"])
def test_a_word_in_parentheses_is_read_in_any_letters_and_with_spaces(tmp_path: Path, written: str) -> None:
    (company,) = read(edited(tmp_path / "a.xlsx", cells({"share!G2": written}))).dataset.companies
    assert next(fact for fact in company.facts if fact.type == "share").source is None


@pytest.mark.parametrize("written", ["maybe", (1, "General")])
def test_what_is_neither_yes_nor_no_is_refused_in_the_words_of_a_sheet(tmp_path: Path, written: Any) -> None:
    (found,) = rejected(edited(tmp_path / "a.xlsx", cells({"commitment!F2": written})))
    assert found.message.startswith("expected `yes` or `no`, got ")


def test_merged_cells_are_refused_once(tmp_path: Path) -> None:
    found = rejected(edited(tmp_path / "a.xlsx", lambda book: book["share"].merge_cells("A2:A4"), 3))
    assert [(place(diagnostic), diagnostic.code) for diagnostic in found] == [("share!A2", "merged-cells")]


def test_what_a_merged_cell_still_holds_makes_no_second_mistake(tmp_path: Path) -> None:
    def merge(book: Any) -> None:
        book["share"].merged_cells.add("A2:B3")  # the values stay, as in files of some programs

    found = rejected(edited(tmp_path / "a.xlsx", merge, 3))
    assert [(place(diagnostic), diagnostic.code) for diagnostic in found] == [("share!A2", "merged-cells")]


def test_a_workbook_has_a_maximum_number_of_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = edited(tmp_path / "a.xlsx", lambda _: None)
    monkeypatch.setattr(workbook_reader, "MAX_CELLS", 50)
    (found,) = rejected(file)
    assert found.code == "file-too-large"


def test_a_damaged_part_is_no_workbook(tmp_path: Path) -> None:
    file = edited(tmp_path / "a.xlsx", lambda _: None)
    with ZipFile(file) as parts:
        sheet = parts.getinfo("xl/worksheets/sheet4.xml")
    content = bytearray(file.read_bytes())
    middle = sheet.header_offset + 30 + len(sheet.filename) + sheet.compress_size // 2
    content[middle : middle + 8] = b"\xff" * 8
    file.write_bytes(content)
    (found,) = rejected(file)
    assert found.code == "bad-workbook"


def titled(book: Any) -> None:
    for name in ("companies", "sources", "share"):
        book[name].insert_rows(1, 2)
        book[name]["A1"] = f"Our {name}"
    book["share"].merge_cells("A1:F1")


def test_a_title_above_the_heads_is_one_mistake_and_hides_no_other(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        titled(book)
        book["share"]["C4"] = "electrcity"

    found = rejected(edited(tmp_path / "a.xlsx", edit))
    assert [(place(one), one.code) for one in found] == [
        ("companies!A3", "misplaced-heads"), ("share!A3", "misplaced-heads"), ("share!C4", "unknown-value"),
        ("sources!A3", "misplaced-heads"),
    ]  # fmt: skip


def test_totals_remarks_and_further_tables_are_one_mistake_a_row(tmp_path: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["share"]
        heads = [cell.value for cell in sheet[1]]
        for row in (["Total", "100%"], [], [None, "see page 3"], ["Basis: own figures"], heads, ["nobody", "15,4"]):
            sheet.append(row)

    found = rejected(edited(tmp_path / "a.xlsx", edit))
    assert [(place(one), one.code) for one in found] == [
        (where, "not-a-fact") for where in ("share!A3", "share!B5", "share!A6", "share!A7", "share!A8")
    ]


def test_a_row_of_a_company_that_is_spelt_wrong_is_a_fact(tmp_path: Path) -> None:
    found = rejected(edited(tmp_path / "a.xlsx", cells({"share!A2": "c0001", "share!G2": None, "share!B2": "15,4"})))
    assert [(place(one), one.code) for one in found] == [
        ("share!A2", "unknown-company"), ("share!B2", "wrong-type"), ("share!G2", "missing-key"),
    ]  # fmt: skip


def test_a_company_without_its_id_hides_no_unknown_company(tmp_path: Path) -> None:
    (alone,) = rejected(edited(tmp_path / "a.xlsx", cells({"companies!A2": None}), 2))
    assert (place(alone), alone.code) == ("companies!A2", "missing-key")  # c001 may be its id
    found = rejected(edited(tmp_path / "a.xlsx", cells({"companies!A2": None, "share!A3": "c02"}), 2))
    assert [place(one) for one in found] == ["commitment!A2", "companies!A2", "energy!A2", "not_found!A2",
                                             "share!A2", "share!A3"]  # fmt: skip


def test_a_renamed_sheet_is_refused_and_no_fact_is_lost_in_silence(tmp_path: Path) -> None:
    def rename(book: Any) -> None:
        book["share"].title = "share (2)"

    (found,) = rejected(edited(tmp_path / "a.xlsx", rename))
    assert (place(found), found.code, found.help) == ("share (2)", "unknown-sheet", "did you mean `share`?")


def test_a_workbook_needs_a_sheet_of_companies(tmp_path: Path) -> None:
    (found,) = rejected(edited(tmp_path / "a.xlsx", lambda book: book.remove(book["companies"])))
    assert (found.code, found.message) == ("missing-sheet", "there is no sheet `companies`")


def test_a_sheet_of_facts_can_be_missing(tmp_path: Path) -> None:
    found = read(edited(tmp_path / "a.xlsx", lambda book: book.remove(book["share"])))
    assert [fact.type for fact in found.dataset.companies[0].facts] == ["commitment", "energy"]


def test_sheets_and_columns_for_ones_own_notes_are_left_out(tmp_path: Path) -> None:
    def note(book: Any) -> None:
        book.create_sheet("_ideas")["A1"] = "=1/0"
        book["share"]["K1"], book["share"]["K2"] = "_todo", "=1/0"

    assert read(edited(tmp_path / "a.xlsx", note)).dataset.companies == dataset().companies


def hide_row(book: Any) -> None:
    book["share"].row_dimensions[2].hidden = True


def hide_column(book: Any) -> None:
    book["share"].column_dimensions["C"].hidden = True


def hide_sheet(book: Any) -> None:
    book["share"].sheet_state = "hidden"


def copy_row(book: Any) -> None:
    sheet = book["share"]
    for column, cell in enumerate(list(sheet[2]), 1):
        sheet.cell(9, column).value = cell.value
        sheet.cell(9, column).number_format = cell.number_format


ODD: dict[str, tuple[Edit, str, str]] = {
    "a hidden row": (hide_row, "share!A2", "hidden-cells"),
    "a hidden column": (hide_column, "share", "hidden-cells"),
    "a hidden sheet": (hide_sheet, "share", "hidden-cells"),
    "a copied row": (copy_row, "share!A9", "repeated-row"),
    "a character without a width": (cells({"share!H2": "page\u200b 1"}), "share!H2", "invisible-character"),
    "a change of direction": (cells({"share!H2": "page \u202e1"}), "share!H2", "invisible-character"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_read_with_a_warning(tmp_path: Path, name: str) -> None:
    edit, where, code = ODD[name]
    found = read(edited(tmp_path / "a.xlsx", edit))
    assert [(place(warning), warning.code, warning.is_error) for warning in found.warnings] == [(where, code, False)]
    assert {fact.type for fact in found.dataset.companies[0].facts} == {"commitment", "energy", "share"}


def test_a_value_far_away_costs_nothing_and_is_refused(tmp_path: Path) -> None:
    (found,) = rejected(edited(tmp_path / "a.xlsx", cells({"share!XFD1048576": "x"})))
    assert (place(found), found.code) == ("share!XFD1048576", "missing-column")


def test_columns_may_stand_in_any_order_and_rows_may_be_empty(tmp_path: Path) -> None:
    def move(book: Any) -> None:
        sheet = book["share"]
        sheet.insert_rows(2, 3)
        sheet.insert_cols(1)
        for row in range(1, 6):
            sheet.cell(row, 1).value = sheet.cell(row, 3).value
        sheet.delete_cols(3)

    assert read(edited(tmp_path / "a.xlsx", move)).dataset.companies == dataset().companies


def test_looks_do_not_matter(tmp_path: Path) -> None:
    def colour(book: Any) -> None:
        book["share"]["B2"].alignment = Alignment(horizontal="right")
        book["share"].auto_filter.ref = None

    assert read(edited(tmp_path / "a.xlsx", colour)).dataset.companies == dataset().companies


@pytest.mark.parametrize(
    ("bytes", "words"),
    [(b"", "no workbook"), (b"PK\x03\x04", "no workbook"), (b"\xd0\xcf\x11\xe0old", "the old form .xls, or a password"),
     (content()[: len(content()) // 2], "no workbook")],
)  # fmt: skip
def test_what_is_no_workbook_is_refused(tmp_path: Path, bytes: bytes, words: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(bytes)
    (found,) = rejected(tmp_path / "a.xlsx")
    assert found.code == "bad-workbook"
    assert words in found.message

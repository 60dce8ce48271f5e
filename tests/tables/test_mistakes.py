"""Mistakes in tables of texts are reported at their row and column, in the words in which sheets report them."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from cleancloud_rules import Diagnostic, FactsError
from cleancloud_rules.sheets.csv_files import csv_text, sheet_of_text
from cleancloud_rules.sheets.load import load_sheets
from cleancloud_rules.sheets.rows import Table
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.reading.written import text_tables
from tests.support.score_tables import database
from tests.support.workbooks import dataset, rules

PLANTED: dict[str, tuple[str, str, str]] = {
    "a share of one": ("share", "percent", "0.15"),
    "a share of one in a bound": ("share", "percent", ">0.15"),
    "a decimal comma": ("share", "percent", "15,43"),
    "thousands that may be a decimal comma": ("energy", "amount", "0,300 MWh"),
    "a range that a spreadsheet made a day": ("share", "percent", "8-Mar"),
    "the number of a day in place of a period": ("share", "period", "45261"),
    "a period with a word": ("share", "period", "2030年"),
    "a period that ends before it begins": ("share", "period", "2023-02-01/2023-01-01"),
    "a period with a day that does not exist": ("share", "period", "2023-02-30/2023-03-01"),
    "a year with a fraction": ("commitment", "target_year", "2030.5"),
    "a year of five digits": ("commitment", "target_year", "20300"),
    "a year with an exponent": ("commitment", "target_year", "2e3"),
    "years in the wrong order": ("commitment", "target_year", "[2030..2025]"),
    "a time in place of a day": ("commitment", "announced", "2022-05-01 12:00"),
    "a day that does not exist": ("commitment", "announced", "2022-02-30"),
    "an unknown name": ("share", "denominator", "electrcity"),
    "a name in other letters": ("share", "denominator", "Electricity"),
    "an unknown name of several": ("commitment", "scopes", "scope_1; scope_4"),
    "a name twice": ("commitment", "scopes", "scope_1; scope_1"),
    "an unknown company": ("share", "company", "c00l"),
    "the name of a company": ("energy", "company", "Company 1"),
    "an unknown source": ("share", "source", "reprot"),
    "a source with a space": ("share", "source", "a report"),
    "an unknown basis": ("share", "basis", "repotred"),
    "no company": ("share", "company", ""),
    "no source": ("share", "source", ""),
    "no source but spaces": ("share", "source", "  "),
    "no basis": ("share", "basis", ""),
    "no value": ("share", "percent", ""),
    "a value beyond its range": ("share", "percent", "120%"),
    "a value that is far beyond its range": ("share", "percent", "120000"),
    "a bound without a valid value": ("share", "percent", ">100"),
    "too many decimal places": ("share", "percent", "12.345%"),
    "too many decimal places without a sign": ("share", "percent", "12.345"),
    "too many decimal places after the unit is changed": ("energy", "amount", "1.2345 MWh"),
    "too many digits": ("energy", "amount", "1234567890123456789012345 GWh"),
    "an exponent": ("energy", "amount", "1e5 GWh"),
    "a number with a plus sign": ("energy", "amount", "+5 GWh"),
    "a number with a zero in front": ("energy", "amount", "05 GWh"),
    "about a number": ("share", "percent", "~15%"),
    "two lower ends": ("share", "percent", ">10 >20"),
    "ends in the wrong order": ("share", "percent", "40 to 38"),
    "a quantity without its unit": ("energy", "amount", "1610"),
    "a quantity in another dimension": ("energy", "amount", "16 kg"),
    "a quantity in an unknown unit": ("energy", "amount", "16 GWhh"),
    "a quantity in a unit in other letters": ("energy", "amount", "16 gwh"),
    "a fraction of what is counted": ("energy", "sites", "3.5"),
    "a word in place of a number": ("energy", "sites", "many"),
    "a word in place of yes or no": ("commitment", "public", "maybe"),
    "a number in place of yes or no": ("commitment", "public", "1"),
    "a test that is no YAML": ("not_found", "what", "topic: [a"),
    "a test of an unknown field": ("not_found", "what", "topc: carbon_neutrality"),
    "a test of an unknown name": ("not_found", "what", "topic: carbon"),
    "an unknown kind of fact": ("not_found", "fact", "comitment"),
    "no kind of fact": ("not_found", "fact", ""),
    "an unknown source of a search": ("not_found", "source", "reprot"),
}  # fmt: skip
"""What stands in a cell of a row of its own: the table, the column and the text."""

ONCE: dict[str, tuple[str, str, str]] = {
    "an unknown cohort": ("companies", "cohort", "clouds"),
    "a company without a name": ("companies", "name", ""),
    "a company without an id": ("companies", "id", ""),
    "a company with a bad id": ("companies", "id", "c 1"),
    "an unknown type of source": ("sources", "type", "reprt"),
    "a source without a type": ("sources", "type", ""),
    "a source with a bad id": ("sources", "id", "a report"),
    "a source of the methodology": ("sources", "id", "rulebook"),
    "a footnote that is no number": ("sources", "footnotes", "3, x"),
    "a word in place of whether everybody can read it": ("sources", "public", "maybe"),
    "a number in place of whether everybody can read it": ("sources", "public", "1"),
    "a day of publication that does not exist": ("sources", "published", "2024-02-30"),
    "a source accessed before it was published": ("sources", "accessed", "2023-01-01"),
}
"""As above, in tables of their own."""

HEADS: dict[str, tuple[str, str, str]] = {
    "an unknown column": ("share", "denominator", "denominatr"),
    "a column of another table": ("share", "locator", "region"),
    "a repeated column": ("share", "locator", "note"),
    "a column that is missing": ("share", "percent", "_percent"),
    "a company column that is missing": ("share", "company", "_company"),
    "a source column that is missing": ("not_found", "source", "_source"),
    "a head that is missing": ("share", "locator", ""),
}
"""A column whose head is another one."""

Found = set[tuple[str, int, str, str, str, str]]
"""The table, the row and the column of each diagnostic, its code, its message and its help."""


def _texts(tables: Iterable[Table]) -> dict[str, str]:
    return {f"{table.name}.csv": csv_text([table.columns, *table.rows]) for table in tables}


def _changed(table: Table, row: int, column: str, text: str) -> Table:
    rows = [list(cells) for cells in (table.columns, *table.rows)]
    rows[row][table.columns.index(column)] = text
    head, *body = map(tuple, rows)
    return Table(table.name, head, tuple(body))


def _planted(cases: Mapping[str, tuple[str, str, str]]) -> dict[str, str]:
    """Return the texts of tables in which each case has a row of its own."""
    tables = {table.name: table for table in text_tables(dataset(len(PLANTED)), rules())}
    for row, (name, column, text) in enumerate(cases.values(), 1):
        tables[name] = _changed(tables[name], row, column, text)
    return _texts(tables.values())


def _written(folder: Path, texts: Mapping[str, str]) -> Path:
    for name, text in texts.items():
        (folder / name).write_text(text, newline="")
    return folder


def by_sheets(folder: Path, texts: Mapping[str, str]) -> Found:
    """Return what is wrong according to the reader of sheets."""
    try:
        load_sheets(folder, rules())
    except FactsError as error:
        return set(_by_cell(error.diagnostics, texts))
    return set()


def _by_cell(
    diagnostics: Iterable[Diagnostic], texts: Mapping[str, str]
) -> Iterator[tuple[str, int, str, str, str, str]]:
    places: dict[tuple[str, int], list[tuple[int, int, str]]] = {}
    for name, text in texts.items():
        sheet = sheet_of_text(text, name, name)
        for row in (sheet.head, *sheet.rows):
            for number in reversed(range(len(sheet.head.held))):
                head = sheet.head.cell(number)
                where = sheet.at(row.number, number)
                own = (where.column, row.number, "" if head is None else str(head.value))
                places.setdefault((name, where.line), []).append(own)
    for one in diagnostics:
        file = Path(one.location.file.name).name
        starts = places[file, one.location.line]
        _, row_number, column = max(start for start in starts if start[0] <= one.location.column)
        yield file, row_number, column, one.code, one.message, one.help


def by_tables(folder: Path, texts: Mapping[str, str]) -> Found:
    """Return what is wrong according to the reader of tables."""
    try:
        fact_tables_of(folder, rules(), database())
    except FactsError as error:
        heads = [one for one in error.diagnostics if one.location.line]
        found = set(_by_cell(heads, texts))
        for one in error.diagnostics:
            if not one.location.line:
                row, column = one.location.path.removeprefix("row ").split(", column ")
                found.add((Path(one.location.file.name).name, int(row), column, one.code, one.message, one.help))
        return found
    return set()


@cache
def planted() -> tuple[Found, Found]:
    """Return what both readers find in the tables in which each case has a row of its own."""
    with TemporaryDirectory() as name:
        folder, texts = Path(name), _planted(PLANTED)
        _written(folder, texts)
        return by_sheets(folder, texts), by_tables(folder, texts)


@pytest.mark.parametrize("name", PLANTED)
def test_a_mistake_is_reported_at_its_row_and_column_in_the_words_of_sheets(name: str) -> None:
    table, column, _ = PLANTED[name]
    row = list(PLANTED).index(name) + 2
    sheets, tables = ({one for one in found if one[:2] == (f"{table}.csv", row)} for found in planted())
    assert tables == sheets
    assert [one[2] for one in tables] == [column]


def test_nothing_else_is_reported() -> None:
    sheets, tables = planted()
    assert tables == sheets
    assert len({one[3] for one in tables}) >= 15
    assert len(tables) == len(PLANTED)


@pytest.mark.parametrize(
    "cases", [{name: case} for name, case in (ONCE | HEADS).items()], ids=lambda case: next(iter(case))
)
def test_a_mistake_in_another_table_or_a_head_is_reported_in_the_words_of_sheets(
    cases: dict[str, tuple[str, str, str]], tmp_path: Path
) -> None:
    ((name, (table, column, text)),) = cases.items()
    tables = {each.name: each for each in text_tables(dataset(2), rules())}
    tables[table] = _changed(tables[table], 0 if name in HEADS else 1, column, text)
    texts = _texts(tables.values())
    _written(tmp_path, texts)
    sheets, found = by_sheets(tmp_path, texts), by_tables(tmp_path, texts)
    assert found == sheets
    assert found


CELLS = (
    "", "  ", "\u00a0", "(disclosed)", "(Disclosed) ", "(none)", "（none）", "yes", "NO", "2023",
    "2022-04-01/2023-03-31", "2022-04-01/2022-03-31", "2024-02-30", "2024-06-30", "0999", "10000",
    "carbon_neutrality", "scope_1", "scope_1,scope_2;scope_3", "scope_1、scope_1", "electricity",
    "Ｅlectricity", "report", "rulebook", "c001", "c00l", "=1+1", "'=1+1", "'abc", "-5", "5%", "５％", "0.5",
    "100", "101%", "1,300.5 MWh", "1.61TWh", ">1.3 TWh", "1.3-1.5 TWh", "[1..2 GWh]", "(1 GWh..2 GWh)",
    "reported", "hypothetical", "a\u200bb", "unknown", "~", "null", "[a", "x y", "ünïcode", "e\u0301",
    "<= 2030", "2025 to 2030", "8-Mar", ">", "<>", "NaN", "1e3", "1_000", "+3", "07", ".5", "5.",
)  # fmt: skip


@pytest.mark.parametrize(
    "seed", [*range(2), *(pytest.param(seed, marks=pytest.mark.deep(part="tables")) for seed in range(2, 200))]
)
def test_cells_at_random_are_judged_as_sheets_judge_them(seed: int, tmp_path: Path) -> None:
    chosen = Random(seed)  # noqa: S311 - no secret
    tables = {table.name: table for table in text_tables(dataset(20), rules())}
    for name in ("commitment", "energy", "share"):
        for row in range(1, 21):
            for column in tables[name].columns:
                if not chosen.randrange(8):
                    tables[name] = _changed(tables[name], row, column, chosen.choice(CELLS))
    texts = _texts(tables.values())
    _written(tmp_path, texts)
    sheets, found = by_sheets(tmp_path, texts), by_tables(tmp_path, texts)
    assert found == sheets
    assert len(found) > 20

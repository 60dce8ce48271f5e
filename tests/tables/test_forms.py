"""The forms of tables: files in a folder, Parquet, pandas, Polars, DuckDB and lists of rows; and what is no table."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd  # type: ignore[import-untyped]
import polars as pl
import pytest

from cleancloud_rules import FactsError, Methodology, company_from, load_methodology
from cleancloud_rules.model import Interval
from cleancloud_rules.tables.arrow import arrow_of
from cleancloud_rules.tables.reading.checks import MAX_ROWS
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.reading.rows import company_of_rows
from cleancloud_rules.tables.reading.written import csv_tables
from tests.support.examples import example
from tests.support.places import ROOT
from tests.support.score_tables import database
from tests.support.workbooks import rules

COMPANIES = [{"id": "acme", "name": "Acme", "cohort": "cloud"}, {"id": "beta", "name": "Beta", "cohort": "cloud"}]
SOURCES = [{"id": "report", "type": "report", "published": date(2024, 3, 1)}]
SAID = {"basis": "reported", "source": "report", "period": 2023}


def read(methodology: Methodology | None = None, **tables: Any) -> Callable[[str], Any]:
    """Return a function that returns a company by its id."""
    chosen = rules() if methodology is None else methodology
    found = fact_tables_of({"companies": COMPANIES, "sources": SOURCES, **tables}, chosen, database())
    return partial(company_of_rows, found, chosen)


def refused(**tables: Any) -> list[tuple[str, str, str]]:
    """Return the place, the code and the help of each diagnostic."""
    with pytest.raises(FactsError) as caught:
        read(**tables)
    return [(one.location.path, one.code, one.help) for one in caught.value.diagnostics]


def values(company: Any) -> list[dict[str, Any]]:
    return [dict(fact.values.items()) for fact in company.facts]


FRAMES: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "rows": lambda rows: rows,
    "Arrow": arrow_of,
    "pandas": pd.DataFrame,
    "Polars": pl.DataFrame,
    "DuckDB": lambda rows: duckdb.from_arrow(arrow_of(rows)),
}


@pytest.mark.parametrize("name", FRAMES)
def test_tables_in_memory_hold_typed_columns(name: str) -> None:
    rows = [
        {"company": "acme", "amount": Decimal("1.50"), "amount.unit": "TWh", "sites": 3, "region": None, **SAID},
        {"company": "beta", "amount": Decimal("2.00"), "amount.unit": "GWh", "sites": 4, "region": "North", **SAID},
    ]
    company = read(energy=FRAMES[name](rows))
    assert values(company("acme")) == [{"amount": Decimal(1500), "sites": 3}]
    assert values(company("beta")) == [{"amount": Decimal(2), "sites": 4, "region": "North"}]
    assert company("acme").facts[0].period.text == "2023"


def test_ends_of_bounds_have_columns_of_their_own() -> None:
    rows = [
        {"company": "acme", "amount.low": Decimal("1.5"), "amount.low_open": True, "sites.high": 9, **SAID},
        {"company": "beta", "amount.low": Decimal(1), "amount.high": Decimal(2), "sites.high": None, **SAID},
    ]
    unit = [{**row, "amount.unit": "GWh", "sites.high_open": True} for row in rows]
    company = read(energy=[row | {"sites.high_open": row["sites.high"] is not None} for row in unit])
    assert values(company("acme")) == [{"amount": Interval(Decimal("1.5"), low_open=True), "sites": Interval(high=8)}]
    assert values(company("beta")) == [{"amount": Interval(Decimal(1), Decimal(2))}]


def test_a_column_without_any_value_says_nothing() -> None:
    nothing = dict.fromkeys(("amount.low", "amount.low_open", "amount.disclosed", "region", "sites", "sites.high_open"))
    company = read(energy=[{"company": "acme", "amount": 1, "amount.unit": "GWh", **nothing, **SAID}])
    assert values(company("acme")) == [{"amount": Decimal(1)}]


def test_sets_booleans_days_and_periods_have_types_of_their_own() -> None:
    rows = [
        {
            "company": "acme", "topic": "carbon_neutrality", "scopes": ["scope_3", "scope_1"], "public": True,
            "announced": date(2022, 5, 1), "period_start": date(2023, 4, 1), "period_end": date(2024, 3, 31),
            "basis": "reported", "source": "report",
        }
    ]  # fmt: skip
    (fact,) = read(commitment=rows)("acme").facts
    assert dict(fact.values.items()) == {
        "topic": "carbon_neutrality", "scopes": frozenset({"scope_1", "scope_3"}), "public": True,
        "announced": date(2022, 5, 1),
    }  # fmt: skip
    assert fact.period.text == "2023-04-01/2024-03-31"


def test_a_field_is_said_to_be_disclosed_in_a_column_of_its_own() -> None:
    head = {"company": "acme", "amount.unit": "GWh", **SAID}
    (fact,) = read(energy=[{**head, "amount": None, "amount.disclosed": True}])("acme").facts
    assert (fact.disclosed, fact.values.items()) == (("amount",), ())
    found = refused(energy=[{**head, "amount": Decimal(3), "amount.disclosed": True}])
    assert found == [("energy[0].amount", "value-and-disclosed", "keep one of the two")]


TYPED: dict[str, tuple[dict[str, Any], str, str]] = {
    "a quantity without a unit": ({"amount": Decimal("1.5")}, "energy[0].amount", "wrong-type"),
    "a quantity in another dimension": ({"amount": 1, "amount.unit": "kg"}, "energy[0].amount", "wrong-dimension"),
    "a bound in another dimension": ({"amount.low": 1, "amount.unit": "kg"}, "energy[0].amount.low", "wrong-dimension"),
    "a value and a bound": (
        {"amount": 1, "amount.low": 2, "amount.unit": "GWh"}, "energy[0].amount", "bad-bound",
    ),
    "ends in the wrong order": (
        {"amount.low": 3, "amount.high": 2, "amount.unit": "GWh"}, "energy[0].amount.low", "bad-bound",
    ),
    "an open end without a number": (
        {"amount.high": 2, "amount.low_open": True, "amount.unit": "GWh"}, "energy[0].amount.high", "wrong-type",
    ),
    "a sign that is no boolean": ({"amount.low": 1, "amount.low_open": "yes"}, "energy.amount.low_open", "wrong-type"),
    "a fraction of what is counted": ({"sites": 2.5}, "energy[0].sites", "wrong-type"),
    "a boolean in place of a number": ({"sites": True}, "energy[0].sites", "wrong-type"),
    "a day in place of a number": ({"sites": date(2024, 1, 1)}, "energy[0].sites", "date-cell"),
    "a number with a fraction in place of a text": ({"region": 1.5}, "energy[0].region", "wrong-type"),
    "a list in place of a number": ({"sites": [{"a": 1}]}, "energy[0].sites", "wrong-type"),
    "too many decimal places": (
        {"amount": Decimal("1.2345"), "amount.unit": "GWh"}, "energy[0].amount", "too-many-digits",
    ),
    "an unknown column": ({"amunt": 1}, "energy.amunt", "unknown-column"),
}  # fmt: skip


@pytest.mark.parametrize("name", TYPED)
def test_a_mistake_in_a_typed_column_is_reported_at_its_row_and_column(name: str) -> None:
    row, place, code = TYPED[name]
    good = {} if any(key.startswith("amount") for key in row) else {"amount": Decimal(1), "amount.unit": "GWh"}
    found = refused(energy=[{"company": "acme", **good, **row, **SAID}])
    assert (place, code) in [one[:2] for one in found]
    assert len(found) == (2 if name in ("an unknown column", "a sign that is no boolean") else 1) or name.startswith(
        "an unknown"
    )


def test_floats_are_the_shortest_decimal_numbers_that_they_stand_for() -> None:
    rows = [{"company": id, "percent": percent, **SAID} for id, percent in (("acme", 12.1), ("beta", 30.0))]
    company = read(share=pd.DataFrame(rows))
    assert [values(company(id)) for id in ("acme", "beta")] == [
        [{"percent": Decimal("12.1")}],
        [{"percent": Decimal(30)}],
    ]
    found = refused(share=pd.DataFrame([{"company": "acme", "percent": 30.000000000000004, **SAID}]))
    assert [one[:2] for one in found] == [("share[0].percent", "too-many-digits")]


def test_whole_numbers_of_any_size_are_exact() -> None:
    rows = [{"company": "acme", "amount": Decimal(1), "amount.unit": "GWh", "sites": 2**62 + 1, **SAID}]
    assert values(read(energy=rows)("acme"))[0]["sites"] == 2**62 + 1


def write(folder: Path, **texts: str) -> Path:
    head = "id,name,cohort\nacme,Acme,cloud\nbeta,Beta,cloud\n"
    for name, text in {"companies": head, "sources": "id,type\nreport,report\n", **texts}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
    return folder


def found_in(folder: Path) -> list[tuple[str, str]]:
    """Return the place and the code of each diagnostic."""
    with pytest.raises(FactsError) as caught:
        fact_tables_of(folder, rules(), database())
    return [(one.location.path or f"{one.location.line}", one.code) for one in caught.value.diagnostics]


HEAD = "company,percent,basis,source\n"
RIGHT = "acme,15%,reported,report\n"


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    write(tmp_path, share=f"{HEAD}{RIGHT}\n\n{RIGHT}gamma,15%,reported,report\n")
    assert found_in(tmp_path) == [("row 6, column company", "unknown-company")]


def test_texts_may_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    head = "company,percent,basis,source,note\r\n"
    write(tmp_path, share=f'\ufeff{head}acme,15%,reported,report,"a, ""b""\nc"\r\nbeta,1,reported,report,\r\n')
    assert found_in(tmp_path) == [("row 3, column percent", "ambiguous-percent")]
    write(tmp_path, share=f'\ufeff{head}acme,15%,reported,report,"a, ""b""\nc"\r\n')
    found = fact_tables_of(tmp_path, rules(), database())
    assert company_of_rows(found, rules(), "acme").facts[0].note == 'a, "b"\nc'


_MISSING = [("row 3, column basis", "missing-key"), ("row 3, column source", "missing-key")]
_UNKNOWN = [("row 3, column company", "unknown-company")]

ODD_FILES = {
    "a row that is too short is filled up": (f"{HEAD}{RIGHT}acme,15%\n", _MISSING),
    "a row that is too long": (f"{HEAD}acme,15%,reported,report,more\n", [("2", "missing-column")]),
    "semicolons": ("company;percent\nacme;15\n", [("1", "bad-table")]),
    "a quote that does not end": (f'{HEAD}"acme,15%,reported,report\n', [("2", "bad-table")]),
    "line ends of several kinds": (f"{HEAD}{RIGHT}".replace("\n", "\r\n") + "gamma,15%,reported,report\n", _UNKNOWN),
    "an empty file": ("", [("0", "missing-column")] * 4),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD_FILES)
def test_an_odd_file_is_read_as_sheets_read_it_or_refused(name: str, tmp_path: Path) -> None:
    text, expected = ODD_FILES[name]
    write(tmp_path, share=text)
    assert sorted(found_in(tmp_path)) == sorted(expected)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "share.csv").write_bytes(HEAD.encode() + b"acme,15%,reported,report\xff\n")
    assert found_in(tmp_path) == [("2", "not-utf-8")]


def test_parquet_files_of_facts_may_lie_in_a_folder_of_their_own(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "facts").mkdir()
    pl.DataFrame([{"company": "acme", "percent": 15, **SAID}]).write_parquet(tmp_path / "facts" / "share.parquet")
    found = fact_tables_of(tmp_path, rules(), database())
    assert values(company_of_rows(found, rules(), "acme")) == [{"percent": Decimal(15)}]


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    assert refused(shares=[]) == [("shares", "unknown-sheet", "did you mean `share`?")]
    assert [one[1] for one in refused(share=tmp_path / "share.csv")] == ["missing-file"]
    assert [one[1] for one in refused(share=3)] == ["wrong-type"]
    with pytest.raises(FactsError, match="expected a folder or tables by name"):
        fact_tables_of(3, rules(), database())
    with pytest.raises(FactsError, match="there is no table `companies`"):
        fact_tables_of({"sources": SOURCES}, rules(), database())


def test_endings_of_names_have_letters_of_any_case(tmp_path: Path) -> None:
    for name, text in csv_tables(*example("clean_cloud_2024")[::-1]):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.with_suffix(".CSV").write_text(text, newline="")
    methodology, dataset = example("clean_cloud_2024")
    found = fact_tables_of(tmp_path, methodology, database())
    assert company_of_rows(found, methodology, "gds").sha256 == dataset.company("gds").sha256


def test_a_folder_without_companies_is_named(tmp_path: Path) -> None:
    with pytest.raises(FactsError) as caught:
        fact_tables_of(tmp_path, rules(), database())
    (found,) = caught.value.diagnostics
    assert (found.location.file.name, found.code) == (str(tmp_path), "missing-sheet")


def test_a_repeated_id_is_reported_with_the_place_of_the_first() -> None:
    again = [*COMPANIES, {"id": "acme", "name": "Acme again", "cohort": None}]
    with pytest.raises(FactsError, match=r"company `acme` is already declared at <tables>:companies\[0\].id") as caught:
        read(companies=again)
    assert [one.location.path for one in caught.value.diagnostics] == ["companies[2].id"]


def test_of_very_many_mistakes_in_a_column_the_first_are_shown_and_the_others_counted() -> None:
    found = refused(share=[{"company": "gamma", "percent": 12, **SAID}] * (MAX_ROWS + 7))
    assert len(found) == MAX_ROWS
    last = max(found, key=lambda one: int(one[0].split("[")[1].split("]")[0]))
    assert last[2] == "known: `acme`, `beta`; 7 rows further below have mistakes in this column"


def test_what_contradicts_a_search_is_reported_at_its_row() -> None:
    searches = [
        {"company": "beta", "fact": "share", "what": 'percent: "> 10"', "basis": "reported", "source": "report"}
    ]
    shares = [{"company": id, "percent": 12, **SAID} for id in ("acme", "beta")]
    found = refused(share=shares, not_found=searches)
    assert found == [("share[1].company", "contradicts-not-found", "see <tables>:not_found[0].company")]
    read(share=shares[:1], not_found=searches)


def test_answers_may_stand_side_by_side() -> None:
    mended = load_methodology(ROOT / "examples" / "mendable_tools" / "methodology")
    tables = {
        "companies": [{"id": id, "name": id} for id in ("acme", "beta")],
        "sources": [{"id": "s", "type": "questionnaire"}],
    }
    said = {"basis": "reported", "source": "s", "period": "2025"}
    answers = [
        {"company": "acme", "drawing": "yes", "screws": "partly", **said},
        {"company": "beta", "screws": "no", **said},
    ]
    company = read(mended, **tables, answers=answers)
    for id, stated in (("acme", {"drawing": "yes", "screws": "partly"}), ("beta", {"screws": "no"})):
        block = {"fact": "answer", "source": "s", "period": 2025, "values": stated}
        data = {"id": id, "name": id, "answers": block}
        assert company(id).sha256 == company_from(data, mended, sources={"s": {"type": "questionnaire"}}).sha256
    wrong = [{**answers[0], "screws": "yess"}, {**answers[1], "company": "gamma"}]
    with pytest.raises(FactsError) as caught:
        read(mended, **tables, answers=wrong)
    assert [(one.location.path, one.code, one.help) for one in caught.value.diagnostics] == [
        ("answers[0].screws", "unknown-value", "did you mean `yes`?"),
        ("answers[1].company", "unknown-company", "known: `acme`, `beta`"),
    ]


def test_answers_and_facts_of_one_type_are_joined() -> None:
    mended = load_methodology(ROOT / "examples" / "mendable_tools" / "methodology")
    fact_type = mended.vocabulary.by_id["answer"]
    question, answer = (own.id for own in fact_type.fields[:2])
    said = {"basis": "reported", "source": "s", "period": "2025"}
    company = read(
        mended,
        companies=[{"id": "acme", "name": "Acme"}],
        sources=[{"id": "s", "type": "questionnaire"}],
        answers=[{"company": "acme", "drawing": "yes", **said}],
        answer=[{"company": "acme", question: "screws", answer: "no", **said}],
    )
    assert len(company("acme").facts) == 2

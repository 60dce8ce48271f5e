"""Datasets in memory are those in a folder: the same companies, figures and diagnostics."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cleancloud_rules as cc
from cleancloud_rules.analysis import findings, fit, reproduce
from cleancloud_rules.results.json import to_json
from cleancloud_rules.testing import company_data, methodologies
from tests.support import small
from tests.support.examples import FOLDERS, data_in, example, texts_in

METHODOLOGY = small.methodology(small.LADDER)
ACME = {"id": "acme", "name": "Acme", "cohort": "big", "facts": [small.fact("share", {"percent": 5})]}
BOLT = {"id": "bolt", "name": "Bolt", "cohort": "big", "facts": [small.fact("share", {"percent": 20})]}
HEAD = {"title": "Shops", "methodology": METHODOLOGY.id, "companies": "companies"}
FILES: dict[str, Any] = {"dataset.yaml": HEAD, "companies/acme": ACME, "companies/bolt": BOLT}


def rejected(files: Mapping[str, Any], methodology: cc.Methodology = METHODOLOGY) -> list[tuple[str, str]]:
    """Return code and place of each diagnostic of a dataset in memory."""
    with pytest.raises(cc.FactsError) as caught:
        cc.dataset_from(files, methodology)
    return [(found.code, str(found.location)) for found in caught.value.diagnostics]


OTHERS = ("methodology", "first", "second", "what_if")


def own(name: str, files: Mapping[str, Any]) -> dict[str, Any]:
    """Return the files of a dataset, without those of the methodologies and what-ifs in its folder."""
    return {name: content for name, content in files.items() if name.split("/")[0] not in OTHERS}


@pytest.mark.parametrize("read", [texts_in, data_in])
@pytest.mark.parametrize("name", FOLDERS)
def test_every_example_in_memory_is_the_one_in_its_folder(name: str, read: Any) -> None:
    methodology, dataset = example(name)
    files = own(name, read(FOLDERS[name][1]))
    made = cc.dataset_from(files, methodology)
    assert evolve(made, overlays=(), left_out=()) == evolve(dataset, overlays=(), left_out=())
    assert [company.sha256 for company in made.companies] == [company.sha256 for company in dataset.companies]
    assert cc.rank(made, methodology).to_json() == cc.rank(dataset, methodology).to_json()
    told = [(found.code, found.message) for found in cc.check(dataset, methodology)]
    assert sorted((found.code, found.message) for found in cc.check(made, methodology)) == sorted(told)


@pytest.mark.parametrize("read", [texts_in, data_in])
def test_tables_claims_and_overlays_in_memory_give_what_those_in_a_folder_do(read: Any) -> None:
    methodology, _ = example("clean_cloud_2024")
    folder = FOLDERS["clean_cloud_2024"][1]
    dataset = cc.load_dataset(folder, methodology, with_hypothetical=True)
    made = cc.dataset_from(read(folder), methodology, with_hypothetical=True)
    assert to_json(reproduce(made, methodology)) == to_json(reproduce(dataset, methodology))
    claims = [to_json(findings(one, methodology, with_hypothetical=True)) for one in (made, dataset)]
    assert claims[0] == claims[1]
    assert list(map(str, made.overlays)) == ["hypothetical/overlay.yaml"]


@st.composite
def assessed(draw: st.DrawFn) -> tuple[cc.Methodology, list[dict[str, Any]]]:
    methodology = draw(methodologies())
    stated = draw(st.lists(company_data(methodology), min_size=1, max_size=3, unique_by=lambda data: data["id"]))
    return methodology, stated


@given(assessed())
def test_companies_of_a_dataset_are_those_that_are_read_alone(
    case: tuple[cc.Methodology, list[dict[str, Any]]],
) -> None:
    methodology, stated = case
    head = {"title": "All", "methodology": methodology.id, "companies": "all"}
    made = cc.dataset_from({"dataset.yaml": head, **{f"all/{data['id']}": data for data in stated}}, methodology)
    alone = [cc.company_from(data, methodology) for data in stated]
    assert made.companies == tuple(sorted(alone, key=lambda company: company.id))


def test_plain_data_holds_days_decimals_and_tuples() -> None:
    head = {**HEAD, "companies": ("companies",), "as_of": date(2024, 6, 30)}
    fact = small.fact("share", {"percent": Decimal("5.0")}, as_of=date(2023, 1, 1))
    fact.pop("period", None)
    made = cc.dataset_from({"dataset.yaml": head, "companies/acme": {**ACME, "facts": (fact,)}}, METHODOLOGY)
    assert made.as_of == date(2024, 6, 30)
    assert made.companies[0].facts[0].as_of == date(2023, 1, 1)


def test_bytes_texts_and_names_that_are_not_short_are_read() -> None:
    files: dict[str, Any] = {
        "dataset.yaml": {**HEAD, "companies": "./companies/", "published": "tables/../table.csv"},
        "companies/acme": ACME,
        "./companies//bolt.json": b'{"id": "bolt", "name": "Bolt"}',
        "table.csv": "\N{BYTE ORDER MARK}company,total\nacme,25.00\n".encode(),
    }
    made = cc.dataset_from(files, METHODOLOGY)
    assert [company.id for company in made.companies] == ["acme", "bolt"]
    assert made.published is not None
    assert made.published.row("acme").total == Decimal("25.00")


# ---- rows of a published table


NAN = float("nan")


def with_rows(rows: Any) -> dict[str, Any]:
    return {**FILES, "dataset.yaml": {**HEAD, "published": "table"}, "table": rows}


def test_rows_of_plain_data_are_a_published_table() -> None:
    rows = [
        {"company": "acme", "total": Decimal("25.00"), "rank": 2.0, "name": None},
        {"rank": 1, "company": "bolt", "total": "75.00", "ladder": 2.5, "name": float("nan")},
    ]
    table = cc.dataset_from(with_rows(rows), METHODOLOGY).published
    assert table is not None
    acme, bolt = table.rows
    assert (acme.rank, str(acme.total), acme.points, str(acme.location)) == (2, "25.00", {}, "table:[0].company")
    assert (bolt.rank, str(bolt.total), bolt.points, bolt.name) == (1, "75.00", {"ladder": Decimal("2.5")}, None)
    assert acme.name is None
    text = "\N{BYTE ORDER MARK}company,total,rank,ladder\nacme,25.00,2,\nbolt,75.00,1,2.5\n"
    assert cc.dataset_from(with_rows(text), METHODOLOGY).published == table


def test_none_in_place_of_a_table_is_called_null_as_in_a_file() -> None:
    with pytest.raises(cc.FactsError, match="CSV text or as a list of rows, got `null`"):
        cc.dataset_from(with_rows(None), METHODOLOGY)


@pytest.mark.parametrize("absent", [NAN, None, Decimal("NaN")])
def test_a_column_without_a_value_is_a_column_of_figures_that_are_not_printed(absent: Any) -> None:
    table = cc.dataset_from(with_rows([{"company": "acme", "total": absent}]), METHODOLOGY).published
    assert table is not None
    (row,) = table.rows
    assert (row.company, row.total) == ("acme", None)


def test_the_table_of_rows_is_reproduced() -> None:
    ranking = cc.rank(cc.dataset_from(FILES, METHODOLOGY), METHODOLOGY)
    rows = [
        {"company": row.company.id, "rank": row.rank, "total": row.total} for c in ranking.cohorts for row in c.rows
    ]
    found = reproduce(cc.dataset_from(with_rows(rows), METHODOLOGY), METHODOLOGY)
    assert (found.figures_total, found.figures_equal) == (2, 2)
    assert (found.orders_total, found.orders_equal) == (1, 1)


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([], [("empty-document", "table")]),
        ([{}], [("empty-document", "table")]),
        ("", [("empty-document", "table")]),
        (None, [("wrong-type", "table")]),
        ({"acme": 1}, [("wrong-type", "table")]),
        (5, [("wrong-type", "table")]),
        (b"\xff", [("not-utf-8", "table:1:1")]),
        (["acme", {"company": "acme"}], [("wrong-type", "table:[0]")]),
        ([{"company": "acme", "total": [1]}, 3], [("wrong-type", "table:[0].total"), ("wrong-type", "table:[1]")]),
        ([{"company": "acme", "total": object()}], [("wrong-type", "table:[0].total")]),
        ([{"company": "acme", 3: 1}], [("yaml-key", "table:[0]")]),
        ([{"total": 25}], [("missing-column", "table:[0].total")]),
        ([{"company": "acme"}], [("missing-column", "table:[0].company")]),
        ([{"company": "acme", "totl": 1}], [("unknown-column", "table:[0].totl")]),
        ([{"company": "acme", "total": 1, "ladr": NAN}], [("unknown-column", "table:[0].ladr")]),
        ([{"company": "acme", "total": 1}, {"company": "bolt", "ladr": NAN}], [("unknown-column", "table:[1].ladr")]),
        ([{"company": "acme", 3: NAN}], [("yaml-key", "table:[0]")]),
        ([{"company": "acme", "rank": "1" * 25, "total": 1}], [("too-many-digits", "table:[0].rank")]),
        ([{"company": "acme", "rank": "1" * 5_000, "total": 1}], [("too-many-digits", "table:[0].rank")]),
        ([{"company": "acme", "total": True}], [("wrong-type", "table:[0].total")]),
        ([{"company": "acme", "total": date(2024, 1, 1)}], [("wrong-type", "table:[0].total")]),
        ([{"company": "acme", "total": 25.123}], [("too-many-digits", "table:[0].total")]),
        ([{"company": "acme", "rank": 1.5, "total": 1}], [("wrong-type", "table:[0].rank")]),
        ([{"company": "acme", "total": 1}, {"company": "acme", "total": 2}], [("repeated-id", "table:[1].company")]),
        ([{"company": "nobody", "total": 1}], [("unknown-company", "table:[0].company")]),
        ([{"company": "acme", "total": "x" * 17_000_000}], [("file-too-large", "table")]),
    ],
)
def test_rows_that_are_no_table_are_refused_with_their_place(rows: Any, codes: list[tuple[str, str]]) -> None:
    assert rejected(with_rows(rows)) == codes


# ---- files


def with_head(**more: Any) -> dict[str, Any]:
    return {**FILES, "dataset.yaml": {**HEAD, **more}}


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        ({}, [("missing-file", "dataset.yaml")]),
        ({"dataset.yml": HEAD}, [("missing-file", "dataset.yaml")]),
        ({"dataset.yaml": HEAD}, [("missing-file", "dataset.yaml:companies")]),
        (with_head(companies=["companies/acme", "x"]), [("missing-file", "dataset.yaml:companies[1]")]),
        (with_head(companies="../companies"), [("missing-file", "dataset.yaml:companies")]),
        (with_head(sources="sources.yaml"), [("missing-file", "dataset.yaml:sources")]),
        (with_head(methodology="other"), [("wrong-methodology", "dataset.yaml:methodology")]),
        (with_head(compnies=1), [("unknown-key", "dataset.yaml:compnies")]),
        ({**FILES, "companies/bolt": ACME}, [("repeated-id", "companies/bolt:id")]),
        ({**FILES, "companies/bolt": "id: [bolt\n"}, [("yaml-syntax", "companies/bolt:1:5")]),
        (
            {**FILES, "companies/bolt": {**BOLT, "facts": [{"shar": {}}]}},
            [("unknown-fact-type", "companies/bolt:facts[0].shar")],
        ),
        ({**FILES, "companies/./bolt": BOLT}, [("repeated-key", "companies/bolt")]),
    ],
)
def test_files_that_are_no_dataset_are_refused_with_their_place(files: Any, codes: list[tuple[str, str]]) -> None:
    assert rejected(files) == codes


def test_all_mistakes_of_all_files_are_told_at_once() -> None:
    files = {
        **with_rows([{"company": "acme", "total": "much"}]),
        "companies/acme": {**ACME, "cohort": "bg"},
        "companies/bolt": "name: Bolt\n",
    }
    assert rejected(files) == [
        ("unknown-cohort", "companies/acme:cohort"),
        ("missing-key", "companies/bolt:1:1"),
        ("wrong-type", "table:[0].total"),
    ]


def test_a_near_name_is_suggested() -> None:
    with pytest.raises(cc.FactsError) as caught:
        cc.dataset_from({**FILES, "dataset.yaml": {**HEAD, "sources": "source.yaml"}, "sources.yaml": {}}, METHODOLOGY)
    assert [found.help for found in caught.value.diagnostics] == ["did you mean `sources.yaml`?"]


def test_a_file_that_nothing_names_is_a_warning() -> None:
    made = cc.dataset_from({**FILES, "company/cork": BOLT, "companies/deep/down": BOLT}, METHODOLOGY)
    unread = [found for found in cc.check(made, METHODOLOGY) if found.code == "unread-file"]
    assert [str(found.location) for found in unread] == ["companies/deep/down", "company/cork"]
    assert {found.message for found in unread} == {"this file is not read: the dataset does not name it"}


def test_a_warning_is_accepted_by_the_name_of_the_file() -> None:
    entry = {"code": "few-facts", "where": "companies/cork", "reason": "It is new."}
    cork = {"id": "cork", "name": "Cork", "cohort": "big"}
    files = {**FILES, "companies/cork": cork}
    found = cc.check(cc.dataset_from(files, METHODOLOGY), METHODOLOGY)
    assert ("few-facts", "companies/cork:id") in {(d.code, str(d.location)) for d in found}
    accepted = cc.dataset_from({**files, "dataset.yaml": {**HEAD, "accepted": [entry]}}, METHODOLOGY)
    assert not [d for d in cc.check(accepted, METHODOLOGY) if d.code in ("few-facts", "accepts-nothing")]


def test_a_dataset_in_memory_without_a_table_has_no_fit() -> None:
    with pytest.raises(ValueError, match="has no published table"):
        fit(cc.dataset_from(FILES, METHODOLOGY), METHODOLOGY)

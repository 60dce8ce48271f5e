"""Single forms in tables of scores: large numbers, bounds at thresholds, equal rows, and what is refused."""

from decimal import Decimal
from typing import Any

import pytest

import cleancloud_rules as cc
from cleancloud_rules import CriteriaError, company_from
from cleancloud_rules.documents.limits import MAX_DIGITS
from cleancloud_rules.tables.arrow import MAX_WHOLE
from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.scoring.score_table import score_table
from tests.support.score_tables import database, differences, seeded_companies, table_of
from tests.support.small import criterion, methodology, rule
from tests.support.tables_of_companies import tables_of_companies

NUMBER = {
    "size": {
        "title": "Size",
        "horizon": "long_term",
        "fields": {"value": {"type": "number", "digits": 12}, "kind": {"type": "text", "optional": True}},
    }
}

LARGE = criterion(
    "large",
    10,
    rule("huge", 10, {"size": {"value": ">= 123456789012345678901234"}}),
    rule("exact", 7, {"size": {"value": Decimal("123456789012.123456789012")}}),
    rule("above", 5, {"size": {"value": "> 0.000000000001"}}),
    rule("below", 3, {"size": {"value": "< -0.000000000001"}}),
)


def companies(values: list[Any], of: Any, **more: Any) -> list[Any]:
    """Return a company for each value of a size."""
    return [
        company_from(
            {"id": f"c{n}", "name": f"C {n}", "facts": [{"size": {"value": value, **more}, "source": "report"}]}, of
        )
        for n, value in enumerate(values)
    ]


def test_numbers_of_all_digits_are_compared_exactly() -> None:
    made = methodology(LARGE, fact_types=NUMBER)
    exact = [
        "123456789012345678901234", "123456789012345678901233", "123456789012.123456789012",
        "123456789012.123456789011", "0.000000000001", "0.000000000002", "0", "-0.000000000001", "-0.000000000002",
    ]  # fmt: skip
    numbers = [Decimal(text) for text in exact]
    bounds = [{key: number} for number in numbers for key in ("at_least", "more_than", "at_most", "less_than")]
    found = companies([*numbers, *bounds], made)
    assert not differences(found, made)
    points = {row["large.points"] for row in table_of(found, made).table.to_pylist()}
    assert len(points) == 5


def test_columns_hold_every_number_of_a_fact() -> None:
    assert MAX_DIGITS + 12 <= MAX_WHOLE


def test_rows_with_the_same_content_count_once() -> None:
    made = methodology(
        criterion("many", 2, rule("two", 2, {"count": {"of": {"size": {}}, "at_least": 2}})), fact_types=NUMBER
    )
    backend = database()
    facts = tables_of_companies(companies([1], made), made, backend)
    backend.run("INSERT INTO facts_0 SELECT * REPLACE (line + 1 AS line) FROM facts_0")
    assert score_table(facts, made).table["many.points"].to_pylist() == [0]
    backend.run("INSERT INTO facts_0 SELECT * REPLACE (9 AS line, 'another' AS note) FROM facts_0 WHERE line = 0")
    assert score_table(facts, made).table["many.points"].to_pylist() == [2]


def test_text_of_a_methodology_is_no_sql() -> None:
    text = "it's' OR TRUE --"
    made = methodology(criterion("named", 1, rule("so", 1, {"size": {"kind": f'"{text}"'}})), fact_types=NUMBER)
    found = [*companies([1], made, kind=text), *companies([2, 3], made, kind="it")[1:]]
    assert not differences(found, made)


def test_a_score_with_too_many_digits_is_refused_at_its_place() -> None:
    made = methodology(
        criterion("much", 10**22, rule("so", 10**22, {"size": {}})),
        fact_types=NUMBER,
        rounding={"digits": 12, "mode": "half_up", "points_digits": 0},
        aggregate="weighted sum",
        weights=[10**20],
    )
    with pytest.raises(CriteriaError) as caught:
        cc.score_table("no-such-folder", made)  # refused before anything is read
    found = caught.value.diagnostics
    assert {one.code for one in found} == {"too-complex"}
    named = {one.message.partition("`")[2].partition("`")[0] for one in found}
    assert named == {"total", "max_total", "hypothetical_total"}
    assert "38 digits" in found[0].message
    assert found[0].location.file is not None


def test_companies_without_facts_and_no_companies_at_all() -> None:
    made = methodology(LARGE, fact_types=NUMBER)
    empty = company_from({"id": "none", "name": "None", "facts": []}, made)
    assert not differences([empty], made)
    assert table_of([], made).table.num_rows == 0


def test_no_column_holds_floating_point_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds: set[str] = set()
    create = DuckDB.create

    def noting(self: DuckDB, name: str, sql: str, **options: bool) -> None:
        create(self, name, sql, **options)
        kinds.update(row[1] for row in self.rows(f"DESCRIBE {name}"))

    monkeypatch.setattr(DuckDB, "create", noting)
    for seed in range(3):
        made, found = seeded_companies(seed, 5)
        table_of(found, made, with_hypothetical=True)
    assert kinds >= {"BIGINT", "DECIMAL(38,0)"}
    assert not {kind for kind in kinds if "DOUBLE" in kind or "FLOAT" in kind or "REAL" in kind}

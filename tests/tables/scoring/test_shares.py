"""What hypothetical facts alone earn: the difference of two results, by the numbers that stand for them."""

from decimal import Decimal
from typing import Any

from attrs import evolve

from cleancloud_rules import Company, Methodology
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.tables.arrow import rows_of
from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.scoring.lookups import Lookups
from cleancloud_rules.tables.scoring.results import WHOLE, Results, Values
from cleancloud_rules.tables.scoring.shares import BEFORE, ZEROS, Shares
from tests.support.score_tables import table_of
from tests.support.small import GOALS, LADDER, company, fact, methodology

MADE = methodology(LADDER, GOALS)
HALF, FULL, NONE = Decimal("12.50"), Decimal("100.00"), None


def results(*totals: Decimal | None) -> Results:
    """Return results with these totals, counted from 0."""
    made = Results(compiled(MADE), {})
    columns = made.columns.whole()
    made.values = {WHOLE: Values(columns, [(total, *[None] * (len(columns) - 1)) for total in totals])}
    return made


def test_a_share_is_the_difference_of_two_results_and_what_had_no_score_counts_as_0() -> None:
    backend = DuckDB()
    lookups = Lookups(backend, "made")
    shares = Shares(results(HALF, FULL, NONE), results(NONE, HALF), with_parts=False)
    assert shares.names == ["hypothetical_total"]
    pairs = [(0, 0), (1, 1), (2, 1), (1, 1), (None, 1)]
    columns = {"company": "int", WHOLE: "small", f"{BEFORE}{WHOLE}": "small"}
    name = lookups.given(columns, [(number, *pair) for number, pair in enumerate(pairs)])
    table = shares.beside(name, ["company"], lookups)
    (values,) = shares.values.values()
    assert values.rows is not None
    numbers = {row[0]: row[1] for row in rows_of(backend.arrow(f"FROM {table}"))}
    found = {company: None if number is None else values.rows[number] for company, number in numbers.items()}
    assert found == {0: (HALF,), 1: (FULL - HALF,), 2: (None,), 3: (FULL - HALF,), 4: None}
    assert len(values.rows) == 3  # each pair once


def test_without_hypothetical_facts_every_share_is_0_or_missing_with_its_score() -> None:
    own = results(HALF, NONE)
    ((numbers, values),) = Shares(own, own, with_parts=False).of_none()
    assert numbers == WHOLE
    assert values.rows == [(Decimal(0),), (None,)]
    assert list(values.columns) == ["hypothetical_total"]


def test_parts_have_shares_only_if_they_are_asked_for() -> None:
    columns = Results(compiled(MADE), {}).columns
    assert list(columns.hypothetical(with_parts=False)) == ["hypothetical_total"]
    whole = columns.hypothetical(with_parts=True)
    assert whole["ladder.hypothetical_points"] == "ladder.points"
    assert sum(name.endswith("hypothetical_score") for name in whole) == len(MADE.groups)


def test_the_table_says_what_a_hypothetical_fact_earns() -> None:
    stated = company(MADE, fact("share", {"percent": 20}))
    guessed = evolve(stated, id="guessed", facts=tuple(map(_hypothetical, stated.facts)))
    rows = _rows([stated, guessed], MADE)
    assert rows["guessed"]["ladder.hypothetical_points"] == rows["guessed"]["ladder.points"] == 4
    assert rows[stated.id]["ladder.hypothetical_points"] == 0


def _hypothetical(fact: Any) -> Any:
    return evolve(fact, basis=type(fact.basis).HYPOTHETICAL)


def _rows(companies: list[Company], made: Methodology) -> dict[str, Any]:
    return {row["company"]: row for row in table_of(companies, made, with_hypothetical=True).table.to_pylist()}


def test_a_share_of_numbers_that_are_values_themselves_is_their_difference() -> None:
    backend = DuckDB()
    lookups = Lookups(backend, "made")
    made = Results(compiled(MADE), {})
    kind = made.columns.whole()["total"]
    made.values = {"s0": Values({"total": kind}, None)}
    shares = Shares(made, made, with_parts=False)
    columns = {"company": "int", "s0": "int", f"{BEFORE}s0": "int"}
    name = lookups.given(columns, [(1, 1250, 250), (2, 1250, 1250), (3, None, 1)])
    table = shares.beside(name, ["company"], lookups)
    ((number, values),) = shares.values.items()
    assert (values.rows, [*values.columns]) == (None, ["hypothetical_total"])
    assert backend.rows(f"SELECT company, {number} FROM {table} ORDER BY 1") == [(1, 1000), (2, 0), (3, None)]  # noqa: S608
    ((zeros, nothing),) = shares.of_none()
    assert (zeros, nothing.columns, nothing.rows) == (ZEROS, {"hypothetical_total": kind}, None)

"""Tests of the published table, held against the methodology figure by figure."""

import re
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules import Dataset, Methodology
from cleancloud_rules.analysis.reproduction.reproducer import Reproducer
from cleancloud_rules.model.published import PublishedRow, PublishedTable
from cleancloud_rules.model.rounding import Rounding, RoundingMode, TotalPolicy
from cleancloud_rules.results import Reproduction
from cleancloud_rules.results.reproductions import Diagnosis, FigureRow, Order
from cleancloud_rules.scoring.compiled import compiled
from tests.support.known import known

CATEGORIES = ("transparency", "carbon_reduction", "renewable_energy", "influence")


@pytest.fixture(scope="module")
def found(methodology: Methodology, fitted: Dataset) -> Reproduction:
    return cc.analysis.reproduce(fitted, methodology)


class Again:
    """Examines changed tables without computing everything anew."""

    def __init__(self, methodology: Methodology, stated: Dataset, fitted: Dataset) -> None:
        assert fitted.published is not None
        self.table = fitted.published
        self.ranking = cc.rank(fitted, methodology, with_hypothetical=True)
        self.bounds = {found.company.id: found for found in cc.analysis.bounds(stated, methodology).companies}
        self.reproducer = Reproducer(compiled(methodology))
        fire = self.reproducer.compiled.fire
        self.fired = {company.id: fire(company, with_hypothetical=True) for company in fitted.companies}

    def __call__(self, table: PublishedTable) -> Reproduction:
        return self.reproducer.reproduction(
            "changed", table, self.ranking, self.bounds.__getitem__, self.fired.__getitem__
        )

    def changed(self, company: str, figure: str, value: Decimal) -> Reproduction:
        return self(
            PublishedTable(tuple(_with(r, figure, value) if r.company == company else r for r in self.table.rows))
        )


def _with(row: PublishedRow, figure: str, value: Decimal) -> PublishedRow:
    return evolve(row, total=value) if figure == "total" else evolve(row, scores={**row.scores, figure: value})


@pytest.fixture(scope="module")
def again(methodology: Methodology, stated: Dataset, fitted: Dataset) -> Again:
    return Again(methodology, stated, fitted)


def row_of(found: Reproduction, company: str, figure: str) -> FigureRow:
    return next(row for row in found.rows if (row.company, row.figure) == (company, figure))


def test_every_figure_and_both_orders_are_reproduced(found: Reproduction) -> None:
    assert (found.figures_equal, found.figures_total) == (125, 125)
    assert (found.orders_equal, found.orders_total) == (2, 2)
    assert found.is_equal
    assert {row.diagnosis for row in found.rows} == {Diagnosis.EQUAL}


def test_the_totals_are_sums_of_rounded_scores(found: Reproduction) -> None:
    assert (found.sum_of_rounded, found.rounded_sum) == (25, 15)
    assert row_of(found, "cnisp", "total").adds_up is Order.BOTH
    assert row_of(found, "baosight", "total").adds_up is Order.SUM_OF_ROUNDED


def test_stated_and_hypothetical_points_are_split(found: Reproduction) -> None:
    assert found.hypothetical_facts > 0
    row = row_of(found, "tencent", "renewable_energy")
    assert (row.stated_points, row.hypothetical_points) == (Decimal("15.0"), Decimal("12.0"))
    for row in found.rows:
        if row.figure != "total":
            assert row.stated_points is not None
            assert row.hypothetical_points is not None
            assert row.stated_points + row.hypothetical_points == row.points


def test_stated_facts_alone_do_not_give_the_table(methodology: Methodology, stated: Dataset) -> None:
    alone = cc.analysis.reproduce(stated, methodology)
    assert not alone.is_equal
    assert alone.hypothetical_facts == 0
    assert {row.diagnosis for row in alone.rows} <= {
        Diagnosis.EQUAL, Diagnosis.OTHER_POINTS, Diagnosis.FOLLOWS_OTHER_FIGURES,
    }  # fmt: skip


@pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.deep(part="cases"))])
def test_every_other_last_digit_is_told_apart(again: Again, step: int) -> None:
    figures = [(row, figure) for row in again.table.rows for figure in (*CATEGORIES, "total")]
    others = [(row, figure, digits) for row, figure in figures for digits in range(1, 10)]
    assert len(others) == 125 * 9
    for row, figure, digits in others[::step]:
        printed = row.figure(figure)
        last = int(printed.scaleb(2)) % 10
        other = printed + Decimal((last + digits) % 10 - last).scaleb(-2)
        found = again.changed(row.company, figure, other)
        got = row_of(found, row.company, figure)
        wanted = Diagnosis.WRONG_TOTAL if figure == "total" else Diagnosis.OFF_LATTICE
        assert got.diagnosis is wanted, (row.company, figure, other)
        assert found.figures_equal == 124


def test_a_figure_moved_by_steps_of_the_lattice_is_inside_or_outside_the_bounds(
    methodology: Methodology, again: Again
) -> None:
    seen: set[Diagnosis] = set()
    for row in again.table.rows:
        for category in methodology.categories:
            bounds = again.bounds[row.company].category(category.id)
            here = row_of(again(again.table), row.company, category.id).points
            assert here is not None
            for steps in (-5, -1, 1, 5):
                points = here + steps
                if not 0 <= points <= category.max_points:
                    continue
                score = (known(category.weight) * points / category.max_points).quantize(Decimal("0.01"))
                found = again.changed(row.company, category.id, score)
                got = row_of(found, row.company, category.id)
                inside = bounds.floor_points <= points <= bounds.ceiling_points
                assert got.diagnosis is (Diagnosis.OTHER_POINTS if inside else Diagnosis.OUTSIDE_BOUNDS)
                assert got.points == points
                total = row_of(found, row.company, "total")
                assert total.equal
                assert total.adds_up is not Order.SUM_OF_ROUNDED
                seen.add(got.diagnosis)
    assert seen == {Diagnosis.OTHER_POINTS, Diagnosis.OUTSIDE_BOUNDS}


def test_a_changed_category_with_a_total_that_follows_it_is_told_apart(again: Again) -> None:
    row = again.table.row("tencent")
    lower = evolve(row, scores={**row.scores, "influence": Decimal("7.00")}, total=known(row.total) - 1)
    table = PublishedTable(tuple(lower if r.company == "tencent" else r for r in again.table.rows))
    found = again(table)
    assert row_of(found, "tencent", "influence").diagnosis is Diagnosis.OTHER_POINTS
    assert row_of(found, "tencent", "total").diagnosis is Diagnosis.FOLLOWS_OTHER_FIGURES


def printed_under(rounding: Rounding, methodology: Methodology, fitted: Dataset) -> PublishedTable:
    """Return the published table as another rounding would have printed it."""
    assert fitted.published is not None
    ranking = cc.rank(fitted, evolve(methodology, rounding=rounding), with_hypothetical=True)
    cards = {row.scorecard.company.id: row.scorecard for cohort in ranking.cohorts for row in cohort.rows}
    return PublishedTable(
        tuple(
            evolve(
                row, total=cards[row.company].total, scores={g.id: known(g.score) for g in cards[row.company].groups}
            )
            for row in fitted.published.rows
        )
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mode": RoundingMode.CEILING}, "rounding scores up"),
        ({"mode": RoundingMode.FLOOR}, "rounding scores down"),
        ({"total": TotalPolicy.ROUNDED_SUM}, "combining exact categories and rounding once"),
    ],
)
def test_a_table_that_another_policy_printed_is_no_misprint(
    change: dict[str, Any], words: str, again: Again, methodology: Methodology, fitted: Dataset
) -> None:
    found = again(printed_under(evolve(methodology.rounding, **change), methodology, fitted))
    unequal = [row for row in found.rows if not row.equal]
    assert len(unequal) >= 10
    assert {row.diagnosis for row in unequal} <= {Diagnosis.OTHER_POLICY, Diagnosis.FOLLOWS_OTHER_FIGURES}
    assert all(words in row.alternatives for row in unequal)
    assert all(f"{words} would give it" in row.explanation for row in unequal)


def test_a_total_that_another_mode_rounds_once_is_not_wrong(methodology: Methodology, fitted: Dataset) -> None:
    rounding = evolve(methodology.rounding, total=TotalPolicy.ROUNDED_SUM)
    up = printed_under(evolve(rounding, mode=RoundingMode.CEILING), methodology, fitted)
    found = cc.analysis.reproduce(evolve(fitted, published=up), evolve(methodology, rounding=rounding))
    totals = [row for row in found.rows if row.figure == "total" and not row.equal]
    assert totals
    assert {row.diagnosis for row in totals} == {Diagnosis.OTHER_POLICY}
    assert all("rounding scores up" in row.alternatives for row in totals)


def test_another_policy_is_named_where_facts_are_missing(
    methodology: Methodology, stated: Dataset, fitted: Dataset
) -> None:
    # the stated facts earn fewer points, so no policy gives these figures; but only one fits the printed ones
    up = printed_under(evolve(methodology.rounding, mode=RoundingMode.CEILING), methodology, fitted)
    found = cc.analysis.reproduce(evolve(stated, published=up), methodology)
    off = [row for row in found.rows if row.diagnosis is Diagnosis.OFF_LATTICE and not row.alternatives]
    assert off
    assert all(
        re.search(r"; rounding scores up, [\d.]+ of [\d.]+ points would give it", row.explanation) for row in off
    )
    once = printed_under(evolve(methodology.rounding, total=TotalPolicy.ROUNDED_SUM), methodology, fitted)
    found = cc.analysis.reproduce(evolve(stated, published=once), methodology)
    total = row_of(found, "baosight", "total")
    assert (total.adds_up, total.diagnosis) == (Order.ROUNDED_SUM, Diagnosis.OTHER_POLICY)
    assert total.alternatives == ("combining exact categories and rounding once",)


def test_swapped_ranks_are_a_broken_order(again: Again) -> None:
    swap = {"cnisp": 10, "baosight": 9}
    rows = tuple(evolve(r, rank=swap.get(r.company, r.rank)) for r in again.table.rows)
    found = again(PublishedTable(rows))
    assert found.orders_equal == 1
    (broken,) = [order for order in found.orders if not order.equal]
    assert (broken.cohort, broken.follows) == ("data_center_operator", False)
    assert "CNISP" in broken.explanation


def test_the_order_of_the_rows_says_nothing(again: Again) -> None:
    found = again(PublishedTable(tuple(sorted(again.table.rows, key=lambda row: row.company))))
    assert found.orders_equal == found.orders_total == 2
    assert all(order.follows for order in found.orders)


def test_a_dataset_without_a_table_cannot_be_reproduced(methodology: Methodology, stated: Dataset) -> None:
    with pytest.raises(ValueError, match="no published table"):
        cc.analysis.reproduce(evolve(stated, published=None), methodology)

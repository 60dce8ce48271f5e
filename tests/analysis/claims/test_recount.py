"""Tests of the aggregate statements of the example."""

import pytest

import cleancloud_rules as cc
from cleancloud_rules import Dataset, Methodology
from cleancloud_rules.results.claims import ClaimResult


@pytest.fixture(scope="module")
def stated_rows(methodology: Methodology, stated: Dataset) -> dict[str, ClaimResult]:
    return {row.id: row for row in cc.analysis.findings(stated, methodology).rows}


@pytest.fixture(scope="module")
def fitted_rows(methodology: Methodology, fitted: Dataset) -> dict[str, ClaimResult]:
    return {row.id: row for row in cc.analysis.findings(fitted, methodology, with_hypothetical=True).rows}


@pytest.mark.parametrize(
    ("id", "count"),
    [
        ("cloud_providers", 10),
        ("data_center_operators", 15),
        ("renewable_by_2030", 8),
        ("renewable_and_neutral_by_2030", 6),
        ("neutral", 12),
        ("neutral_by_2030", 9),
        ("neither_by_2030", 14),
        ("share_above_10", 5),
        ("scope_3_by_2030_one", 1),
        ("scope_3_by_2030_two", 2),
    ],
)
def test_stated_facts_alone_give_the_count(stated_rows: dict[str, ClaimResult], id: str, count: int) -> None:
    row = stated_rows[id]
    assert (row.stated, row.published, row.met) == (count, str(count), True)
    assert len(row.companies) == count


def test_the_readings_of_the_56_percent_stand_side_by_side(stated_rows: dict[str, ClaimResult]) -> None:
    readings = [row for row in stated_rows.values() if row.topic == "share_of_56_percent"]
    assert [(row.stated, row.met) for row in readings] == [(14, True), (19, False), (15, False)]


def test_the_statements_on_scope_3_contradict_each_other(stated_rows: dict[str, ClaimResult]) -> None:
    one, two = stated_rows["scope_3_by_2030_one"], stated_rows["scope_3_by_2030_two"]
    assert (one.contradicts, two.contradicts) == ((two.id,), (one.id,))
    assert (one.companies, two.companies) == (("Tencent",), ("Alibaba Group", "Tencent"))


def test_earlier_editions_are_shown(stated_rows: dict[str, ClaimResult]) -> None:
    assert stated_rows["scope_3_emissions"].earlier == (("2022", 5),)
    assert stated_rows["share_above_10"].earlier == (("2022", 1),)


def test_stated_facts_do_not_give_what_the_report_counts_without_names(
    stated_rows: dict[str, ClaimResult],
) -> None:
    assert not stated_rows["electricity_and_emissions"].met
    assert stated_rows["electricity_and_emissions"].imposed


@pytest.mark.parametrize(
    ("id", "count"),
    [
        ("electricity_and_emissions", 18),
        ("energy_mix", 13),
        ("scope_3_emissions", 9),
        ("assured_emissions", 10),
        ("green_power_trading", 12),
        ("distributed_generation", 22),
    ],
)
def test_hypothetical_facts_meet_what_was_imposed(fitted_rows: dict[str, ClaimResult], id: str, count: int) -> None:
    row = fitted_rows[id]
    assert (row.with_hypothetical, row.met, row.imposed) == (count, True, True)
    assert len(row.companies) + len(row.hypothetical_companies) == count


def test_hypothetical_facts_leave_the_counts_of_stated_facts_as_they_are(
    stated_rows: dict[str, ClaimResult], fitted_rows: dict[str, ClaimResult]
) -> None:
    assert [row.stated for row in fitted_rows.values()] == [row.stated for row in stated_rows.values()]


def test_a_count_from_words_says_so(stated_rows: dict[str, ClaimResult]) -> None:
    assert {row.id for row in stated_rows.values() if row.from_words} == {
        "distributed_generation", "efficiency_progress", "supporting_technology",
    }  # fmt: skip


def test_the_notice_on_hypothetical_facts_is_there_only_where_they_are_read(
    methodology: Methodology, stated: Dataset, fitted: Dataset
) -> None:
    assert "hypothetical" not in {n.code for n in cc.analysis.findings(stated, methodology).notices}
    read = cc.analysis.findings(fitted, methodology, with_hypothetical=True)
    assert "hypothetical" in {notice.code for notice in read.notices}

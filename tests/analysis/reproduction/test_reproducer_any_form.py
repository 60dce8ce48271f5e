"""Tests of printed figures of methodologies that do more than add: what they are, and how they may have come about."""

from decimal import Decimal

import pytest
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules import Methodology
from cleancloud_rules.analysis.reproduction.figures import stated_of
from cleancloud_rules.language.load.figures import figures_of
from cleancloud_rules.model.published import FigureKind
from cleancloud_rules.results import Reproduction
from cleancloud_rules.results.reproductions import Diagnosis, FigureRow, Follows
from tests.support.examined_forms import averages, company, dataset

# north, east: g1 2 of 3, g2 3 of 3; deep (2 + 3) / 2 of 3 points: 8.3; flat 2 of 3: 6.7; total 7.5
REGIONS = ("north", "east", "west")


def reproduced(methodology: Methodology, table: str, *regions: str) -> Reproduction:
    companies = [company(methodology, *(regions or REGIONS)), company(methodology, id="bolt")]
    return cc.analysis.reproduce(dataset(methodology, table, *companies), methodology)


def only(found: Reproduction, figure: str) -> FigureRow:
    (row,) = (row for row in found.rows if row.figure == figure)
    return row


def test_figures_of_groups_and_criteria_at_any_depth_are_compared() -> None:
    found = reproduced(averages(), "company,total,deep,g1,g2,flat,a,e\nacme,7.5,8.3,2,3,6.7,2,0\n")
    assert found.is_equal
    assert (found.figures_total, found.orders_total) == (7, 0)
    assert {row.figure: row.kind for row in found.rows if row.figure in ("total", "g1", "a")} == {
        "total": FigureKind.TOTAL, "g1": FigureKind.SCORE, "a": FigureKind.POINTS,
    }  # fmt: skip
    assert found.not_printed == ("bolt",)


def test_a_figure_that_is_wrong_by_itself_differs_and_shows_its_arithmetic() -> None:
    row = only(reproduced(averages(), "company,total,deep,flat\nacme,7.9,8.3,6.7\n"), "total")
    assert (row.diagnosis, row.computed, row.follows) == (Diagnosis.OTHER_POINTS, Decimal("7.5"), Follows.NO)
    assert row.arithmetic == "(25/3 + 20/3) / 2 = 7.5"
    assert row.alternatives == ()
    assert (row.floor, row.ceiling) == (Decimal("7.5"), Decimal("10.0"))


def test_a_total_of_a_changed_category_follows_from_it() -> None:
    found = reproduced(averages(), "company,total,deep,flat\nacme,8.0,9.3,6.7\n")
    assert only(found, "deep").diagnosis is Diagnosis.OTHER_POINTS
    total = only(found, "total")
    assert (total.diagnosis, total.follows) == (Diagnosis.FOLLOWS_OTHER_FIGURES, Follows.EXACTLY)


def test_a_total_may_follow_as_the_printed_parts_are_rounded() -> None:
    # 9.32 and 6.66 would be printed as 9.3 and 6.7, and their mean 7.99 as 8.0; 8.1 is beyond both ends
    within = only(reproduced(averages(), "company,total,deep,flat\nacme,8.1,9.4,6.7\n"), "total")
    assert within.follows is Follows.EXACTLY
    low = only(reproduced(averages(), "company,total,deep,flat\nacme,8.0,9.4,6.7\n"), "total")
    assert (low.diagnosis, low.follows) == (Diagnosis.FOLLOWS_OTHER_FIGURES, Follows.WITHIN_ROUNDING)
    no = only(reproduced(averages(), "company,total,deep,flat\nacme,8.2,9.4,6.7\n"), "total")
    assert no.follows is Follows.NO


def test_another_rounding_mode_that_alone_would_give_it_is_named() -> None:
    found = reproduced(averages(), "company,flat\nacme,6.6\n")
    row = only(found, "flat")
    assert (row.diagnosis, row.alternatives) == (Diagnosis.OTHER_POLICY, ("rounding scores down",))
    assert "rounding scores down would give it" in row.explanation


def test_a_group_that_names_only_a_mode_has_the_digits_of_the_methodology() -> None:
    rounded_up = averages(deep={"rounding": {"mode": "ceiling"}})
    assert reproduced(rounded_up, "company,deep\nacme,8.4\n").is_equal, "25/3, with 1 decimal place"


def test_what_no_policy_gives_has_no_alternative() -> None:
    row = only(reproduced(averages(), "company,total\nacme,7.6\n"), "total")
    assert (row.diagnosis, row.alternatives, row.follows) == (Diagnosis.OTHER_POINTS, (), None)


def test_rounding_the_parts_first_is_an_alternative() -> None:
    methodology = averages(aggregate="sum", rounding={"digits": 0, "total": "rounded_sum", "points_digits": 1})
    # 25/3 + 20/3 = 15; rounded first 8 + 7 = 15; with a and d alone 10/3 + 20/3 = 10, rounded first 3 + 7 = 10
    assert only(reproduced(methodology, "company,total\nacme,15\n"), "total").equal
    row = only(reproduced(methodology, "company,total\nacme,7\n", "west", "b_none"), "total")
    assert row.equal
    both = reproduced(methodology, "company,total\nacme,4\n", "south", "west_end")  # 5/3 + 10/3 = 5; 2 + 3 = 5
    assert only(both, "total").diagnosis is Diagnosis.OUTSIDE_BOUNDS
    third = reproduced(methodology, "company,total\nacme,9\n", "south", "west")  # 5/3 + 20/3 = 25/3; 2 + 7 = 9
    assert only(third, "total").alternatives == (
        "rounding scores up",
        "rounding the categories before they are combined",
    )


def test_parts_of_one_group_and_what_does_not_apply_are_alternatives() -> None:
    methodology = averages(
        deep={"parts": "rounded"}, rounding={"digits": 0, "total": "rounded_sum", "points_digits": 1}
    )
    found = reproduced(methodology, "company,deep\nacme,5\n", "north", "south")  # (3 + 0) / 2 of 3: 5
    assert found.is_equal
    exempt = averages(deep={"not_applicable": {"cohorts": ["big"], "counts_as": "full"}})
    row = only(reproduced(exempt, "company,total\nacme,6.7\n"), "total")  # full: (10 + 20/3) / 2 = 8.3
    assert row.computed == Decimal("8.3")
    assert row.alternatives == ("excluding criteria that do not apply",)


def test_a_dash_is_equal_to_no_score_and_a_number_is_not() -> None:
    exempt = averages(deep={"not_applicable": {"cohorts": ["big"]}})
    found = reproduced(exempt, "company,total,deep,a\nacme,6.7,-,n/a\n")
    assert found.is_equal
    assert only(found, "deep").published is None
    wrong = reproduced(exempt, "company,total,deep\nacme,-,8.3\n")
    assert [(row.figure, row.equal, row.computed) for row in wrong.rows] == [
        ("total", False, Decimal("6.7")), ("deep", False, None),
    ]  # fmt: skip


def test_levels_labels_and_tables_follow_from_what_they_read() -> None:
    methodology = averages(
        levels=[{"id": "low", "title": "Low"}, {"id": "high", "title": "High", "at_least": 7}],
        bands=[{"label": "A", "score": ">= 7"}, {"label": "B", "score": "< 7"}],
        tables=[
            {
                "id": "status", "title": "Status", "inputs": {"l": {"label": "total"}}, "outputs": ["good", "bad"],
                "rows": [{"l": "A", "then": "good"}], "otherwise": "bad",
            }
        ],
        rank_by=["level", "total"],
    )  # fmt: skip
    table = "company,rank,total,level,label,status\nacme,1,7.5,High,A,good\nbolt,2,0.0,low,B,bad\n"
    found = reproduced(methodology, table)
    assert found.is_equal
    stated = {row.figure: row.stated for row in found.rows if row.company == "acme"}
    assert stated == {"total": Decimal("7.5"), "level": "high", "label": "A", "status": "good"}
    assert (
        found.orders[0].explanation
        == "the printed ranks equal the computed ranks, and those that the printed level and total give"
    )
    lower = reproduced(methodology, "company,total,level,label,status\nacme,6.5,low,B,bad\n")
    for name in ("level", "label", "status"):
        row = only(lower, name)
        assert (row.diagnosis, row.follows) == (Diagnosis.FOLLOWS_OTHER_FIGURES, Follows.EXACTLY)
    alone = only(reproduced(methodology, "company,label\nacme,B\n"), "label")
    assert (alone.diagnosis, alone.follows) == (Diagnosis.DIFFERS, None)
    assert alone.arithmetic is not None
    assert "7.5 is A: >= 7" in alone.arithmetic


def test_a_label_beside_hypothetical_facts_is_not_called_stated() -> None:
    methodology = averages(bands=[{"label": "A", "score": ">= 0"}])
    card = cc.score(company(methodology, "north"), methodology)
    label = figures_of(methodology)["label"]
    assert stated_of(label, card) == "A"
    assert stated_of(label, evolve(card, facts=(evolve(card.facts[0], basis="hypothetical"),))) is None


def test_ranks_that_are_not_those_of_the_figures_are_told_apart() -> None:
    found = reproduced(averages(), "company,rank,total\nacme,2,7.5\nbolt,1,0.0\n")
    (order,) = found.orders
    assert (order.equal, order.follows) == (False, False)
    assert "Acme is printed as 2, but its printed total gives 1" in order.explanation
    without = reproduced(averages(), "company,rank\nacme,1\nbolt,2\n")
    assert (without.orders[0].equal, without.orders[0].follows) == (True, None)
    assert without.is_equal


def test_a_company_that_has_no_rank_takes_no_place() -> None:
    found = reproduced(averages(), "company,rank,total\nacme,-,7.5\nbolt,1,0.0\n")
    assert found.is_equal


@pytest.mark.parametrize(
    ("table", "is_equal", "explanation"),
    [
        ("acme,4,7.5\nbolt,17,0.0\n", True, "the rows are a part of a longer ranking, and their order equals"),
        ("acme,4,7.5\nbolt,4,0.0\n", False, "Bolt is printed as 4, place 1 of 2, but its printed total gives 2"),
        ("acme,17,7.5\nbolt,4,0.0\n", False, "Acme is printed as 17, place 2 of 2, but its printed total gives 1"),
        ("acme,1,7.5\nbolt,3,0.0\n", False, "Bolt is printed as 3, but its printed total gives 2"),
    ],
)
def test_a_part_of_a_longer_ranking_is_compared_by_its_order(table: str, is_equal: bool, explanation: str) -> None:
    (order,) = reproduced(averages(), "company,rank,total\n" + table).orders
    assert order.equal is is_equal
    assert explanation in order.explanation


def test_a_table_that_lists_a_part_of_the_dataset_is_compared_by_its_order() -> None:
    methodology = averages()
    rich, poor = company(methodology, *REGIONS), company(methodology)
    three = [evolve(one, id=id, name=id) for id, one in (("a", poor), ("b", rich), ("c", poor))]
    found = cc.analysis.reproduce(dataset(methodology, "company,rank\nb,1\nc,3\n", *three), methodology)
    assert found.orders[0].equal
    assert found.not_printed == ("a",)


def test_a_printed_company_that_the_dataset_lacks_is_reported() -> None:
    methodology = averages()
    some = dataset(methodology, "company,total\nacme,7.5\nnobody,1.0\n", company(methodology, *REGIONS))
    found = cc.analysis.reproduce(some, methodology)
    assert (found.figures_equal, found.figures_total) == (1, 1)
    assert found.not_in_dataset == ("nobody",)
    assert not found.is_equal

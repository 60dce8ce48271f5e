from collections.abc import Sequence

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cleancloud_rules import rank
from cleancloud_rules.results.rankings import Cohort
from cleancloud_rules.results.records import NoticeRecord
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.ranking import RankKey, ranking_of
from tests.support import small

METHODOLOGY = small.methodology(small.LADDER, small.GOALS)
EMPTY = small.card(METHODOLOGY)
LOW = small.card(METHODOLOGY, small.fact("share", {"percent": 5}))
HIGH = small.card(METHODOLOGY, small.fact("share", {"percent": 50}))


def called(card: Scorecard, id: str, *, name: str | None = None, cohort: str | None = "big") -> Scorecard:
    return evolve(card, company=evolve(card.company, id=id, name=name or id.upper(), cohort=cohort))


def rows(cohort: Cohort) -> list[tuple[int | None, str]]:
    return [(row.rank, row.scorecard.company.id) for row in cohort.rows]


def test_equal_totals_share_a_rank_and_the_next_leaves_room() -> None:
    cards = [called(LOW, "c"), called(HIGH, "a"), called(LOW, "b"), called(EMPTY, "d")]
    (cohort,) = ranking_of(cards, METHODOLOGY).cohorts
    assert rows(cohort) == [(1, "a"), (2, "b"), (2, "c"), (4, "d")]


def test_of_equal_totals_names_go_first_and_then_ids() -> None:
    cards = [called(LOW, "a", name="Zed"), called(LOW, "c", name="Ann"), called(LOW, "b", name="Ann")]
    (cohort,) = ranking_of(cards, METHODOLOGY).cohorts
    assert rows(cohort) == [(1, "b"), (1, "c"), (1, "a")]


def test_cohorts_stand_in_the_order_of_the_methodology_and_each_has_its_own_ranks() -> None:
    cards = [called(LOW, "a", cohort="tiny"), called(HIGH, "b", cohort="big"), called(EMPTY, "c", cohort="tiny")]
    found = ranking_of(cards, METHODOLOGY).cohorts
    assert [(cohort.id, cohort.title, rows(cohort)) for cohort in found] == [
        ("big", "Big ones", [(1, "b")]),
        ("tiny", "Tiny ones", [(1, "a"), (2, "c")]),
    ]


def test_companies_outside_any_cohort_come_last() -> None:
    cards = [called(HIGH, "a", cohort=None), called(LOW, "b")]
    found = ranking_of(cards, METHODOLOGY).cohorts
    assert [(cohort.id, rows(cohort)) for cohort in found] == [("big", [(1, "b")]), (None, [(1, "a")])]


def test_a_ranking_of_nobody_has_no_cohorts_and_still_its_notices() -> None:
    found = ranking_of([], METHODOLOGY)
    assert found.cohorts == ()
    assert found.notices == (NoticeRecord("plain", "For tests."),)


def test_a_notice_about_one_company_is_shown_once_for_all() -> None:
    guessed = small.fact("share", {"percent": 50}, basis="hypothetical")
    companies = [small.company(METHODOLOGY, guessed), small.company(METHODOLOGY, id="other", name="Other")]
    assert [notice.code for notice in rank(companies, METHODOLOGY).notices] == ["plain"]
    assert rank(companies, METHODOLOGY, with_hypothetical=True).notices == (
        NoticeRecord("plain", "For tests."),
        NoticeRecord("guess", "Guessed for Acme."),
    )


def test_a_notice_names_every_company_that_has_it_and_counts_them_if_they_are_many() -> None:
    guessed = small.fact("share", {"percent": 50}, basis="hypothetical")
    companies = [small.company(METHODOLOGY, guessed, id=f"c{n}", name=f"C{n}") for n in range(31)]

    def said(number: int) -> str:
        return rank(companies[:number], METHODOLOGY, with_hypothetical=True).notices[1].text

    assert said(2) == "Guessed for C0 or C1."
    assert said(3) == "Guessed for C0, C1 or C2."
    assert said(30).endswith("C28 or C29.")
    assert said(31) == "Guessed for any of the 31 companies."


@pytest.mark.parametrize("by", ["label", "level"])
def test_a_better_label_and_a_higher_level_go_first_and_none_goes_last(by: str) -> None:
    graded = small.methodology(
        small.LADDER,
        rank_by=[by],
        rounding={"digits": 2, "points_digits": 1, "total": "rounded_sum"},
        **{
            "label": {"bands": [{"label": "good", "score": ">= 50"}, {"label": "bad", "score": "< 50"}]},
            "level": {"levels": [{"id": "bad", "title": "Bad"}, {"id": "good", "title": "Good"}]},
        }[by],
    )
    key = RankKey(graded)
    values = [None, "bad", "good"]
    assert sorted(values, key=lambda value: key.of_values({by: value})) == ["good", "bad", None]


@given(st.permutations([called(card, f"{name}{i}") for name, card in (("x", LOW), ("y", HIGH)) for i in range(3)]))
def test_the_order_of_the_scorecards_does_not_matter(cards: Sequence[Scorecard]) -> None:
    (cohort,) = ranking_of(cards, METHODOLOGY).cohorts
    assert rows(cohort) == [(1, "y0"), (1, "y1"), (1, "y2"), (4, "x0"), (4, "x1"), (4, "x2")]

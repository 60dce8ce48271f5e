"""Tests of a ranking in text."""

from decimal import Decimal

from attrs import evolve

from cleancloud_rules.reports.text import as_text
from cleancloud_rules.reports.text_ranking import ranking_text
from cleancloud_rules.scorecards import Cohort, Ranking
from tests import samples


def lines(ranking: Ranking) -> list[str]:
    return as_text(ranking_text(ranking)).splitlines()


def test_the_notices_stand_above_all() -> None:
    assert lines(samples.ranking())[:2] == [notice.text for notice in samples.NOTICES]


def test_a_row_has_rank_name_scores_points_total_and_what_is_not_assessed() -> None:
    row = next(line for line in lines(_without_hypothetical(samples.ranking())) if "Acme" in line)
    assert row.split() == ["1", "Acme", "26.67", "(4.0)", "30.00", "(1.0)", "56.67", "1"]


def _without_hypothetical(ranking: Ranking) -> Ranking:
    cohort = ranking.cohorts[0]
    rows = []
    for row in cohort.rows:
        card = row.scorecard
        categories = tuple(evolve(c, hypothetical_points=Decimal("0.0")) for c in card.categories)
        rows.append(evolve(row, scorecard=evolve(card, hypothetical_total=Decimal(0), categories=categories)))
    return evolve(ranking, cohorts=(evolve(cohort, rows=tuple(rows)),))


def test_hypothetical_points_are_split_from_stated_ones() -> None:
    row = next(line for line in lines(samples.ranking()) if "Acme" in line)
    assert "26.67 (4.0 + 0.0 hyp.)  30.00 (0.0 + 1.0 hyp.)" in row


def test_hypothetical_points_have_a_column_only_where_there_are_any() -> None:
    ranking = samples.ranking()
    assert any("hypothetical" in line for line in lines(ranking))
    without = _without_hypothetical(ranking)
    assert not any("hypothetical" in line for line in lines(without))


def test_a_cohort_without_companies_has_no_table() -> None:
    ranking = evolve(samples.ranking(), cohorts=(Cohort("empty", "Empty", ()),))
    assert lines(ranking)[-1] == "Empty (0)"


def test_a_long_title_takes_several_lines() -> None:
    ranking = samples.ranking()
    cohort = ranking.cohorts[0]
    card = cohort.rows[0].scorecard
    category = evolve(card.categories[0], title="Renewable energy procurement and targets")
    row = evolve(cohort.rows[0], scorecard=evolve(card, categories=(category,)))
    said = lines(evolve(ranking, cohorts=(evolve(cohort, rows=(row,)),)))
    assert any("Renewable energy" in line for line in said)
    assert not any("Renewable energy procurement" in line for line in said)

"""Tests of a ranking in text."""

from decimal import Decimal

from attrs import evolve

from cleancloud_rules import rank
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.ranking import ranking_text
from cleancloud_rules.results.rankings import Cohort, Ranking
from tests.support import samples, small
from tests.support.fictional import FARMS, LIBRARIES, TOOLS, ranking


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
    assert any("Hypothetical" in line for line in lines(ranking))
    without = _without_hypothetical(ranking)
    assert not any("Hypothetical" in line for line in lines(without))


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


def test_what_the_ranks_follow_is_said_unless_it_is_the_total() -> None:
    assert any(line.startswith("Ranked by standing, then by total. Scores, ") for line in lines(ranking(FARMS)))
    assert any(line.startswith("Ranked by level. Points from stated facts.") for line in lines(ranking(LIBRARIES)))
    assert not any(line.startswith("Ranked by") for line in lines(ranking(TOOLS)))


def test_a_company_without_a_level_is_told_from_one_whose_result_is_withheld() -> None:
    moor, quay = (next(line for line in lines(ranking(LIBRARIES)) if name in line) for name in ("Moor", "Quay"))
    assert (moor.split()[:1], "withheld" in moor) == (["4"], True)
    assert (quay.split()[:1], "withheld" in quay) == (["4"], False)


def test_the_most_that_can_be_had_stands_in_the_row_where_it_differs() -> None:
    anvil = next(line for line in lines(ranking(TOOLS)) if "Anvil" in line)
    drill = next(line for line in lines(ranking(TOOLS)) if "Drill" in line)
    assert "75.0 (5.50 of 7.00)  75.0 (4.50 of 6.00)    75.0" in anvil
    assert "3.3 (0.50 of 13.00)     0.0 (0.00)     1.7" in drill


def test_the_head_says_what_happens_to_criteria_that_are_not_assessed() -> None:
    def said(**more: str) -> str:
        methodology = small.methodology(small.LADDER, small.GOALS, **more)
        made = rank([small.company(methodology, small.fact("share", {"percent": 5}))], methodology)
        return " ".join(as_text(ranking_text(made)).split())

    assert "not assessed: it earns nothing here, but the company has not failed it." in said()
    assert "not assessed: it is left out here, but the company has not failed it." in said(not_assessed="excluded")

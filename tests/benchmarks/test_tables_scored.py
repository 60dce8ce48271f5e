"""Tests of the benchmark of scoring tables, with few companies and without limits of time."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.reading.normalise import fact_tables_of
from cleancloud_rules.tables.scoring.score_table import score_table
from tests.benchmarks import large_tables, questionnaire
from tests.benchmarks.tables_scored import BY_HAND, COMPUTES, METHODOLOGIES, figures, floor, survey_by_hand


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    (tmp_path / "tables").mkdir()
    large_tables.write_survey(tmp_path / "tables", 12)
    return tmp_path


def test_the_survey_has_the_totals_of_plain_python_and_of_polars(survey: Path) -> None:
    methodology, plain = METHODOLOGIES["survey"](), questionnaire.Plain(questionnaire.files())
    rows = score_table(fact_tables_of(survey / "tables", methodology, DuckDB()), methodology).table.to_pylist()
    hand = {row["company"]: row for row in survey_by_hand(survey / "tables").to_dicts()}
    assert len(rows) == len(hand) == 12
    for row in rows:
        total = plain.total(questionnaire.answered(int(row["company"].removeprefix("c"))))
        assert row["total"] == total
        assert abs(hand[row["company"]]["total"] - float(total)) < 0.006
        assert row["rank"] == hand[row["company"]]["rank"]


def test_all_ways_are_timed(survey: Path) -> None:
    found = figures("survey", survey, 1)
    assert set(found) == {"floor", *COMPUTES} - (set() if find_spec("openfisca_core") else {"OpenFisca"})
    assert all(clock > 0 and processor > 0 for ((clock, processor),) in found.values())


def test_clean_cloud_has_the_points_scores_and_ranks_of_polars(tmp_path: Path) -> None:
    methodology = METHODOLOGIES["clean cloud"]()
    large_tables.write_companies(tmp_path, methodology, 250, 40, pool=120)
    rows = score_table(fact_tables_of(tmp_path, methodology, DuckDB()), methodology).table.to_pylist()
    hand = {row["company"]: row for row in BY_HAND["clean cloud"](tmp_path).to_dicts()}
    assert len(rows) == len(hand) == 250
    names: dict[str, str] = {f"{criterion.id}.points": criterion.id for criterion in methodology.criteria}
    names |= {name: name for name in ("rank", "total", *(f"{group.id}.score" for group in methodology.categories))}
    for row in rows:
        said = {name: float(row[name]) for name in names}
        assert said == pytest.approx({name: hand[row["company"]][own] for name, own in names.items()}, abs=0.001)
    assert all(any(row[name] for row in rows) for name in names)


def test_facts_are_drawn_for_each_company(tmp_path: Path) -> None:
    methodology, backend = METHODOLOGIES["clean cloud"](), DuckDB()
    large_tables.write_companies(tmp_path, methodology, 40, 5, pool=20)
    tables = fact_tables_of(tmp_path, methodology, backend)
    assert score_table(tables, methodology).table.num_rows == 40
    assert 0 < len(backend.rows(floor(tables, methodology))) <= 40

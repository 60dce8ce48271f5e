"""Tests of the survey in OpenFisca, which `make .venv/bench` installs."""

from pathlib import Path

import pytest

from tests.benchmarks import large_tables, questionnaire
from tests.benchmarks.survey_in_openfisca import Survey, columns
from tests.benchmarks.tables_scored import NEAR


def test_openfisca_has_the_totals_of_plain_python(tmp_path: Path) -> None:
    pytest.importorskip("openfisca_core", reason="OpenFisca is an extra of the benchmarks")
    large_tables.write_survey(tmp_path, 12)
    plain = questionnaire.Plain(questionnaire.files())
    expected = [float(plain.total(questionnaire.answered(number))) for number in range(12)]
    assert Survey().totals(columns(tmp_path)).tolist() == pytest.approx(expected, abs=NEAR)
    assert len(set(expected)) > 6


def test_the_answers_of_a_question_are_one_vector(tmp_path: Path) -> None:
    large_tables.write_survey(tmp_path, 3)
    found = columns(tmp_path)
    assert len(found) == questionnaire.QUESTIONS + questionnaire.MEASURES
    said = [questionnaire.answered(number) for number in range(3)]
    assert [questionnaire.ANSWERS[code] for code in found["q7"]] == [one.answers["q7"] for one in said]
    assert found["m3"].tolist() == pytest.approx([one.tenths["m3"] / 10 for one in said])

"""Tests of ``findings``."""

import json

from tests.cli.conftest import Run
from tests.support.places import COMPANIES, DATASET


def test_the_rows_have_counts_and_names(run: Run) -> None:
    found = json.loads(run("findings", DATASET, "--format", "json").stdout)
    rows = {row["id"]: row for row in found["rows"]}
    row = rows["renewable_by_2030"]
    assert (row["stated"], row["published"], row["met"], len(row["companies"])) == (8, "8", True, 8)
    assert rows["scope_3_emissions"]["earlier"] == {"2022": 5}
    assert all(row["with_hypothetical"] is None for row in rows.values())


def test_hypothetical_facts_are_read_when_asked_for(run: Run) -> None:
    result = run("findings", DATASET, "--with-hypothetical")
    assert result.exit_code == 0
    assert "With hypothetical\n" in result.stdout
    assert "HYPOTHETICAL, only with facts chosen by a solver" in result.stdout


def test_without_them_no_line_speaks_of_them(run: Run) -> None:
    assert "only with facts chosen by a solver" not in run("findings", DATASET).stdout


def test_a_company_file_is_no_dataset(run: Run) -> None:
    result = run("findings", COMPANIES / "gds.yaml")
    assert result.exit_code == 2
    assert "is not a dataset" in result.stderr

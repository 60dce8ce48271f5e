"""Tests of ``reproduce``."""

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.support.places import DATASET, edit


def test_every_figure_and_both_orders_are_reproduced(run: Run) -> None:
    result = run("reproduce", DATASET, "--format", "json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert (found["figures_total"], found["figures_equal"]) == (125, 125)
    assert (found["orders_total"], found["orders_equal"]) == (2, 2)
    assert len(found["rows"]) == 125
    assert "hypothetical" in {notice["code"] for notice in found["notices"]}


def test_the_verdict_says_what_it_shows_and_what_not(run: Run) -> None:
    text = " ".join(run("reproduce", DATASET).stdout.split())
    assert "Figures reproduced: 125 of 125." in text
    assert "This shows that they can. It does not show that these facts are true" in text


def test_a_changed_table_is_diagnosed_and_the_exit_code_is_1(run: Run, dataset: Path) -> None:
    edit(dataset / "published.csv", "gds,GDS,data_center_operator,1,16.67", "gds,GDS,data_center_operator,1,16.68")
    result = run("reproduce", dataset)
    assert result.exit_code == 1
    assert "off lattice" in result.stdout


def test_a_dataset_without_a_table_is_a_usage_error(run: Run, dataset: Path) -> None:
    edit(dataset / "dataset.yaml", "published: published.csv\n", "")
    assert run("reproduce", dataset).exit_code == 2


def test_all_rows_are_shown_on_request(run: Run) -> None:
    assert run("reproduce", DATASET, "--all").stdout.count("transparency ") == 25

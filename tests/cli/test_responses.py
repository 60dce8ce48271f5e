"""Tests of the ranks that responses would change: ``score`` and ``explain`` know them where a dataset is named."""

import json
from pathlib import Path
from shutil import copytree

import pytest

from cleancloud_rules import rank
from tests.cli.conftest import Run
from tests.support.examples import example
from tests.support.places import ROOT, edit

WATER = ROOT / "examples" / "careful_water"
MOVES = "Rank: 4 to 3. Other ranks: Example Fen Growers (fictional) 3 to 4."


@pytest.mark.parametrize(("command", "says"), [("score", MOVES), ("explain", "- Rank: 4 to 3.")])
def test_a_named_dataset_gives_the_ranks(run: Run, command: str, says: str) -> None:
    alone = run(command, WATER / "companies" / "example_ridge.yaml").stdout
    within = run(command, "example_ridge", "--dataset", WATER).stdout
    assert (says in " ".join(alone.split()), says in " ".join(within.split())) == (False, True)
    sentence = "`rank` shows which ranks they would change."
    assert (sentence in " ".join(alone.split()), sentence in " ".join(within.split())) == (True, False)


def test_they_are_those_of_the_ranking(run: Run) -> None:
    card = json.loads(run("score", "example_ridge", "--dataset", WATER, "--format", "json").stdout)
    methodology, dataset = example("careful_water")
    rows = (row for cohort in rank(dataset, methodology).cohorts for row in cohort.rows)
    (ranked,) = (row.scorecard for row in rows if row.company.id == "example_ridge")
    assert card["responses"] == json.loads(ranked.to_json())["responses"]
    assert [effect["ranked"] for effect in (one["effect"] for one in card["responses"])] == [5, 5]


def test_a_company_without_responses_needs_no_ranking(run: Run, tmp_path: Path) -> None:
    water = Path(copytree(WATER, tmp_path / "water"))
    edit(water / "companies" / "example_dale.yaml", "facts:", "fact:")
    assert run("score", "example_fen", "--dataset", water).exit_code == 0
    done = run("score", "example_ridge", "--dataset", water)
    assert (done.exit_code, "unknown-key" in done.stderr) == (1, True)

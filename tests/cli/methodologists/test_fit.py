"""Tests of ``fit``."""

import json
from pathlib import Path

from tests.cli.conftest import Run
from tests.support.places import DATASET, edit


def test_the_overlay_is_written_and_the_facts_are_counted(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "new" / "overlay.yaml"
    result = run("fit", DATASET, "-o", target)
    assert result.exit_code == 0
    assert "fewer may be possible" in result.stdout
    shipped = DATASET / "hypothetical" / "overlay.yaml"
    assert target.read_bytes() == shipped.read_bytes()


def test_without_a_solution_the_conflict_is_named_and_nothing_is_written(
    run: Run, dataset: Path, tmp_path: Path
) -> None:
    edit(dataset / "published.csv", "gds,GDS,data_center_operator,1,16.67", "gds,GDS,data_center_operator,1,16.68")
    target = tmp_path / "overlay.yaml"
    result = run("fit", dataset, "-o", target, "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["conflicts"] == [
        {"company": "gds", "figure": "transparency", "published": "16.68"}
    ]
    assert not target.exists()

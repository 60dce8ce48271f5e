"""Tests of ``schema``."""

from pathlib import Path

import pytest

from cleancloud_rules.schemas.catalogue import SCHEMAS
from tests.cli.conftest import Run
from tests.support.places import SCHEMAS as FOLDER


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_schema_is_printed_as_the_file_holds_it(run: Run, name: str) -> None:
    result = run("schema", name)
    assert result.exit_code == 0
    assert result.stdout == (FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")


def test_without_a_name_the_names_are_listed(run: Run) -> None:
    assert run("schema").stdout.split() == sorted(SCHEMAS)


def test_an_unknown_name_is_wrong_usage_with_a_hint(run: Run) -> None:
    result = run("schema", "scorecards")
    assert result.exit_code == 2
    assert "did you mean `scorecard`?" in result.stderr


def test_a_schema_is_written_to_a_file(run: Run, tmp_path: Path) -> None:
    run("schema", "facts", "-o", tmp_path / "facts.json")
    assert (tmp_path / "facts.json").read_text(encoding="utf-8") == run("schema", "facts").stdout

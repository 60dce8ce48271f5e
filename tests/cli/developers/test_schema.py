"""Tests of ``schema``."""

import json
from pathlib import Path

import pytest

from cleancloud_rules import load_methodology
from cleancloud_rules.schemas.catalogue import SCHEMAS, schema
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


def test_with_a_methodology_the_schema_of_a_company_knows_its_fact_types(run: Run) -> None:
    result = run("schema", "company", "-m", "clean_cloud_2024")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == schema("company", load_methodology("clean_cloud_2024"))


def test_a_schema_that_is_the_same_under_every_methodology_is_wrong_usage(run: Run) -> None:
    result = run("schema", "ranking", "-m", "clean_cloud_2024")
    assert result.exit_code == 2
    assert "of one there are `added_facts` and `company`" in result.stderr


def test_a_methodology_needs_the_name_of_a_schema(run: Run) -> None:
    result = run("schema", "-m", "clean_cloud_2024")
    assert result.exit_code == 2
    assert "--methodology needs the NAME of a schema" in result.stderr


def test_a_methodology_that_is_not_there_or_is_wrong_is_refused(run: Run, tmp_path: Path) -> None:
    assert run("schema", "company", "-m", tmp_path / "nowhere").exit_code == 2
    result = run("schema", "company", "-m", tmp_path)
    assert result.exit_code == 1
    assert "error[" in result.stderr

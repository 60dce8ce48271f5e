"""Answers that contradict each other under `selection: single`: what a ranking and a recount of claims do then."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run, run
from tests.support.places import ROOT, edit

__all__ = ["run"]  # a fixture

CLAIM = """statements:
  - id: drawings
    title: Makers with a drawing of all parts
    published: 1
    when: {answer: {question: drawing, value: yes}}
"""
AGAIN = "facts:\n  - {answer: {question: drawing, value: ANSWER}, source: round-2025, period: 2025}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the example of a survey with a claim, in which one maker answers one question twice."""
    made = Path(shutil.copytree(ROOT / "examples" / "mendable_tools", tmp_path / "tools"))
    edit(made / "dataset.yaml", "sources: sources.yaml", "sources: sources.yaml\nstatements: claims.yaml")
    (made / "claims.yaml").write_text(CLAIM, encoding="utf-8")
    twice(made, "no")
    return made


def twice(folder: Path, answer: str) -> None:
    """Let the maker of anvils, who answers "partly", give another answer to the same question."""
    anvil = folder / "companies" / "example_anvil.yaml"
    stated = anvil.read_text(encoding="utf-8").split("facts:\n")[0]
    anvil.write_text(stated + AGAIN.replace("ANSWER", answer), encoding="utf-8")


def ranked(text: str) -> list[str]:
    return [row["company"]["id"] for cohort in json.loads(text)["cohorts"] for row in cohort["rows"]]


@pytest.mark.parametrize("command", ["rank", "findings", "bounds", "score"])
def test_a_contradiction_ends_a_command_and_names_both_places(run: Run, folder: Path, command: str) -> None:
    result = run(command, folder)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error[contradiction]" in result.stderr
    assert "example_anvil.yaml" in result.stderr


def test_a_ranking_goes_on_without_the_company_that_contradicts_itself(run: Run, folder: Path) -> None:
    result = run("rank", folder, "--keep-going", "--format", "json")
    assert result.exit_code == 1
    assert result.stderr.count("error[contradiction]") == 1
    twice(folder, "partly")
    everyone = run("rank", folder, "--format", "json")
    assert everyone.exit_code == 0, "the same answer again is one answer"
    assert ranked(result.stdout) == [id for id in ranked(everyone.stdout) if id != "example_anvil"]
    assert len(ranked(everyone.stdout)) == 4


def test_a_claim_is_recounted_without_telling_what_a_contradicting_company_answers(run: Run, folder: Path) -> None:
    result = run("findings", folder, "--keep-going", "--format", "json")
    assert result.exit_code == 1
    (claim,) = json.loads(result.stdout)["rows"]
    assert claim["cannot_tell"] == ["example_anvil"]
    twice(folder, "partly")
    (closed,) = json.loads(run("findings", folder, "--format", "json").stdout)["rows"]
    assert closed["no"] == sorted([*claim["no"], "example_anvil"]), "the question is answered, so no fact can be added"
    assert (closed["yes"], closed["cannot_tell"]) == (claim["yes"], [])

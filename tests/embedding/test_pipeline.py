"""The pipeline of the documentation: pages are written if nothing is wrong, and else one run shows all mistakes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.places import ROOT

FOLDER = ROOT / "docs" / "examples" / "pipeline"
WORKFLOW: dict[str, Any] = yaml.safe_load((FOLDER / "workflow.yaml").read_text(encoding="utf-8"))
CALL = next(
    step["run"] for step in WORKFLOW["jobs"]["methodology"]["steps"] if step.get("name", "").startswith("Check")
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with a methodology, a dataset and the script, as the workflow finds them."""
    folder = tmp_path / "checkout"
    example = ROOT / "examples" / "careful_water"
    shutil.copytree(example / "methodology", folder / "criteria")
    shutil.copytree(example, folder / "data", ignore=shutil.ignore_patterns("methodology", "README.md"))
    for file in folder.rglob("*.yaml"):  # the schemas are elsewhere
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join(line for line in lines if "yaml-language-server" not in line), encoding="utf-8")
    shutil.copy(FOLDER / "check-and-publish.sh", folder)
    return folder


def run(folder: Path, documentation: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the step of the workflow as the service does."""
    bash = shutil.which("bash")
    assert bash is not None, "these tests need bash"
    programs = folder.parent / "bin"
    programs.mkdir(exist_ok=True)
    tool = programs / "cleancloud-rules"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cleancloud_rules "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "DOCUMENTATION": documentation}
    return subprocess.run(
        [bash, "-e", "-c", CALL], cwd=folder, env=environment, check=False, capture_output=True, text=True
    )


def log(folder: Path) -> Any:
    (found,) = json.loads((folder / "check.sarif").read_text(encoding="utf-8"))["runs"]
    return found


@pytest.mark.outside
def test_pages_are_written_where_nothing_is_wrong(checkout: Path) -> None:
    done = run(checkout)
    assert done.returncode == 0, done.stderr
    assert (checkout / "build" / "pages" / "index.html").is_file()
    assert log(checkout)["results"] == []


@pytest.mark.outside
def test_one_run_shows_all_mistakes_and_publishes_nothing(checkout: Path) -> None:
    source = next(iter(sorted((checkout / "data" / "companies").glob("*.yaml"))))
    source.write_text(source.read_text(encoding="utf-8").replace("name:", "nam:", 1), encoding="utf-8")
    wrong = checkout / "criteria" / "facts.yaml"
    wrong.write_text(wrong.read_text(encoding="utf-8").replace("title:", "title:  ", 1), encoding="utf-8")
    done = run(checkout, "https://example.org/docs")
    assert done.returncode == 1
    assert "error[unknown-key]: unknown key `nam`" in done.stderr
    assert "facts.yaml" in done.stdout + done.stderr  # it is not formatted
    assert done.stderr.endswith("Nothing is published.\n")
    assert not (checkout / "build").exists()
    found = log(checkout)
    assert [result["ruleId"] for result in found["results"]] == ["unknown-key"]
    (rule,) = found["tool"]["driver"]["rules"]
    assert rule["helpUri"] == "https://example.org/docs/reference/diagnostics.html#unknown-key"
    (place,) = found["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == f"data/companies/{source.name}"


def test_the_workflow_publishes_only_what_was_checked_on_the_main_branch() -> None:
    jobs = WORKFLOW["jobs"]
    assert jobs["publish"]["needs"] == "methodology"
    assert jobs["publish"]["if"] == "github.ref == 'refs/heads/main'"
    steps = {step.get("name"): step for step in jobs["methodology"]["steps"]}
    assert steps["Keep the pages"]["with"]["path"] == CALL.split()[-1]
    assert steps["Show diagnostics beside the lines"]["with"] == {"sarif_file": "check.sarif"}

"""Tests of the recipe for continuous integration and of the hooks: what they call is there, and the recipe works."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from cleancloud_rules.cli import COMMANDS
from tests.support.places import ROOT

PAGE = (ROOT / "docs" / "how-to" / "ci.md").read_text(encoding="utf-8")
WORKFLOW, _, CONFIGURATION = (
    yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
)
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
EDITIONS = ROOT / "examples" / "two_editions"


def called(text: str) -> set[str]:
    return set(re.findall(r"cleancloud-rules ([a-z]+)", text))


def test_the_hooks_call_commands_that_exist() -> None:
    assert {"check", "fmt", "test"} == {command for hook in HOOKS for command in called(hook["entry"])}
    assert {"check", "fmt"} <= set(COMMANDS)
    assert all(hook["language"] == "python" and hook["pass_filenames"] is False for hook in HOOKS)


def test_the_page_names_the_hooks() -> None:
    (repository,) = CONFIGURATION["repos"]
    assert {hook["id"] for hook in repository["hooks"]} == {hook["id"] for hook in HOOKS}


def step(name: str) -> str:
    (found,) = (step for step in WORKFLOW["jobs"]["methodology"]["steps"] if step.get("name") == name)
    return str(found["run"])


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a clone whose branch changes the methodology that its origin has."""
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    shutil.copytree(EDITIONS / "first", origin / "criteria")
    shutil.copytree(EDITIONS, origin / "data", ignore=shutil.ignore_patterns("first", "second"))
    git(origin, "init", "--quiet", "--initial-branch=main")
    git(origin, "add", ".")
    git(origin, "commit", "--quiet", "-m", "First")
    git(tmp_path, "clone", "--quiet", str(origin), str(clone))
    shutil.copytree(EDITIONS / "second", clone / "criteria", dirs_exist_ok=True)
    return clone


def program(name: str) -> str:
    path = shutil.which(name)
    assert path is not None, f"these tests need {name}"
    return path


def git(folder: Path, *arguments: str) -> None:
    author = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run([program("git"), *author, *arguments], cwd=folder, check=True, capture_output=True)


def run(script: str, folder: Path) -> tuple[int, str]:
    """Run a step as the service does, and return its exit code and the summary."""
    programs = folder.parent / "bin"
    programs.mkdir(exist_ok=True)
    tool = programs / "cleancloud-rules"
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cleancloud_rules "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    summary = folder.parent / "summary.md"
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "GITHUB_BASE_REF": "main",
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    done = subprocess.run(
        [program("bash"), "-e", "-c", script], cwd=folder, env=environment, check=False, capture_output=True
    )
    return done.returncode, summary.read_text(encoding="utf-8") if summary.exists() else ""


def test_the_recipe_checks_the_files(repository: Path) -> None:
    lines = (line for line in step("Check").splitlines() if called(line) <= set(COMMANDS))
    script = "\n".join(line for line in lines if "test" not in called(line))  # the editions have no cases
    assert len(script.splitlines()) == 3
    assert run(script, repository)[0] == 0
    (repository / "criteria" / "waste.yaml").write_text("category:   waste\n", encoding="utf-8")
    assert run(script, repository)[0] == 1


def test_the_recipe_posts_the_effect_on_the_ranking(repository: Path) -> None:
    code, summary = run(step("Post the effect on the ranking"), repository)
    assert code == 0
    assert summary.startswith("```text\n")
    assert summary.endswith("```\n")
    assert "criterion `gas` was renamed to `cooking`" in summary
    assert re.search(r"^ +2 +2  The Old Anchor", summary, re.MULTILINE)


def test_the_recipe_fails_where_a_company_cannot_be_compared(repository: Path) -> None:
    company = repository / "data" / "companies" / "station.yaml"
    text = company.read_text(encoding="utf-8")
    company.write_text(f"{text}  - compost: {{collected: true}}\n    source: visits-2023\n", encoding="utf-8")
    code, summary = run(step("Post the effect on the ranking"), repository)
    assert code == 1
    assert "Not compared: " in summary
    assert "error[unknown-fact-type]" in summary
    assert summary.endswith("```\n")

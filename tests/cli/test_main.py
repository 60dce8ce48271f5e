"""Tests of the tool as a whole."""

import subprocess
import sys
from pathlib import Path

import pytest

import cleancloud_rules
from cleancloud_rules import cli
from cleancloud_rules.cli import COMMANDS, FOLDERS, options, output
from tests.cli.conftest import Run
from tests.support.places import COMPANIES

DEVELOPMENT = {"hypothesis", "pytest", "jsonschema", "mypy", "importlinter"}


def test_every_command_has_a_module_and_every_module_is_a_command() -> None:
    files = Path(str(cli.__file__)).parent.glob("*/[a-z]*.py")
    modules = {(file.parent.name, file.stem.replace("_", "-")) for file in files}
    assert modules == {(folder, name) for folder, names in FOLDERS.items() for name in names}
    assert {name for _, name in modules} == set(COMMANDS)


def test_the_help_names_every_command(run: Run) -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert all(f"  {command} " in result.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_a_help(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"{command} [OPTIONS]" in result.stdout


def test_an_unknown_command_is_wrong_usage(run: Run) -> None:
    assert run("scores").exit_code == 2


def test_the_version_is_that_of_the_library(run: Run) -> None:
    assert run("--version").stdout == f"cleancloud-rules, version {cleancloud_rules.__version__}\n"


def test_the_default_methodology_is_bundled() -> None:
    assert cleancloud_rules.load_methodology(options.DEFAULT_METHODOLOGY).id == options.DEFAULT_METHODOLOGY


def test_the_tool_starts_without_development_dependencies() -> None:
    program = (
        "import sys; from cleancloud_rules.cli import main\n"
        "main(sys.argv[1:], standalone_mode=False)\n"
        f"print(sorted({DEVELOPMENT!r} & set(sys.modules)), file=sys.stderr)"
    )
    company = str(COMPANIES / "gds.yaml")
    done = subprocess.run([sys.executable, "-c", program, "score", company], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cleancloud_rules", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("cleancloud-rules, version")


def test_a_failure_of_the_engine_is_a_message_and_not_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped, output.rejections():
        raise cleancloud_rules.EngineError("the engine is missing")
    assert stopped.value.code == 1
    assert capsys.readouterr().err == "error: the engine is missing\n"

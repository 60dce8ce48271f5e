"""Tests of cases as items of pytest. The plugin is there because the library is installed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cleancloud_rules import EngineError, Methodology, load_methodology
from cleancloud_rules.cases import pytest_plugin
from tests.support.places import edit
from tests.system.test_bad_files import with_cases

pytest_plugins = ["pytester"]
OPTIONS = ("-p", "no:cacheprovider", "-p", "no:xdist", "--color=no")


@pytest.fixture
def demo(pytester: pytest.Pytester) -> Path:
    """Return a copy of a small methodology with two cases, to be edited, in the folder in which pytest is called."""
    return with_cases(pytester.path / "demo")


class Run:
    """Calls pytest inside this process."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self._pytester = pytester

    def __call__(self, *arguments: str) -> tuple[int, str]:
        """Return the exit code and what was said."""
        done = self._pytester.runpytest_inprocess(*OPTIONS, *arguments)
        return int(done.ret), done.stdout.str()


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Return a function that calls pytest with arguments."""
    return Run(pytester)


@pytest.mark.usefixtures("demo")
def test_cases_are_items(run: Run) -> None:
    assert run("demo", "--collect-only", "-q")[1].splitlines()[:2] == [
        "demo/cases/energy.yaml::Example A: above 10%",
        "demo/cases/energy.yaml::Example B: exactly 10%",
    ]


@pytest.mark.usefixtures("demo")
def test_cases_that_pass_pass(run: Run) -> None:
    code, said = run("-v", "-W", "error")
    assert code == 0
    assert "demo/cases/energy.yaml::Example A: above 10% PASSED" in said
    assert "3 passed" in said


def test_a_failed_test_case_shows_expected_and_actual_value_and_the_reason(run: Run, demo: Path) -> None:
    edit(demo / "energy.yaml", 'percent: "> 10"', 'percent: ">= 10"')
    code, said = run()
    assert code == 1
    assert "1 failed, 2 passed" in said
    assert "demo/cases/energy.yaml:12: failed: Example B: exactly 10%\n" in said
    assert "  demo/cases/energy.yaml:16: criterion renewable_share: expected outcome not_met, got awarded\n" in said
    assert "rule above_10, 4.0 points: holds, points taken\n" in said
    assert "Traceback" not in said


@pytest.mark.usefixtures("demo")
def test_cases_are_chosen_by_their_names(run: Run) -> None:
    assert "1 passed, 2 deselected" in run("-k", "above")[1]


def test_a_file_can_be_named_by_itself(run: Run, demo: Path) -> None:
    shutil.copy(demo / "cases" / "energy.yaml", demo / "cases" / "more.yml")
    assert "2 passed" in run("demo/cases/more.yml")[1]


def test_several_methodologies_are_run_together(run: Run, demo: Path) -> None:
    other = Path(shutil.copytree(demo, demo.with_name("other")))
    edit(other / "energy.yaml", 'percent: "> 10"', 'percent: ">= 10"')
    said = run("-q")[1]
    assert "1 failed, 5 passed" in said
    assert "other/cases/energy.yaml:16:" in said


def test_a_methodology_whose_certificate_is_refuted_fails_with_the_counterexample(run: Run, demo: Path) -> None:
    edit(demo / "energy.yaml", 'percent: "> 10"', 'percent: "(10..90)"')
    code, said = run("-k", "certificate")
    assert code == 1
    assert "1 failed" in said
    assert "is refuted in value" in said


def test_a_methodology_is_loaded_once_for_all_its_files(run: Run, demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[Path] = []

    def load(folder: Path) -> Methodology:
        loaded.append(folder)
        return load_methodology(folder)

    monkeypatch.setattr(pytest_plugin, "load_methodology", load)
    shutil.copy(demo / "cases" / "energy.yaml", demo / "cases" / "more.yaml")
    assert "5 passed" in run()[1]
    assert loaded == [Path("demo")]


def test_a_mistake_in_a_file_of_cases_is_a_finding(run: Run, demo: Path) -> None:
    edit(demo / "cases" / "energy.yaml", "renewable_share: not_met", "renewable_shaer: not_met")
    code, said = run()
    assert code == 2
    assert "demo/cases/energy.yaml:16:18: error[unknown-reference]: there is no criterion `renewable_shaer`" in said
    assert "Traceback" not in said


def test_a_mistake_in_the_methodology_is_a_finding(run: Run, demo: Path) -> None:
    edit(demo / "energy.yaml", "horizon: recent", "horizon: now")
    code, said = run()
    assert code == 2
    assert "demo/energy.yaml:5:14: error[unknown-horizon]" in said
    assert "Traceback" not in said


@pytest.mark.usefixtures("demo")
def test_a_failure_of_the_engine_keeps_its_trace(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object, **__: object) -> None:
        raise EngineError("it lost a record")

    monkeypatch.setattr("cleancloud_rules.crosscheck.verifier.CrossCheck.firings", lost)
    said = run()[1]
    assert "2 failed" in said
    assert "EngineError: it lost a record" in said
    assert "runner.py" in said


@pytest.mark.usefixtures("demo")
def test_the_plugin_can_be_left_out(run: Run) -> None:
    assert "no tests ran" in run("-p", "no:cleancloud_rules")[1]


WATCHING = "import sys\ndef pytest_unconfigure(): print('imported:', 'cleancloud_rules' in sys.modules)\n"


def test_nothing_is_imported_where_there_are_no_cases_of_a_methodology(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(WATCHING, encoding="utf-8")
    for file in ("one/cases/energy.yaml", "two/methodology.yaml", "two/cases/notes.md", "three/case/energy.yaml"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    command = [sys.executable, "-m", "pytest", *OPTIONS, "--rootdir", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "cleancloud-rules-" in done.stdout
    assert "no tests ran" in done.stdout
    assert "imported: False" in done.stdout

"""Tests of the wheel and the sources: what they hold, and that the wheel works alone in an empty environment.

Where the wheel holds a library that is compiled, the engine is built without a flag unless CPPFLAGS has one, and
not taken from a cache.
"""

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

import hatch_build
from tests.support.places import COMPANIES, ROOT
from tests.support.result_pages import example_pages

pytestmark = pytest.mark.slow

HAS_LIBRARY = hatch_build.is_needed(sys.platform, sys.version_info[:2])
COMPANY = """
id: acme
name: Acme
cohort: cloud_provider
facts:
  - renewable_share: {percent: 12, denominator: electricity}
    period: 2023
    source: clean-cloud-2024
"""


def call(*arguments: str | Path, cwd: Path) -> str:
    done = subprocess.run(
        [str(argument) for argument in arguments],
        cwd=cwd,
        env={key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet")
    call(*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT, cwd=folder)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    call(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", folder, cwd=ROOT)
    (made,) = folder.glob("*.tar.gz")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of programs of an environment that holds the wheel and what it needs, nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    pip = (*pip_of(programs), "install", "--quiet", "--constraint", ROOT / "constraints.txt")
    if HAS_LIBRARY:
        call(*pip, "--no-cache-dir", "--no-binary", "durable_rules", "durable_rules", cwd=folder)
    call(*pip, wheel, cwd=folder)
    return programs


def pip_of(programs: Path) -> tuple[str | Path, ...]:
    """Return the command of this environment's pip for another environment, which has none."""
    return (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", programs / "python")


def test_the_wheel_carries_the_criteria_the_schemas_and_the_example(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for kind in ("criteria", "examples"):
        kept = {path.relative_to(ROOT).as_posix() for path in (ROOT / kind).rglob("*") if path.is_file()}
        shipped = {f"cleancloud_rules/_bundled/{path}" for path in kept if "/hypothetical/" not in path}
        assert {name for name in names if name.startswith(f"cleancloud_rules/_bundled/{kind}/")} == shipped


def test_the_wheel_carries_the_package_with_its_types_and_its_license(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "cleancloud_rules").rglob("*.py")}
    assert modules <= names
    assert "cleancloud_rules/py.typed" in names
    templates = ROOT / "cleancloud_rules" / "reports" / "pages" / "templates"
    assert {path.relative_to(ROOT).as_posix() for path in templates.iterdir()} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_carries_nothing_hypothetical_and_nothing_else(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    tops = {name.split("/")[0].split("-")[0] for name in archive.namelist()}
    assert tops == {"cleancloud_rules", "cleancloud_rules_pytest.py"}
    for name in archive.namelist():
        assert "hypothetical" not in name
        if name.startswith("cleancloud_rules/_bundled/examples/"):
            assert b"basis: hypothetical" not in archive.read(name)


def test_the_wheel_is_of_a_platform_only_where_it_holds_a_library(wheel: Path) -> None:
    libraries = [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".so.1")]
    assert libraries == [hatch_build.LIBRARY.as_posix()] * HAS_LIBRARY
    assert wheel.stem.endswith(hatch_build.tag() if HAS_LIBRARY else "py3-none-any")


def test_the_sources_give_the_same_wheel(wheel: Path, sources: Path, tmp_path: Path) -> None:
    with tarfile.open(sources) as archive:
        assert not [name for name in archive.getnames() if name.endswith(".so.1")]
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = (path for path in tmp_path.iterdir() if path.is_dir())
    call(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path, cwd=unpacked)
    (made,) = tmp_path.glob("*.whl")
    assert made.name == wheel.name
    assert sorted(zipfile.ZipFile(made).namelist()) == sorted(zipfile.ZipFile(wheel).namelist())


def test_what_is_installed_is_what_the_metadata_asks_for_and_pinned(installed: Path, tmp_path: Path) -> None:
    listed = json.loads(call(*pip_of(installed), "list", "--format", "json", cwd=tmp_path))
    names = {package["name"].lower().replace("_", "-") for package in listed}
    assert {"attrs", "cattrs", "click", "durable-rules", "lark", "msgspec", "pyyaml", "rich"} <= names
    assert not names & {"hypothesis", "pytest", "mypy", "ruff", "jsonschema"}
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in lines if "==" in line}
    assert names - {"cleancloud-rules"} <= pinned


def test_the_installed_tool_scores_a_company_from_another_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "acme.yaml").write_text(COMPANY, encoding="utf-8")
    said = call(installed / "cleancloud-rules", "score", "acme.yaml", "--format", "json", cwd=tmp_path)
    card = json.loads(said)
    criteria = {c["id"]: c for category in card["categories"] for c in category["criteria"]}
    assert card["methodology"]["id"] == "clean_cloud_2024"
    assert criteria["renewable_share"]["points"] == 4.0


def test_the_installed_library_finds_its_own_files(installed: Path, tmp_path: Path) -> None:
    program = (
        "import cleancloud_rules as cc; from cleancloud_rules.resources import bundled_methodology\n"
        "print(bundled_methodology('clean_cloud_2024')); cc.load_methodology('clean_cloud_2024')"
    )
    place = Path(call(installed / "python", "-c", program, cwd=tmp_path).strip())
    assert place.parts[-3:] == ("_bundled", "criteria", "clean_cloud_2024")
    assert ROOT not in place.parents


def test_the_installed_tool_ranks_the_bundled_example(installed: Path, tmp_path: Path) -> None:
    said = call(installed / "cleancloud-rules", "rank", "clean_cloud_2024", "--format", "json", cwd=tmp_path)
    ranked = sum(len(cohort["rows"]) for cohort in json.loads(said)["cohorts"])
    assert ranked == len(list(COMPANIES.glob("*.yaml")))


def test_the_installed_tool_writes_the_pages_of_the_bundled_example(installed: Path, tmp_path: Path) -> None:
    pages = (*pip_of(installed), "install", "--quiet", "--constraint", ROOT / "constraints.txt", "Jinja2")
    call(*pages, cwd=tmp_path)
    call(installed / "cleancloud-rules", "report", "clean_cloud_2024", "-o", "pages", cwd=tmp_path)
    for name, text in example_pages("clean_cloud_2024").items():
        assert (tmp_path / "pages" / name).read_bytes() == text.encode(), name

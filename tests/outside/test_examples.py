"""The programs of the documentation: their types, the notebook, and the service against its own description."""

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import cleancloud_rules as cc
from docs.examples import web_service
from tests.embedding.program import METHODOLOGY
from tests.support.places import ROOT
from tests.support.serving import served

pytestmark = pytest.mark.outside

EXAMPLES = ROOT / "docs" / "examples"
NOTEBOOK = EXAMPLES / "ranking.ipynb"

SETTINGS = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 422]
"""
"""A company that conforms may still be refused: no schema can tell whether a source is listed."""


def called(*arguments: str | Path, cwd: Path, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "MYPY", "VIRTUAL"))}
    return subprocess.run(
        [*map(str, arguments)], cwd=cwd, env={**environment, **(env or {})}, capture_output=True, text=True, check=False
    )


# ---- the notebook


def executed(folder: Path) -> Any:
    """Return the notebook with its outputs."""
    book = folder / NOTEBOOK.name
    shutil.copy(NOTEBOOK, book)
    done = called(Path(sys.executable).with_name("jupyter-execute"), "--inplace", book, cwd=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(book.read_text(encoding="utf-8"))


def test_the_notebook_runs_and_shows_a_table_and_a_chart(tmp_path: Path) -> None:
    outputs = [output for cell in executed(tmp_path)["cells"] for output in cell.get("outputs", ())]
    assert [output["output_type"] for output in outputs] == ["execute_result", "display_data", "stream"]
    table, chart, said = outputs
    html = "".join(table["data"]["text/html"])
    companies = cc.load_dataset("clean_cloud_2024", cc.load_methodology("clean_cloud_2024")).companies
    assert [company.name for company in companies if company.name not in html] == []
    picture = base64.b64decode(chart["data"]["image/png"])
    assert picture.startswith(b"\x89PNG")
    assert len(picture) > 20_000
    assert "".join(said["text"]).startswith("2.0 of 5.0: Total annual electricity mix")


# ---- types


def program_of(notebook: Path) -> str:
    """Return the code of a notebook as a program. A name alone on the last line of a cell is shown there."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    codes = ["".join(cell["source"]).splitlines() for cell in cells if cell["cell_type"] == "code"]
    shown = [[*lines[:-1], f"print({lines[-1]})" if lines[-1].isidentifier() else lines[-1]] for lines in codes]
    return "\n".join(line for lines in shown for line in lines) + "\n"


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    for file in sorted(EXAMPLES.glob("*.py")):
        shutil.copy(file, tmp_path)
    (tmp_path / "ranking.py").write_text(program_of(NOTEBOOK), encoding="utf-8")
    return tmp_path


def test_mypy_accepts_the_examples_in_its_strict_mode(programs: Path) -> None:
    (programs / "mypy.ini").write_text("[mypy]\nstrict = true\n", encoding="utf-8")
    done = called(sys.executable, "-m", "mypy", *sorted(programs.glob("*.py")), cwd=programs)
    assert done.returncode == 0, done.stdout


def test_pyright_accepts_the_examples_in_its_strict_mode(programs: Path) -> None:
    settings = {"typeCheckingMode": "strict", "include": ["*.py"]}
    (programs / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    done = called(sys.executable, "-m", "basedpyright", "--pythonpath", sys.executable, cwd=programs)
    assert done.returncode == 0, done.stdout


# ---- the service


def test_the_service_keeps_what_its_description_says(tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(SETTINGS, encoding="utf-8")
    with served(web_service.service(cc.methodology_from(METHODOLOGY))) as client:
        done = called(
            Path(sys.executable).with_name("schemathesis"), "--config-file", "schemathesis.toml", "run",
            f"{client.url}/openapi.json", "--phases", "fuzzing", "--max-examples", "50", "--seed", "1", "--no-color",
            cwd=tmp_path,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "50 generated, 50 passed" in done.stdout

"""The notebook of the documentation as a file; tests/outside/test_examples.py executes it."""

import json
from typing import Any

from tests.support.places import ROOT

NOTEBOOK: dict[str, Any] = json.loads((ROOT / "docs" / "examples" / "ranking.ipynb").read_text(encoding="utf-8"))
CODE = [cell for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]


def test_the_notebook_keeps_no_output() -> None:
    assert NOTEBOOK["nbformat"] == 4
    assert [(cell["execution_count"], cell["outputs"]) for cell in CODE] == [(None, [])] * len(CODE)


def test_the_cells_that_need_no_chart_run_one_after_another(capsys: Any) -> None:
    space: dict[str, Any] = {}
    for cell in CODE:
        program = compile("".join(cell["source"]), cell["id"], "exec")
        if cell["id"] != "draw":
            exec(program, space)  # noqa: S102 - the notebook is ours
    assert capsys.readouterr().out.startswith("2.0 of 5.0: Total annual electricity mix")

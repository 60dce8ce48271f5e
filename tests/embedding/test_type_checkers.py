"""Type checkers see the types of the public names: they accept a typical program, and refuse each mistake on its line.

Both run in their strict modes, and read the package as an installation has it: by its types and not by its sources.
"""

import inspect
import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from tests.embedding import program
from tests.support.places import ROOT
from tests.support.public import is_ours, public

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
FILES = ("program.py", "misuses.py")
MARK = "  # refused"

Place = tuple[str, int]


def call(*arguments: str, cwd: Path, **more: str) -> str:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "MYPY", "VIRTUAL"))}
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=cwd,
        env={**environment, **more},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode < 2, done.stdout + done.stderr  # 1 says that there are errors, more that it did not run
    return done.stdout


def mypy(folder: Path) -> set[Place]:
    """Return the file and the line of each error that mypy finds."""
    (folder / "mypy.ini").write_text("[mypy]\nstrict = true\n", encoding="utf-8")
    errors = map(json.loads, call("mypy", "--output", "json", *FILES, cwd=folder).splitlines())
    return {(error["file"], error["line"]) for error in errors}


def pyright(folder: Path) -> set[Place]:
    """Return the file and the line of each error that basedpyright finds in the strict mode of pyright."""
    settings = {"typeCheckingMode": "strict", "include": FILES}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    output = call("basedpyright", "--pythonpath", sys.executable, "--outputjson", cwd=folder)
    errors = json.loads(output)["generalDiagnostics"]
    return {(Path(error["file"]).name, error["range"]["start"]["line"] + 1) for error in errors}


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_a_type_checker_accepts_a_typical_program_and_refuses_each_mistake(
    checker: Callable[[Path], set[Place]], tmp_path: Path
) -> None:
    expected: set[Place] = set()
    for name in FILES:
        text = (HERE / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text, encoding="utf-8")
        expected |= {(name, number) for number, line in enumerate(text.splitlines(), 1) if line.endswith(MARK)}
    assert len(expected) >= 10
    assert {name for name, _ in expected} == {"misuses.py"}
    assert checker(tmp_path) == expected


def test_the_types_of_all_names_are_complete(tmp_path: Path) -> None:
    """Every name of the package has a whole type, public or not: nothing is left to what a type checker infers."""
    # pyright looks for the package among those that are installed, and an editable one is not there for it.
    own = tmp_path / "venv"
    venv.create(own, with_pip=False)
    (packages,) = own.glob("lib/python*/site-packages")
    (packages / "cleancloud_rules").symlink_to(ROOT / "cleancloud_rules")
    (packages / "others.pth").write_text(f"{Path(attrs.__file__).parents[1]}\n", encoding="utf-8")
    path = f"{own / 'bin'}{os.pathsep}{os.environ['PATH']}"
    command = ("basedpyright", "--verifytypes", "cleancloud_rules", "--ignoreexternal", "--outputjson")
    output = json.loads(call(*command, cwd=tmp_path, PATH=path, VIRTUAL_ENV=str(own)))
    known = {symbol["name"]: symbol["isTypeKnown"] for symbol in output["typeCompleteness"]["symbols"]}
    names = {
        f"{thing.__module__}.{thing.__qualname__}" if is_ours(thing) or inspect.isfunction(thing) else name
        for name, thing in public().items()
    }
    assert names - known.keys() == set()
    assert [name for name, is_known in known.items() if not is_known] == []


def test_the_typical_program_runs() -> None:
    shown = program.main()
    assert shown[:2] == ["long_day: 2", "opening.hours"]
    for line in ("2 of 2: Open 9 hours.", "1 Shop: 100.00", "total +100.00", "nine possible", "1 test cases pass"):
        assert line in shown

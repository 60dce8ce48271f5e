"""Tests of what a build adds to a wheel; `test_packaging` builds one."""

import ctypes
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hatchling.bridge.app import Application
from hatchling.metadata.core import ProjectMetadata
from packaging.tags import parse_tag, sys_tags

import hatch_build
from tests.support.places import ROOT

NOTHING: dict[str, Any] = {"force_include": {}, "pure_python": True}


def built(root: Path, version: str = "standard") -> dict[str, Any]:
    """Return what the hook leaves for the build of a wheel from this folder."""
    build_data: dict[str, Any] = {"force_include": {}, "pure_python": True}
    metadata = ProjectMetadata[Any](str(root), None)
    hook = hatch_build.EngineFunctionHook(str(root), {}, None, metadata, str(root / "dist"), "wheel", Application())
    hook.initialize(version, build_data)
    return build_data


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder that holds a copy of the library's source."""
    (tmp_path / hatch_build.SOURCE).parent.mkdir(parents=True)
    shutil.copy(ROOT / hatch_build.SOURCE, tmp_path / hatch_build.SOURCE)
    return tmp_path


@pytest.fixture
def needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build as on Linux with Python 3.13."""
    monkeypatch.setattr(hatch_build, "is_needed", lambda *_: True)


@pytest.mark.parametrize(
    ("system", "version", "needed"),
    [
        ("linux", (3, 11), False),
        ("linux", (3, 12), False),
        ("linux", (3, 13), True),
        ("linux", (3, 14), True),
        ("darwin", (3, 13), False),
        ("win32", (3, 13), False),
    ],
)
def test_the_library_is_needed_where_python_lacks_the_function_and_the_engine_can_be_built(
    system: str, version: tuple[int, int], needed: bool
) -> None:
    assert hatch_build.is_needed(system, version) is needed


def test_where_the_library_is_not_needed_the_wheel_is_pure(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hatch_build, "is_needed", lambda *_: False)
    assert built(copy) == built(copy, "editable") == NOTHING
    assert not (copy / hatch_build.LIBRARY).exists()


@pytest.mark.usefixtures("needed")
def test_the_wheel_holds_the_library_and_is_one_of_a_platform(copy: Path) -> None:
    build_data = built(copy)
    ((library, place),) = build_data.pop("force_include").items()
    assert build_data == {"pure_python": False, "tag": hatch_build.tag()}
    assert place == "cleancloud_rules/engine/pyeval_callobject.so.1"
    assert not (copy / place).exists()
    function = ctypes.CDLL(library)["PyEval_CallObject"]
    function.restype = ctypes.c_void_p
    assert function(None, None) is None


@pytest.mark.usefixtures("needed")
def test_for_an_editable_installation_the_library_lies_beside_its_source(copy: Path) -> None:
    assert built(copy, "editable") == NOTHING
    assert hasattr(ctypes.CDLL(str(copy / hatch_build.LIBRARY)), "PyEval_CallObject")


@pytest.mark.usefixtures("needed")
@pytest.mark.parametrize("version", ["standard", "editable"])
@pytest.mark.parametrize(
    ("cc", "why"),
    [
        ("no-such-compiler", "[Errno 2] No such file or directory: 'no-such-compiler'"),
        ("sh -c 'echo no memory >&2; exit 1'", "no memory"),
    ],
    ids=["absent", "failing"],
)
def test_without_a_working_compiler_the_wheel_is_pure_and_the_builder_is_warned(
    version: str, cc: str, why: str, copy: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (copy / hatch_build.LIBRARY).write_bytes(b"of an earlier installation")
    monkeypatch.setenv("CC", cc)
    assert built(copy, version) == NOTHING
    assert (copy / hatch_build.LIBRARY).exists() == (version == "standard")
    told = capfd.readouterr().err.splitlines()
    assert told[0] == (
        "pyeval_callobject.so.1 is left out, because it cannot be compiled; the engine must be built with the flag "
        "that the README names under Installing"
    )
    assert told[-1] == why


def test_the_tag_is_this_system_and_every_later_python(monkeypatch: pytest.MonkeyPatch) -> None:
    (tag,) = parse_tag(hatch_build.tag())
    assert (tag.interpreter, tag.abi) == ("py313", "none")
    assert tag.platform in {known.platform for known in sys_tags()}
    machine = os.uname().machine
    assert tag.platform.endswith(machine)
    assert "manylinux" not in tag.platform
    monkeypatch.setattr(hatch_build, "sys_tags", lambda: parse_tag("py3-none-manylinux_2_17_x86_64.linux_x86_64"))
    assert hatch_build.tag() == "py313-none-linux_x86_64"

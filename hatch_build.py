"""Adds to a wheel for Python 3.13 and later, on Linux, the one function that the rules engine lacks there.

``docs/explanation/engine.md`` describes the function, and ``docs/explanation/decisions.md`` why it is compiled here.
On other systems, on older versions of Python and without a C compiler the wheel holds nothing that is compiled.
"""

import atexit
import os
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from packaging.tags import sys_tags

SOURCE = Path("cleancloud_rules") / "engine" / "pyeval_callobject.c"
LIBRARY = SOURCE.with_suffix(".so.1")
"""Python would take a file that ends in `.so` for one of its own modules."""
WITHOUT = (3, 13)
"""The first version of Python without the function."""


def is_needed(system: str, version: tuple[int, ...]) -> bool:
    """Return whether the engine can be built and lacks the function. Compilers of other systems refuse to build it."""
    return system == "linux" and version >= WITHOUT


def tag() -> str:
    """Return the tag of a wheel with the library: it needs this system, and no interface of one version of Python."""
    platforms = (tag.platform for tag in sys_tags())
    platform = next(name for name in platforms if not name.startswith(("manylinux", "musllinux")))
    return f"py{WITHOUT[0]}{WITHOUT[1]}-none-{platform}"


def compile_library(source: Path, library: Path) -> str | None:
    """Compile the library, and return what was wrong, or None.

    CPPFLAGS may rename the function for the engine's sake, and is left out.
    """
    compiler = os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc"
    command = [*shlex.split(compiler), "-shared", "-fPIC", "-O2", str(source), "-o", str(library)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the builder's compiler
    except OSError as error:
        return str(error)
    return None if done.returncode == 0 else f"{shlex.join(command)}\n{done.stderr.strip()}"


class EngineFunctionHook(BuildHookInterface[Any]):
    """Compiles the library where it is needed: for the wheel, or beside its source for an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the library and add it to the wheel. Where that fails, warn, and leave the wheel pure."""
        if not is_needed(sys.platform, sys.version_info[:2]):
            return
        root = Path(self.root)
        is_editable = version == "editable"
        if is_editable:
            library = root / LIBRARY
            library.unlink(missing_ok=True)
        else:
            folder = tempfile.TemporaryDirectory()
            atexit.register(folder.cleanup)
            library = Path(folder.name) / LIBRARY.name
        wrong = compile_library(root / SOURCE, library)
        if wrong is not None:
            self.app.display_warning(
                f"{LIBRARY.name} is left out, because it cannot be compiled; the engine must be built with the flag "
                f"that the README names under Installing\n{wrong}"
            )
        elif not is_editable:
            build_data["force_include"][str(library)] = LIBRARY.as_posix()
            build_data["pure_python"] = False
            build_data["tag"] = tag()

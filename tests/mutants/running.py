"""Applies single faults to the package, one at a time, and tells which of them no quick test notices.

Run ``python -m tests.mutants.running``; ``--help`` says more. The faults are kept in ``faults.yaml``: for each module
its tests, and for each fault the text that it replaces, what with, and what it breaks. A fault is killed when a test
fails (or hangs, or the process dies). First the tests of the module run, then, if none of them minds, all quick ones.

What needs a program from outside is noticed only by tests of ``make test-outside``. With ``--outside`` the faults of
such modules are tried, and otherwise all other ones.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import yaml
from attrs import frozen

from tests.support.places import ROOT

FAULTS = Path(__file__).parent / "faults.yaml"
COPIED = ("cleancloud_rules", "criteria", "docs", "examples", "tests", "pyproject.toml", "hatch_build.py")
OUTSIDE = "tests/outside/"
TIMEOUT = 300
"""Seconds after which tests that still run count as failed."""

OUTSIDE_TIMEOUT = 1_800
"""The same for tests that need a program from outside."""


@frozen
class Fault:
    """One fault.

    Args:
        module: the file, from the root of the package.
        tests: the tests that run first.
        breaks: what it breaks, in words.
        old: the text that it replaces; it occurs once.
        new: the text that takes its place.
    """

    module: str
    tests: tuple[str, ...]
    breaks: str
    old: str
    new: str

    @property
    def is_outside(self) -> bool:
        """Whether its tests need a program from outside."""
        return any(test.startswith(OUTSIDE) for test in self.tests)

    def applied(self, text: str) -> str:
        """Return the text of the module with the fault in it."""
        assert text.count(self.old) == 1, f"{self.module} holds {text.count(self.old)} times {self.old!r}"
        assert self.old != self.new
        return text.replace(self.old, self.new)


@cache
def kept() -> dict[str, Any]:
    """Return what the file of faults holds."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load(FAULTS.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - it is safe
    return found


def faults() -> list[Fault]:
    """Return every fault that is kept."""
    return [
        Fault(module, tuple(entry["tests"]), fault["breaks"], fault["old"].rstrip("\n"), fault["new"].rstrip("\n"))
        for module, entry in kept()["modules"].items()
        for fault in entry["faults"]
    ]


def faults_tried(*, outside: bool) -> list[Fault]:
    """Return the faults whose tests need programs from outside, or all other ones."""
    return [fault for fault in faults() if fault.is_outside is outside]


def quick_tests() -> tuple[str, ...]:
    """Return what runs where the tests of a module do not mind a fault."""
    return tuple(kept()["quick"])


class Copy:
    """A copy of the package and its tests, in which one fault at a time is made.

    Args:
        folder: where it is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, folder / name)

    def killed_by(self, fault: Fault) -> str | None:
        """Return which of the tests noticed a fault: the module's own or all quick ones; None where it survived."""
        module = self.folder / "cleancloud_rules" / fault.module
        text = module.read_text(encoding="utf-8")
        module.write_text(fault.applied(text), encoding="utf-8")
        try:
            if not self.passes(fault.tests, OUTSIDE_TIMEOUT if fault.is_outside else TIMEOUT):
                return "its own tests"
            return None if self.passes(quick_tests()) else "other tests"
        finally:
            module.write_text(text, encoding="utf-8")

    def passes(self, tests: Sequence[str], timeout: float | None = TIMEOUT) -> bool:
        """Whether all of the tests pass, and in time."""
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-profile=debug"]
        # A later option takes the place of the one in pyproject.toml.
        marked = ["-m", "not deep and not site"] if any(test.startswith(OUTSIDE) for test in tests) else []
        command = [sys.executable, "-m", "pytest", *options, *marked, "--hypothesis-seed=1", *tests]
        # Nothing is compiled to a file: a fault of the same length made in the same second would not be seen.
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST_", "COV"))}
        environment = {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(self.folder)}
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=environment, capture_output=True, timeout=timeout, check=False
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0


def survivors(chosen: Sequence[Fault], jobs: int) -> list[Fault]:
    """Try faults and return those that no test noticed; print a line for each as it is done."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(jobs) as pool:
        copies: SimpleQueue[Copy] = SimpleQueue()
        for number in range(jobs):
            copies.put(Copy(Path(folder) / str(number)))
        lost = list(pool.map(lambda fault: _tried(fault, copies), chosen))
    return [fault for fault, survived in zip(chosen, lost, strict=True) if survived]


def _tried(fault: Fault, copies: "SimpleQueue[Copy]") -> bool:
    copy = copies.get()
    begun = time.monotonic()
    try:
        killer = copy.killed_by(fault)
    finally:
        copies.put(copy)
    what = f"killed by {killer}" if killer else "SURVIVED"
    _say(f"{what:22} {time.monotonic() - begun:5.1f} s  {fault.module}: {fault.breaks}")
    return killer is None


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Try the faults that the command line chooses; return 1 where one survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants.running", description=__doc__)
    parser.add_argument("--sample", type=int, help="try only so many faults, chosen at random")
    parser.add_argument("--seed", type=int, default=0, help="what the choice depends on (default 0)")
    parser.add_argument("--part", metavar="K/N", default="1/1", help="try only the K-th of N parts of the faults")
    parser.add_argument("--only", default="", help="try only the faults of modules whose name this pattern finds")
    parser.add_argument("--outside", action="store_true", help="try those that only tests of test-outside notice")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many to try at a time")
    options = parser.parse_args()
    chosen = [fault for fault in faults_tried(outside=options.outside) if re.search(options.only, fault.module)]
    part, parts = map(int, options.part.split("/"))
    chosen = chosen[part - 1 :: parts]
    if options.sample is not None:
        chosen = random.Random(options.seed).sample(chosen, min(options.sample, len(chosen)))  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        needed = sorted({test for fault in chosen for test in fault.tests} | set(quick_tests()))
        if not Copy(Path(folder) / "sound").passes(needed, timeout=None):
            _say("the tests fail without any fault")
            return 1
    begun = time.monotonic()
    lost = survivors(chosen, options.jobs)
    _say(f"{len(chosen)} faults, {len(lost)} survived, {time.monotonic() - begun:.0f} s")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())

"""Runs functions in child processes, which may crash or never end."""

import json
import os
import signal
import subprocess
import sys
from typing import Any

from attrs import frozen

from tests.support.places import ROOT

HANGS = 3.0
"""Seconds after which a child that ought to have ended at once counts as one that never would."""


@frozen
class Ended:
    """How a child process ended.

    Args:
        value: what its function returned; None where it did not.
        signal: the signal that killed it, or None.
        hung: whether it was still running when it was given up.
        error: what it said to standard error.
    """

    value: Any = None
    signal: str | None = None
    hung: bool = False
    error: str = ""

    @property
    def crashed(self) -> bool:
        """Whether the process was killed by a fault of its own."""
        return self.signal in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL")


def run(module: str, name: str, *arguments: object, timeout: float, plain_memory: bool = False) -> Ended:
    """Call a function of a module in a child process.

    Args:
        module: with a function ``main`` that calls the one named and prints what it returns as JSON.
        name: the function.
        arguments: its arguments, as texts.
        timeout: seconds after which the child is killed.
        plain_memory: leave fresh memory as it comes. Otherwise it is filled with rubbish, where the C library can do
            that, so that what reads it before writing fails each time and not only now and then.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COV")}
    if not plain_memory:
        environment["MALLOC_PERTURB_"] = "165"
    command = [sys.executable, "-m", module, name, *(str(argument) for argument in arguments)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        return Ended(hung=True)
    if done.returncode < 0:
        return Ended(signal=signal.Signals(-done.returncode).name, error=done.stderr)
    return Ended(value=json.loads(done.stdout) if done.returncode == 0 else None, error=done.stderr)


def misused(name: str, *arguments: object, timeout: float = 60, plain_memory: bool = False) -> Ended:
    """Return how a misuse of the bare engine ends; see `tests.hazards.misuse`."""
    return run("tests.hazards.misuse", name, *arguments, timeout=timeout, plain_memory=plain_memory)


TRIES = 10
"""How often a misuse may end well before it counts as one that does not crash."""


def crashes(name: str, *arguments: object) -> bool:
    """Return whether a misuse of the bare engine kills its process in one of a few tries.

    A read beyond what the engine allocated meets what the process happened to leave there, so that one run in ten may
    end well.
    """
    return any(misused(name, *arguments).crashed for _ in range(TRIES))


def refused(error: str, name: str, *arguments: object) -> bool:
    """Return whether the bare engine refuses a misuse with an error in one of a few tries; see `crashes`."""
    return any(error in misused(name, *arguments).error for _ in range(TRIES))


def used(name: str, *arguments: object, timeout: float = 120, plain_memory: bool = False) -> Any:
    """Return what a use of the library comes to; see `tests.hazards.use`."""
    ended = run("tests.hazards.use", name, *arguments, timeout=timeout, plain_memory=plain_memory)
    assert not ended.hung, f"{name} did not end within {timeout} seconds"
    assert ended.signal is None, f"{name} was killed by {ended.signal}"
    assert ended.value is not None, ended.error
    return ended.value

"""A disk that fails, or a process that is killed, at any step of writing a file.

The steps are the calls of the system by which `cleancloud_rules.documents.file_writer` writes. Run as a module, it
tells what each kill leaves behind: ``python -m tests.support.failing_disk FOLDER STRIDE COMMAND...`` runs a command of
the tool once for each step, or for each second or third one, in a process of its own that is killed there.
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any

from cleancloud_rules.cli import main

STEPS = ("open", "write", "fchmod", "fsync", "close", "replace")
"""Functions of `os`; of `open` only calls that open a file to write to it."""

MOMENTS = ("before", "within", "after")
"""When a process is killed: within a step only where it writes, when half is written."""

Act = Callable[[int, str, Callable[..., Any], tuple[Any, ...]], Any]
"""What is done in place of a step: its number, its name, the function and its arguments."""


@contextmanager
def watched(act: Act) -> Iterator[list[str]]:
    """Call `act` in place of each step, and yield the names of the steps so far."""
    steps: list[str] = []
    real = {name: getattr(os, name) for name in STEPS}
    writing: set[int] = set()

    def stand_in(name: str, *arguments: Any, **options: Any) -> Any:
        call = partial(real[name], **options)
        counts = bool(arguments[1] & (os.O_WRONLY | os.O_CREAT)) if name == "open" else True
        if name == "close" and arguments[0] not in writing:
            counts = False
        if not counts:
            return call(*arguments)
        steps.append(name)
        result = act(len(steps), name, call, arguments)
        if name == "open":
            writing.add(result)
        return result

    for name in STEPS:
        setattr(os, name, partial(stand_in, name))
    try:
        yield steps
    finally:
        for name, function in real.items():
            setattr(os, name, function)


def failing(at: int, error: int) -> Act:
    """Return what makes one step fail; a file is closed before its closing fails, as the system does it."""

    def act(number: int, name: str, call: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        if number != at:
            return call(*arguments)
        if name == "close":
            call(*arguments)
        raise OSError(error, os.strerror(error))

    return act


def slow(number: int, name: str, call: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Write no more than some bytes at a time, as the system may."""
    return call(arguments[0], arguments[1][:100]) if name == "write" else call(*arguments)


def killed(at: int, moment: str) -> Act:
    """Return what kills the process at one step."""

    def act(number: int, name: str, call: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        if number == at and moment == "within" and name == "write":
            call(arguments[0], arguments[1][: len(arguments[1]) // 2])
        if number == at and moment != "after":
            os.kill(os.getpid(), signal.SIGKILL)
        result = call(*arguments)
        if number == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return act


@contextmanager
def suppress_output() -> Iterator[None]:
    """Print nothing for a while."""
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        yield


def contents(folder: Path) -> dict[str, str]:
    """Return the texts of all files in a folder by name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes().decode() for path in files}


def after_kills(folder: Path, stride: int, command: list[str]) -> list[dict[str, str]]:
    """Run a command until it is no longer killed, some steps later each time, and return what each run leaves behind.

    The folder is the one that the command is run in; each run begins with what it holds now.
    """
    kept = folder.with_name(f"{folder.name}_kept")
    shutil.copytree(folder, kept)
    os.chdir(folder)
    with suppress_output():
        main(command, standalone_mode=False)  # what is imported now need not be imported in every child
    left = []
    for moment in MOMENTS:
        number, was_killed = 1 - stride, True
        while was_killed:
            number += stride
            shutil.rmtree(folder)
            shutil.copytree(kept, folder)
            child = os.fork()
            if not child:
                os.chdir(folder)
                with suppress_output(), watched(killed(number, moment)):
                    main(command, standalone_mode=False)
                os._exit(0)
            was_killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
            left.append(contents(folder))
    shutil.rmtree(kept)
    return left


if __name__ == "__main__":
    found = after_kills(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
    sys.stdout.write(json.dumps(found))

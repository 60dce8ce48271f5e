"""Runs the parts of ``make test-deep``, each on its own or one after another, and prints one line of result for each.

A test belongs to a part by its mark, ``deep(part="...")``. What a part printed is kept in ``build/deep``.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping

from attrs import frozen

from tests.support.places import ROOT

LOGS = ROOT / "build" / "deep"

PROPERTIES = ("-m", "hypothesis and not deep or deep(part='properties')", "--hypothesis-profile", "deep")


@frozen
class Part:
    """A part of the deep tests.

    Args:
        holds: what it tests, in words.
        tests: options of pytest that choose its tests; None for those that are marked with its name.
        module: a module that is run in place of pytest, with its arguments.
    """

    holds: str
    tests: tuple[str, ...] | None = None
    module: tuple[str, ...] | None = None

    def command(self, name: str) -> list[str]:
        """Return the command that runs it."""
        if self.module is not None:
            return [sys.executable, "-m", *self.module]
        chosen = ("-m", f"deep(part={name!r})") if self.tests is None else self.tests
        return [sys.executable, "-m", "pytest", "-q", "-rP", "-n", "auto", "--maxschedchunk", "1", *chosen]


PARTS: Mapping[str, Part] = {
    **{f"differential-{n}": Part("50,000 generated cases, engine and naive evaluator compared") for n in range(1, 5)},
    **{f"damage-{n}": Part("a third of all single slips in the shipped files") for n in range(1, 4)},
    "pairs": Part("1,000,000 pairs of a test and a bound, each compared with enumeration"),
    "properties": Part("1,000 examples of each property", tests=PROPERTIES),
    "enumeration": Part("certificates of 10,000 methodologies and 1,000 trees, all small companies enumerated"),
    "search": Part("counterexamples that the random search finds, in 240 methodologies"),
    "bounds": Part("bounds, and answers to claims, of the companies of 500 generated methodologies"),
    "worlds": Part("bounds in 10,000 small worlds, certificates and fits in 2,000 each, all companies enumerated"),
    "slips": Part("100,000 single slips in generated companies, refused by the schema of companies as by loading"),
    "tables": Part("tables of scores of 2,000 methodologies x 25 companies, and of 10,000 of Clean Cloud"),
    "hazards": Part("50,000 companies, 3,000 methodologies, 100 rounds of threads and forks"),
    "standings": Part("figures of the page on the published scores, decided anew for each open condition"),
    "records": Part("10,000 changed bytes in records, and the checker on 1,000 generated methodologies"),
    "cases": Part("each unary test of Clean Cloud 2024 left out"),
    **{
        f"mutants-{n}": Part(
            "half of the single faults in the code", module=("tests.mutants.running", "--part", f"{n}/2")
        )
        for n in (1, 2)
    },
}
"""The parts, in the order in which they run."""


def result(name: str) -> tuple[bool, str]:
    """Run a part; return whether it passed, and the line of its result."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    begun = time.monotonic()
    with log.open("w", encoding="utf-8") as output:
        done = subprocess.run(PARTS[name].command(name), cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, check=False)
    passed = done.returncode == 0
    said = "passed" if passed else f"FAILED, see {os.path.relpath(log, ROOT)}"
    seconds = f"{time.monotonic() - begun:.0f} s"
    return passed, f"{name:15} {said}: {counts(log.read_text(encoding='utf-8'))}, {seconds} ({PARTS[name].holds})"


def counts(log: str) -> str:
    """Return how many tests or faults a log counts, from its last line."""
    last = log.rstrip().rpartition("\n")[2]
    found = re.findall(r"\d+ (?:passed|failed|errors?|skipped|faults|survived)\b", last)
    return ", ".join(found) if found else "no result"


def main() -> int:
    """Run the parts that the command line names, or all; return 1 where one fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.deep", description=__doc__)
    parser.add_argument("parts", metavar="PART", nargs="*", help=f"one of {', '.join(PARTS)}; all where none is named")
    chosen = parser.parse_args().parts or PARTS
    for name in chosen:
        if name not in PARTS:
            parser.error(f"there is no part `{name}`; the parts are {', '.join(PARTS)}")
    passed = []
    for name in chosen:
        is_passed, line = result(name)
        passed.append(is_passed)
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())

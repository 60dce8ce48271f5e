"""Whether the engine step depends on when the C library gives freed memory back to the system.

    python -m tests.benchmarks.heap_trimming [--processes PROCESSES]

The engine allocates and frees its memory for each batch. With shards of some sizes the C library (glibc) gave that
memory back after each batch and had to get it again for the next one, which took several times as long. So the engine
step is measured in processes of their own, in turn with the settings of glibc and with both thresholds raised, up to
which it keeps memory. Prints the median of the processes for each setting, and the ratio of the two.
"""

import argparse
import os
import subprocess
import sys
from statistics import median
from time import process_time

from cleancloud_rules.scoring.compiled import compiled
from tests.benchmarks import rungs
from tests.support.places import ROOT

SHAPES = ((30, 10), (250, 250))
"""Criteria, and facts of a company."""

RAISED = {"MALLOC_TRIM_THRESHOLD_": str(2**30), "MALLOC_MMAP_THRESHOLD_": str(2**25)}
"""Up to these sizes glibc keeps freed memory. It ignores a threshold for `mmap` above 32 MiB."""

COMPANIES = 6
SECONDS = 1.0
"""How long the engine step is repeated in a process, at least."""


def step(criteria: int, facts: int, seconds: float = SECONDS) -> float:
    """Return milliseconds of processor time of the engine step for a company, in this process."""
    rules = rungs.methodology(criteria)
    companies = [rungs.company(number, criteria, facts, rules) for number in range(COMPANIES)]
    fire = compiled(rules).engine.fire
    for company in companies:  # what is made once is made now
        fire(company)
    rounds, begun = 0, process_time()
    while (spent := process_time() - begun) < seconds:
        for company in companies:
            fire(company)
        rounds += 1
    return 1000 * spent / (rounds * COMPANIES)


def in_process(criteria: int, facts: int, settings: dict[str, str], seconds: float = SECONDS) -> float:
    """Return what `step` measures in a process of its own, with settings of the C library."""
    own = {name: value for name, value in os.environ.items() if name not in RAISED} | settings
    command = [sys.executable, "-m", "tests.benchmarks.heap_trimming", "--one", str(criteria), str(facts), str(seconds)]
    done = subprocess.run(command, env=own, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def measured(criteria: int, facts: int, processes: int, seconds: float = SECONDS) -> tuple[list[float], list[float]]:
    """Return milliseconds with the settings of glibc, and with raised thresholds, for each pair of processes."""
    pairs = [[in_process(criteria, facts, settings, seconds) for settings in ({}, RAISED)] for _ in range(processes)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--processes", type=int, default=5, help="processes for each setting")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        criteria, facts, seconds = options.one
        sys.stdout.write(f"{step(int(criteria), int(facts), float(seconds))}\n")
        return
    sys.stdout.write("engine step, ms a company      as glibc does   thresholds raised    ratio\n")
    for criteria, facts in SHAPES:
        usual, raised = map(median, measured(criteria, facts, options.processes))
        name = f"{criteria} criteria, {facts} facts"
        sys.stdout.write(f"{name:28} {usual:15.3f} {raised:19.3f} {usual / raised:8.2f}\n")


if __name__ == "__main__":
    main()

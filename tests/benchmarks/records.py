"""Records beside scoring and bounding: ``python -m tests.benchmarks.records [--rounds ROUNDS]``.

The 25 companies of Clean Cloud 2024 are loaded, scored and bounded; in the same rounds a record of them is made,
replayed and checked. A ratio is the median of the ratios of each round, in processor time.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from statistics import median
from time import process_time

import cleancloud_rules as cc
from cleancloud_rules.records import check_record
from tests.support.kept import AT
from tests.support.places import CRITERIA, DATASET

MOST = {"record": 3.0, "verify": 3.5}
"""The maximum ratios to scoring and bounding."""


def scored() -> object:
    """Load, score and bound the companies."""
    methodology = cc.load_methodology(CRITERIA)
    dataset = cc.load_dataset(DATASET, methodology)
    return cc.rank(dataset, methodology, with_bounds=True)


def ratios(rounds: int) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Return medians in seconds, and the median ratios to scoring and bounding."""
    text = cc.record(DATASET, CRITERIA, at=AT).to_json()
    actions: dict[str, Callable[[], object]] = {
        "score and bound": scored,
        "record": lambda: cc.record(DATASET, CRITERIA, at=AT),
        "verify": lambda: cc.verify(text),
        "check_record.py": lambda: check_record.check(text.encode()),
    }
    found: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            begun = process_time()
            action()
            found[name].append(process_time() - begun)
    base = found["score and bound"]
    shown = {name: median(own / other for own, other in zip(some, base, strict=True)) for name, some in found.items()}
    return {name: median(some) for name, some in found.items()}, shown


def main() -> int:
    """Print the table; return 1 if a ratio is above its maximum."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.records", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    seconds, found = ratios(parser.parse_args().rounds)
    for name, ratio in found.items():
        most = f", at most {MOST[name]}" if name in MOST else ""
        sys.stdout.write(f"{name:16} {seconds[name]:6.2f} s, {ratio:.2f} times scoring and bounding{most}\n")
    return int(any(found[name] > most for name, most in MOST.items()))


if __name__ == "__main__":
    sys.exit(main())

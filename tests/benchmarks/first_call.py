"""What the first score under a methodology costs, beside the ones after it.

    python -m tests.benchmarks.first_call

Prints milliseconds of processor time for Clean Cloud 2024 and for a methodology of 250 criteria, each loaded anew in
every round, and the first score as a multiple of a later one.
"""

import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from time import process_time

import cleancloud_rules as cc
from tests.benchmarks import rungs

ROUNDS = 9


def milliseconds(act: Callable[[], object]) -> float:
    """Return the processor time of an action."""
    begun = process_time()
    act()
    return 1000 * (process_time() - begun)


def measured(load: Callable[[], cc.Methodology]) -> tuple[float, float, float]:
    """Return the medians of loading, of the first score and of the score after it, in milliseconds."""
    loading, first, later = [], [], []
    for _ in range(ROUNDS):
        begun = process_time()
        methodology = load()
        loading.append(1000 * (process_time() - begun))
        company = cc.company_from({"id": "nobody", "name": "Nobody"}, methodology)
        scoring = partial(cc.score, company, methodology)
        first.append(milliseconds(scoring))
        later.append(milliseconds(scoring))
    return median(loading), median(first), median(later)


def main() -> None:
    """Measure and print."""
    sys.stdout.write("milliseconds               load    first score    later score    first / later\n")
    for name, load in (
        ("Clean Cloud 2024", lambda: cc.load_methodology("clean_cloud_2024")),
        ("250 criteria", lambda: rungs.methodology(250)),
    ):
        loading, first, later = measured(load)
        sys.stdout.write(f"{name:22} {loading:8.1f} {first:14.1f} {later:14.2f} {first / later:16.0f}\n")


if __name__ == "__main__":
    main()

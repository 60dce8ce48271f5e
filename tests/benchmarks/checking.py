"""How long `check` takes with the number of questions: thresholds on one field, and an enum with a name for each.

    python -m tests.benchmarks.checking [QUESTIONS ...]

Prints the processor time of loading and checking, and its ratio to the time for half as many questions in the same run.
"""

import sys
from time import process_time

import cleancloud_rules as cc
from tests.support import small

QUESTIONS = (100, 250, 500, 1_000, 2_000)


def seconds(count: int) -> float:
    """Return the least processor time of three runs for a methodology with so many questions."""
    return min(_run(count) for _ in range(3))


def _run(count: int) -> float:
    fields = {"id": {"type": "enum", "values": [f"k{i}" for i in range(count)], "key": True}, "n": {"type": "number"}}
    types = {"q": {"title": "Q", "horizon": "long_term", "fields": fields}}
    rules = [small.rule("r", 1, {"q": {"id": f"k{i}", "n": f">= {i}"}}) for i in range(count)]
    files = small.files(*(small.criterion(f"c{i}", 1, rule) for i, rule in enumerate(rules)), fact_types=types)
    begun = process_time()
    assert cc.check(cc.methodology_from(files)) == ()
    return process_time() - begun


def main() -> None:
    """Print the table."""
    known: dict[int, float] = {}
    for count in [int(argument) for argument in sys.argv[1:]] or QUESTIONS:
        known[count] = seconds(count)
        half = known.get(count // 2)
        ratio = "" if half is None else f"{known[count] / half:8.2f} times {count // 2}"
        sys.stdout.write(f"{count:6} questions {known[count]:8.3f} s{ratio}\n")


if __name__ == "__main__":
    main()

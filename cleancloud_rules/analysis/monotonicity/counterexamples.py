"""Violations to counterexamples: the smallest of each sort, stated as companies and scored."""

from collections.abc import Iterable, Iterator
from itertools import islice

from cleancloud_rules.analysis.monotonicity.decision import Violation
from cleancloud_rules.analysis.monotonicity.witness import Bench
from cleancloud_rules.analysis.monotonicity.witness_files import Pair, Realiser
from cleancloud_rules.results.certificates import Counterexample, Improvement

MAX_EXAMPLES = 3
"""How many counterexamples are shown, each of another sort."""

Refutation = tuple[Pair, Counterexample]
"""Two companies as data, and what is said of them."""


def refutations(violations: Iterable[Violation], bench: Bench, key: str, sense: Improvement) -> Iterator[Refutation]:
    """Return counterexamples, smallest first, each of another sort; those alone that the engine confirms.

    Args:
        violations: changes that cost points, those of few facts first.
        bench: scores companies.
        key: what earns less.
        sense: the sense.
    """
    smallest: dict[object, Violation] = {}
    for violation in violations:
        sort = _sort(violation)
        if sort not in smallest or violation.size < smallest[sort].size:
            smallest[sort] = violation
    confirmed = (
        found
        for violation in sorted(smallest.values(), key=lambda violation: violation.size)
        if (found := _confirmed(violation, bench, key, sense)) is not None
    )
    yield from islice(confirmed, MAX_EXAMPLES)


def _sort(violation: Violation) -> object:
    """Return what violations of one sort share: the changed field, and what the changed fact loses or wins."""
    new, old = violation.change.new, violation.change.old
    held = 0 if old is None else old.satisfied
    return new.type, violation.change.field, held & ~new.satisfied, new.satisfied & ~held


def _confirmed(violation: Violation, bench: Bench, key: str, sense: Improvement) -> Refutation | None:
    for apart in (False, True) if bench.methodology.vocabulary.derivations else (False,):
        pair = Realiser(bench.methodology, apart).pair(violation.company, violation.change)
        found = bench.counterexample(pair, key, sense)
        if found is not None:
            return pair, found
    return None

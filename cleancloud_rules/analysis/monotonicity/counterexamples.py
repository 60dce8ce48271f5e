"""Turns violations into counterexamples: the smallest of each sort, written as company files and scored."""

from collections.abc import Iterable, Iterator
from itertools import islice

from cleancloud_rules.analysis.monotonicity.decision import Violation
from cleancloud_rules.analysis.monotonicity.witness import counterexample
from cleancloud_rules.analysis.monotonicity.witness_files import Pair, Realiser
from cleancloud_rules.results.certificates import Counterexample, Improvement
from cleancloud_rules.scoring.compiled import CompiledMethodology

MAX_EXAMPLES = 3
"""The maximum number of counterexamples that are shown, each of another sort."""

Refutation = tuple[Pair, Counterexample]
"""Two companies as data, and the counterexample that they are."""


def refutations(
    violations: Iterable[Violation], key: str, sense: Improvement, compiled: CompiledMethodology
) -> Iterator[Refutation]:
    """Yield counterexamples that the engine confirms, smallest first, each of another sort.

    Args:
        violations: changes that cost points, those of few facts first.
        key: the key of the part that earns less.
        sense: the sense of the change.
        compiled: the methodology.
    """
    smallest: dict[object, Violation] = {}
    for violation in violations:
        sort = _sort(violation)
        if sort not in smallest or violation.size < smallest[sort].size:
            smallest[sort] = violation
    confirmed = (
        found
        for violation in sorted(smallest.values(), key=lambda violation: violation.size)
        if (found := _confirmed(violation, key, sense, compiled)) is not None
    )
    yield from islice(confirmed, MAX_EXAMPLES)


def _sort(violation: Violation) -> object:
    """Return what violations of one sort share: the changed field, and the conditions that the fact loses or gains."""
    new, old = violation.change.new, violation.change.old
    held = 0 if old is None else old.satisfied
    return new.type, violation.change.field, held & ~new.satisfied, new.satisfied & ~held


def _confirmed(violation: Violation, key: str, sense: Improvement, compiled: CompiledMethodology) -> Refutation | None:
    methodology = compiled.methodology
    for apart in (False, True) if methodology.vocabulary.derivations else (False,):
        pair = Realiser(methodology, apart).pair(violation.company, violation.change)
        found = counterexample(pair, key, sense, compiled)
        if found is not None:
            return pair, found
    return None

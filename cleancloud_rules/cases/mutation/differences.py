"""Results in which a mutant differs from the original for one company."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from cleancloud_rules.cases.mutation.mutants import Mutant
from cleancloud_rules.cases.mutation.rescoring import Named, Results
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.case_reports import NO_VALUE
from cleancloud_rules.results.mutants import MutantKind

_OF_GROUPS = ("score", "outcome", "label", "level")
_OF_ROOT = ("total", "outcome", "label", "level")


def difference(before: Results, after: Results, mutant: Mutant) -> Named | None:
    """Return the result nearest to the change in which a mutant differs; None if no result differs."""
    methodology = before.combination.structure.methodology
    if mutant.asks_otherwise and mutant.owner is not None:
        states = [results.combination.criterion(mutant.owner) for results in (before, after)]
        if states[0] == states[1] and before.fired(mutant.owner) == after.fired(mutant.owner):
            if not _asks_about_others(mutant, methodology):
                return None
            name = ("criterion", mutant.owner, "outcome")
            return name if before.value(name) != after.value(name) else None
    names = (*_own(methodology, mutant), *_others(methodology))
    found = next((name for name in names if _can_be_expected(name, before) and _differ(name, before, after)), None)
    return found or next(_ruled_out_otherwise(before, after), None)


def _differ(name: Named, before: Results, after: Results) -> bool:
    return before.value(name) != after.value(name)


def _can_be_expected(name: Named, before: Results) -> bool:
    """Whether a test case can expect the original result: that there is no score is expected as an outcome."""
    return name[2] not in ("score", "total") or before.value(name) != NO_VALUE


def _asks_about_others(mutant: Mutant, methodology: Methodology) -> bool:
    """Whether other facts may be relevant, which can change an outcome although no other rule fires."""
    if mutant.kind in (MutantKind.RULE, MutantKind.PART):
        return True
    if mutant.conditions is None:
        return False
    before, after = mutant.conditions
    changed = {*before.tests} ^ {*after.tests}
    fields = (methodology.vocabulary.field_of(before.fact_type, test.field) for test in changed)
    return any(own is not None and own.key for own in fields)


def _others(methodology: Methodology) -> Iterator[Named]:
    for criterion in methodology.criteria:
        yield "criterion", criterion.id, "points"
    for group in reversed(methodology.groups):
        yield from (("category", group.id, what) for what in _OF_GROUPS)
    yield from (("total", None, what) for what in _OF_ROOT)
    yield from (("table", table.id, "output") for table in methodology.tables)


def _ruled_out_otherwise(before: Results, after: Results) -> Iterator[Named]:
    """Yield the outcomes of criteria that a gate or an exemption changes. Alone, no other criterion is another one."""
    for criterion in before.combination.structure.methodology.criteria:
        states = (results.combination.criterion(criterion.id).ruled_out for results in (before, after))
        if len({*states}) > 1:
            yield "criterion", criterion.id, "outcome"


def _own(methodology: Methodology, mutant: Mutant) -> Iterator[Named]:
    owner = mutant.owner
    if owner is None:
        yield from (("total", None, what) for what in _OF_ROOT)
    elif any(criterion.id == owner for criterion in methodology.criteria):
        yield "criterion", owner, "points"
        yield "criterion", owner, "outcome"
    elif any(group.id == owner for group in methodology.groups):
        yield from (("category", owner, what) for what in _OF_GROUPS)


def distance(results: Results, of: str | None, number: Decimal) -> Fraction | None:
    """Return how far the value of a group, or of the root, lies from a number; None without a value."""
    state = results.combination.whole() if of is None else results.combination.group(of)
    score = state.value if state.score is None else Fraction(state.score)
    return None if score is None else abs(score - Fraction(number))

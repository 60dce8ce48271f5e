"""The kinds of further facts that bounds know, compared with those that certificates know."""

from collections.abc import Iterator

import pytest

from cleancloud_rules import Methodology
from cleancloud_rules.analysis.monotonicity.fact_kinds import FactClasses
from cleancloud_rules.completions.fact_kinds import TooLargeError, VectorSpaces
from cleancloud_rules.engine.compiler import compile_methodology
from tests.support.seeded import seeded_cases


def kinds(methodology: Methodology) -> Iterator[tuple[set[frozenset[int]], set[frozenset[int]]]]:
    """Yield, for each fact type, the conditions that one fact passes together: of vectors, and of classes of facts.

    Left out are types with too many kinds, and those whose conditions name a source: a source of the methodology has
    one type and one day, which only the classes know.
    """
    ruleset = compile_methodology(methodology)
    spaces = VectorSpaces(ruleset)
    for type_id in sorted(ruleset.encodings):
        conditions = {c.index: c.condition for c in ruleset.conditions if c.condition.fact_type == type_id}
        tested = {test.field for condition in conditions.values() for test in condition.tests}
        vectors = spaces.vectors(type_id, ())
        if not conditions or vectors is None or "evidence.source" in tested:
            continue
        try:
            classes = FactClasses(methodology, type_id, conditions, (), derivable=False).all
        except TooLargeError:
            continue
        passed = {frozenset(n for n in conditions if kind.satisfied >> n & 1) for kind in classes}
        yield {vector.satisfied for vector in vectors}, passed


def compare(seeds: range) -> int:
    """Fail where the two differ; return how many fact types were compared."""
    methodologies = {m.sha256: m for seed in seeds for m, _ in seeded_cases(seed)}
    compared = [pair for methodology in methodologies.values() for pair in kinds(methodology)]
    for vectors, classes in compared:
        assert vectors == classes
    return len(compared)


def test_bounds_and_certificates_know_the_same_kinds_of_facts() -> None:
    assert compare(range(10)) >= 12


@pytest.mark.deep(part="enumeration")
@pytest.mark.parametrize("part", range(4))
def test_bounds_and_certificates_know_the_same_kinds_of_facts_of_many_methodologies(part: int) -> None:
    assert compare(range(1000 + 100 * part, 1100 + 100 * part)) >= 150

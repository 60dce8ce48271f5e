"""The bounds of companies of generated methodologies against what these companies come to as they state more."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest
from attrs import evolve

import cleancloud_rules as cc
from cleancloud_rules import Scorecard
from cleancloud_rules.analysis.lint.companies import lone
from cleancloud_rules.results.bounds import CompanyBounds
from tests.support.seeded import grown, seeded_cases

QUICK = (1, 2, 4, 6, 8, 13, 48, 51, 133)
"""Seeds; 48 and 51 have facts of more kinds than are listed, 8 and 13 a derivation from the latest facts, 1, 13 and 133
bands with gaps, all but a few counts of different values."""

Limits = tuple[str, Decimal | None, Decimal | None, Decimal | None]


def hold_growth_against_bounds(seed: int) -> Counter[str]:
    """Fail where a company that states more leaves its bounds; return how many limits were held against a figure."""
    cases = [evolve(company, not_found=(), id=f"company-{n}") for n, (_, company) in enumerate(seeded_cases(seed))]
    methodology = next(seeded_cases(seed))[0]
    bounds = {found.company.id: found for found in cc.analysis.bounds(cases, methodology).companies}
    counted: Counter[str] = Counter()
    for n, company in enumerate(cases):
        more = grown(company, cases[n - 1])
        if any(lone(more, methodology)):
            continue
        for what, floor, score, ceiling in _limits(bounds[company.id], cc.score(more, methodology)):
            if score is None or floor is None or ceiling is None:
                counted["open"] += 1
                continue
            assert floor <= score <= ceiling, (seed, n, what)
            counted["tight" if floor == ceiling else "wide"] += 1
    return counted


def _limits(found: CompanyBounds, card: Scorecard) -> Iterator[Limits]:
    yield "total", found.floor, card.total, found.ceiling
    for group in found.groups:
        yield group.id, group.floor, card.category(group.id).score, group.ceiling
        for criterion in group.criteria:
            yield criterion.id, criterion.floor, card.criterion(criterion.id).points, criterion.ceiling


def test_no_company_that_states_more_leaves_its_bounds() -> None:
    counted: Counter[str] = Counter()
    for seed in QUICK:
        counted += hold_growth_against_bounds(seed)
    assert counted["wide"] >= 300
    assert counted["tight"] >= 100


@pytest.mark.deep(part="bounds")
@pytest.mark.parametrize("part", range(10))
def test_no_company_of_five_hundred_methodologies_leaves_its_bounds(part: int) -> None:
    counted: Counter[str] = Counter()
    for seed in range(1000 + 50 * part, 1050 + 50 * part):
        counted += hold_growth_against_bounds(seed)
    print(sorted(counted.items()))  # noqa: T201

"""Generated claims about generated companies: the library and the naive evaluator give the same three answers.

The naive evaluator cannot replace facts by later ones. So the answers of all claims are also compared with what
companies come to as they state more: no *yes* is ever left out, and no *no* is ever counted.
"""

from collections import Counter

import pytest

from cleancloud_rules.analysis.lint.companies import lone
from tests.reference.claims import CANNOT_TELL, NO, YES
from tests.reference.conditions import holds
from tests.reference.derivations import derived_facts
from tests.reference.evaluation import counts
from tests.support.claims import asked, compare
from tests.support.seeded import grown

QUICK = (1, 3, 5, 6, 36, 60, 130, 244)
"""Seeds; 5 and 36 have facts derived from the latest ones, 60 counts distinct values beside others."""


def test_library_and_naive_evaluator_give_the_same_answers() -> None:
    counted: Counter[str] = Counter()
    for seed in QUICK:
        counted += compare(seed)
    assert min(counted[YES], counted[NO], counted[CANNOT_TELL]) >= 50, counted
    assert counted["wider"] + counted["too many"] <= counted.total() // 50, counted


@pytest.mark.deep(part="bounds")
@pytest.mark.parametrize("part", range(10))
def test_they_give_the_same_answers_about_five_hundred_methodologies(part: int) -> None:
    counted: Counter[str] = Counter()
    for seed in range(1000 + 50 * part, 1050 + 50 * part):
        counted += compare(seed)
    assert counted["wider"] + counted["too many"] <= counted.total() // 50, counted
    print(sorted(counted.items()))  # noqa: T201


def hold_growth_against_answers(seed: int) -> Counter[str]:
    """Fail where a company that states more is counted otherwise; return how often each answer was tried."""
    made, counted = asked(seed, searched=False), Counter[str]()
    for n, company in enumerate(made.companies):
        more = grown(company, made.companies[n - 1])
        if any(lone(more, made.methodology)):
            continue
        stated = [fact for fact in more.facts if counts(fact, made.methodology)]
        _, facts = derived_facts(made.methodology, stated)
        for claim in made.claims:
            assert claim.when is not None
            is_counted = claim.cohort in (None, more.cohort) and holds(claim.when, facts)
            found = made.answer(claim, company)
            assert (found, is_counted) not in ((YES, False), (NO, True)), (seed, claim.id, company.id)
            counted[found] += 1
    return counted


def test_no_answer_changes_as_companies_state_more() -> None:
    counted: Counter[str] = Counter()
    for seed in QUICK:
        counted += hold_growth_against_answers(seed)
    assert counted[YES] >= 50, counted
    assert counted[CANNOT_TELL] >= 50, counted


@pytest.mark.deep(part="bounds")
@pytest.mark.parametrize("part", range(10))
def test_no_answer_changes_in_five_hundred_methodologies(part: int) -> None:
    counted: Counter[str] = Counter()
    for seed in range(1000 + 50 * part, 1050 + 50 * part):
        counted += hold_growth_against_answers(seed)
    print(sorted(counted.items()))  # noqa: T201

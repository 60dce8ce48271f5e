"""Which answer the facts of a company give to a published claim: yes, no, or that they cannot tell.

A completion adds facts. One that meets the condition is searched for, and one that does not, by trying all that a few
added facts can make of what the condition and the implications ask for.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, islice, product
from math import comb, prod
from typing import Any

from attrs import evolve

from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.conditions import AllOf, AnyOf, Condition, Count, NoneOf, When
from cleancloud_rules.model.facts import Company, NotFound
from cleancloud_rules.model.methodology import Methodology
from tests.reference.additions import Addition, Search, Way, additions, condition_in, one_by_one, ways
from tests.reference.conditions import fact_passes, holds
from tests.reference.derivations import derived_facts
from tests.reference.evaluation import counts, was_there

MAX_TRIES = 2_000
"""How many choices of added facts are tried for one way at most."""

YES, CANNOT_TELL, NO = "yes", "cannot_tell", "no"


class TooManyError(Exception):
    """There are too many choices of added facts to try."""


def answer(claim: PublishedClaim, company: Company, methodology: Methodology) -> str | None:
    """Return what the facts of a company say to a claim; None if no completion obeys the implications.

    No fact that the claim reads may be superseded by a later one, or derived from one that may be.

    Raises:
        TooManyError: if there is too much to try.
    """
    if claim.cohort is not None and company.cohort not in (None, claim.cohort):
        return NO
    methodology = evolve(methodology, as_of=company.cut_off or methodology.as_of)
    searches = tuple(entry for entry in company.not_found if was_there(entry, methodology.as_of))
    company = evolve(company, not_found=searches)
    stated = [fact for fact in company.facts if counts(fact, methodology)]
    _, counting = derived_facts(methodology, stated)
    possible = [True] if claim.when is None else _possible(claim.when, counting, company, methodology)
    if not possible:
        return None
    if len(possible) == 2:
        return CANNOT_TELL
    if not possible[0]:
        return NO
    return YES if claim.cohort in (None, company.cohort) else CANNOT_TELL


def _possible(when: When, stated: Sequence[Any], company: Company, methodology: Methodology) -> list[bool]:
    """Return whether the condition holds in some completion, and whether it fails in some."""
    obeyed = [AnyOf((NoneOf((i.given,)), i.then)) for i in methodology.vocabulary.implications]
    return [
        wanted
        for wanted, asked in ((True, when), (False, NoneOf((when,))))
        if any(_completed(way, stated, company, methodology) for way in ways(AllOf((asked, *obeyed))))
    ]


def _completed(way: Way, stated: Sequence[Any], company: Company, methodology: Methodology) -> bool:
    """Whether added facts make all hold that a way needs, and nothing that it refuses."""
    choices = one_by_one(company.not_found, stated)
    return any(_completed_beside(searches, way, stated, methodology) for searches in choices)


def _completed_beside(not_found: Sequence[NotFound], way: Way, stated: Sequence[Any], methodology: Methodology) -> bool:
    if any(holds(refused, stated) for refused in way.refused):
        return False
    needed = [one for one in dict.fromkeys(way.needed) if not holds(one, stated)]
    never = [refused for refused in way.refused if isinstance(refused, Condition)]
    rather_not = [condition_in(refused) for refused in way.refused]
    asked = [*needed, *way.refused]
    facts = additions(asked, {condition_in(one).fact_type for one in asked}, Search(methodology, not_found))
    facts = [fact for fact in facts if not any(fact_passes(fact, refused) for refused in never)]
    free = [fact for fact in facts if not any(fact_passes(fact, refused) for refused in rather_not)]
    choices = []
    for one in needed:
        easy = list(islice(_makings(one, stated, free), 1))
        choices.append(easy or list(_makings(one, stated, facts)))
    if prod(map(len, choices)) > MAX_TRIES:
        raise TooManyError
    return any(
        not any(holds(refused, [*stated, *{fact for some in choice for fact in some}]) for refused in way.refused)
        for choice in product(*choices)
    )


def _makings(
    asked: Condition | Count, stated: Sequence[Any], facts: Sequence[Addition]
) -> Iterator[tuple[Addition, ...]]:
    """Yield every choice of few facts that, with the stated ones, make a condition or a count hold."""
    passing = [fact for fact in facts if fact_passes(fact, condition_in(asked))]
    most = asked.at_least if isinstance(asked, Count) else 1
    if comb(len(passing) + most, most) > MAX_TRIES:
        raise TooManyError
    for size in range(1, 1 + most):
        for some in combinations_with_replacement(passing, size):
            made = tuple(Addition(fact.type, fact.holding, some[:i].count(fact)) for i, fact in enumerate(some))
            if holds(asked, [*stated, *made]):
                yield made

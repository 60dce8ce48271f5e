"""Generated claims about generated companies, answered by the library and by the naive evaluator."""

from collections import Counter
from collections.abc import Iterable
from random import Random

from attrs import evolve, frozen

from cleancloud_rules import Company, Methodology
from cleancloud_rules.analysis import findings
from cleancloud_rules.model import (
    AllOf,
    AnyOf,
    Count,
    Dataset,
    NoneOf,
    PublishedClaim,
    Selection,
    When,
)
from cleancloud_rules.model.conditions import conditions_of
from cleancloud_rules.results import ClaimReport, ClaimResult
from tests.reference.claims import CANNOT_TELL, NO, YES, TooManyError, answer
from tests.reference.conditions import counts_in
from tests.support.seeded import seeded_cases

CLAIMS = 12
"""How many claims are made about the companies of one methodology."""


@frozen
class Asked:
    """Claims about companies, and what the library answers."""

    seed: int
    methodology: Methodology
    companies: tuple[Company, ...]
    claims: tuple[PublishedClaim, ...]
    report: ClaimReport

    def answer(self, claim: PublishedClaim, company: Company) -> str:
        """Return the library's answer; each company is in one set alone."""
        (row,) = (row for row in self.report.rows if row.id == claim.id)
        (found,) = (name for name in (YES, CANNOT_TELL, NO) if company.id in answers(row)[name])
        return found


def answers(row: ClaimResult) -> dict[str, tuple[str, ...]]:
    """Return the companies of each answer."""
    return {YES: row.yes, CANNOT_TELL: row.cannot_tell, NO: row.no}


def asked(seed: int, *, searched: bool = True) -> Asked:
    """Make the methodology of a seed, its companies, and claims about them.

    Args:
        seed: the seed.
        searched: whether the companies keep their searches without result.
    """
    cases = list(seeded_cases(seed))
    methodology = cases[0][0]
    companies = tuple(evolve(company, id=f"company-{n}") for n, (_, company) in enumerate(cases))
    companies = companies if searched else tuple(evolve(company, not_found=()) for company in companies)
    claims = tuple(_claims(methodology, seed))
    dataset = Dataset("Generated", methodology.id, companies, statements=claims)
    return Asked(seed, methodology, companies, claims, findings(dataset, methodology))


def _claims(methodology: Methodology, seed: int) -> Iterable[PublishedClaim]:
    """Yield claims whose conditions are those of rules, turned round or combined."""
    chance = Random(seed)  # noqa: S311 - nothing secret is made
    whens = [rule.when for criterion in methodology.criteria for rule in criterion.rules]
    cohorts = [None, None, *(id for id, _ in methodology.vocabulary.cohorts)]
    for n in range(CLAIMS):
        published, when, cohort = chance.randrange(10), _when(whens, chance), chance.choice(cohorts)
        yield PublishedClaim(f"claim_{n}", "Claim", published, when, cohort)


def _when(whens: list[When], chance: Random) -> When:
    one, other = chance.choice(whens), chance.choice(whens)
    condition = chance.choice(conditions_of(one))
    forms: tuple[When, ...] = (
        one,
        one,
        condition,
        NoneOf((one,)),
        AllOf((one, NoneOf((other,)))),
        AnyOf((one, NoneOf((condition,)))),
        AllOf((Count(condition, chance.choice((1, 2))), NoneOf((Count(condition, 3),)))),
    )
    return chance.choice(forms)


def compare(seed: int) -> Counter[str]:
    """Fail where library and naive evaluator differ; return how often each answer was given.

    The library may be unable to tell where a claim counts different values: it does not remember which were stated.
    """
    made, counted = asked(seed), Counter[str]()
    uncertain = _uncertain(made.methodology)
    for claim in made.claims:
        assert claim.when is not None
        if uncertain & {condition.fact_type for condition in conditions_of(claim.when)}:
            continue
        for company in made.companies:
            try:
                expected = answer(claim, company, made.methodology)
            except TooManyError:
                counted["too many"] += 1
                continue
            if expected is None:
                counted["contradictory"] += 1
                continue
            found = made.answer(claim, company)
            if found == CANNOT_TELL != expected and any(c.distinct for c in counts_in(claim.when)):
                counted["wider"] += 1
                continue
            assert found == expected, (seed, claim.id, company.id)
            counted[expected] += 1
    return counted


def _uncertain(methodology: Methodology) -> set[str]:
    """Return the fact types whose facts a later one may supersede, and those that are derived from them."""
    found = {t.id for t in methodology.vocabulary.fact_types if t.selection is Selection.LATEST}
    for derivation in methodology.vocabulary.derivations:
        if found & {condition.fact_type for _, condition in derivation.inputs}:
            found.add(derivation.fact)
    return found

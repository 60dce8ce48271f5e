"""The facts that a fit must not choose, as if they had been searched for without result."""

from collections.abc import Collection, Iterator

from attrs import evolve

from cleancloud_rules.analysis.claims.reading import Reader
from cleancloud_rules.analysis.claims.superlatives import Ladder
from cleancloud_rules.model.claims import Highest, PublishedClaim
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Basis, Company, NotFound
from cleancloud_rules.model.methodology import Methodology


def with_exclusions(
    dataset: Dataset, binding: Collection[PublishedClaim], methodology: Methodology
) -> tuple[Company, ...]:
    """Return the companies of a dataset with further searches without result, for the facts that must not be chosen.

    These are the facts that the dataset excludes, and those that would deny a superlative: of the companies that it
    does not name, all above what the named ones state.

    Args:
        dataset: the dataset.
        binding: the published claims that the facts must meet.
        methodology: the methodology.
    """
    companies = []
    superlatives = [
        (claim, above)
        for claim in binding
        if claim.highest is not None
        for above in _above(claim, claim.highest, dataset, methodology)
    ]
    for company in dataset.companies:
        excluded = [entry.facts for entry in dataset.never_hypothetical if entry.is_about(company)]
        excluded += [above for claim, above in superlatives if company.id not in claim.companies]
        further = tuple(NotFound(condition, Basis.ASSESSED) for condition in excluded)
        companies.append(evolve(company, not_found=(*company.not_found, *further)) if further else company)
    return tuple(companies)


def _above(claim: PublishedClaim, highest: Highest, dataset: Dataset, methodology: Methodology) -> Iterator[Condition]:
    """Yield the condition of the values above those that the companies state that a superlative names, if any do."""
    named = [company for company in dataset.companies if company.id in claim.companies]
    bare = evolve(methodology, categories=())
    ladder = Ladder.of(highest, dataset.companies, bare)
    lows = [
        ladder.reach(read.company, read.stated).low
        for read in Reader(with_hypothetical=False, failures=None).read(named, bare)
    ]
    above = ladder.above(min(lows)) if lows else None
    if above is not None:
        yield above

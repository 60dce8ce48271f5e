"""What text documents and pages say in the same words: who says something, and among whom a company is ranked."""

from cleancloud_rules.model.facts import Basis
from cleancloud_rules.results.records import CompanyRecord

_WHO = {
    Basis.REPORTED: "published by the company",
    Basis.CALCULATED: "calculated from published figures",
    Basis.REPORTED_OR_CALCULATED: "published by the company or calculated; it is not stated which",
    Basis.THIRD_PARTY: "stated by a third party",
    Basis.ASSESSED: "stated by {publisher}",
    Basis.INFERRED: "inferred by this project from what the source states",
    Basis.HYPOTHETICAL: "HYPOTHETICAL: chosen by a solver",
}
"""Who says a fact, or that something was not found, by its basis."""


def who(basis: str, publisher: str) -> str:
    """Return who says a fact, or that something was not found.

    Args:
        basis: the basis, as records have it.
        publisher: who published the methodology.
    """
    return _WHO[Basis(basis)].replace("{publisher}", publisher)


def rank_in_words(company: CompanyRecord) -> str | None:
    """Return the published rank of a company with how many are ranked, and in which cohort; None if none is printed."""
    published = company.published
    if published is None or published.rank is None:
        return None
    of = "" if published.ranked is None else f" of {published.ranked}"
    cohort = "" if company.cohort_title is None else f" ({company.cohort_title})"
    return f"{published.rank}{of}{cohort}"

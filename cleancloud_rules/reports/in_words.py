"""What text documents and pages say in the same words: who says something and where, and the rank of a company."""

from cleancloud_rules.model.facts import Basis
from cleancloud_rules.results.records import CompanyRecord
from cleancloud_rules.results.scorecards import Scorecard

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


def reference_in_words(reference: str, card: Scorecard) -> str:
    """Return where the publisher states a criterion, with the title of the source in place of its id.

    Args:
        reference: the reference, as records have it: the id of a source, and perhaps a place in it.
        card: a scorecard with the source.
    """
    id, comma, place = reference.partition(", ")
    title = next((source.title for source in card.sources if source.id == id), None)
    return f"{title or id}{comma}{place}"


def rank_in_words(company: CompanyRecord) -> str | None:
    """Return the published rank of a company with how many are ranked, and in which cohort; None if none is printed."""
    published = company.published
    if published is None or published.rank is None:
        return None
    of = "" if published.ranked is None else f" of {published.ranked}"
    cohort = "" if company.cohort_title is None else f" ({company.cohort_title})"
    return f"{published.rank}{of}{cohort}"


def level_titles(card: Scorecard) -> dict[str, str]:
    """Return the titles of all levels of a methodology by id, whether they were reached or not."""
    ladders = (card.levels, *(group.levels for group in card.groups))
    return {step.id: step.title for ladder in ladders for step in ladder}

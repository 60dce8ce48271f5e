"""Scores a company whose methodology is compiled: the stated facts first, then hypothetical ones beside them."""

from cleancloud_rules.engine.firings import Firings
from cleancloud_rules.model.facts import Company
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.scoring.compiled import CompiledMethodology
from cleancloud_rules.scoring.sums import Sums

Stated = tuple[Firings, Sums]
"""What stated facts fire, with the points that follow."""

Evidence = tuple[Firings, Sums, Sums | None]
"""What all facts that are read fire, with the points that follow; and the points of stated facts if others are read."""


def evidence_of(
    own: CompiledMethodology, company: Company, *, with_hypothetical: bool, cross_check: bool
) -> tuple[Stated, Evidence]:
    """Return what stated facts fire, with the points that follow; and the same of all facts that are read."""
    firings = own.fire(company, cross_check=cross_check)
    stated = own.sums(company, firings, cross_check=cross_check)
    if not with_hypothetical or not any(fact.is_hypothetical for fact in company.facts):
        return (firings, stated), (firings, stated, None)
    read = own.fire(company, with_hypothetical=True, cross_check=cross_check)
    return (firings, stated), (read, own.sums(company, read, cross_check=cross_check), stated)


def plain_scorecard(
    own: CompiledMethodology, company: Company, *, with_hypothetical: bool, cross_check: bool
) -> Scorecard:
    """Return the scorecard of a company, without bounds and without its responses."""
    _, evidence = evidence_of(own, company, with_hypothetical=with_hypothetical, cross_check=cross_check)
    return own.scorer.scorecard(company, *evidence)

"""Published claims as questions about companies, with three answers: yes, no, cannot tell."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from attrs import frozen

from cleancloud_rules.analysis.claims.superlatives import Ladder, is_highest
from cleancloud_rules.analysis.score_bounds.bounder import compiled_for
from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.engine.compiler import compiled_rule
from cleancloud_rules.engine.ruleset import CompiledRule
from cleancloud_rules.errors import CriteriaError
from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.conditions import When, conditions_of
from cleancloud_rules.model.facts import Company, Fact
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.scoring.compiled import CompiledMethodology

Truths = frozenset[bool]
"""Whether a claim counts a company in some completion, and whether not in some."""

YES, NO, EITHER = frozenset((True,)), frozenset((False,)), frozenset((True, False))

Stated = Sequence[tuple[Company, tuple[Fact, ...] | None]]
"""Companies, each with its facts that count; None if they are not known."""

Answers = dict[str, Truths]
"""The answer for each company, by its id."""


def question_of(
    claim: PublishedClaim, companies: Iterable[Company], methodology: Methodology
) -> Callable[[Stated], Answers]:
    """Return what answers a claim for companies with their facts.

    Args:
        claim: the claim.
        companies: the companies, with all their facts.
        methodology: the methodology.

    Raises:
        CriteriaError: if the condition of the claim is too complex.
    """
    if claim.highest is not None:
        return _Superlative(claim, Ladder.of(claim.highest, companies, methodology))
    return _Count(claim) if claim.when is None else _Count.of(claim, claim.when, methodology)


@frozen
class _Count:
    """A claim that is asked of companies one by one.

    Args:
        claim: the claim.
        compiled: a methodology that knows the conditions of the claim; None if only the cohort decides.
        rule: the condition of the claim as a rule.
    """

    claim: PublishedClaim
    compiled: CompiledMethodology | None = None
    rule: CompiledRule | None = None

    @classmethod
    def of(cls, claim: PublishedClaim, when: When, methodology: Methodology) -> "_Count":
        """Return the question of a claim with a condition."""
        asking = compiled_for(methodology, conditions_of(when))
        try:
            return cls(claim, asking, compiled_rule("", claim.id, when, asking.ruleset.by_condition))
        except Rejected as rejected:
            raise CriteriaError(rejected.diagnostics) from None

    def __call__(self, stated: Stated) -> Answers:
        """Return the answers."""
        known: dict[Any, Truths] = {}
        return {str(company.id): self._truths(company, facts, known) for company, facts in stated}

    def _truths(self, company: Company, facts: tuple[Fact, ...] | None, known: dict[Any, Truths]) -> Truths:
        of_cohort = _cohort(self.claim, company)
        if of_cohort == NO or self.compiled is None or self.rule is None:
            return of_cohort
        if facts is None:
            return EITHER
        # Companies with the same facts and searches have the same completions; many have no facts.
        alike = (facts, company.not_found)
        if alike not in known:
            searches = self.compiled.completions(company, facts)
            known[alike] = frozenset[bool]().union(*(search.truths(self.rule) for search in searches))
        return _both(of_cohort, known[alike])


@frozen
class _Superlative:
    """A claim that is asked of companies together."""

    claim: PublishedClaim
    ladder: Ladder

    def __call__(self, stated: Stated) -> Answers:
        """Return the answers."""
        cohorts = {str(company.id): _cohort(self.claim, company) for company, _ in stated}
        reaches = {
            str(company.id): self.ladder.reach(company, facts)
            for company, facts in stated
            if cohorts[str(company.id)] != NO
        }
        members, others = ([id for id in reaches if cohorts[id] == truths] for truths in (YES, EITHER))
        return {
            id: _both(of_cohort, is_highest(id, reaches, members, others)) if id in reaches else NO
            for id, of_cohort in cohorts.items()
        }


def _cohort(claim: PublishedClaim, company: Company) -> Truths:
    """Return whether a company can be in the cohort that is counted. If none is stated, it can be in any."""
    if claim.cohort is None:
        return YES
    if company.cohort is None:
        return EITHER
    return YES if company.cohort == claim.cohort else NO


def _both(one: Truths, other: Truths) -> Truths:
    return frozenset(a and b for a in one for b in other)

"""The page of published claims: each count as a range from the facts, beside the published one."""

import re
from collections import Counter
from fractions import Fraction
from functools import cached_property

from attrs import frozen

from cleancloud_rules.reports.pages.figures import percent
from cleancloud_rules.results.claims import ClaimReport, ClaimResult

_COUNT = re.compile(r"\d+")


@frozen(slots=False)
class ClaimsPage:
    """What the page of published claims shows.

    Args:
        report: the published claims, recounted.
    """

    report: ClaimReport

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of companies by id."""
        return {company.id: company.name for company in self.report.companies}

    @property
    def size(self) -> int:
        """How many companies there are."""
        return len(self.report.companies)

    @property
    def verdicts(self) -> str:
        """How many claims have each verdict, in words."""
        found = Counter(claim.verdict.value for claim in self.report.rows)
        said = {"agrees": "agree", "possible": "are possible", "disagrees": "disagree"}
        one = {"agrees": "agrees", "possible": "is possible", "disagrees": "disagrees"}
        parts = [f"{found[v]} {one[v] if found[v] == 1 else said[v]}" for v in said if found[v]]
        return ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]

    def at(self, count: int) -> str:
        """Return the place of a count on the axis from 0 to all companies."""
        return percent(Fraction(count), Fraction(self.size))

    def published(self, claim: ClaimResult) -> int | None:
        """Return the number in a published count; None if its words have several or none."""
        found = _COUNT.findall(claim.published)
        return int(found[0]) if len(found) == 1 else None

    def range(self, claim: ClaimResult) -> str:
        """Return the range of counts that the facts allow."""
        return str(claim.floor) if claim.floor == claim.ceiling else f"{claim.floor} to {claim.ceiling}"

    def answers(self, claim: ClaimResult) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return the answers with the ids of the companies that have them; those that no company has are left out."""
        found = (("Yes", claim.yes), ("Cannot tell", claim.cannot_tell), ("No", claim.no))
        return tuple((answer, ids) for answer, ids in found if ids)

"""The page of a criterion: what earns points, and who gets what."""

from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property

from attrs import frozen

from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.reports.answers import effect_of
from cleancloud_rules.reports.in_words import reference_in_words
from cleancloud_rules.reports.pages.dossiers import Entry
from cleancloud_rules.reports.pages.site import Place, Site
from cleancloud_rules.results.scorecards import CriterionResult, RuleResult

HEADINGS = {
    Outcome.AWARDED: "Full points",
    Outcome.PARTIAL: "Some points",
    Outcome.NOT_MET: "Stated, and not met",
    Outcome.NOT_FOUND: "Looked for, not found",
    Outcome.GATED: "Gated",
    Outcome.EXCLUDED: "Left out",
    Outcome.NOT_APPLICABLE: "Does not apply",
    Outcome.NOT_ASSESSED: "Not assessed",
}
"""The headings of the outcomes of a criterion, in the order in which pages show them."""

MEANINGS = {
    Outcome.AWARDED: "stated facts earn all points",
    Outcome.PARTIAL: "stated facts earn some of the points",
    Outcome.NOT_MET: "stated facts answer the criterion, and earn nothing or cost points",
    Outcome.NOT_FOUND: "a source looked for it, and says that it was not found",
    Outcome.GATED: "another criterion on which it depends is not met",
    Outcome.EXCLUDED: "it is left out of the score",
    Outcome.NOT_APPLICABLE: "it does not apply to the company",
    Outcome.NOT_ASSESSED: "no stated evidence decides either way",
}
"""What the outcomes of a criterion mean."""


@frozen
class RuleLine:
    """A rule of a criterion.

    Args:
        rule: the rule as one company has it.
        points: the points that it can earn, at most.
        effect: what they do to the total; None if companies differ, or if it is not known.
        whose: whose it is, in words.
    """

    rule: RuleResult
    points: Decimal
    effect: Decimal | None
    whose: str


@frozen(slots=False)
class CriterionPage:
    """All that a page shows of a criterion.

    Args:
        site: the results.
        criterion: its result for the first company, with what is the same for all.
        place: where it stands in the methodology.
    """

    site: Site
    criterion: CriterionResult
    place: Place

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Its results for all companies, in their order."""
        return tuple(Entry(card, card.criterion(self.criterion.id), self.place) for card in self.site.cards)

    def having(self, outcome: Outcome) -> tuple[Entry, ...]:
        """Return the results that have an outcome."""
        return tuple(entry for entry in self.entries if entry.criterion.outcome is outcome)

    @property
    def by_outcome(self) -> tuple[tuple[Outcome, tuple[Entry, ...]], ...]:
        """The results by outcome, in the order of the headings."""
        found = ((outcome, self.having(outcome)) for outcome in HEADINGS)
        return tuple((outcome, entries) for outcome, entries in found if entries)

    @property
    def reference(self) -> str | None:
        """Where the publisher states the criterion; None if that is not declared."""
        reference = self.criterion.reference
        return None if reference is None else reference_in_words(reference, self.site.cards[0])

    @property
    def with_points(self) -> int:
        """How many companies have points."""
        return len(self.having(Outcome.AWARDED)) + len(self.having(Outcome.PARTIAL))

    @cached_property
    def worth(self) -> Decimal | None:
        """What all its points do to the total; None if companies differ, or if it is not known."""
        return self.effect(self.criterion.max_points)

    @cached_property
    def lines(self) -> tuple[RuleLine, ...]:
        """Its rules, in the order of the methodology."""
        every = [entry.criterion.rules for entry in self.entries]
        lines = []
        for number, rule in enumerate(self.criterion.rules):
            points = max((rules[number].points for rules in every), key=abs)
            lines.append(RuleLine(rule, points, self.effect(points), _whose(self.criterion, rule)))
        return tuple(lines)

    def effect(self, points: Decimal) -> Decimal | None:
        """Return what points do to the total; None if companies differ, or if it is not known."""
        found = {effect_of(points, entry.card, entry.bounds) for entry in self.entries}
        return next(iter(found)) if len(found) == 1 else None

    @property
    def remedies(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """What companies can do, each with the recommendation behind it: its id and its text."""
        every = (entry.criterion for entry in self.entries)
        found = ((c.remedy, c.recommendation, c.recommendation_text) for c in every)
        return tuple(dict.fromkeys((text, id, said) for text, id, said in found if text is not None))


def criterion_pages(site: Site) -> Iterable[CriterionPage]:
    """Yield the criteria in the methodology's order."""
    for criterion in site.criteria:
        yield CriterionPage(site, criterion, site.places[criterion.id])


def _whose(criterion: CriterionResult, rule: RuleResult) -> str:
    if (rule.basis or criterion.basis) == "project":
        return "Condition and points: this project"
    whose = {"project": "this project", "published": "the publisher"}
    return f"Points: {whose.get(criterion.points_basis, criterion.points_basis)}"

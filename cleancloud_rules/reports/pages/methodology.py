"""The page of the methodology: weights, criteria, and what an answer can be."""

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property

from attrs import frozen

from cleancloud_rules.reports.pages.criteria import CriterionPage
from cleancloud_rules.reports.pages.figures import percent
from cleancloud_rules.reports.pages.site import Site
from cleancloud_rules.results.records import LevelStep
from cleancloud_rules.results.scorecards import GroupScore


@frozen(slots=False)
class MethodologyPage:
    """What the page of the methodology says.

    Args:
        site: the results.
        criteria: the pages of the criteria.
    """

    site: Site
    criteria: tuple[CriterionPage, ...]

    @property
    def rules(self) -> int:
        """How many rules there are."""
        return sum(len(criterion.rules) for criterion in self.site.criteria)

    @property
    def own_rules(self) -> int:
        """How many rules are marked as devised by this project."""
        return sum(
            (rule.basis or criterion.basis) == "project" for criterion in self.site.criteria for rule in criterion.rules
        )

    @property
    def points_basis(self) -> str:
        """Who devised the points."""
        return self.site.cards[0].points_basis

    @property
    def weights(self) -> tuple[tuple[GroupScore, str, str], ...]:
        """The categories with their places and widths on a bar; none if they have no weights."""
        categories = self.site.categories
        if any(category.weight is None for category in categories):
            return ()
        whole = sum((Fraction(category.weight or 0) for category in categories), Fraction(0))
        start = Fraction(0)
        found = []
        for category in categories:
            weight = Fraction(category.weight or 0)
            found.append((category, percent(start, whole), percent(weight, whole)))
            start += weight
        return tuple(found)

    @cached_property
    def groups(self) -> tuple[tuple[int, GroupScore, tuple[CriterionPage, ...]], ...]:
        """The groups with their depth and the criteria directly in them."""
        pages = {page.criterion.id: page for page in self.criteria}

        def visit(group: GroupScore, depth: int) -> Iterable[tuple[int, GroupScore, tuple[CriterionPage, ...]]]:
            yield depth, group, tuple(pages[criterion.id] for criterion in group.criteria)
            for inner in group.groups:
                yield from visit(inner, depth + 1)

        return tuple(line for category in self.site.categories for line in visit(category, 0))

    @property
    def has_requirements(self) -> bool:
        """Whether criteria have requirement words."""
        return any(criterion.requirement for criterion in self.site.criteria)

    @property
    def has_levels(self) -> bool:
        """Whether levels ask for criteria."""
        return any(criterion.level for criterion in self.site.criteria)

    @cached_property
    def has_effects(self) -> bool:
        """Whether the effect of points on the total is known for some criterion."""
        return any(page.worth is not None for page in self.criteria)

    @property
    def columns(self) -> int:
        """How many columns the table of criteria has."""
        return 4 + self.has_requirements + self.has_levels + self.has_effects

    @property
    def ladders(self) -> tuple[tuple[str | None, tuple[LevelStep, ...]], ...]:
        """The levels of the total (None) and of groups, with the titles of the groups."""
        card = self.site.cards[0]
        found = ((None, card.levels), *((group.title, group.levels) for group in card.groups))
        return tuple((title, steps) for title, steps in found if steps)

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the criteria by id."""
        return {criterion.id: criterion.title for criterion in self.site.criteria}

    @property
    def rank_by(self) -> str:
        """What companies are ranked by, in words."""
        titles = {table.id: table.title for card in self.site.cards for table in card.tables}
        return ", then by ".join(titles.get(name, name).lower() for name in self.site.ranking.rank_by)

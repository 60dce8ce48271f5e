"""The figures of a score that stand together: published, supported by stated facts, possible."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from attrs import frozen

from cleancloud_rules.model.exact import subtract
from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.reports.in_words import level_titles
from cleancloud_rules.reports.text.base import number, words
from cleancloud_rules.results.bounds import CompanyBounds, GroupBounds
from cleancloud_rules.results.records import PublishedRecord
from cleancloud_rules.results.scorecards import CriterionResult, GroupScore, Scorecard

SUPPORTED = "Supported by\nstated facts"
"""The header of scores from stated facts."""

WITH_HYPOTHETICAL = "With hypothetical\nfacts"
"""The header of scores from stated and hypothetical facts."""

BETWEEN = " · "
"""What stands between figures that belong together."""

_NO_TITLES: Mapping[str, str] = MappingProxyType({})

NOTHING = PublishedRecord(1, None, None, (), (), (), ())
"""What the publisher printed of a company that its table does not have."""


@frozen
class Figures:
    """What is published of a score, and what stated facts support of it.

    Args:
        published: the published score; a dash if none is printed.
        supported: the score from stated facts; a dash if there is none.
        with_hypothetical: the score with hypothetical facts; None if they add nothing.
        possible: the lower and the upper bound; None if they were not asked for, or are not known.
        not_assessed: the number of criteria that are not assessed.
        criteria: the number of criteria.
        says_none: whether the publisher says that there is no such score.
    """

    published: str
    supported: str
    with_hypothetical: str | None
    possible: str | None
    not_assessed: int
    criteria: int
    says_none: bool

    def in_words(self, *, with_published: bool = True) -> str:
        """Return the figures as a line, in the order in which they are always shown.

        Args:
            with_published: whether the line begins with what is published. Without a published table nothing can be.
        """
        published = "nothing published" if self.published == "-" else f"published {self.published}"
        published = "published: no score" if self.says_none else published
        parts = [published] if with_published else []
        parts += [f"supported by stated facts {self.supported}"]
        parts += [] if self.with_hypothetical is None else [f"with HYPOTHETICAL facts {self.with_hypothetical}"]
        parts += [] if self.possible is None else [f"possible {self.possible}"]
        return BETWEEN.join([*parts, f"{self.not_assessed} of {self.criteria} criteria not assessed"])


def figures_of_total(card: Scorecard, published: PublishedRecord) -> Figures:
    """Return the figures of the total of a company."""
    printed = _Printed(published.total, "total" in published.none)
    return _figures(printed, card.total, card.hypothetical_total, card.bounds, card.criteria, level_titles(card))


def figures_of_group(card: Scorecard, group: GroupScore, published: PublishedRecord) -> Figures:
    """Return the figures of a category or of a group inside one. Without a score these are its points, if any."""
    bounds = None if card.bounds is None else card.bounds.category(group.id)
    titles = level_titles(card)
    printed = _Printed(dict(published.scores).get(group.id), group.id in published.none)
    if group.score is None and group.max_score is None and group.outcome not in _WITHOUT_POINTS:
        return _figures(printed, group.points, group.hypothetical_points, bounds, group.every_criterion, titles)
    return _figures(printed, group.score, group.hypothetical_score, bounds, group.every_criterion, titles)


_WITHOUT_POINTS = (GroupOutcome.WITHHELD, GroupOutcome.NOT_APPLICABLE)


@frozen
class _Printed:
    """A printed score, or that the publisher says that there is none."""

    score: Decimal | None
    says_none: bool


def _figures(
    printed: _Printed,
    score: Decimal | None,
    hypothetical: Decimal | None,
    bounds: CompanyBounds | GroupBounds | None,
    criteria: Sequence[CriterionResult],
    titles: Mapping[str, str],
) -> Figures:
    stated = score if score is None or hypothetical is None else subtract(score, hypothetical)
    return Figures(
        number(printed.score),
        number(stated),
        number(score) if hypothetical else None,
        range_in_words(bounds, titles) if bounds is not None and bounds.is_known else None,
        sum(criterion.outcome is Outcome.NOT_ASSESSED for criterion in criteria),
        len(criteria),
        printed.says_none,
    )


def range_in_words(part: GroupBounds | CompanyBounds, titles: Mapping[str, str] = _NO_TITLES) -> str:
    """Return lower and upper bound, also of label and level; a mark says that the bounds may be too wide.

    Levels have their titles, by id; without a title an id is read as words.
    """
    known = part.floor is not None or part.ceiling is not None
    ranges = [_span(number(part.floor), number(part.ceiling))] if known else []
    if part.labels is not None:
        ranges.append(_span(part.labels.floor or "-", part.labels.ceiling or "-"))
    if part.levels is not None:
        ends = (part.levels.floor, part.levels.ceiling)
        ranges.append(_span(*("-" if end is None else titles.get(end, words(end)) for end in ends)))
    return ", ".join(ranges or ["-"]) + ("" if part.reason is None else " *")


def supported_to_possible(supported: str, possible: str) -> str:
    """Return what stated facts support and what is possible; as one range where it begins with what they support."""
    begins = possible == supported or possible.startswith(f"{supported} to ")
    return possible if begins else f"{supported}{BETWEEN}{possible}"


def _span(floor: str, ceiling: str) -> str:
    return floor if floor == ceiling else f"{floor} to {ceiling}"


def printed_words(published: PublishedRecord, card: Scorecard) -> dict[str, str]:
    """Return the printed levels, in their titles, labels and outputs of decision tables by column."""
    titles = level_titles(card)
    return {
        name: titles.get(word, words(word)) if name.split(".")[-1] == "level" else word
        for name, word in published.words
    }


def is_hypothetical(cards: Iterable[Scorecard]) -> bool:
    """Whether hypothetical facts add to the scores of some of the companies."""
    return any(card.hypothetical_total or any(c.hypothetical_points for c in card.categories) for card in cards)

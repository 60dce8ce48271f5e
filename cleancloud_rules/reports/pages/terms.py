"""Results in words: levels with what stands in the way of them, labels, and outputs of decision tables."""

from collections.abc import Iterable
from fractions import Fraction

from attrs import frozen

from cleancloud_rules.reports.pages.figures import percent
from cleancloud_rules.results.bounds import Ends
from cleancloud_rules.results.records import LevelStep, PublishedRecord
from cleancloud_rules.results.scorecards import GroupScore, Scorecard

LABEL = "Label"
LEVEL = "Level"


@frozen
class Term:
    """A label, a level or the output of a decision table.

    Args:
        key: the column of a published table that holds it: ``label``, ``level`` or the id of a decision table.
        title: its title.
        published: what the publisher printed; None if nothing is printed.
        stated: what stated facts give; empty if they give none.
        floor: what it is in any case; None if there is none, or no range.
        ceiling: what it can be at most; None if there is none, or no range.
        has_range: whether the bounds are known.
    """

    key: str
    title: str
    published: str | None
    stated: tuple[str, ...]
    floor: str | None = None
    ceiling: str | None = None
    has_range: bool = False


@frozen
class Ladder:
    """The levels of a group, or of the total.

    Args:
        title: the title of the group; None for the total.
        steps: the levels, the lowest first.
        floor: how many of them are reached in any case; None if that is not known.
        ceiling: how many can be reached; None if that is not known.
        published: the number of the published level; None if none is published.
    """

    title: str | None
    steps: tuple[LevelStep, ...]
    floor: int | None
    ceiling: int | None
    published: int | None

    @property
    def reached(self) -> int:
        """How many levels stated facts reach."""
        return sum(step.reached for step in self.steps)

    @property
    def width(self) -> str:
        """The width of a step."""
        return percent(Fraction(9, 10), Fraction(len(self.steps)))

    def at(self, place: int) -> str:
        """Return the place of the left edge of a step, counted from 0."""
        return percent(Fraction(place), Fraction(len(self.steps)))

    def middle(self, number: int) -> str:
        """Return the place of the middle of a step, counted from 1."""
        return percent(Fraction(2 * number - 1, 2), Fraction(len(self.steps)))

    @property
    def in_the_way(self) -> tuple[tuple[LevelStep, tuple[str, ...]], ...]:
        """The levels that are not reached, each with the ids of its criteria that are not met.

        A criterion for which a lower level asks already stands at the lowest such level alone.
        """
        seen: set[str] = set()
        found = []
        for step in self.steps:
            if not step.reached:
                found.append((step, tuple(id for id in step.not_met if id not in seen)))
            seen.update(step.not_met)
        return tuple(found)


def terms_of(card: Scorecard) -> tuple[Term, ...]:
    """Return the label, the level and the outputs of decision tables of a company, as far as it can have them."""
    bounds, printed = card.bounds, card.company.published
    words = {} if printed is None else dict(printed.words)
    labels, levels = (None, None) if bounds is None else (bounds.labels, bounds.levels)
    found = []
    if card.label or labels or "label" in words:
        stated = (card.label,) if card.label else ()
        found.append(_term("label", LABEL, words.get("label"), stated, labels))
    if card.levels:
        titles = {step.id: step.title for step in card.levels}
        ends = (
            None
            if levels is None
            else Ends(*(titles.get(id or "") for id in (levels.stated, levels.floor, levels.ceiling)))
        )
        stated = (card.level.title,) if card.level else ()
        found.append(_term("level", LEVEL, titles.get(words.get("level", "")), stated, ends))
    found += [Term(table.id, table.title, words.get(table.id), table.outputs) for table in card.tables]
    return tuple(found)


def _term(key: str, title: str, published: str | None, stated: tuple[str, ...], ends: Ends | None) -> Term:
    if ends is None:
        return Term(key, title, published, stated)
    return Term(key, title, published, stated, ends.floor, ends.ceiling, has_range=True)


def ladders_of(card: Scorecard) -> tuple[Ladder, ...]:
    """Return the ladders of a company: that of the total, then those of groups."""
    bounds = card.bounds
    whole = _ladder(None, card, card.company.published, None if bounds is None else bounds.levels)
    groups = (
        _ladder(group.title, group, None, None if bounds is None else bounds.category(group.id).levels)
        for group in card.groups
    )
    return tuple(ladder for ladder in (whole, *groups) if ladder.steps)


def _ladder(
    title: str | None, owner: Scorecard | GroupScore, printed: PublishedRecord | None, ends: Ends | None
) -> Ladder:
    ids = [step.id for step in owner.levels]
    words = {} if printed is None else dict(printed.words)
    floor, ceiling = (None, None) if ends is None else (_place(ends.floor, ids), _place(ends.ceiling, ids))
    published = _place(words["level"], ids) if "level" in words else None
    return Ladder(title, owner.levels, floor, ceiling, published)


def _place(id: str | None, ids: Iterable[str]) -> int:
    return next((number for number, one in enumerate(ids, 1) if one == id), 0)

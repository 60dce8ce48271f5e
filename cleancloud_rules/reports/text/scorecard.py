"""A scorecard in text: the three figures, what counts, what was not found, what is open, and what would change it."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from decimal import Decimal

from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.reports.answers import Answer, answers_of, stated
from cleancloud_rules.reports.in_words import who
from cleancloud_rules.reports.numbers import signed
from cleancloud_rules.reports.outline.blocks import Outline, Styled, Text, text_of
from cleancloud_rules.reports.outline.text import as_text
from cleancloud_rules.reports.text.base import (
    criterion_points,
    fact_as_sentence,
    number,
    origin_of,
    outcome_and_reasons,
    points_in_words,
    title_and,
)
from cleancloud_rules.reports.text.head import add_figures, add_head, add_marks
from cleancloud_rules.reports.text.responses import heading_of, response_lines
from cleancloud_rules.reports.text.sources import Sources
from cleancloud_rules.results.records import FactRecord, SearchRecord
from cleancloud_rules.results.scorecards import Scorecard

WIDTH = 100
"""The width of a scorecard in columns."""

MAX_LINES = 60
"""The maximum number of lines of a scorecard."""

LONGEST = 5
"""How many entries a list shows, if the scorecard has the lines for them."""

_LISTS = 10
"""The maximum number of lists of a scorecard that can be cut."""


def scorecard_text(card: Scorecard) -> Outline:
    """Return a scorecard as a document of at most `MAX_LINES` lines: its lists are cut as far as that needs."""

    def fits(cuts: int) -> bool:
        return as_text(_Scorecard(card, cuts).outline).count("\n") <= MAX_LINES

    # A cut never adds a line, so the fewest cuts that are enough can be found by bisection.
    cuts = bisect_left(range(_LISTS * (LONGEST - 1)), True, key=fits)
    return _Scorecard(card, cuts).outline


class _Scorecard:
    """Makes the document.

    Args:
        card: the scorecard.
        cuts: how many entries are cut from lists of `LONGEST`: one from each list, the last list first, and again.
    """

    def __init__(self, card: Scorecard, cuts: int) -> None:
        self.card = card
        self.answers = answers_of(card)
        self.cuts = cuts
        self.lists = 0
        self.sources = Sources(card)
        self.outline = Outline(WIDTH)
        self.publisher = card.methodology.publisher
        if self.answers.is_hypothetical:
            self._add_notices()
        add_head(self.outline, card)
        add_figures(self.outline, card)
        add_marks(self.outline, card)
        self._add_answered()
        self._add_not_found()
        self._add_not_counting()
        self._add_set_aside()
        self._add_not_assessed()
        self._add_changes()
        if card.responses:
            self.outline.heading(heading_of(card))
            self._list(response_lines(card))
        if self.sources.cited:
            self.outline.heading("Sources")
            self.outline.notes(self.sources.notes)
        self._add_end()

    def _add_notices(self) -> None:
        for notice in self.card.notices:
            self.outline.add(notice.text, style="italic")

    def _longest(self) -> int:
        """Return how many entries the next list shows."""
        self.lists += 1
        return LONGEST - (self.cuts + self.lists - 1) // _LISTS

    def _list(self, entries: Sequence[tuple[str, Text]], longest: int | None = None) -> None:
        """Add the first entries of a list, each with its label, and how many more there are."""
        shown = entries[: self._longest() if longest is None else longest]
        column = max((len(label) for label, _ in shown), default=0)
        for label, text in shown:
            self.outline.item(text, label, column)
        more = len(entries) - len(shown)
        if more:
            self.outline.item(f"and {more} more", "-", column)

    def _cited(self, ids: Iterable[str | None]) -> Text:
        return tuple(part for ref in self.sources.refs(ids) for part in (" ", ref))

    def _add_answered(self) -> None:
        """Add the criteria that stated facts answer: those that earn points, then those that earn none."""
        counting = self.answers.counting
        self.outline.heading(f"What counts: {len(counting)} of {len(self.card.criteria)} criteria")
        self._list([(_gain(answer), self._answered(answer)) for answer in counting])
        not_met = self.answers.having(Outcome.NOT_MET)
        if not_met:
            self.outline.heading(f"Stated, and not met: {len(not_met)}")
            self._list([(_gain(answer), self._answered(answer)) for answer in not_met])

    def _answered(self, answer: Answer) -> Text:
        criterion = answer.criterion
        points = f"{criterion_points(criterion)} points"
        if criterion.hypothetical_points:
            points += f", {number(criterion.hypothetical_points)} of them HYPOTHETICAL"
        because = " ".join(criterion.because)
        cited = self._cited(fact.source for fact in answer.facts)
        return (title_and(criterion.title, points), f". {because}", *cited)

    def _add_not_found(self) -> None:
        decided = self.answers.having(Outcome.NOT_FOUND)
        others = self.answers.other_searches
        if not decided and not others:
            return
        self.outline.heading(f"Looked for, and not found: {len(decided) + len(others)}")
        entries = [self._search(answer.criterion.title, answer.searches) for answer in decided]
        for search in others:
            titles = ", ".join(self.card.criterion(id).title for id in search.criteria)
            entries.append(self._search(titles or search.says, (search,)))
        self._list([("-", entry) for entry in entries])

    def _search(self, title: str, searches: Sequence[SearchRecord]) -> Text:
        notes = tuple(dict.fromkeys(search.note or f"looked for: {search.says}." for search in searches))
        said = tuple(dict.fromkeys(who(search.basis, self.publisher) for search in searches))
        text = f"{title}: {' '.join(notes)}" if searches else title
        origin = f" ({'; '.join(said)})" if said else ""
        return (text + origin, *self._cited(search.source for search in searches))

    def _add_not_counting(self) -> None:
        facts = [fact for fact in self.card.facts if not fact.counts]
        if facts:
            self.outline.heading(f"Stated, but does not count: {len(facts)}")
            self._list([("-", self._not_counting(fact)) for fact in facts])
        if self.card.problems:
            self.outline.heading(f"Could not be derived: {len(self.card.problems)}")
            self._list([("-", text_of(problem)) for problem in self.card.problems])

    def _not_counting(self, fact: FactRecord) -> Text:
        cited = self._cited(found.source for found in stated([fact.id], self.card))
        return (f"{fact_as_sentence(fact)}: {fact.why_not}", *cited)

    def _add_set_aside(self) -> None:
        found = self.answers.having(Outcome.GATED, Outcome.EXCLUDED, Outcome.NOT_APPLICABLE)
        if not found:
            return
        self.outline.heading(f"Gated, left out, or not applicable: {len(found)}")
        self._list([("-", self._set_aside(answer)) for answer in found])

    def _set_aside(self, answer: Answer) -> Text:
        criterion = answer.criterion
        return (
            title_and(criterion.title, outcome_and_reasons(criterion), ":"),
            *self._cited(fact.source for fact in answer.facts),
        )

    def _add_not_assessed(self) -> None:
        total = self.answers.having(Outcome.NOT_ASSESSED)
        if not total:
            return
        counted = f"{len(total)} of {len(self.card.criteria)} criteria"
        self.outline.heading(f"Not assessed: {counted}. No stated evidence decides either way; this is not a “no”.")
        entries: list[tuple[str, Text]] = []
        for category in self.card.categories:
            inside = {criterion.id for criterion in category.every_criterion}
            found = [answer for answer in total if answer.criterion.id in inside]
            if found:
                entries.append((str(len(found)), (f"{category.title}{self._worth(found)}",)))
        self._list(entries, LONGEST)

    def _worth(self, found: Sequence[Answer]) -> str:
        total, points = self.answers.worth(found)
        together = " together" if len(found) > 1 else ""
        if total is not None:
            return f", worth up to {signed(total)}{together}"
        return f", worth up to {points_in_words(points)}{together}" if points else ""

    def _add_changes(self) -> None:
        """Add remedies, the criteria on which further evidence would count most, and contradictions."""
        if self.answers.is_hypothetical:
            return
        found = [answer for answer in self.answers.open_ones if answer.criterion.remedy]
        most = [answer for answer in self.answers.open_ones if answer.criterion.outcome is Outcome.NOT_ASSESSED]
        contradictions = self.card.contradictions
        if not found and not most and not contradictions:
            return
        self.outline.heading("What would change it")
        self._list([(_next_gain(answer), text_of(answer.remedy)) for answer in found])
        self._add_row(
            "Evidence that would count most, if it exists and is stated: ",
            [f"{answer.criterion.title} ({self._up_to(answer)})" for answer in most],
        )
        self._add_row(
            "Contradictions and open points of the publisher: ",
            [f"{one.title} ({one.id})" for one in contradictions],
        )

    def _add_row(self, title: str, entries: Sequence[str]) -> None:
        if entries:
            longest = self._longest()
            shown = "; ".join(entries[:longest])
            more = len(entries) - longest
            self.outline.add(f"{title}{shown}{f'; and {more} more' if more > 0 else ''}.", 2)

    def _up_to(self, answer: Answer) -> str:
        gain = self.answers.gain(answer)
        return f"up to {points_in_words(answer.more_points or Decimal(0))}" if gain is None else f"up to {signed(gain)}"

    def _add_end(self) -> None:
        if not self.answers.is_hypothetical:
            self._add_notices()
        total = f"Total: {self.card.arithmetic}. " if self.card.arithmetic else ""
        text = f"{total}Reproduce with {origin_of(self.card)}. Every rule and every fact: "
        self.outline.add((text, Styled("explain", "code"), "."))


def _gain(answer: Answer) -> str:
    """Return what a criterion does to the total; a dash if that is not known."""
    return "-" if answer.effect is None else signed(answer.effect)


def _next_gain(answer: Answer) -> str:
    gain = answer.next_gain
    if gain is None:
        return "-"
    return f"+{points_in_words(gain.points)}" if gain.total is None else signed(gain.total)

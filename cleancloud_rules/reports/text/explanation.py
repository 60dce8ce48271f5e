"""The explanation in text: on which rules and facts each figure rests, and what is missing for more points."""

from collections.abc import Sequence

from cleancloud_rules.model.outcomes import Outcome
from cleancloud_rules.model.rounding import short
from cleancloud_rules.reports.answers import Answer, answers_of
from cleancloud_rules.reports.numbers import signed
from cleancloud_rules.reports.outline.blocks import Outline, Styled, Text
from cleancloud_rules.reports.text.base import (
    add_contradiction_lines,
    add_contradictions,
    origin_of,
    outcome_and_reasons,
    points_in_words,
)
from cleancloud_rules.reports.text.criterion import CriterionText
from cleancloud_rules.reports.text.figures import NOTHING, figures_of_group
from cleancloud_rules.reports.text.head import add_figures, add_head, add_marks
from cleancloud_rules.reports.text.responses import add_responses
from cleancloud_rules.reports.text.sources import Sources
from cleancloud_rules.results.scorecards import GroupScore, Scorecard

WIDTH = 100
"""The width of an explanation in columns."""

_IN_FULL = (Outcome.AWARDED, Outcome.PARTIAL, Outcome.NOT_MET, Outcome.NOT_FOUND)
"""The outcomes of criteria that the facts answer."""


def explanation_text(
    card: Scorecard, criterion: str | None = None, *, full: bool = False, rules: bool = False
) -> Outline:
    """Return the explanation of a scorecard as a document.

    Args:
        card: the scorecard.
        criterion: id of the only criterion to explain, which is then shown in full; None for all.
        full: whether every criterion is shown with all its rules, and not only those that the facts answer.
        rules: whether conditions are shown as files write them.

    Raises:
        KeyError: if the scorecard has no such criterion.
    """
    if criterion is not None:
        card.criterion(criterion)
    return _Explanation(card, criterion, full=full or criterion is not None, rules=rules).outline


class _Explanation:
    """Makes the document.

    Args:
        card: the scorecard.
        criterion: id of the only criterion to explain; None for all.
        full: whether every criterion is shown with all its rules.
        rules: whether conditions are shown as files write them.
    """

    def __init__(self, card: Scorecard, criterion: str | None, *, full: bool, rules: bool) -> None:
        self.card = card
        self.only = criterion
        self.full = full
        self.answers = answers_of(card)
        self.outline = Outline(WIDTH)
        self.sources = Sources(card, with_addresses=True)
        self.criteria = CriterionText(self.outline, card, self.sources, full=full, rules=rules)
        self.shown: set[str] = set()
        if self.answers.is_hypothetical:
            self._add_notices()
        add_head(self.outline, card)
        if criterion is None:
            add_figures(self.outline, card)
        add_marks(self.outline, card)
        for category in card.categories:
            self._add_group(category, ())
        if criterion is None:
            self._add_facts()
        self._add_contradictions()
        if criterion is None:
            add_responses(self.outline, card)
        if self.sources.cited:
            self.outline.gap()
            self.outline.heading("Sources")
            self.outline.notes(self.sources.notes)
        self._add_end()

    def _add_notices(self) -> None:
        for notice in self.card.notices:
            self.outline.add(notice.text, style="italic")

    def _add_group(self, group: GroupScore, above: Sequence[str]) -> None:
        """Add a category and the groups inside it; the heading of a group includes the titles of its parents."""
        if all(self.only not in (None, one.id) for one in group.every_criterion):
            return
        titles = (*above, group.title)
        self.outline.gap()
        self.outline.heading(": ".join(filter(None, (" / ".join(titles), group.arithmetic))))
        published = self.card.company.published
        found = figures_of_group(self.card, group, published or NOTHING)
        self.outline.add(found.in_words(with_published=published is not None))
        for sentence in group.because:
            self.outline.add(sentence)
        answers = [one for one in self.answers.of(group) if self.only in (None, one.criterion.id)]
        in_full = [one for one in answers if self.full or one.criterion.outcome in _IN_FULL]
        for answer in in_full:
            self.outline.gap()
            self.criteria.add(answer.criterion, 3)
            self.shown.add(answer.criterion.id)
        self._add_rest([one for one in answers if one not in in_full])
        for inner in group.groups:
            self._add_group(inner, titles)

    def _add_rest(self, rest: Sequence[Answer]) -> None:
        """Add the criteria that the facts do not answer, with a sentence each."""
        open_ones = [answer for answer in rest if answer.criterion.outcome is Outcome.NOT_ASSESSED]
        aside = [answer for answer in rest if answer not in open_ones]
        if aside:
            self.outline.gap()
            self.outline.add("Gated, left out, or not applicable:")
        for answer in aside:
            criterion = answer.criterion
            cited = tuple(part for ref in self.sources.refs(f.source for f in answer.facts) for part in (" ", ref))
            self.outline.item((f"{criterion.title} ({criterion.id}): {outcome_and_reasons(criterion)}", *cited))
        if open_ones:
            self.outline.gap()
            self.outline.add(
                f"Not assessed ({len(open_ones)}). No stated evidence decides either way. What would count:"
            )
        for answer in open_ones:
            self.outline.item(self._open(answer))
            self.criteria.add_searches(answer, 4)

    def _open(self, answer: Answer) -> Text:
        criterion, bounds = answer.criterion, answer.bounds
        most = criterion.max_points if bounds is None else bounds.ceiling
        found = self.answers.gain(answer)
        gain = "" if found is None else f" ({signed(found)})"
        is_all = most == criterion.max_points
        points = points_in_words(most) if is_all else f"{short(most)} of {short(criterion.max_points)} points"
        worth = f"up to {points}{gain}" if most > criterion.points else "no further points"
        evidence = f": {_first_sentence(criterion.guidance)}" if criterion.guidance else ""
        return (f"{criterion.title} ({criterion.id}), {worth}{evidence}",)

    def _add_facts(self) -> None:
        """Add searches that bear on no criterion, facts that do not count, and those that could not be derived."""
        beside = [search for search in self.card.searches if not search.criteria]
        if beside:
            self.outline.gap()
            self.outline.heading("Looked for and not found, though it bears on no criterion")
        for search in beside:
            self.criteria.add_search(search)
        excluded = [fact for fact in self.card.facts if not fact.counts]
        if excluded:
            self.outline.gap()
            self.outline.heading("Stated, but does not count")
        for fact in excluded:
            self.criteria.facts.add(fact.id, 2)
            self.outline.add(f"does not count: {fact.why_not}", 4)
        if self.card.problems:
            self.outline.gap()
            self.outline.heading("Facts that could not be derived")
        for problem in self.card.problems:
            self.outline.item(problem)

    def _add_contradictions(self) -> None:
        """Add the contradictions that no page explains, and the lines of those that stand at no criterion."""
        about = [one for one in self.card.contradictions if self.only in (None, *one.criteria)]
        add_contradictions(self.outline, (one for one in about if one.page is None))
        others = [one for one in about if one.page is not None and self.shown.isdisjoint(one.criteria)]
        if others:
            self.outline.gap()
            self.outline.heading("Contradictions and open points about other criteria")
        add_contradiction_lines(self.outline, others, 2, with_pages=self.full)

    def _add_end(self) -> None:
        self.outline.gap()
        if not self.answers.is_hypothetical:
            self._add_notices()
        total = f"Total: {self.card.arithmetic}. " if self.card.arithmetic else ""
        text = f"{total}Reproduce with {origin_of(self.card)}."
        if self.full:
            self.outline.add(text)
        else:
            explained = ", and where each contradiction is explained" if self.card.contradictions else ""
            self.outline.add((f"{text} Every rule{explained}: ", Styled("explain --full", "code"), "."))


def _first_sentence(text: str) -> str:
    """Return the first sentence of a text. An abbreviation inside it is followed by no capital letter."""
    for place in range(1, len(text) - 1):
        if text[place - 1] in ".?!" and text[place].isspace() and text[place + 1 :].lstrip()[:1].isupper():
            return text[:place]
    return text

"""A scorecard in text: the total, the categories, and what became of each criterion."""

from rich.table import Table
from rich.text import Text

from cleancloud_rules.firings import GroupOutcome, Outcome
from cleancloud_rules.reports.text import (
    STYLES,
    Outline,
    add_notices,
    fact_in_words,
    methodology_in_words,
    number,
    of_most,
    origin_of,
    table,
    words,
)
from cleancloud_rules.scorecards import CategoryScore, Scorecard


def scorecard_text(card: Scorecard) -> Outline:
    """Return a scorecard as a document."""
    outline = Outline()
    add_notices(outline, card.notices)
    add_head(outline, card)
    outline.gap()
    marks = any(group.label or group.level for group in card.groups)
    headers = ("Category", "Points", "Score", *(("Mark",) if marks else ()), "Arithmetic")
    made = table(*headers, right=(1, 2), wraps=len(headers) - 1)
    for category in card.categories:
        _add_rows(made, category, marks=marks)
    outline.add_table(made)
    if card.arithmetic:
        outline.add(f"Total: {card.arithmetic}")
    for sentence in card.because:
        outline.add(sentence)
    for group in card.groups:
        _add_category(outline, group)
    add_facts_that_do_not_count(outline, card)
    return outline


def add_head(outline: Outline, card: Scorecard) -> None:
    """Add which company scored how much by which methodology."""
    cohort = f" ({card.company.cohort_title})" if card.company.cohort_title else ""
    outline.add(f"{card.company.name}{cohort}", style="bold")
    outline.add(methodology_in_words(card.methodology))
    if card.total is not None:
        total = f"Total: {of_most(card.total, card.max_total)}"
        if card.hypothetical_total:
            total += f", of which {number(card.hypothetical_total)} by hypothetical facts alone"
        outline.add(total, style="bold")
    for mark in marks_of(card):
        outline.add(mark, style="bold")
    counts = ((outcome, card.count(outcome)) for outcome in Outcome)
    outcomes = ", ".join(f"{count} {words(outcome.value)}" for outcome, count in counts if count)
    outline.add(f"{len(card.criteria)} criteria: {outcomes}")
    outline.add(origin_of(card), style="dim")


def add_facts_that_do_not_count(outline: Outline, card: Scorecard) -> None:
    """Add the facts that do not count, with the reason, and what derivations could not make."""
    left_out = [fact for fact in card.facts if not fact.counts]
    if left_out:
        outline.gap()
        outline.add("Facts that do not count", style="bold")
    for fact in left_out:
        outline.add(fact_in_words(fact), 2)
        outline.add(f"does not count: {fact.why_not}", 4)
    if card.problems:
        outline.gap()
        outline.add("What could not be derived", style="bold")
    for problem in card.problems:
        outline.add(problem, 2)


def marks_of(card: Scorecard) -> list[str]:
    """Return the label, the level, the requirements met and what decision tables gave, a line each."""
    marks = [f"Result: {words(card.outcome.value)}"] if card.outcome in _WITHOUT else []
    marks += [f"Label: {card.label}"] if card.label else []
    marks += [f"Level: {card.level.title}"] if card.level else []
    marks += [f"{met.word}: {met.met} of {met.of} met" for met in card.requirements]
    return marks + [f"{found.title}: {', '.join(found.outputs) or 'none'} ({found.because})" for found in card.tables]


_WITHOUT = (GroupOutcome.WITHHELD, GroupOutcome.NOT_APPLICABLE)


def _add_rows(made: Table, category: CategoryScore, *, marks: bool, depth: int = 0) -> None:
    points = f"{number(category.points)} of {number(category.max_points)}"
    level = category.level.title if category.level else None
    mark = " ".join(filter(None, (category.label, level)))
    said = category.arithmetic or "; ".join(category.because)
    title = Text("  " * depth + category.title)
    score = of_most(category.score, category.max_score)
    made.add_row(title, points, score, *((mark,) if marks else ()), said)
    for group in category.groups:
        _add_rows(made, group, marks=marks, depth=depth + 1)


def _add_category(outline: Outline, category: CategoryScore) -> None:
    if not category.criteria:
        return
    outline.gap()
    made = table(category.title, "Outcome", "Points", "Because", right=(2,), wraps=3)
    for criterion in category.criteria:
        outcome = Text(words(criterion.outcome.value), style=STYLES[criterion.outcome])
        points = f"{number(criterion.points)} of {number(criterion.max_points)}"
        made.add_row(Text(criterion.id), outcome, points, Text(" ".join(criterion.because)))
    outline.add_table(made)

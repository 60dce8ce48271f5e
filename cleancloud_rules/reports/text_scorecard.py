"""A scorecard in text: the total, the categories, and what became of each criterion."""

from rich.text import Text

from cleancloud_rules.firings import Outcome
from cleancloud_rules.reports.text import (
    STYLES,
    Outline,
    add_notices,
    fact_in_words,
    methodology_in_words,
    number,
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
    made = table("Category", "Points", "Score", "Arithmetic", right=(1, 2), wraps=3)
    for category in card.categories:
        points = f"{number(category.points)} of {number(category.max_points)}"
        score = f"{number(category.score)} of {number(category.weight)}"
        made.add_row(category.title, points, score, category.arithmetic)
    outline.add_table(made)
    outline.add(f"Total: {card.arithmetic}")
    for category in card.categories:
        _add_category(outline, category)
    add_facts_that_do_not_count(outline, card)
    return outline


def add_head(outline: Outline, card: Scorecard) -> None:
    """Add which company scored how much by which methodology."""
    cohort = f" ({card.company.cohort_title})" if card.company.cohort_title else ""
    outline.add(f"{card.company.name}{cohort}", style="bold")
    outline.add(methodology_in_words(card.methodology))
    total = f"Total: {number(card.total)} of {number(card.max_total)}"
    if card.hypothetical_total:
        total += f", of which {number(card.hypothetical_total)} by hypothetical facts alone"
    outline.add(total, style="bold")
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


def _add_category(outline: Outline, category: CategoryScore) -> None:
    outline.gap()
    made = table(category.title, "Outcome", "Points", "Because", right=(2,), wraps=3)
    for criterion in category.criteria:
        outcome = Text(words(criterion.outcome.value), style=STYLES[criterion.outcome])
        points = f"{number(criterion.points)} of {number(criterion.max_points)}"
        made.add_row(Text(criterion.id), outcome, points, Text(" ".join(criterion.because)))
    outline.add_table(made)

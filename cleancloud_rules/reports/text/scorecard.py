"""A scorecard in text: the total, the categories, and the result of each criterion."""

from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal

from rich.table import Table
from rich.text import Text

from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.reports.in_words import rank_in_words
from cleancloud_rules.reports.text.base import (
    STYLES,
    WITHOUT_RESULT,
    Outline,
    add_notices,
    fact_in_words,
    methodology_in_words,
    number,
    of_maximum,
    origin_of,
    table,
    words,
)
from cleancloud_rules.reports.text.bounds import MAY_BE_TOO_WIDE
from cleancloud_rules.reports.text.figures import (
    SUPPORTED,
    WITH_HYPOTHETICAL,
    Figures,
    figures_of_group,
    figures_of_total,
    printed_words,
    range_in_words,
)
from cleancloud_rules.results.records import PublishedRecord, TableResult
from cleancloud_rules.results.scorecards import CriterionResult, GroupScore, Scorecard


def scorecard_text(card: Scorecard) -> Outline:
    """Return a scorecard as a document."""
    outline = Outline()
    add_notices(outline, card.notices)
    add_head(outline, card)
    outline.gap()
    published = card.company.published
    if published is None:
        outline.add_table(_categories(card))
    else:
        _add_published_categories(outline, card, published)
    add_total(outline, card)
    for group in card.groups:
        _add_category(outline, group, dict(published.points) if published else {})
    add_facts_that_do_not_count(outline, card)
    return outline


def add_head(outline: Outline, card: Scorecard) -> None:
    """Add the company, the methodology, the total and the marks."""
    cohort = f" ({card.company.cohort_title})" if card.company.cohort_title else ""
    outline.add(f"{card.company.name}{cohort}", style="bold")
    outline.add(methodology_in_words(card.methodology))
    published = card.company.published
    if published is not None:
        _add_published(outline, card, published)
    elif card.total is not None:
        total = f"Total: {of_maximum(card.total, card.max_total)}"
        if card.hypothetical_total:
            total += f", including {number(card.hypothetical_total)} from hypothetical facts alone"
        outline.add(total, style="bold")
    for mark in marks_of(card):
        outline.add(mark, style="bold")
    is_shown = published is not None and _has_total(card, published)
    if not is_shown and card.bounds is not None and card.bounds.is_known:
        outline.add(f"Possible with further facts: {range_in_words(card.bounds)}")
    if card.bounds is not None and card.bounds.may_be_too_wide:
        outline.add(MAY_BE_TOO_WIDE)
    counts = ((outcome, card.count(outcome)) for outcome in Outcome)
    outcomes = ", ".join(f"{count} {words(outcome.value)}" for outcome, count in counts if count)
    outline.add(f"{len(card.criteria)} criteria: {outcomes}")
    outline.add(origin_of(card), style="dim")


def _add_published(outline: Outline, card: Scorecard, published: PublishedRecord) -> None:
    """Add the published total beside what stated facts support of it, and what else the publisher printed."""
    if _has_total(card, published):
        outline.add(f"Total: {figures_of_total(card, published).in_words()}", style="bold")
    rank = rank_in_words(card.company)
    printed = [] if rank is None else [("rank", rank)]
    for name, value in (*printed, *printed_words(published, [card]).items()):
        outline.add(f"Published {words(name)}: {value}")


def _has_total(card: Scorecard, published: PublishedRecord) -> bool:
    """Whether there is a total, or one is published or possible: a methodology may have levels alone."""
    if card.total is not None or published.total is not None or "total" in published.none:
        return True
    return card.bounds is not None and (card.bounds.floor is not None or card.bounds.ceiling is not None)


def add_total(outline: Outline, card: Scorecard) -> None:
    """Add the arithmetic of the total, its band, and what is missing for the next level."""
    if card.arithmetic:
        outline.add(f"Total: {card.arithmetic}")
    for sentence in card.because:
        outline.add(sentence)


def add_facts_that_do_not_count(outline: Outline, card: Scorecard) -> None:
    """Add the facts that do not count, with the reason, and the facts that could not be derived."""
    excluded = [fact for fact in card.facts if not fact.counts]
    if excluded:
        outline.gap()
        outline.add("Facts that do not count", style="bold")
    for fact in excluded:
        outline.add(fact_in_words(fact), 2)
        outline.add(f"does not count: {fact.why_not}", 4)
    if card.problems:
        outline.gap()
        outline.add("Facts that could not be derived", style="bold")
    for problem in card.problems:
        outline.add(problem, 2)


def marks_of(card: Scorecard) -> list[str]:
    """Return the label, the level, the requirements met and the outputs of decision tables, each on a line."""
    marks = [f"Result: {words(card.outcome.value)}"] if card.outcome in WITHOUT_RESULT else []
    marks += [f"Label: {card.label}"] if card.label else []
    marks += [f"Level: {card.level.title}"] if card.level else []
    if card.requirements:
        met = ", ".join(f"{met.met} of {met.of} {met.word}" for met in card.requirements)
        marks.append(f"Requirements met: {met}")
    return marks + [
        f"{found.title}: {', '.join(found.outputs) or 'none'} ({found.because}{_rows(found)})" for found in card.tables
    ]


def _rows(table: TableResult) -> str:
    """Return the rows of a decision table that fitted, in words."""
    said = (f"; row {row.number} fits{': ' if row.tests else ''}{' and '.join(row.tests)}" for row in table.rows)
    return "".join(said)


def _categories(card: Scorecard) -> Table:
    """Return the table of categories and groups, without columns that no group fills."""
    columns: dict[str, Callable[[GroupScore], str]] = {"Points": _points}
    if any(group.score is not None for group in card.groups):
        columns["Score"] = lambda group: of_maximum(group.score, group.max_score)
    if any(group.label or group.level for group in card.groups):
        columns["Mark"] = _mark
    possible = (
        {group.id: range_in_words(group) for group in card.bounds.groups if group.is_known} if card.bounds else {}
    )
    if possible:
        columns["Possible"] = lambda group: possible.get(group.id, "-")
    if any(_arithmetic(group) for group in card.groups):
        columns["Arithmetic"] = _arithmetic
    numbers = (index for index, title in enumerate(columns, 1) if title in ("Points", "Score"))
    made = table("Category", *columns, right=numbers, wraps=len(columns) if "Arithmetic" in columns else None)
    for category in card.categories:
        _add_rows(made, category, columns.values())
    return made


def _add_published_categories(outline: Outline, card: Scorecard, published: PublishedRecord) -> None:
    """Add the table of categories and groups: each published score beside what stated facts support of it."""
    found = {group.id: figures_of_group(card, group, published) for group in card.groups}
    columns: dict[str, Callable[[GroupScore], str]] = {
        "Published": lambda group: found[group.id].published,
        SUPPORTED: lambda group: found[group.id].supported,
    }
    if any(figures.with_hypothetical for figures in found.values()):
        columns[WITH_HYPOTHETICAL] = lambda group: found[group.id].with_hypothetical or found[group.id].supported
    if any(figures.possible for figures in found.values()):
        columns["Possible"] = lambda group: found[group.id].possible or "-"
    if any(group.max_score is not None for group in card.groups):
        columns["Of"] = lambda group: number(group.max_score)
    figures = tuple(range(1, len(columns) + 1))
    if any(group.label or group.level for group in card.groups):
        columns["Mark"] = _mark
    columns["Points"] = _points
    if any(_arithmetic(group) for group in card.groups):
        columns["Arithmetic"] = _arithmetic
    last = len(columns) if "Arithmetic" in columns else None
    points = list(columns).index("Points") + 1
    made = table("Category", *columns, right=(*figures, points), wraps=last, whole=(*figures, points))
    for category in card.categories:
        _add_rows(made, category, columns.values())
    if card.total is not None:
        made.add_row("Total", *_total_cells(card, figures_of_total(card, published), columns))
    outline.add_table(made, () if last is None else (last,))


def _total_cells(card: Scorecard, figures: Figures, columns: Iterable[str]) -> list[str]:
    cells = {
        "Published": figures.published,
        SUPPORTED: figures.supported,
        WITH_HYPOTHETICAL: figures.with_hypothetical or figures.supported,
        "Possible": figures.possible or "-",
        "Of": number(card.max_total),
    }
    return [cells.get(column, "") for column in columns]


def _add_rows(
    made: Table, category: GroupScore, cells: Collection[Callable[[GroupScore], str]], depth: int = 0
) -> None:
    made.add_row(Text("  " * depth + category.title), *(cell(category) for cell in cells))
    for group in category.groups:
        _add_rows(made, group, cells, depth + 1)


def _points(category: GroupScore) -> str:
    if category.outcome is GroupOutcome.NOT_APPLICABLE:
        return "-"
    return f"{number(category.points)} of {number(category.max_points)}"


def _mark(category: GroupScore) -> str:
    return " ".join(filter(None, (category.label, category.level.title if category.level else None)))


def _arithmetic(category: GroupScore) -> str:
    """Return how a score came about, or why there is none."""
    reasons = "; ".join(category.because)
    return reasons if category.outcome is GroupOutcome.WITHHELD else category.arithmetic or reasons


def criterion_points(criterion: CriterionResult) -> str:
    """Return the points of a criterion with their maximum; a dash if it is excluded."""
    if criterion.counts_as == "excluded":
        return "-"
    return f"{number(criterion.points)} of {number(criterion.max_points)}"


def _add_category(outline: Outline, category: GroupScore, published: Mapping[str, Decimal]) -> None:
    """Add a table of the criteria of a category, with the points that the publisher printed, if any."""
    if not category.criteria:
        return
    outline.gap()
    terms: dict[str, Callable[[CriterionResult], str | None]] = {
        "Requirement": lambda criterion: criterion.requirement,
        "Level": lambda criterion: criterion.level,
    }
    if any(criterion.id in published for criterion in category.criteria):
        terms["Published"] = lambda criterion: number(published.get(criterion.id))
    asked = {title: of for title, of in terms.items() if any(of(criterion) for criterion in category.criteria)}
    headers = (category.title, *asked, "Outcome", "Points", "Because")
    made = table(*headers, right=(len(headers) - 2,), wraps=len(headers) - 1)
    for criterion in category.criteria:
        outcome = Text(words(criterion.outcome.value), style=STYLES[criterion.outcome])
        because = Text(" ".join(criterion.because))
        cells = (of(criterion) for of in asked.values())
        made.add_row(Text(criterion.id), *cells, outcome, criterion_points(criterion), because)
    outline.add_table(made)

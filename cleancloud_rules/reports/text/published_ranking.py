"""The tables of a ranking whose publisher printed one: published figures beside what stated facts support of them."""

from collections.abc import Callable, Sequence
from textwrap import fill

from cleancloud_rules.reports.outline.blocks import Outline, Styled, table
from cleancloud_rules.reports.text.base import number, words
from cleancloud_rules.reports.text.figures import (
    BETWEEN,
    NOTHING,
    SUPPORTED,
    WITH_HYPOTHETICAL,
    Figures,
    figures_of_group,
    figures_of_total,
    is_hypothetical,
    printed_words,
    supported_to_possible,
)
from cleancloud_rules.reports.text.ranking_columns import (
    HEADER_WIDTH,
    has_total,
    marks_of_companies,
    of_total,
    only,
    without,
)
from cleancloud_rules.results.rankings import Cohort, RankedCompany, RowOrder
from cleancloud_rules.results.records import PublishedRecord
from cleancloud_rules.results.scorecards import Scorecard

_Cell = Callable[[RankedCompany], str]


def add_first_lines(outline: Outline, order: RowOrder, *, hypothetical: bool) -> None:
    """Add what the reader must know before the first figure: whose ranking it is."""
    facts = "stated and HYPOTHETICAL facts" if hypothetical else "what stated facts support"
    if order is RowOrder.PUBLISHED:
        outline.add(f"The published ranking, and beside it the figures of {facts}.", style="bold")
        outline.add("The rows stand in the publisher's order.")
    else:
        outline.add(f"This is not the published ranking: companies are ranked by {facts}.", style="bold")
        kept = Styled("rank --order published", "code")
        outline.add(("Published figures stand beside theirs; ", kept, " keeps the publisher's order."))
    outline.gap()


def add_published_cohort(outline: Outline, cohort: Cohort, order: RowOrder) -> None:
    """Add the two tables of a cohort: its totals, and its categories."""
    cards = [row.scorecard for row in cohort.rows]
    _add_totals(outline, cohort.rows, cards, order)
    if not cards[0].categories:
        return
    outline.gap()
    outline.add(f"Categories: published{BETWEEN}{_second_figure(cards)}")
    titles = [_title(cards, index) for index in range(len(cards[0].categories))]
    made = table("Company", *titles, right=range(1, len(titles) + 1))
    for card in cards:
        made.add_row(card.company.name, *(_category(card, index) for index in range(len(titles))))
    outline.add_table(made)


def _add_totals(outline: Outline, rows: Sequence[RankedCompany], cards: Sequence[Scorecard], order: RowOrder) -> None:
    figures = {card.company.id: figures_of_total(card, _published(card)) for card in cards}
    printed = [name for name in ("level", "label", *(t.id for t in cards[0].tables)) if _has_word(cards, name)]
    said = {card.company.id: printed_words(_published(card), card) for card in cards}
    marks = marks_of_companies(cards)
    of = of_total(cards)

    def figure(read: Callable[[Figures], str | None]) -> _Cell:
        return lambda row: read(figures[row.company.id]) or "-"

    own: dict[str, _Cell] = {_RANK: lambda row: "-" if row.rank is None else str(row.rank)}
    theirs: dict[str, _Cell] = {_PUBLISHED_RANK: lambda row: _rank(row.company.published)}
    ranks = (own, theirs) if order is RowOrder.RANK else (theirs, own)
    columns: dict[str, _Cell] = {**ranks[0], "Company": lambda row: row.company.name, **ranks[1]}
    left = {"Company", *marks}
    for name in printed:
        columns[f"Published\n{words(name)}"] = lambda row, name=name: said[row.company.id].get(name, "-")  # type: ignore[misc]
        left.add(f"Published\n{words(name)}")
    columns |= {title: lambda row, cell=cell: cell(row.scorecard) for title, cell in marks.items()}  # type: ignore[misc]
    if has_total(cards):
        columns[f"Published\n{of}".rstrip()] = figure(lambda found: found.published)
        columns[SUPPORTED] = lambda row: (
            without(row.scorecard) if row.total is None else figures[row.company.id].supported
        )
        if is_hypothetical(cards):
            columns[WITH_HYPOTHETICAL] = figure(lambda found: found.with_hypothetical or found.supported)
    spare = []
    if any(found.possible for found in figures.values()):
        columns[_POSSIBLE] = figure(lambda found: found.possible)
    not_assessed = f"Not assessed\nof {len(cards[0].criteria)} criteria"
    columns[not_assessed] = lambda row: str(row.not_assessed)
    headers = list(columns)
    spare = [headers.index(name) for name in (not_assessed, _POSSIBLE) if name in headers]
    whole = [place for place, header in enumerate(headers) if header not in left]
    made = table(*headers, right=whole, whole=whole)
    for row in rows:
        made.add_row(*(cell(row) for cell in columns.values()))
    outline.add_table(made, spare)


_RANK = "Rank\nby\nfacts"
_PUBLISHED_RANK = "Published\nrank"
_POSSIBLE = "Possible with\nfurther facts"


def _published(card: Scorecard) -> PublishedRecord:
    return card.company.published or NOTHING


def _rank(published: PublishedRecord | None) -> str:
    """Return the published rank; a dash if none is printed."""
    return "-" if published is None or published.rank is None else str(published.rank)


def _has_word(cards: Sequence[Scorecard], name: str) -> bool:
    return any(name in dict(_published(card).words) for card in cards)


def _title(cards: Sequence[Scorecard], index: int) -> str:
    categories = [card.categories[index] for card in cards]
    maximum = only({category.max_score for category in categories if category.max_score is not None})
    return fill(categories[0].title, HEADER_WIDTH) + ("" if maximum is None else f"\nof {number(maximum)}")


def _second_figure(cards: Sequence[Scorecard]) -> str:
    if is_hypothetical(cards):
        return "supported by stated facts + what HYPOTHETICAL facts add"
    if any(card.bounds is not None and card.bounds.is_known for card in cards):
        return "supported by stated facts to possible with further facts"
    return "supported by stated facts"


def _category(card: Scorecard, index: int) -> str:
    category = card.categories[index]
    found = figures_of_group(card, category, _published(card))
    added = category.hypothetical_points if category.score is None else category.hypothetical_score
    supported = found.supported
    if added:
        supported += f" + {number(added)} hyp."
    elif found.possible is not None:
        supported = supported_to_possible(supported, found.possible)
    return f"{found.published}{BETWEEN}{supported}"

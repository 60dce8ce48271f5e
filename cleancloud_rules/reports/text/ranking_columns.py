"""What tables of companies share: their maxima, and the columns of levels, labels and decision tables."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from cleancloud_rules.reports.text.base import WITHOUT_RESULT, number, words
from cleancloud_rules.results.scorecards import Scorecard

HEADER_WIDTH = 18
"""The width of a header; longer titles take several lines."""


def only(numbers: set[Decimal]) -> Decimal | None:
    """Return the only number of a set; None if it has several or none."""
    return next(iter(numbers)) if len(numbers) == 1 else None


def of_total(cards: Sequence[Scorecard]) -> str:
    """Return the maximum of the total if it is the same for all."""
    maximum = only({card.max_total for card in cards if card.max_total is not None})
    return "" if maximum is None else f"of {number(maximum)}"


def has_total(cards: Iterable[Scorecard]) -> bool:
    """Whether some of the companies have a total."""
    return any(card.total is not None for card in cards)


def without(card: Scorecard) -> str:
    """Return the outcome of a scorecard without a result; else a dash."""
    return words(card.outcome.value) if card.outcome in WITHOUT_RESULT else "-"


def marks_of_companies(cards: Sequence[Scorecard]) -> dict[str, Callable[[Scorecard], str]]:
    """Return the columns for levels, labels and decision tables, by header."""
    columns: dict[str, Callable[[Scorecard], str]] = {}
    if any(card.level for card in cards):
        columns["Level"] = lambda card: card.level.title if card.level else without(card)
    if any(card.label for card in cards):
        columns["Label"] = lambda card: card.label or without(card)
    for index, found in enumerate(cards[0].tables):
        columns[found.title] = lambda card, index=index: ", ".join(card.tables[index].outputs) or "-"  # type: ignore[misc]
    return columns

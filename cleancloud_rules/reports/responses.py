"""What documents and pages say of the responses of a company: whose words they are, and the effect of each."""

from collections.abc import Iterator

from cleancloud_rules.model.exact import subtract
from cleancloud_rules.model.facts import ResponseStatus
from cleancloud_rules.reports.in_words import level_titles
from cleancloud_rules.reports.numbers import number_text, signed
from cleancloud_rules.results.differences import ChangedFigureKind, WordKind
from cleancloud_rules.results.scorecards import Scorecard
from cleancloud_rules.results.what_ifs import (
    ResponseEffect,
    ResponseFigure,
    ResponseRank,
    ResponseRecord,
    ResponseWord,
)

NO_SCORE = "They change no score."
"""What every heading of responses says."""

OF_RANKING = ("The total", "Rank", "Other ranks", "No rank")
"""How the sentences about a total and about ranks begin."""

MAX_RANKS = 12
"""How many ranks of other companies are named; more are counted."""

_STATUS = {
    ResponseStatus.OPEN: "open: the publisher has not decided",
    ResponseStatus.ACCEPTED: "accepted by the publisher",
    ResponseStatus.REJECTED: "rejected by the publisher",
}


def status_in_words(response: ResponseRecord) -> str:
    """Return what the publisher has decided, without the reason."""
    return _STATUS[response.status]


def counted(card: Scorecard) -> str:
    """Return how many responses there are, by status: "2 (1 open, 1 rejected)"."""
    statuses = [response.status for response in card.responses]
    parts = [f"{statuses.count(status)} {status.value}" for status in ResponseStatus if status in statuses]
    return f"{len(statuses)} ({', '.join(parts)})"


def gain_of(effect: ResponseEffect | None) -> str:
    """Return the change of the total; a dash if it is not known."""
    total = None if effect is None else _total(effect)
    if total is None or total.old is None or total.new is None:
        return "-"
    change = subtract(total.new, total.old)
    return signed(change)


def effect_in_words(response: ResponseRecord, card: Scorecard) -> tuple[str, ...]:
    """Return the effect of a response as sentences: the total first, then criteria, groups, words and ranks."""
    effect = response.effect
    if effect is None:
        if response.status is ResponseStatus.ACCEPTED:
            return ("The facts of the company are to say what it says.",) if _has_facts(response) else ()
        return ("It offers no facts, so that it would change no figure.",)
    if effect.problems:
        return ("It cannot be accepted as it is:", *effect.problems)
    lines = [*_figures(effect, card), *_words(effect, card), *_ranks(effect, card)]
    drops = [f"A search without result contradicts it and would be dropped: {search.says}." for search in effect.drops]
    return (*(lines or ["Nothing would change."]), *drops)


def _has_facts(response: ResponseRecord) -> bool:
    return bool(response.facts or response.disputes)


def _total(effect: ResponseEffect) -> ResponseFigure | None:
    return next((figure for figure in effect.figures if figure.kind is ChangedFigureKind.TOTAL), None)


def _figures(effect: ResponseEffect, card: Scorecard) -> Iterator[str]:
    outcomes = {word.id: word for word in effect.words if word.kind is WordKind.OUTCOME}
    total = _total(effect)
    if total is not None and total.old != total.new:
        yield f"The total goes from {_change(total)}."
    elif total is not None:
        yield f"The total stays {_number(total)}."
    titles = {group.id: group.title for group in card.groups}
    for figure in effect.figures:
        if figure.kind is ChangedFigureKind.SCORE and figure.id is not None:
            yield f"{titles[figure.id]}: {_change(figure)}."
    for figure in effect.figures:
        if figure.kind is ChangedFigureKind.POINTS and figure.id is not None:
            criterion, outcome = card.criterion(figure.id), outcomes.get(figure.id)
            became = "" if outcome is None else f", {_said(outcome, outcome.old)} to {_said(outcome, outcome.new)}"
            part = f", {signed(figure.on_total)} on the total" if figure.on_total else ""
            yield f"{criterion.title}: {_change(figure)} of {number_text(criterion.max_points)} points{became}{part}."


def _number(figure: ResponseFigure) -> str:
    return "none" if figure.old is None else number_text(figure.old)


def _change(figure: ResponseFigure) -> str:
    new = "none" if figure.new is None else number_text(figure.new)
    return f"{_number(figure)} to {new}"


def _words(effect: ResponseEffect, card: Scorecard) -> Iterator[str]:
    """Yield the changes of levels, labels, tables, and of outcomes of groups and of the total."""
    criteria = {criterion.id for criterion in card.criteria}
    titles: dict[str | None, str] = {group.id: group.title for group in card.groups}
    titles |= {table.id: table.title for table in card.tables}
    levels = level_titles(card)
    for word in effect.words:
        if word.kind is WordKind.OUTCOME and word.id in criteria:
            continue
        kind = "output" if word.kind is WordKind.TABLE else word.kind.value
        whose = "" if word.id is None else f" of {titles.get(word.id, word.id)}"
        old, new = (_said(word, levels.get(one, one) if one else one) for one in (word.old, word.new))
        yield f"{kind.capitalize()}{whose}: {old} to {new}."


def _said(word: ResponseWord, value: str | None) -> str:
    shown = value or "none"
    return shown.replace("_", " ") if word.kind is WordKind.OUTCOME else shown


def _ranks(effect: ResponseEffect, card: Scorecard) -> Iterator[str]:
    if not effect.ranked:
        return
    own = [rank for rank in effect.ranks if rank.company == card.company.id]
    others = [rank for rank in effect.ranks if rank.company != card.company.id]
    if not effect.ranks:
        yield "No rank would change."
    for rank in own:
        yield f"Rank: {_moves(rank)}."
    if others:
        named = "; ".join(f"{rank.name} {_moves(rank)}" for rank in others[:MAX_RANKS])
        more = f"; and {len(others) - MAX_RANKS} more" if len(others) > MAX_RANKS else ""
        yield f"Other ranks: {named}{more}."


def _moves(rank: ResponseRank) -> str:
    return f"{rank.old or 'none'} to {rank.new or 'none'}"

"""Decides a second time whether stated facts count: by basis, source, cut-off and window."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from cleancloud_rules.model.facts import Basis, Company, Fact
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import Interval
from cleancloud_rules.model.vocabulary import PeriodCounts, Window


def counting_of(company: Company, methodology: Methodology, *, with_hypothetical: bool) -> list[Fact]:
    """Return the stated facts of a company that count, unless later ones supersede them."""
    decided: dict[tuple[Any, ...], bool] = {}  # most facts have source, basis and time in common with others
    found = []
    for fact in company.facts:
        common = (fact.type, id(fact.basis), id(fact.source), id(fact.period), fact.as_of)
        is_counted = decided.get(common)
        if is_counted is None:
            is_counted = decided[common] = counts(fact, methodology, with_hypothetical=with_hypothetical)
        if is_counted:
            found.append(fact)
    return found


def counts(fact: Fact, methodology: Methodology, *, with_hypothetical: bool) -> bool:
    """Whether a stated fact counts, unless a later one supersedes it."""
    source = fact.source
    if source is None or source.type not in methodology.accepted_sources:
        return False
    if fact.basis is Basis.HYPOTHETICAL and not with_hypothetical:
        return False
    cut_off = methodology.as_of
    if cut_off is not None:
        read_by_then = any(cut_off >= last for last in _last_days(source.published, source.accessed))
        if not read_by_then and _first_day(source.published) > cut_off:
            return False
        if any(first > cut_off for first, _ in _spans(fact)):
            return False
    return lies_in(fact, dict(methodology.windows)[methodology.vocabulary.by_id[fact.type].horizon])


def lies_in(fact: Fact, window: Window) -> bool:
    """Whether the time of a fact lies in a window."""
    first, last = window.start or date.min, window.end or date.max
    if (first, last) == (date.min, date.max):
        return True
    spans = list(_spans(fact))
    if not spans:
        return False
    begins, ends = spans[0]
    match window.counts:
        case PeriodCounts.WHOLE:
            return first <= begins and ends <= last
        case PeriodCounts.OVERLAP:
            return begins <= last and first <= ends
        case PeriodCounts.END:
            return first <= ends <= last


def _spans(fact: Fact) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of the time of a fact: of its period, or else its date."""
    if fact.period is not None:
        yield fact.period.start, fact.period.end
    elif fact.as_of is not None:
        yield fact.as_of, fact.as_of


def _last_days(*days: date | Interval | None) -> Iterator[date]:
    for day in days:
        last: Any = day.high if isinstance(day, Interval) else day
        if last is not None:
            yield last


def _first_day(day: date | Interval | None) -> date:
    first: Any = day.low if isinstance(day, Interval) else day
    return date.min if first is None else first

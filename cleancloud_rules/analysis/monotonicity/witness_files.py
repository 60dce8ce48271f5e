"""Concretises kinds of facts as company files, as plain data."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from attrs import frozen

from cleancloud_rules.analysis.monotonicity.fact_kinds import EVIDENCE, Change, Cited, FactClass
from cleancloud_rules.analysis.monotonicity.field_values import holdings
from cleancloud_rules.completions.times import stated_period
from cleancloud_rules.engine.eligibility import was_there
from cleancloud_rules.generators.boundary_values import Held
from cleancloud_rules.language.wording import value_as_stated
from cleancloud_rules.model.facts import Basis, FactType, Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import Interval
from cleancloud_rules.model.vocabulary import PeriodCounts

Data = dict[str, Any]
"""A mapping as a company file holds it."""


@frozen
class Pair:
    """Two companies that differ in one fact, as company files state them.

    Args:
        before: the first.
        after: the second.
        changed: the index of the fact of the second company that was added or changed.
        field: the field that was changed; None if a fact was added.
    """

    before: Data
    after: Data
    changed: int
    field: str | None = None


@frozen
class Realiser:
    """Writes company files for one methodology.

    Args:
        methodology: the methodology.
        apart: whether facts differ in entity and period, so that derivations do not join them, as far as conditions
            allow.
    """

    methodology: Methodology
    apart: bool = False

    def pair(self, company: Sequence[FactClass], change: Change) -> Pair:
        """Return a company before and after a change of one fact; the other facts are the same.

        Args:
            company: the kinds of the other facts.
            change: the change.
        """
        sources: dict[str, Data] = {}
        new = self._fact(change.new, 0, sources)
        old = self._fact(change.old, 0, sources) if change.old is not None else None
        rest: list[Data] = []
        for number, kind in enumerate(company, 1):
            fact = self._fact(kind, number, sources)
            if fact in (new, old, *rest):
                fact["locator"] = f"p. {number}"
            rest.append(fact)
        before, after = [*rest, *([old] if old is not None else [])], [*rest, new]
        return Pair(_file(before, sources), _file(after, sources), len(rest), change.field)

    def _fact(self, kind: FactClass, number: int, sources: dict[str, Data]) -> Data:
        fact_type = self.methodology.vocabulary.by_id[kind.type]
        held = {own.id: kind.held.get(own.id) or _usual(own) for own in fact_type.fields}
        values: Data = {}
        disclosed: list[str] = []
        for own in fact_type.fields:
            what = held[own.id]
            assert isinstance(what, Held)
            if what.value is not None:
                values[own.id] = value_as_stated(what.value, own)
            elif what.disclosed:
                disclosed.append(own.id)
        stated: Data = {kind.type: values, **({"disclosed": disclosed} if disclosed else {})}
        return {
            **stated,
            **self._time(kind, fact_type),
            **self._beside(kind, number),
            "source": self._source(kind.held.get(EVIDENCE), sources),
        }

    def _time(self, kind: FactClass, fact_type: FactType) -> Data:
        window = dict(self.methodology.windows)[fact_type.horizon]
        asked = kind.held.get("period")
        day = asked.value if isinstance(asked, Held) else None
        if isinstance(day, date):
            return {"period": stated_period(day, window, self.methodology.as_of)}
        limit = window.end or window.start
        if limit is None:
            return {}
        limit = min(limit, self.methodology.as_of or limit)
        if window.start is not None and limit < window.start:
            return {"period": stated_period(window.start, window, self.methodology.as_of)}
        year = limit.year if (limit.month, limit.day) == (12, 31) else limit.year - 1
        lies_inside = window.start is None or window.start <= date(
            year, *((1, 1) if window.counts is PeriodCounts.WHOLE else (12, 31))
        )
        if asked is None and not self.apart and lies_inside:
            return {"period": year}
        return {"as_of": limit.isoformat()}

    def _beside(self, kind: FactClass, number: int) -> Data:
        beside: Data = {}
        basis, entity = kind.held.get("basis"), kind.held.get("entity")
        if isinstance(basis, Held) and basis.value != Basis.REPORTED.value:
            beside["basis"] = basis.value
        if isinstance(entity, Held):
            beside |= {"entity": entity.value} if entity.value is not None else {}
        elif self.apart:
            beside["entity"] = f"part {number + 1}"
        return beside

    def _source(self, asked: Held | Cited | None, sources: dict[str, Data]) -> str:
        """Return the id of the source that conditions ask for, or of any accepted one; a new source is listed."""
        own = {source.id: source for source in self.methodology.bibliography}
        if not isinstance(asked, Cited):
            accepted = self.methodology.accepted_sources
            day = self.methodology.as_of
            there = {id: s for id, s in own.items() if day is None or was_there(s, day) is not False}
            usual = (id for id, source in there.items() if source.type in accepted)
            asked = Cited(next(usual, "example"), accepted[0], None)
        assert asked.id is not None and asked.type is not None
        if asked.id in own:
            return asked.id
        entry = {"type": asked.type, "published": _day(asked.published)}
        id = asked.id
        while sources.setdefault(id, entry) != entry:
            id += "-2"
        return id


def _day(published: date | Interval | None) -> Any:
    if isinstance(published, Interval):
        assert isinstance(published.low, date)
        return published.low.year
    return "unknown" if published is None else published.isoformat()


def _usual(own: Field) -> Held:
    """Return the value of a field that no condition reads: none, or the plainest one if it is required."""
    return Held() if own.optional else holdings(own, ())[0]


def _file(facts: Iterable[Data], sources: Mapping[str, Data]) -> Data:
    file: Data = {"id": "example", "name": "Example"}
    return {**file, **({"sources": dict(sources)} if sources else {}), "facts": list(facts)}

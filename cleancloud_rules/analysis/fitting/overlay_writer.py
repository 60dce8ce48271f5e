"""Writes the solution of a fit as an overlay of hypothetical facts, whose values pass exactly the chosen conditions."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from attrs import frozen

from cleancloud_rules.analysis.fitting.offers import Apart
from cleancloud_rules.analysis.monotonicity.field_values import exact_values
from cleancloud_rules.completions.cell_sizes import size_of
from cleancloud_rules.completions.fact_kinds import Vector, VectorSpaces
from cleancloud_rules.completions.fact_space import Space
from cleancloud_rules.completions.times import stated_period
from cleancloud_rules.engine.selection import day_of
from cleancloud_rules.language.load.overlays import SOLVER, hypothetical_notice
from cleancloud_rules.language.wording import value_as_stated
from cleancloud_rules.model.cells import Cells, FieldCells
from cleancloud_rules.model.facts import Fact, Selection
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.partitions.families import Bits
from cleancloud_rules.model.values import FieldType, Value
from cleancloud_rules.model.vocabulary import Window

SOURCE_TITLE = "Chosen by a solver; no publication"
"""The title of the source that hypothetical facts cite."""


@frozen
class Writer:
    """Writes entries of overlays for one methodology.

    Args:
        spaces: the spaces that the vectors were made from.
        apart: the fields whose values a fit tells apart.
    """

    spaces: VectorSpaces
    apart: Apart

    @property
    def methodology(self) -> Methodology:
        """The methodology."""
        return self.spaces.methodology

    @property
    def usual_source(self) -> str:
        """The type of source that a fact cites if any type will do: the first accepted one."""
        accepted = self.methodology.accepted_sources
        return next(kind for kind in self.methodology.vocabulary.source_types if kind in accepted)

    def _space(self, vector: Vector) -> Space:
        return self.spaces.get(vector.type, vector.not_found, self.apart(vector.type))

    def _cells(self, vector: Vector) -> Mapping[str, Cells]:
        return self._space(vector).cells

    def entries(
        self, chosen: Iterable[tuple[Vector, int]], stated: Collection[Fact]
    ) -> list[tuple[Vector, dict[str, Any]]]:
        """Return the entries of one company, all different, each with its kind of fact.

        Args:
            chosen: the kinds of facts, each with the number of facts of that kind.
            stated: its facts that count. Where distinct values count, their values are not used again.
        """
        used, alike, written = Counter[Any](), Counter[str](), list[tuple[Vector, dict[str, Any]]]()
        for vector, number in chosen:
            for copy in range(1, number + 1):
                own = self._values_apart(vector, stated, used)
                entry = self._entry(vector, own, f" {copy}" if number > 1 else "")
                time = self._time_of_latest(vector, entry, stated)
                entry = (
                    entry if time is None else {k: v for k, v in entry.items() if k not in ("period", "as_of")} | time
                )
                alike[repr(entry)] += 1
                again = alike[repr(entry)]
                written.append((vector, {**entry, "note": f"Fact {again} of its kind."} if again > 1 else entry))
        return written

    def _values_apart(self, vector: Vector, stated: Iterable[Fact], used: Counter[Any]) -> dict[str, Value]:
        """Return values of the fields apart whose cell has several: others for each fact, as far as there are any.

        Args:
            vector: the kind of fact.
            stated: the stated facts.
            used: how many facts each key, and each cell of a counted field, has so far.
        """
        point, cells, found = dict(vector.point), self._cells(vector), dict[str, Value]()
        keys = self.apart.keys.get(vector.type, ())
        for names in (keys, *((name,) for name in sorted(self.apart.counted.get(vector.type, ())) if name not in keys)):
            place = used[vector.type, names, tuple(point[name] for name in names)]
            used[vector.type, names, tuple(point[name] for name in names)] += 1
            for name in names:
                avoid = {fact.get(name) for fact in stated if fact.type == vector.type}
                values = _values(cells[name], point[name], place + 1, avoid)
                if values:
                    place, number = divmod(place, len(values))
                    found[name] = values[number]
        return found

    def _time_of_latest(
        self, vector: Vector, entry: Mapping[str, Any], stated: Iterable[Fact]
    ) -> dict[str, Any] | None:
        """Return the time of the latest stated fact of the same key, so that neither supersedes the other."""
        fact_type = self.methodology.vocabulary.by_id[vector.type]
        if fact_type.selection is not Selection.LATEST or "period" in self._cells(vector):
            return None

        def key(fact: Fact) -> list[Any]:
            values = ((own, fact.get(own.id)) for own in fact_type.fields if own.key)
            return [None if value is None else value_as_stated(value, own) for own, value in values]

        own = [entry[vector.type].get(field.id) for field in fact_type.fields if field.key]
        alike = (fact for fact in stated if (fact.type, fact.entity) == (vector.type, entry.get("entity")))
        same = [fact for fact in alike if key(fact) == own]
        latest = max(same, key=day_of, default=None)
        if latest is None:
            return None
        if latest.period is None:
            return {} if latest.as_of is None else {"as_of": latest.as_of}
        return {"period": int(latest.period.text) if latest.period.text.isdigit() else latest.period.text}

    def _entry(self, vector: Vector, own: Mapping[str, Value], ending: str) -> dict[str, Any]:
        fact_type = self.methodology.vocabulary.by_id[vector.type]
        point = dict(vector.point)
        values: dict[str, Any] = {}
        disclosed: list[str] = []
        for field in fact_type.fields:
            cells = self._cells(vector).get(field.id)
            value = None if cells is None else own.get(field.id, cells.example(point[field.id]))
            if cells is not None and field.type is FieldType.TEXT and field.id not in own:
                value = _plain_text(value, cells, ending)
            if value is not None:
                values[field.id] = value_as_stated(value, field)
            elif (cells is None and not field.optional) or (cells and point[field.id] == cells.disclosed_bit):
                disclosed.append(field.id)
        entry: dict[str, Any] = {vector.type: values}
        if disclosed:
            entry["disclosed"] = disclosed
        return {
            **entry,
            **self._beside(vector, point, own),
            "basis": "hypothetical",
            "source": self.source_id(vector),
        }

    def _beside(self, vector: Vector, point: dict[str, Bits], own: Mapping[str, Value]) -> dict[str, Any]:
        beside: dict[str, Any] = {}
        cells = self._cells(vector)
        if "entity" in cells:
            entity = own.get("entity", cells["entity"].example(point["entity"]))
            if entity is not None:
                beside["entity"] = entity
        window = dict(self.methodology.windows)[self.methodology.vocabulary.by_id[vector.type].horizon]
        end = self._period_end(vector, point, window) if "period" in cells else None
        cut_off = self.methodology.as_of
        day = window.end or window.start
        if end is None and day is not None and cut_off is not None and cut_off < day:
            end, day = (window.start, None) if window.start and cut_off < window.start else (None, cut_off)
        if end is not None:
            beside["period"] = stated_period(end, window, cut_off)
        elif day is not None:
            beside["as_of"] = day
        return beside

    def _period_end(self, vector: Vector, point: dict[str, Bits], window: Window) -> date | None:
        """Return the end of a period: of the last whole year in the window, if all conditions treat it alike."""
        cells = self._cells(vector)["period"]
        example = cells.example(point["period"])
        if not isinstance(example, date) or window.end is None:
            return example if isinstance(example, date) else None
        usual = date(window.end.year - 1, 12, 31)
        bit = cells.bits_of(usual)
        alike = all(bool(bit & box) == bool(point["period"] & box) for box in self._space(vector).masks("period"))
        return usual if alike and bit & self._space(vector).possible["period"] else example

    def source_id(self, vector: Vector) -> str:
        """Return the id of the source that a fact cites: the solver, with the type that the fact needs."""
        return self._named(self.source_type(vector))

    def _named(self, kind: str) -> str:
        return SOLVER if kind == self.usual_source else f"{SOLVER}-{kind.replace('_', '-')}"

    def source_type(self, vector: Vector) -> str:
        """Return the type of source that a fact needs; the usual one if any type will do."""
        cells = self._cells(vector).get("evidence.source_type")
        if cells is None:
            return self.usual_source
        return str(cells.example(dict(vector.point)["evidence.source_type"]))

    def document(self, entries: Mapping[str, list[dict[str, Any]]], kinds: set[str]) -> dict[str, Any]:
        """Return the whole overlay as plain data.

        Args:
            entries: entries by company.
            kinds: the types of source that they need.
        """
        sources = {self._named(kind): {"type": kind, "title": SOURCE_TITLE} for kind in sorted(kinds)}
        return {
            "hypothetical": hypothetical_notice(self.methodology),
            "methodology": self.methodology.id,
            "sources": sources,
            "companies": [{"id": id, "facts": facts} for id, facts in sorted(entries.items()) if facts],
        }


def _plain_text(value: Any, cells: Cells, ending: str) -> Any:
    """Return a text that no test names, with the ending of one of several facts of a kind."""
    return value if value is None or value in cells.marks else f"hypothetical{ending}"


def _values(cells: Cells, bits: Bits, number: int, avoid: Collection[Any]) -> list[Value]:
    """Return values of a cell that has several, at least `number` if there are so many; none of a cell that has one.

    Args:
        cells: the cells of the field.
        bits: the bits of the cell.
        number: how many values are needed.
        avoid: values that come last.
    """
    if not isinstance(cells, FieldCells) or not bits & cells.all_values:
        return []
    most = number + len(avoid)
    if size_of(cells, bits.bit_length() - 2, 2) == 1:
        return []
    found: Iterable[Any] = (value for value in exact_values(cells, most) if cells.bits_of(value) == bits)
    if cells.field.type is FieldType.TEXT:
        found = (f"hypothetical {n}" for n in range(1, most + 1))
    return sorted(found, key=lambda value: value in avoid)

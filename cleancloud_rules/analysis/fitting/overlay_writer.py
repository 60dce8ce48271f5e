"""Writes the solution of a fit as an overlay of hypothetical facts, whose values pass exactly the chosen conditions."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import frozen

from cleancloud_rules.completions.fact_kinds import Vector, VectorSpaces
from cleancloud_rules.completions.fact_space import Space
from cleancloud_rules.completions.times import stated_period
from cleancloud_rules.language.load.overlays import SOLVER, hypothetical_notice
from cleancloud_rules.language.wording import value_as_stated
from cleancloud_rules.model.cells import Cells
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.methodology import Methodology, Window
from cleancloud_rules.model.partitions.families import Bits
from cleancloud_rules.model.values import FieldType

SOURCE_TITLE = "Chosen by a solver; no publication"
"""The title of the source that hypothetical facts cite."""


@frozen
class Writer:
    """Writes entries of overlays for one methodology.

    Args:
        spaces: the spaces that the vectors were made from.
        distinct: fact types and fields whose distinct values a rule counts.
    """

    spaces: VectorSpaces
    distinct: frozenset[tuple[str, str]] = frozenset()

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
        return self.spaces.get(vector.type, vector.not_found)

    def _cells(self, vector: Vector) -> Mapping[str, Cells]:
        return self._space(vector).cells

    def entries(self, vector: Vector, number: int) -> list[dict[str, Any]]:
        """Return `number` different entries of one kind of fact."""
        return [self._entry(vector, copy, number) for copy in range(1, number + 1)]

    def _entry(self, vector: Vector, copy: int, number: int) -> dict[str, Any]:
        fact_type = self.methodology.vocabulary.by_id[vector.type]
        point = dict(vector.point)
        values: dict[str, Any] = {}
        disclosed: list[str] = []
        for field in fact_type.fields:
            cells = self._cells(vector).get(field.id)
            if cells is not None:
                value = cells.example(point[field.id])
                value = _plain_text(value, cells, copy, number) if field.type is FieldType.TEXT else value
            else:
                value = _one_of_many(field, copy) if (vector.type, field.id) in self.distinct else None
            if value is not None:
                values[field.id] = value_as_stated(value, field)
            elif (cells is None and not field.optional) or (cells and point[field.id] == cells.disclosed_bit):
                disclosed.append(field.id)
        entry: dict[str, Any] = {vector.type: values}
        if disclosed:
            entry["disclosed"] = disclosed
        return {
            **entry,
            **self._beside(vector, point),
            "basis": "hypothetical",
            "source": self.source_id(vector),
        }

    def _beside(self, vector: Vector, point: dict[str, Bits]) -> dict[str, Any]:
        beside: dict[str, Any] = {}
        cells = self._cells(vector)
        if "entity" in cells:
            entity = cells["entity"].example(point["entity"])
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


def _plain_text(value: Any, cells: Cells, copy: int, number: int) -> Any:
    """Return a text that no test names, and a different one for each of several facts of a kind."""
    if value is None or value in cells.marks:
        return value
    return f"hypothetical {copy}" if number > 1 else "hypothetical"


def _one_of_many(field: Field, copy: int) -> Any:
    """Return one of the distinct values that a rule counts."""
    if field.type.lists_values:
        name = field.values[(copy - 1) % len(field.values)]
        return frozenset({name}) if field.type is FieldType.SET else name
    return f"hypothetical {copy}" if field.type is FieldType.TEXT else None

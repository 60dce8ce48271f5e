"""Facts and sources of generated companies before they are written."""

from datetime import date
from typing import Any

from attrs import define, frozen

from cleancloud_rules.generators.boundary_values import Held, Time
from cleancloud_rules.model.values import Interval


@frozen
class Source:
    """A source before it is written."""

    id: str
    type: str
    published: date | Interval | None
    accessed: date | None = None

    def is_late(self, cut_off: date | None) -> bool:
        """Whether it was certainly published after the cut-off."""
        first: Any = self.published.low if isinstance(self.published, Interval) else self.published
        return cut_off is not None and first is not None and bool(first > cut_off)


@define
class Draft:
    """A fact before it is written."""

    type: str
    held: dict[str, Held]
    time: Time
    basis: str
    entity: str | None
    source: Source | None
    locator: str | None = None

    def read(self, name: str) -> Held:
        """Return its value in a field, reserved ones included."""
        reserved = {
            "basis": self.basis,
            "entity": self.entity,
            "period": self.time.period.end if self.time.period else None,
            "evidence.source": self.source.id if self.source else None,
            "evidence.source_type": self.source.type if self.source else None,
            "evidence.published": self.source.published if self.source else None,
        }
        return Held(reserved[name]) if name in reserved else self.held[name]


def stated_source(source: Source) -> dict[str, Any]:
    """Return a source as a company file states it."""
    published: Any = "unknown" if source.published is None else source.published
    if isinstance(published, Interval):
        assert isinstance(published.low, date)
        published = published.low.year
    stated = {"type": source.type, "published": published}
    return stated if source.accessed is None else {**stated, "accessed": source.accessed}

"""The sources that a document cites, numbered in the order in which it cites them."""

from collections.abc import Iterable

from cleancloud_rules.reports.outline.blocks import Link, Ref, Text
from cleancloud_rules.reports.text.base import NOT_PUBLIC
from cleancloud_rules.results.records import SourceRecord
from cleancloud_rules.results.scorecards import Scorecard


class Sources:
    """Numbers the sources of a scorecard.

    Args:
        card: the scorecard.
        with_addresses: whether notes have the addresses and the notes of sources.
    """

    def __init__(self, card: Scorecard, *, with_addresses: bool = False) -> None:
        self.with_addresses = with_addresses
        self.cited: dict[str, int] = {}
        self._known = {source.id: source for source in card.sources}

    def refs(self, ids: Iterable[str | None]) -> tuple[Ref, ...]:
        """Return references to sources, each once, the lowest number first."""
        found = {id for id in ids if id in self._known}
        numbers = [self.cited.setdefault(id, len(self.cited) + 1) for id in self._known if id in found]
        return tuple(map(Ref, sorted(numbers)))

    @property
    def notes(self) -> tuple[tuple[int, Text], ...]:
        """The notes of the sources that were cited."""
        return tuple((number, self._note(self._known[id])) for id, number in self.cited.items())

    def _note(self, source: SourceRecord) -> Text:
        published = f", published {source.published}" if source.published else ", date unknown"
        accessed = f", accessed {source.accessed}" if source.accessed else ""
        cited = ""
        if source.footnotes:
            label = "footnote" if len(source.footnotes) == 1 else "footnotes"
            cited = f" ({label} {', '.join(map(str, source.footnotes))})"
        closed = f", {NOT_PUBLIC}" if source.public is False else ""
        head = f"{source.title or f'untitled ({source.id})'}, {source.publisher or 'publisher unknown'}"
        if not self.with_addresses:
            return (f"{head}{published}{cited}{closed}",)
        found: list[str | Link] = [f"{head}{published}{accessed}{cited}{closed}"]
        if source.url:
            found += [", ", Link(source.url)]
        if source.archived:
            found += [", archived ", Link(source.archived)]
        if source.note:
            found.append(f". {source.note}")
        return tuple(found)

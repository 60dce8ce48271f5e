"""Records: facts and results of earlier stages as JSON text, in the form in which the engine is sent them.

Most facts of a long questionnaire answer a question that few conditions ask about. `Routes` finds the shards of a fact,
and its record for each, by the cells of its fields: the conditions read nothing else of it.
"""

from collections.abc import Hashable, Iterable, Mapping
from functools import reduce
from operator import and_

from msgspec.json import encode as to_json

from cleancloud_rules.engine.encoding import encode
from cleancloud_rules.engine.ruleset import FactEncoding, Ruleset
from cleancloud_rules.model.cells import FieldCells
from cleancloud_rules.model.facts import Fact
from cleancloud_rules.model.partitions.boxes import Box, within
from cleancloud_rules.model.partitions.families import Bits

Record = str
"""A record as JSON text without its closing brace: small integers by name of property."""

Sent = tuple[tuple[int, Record], ...]
"""The shards to which a fact is sent in stage 1, by position, with its record for each."""

KEPT_RECORDS = 4096
"""For how many combinations of cells the records are kept, for each fact type."""


def record_of(properties: Mapping[str, int]) -> Record:
    """Return properties as a record."""
    return text_of(properties)[:-1]


def text_of(properties: Mapping[str, int]) -> str:
    """Return properties as the JSON text of a whole record."""
    return to_json(properties).decode()


def numbered(records: Iterable[Record]) -> list[str]:
    """Return records of one batch as whole JSON objects. Their ids count from 0, so no two are equal."""
    return [f'{record},"id":{number},"sid":0}}' for number, record in enumerate(records)]


class Routes:
    """Where facts are sent in stage 1, and as what.

    Args:
        ruleset: the compiled methodology.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self._by_type = {type_id: _OfType(type_id, ruleset) for type_id in ruleset.encodings}

    def of(self, fact: Fact) -> Sent:
        """Return the shards whose rules a fact can pass, with its record for each."""
        return self._by_type[fact.type].of(fact)


class _OfType:
    """The shards of one fact type.

    A fact is sent to a shard if each of its values has a cell that some rule of the shard allows. The shards that one
    field allows are an integer with a bit for each, and are kept for each run of cells; so a new combination of cells
    costs one `&` a field, however many shards there are.
    """

    def __init__(self, type_id: str, ruleset: Ruleset) -> None:
        self._encoding = ruleset.encodings[type_id]
        self._shards: list[tuple[int, FactEncoding, Box]] = [
            (position, shard.encodings[type_id], shard.allowed[type_id])
            for position, shard in enumerate(ruleset.matching)
            if type_id in shard.encodings
        ]
        self._allowing: dict[tuple[str, Bits], int] = {}
        self._sent: dict[tuple[Hashable, ...], Sent] = {}

    def of(self, fact: Fact) -> Sent:
        """Return the shards whose rules a fact can pass, with its record for each."""
        if not self._shards:
            return ()
        read = tuple(
            cells.bits_of(fact.get(name), name in fact.disclosed)
            if isinstance(cells, FieldCells)
            else (fact.get(name), name in fact.disclosed)
            for name, cells in self._encoding.cells.items()
        )
        sent = self._sent.get(read)
        if sent is None:
            if len(self._sent) >= KEPT_RECORDS:
                self._sent.clear()
            sent = self._sent[read] = self._new(fact, read)
        return sent

    def _new(self, fact: Fact, read: tuple[Hashable, ...]) -> Sent:
        fields = zip(self._encoding.cells.items(), read, strict=True)
        allowing = (self._allowed(name, bits) for (name, cells), bits in fields if isinstance(cells, FieldCells))
        chosen = reduce(and_, allowing, (1 << len(self._shards)) - 1)
        return tuple(
            (position, record_of(encode(fact, encoding)))
            for number, (position, encoding, _) in enumerate(self._shards)
            if chosen >> number & 1
        )

    def _allowed(self, name: str, bits: Bits) -> int:
        """Return the shards that allow some cells of a field, with one bit for each."""
        found = self._allowing.get((name, bits))
        if found is None:
            if len(self._allowing) >= KEPT_RECORDS:
                self._allowing.clear()
            allows = (name not in allowed or within(bits, allowed[name]) for _, _, allowed in self._shards)
            found = self._allowing[name, bits] = sum(1 << number for number, is_one in enumerate(allows) if is_one)
        return found

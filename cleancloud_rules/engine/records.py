"""Records: facts and results of earlier stages as JSON text, in the form in which the engine is sent them.

Most facts of a long questionnaire answer a question that few conditions ask about. `Routes` finds the shards of a fact,
and its record for each, by the cells of its fields: the conditions read nothing else of it.
"""

from collections.abc import Iterable, Mapping

from msgspec.json import encode as to_json

from cleancloud_rules.engine.by_cells import Boxes, ByCells
from cleancloud_rules.engine.encoding import encode
from cleancloud_rules.engine.ruleset import Ruleset
from cleancloud_rules.model.facts import Fact

Record = str
"""A record as JSON text without its closing brace: small integers by name of property."""

Sent = tuple[tuple[int, Record], ...]
"""The shards to which a fact is sent in stage 1, by position, with its record for each."""


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
    """The shards of one fact type: a fact is sent to a shard if each value has a cell that some rule of it allows."""

    def __init__(self, type_id: str, ruleset: Ruleset) -> None:
        shards = [(position, shard) for position, shard in enumerate(ruleset.matching) if type_id in shard.encodings]
        self._sent_as = [(position, shard.encodings[type_id]) for position, shard in shards]
        encoding = ruleset.encodings[type_id]
        self._allowed = Boxes([shard.allowed[type_id] for _, shard in shards], encoding.cells)
        self._routes = ByCells(encoding.cells, self._new)

    def of(self, fact: Fact) -> Sent:
        """Return the shards whose rules a fact can pass, with its record for each."""
        return self._routes.of(fact)

    def _new(self, fact: Fact) -> Sent:
        chosen = (self._sent_as[number] for number in self._allowed.holding(fact))
        return tuple((position, record_of(encode(fact, encoding))) for position, encoding in chosen)

"""Records: facts and results of earlier stages as JSON text, in the form in which the engine is sent them.

Most facts of a long questionnaire answer a question that few conditions ask about. `Routes` finds the shards of a fact,
and its record for each, by the cells of its fields: the conditions read nothing else of it.
"""

from collections.abc import Mapping

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


class Routes:
    """Where facts are sent in stage 1, and as what.

    Args:
        ruleset: the compiled methodology.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self._by_type = {type_id: _routes_of(type_id, ruleset).of for type_id in ruleset.encodings}

    def of(self, fact: Fact) -> Sent:
        """Return the shards whose rules a fact can pass, with its record for each."""
        return self._by_type[fact.type](fact)


def _routes_of(type_id: str, ruleset: Ruleset) -> ByCells[Sent]:
    """Return where the facts of one type are sent.

    A fact is sent to a shard if each of its values has a cell that some rule of the shard allows, unless it has none of
    the properties that the rules read: then it passes no rule.
    """
    encoding = ruleset.encodings[type_id]
    shards = [(position, shard) for position, shard in enumerate(ruleset.matching) if type_id in shard.reads]
    reads = [(position, shard.reads[type_id]) for position, shard in shards]
    allowed = Boxes([shard.allowed[type_id] for _, shard in shards], encoding.cells)

    def sent(fact: Fact) -> Sent:
        whole = encode(fact, encoding)
        chosen = [reads[number] for number in allowed.holding(fact)]
        parts = ((position, {n: v for n, v in whole.items() if n in names}) for position, names in chosen)
        return tuple((position, record_of(part)) for position, part in parts if part)

    return ByCells(encoding.cells, sent)

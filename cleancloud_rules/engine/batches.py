"""Batches of records as text for the engine, and what its answers to a batch say.

An anchor begins every batch and a sentinel ends it. A firing must name records as they were sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import field, frozen
from msgspec.json import decode

from cleancloud_rules.engine.records import Record, record_of, text_of
from cleancloud_rules.engine.ruleset import ANCHOR, NAME, SENTINEL, Shard
from cleancloud_rules.errors import EngineError

_ANCHOR_RECORD, _SENTINEL_RECORD = record_of({ANCHOR: 1}), record_of({SENTINEL: 1})
_ONE_RECORD, _END = '":{"a0":', "}}"
"""What stands after the name of a rule in a message of the engine, before its first record, and after its last."""
_ANCHORED, _ENDED = f"{NAME}{ANCHOR}{_ONE_RECORD}", f"{NAME}{SENTINEL}{_ONE_RECORD}"
"""How the messages begin that the guards fired."""

Fired = tuple[Any, tuple[Any, ...]]
"""One firing: the meaning of the rule, and for each of its patterns what the record that matched it is about.

Anchor and sentinel are about nothing: None.
"""


def numbered(records: Iterable[Record]) -> list[str]:
    """Return records of one batch as whole JSON objects. Their ids count from 0, so no two are equal."""
    return [f'{record},"id":{number},"sid":0}}' for number, record in enumerate(records)]


@frozen
class Batch:
    """Records that are sent to a shard together.

    Args:
        shard: the shard.
        records: the records.
        about: what each of them is about.
    """

    shard: Shard
    records: Sequence[Record]
    about: Sequence[Any]

    _texts: list[str] = field(init=False, repr=False)

    @_texts.default
    def _numbered(self) -> list[str]:
        # Without the anchor the engine would crash on an empty batch, and on deleting a state in which no rule fired.
        # If it cannot read a record it drops the rest of the batch without an error; then the sentinel does not fire.
        return numbered((_ANCHOR_RECORD, *self.records, _SENTINEL_RECORD))

    @property
    def text(self) -> str:
        """The records as JSON text."""
        return f"[{','.join(self._texts)}]"

    def fired(self, messages: Mapping[str, None]) -> list[Fired]:
        """Return the firings that messages of the engine tell of, without those of the guards.

        Args:
            messages: the messages, each once.

        Raises:
            EngineError: if a guard did not fire, a firing comes twice, or a rule or a record is not the engine's to
                name.
        """
        sent = {f"{text}{_END}": (thing,) for text, thing in zip(self._texts, (None, *self.about, None), strict=True)}
        missing = {
            f"{_ANCHORED}{self._texts[0]}{_END}": ANCHOR,
            f"{_ENDED}{self._texts[-1]}{_END}": SENTINEL,
        }
        meaning_of, things_of = self.shard.told.get, sent.get
        found: list[Fired] = []
        others = []
        for message in messages:
            # Most messages name one record, and the engine repeats its text to the byte. So a look-up of the text both
            # checks and finds the record, and nothing has to be decoded.
            name, _, record = message.partition(_ONE_RECORD)
            meaning, things = meaning_of(name), things_of(record)
            if meaning is not None and things is not None:
                found.append((meaning, things))
            elif missing.pop(message, None) is None:
                others.append(message)
        if others:
            found.extend(self._decoded(others, messages, sent, missing))
        for guard in missing.values():
            raise EngineError(f"the engine lost records of shard {self.shard.name}: its {guard} did not fire")
        return found

    def _decoded(
        self, others: list[str], messages: Mapping[str, None], sent: Mapping[str, tuple[Any]], missing: dict[str, str]
    ) -> Iterable[Fired]:
        """Yield the firings of messages that name several records, or that are spelt in another way.

        Args:
            others: these messages.
            messages: all messages.
            sent: what each record is about, by the end of a message that names this record alone.
            missing: the messages of the guards that were not told yet; those that are told are removed.
        """
        known = set()
        for message in others:
            name, texts, spelt = _read(message)
            if spelt in known or (spelt != message and spelt in messages):
                raise twice(self.shard)
            known.add(spelt)
            for text in texts:
                if f"{text}{_END}" not in sent:
                    told = f"the engine fired {name} of shard {self.shard.name} on a record that was not sent: {text}"
                    raise EngineError(told)
            if missing.pop(spelt, None) is None:
                if name not in self.shard.meaning:
                    told = f"the engine fired a rule that shard {self.shard.name} does not have: {name} on {texts}"
                    raise EngineError(told)
                yield self.shard.meaning[name], tuple(thing for text in texts for thing in sent[f"{text}{_END}"])


def twice(shard: Shard) -> EngineError:
    """Return the error that a rule fired twice on the same records."""
    return EngineError(f"the engine fired a rule of shard {shard.name} twice on the same records")


def _read(message: str) -> tuple[str, list[str], str]:
    """Return the rule and the texts of the records that a message names, and the message as the engine spells it."""
    ((name, records),) = decode(message).items()
    texts = [text_of(records[f"a{position}"]) for position in range(len(records))]
    return name, texts, _message(name, *texts)


def _message(name: str, *records: str) -> str:
    """Return the message of the engine that a rule fired on records."""
    named = ",".join(f'"a{position}":{record}' for position, record in enumerate(records))
    return f'{NAME}{name}":{{{named}{_END}'

"""Facts of plain data, by a short way that knows correct entries only.

A program states most facts in one of few forms. Their values repeat from fact to fact and from company to company, so
the parser reads each different value once. What the short way does not know it leaves to the long way, which reads the
data as nodes with places and says what is wrong. So the two give equal facts, or the short way gives none.
"""

import weakref
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from attrs import evolve

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected
from cleancloud_rules.diagnostics.diagnostic import SourceFile
from cleancloud_rules.documents.file_reader import MAX_BYTES
from cleancloud_rules.documents.limits import MAX_NODES
from cleancloud_rules.documents.nodes import MappingNode, Node
from cleancloud_rules.documents.plain_data import node_of
from cleancloud_rules.language.converter import salvage
from cleancloud_rules.language.file_types import FactEntry
from cleancloud_rules.language.load.companies import valid_value
from cleancloud_rules.language.load.vocabulary import BESIDE_FACT
from cleancloud_rules.model.facts import Bibliography, Fact, FactType, Field
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.texts import composed
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import Value
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.on_demand import on_demand

MAX_CHARACTERS = 200
"""The maximum length of a text that goes the short way."""

KEPT_VALUES = 4096
"""For how many different values of a field, and of the keys beside facts, what the parser read is kept."""

_SINGLE = frozenset((str, int, float, bool, Decimal, date))
_BESIDE = frozenset(BESIDE_FACT)


class _Unknown(Exception):  # noqa: N818 - no error: the long way reads it
    """The short way does not know something."""


def facts_of_data(data: Mapping[str, Any], methodology: Methodology, shared: Bibliography) -> list[Fact] | None:
    """Return all facts under ``facts``; None if one of them has to go the long way.

    Args:
        data: the content of a company file.
        methodology: whose vocabulary it uses.
        shared: the bibliography beside the methodology's own.
    """
    entries = data.get("facts")
    if type(entries) is not list or not entries or "sources" in data or not _are_few(entries, methodology.vocabulary):
        return None
    bibliography = {**{source.id: source for source in methodology.bibliography}, **shared}
    reader = _reader_of(methodology.vocabulary)
    try:
        return [reader.fact(entry, number, bibliography) for number, entry in enumerate(entries)]
    except (_Unknown, Rejected):
        return None


def _are_few(entries: list[Any], vocabulary: Vocabulary) -> bool:
    """Return whether facts are certainly within the limits of a file, which the long way checks."""
    widest = max((len(fact_type.fields) for fact_type in vocabulary.fact_types), default=0) + len(BESIDE_FACT) + 1
    values = 2 * widest * len(entries)  # each with its key
    return values <= MAX_NODES and values * MAX_CHARACTERS <= MAX_BYTES


_readers: dict[int, "_Reader"] = {}


def _reader_of(vocabulary: Vocabulary) -> "_Reader":
    """Return the reader of a vocabulary. It is made once, and freed when the vocabulary is."""
    # By identity: to hash a vocabulary takes longer than to read many facts. No lock, because of forks; if two threads
    # come first at the same time, the first entry stays.
    key = id(vocabulary)
    found = _readers.get(key)
    if found is None:
        made = _Reader(vocabulary)
        found = _readers.setdefault(key, made)
        if found is made:
            weakref.finalize(vocabulary, _readers.pop, key, None).atexit = False
    return found


class _Origin:
    """Where a fact was stated, from which its node is made when something needs its place.

    Args:
        entry: the entry, which nobody else can change.
        number: its position in the list.
    """

    def __init__(self, entry: dict[str, Any], number: int) -> None:
        self._entry = entry
        self._number = number

    def node(self) -> Node:
        """Return the node of the fact."""
        return node_of(self._entry, f"facts[{self._number}]", SourceFile("<data>"))


class _Reader:
    """Reads facts of one vocabulary.

    Args:
        vocabulary: the fact types.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._types = vocabulary.by_id
        self._values: dict[str, dict[str, Callable[[Any, Any], Value]]] = {
            id: {field.id: _parser(field, vocabulary.units) for field in fact_type.fields}
            for id, fact_type in self._types.items()
        }
        self._beside = lru_cache(KEPT_VALUES)(_beside)

    def fact(self, entry: Any, number: int, bibliography: Bibliography) -> Fact:
        """Return the fact of an entry.

        Raises:
            _Unknown: if it has to go the long way.
            Rejected: if something is wrong with it.
        """
        if type(entry) is not dict:
            raise _Unknown
        stating = [key for key in entry if key not in _BESIDE]
        if len(stating) != 1 or stating[0] not in self._types:
            raise _Unknown
        fact_type = self._types[stating[0]]
        rest = tuple((key, *_spelt(value)) for key, value in entry.items() if key in _BESIDE)
        beside = self._beside(rest)
        source = None
        if beside.source is not None:
            source = bibliography.get(beside.source)
            if source is None:
                raise _Unknown
        stated = entry[stating[0]]
        values = self._read(fact_type, stated)
        kept = {**entry, stating[0]: {name: _copied(value) for name, value in stated.items()}}
        return on_demand(
            Fact, _Origin(kept, number), id="", type=fact_type.id, values=fact_type.model(**values), disclosed=(),
            period=beside.period, as_of=beside.as_of, basis=beside.basis, source=source, locator=beside.locator,
            entity=beside.entity, note=beside.note, derived_by=None, derived_from=(), joined=(),
        )  # fmt: skip

    def _read(self, fact_type: FactType, stated: Any) -> dict[str, Value]:
        if type(stated) is not dict:
            raise _Unknown
        parsers = self._values[fact_type.id]
        values: dict[str, Value] = {}
        for field in fact_type.fields:
            if field.id in stated:
                values[field.id] = parsers[field.id](*_spelt(stated[field.id], may_be_list=True))
            elif not field.optional:
                raise _Unknown
        if len(values) < len(stated):
            raise _Unknown
        return values


def _parser(field: Field, units: Units) -> Callable[[Any, Any], Value]:
    """Return the parser of the values of a field, which keeps what it read."""

    @lru_cache(KEPT_VALUES)
    def parse(_: Any, value: Any) -> Value:
        return valid_value(_node(list(value) if isinstance(value, tuple) else value), field, units)

    return parse


def _beside(entries: tuple[tuple[str, Any, Any], ...]) -> FactEntry:
    """Return what stands beside a fact."""
    node, gather = _node({key: value for key, _, value in entries}), DiagnosticCollector()
    assert isinstance(node, MappingNode)
    found, _ = salvage(node, FactEntry, gather)
    gather.raise_if_any()
    return found if found.entity is None else evolve(found, entity=composed(found.entity))


def _node(data: Any) -> Node:
    """Return data as a node, whose place is never told."""
    try:
        return node_of(data, "", SourceFile("<data>"))
    except Rejected:
        raise _Unknown from None


def _spelt(value: Any, *, may_be_list: bool = False) -> tuple[Any, Any]:
    """Return what tells a value from equal ones that the parser reads otherwise, and the value: a list as a tuple.

    ``True`` equals 1, and a decimal with a thousand zeros equals one without.

    Raises:
        _Unknown: if it has to go the long way.
    """
    kind = type(value)
    if kind is str and len(value) <= MAX_CHARACTERS:
        return kind, value
    if kind is Decimal:
        return value.as_tuple(), value
    if kind is list and may_be_list and all(type(item) is str for item in value):
        if sum(map(len, value)) <= MAX_CHARACTERS:
            return kind, tuple(value)
    elif kind is not str and kind in _SINGLE:
        return kind, value
    raise _Unknown


def _copied(value: Any) -> Any:
    return list(value) if type(value) is list else value

"""Facts of plain data, by a short way that knows correct entries only.

A program states most facts in one of few forms. Their values repeat from fact to fact and from company to company, so
the parser reads each different value once, and equal facts share their content. What the short way does not know it
leaves to the long way, which reads the data as nodes with places and says what is wrong. So the two give equal facts,
or the short way gives none.
"""

import weakref
from collections.abc import Mapping
from typing import Any

from attrs import evolve

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected
from cleancloud_rules.diagnostics.diagnostic import SourceFile
from cleancloud_rules.documents.file_reader import MAX_BYTES
from cleancloud_rules.documents.limits import MAX_NODES
from cleancloud_rules.documents.nodes import Document, MappingNode, Node
from cleancloud_rules.documents.plain_data import is_within_limits, node_of
from cleancloud_rules.language.answers import answered_facts, asked_fields
from cleancloud_rules.language.converter import salvage
from cleancloud_rules.language.file_types import FactEntry
from cleancloud_rules.language.load.companies import Ready
from cleancloud_rules.language.load.plain_values import (
    MAX_CHARACTERS,
    Unknown,
    ValueParser,
    copied,
    kept,
    node_without_place,
    spelling_of,
)
from cleancloud_rules.language.load.stated_facts import bibliography_of
from cleancloud_rules.language.load.vocabulary import BESIDE_FACT
from cleancloud_rules.model.digest import Content, Stated, content_of, form_of
from cleancloud_rules.model.facts import Bibliography, Fact, FactType, FactValues, Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.texts import composed
from cleancloud_rules.model.values import FieldType, Value
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.on_demand import making

STATING = ("facts", "answers")
"""The keys of a company file that state facts."""

_BESIDE = frozenset(BESIDE_FACT)


def facts_of_data(data: Mapping[str, Any], methodology: Methodology, shared: Bibliography) -> Ready | None:
    """Return all facts under ``facts`` and ``answers``; None if one of them has to go the long way.

    Args:
        data: the content of a company file.
        methodology: whose vocabulary it uses.
        shared: the bibliography beside the methodology's own.
    """
    entries, answers = (data.get(key, []) for key in STATING)
    blocks = answers if type(answers) is list else [answers]
    if type(entries) is not list:
        return None
    try:
        reader = _reader_of(methodology.vocabulary)
        are_few = reader.is_within_limits(len(entries) + sum(1 + len(_answers_in(block)) for block in blocks))
        own = _own_sources(data["sources"], methodology, shared) if "sources" in data else {}
        bibliography = {**{source.id: source for source in methodology.bibliography}, **shared, **own}
        found = [reader.fact(entry, number, bibliography) for number, entry in enumerate(entries)]
        for number, block in enumerate(blocks):
            found.extend(reader.answers(block, f"answers[{number}]" if blocks is answers else "answers", bibliography))
    except (Unknown, Rejected):
        return None
    return Ready(found, own) if found and (are_few or is_within_limits([entries, blocks])) else None


def _answers_in(block: Any) -> dict[Any, Any]:
    """Return the answers of a block by question."""
    answers = block.get("values") if type(block) is dict else None
    if type(answers) is not dict:
        raise Unknown
    return answers


def _own_sources(data: Any, methodology: Methodology, shared: Bibliography) -> dict[str, Source]:
    """Return the sources that a company lists itself."""
    root, gather = node_without_place({"sources": data}), DiagnosticCollector()
    assert isinstance(root, MappingNode)
    own, _ = bibliography_of(Document(root, root.location), methodology, gather)
    if gather.failed or not own.keys().isdisjoint(shared):
        raise Unknown
    return own


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

    __slots__ = ("_entry", "_number")

    def __init__(self, entry: dict[str, Any], number: int) -> None:
        self._entry = entry
        self._number = number

    def node(self) -> Node:
        """Return the node of the fact."""
        return node_of(self._entry, f"facts[{self._number}]", SourceFile("<data>"))


class _Block:
    """Where answers were stated.

    Args:
        block: the block, which nobody else can change.
        path: its path of keys.
        vocabulary: the fact types.
    """

    def __init__(self, block: dict[str, Any], path: str, vocabulary: Vocabulary) -> None:
        self._block = block
        self._path = path
        self._vocabulary = vocabulary
        self._nodes: tuple[Node, ...] = ()

    def node(self, number: int) -> Node:
        """Return the node of the fact that an answer states, by the position of the answer."""
        if not self._nodes:  # the nodes of all answers are made at once
            read = node_of(self._block, self._path, SourceFile("<data>"))
            self._nodes = answered_facts(read, self._vocabulary)
        return self._nodes[number]


class _Answer:
    """Where an answer was stated.

    Args:
        block: where all answers of its block were.
        number: its position in the block.
    """

    __slots__ = ("_block", "_number")

    def __init__(self, block: _Block, number: int) -> None:
        self._block = block
        self._number = number

    def node(self) -> Node:
        """Return the node of the fact."""
        return self._block.node(self._number)


class _Head:
    """Facts of one type that say the same beside their values.

    Args:
        fact_type: the type.
        beside: what stands beside their values.
        source: the source that they cite.
    """

    def __init__(self, fact_type: FactType, beside: FactEntry, source: Source | None) -> None:
        self.fact_type = fact_type
        self.source = source
        self.disclosed = frozenset(beside.disclosed)
        same: dict[str, Any] = {
            "type": fact_type.id, "disclosed": tuple(sorted(beside.disclosed)), "period": beside.period,
            "as_of": beside.as_of, "basis": beside.basis, "source": source, "locator": beside.locator,
            "entity": beside.entity, "note": beside.note, "derived_by": None, "derived_from": (),
            "joined": (),
        }  # fmt: skip
        self._before, self._after = form_of(Fact("", values=None, **same))  # type: ignore[arg-type]
        self._make = making(Fact, "id", "values", *same)
        self._same = tuple(same.values())

    def content(self, values: list[str]) -> Content:
        """Return the content of the fact with these values, each with its key as canonical JSON."""
        return content_of(self.fact_type.id, self._before, f"{self._after}{{{','.join(values)}}}")

    def fact(self, values: FactValues, content: Content, origin: _Origin | _Answer) -> Fact:
        """Return the fact with these values."""
        made: Fact = self._make((origin, content.id, values, *self._same))
        return made


class _Reader:
    """Reads facts of one vocabulary.

    Args:
        vocabulary: the fact types.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = weakref.ref(vocabulary)
        self._types = vocabulary.by_id
        self._widest = max(map(_most_nodes, vocabulary.fact_types), default=0)
        self._parsers = {
            id: {field.id: ValueParser(field, vocabulary.units) for field in fact_type.fields}
            for id, fact_type in self._types.items()
        }
        # By the keys of an entry: the one that names the fact type, and the others.
        self._shapes: dict[tuple[Any, ...], tuple[str, tuple[str, ...]]] = {}
        # By the fact type, the other keys, and the spellings of their values in the same order.
        self._heads: dict[tuple[Any, ...], _Head] = {}
        # By what is the same, the names of the fields, and the spellings of their values in the same order.
        self._contents: dict[tuple[Any, ...], tuple[FactValues, Content]] = {}

    def is_within_limits(self, number: int) -> bool:
        """Return whether so many facts are certainly within the limits that the long way checks."""
        nodes = self._widest * number
        return nodes <= MAX_NODES and nodes * MAX_CHARACTERS <= MAX_BYTES

    def fact(self, entry: Any, number: int, bibliography: Bibliography) -> Stated:
        """Return the fact of an entry.

        Raises:
            Unknown: if it has to go the long way.
            Rejected: if something is wrong with it.
        """
        if type(entry) is not dict:
            raise Unknown
        keys = tuple(entry)
        shape = self._shapes.get(keys)
        if shape is None:
            shape = kept(self._shapes, keys, self._shape(keys))
        name, beside = shape
        stated = entry[name]
        if type(stated) is not dict:
            raise Unknown
        head = self._head(name, {key: entry[key] for key in beside}, bibliography)
        values, content = self._read(head, stated)
        return head.fact(values, content, _Origin(copied(entry), number)), content

    def _shape(self, keys: tuple[Any, ...]) -> tuple[str, tuple[str, ...]]:
        """Return which key of an entry names the fact type, and the others."""
        stating = [key for key in keys if key not in _BESIDE]
        if len(stating) != 1 or stating[0] not in self._types:
            raise Unknown
        return stating[0], tuple([key for key in keys if key != stating[0]])

    def answers(self, block: dict[str, Any], path: str, bibliography: Bibliography) -> list[Stated]:
        """Return the facts that a block of answers states.

        Raises:
            Unknown: if one has to go the long way.
            Rejected: if something is wrong with one.
        """
        type_id, vocabulary = block.get("fact"), self._vocabulary()
        if type(type_id) is not str or type_id not in self._types or vocabulary is None:
            raise Unknown
        fields = asked_fields(self._types[type_id])
        if fields is None:
            raise Unknown
        question, answer = (field.id for field in fields)
        shared = {key: value for key, value in block.items() if key not in ("fact", "values")}
        same = self._head(type_id, shared, bibliography)
        found = []
        for asked, said in block["values"].items():
            if type(asked) is not str:
                raise Unknown
            if type(said) is dict:
                own = {key: value for key, value in said.items() if key != "is"}
                head = self._head(type_id, {**shared, **own}, bibliography) if own else same
                found.append((head, *self._read(head, {question: asked, answer: said.get("is")})))
            else:
                found.append((same, *self._read(same, {question: asked, answer: said})))
        places = _Block(copied(block), path, vocabulary)
        made = enumerate(found)
        return [(head.fact(values, content, _Answer(places, n)), content) for n, (head, values, content) in made]

    def _head(self, type_id: str, beside: dict[Any, Any], bibliography: Bibliography) -> _Head:
        """Return what facts share that say this beside their values."""
        if not _BESIDE.issuperset(beside):
            raise Unknown
        spelt = [
            value
            if type(value) is str and len(value) <= MAX_CHARACTERS
            else spelling_of(value, is_whole=name != "disclosed")
            for name, value in beside.items()
        ]
        key = (type_id, *beside, *spelt)
        found = self._heads.get(key)
        # What is kept is looked up by the name that is cited, which may mean another source in another bibliography.
        if found is not None and (found.source is None or bibliography.get(beside["source"]) is found.source):
            return found
        fact_type, entry, source = self._types[type_id], _beside(beside), None
        if entry.source is not None:
            source = bibliography.get(entry.source)
            if source is None:
                raise Unknown
        if not all(fact_type.get(name) for name in entry.disclosed):
            raise Unknown
        return kept(self._heads, key, _Head(fact_type, entry, source))

    def _read(self, head: _Head, stated: dict[Any, Any]) -> tuple[FactValues, Content]:
        """Return the values of a fact, and its content."""
        spelt = [
            value if type(value) is str and len(value) <= MAX_CHARACTERS else spelling_of(value, is_whole=False)
            for value in stated.values()
        ]
        key = (head, *stated, *spelt)
        found = self._contents.get(key)
        if found is not None:
            return found
        parsers, spellings = self._parsers[head.fact_type.id], dict(zip(stated, spelt, strict=True))
        values: dict[str, Value] = {}
        texts: dict[str, str] = {}
        for field in head.fact_type.fields:
            if field.id in stated and field.id not in head.disclosed:
                values[field.id], texts[field.id] = parsers[field.id].parse(stated[field.id], spellings[field.id])
            elif not field.optional and field.id not in head.disclosed:
                raise Unknown
        if len(values) < len(stated):
            raise Unknown
        content = head.content([f'"{name}":{texts[name]}' for name in sorted(texts)])
        return kept(self._contents, key, (head.fact_type.model(**values), content))


def _most_nodes(fact_type: FactType) -> int:
    """Return the maximum number of nodes of a fact: each key, and each value with its parts."""
    # A bound with most parts has a key, a mapping, the key `between` and a list of two.
    values = sum(max(6, 2 + len(field.values) if field.type is FieldType.SET else 0) for field in fact_type.fields)
    return 2 + 2 * (len(BESIDE_FACT) + 1) + len(fact_type.fields) + values


def _beside(entries: dict[str, Any]) -> FactEntry:
    """Return what stands beside a fact."""
    node, gather = node_without_place(entries), DiagnosticCollector()
    assert isinstance(node, MappingNode)
    found, _ = salvage(node, FactEntry, gather)
    gather.raise_if_any()
    return found if found.entity is None else evolve(found, entity=composed(found.entity))

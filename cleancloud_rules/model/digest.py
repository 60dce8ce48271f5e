"""The canonical form of objects, and SHA-256 digests of it. Equal content gives equal bytes everywhere."""

import hashlib
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache, lru_cache
from json.encoder import encode_basestring
from types import MappingProxyType, NoneType
from typing import Any

import attrs

from cleancloud_rules.model.conditions import FieldTest
from cleancloud_rules.model.facts import Company, Fact, FactValues, NotFound, Source
from cleancloud_rules.model.values import Interval
from cleancloud_rules.on_demand import changed

_LEFT_OUT = frozenset(
    {"node", "sha256", "replaces", "changes", "cut_off", "published_row", "contradictions", "responses",
     "_written", "joined"}
)  # fmt: skip
"""Attributes that are no content: the node of an object, its digest, its ids in another edition and what an edition
changed, the cut-off under which a company is scored, what was published of it, what it answers to its score, the
spelling of an interval, and the order in which facts were joined."""

_NONE = object()
"""Stands for no value. An attribute with the metadata ``{"later": True}`` joined its class later. It is left out where
it has its default, so that a methodology without it keeps its digest."""

_DIGITS = 8
"""The number of digits in most ids."""

_WORDS = {None: "null", True: "true", False: "false"}
_KINDS = {"Source": "Evidence", "Company": "CompanyFacts", "Group": "Category", "Operand": "Reading"}
"""The former names of renamed classes. Digests keep them, so that a new name changes no digest."""


def canonical(thing: Any) -> str:
    """Return JSON that depends only on the content of an object, not on its place in a file.

    Keys are sorted, there are no spaces, and characters are not escaped without need.
    """
    return _Writer().text(thing)


@attrs.frozen(eq=False)
class Content:
    """What a fact states: its canonical form but for its id, which follows from it.

    Args:
        type: the fact type.
        before: what stands before the id.
        after: what stands after the id.
        sha256: the digest of the form with an empty id.
        id: the id of a fact with this content, unless another content begins with the same digits.
        text: the form with this id.
    """

    type: str
    before: str
    after: str
    sha256: str
    id: str
    text: str

    def with_id(self, id: str) -> str:
        """Return the form with an id."""
        return self.text if id == self.id else _with(self.before, id, self.after)

    def id_of(self, digits: int) -> str:
        """Return an id that has so many digits of the digest."""
        return f"{self.type}-{self.sha256[:digits]}"


def content_of(type: str, before: str, after: str) -> Content:
    """Return what a fact of a type states, given what stands before and after its id."""
    digest = _hashed(_with(before, "", after))
    id = f"{type}-{digest[:_DIGITS]}"
    return Content(type, before, after, digest, id, _with(before, id, after))


def _with(before: str, id: str, after: str) -> str:
    return f'{{{before}"id":{encode_basestring(id)}{after}}}'


def form_of(fact: Fact) -> tuple[str, str]:
    """Return what stands before and after the id of all facts that differ from a fact in their values alone.

    The second ends where the values begin.
    """
    return _around(_Writer().members(fact, {"id": "", "values": ""}))


def _around(members: list[str]) -> tuple[str, str]:
    """Return the members of a fact that stand before its id, and those that stand after it."""
    place = members.index('"id":')
    return "".join([f"{member}," for member in members[:place]]), "".join([f",{m}" for m in members[place + 1 :]])


Stated = tuple[Fact, Content]
"""A fact with its content."""


class _Writer:
    """Writes canonical forms. The sources that many facts cite, and the tests of many conditions, are written once."""

    def __init__(self) -> None:
        self._once: dict[int, tuple[Any, str]] = {}

    def text(self, thing: Any) -> str:
        """Return the canonical form of an object."""
        return _form_of(thing.__class__)(self, thing)

    def members(self, thing: Any, instead: Mapping[str, str] = MappingProxyType({})) -> list[str]:
        """Return the members of the JSON object of an attrs object, in order.

        Args:
            thing: the object.
            instead: values as JSON in place of those of some attributes.
        """
        found = []
        for name, key, default in _members(thing.__class__):
            if name in instead:
                found.append(key + instead[name])
            elif name == "is":
                found.append(key)
            else:
                value = getattr(thing, name)
                if default is _NONE or value != default:
                    found.append(key + _form_of(value.__class__)(self, value))
        return found

    def record(self, thing: Any) -> str:
        """Return the JSON object of an attrs object."""
        return f"{{{','.join(self.members(thing))}}}"

    def array(self, items: Collection[Any]) -> str:
        """Return the items of a list as JSON."""
        return f"[{','.join([self.text(item) for item in items])}]"

    def once(self, thing: Any) -> str:
        """Return the JSON object of an attrs object, which is written once."""
        # The object is kept with its text, so that no other one takes its identity meanwhile.
        kept = self._once.get(id(thing))
        if kept is None:
            kept = self._once[id(thing)] = (thing, self.record(thing))
        return kept[1]

    def content(self, fact: Fact) -> Content:
        """Return what a fact states."""
        before, after = _around(self.members(fact, {"id": ""}))
        return content_of(fact.type, before, after)


@lru_cache(maxsize=1024)  # each fact type has a class of its own
def _form_of(cls: type[Any]) -> Callable[[_Writer, Any], str]:
    """Return how objects of a class are written: by the first of these classes that it belongs to."""
    return next(form for known, form in _FORMS if issubclass(cls, known))


def _ordered(items: frozenset[Any]) -> list[Any]:
    """Return the values of a set in order."""
    return sorted(i.value if isinstance(i, Enum) else i for i in items)


def _object(members: Iterable[tuple[str, str]]) -> str:
    return f"{{{','.join(f'{encode_basestring(name)}:{text}' for name, text in sorted(members))}}}"


@cache
def _members(cls: type[attrs.AttrsInstance]) -> tuple[tuple[str, str, Any], ...]:
    """Return the attributes that count, sorted: the name, the key as JSON, and the value that is left out.

    That is `_NONE` if every value counts. Among them is ``is``, which stands for the class and has its value already.
    """
    counted = [
        (a.name, f'"{a.name}":', a.default if a.metadata.get("later") else _NONE)
        for a in attrs.fields(cls)
        if a.name not in _LEFT_OUT
    ]
    kind = f'"is":"{_KINDS.get(cls.__name__, cls.__name__)}"'
    return tuple(sorted([("is", kind, _NONE), *counted], key=lambda member: member[0]))


def kind_of(cls: type[attrs.AttrsInstance]) -> str:
    """Return what a class is called in canonical forms, under the key ``is``."""
    return _KINDS.get(cls.__name__, cls.__name__)


def defaults_of(cls: type[attrs.AttrsInstance]) -> dict[str, str]:
    """Return the canonical forms of the defaults of attributes, by name; not of those that are left out anyway."""
    return {
        own.name: canonical(own.default)
        for own in attrs.fields(cls)
        if own.name not in _LEFT_OUT
        and not own.metadata.get("later")
        and own.default is not attrs.NOTHING
        and not isinstance(own.default, attrs.Factory)  # type: ignore[arg-type]
    }


_FORMS: tuple[tuple[Any, Callable[[_Writer, Any], str]], ...] = (
    (str, lambda _, thing: encode_basestring(thing)),
    ((NoneType, bool), lambda _, thing: _WORDS[thing]),
    (int, lambda _, thing: int.__repr__(thing)),
    (Decimal, lambda _, thing: f'"{thing:f}"'),
    ((Fraction, date), lambda _, thing: f'"{thing}"'),
    (Enum, lambda writer, thing: writer.text(thing.value)),
    (frozenset, lambda writer, thing: writer.array(_ordered(thing))),
    ((tuple, list), _Writer.array),
    ((Source, FieldTest), _Writer.once),
    (FactValues, lambda writer, thing: _object((name, writer.text(value)) for name, value in thing.items())),
    (Mapping, lambda writer, thing: _object((str(key), writer.text(value)) for key, value in thing.items())),
    (object, _Writer.record),
)
"""How objects are written, by their class."""


def sha256(thing: Any) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal."""
    return _hashed(canonical(thing))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def identified(fact: Fact, digits: int = 8) -> Fact:
    """Return the fact with an id that consists of its type and a digest of its content."""
    return _with_id(fact, _Writer().content(fact).id_of(digits))


def distinct(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return facts with ids, sorted by id, each content once. Ids are lengthened if two would be equal."""
    writer = _Writer()
    return tuple(fact for fact, _ in _distinct((fact, writer.content(fact)) for fact in facts))


def with_distinct(company: Company, facts: Iterable[Fact], ready: Iterable[Stated] = ()) -> Company:
    """Return a company with facts in place of its own, with ids and each content once, and with its digest.

    Args:
        company: the company.
        facts: the facts.
        ready: further facts, whose contents are known.
    """
    writer = _Writer()
    found = _distinct([*ready, *((fact, writer.content(fact)) for fact in facts)])
    members = writer.members(company, {"facts": f"[{','.join([text for _, text in found])}]"})
    return attrs.evolve(company, facts=tuple([fact for fact, _ in found]), sha256=_hashed(f"{{{','.join(members)}}}"))


def _distinct(facts: Iterable[Stated]) -> list[tuple[Fact, str]]:
    """Return facts as in `distinct`, each with its canonical form."""
    contents: dict[str, Stated] = {}
    for stated in facts:
        fact, content = stated
        other = contents.setdefault(content.sha256, stated)
        if other is not stated:
            # Which spelling of equal facts is kept does not depend on their order.
            contents[content.sha256] = (min(other[0], fact, key=_spelling), content)
    ids = [content.id for _, content in contents.values()]
    for digits in (16, 32, 64):
        if len(set(ids)) == len(ids):
            break
        ids = [content.id_of(digits) for _, content in contents.values()]
    made = []
    for (fact, content), id in zip(contents.values(), ids, strict=True):
        made.append((_with_id(fact, id), content.with_id(id)))
    return sorted(made, key=lambda pair: pair[0].id)


def _with_id(fact: Fact, id: str) -> Fact:
    return fact if fact.id == id else changed(fact, id=id)


def _spelling(fact: Fact) -> str:
    bounds = [(name, value.written) for name, value in fact.values.items() if isinstance(value, Interval)]
    return f"{bounds}"


Identity = tuple[Hashable, ...]
"""What something stated is about. Two facts with one identity state the same thing differently."""


def identity_of(stated: Fact | NotFound) -> Identity:
    """Return what a fact is about: its type, key fields, entity and time. A search is about its conditions."""
    if isinstance(stated, NotFound):
        return (str(stated),)
    keys = tuple(str(stated.get(own.id)) for own in stated.values.fact_type.fields if own.key)
    return (stated.type, keys, stated.entity, str(stated.period), str(stated.as_of))

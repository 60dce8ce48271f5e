"""Generates JSON Schemas of input files from the attrs classes that read them.

The classes give keys, required keys, types and words. Where a class keeps a node that a later step reads, its
annotation says what that step makes of it: `Annotated[Node, tuple[CategoryEntry, ...]]`. What no type can say is
written by hand, as `Described`: hover texts, and constraints such as a minimum.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Self, Union, get_args, get_origin

import attrs
from attrs import field, frozen

from cleancloud_rules.language.file_classes import READ_BY, keys_of
from cleancloud_rules.model.values import Id, Name
from cleancloud_rules.schemas.parts import ID, NAME, Schema, either, mapping, ref

_NAMES: Mapping[Any, str] = {Id: ID, Name: NAME, str: ".+"}
"""The patterns of the keys of a mapping, by their type."""


@frozen
class Key:
    """What is written by hand about a key.

    Args:
        says: its hover text; empty for that of the class of its value.
        each: what no type says about each item or value inside its value.
        form: the form of a value that is read by a parser, and not by a class.
        without: keys that the class of its items has, and that have no meaning here.
        more: what no type says about its value, such as its minimum.
    """

    says: str
    each: Schema = field(factory=dict)
    form: Schema | None = None
    without: tuple[str, ...] = ()
    more: Schema = field(factory=dict)


def key(
    says: str = "",
    *,
    each: Schema | None = None,
    form: Schema | None = None,
    without: tuple[str, ...] = (),
    **more: Any,
) -> Key:
    """Return what is written by hand about a key; see `Key`."""
    return Key(says, each or {}, form, without, more)


@frozen
class Described:
    """What is written by hand about a class.

    Args:
        cls: the class.
        says: the hover text of its mappings.
        keys: all its keys in the order of the reference, each with its hover text or more.
        name: its name among the definitions of a schema; empty if it stands where it is used.
        short: a short form that is read in place of a mapping, and what the two are; None if there is none.
        rest: what is under keys of other names; None if there may be none.
        also: what no type says about its mappings, such as which keys exclude each other.
    """

    cls: type
    says: str
    keys: Mapping[str, str | Key]
    name: str = ""
    short: tuple[str, Schema] | None = None
    rest: Schema | None = None
    also: Schema = field(factory=dict)


class Generator:
    """Makes schemas of classes.

    Args:
        described: what is written by hand about each class.
        kinds: the schemas of values that are not read by a class, by type.
    """

    def __init__(self, described: Iterable[Described], kinds: Mapping[Any, Schema]) -> None:
        self._described = {each.cls: each for each in described}
        self._kinds = kinds

    def definitions(self) -> dict[str, Schema]:
        """Return the schemas of the classes that have a name, by name."""
        named = (each for each in self._described.values() if each.name)
        return {each.name: self._class(each) for each in named}

    def object(self, cls: type, forms: Mapping[str, Schema] | None = None) -> Schema:
        """Return the schema of the mappings that a class reads.

        Args:
            cls: the class.
            forms: the forms of values that are known better than by their types, by key.

        Raises:
            ValueError: if not exactly the keys of the class are described.
        """
        described, keys, forms = self._described[cls], keys_of(cls), forms or {}
        if differing := described.keys.keys() ^ keys.keys():
            raise ValueError(f"keys of {cls.__name__} without a text, or texts without a key: {sorted(differing)}")
        properties = {
            name: self._property(Key(own) if isinstance(own, str) else own, keys[name].type, cls, forms.get(name))
            for name, own in described.keys.items()
        }
        made = mapping(described.says, properties, (name for name in properties if is_needed(keys[name])))
        if described.rest is not None:
            others = f"^(?!({'|'.join(sorted(properties))})$){ID[1:]}"
            made["patternProperties"] = {others: described.rest, **made["patternProperties"]}
        return {**made, **described.also}

    def _property(self, key: Key, hint: Any, within: type, form: Schema | None) -> Schema:
        made = form or key.form or self._form(hint, within)
        for name in key.without:
            del made["items"]["properties"][name]
        says = key.says if form is None else form.get("description", key.says)
        return described_as(says, {**_inside(made, key.each), **key.more})

    def _class(self, described: Described) -> Schema:
        made = self.object(described.cls)
        return made if described.short is None else either(*described.short, made)

    def _form(self, hint: Any, within: type) -> Schema:
        """Return the schema of the values of a type, in a class that may name itself."""
        if hint in self._kinds:
            return dict(self._kinds[hint])
        cls = within if hint is Self else READ_BY.get(hint, hint)
        if isinstance(cls, type) and attrs.has(cls):
            described = self._described[cls]
            return ref(described.name) if described.name else self._class(described)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return {"enum": [member.value for member in hint]}
        origin, parts = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self._form(parts[1], within)
        if origin is tuple:
            return {"type": "array", "items": self._form(parts[0], within)}
        if origin is dict:
            values = {_NAMES[parts[0]]: self._form(parts[1], within)}
            return {"type": "object", "patternProperties": values, "additionalProperties": False}
        if origin not in (Union, UnionType):
            raise ValueError(f"{within.__name__}: no schema for {hint}")
        if NoneType in parts:
            return self._form(Union[tuple(part for part in parts if part is not NoneType)], within)  # noqa: UP007
        return {"anyOf": [self._form(part, within) for part in parts]}


def is_needed(attribute: "attrs.Attribute[Any]") -> bool:
    """Return whether a mapping must have the key of an attribute."""
    return attribute.default is attrs.NOTHING


def described_as(says: str, form: Schema) -> Schema:
    """Return a schema with a hover text, after its type."""
    if not says:
        return form
    head: Schema = {key: form[key] for key in ("$ref", "type") if key in form}
    return {**head, "description": says, **{key: value for key, value in form.items() if key != "description"}}


def _inside(form: Schema, each: Schema) -> Schema:
    """Return the schema of a list or a mapping with more about each item or value inside."""
    if not each:
        return form
    if "items" in form:
        return {**form, "items": described_as(each.get("description", ""), {**form["items"], **each})}
    values = {
        name: described_as(each.get("description", ""), {**own, **each})
        for name, own in form["patternProperties"].items()
    }
    return {**form, "patternProperties": values}

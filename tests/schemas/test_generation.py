"""Tests of the generator of schemas: what a class says, what is written by hand, and that the two fit."""

from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Self

import pytest
from attrs import field, frozen

from cleancloud_rules.documents.nodes import MappingNode, Node
from cleancloud_rules.model.values import Id
from cleancloud_rules.schemas.generation import Described, Generator, Key, key

KINDS: dict[Any, Any] = {str: {"type": "string"}, Decimal: {"type": "number"}, Id: {"$ref": "#/$defs/id"}}
OWN_KEYS: dict[str, Any] = {"^x-.": {}}


class Colour(Enum):
    RED = "red"
    GREEN = "green"


@frozen
class Leaf:
    colour: Colour
    node: MappingNode | None = field(default=None, kw_only=True)


@frozen
class Tree:
    id: Id
    given: str | None = field(default=None, metadata={"key": "if"})
    leaves: Annotated[Node, tuple[Leaf, ...]] | None = None
    inside: Annotated[Node, tuple[Self, ...]] | None = None
    sizes: dict[Id, Annotated[Node, Decimal | Leaf]] = field(factory=dict)
    made: int = field(default=0, metadata={"made": True})
    node: MappingNode | None = field(default=None, kw_only=True)


LEAF = Described(Leaf, "A leaf.", {"colour": "Its colour."})
KEYS: dict[str, str | Key] = {
    "if": "When.",
    "id": "Its id.",
    "leaves": "Leaves.",
    "inside": "Trees.",
    "sizes": "Sizes.",
}


def made(keys: dict[str, str | Key] = KEYS, leaf: Described = LEAF, **more: Any) -> dict[str, Any]:
    return Generator([leaf, Described(Tree, "A tree.", keys, name="tree", **more)], KINDS).object(Tree)


LEAF_SCHEMA = {
    "type": "object",
    "description": "A leaf.",
    "properties": {"colour": {"description": "Its colour.", "enum": ["red", "green"]}},
    "required": ["colour"],
    "additionalProperties": False,
    "patternProperties": OWN_KEYS,
}


def test_the_class_gives_keys_required_keys_types_and_words_and_the_texts_their_order() -> None:
    assert made() == {
        "type": "object",
        "description": "A tree.",
        "properties": {
            "if": {"type": "string", "description": "When."},
            "id": {"$ref": "#/$defs/id", "description": "Its id."},
            "leaves": {"type": "array", "description": "Leaves.", "items": LEAF_SCHEMA},
            "inside": {"type": "array", "description": "Trees.", "items": {"$ref": "#/$defs/tree"}},
            "sizes": {
                "type": "object",
                "description": "Sizes.",
                "patternProperties": {"^[a-z][a-z0-9_]*$": {"anyOf": [{"type": "number"}, LEAF_SCHEMA]}},
                "additionalProperties": False,
            },
        },
        "required": ["id"],
        "additionalProperties": False,
        "patternProperties": OWN_KEYS,
    }
    assert list(made()["properties"]) == list(KEYS)


def test_what_no_type_says_is_added_to_a_key_to_what_is_inside_and_to_the_whole() -> None:
    more = {
        "if": key(pattern="^a", maxLength=3),
        "leaves": key("Leaves.", each={"description": "One.", "minProperties": 1}, minItems=1, without=("colour",)),
        "sizes": key("Sizes.", each={"minimum": 0}),
    }
    tree = made({**KEYS, **more}, also={"minProperties": 2}, rest={"type": "boolean"})
    properties = tree["properties"]
    assert properties["if"] == {"type": "string", "pattern": "^a", "maxLength": 3}
    assert (properties["leaves"]["minItems"], properties["leaves"]["items"]["minProperties"]) == (1, 1)
    assert properties["leaves"]["items"]["description"] == "One."
    assert properties["leaves"]["items"]["properties"] == {}
    assert properties["sizes"]["patternProperties"]["^[a-z][a-z0-9_]*$"]["minimum"] == 0
    assert tree["minProperties"] == 2
    assert tree["patternProperties"] == {
        "^(?!(id|if|inside|leaves|sizes)$)[a-z][a-z0-9_]*$": {"type": "boolean"},
        **OWN_KEYS,
    }


def test_a_class_with_a_name_is_a_definition_and_can_have_a_short_form() -> None:
    leaf = Described(Leaf, "A leaf.", {"colour": "Its colour."}, "leaf", ("A leaf or its name.", {"type": "string"}))
    assert made(leaf=leaf)["properties"]["leaves"]["items"] == {"$ref": "#/$defs/leaf"}
    assert Generator([leaf], KINDS).definitions() == {
        "leaf": {"description": "A leaf or its name.", "anyOf": [{"type": "string"}, LEAF_SCHEMA]}
    }


def test_a_form_that_is_known_better_takes_the_place_of_that_of_the_type_and_keeps_the_text() -> None:
    tree = Generator([LEAF, Described(Tree, "A tree.", KEYS, name="tree")], KINDS)
    forms: dict[str, Any] = {"if": {"enum": ["a"]}, "id": {"enum": ["b"], "description": "One of these."}}
    properties = tree.object(Tree, forms)["properties"]
    assert properties["if"] == {"enum": ["a"], "description": "When."}
    assert properties["id"] == {"enum": ["b"], "description": "One of these."}


@pytest.mark.parametrize(
    "keys", [{**KEYS, "colour": "Of no tree."}, {name: says for name, says in KEYS.items() if name != "if"}]
)
def test_a_key_without_a_text_and_a_text_without_a_key_are_refused(keys: dict[str, str | Key]) -> None:
    with pytest.raises(ValueError, match=r"keys of Tree without a text, or texts without a key: \['(colour|if)'\]"):
        made(keys)


def test_a_type_that_nothing_describes_is_refused() -> None:
    with pytest.raises(ValueError, match="Tree: no schema for <class 'str'>"):
        Generator([LEAF, Described(Tree, "A tree.", KEYS)], {Id: {}}).object(Tree)

"""The pieces of JSON Schemas that say how groups combine their parts."""

from collections.abc import Mapping

from cleancloud_rules.model.groups import Aggregation, BandsOf, CountsAs, RequirementWord, Taken
from cleancloud_rules.schemas.parts import Schema, choice, either, listing, mapping, named, ref, text

COUNTS_AS = [member.value for member in CountsAs]
NUMBER: Schema = {"type": "number"}
WORD: Schema = {"type": "string", "minLength": 1}
REPLACES = listing("The ids that it had in the edition before.", ref("id"), 1)


def combining(*, whole: bool) -> dict[str, Schema]:
    """Return the keys that say how a group, or the whole, combines its parts."""
    return {
        "aggregate": choice("What is made of the values of the parts.", (a.value for a in Aggregation)),
        "of": choice("What is taken of each part: its value, or value / most.", (t.value for t in Taken)),
        "base": {**NUMBER, "description": "What a sum begins with, for penalties to be taken from."},
        "scale": {**NUMBER, "description": "The value where all parts are at their most.", "exclusiveMinimum": 0},
        "at_least": {**NUMBER, "description": "The floor of the value."},
        "at_most": {**NUMBER, "description": "The cap of the value."},
        "caps": listing("Caps that depend on other criteria or groups.", _cap()),
        "tiers": different("The parts in order; after the first incomplete one the rest earn nothing.", ref("id")),
        "bands": listing("Names for ranges of scores, the best first.", _band(whole=whole)),
        "bands_of": choice("Which number bands read.", (b.value for b in BandsOf)),
        "levels": listing("The ladder, the lowest first.", ref("level")),
        "top_level": ref("level", "The mark for meeting every criterion."),
        "needs": choice("There is no result unless all criteria with this word are met.", _words()),
    }


def different(describe: str, items: Schema, at_least: int = 0) -> Schema:
    """Return the schema of a list in which nothing occurs twice."""
    return {**listing(describe, items, at_least), "uniqueItems": True}


def _words() -> list[str]:
    return [word.value for word in RequirementWord]


def _cap() -> Schema:
    cap = mapping(
        "A cap that holds if, or unless, something is met.",
        {
            "if": ref("requirement", "It holds if this is met."),
            "unless": ref("requirement", "It holds unless this is met."),
            "at_most": {**NUMBER, "description": "The cap."},
        },
        ["at_most"],
    )
    return {**cap, "oneOf": [{"required": ["if"]}, {"required": ["unless"]}]}


def _band(*, whole: bool) -> Schema:
    ranges: Schema = {"type": ["number", "string"]}
    band = {
        "label": text("Its name."),
        "score": either(
            'The test that the score passes, such as `"[60..80)"`.',
            ranges,
            {"type": "array", "items": ranges, "minItems": 1},
        ),
    }
    value = {"value": {**NUMBER, "description": "The number that stands for it in the group above."}}
    return mapping("A range of scores.", band if whole else {**band, **value}, ["label", "score"])


GROUP_PARTS: Mapping[str, Schema] = {
    "requirement": either(
        "What a criterion or a group must have come to.",
        ref("id"),
        mapping(
            "The points of a criterion, or the score of a group, that are enough.",
            {
                "of": ref("id", "The criterion or the group."),
                "at_least": {**NUMBER, "description": "The points or the score; left out: it must be met."},
            },
            ["of"],
        ),
    ),
    "requirements": listing("All of these must be met.", ref("requirement")),
    "not_applicable": {
        **mapping(
            "When it does not apply to a company: by its cohort, or by its facts.",
            {
                "cohorts": listing("The cohorts that it does not apply to.", ref("id"), 1),
                "when": ref("when", "What makes it not apply."),
                "counts_as": choice("What is done with it then.", COUNTS_AS),
            },
        ),
        "anyOf": [{"required": ["cohorts"]}, {"required": ["when"]}],
    },
    "level": mapping(
        "A step of a ladder.",
        {
            "id": ref("id", "The name that criteria give under `level`."),
            "title": text("What a reader sees."),
            "requires": ref("requirements", "What must be met beside the criteria of the level."),
            "at_least": {"type": "number", "description": "The score that the group must have."},
            "value": {"type": "number", "description": "The number that stands for it in the group above."},
        },
        ["id", "title"],
    ),
    "answers": mapping(
        "How questions are answered, and what the answers earn.",
        {
            "fact": ref("id", "The fact type that holds answers."),
            "question": ref("id", "Its field that names the question."),
            "answer": ref("id", "Its field that holds the answer."),
            "points": {**named("What each answer earns.", NUMBER, ".+"), "minProperties": 1},
            "because": text("The sentence for a company that answered; {type.field} stands for a value."),
            "otherwise": text("The sentence for one whose answers earn nothing."),
            "not_applicable": different("The answers that say that the question does not apply.", WORD),
        },
        ["fact", "question", "answer", "points", "because", "otherwise"],
    ),
}
"""Definitions that the schemas of methodologies and criteria share."""

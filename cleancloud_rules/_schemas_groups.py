"""The pieces of JSON Schemas that say how groups combine their parts."""

from collections.abc import Mapping

from cleancloud_rules._schema_parts import Schema, amount, choice, either, listing, mapping, named, ref, text
from cleancloud_rules.groups import Aggregation, BandsOf, CountsAs, RequirementWord, Taken

COUNTS_AS = [member.value for member in CountsAs]
NUMBER: Schema = {"type": "number"}
WORD: Schema = {"type": "string", "minLength": 1}
REPLACES = listing("The ids that it had in the edition before.", ref("id"), 1)


def combining() -> dict[str, Schema]:
    """Return the keys that say how a group, or the whole, combines its parts."""
    return {
        "aggregate": choice("What is made of the values of the parts.", (a.value for a in Aggregation)),
        "of": choice("What is taken of each part: its value, or value / most.", (t.value for t in Taken)),
        "scale": {**NUMBER, "description": "The value where all parts are at their most.", "exclusiveMinimum": 0},
        "at_least": {"type": "number", "description": "The floor of the value."},
        "at_most": {"type": "number", "description": "The cap of the value."},
        "caps": listing("Caps that depend on other criteria or groups.", _cap()),
        "tiers": listing("The parts in order; after the first incomplete one the rest earn nothing.", ref("id")),
        "bands": listing("Names for ranges of scores, the best first.", _band()),
        "bands_of": choice("Which number bands read.", (b.value for b in BandsOf)),
        "levels": listing("The ladder, the lowest first.", ref("level")),
        "top_level": ref("level", "The mark for meeting every criterion."),
        "needs": choice("There is no result unless all criteria with this word are met.", _words()),
    }


def _words() -> list[str]:
    return [word.value for word in RequirementWord]


def _cap() -> Schema:
    return mapping(
        "A cap that holds if, or unless, something is met.",
        {
            "if": ref("requirement", "It holds if this is met."),
            "unless": ref("requirement", "It holds unless this is met."),
            "at_most": {"type": "number", "description": "The cap."},
        },
        ["at_most"],
    )


def _band() -> Schema:
    return mapping(
        "A range of scores.",
        {
            "label": text("Its name."),
            "score": ref("test", 'The test that the score passes, such as `"[60..80)"`.'),
            "value": {"type": "number", "description": "The number that stands for it in the group above."},
        },
        ["label", "score"],
    )


GROUP_PARTS: Mapping[str, Schema] = {
    "requirement": either(
        "What a criterion or a group must have come to.",
        ref("id"),
        mapping(
            "The points of a criterion, or the score of a group, that are enough.",
            {
                "of": ref("id", "The criterion or the group."),
                "at_least": amount("The points or the score; left out: it must be met."),
            },
            ["of"],
        ),
    ),
    "requirements": listing("All of these must be met.", ref("requirement")),
    "not_applicable": mapping(
        "When it does not apply to a company.",
        {
            "cohorts": listing("The cohorts that it does not apply to.", ref("id")),
            "when": ref("when", "What makes it not apply."),
            "counts_as": choice("What is done with it then.", COUNTS_AS),
        },
    ),
    "level": mapping(
        "A step of a ladder.",
        {
            "id": ref("id", "The name that criteria give under `level`."),
            "title": text("What a reader sees."),
            "requires": ref("requirements", "What must be met beside the criteria of the level."),
            "at_least": {"type": "number", "description": "The score that the group must have."},
        },
        ["id", "title"],
    ),
    "answers": mapping(
        "How questions are answered, and what the answers earn.",
        {
            "fact": ref("id", "The fact type that holds answers."),
            "question": ref("id", "Its field that names the question."),
            "answer": ref("id", "Its field that holds the answer."),
            "points": named("What each answer earns.", NUMBER, ".+"),
            "because": text("The sentence for a company that answered; {type.field} stands for a value."),
            "otherwise": text("The sentence for one whose answers earn nothing."),
            "not_applicable": listing("The answers that say that the question does not apply.", WORD),
        },
        ["fact", "question", "answer", "points", "because", "otherwise"],
    ),
}
"""Definitions that the schemas of methodologies and criteria share."""

"""Building blocks of JSON Schemas about groups: aggregation, requirements, bands and levels."""

from collections.abc import Mapping

from cleancloud_rules.model.groups import Aggregation, BandsOf, CountsAs, Empty, NotAssessed, RequirementWord, Taken
from cleancloud_rules.schemas.parts import Schema, choice, either, flag, listing, mapping, named, ref, text

NOT_ASSESSED = choice(
    "Whether what applies and is not assessed is left out or counts as 0. Default: what the group around it says.",
    (member.value for member in NotAssessed),
)
COUNTS_AS = [member.value for member in CountsAs]
NUMBER: Schema = {"type": "number"}
WORD: Schema = {"type": "string", "minLength": 1}
REPLACES = listing("The ids that it had in the previous edition.", ref("id"), 1)


def combining(*, is_root: bool) -> dict[str, Schema]:
    """Return the keys about the aggregation of a group or of the total."""
    return {
        "aggregate": choice("The aggregate of the values of the parts.", (a.value for a in Aggregation)),
        "of": choice(
            "What is aggregated: the value of each part, or its share (value / maximum).", (t.value for t in Taken)
        ),
        "base": {**NUMBER, "description": "The number from which a sum starts, for penalties to be subtracted from."},
        "scale": {
            **NUMBER,
            "description": "The scale: the value if all parts have their maximum.",
            "exclusiveMinimum": 0,
        },
        "at_least": {**NUMBER, "description": "The minimum of the value: a lower value is raised to it."},
        "at_most": {**NUMBER, "description": "The cap: the maximum of the value."},
        "caps": listing("Caps that depend on other criteria or groups.", _cap()),
        "tiers": different("The tiers in order. After the first incomplete tier the others earn nothing.", ref("id")),
        "bands": listing("Labels for ranges of scores, the best first.", _band(is_root=is_root)),
        "bands_of": choice(
            "The number that bands and levels read: the score, or the value without rounding.",
            (b.value for b in BandsOf),
        ),
        "levels": listing("The levels, the lowest first.", ref("level")),
        "top_level": ref("level", "The level of a company that reaches all levels and meets every criterion."),
        "needs": choice("The result is withheld unless all criteria with this word are met.", _words()),
        "coverage": listing("How many parts must be assessed for there to be a result.", _coverage(), 1),
        "empty": choice("How it counts if nothing in it applies. Default: it is left out.", (e.value for e in Empty)),
        "monotone": flag(
            "Monotonicity: whether better evidence must never lower the result. Default: true. `false` declares an "
            "exception, also for the groups around it, and `rationale` gives the reason."
        ),
        "rationale": text("Why better evidence may lower the result."),
    }


def different(describe: str, items: Schema, at_least: int = 0) -> Schema:
    """Return the schema of a list without repetitions."""
    return {**listing(describe, items, at_least), "uniqueItems": True}


def _words() -> list[str]:
    return [word.value for word in RequirementWord]


def _coverage() -> Schema:
    return mapping(
        "A number or a percentage of parts that must be assessed.",
        {
            "at_least": either(
                'The minimum: a number of parts, or a percentage of those that apply, such as `"60%"`.',
                {"type": "integer", "minimum": 1},
                {"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,12})? ?%$"},
            ),
            "of": either(
                "Which parts are counted. `criteria` stands for all criteria inside. Default: the parts of the group.",
                {"const": "criteria"},
                different("The parts.", ref("id"), 1),
            ),
        },
        ["at_least"],
    )


def _cap() -> Schema:
    cap = mapping(
        "A cap that applies only if a requirement is met, or unless it is.",
        {
            "if": ref("requirement", "The cap applies if this is met."),
            "unless": ref("requirement", "The cap applies unless this is met."),
            "at_most": {**NUMBER, "description": "The maximum of the value."},
        },
        ["at_most"],
    )
    return {**cap, "oneOf": [{"required": ["if"]}, {"required": ["unless"]}]}


def _band(*, is_root: bool) -> Schema:
    ranges: Schema = {"type": ["number", "string"]}
    band = {
        "label": text("The label."),
        "score": either(
            'The unary test on the score, such as `"[60..80)"`.',
            ranges,
            {"type": "array", "items": ranges, "minItems": 1},
        ),
    }
    value = {"value": {**NUMBER, "description": "The number with which it counts in the group above."}}
    return mapping(
        "A band: a range of scores with a label.", band if is_root else {**band, **value}, ["label", "score"]
    )


GROUP_PARTS: Mapping[str, Schema] = {
    "requirement": either(
        "A requirement: a criterion or a group that must be met, or must have a minimum of points or score.",
        ref("id"),
        mapping(
            "A criterion or a group with a minimum of points or score.",
            {
                "of": ref("id", "The criterion or the group."),
                "at_least": {**NUMBER, "description": "The minimum of points or score. Default: it must be met."},
            },
            ["of"],
        ),
    ),
    "requirements": listing("Requirements that must all be met.", ref("requirement")),
    "not_applicable": {
        **mapping(
            "When it is not applicable to a company: because of its cohort or because of its facts.",
            {
                "cohorts": listing("The cohorts to which it does not apply.", ref("id"), 1),
                "when": ref("when", "The condition under which it does not apply."),
                "counts_as": choice("How it counts if it does not apply.", COUNTS_AS),
            },
        ),
        "anyOf": [{"required": ["cohorts"]}, {"required": ["when"]}],
    },
    "level": mapping(
        "A level: a step of a ladder.",
        {
            "id": ref("id", "The id that criteria name under `level`."),
            "title": text("The title for readers."),
            "requires": ref("requirements", "Requirements in addition to the criteria of the level."),
            "at_least": {"type": "number", "description": "The minimum of the group's score."},
            "value": {"type": "number", "description": "The number with which it counts in the group above."},
        },
        ["id", "title"],
    ),
    "answers": mapping(
        "How questions are answered, and the points of the answers.",
        {
            "fact": ref("id", "The fact type of answers."),
            "question": ref("id", "The field of that type that names the question."),
            "answer": ref("id", "The field of that type with the answer."),
            "points": {**named("The points of each answer.", NUMBER, ".+"), "minProperties": 1},
            "because": text("The sentence for a company that answered; {type.field} stands for a value."),
            "otherwise": text("The sentence for a company whose answers earn nothing."),
            "not_applicable": different("The answers that mean that the question does not apply.", WORD),
            "not_assessed": different("The answers that mean that nobody knows.", WORD),
        },
        ["fact", "question", "answer", "points", "because", "otherwise"],
    ),
}
"""Definitions that the schemas of methodologies and criteria share."""

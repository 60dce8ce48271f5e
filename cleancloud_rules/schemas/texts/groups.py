"""What is written by hand about groups and about how they combine their parts."""

from cleancloud_rules.language.coverage import CoverageEntry
from cleancloud_rules.language.file_types import CategoryEntry
from cleancloud_rules.model.groups import Band, Cap, Level, NotApplicable, Requirement, ScoreRounding
from cleancloud_rules.schemas.generation import Described, Key, key
from cleancloud_rules.schemas.parts import Schema, either, ref

NOT_ASSESSED = (
    "Whether what applies and is not assessed is left out or counts as 0. Default: what the group around it says."
)

COMBINING: dict[str, str | Key] = {
    "aggregate": "The aggregate of the values of the parts.",
    "of": "What is aggregated: the value of each part, or its share (value / maximum).",
    "base": "The number from which a sum starts, for penalties to be subtracted from.",
    "scale": key("The scale: the value if all parts have their maximum.", exclusiveMinimum=0),
    "at_least": "The minimum of the value: a lower value is raised to it.",
    "at_most": "The cap: the maximum of the value.",
    "caps": "Caps that depend on other criteria or groups.",
    "tiers": key("The tiers in order. After the first incomplete tier the others earn nothing.", uniqueItems=True),
    "bands": "Labels for ranges of scores, the best first.",
    "bands_of": "The number that bands and levels read: the score, or the value without rounding.",
    "levels": "The levels, the lowest first.",
    "top_level": "The level of a company that reaches all levels and meets every criterion.",
    "needs": "The result is withheld unless all criteria with this word are met.",
    "coverage": key("How many parts must be assessed for there to be a result.", minItems=1),
    "empty": "How it counts if nothing in it applies. Default: it is left out.",
    "monotone": "Monotonicity: whether better evidence must never lower the result. Default: true. `false` declares an "
    "exception, also for the groups around it, and `rationale` gives the reason.",
    "rationale": "Why better evidence may lower the result.",
}
"""The keys about how a group or the root combines its parts."""

MARKED: Schema = {"anyOf": [{"required": [key]} for key in ("bands", "levels", "top_level")]}
"""What a group has if it says which number bands and levels read."""

_SCORES: Schema = {"type": ["number", "string"]}

GROUPS = (
    Described(
        CategoryEntry,
        "A group of criteria, of groups, or of both.",
        {
            "id": "The id that criteria files name under `category`.",
            "title": "The title for readers.",
            "weight": key(
                "Inside a sum, its maximum (the weights of the categories sum to 100). Inside a weighted sum or mean, "
                "how much it counts.",
                minimum=0,
            ),
            "groups": "The groups inside it, in the order in which they are shown.",
            **COMBINING,
            "parts": "Whether the scores of its groups are rounded before aggregation.",
            "rounding": "",
            "requires": "The gate: unless all of these are met, its criteria earn nothing.",
            "not_applicable": "",
            "not_assessed": NOT_ASSESSED,
            "replaces": key("The ids that it had in the previous edition.", minItems=1),
        },
        name="category",
        also={"dependentRequired": {"parts": ["groups"]}, "dependentSchemas": {"bands_of": MARKED}},
    ),
    Described(
        ScoreRounding,
        "How its score is rounded. A key that is left out is that of the methodology.",
        {
            "digits": key("Decimal places. Default: those of the methodology.", minimum=0, maximum=12),
            "mode": "The rounding mode. Default: that of the methodology.",
        },
    ),
    Described(
        Cap,
        "A cap that applies only if a requirement is met, or unless it is.",
        {
            "if": "The cap applies if this is met.",
            "unless": "The cap applies unless this is met.",
            "at_most": "The maximum of the value.",
        },
        also={"oneOf": [{"required": ["if"]}, {"required": ["unless"]}]},
    ),
    Described(
        Band,
        "A band: a range of scores with a label.",
        {
            "label": "The label.",
            "score": key(
                'The unary test on the score, such as `"[60..80)"`.',
                form={"anyOf": [_SCORES, {"type": "array", "items": _SCORES, "minItems": 1}]},
            ),
            "value": "The number with which it counts in the group above.",
        },
    ),
    Described(
        Level,
        "A level: a step of a ladder.",
        {
            "id": "The id that criteria name under `level`.",
            "title": "The title for readers.",
            "requires": "Requirements in addition to the criteria of the level.",
            "at_least": "The minimum of the group's score.",
            "value": "The number with which it counts in the group above.",
        },
        name="level",
    ),
    Described(
        CoverageEntry,
        "A number or a percentage of parts that must be assessed.",
        {
            "at_least": key(
                form=either(
                    'The minimum: a number of parts, or a percentage of those that apply, such as `"60%"`.',
                    {"type": "integer", "minimum": 1},
                    {"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,12})? ?%$"},
                )
            ),
            "of": key(
                form=either(
                    "Which parts are counted. `criteria` stands for all criteria inside. Default: the parts of the "
                    "group.",
                    {"const": "criteria"},
                    {"type": "array", "items": ref("id"), "minItems": 1, "uniqueItems": True},
                )
            ),
        },
    ),
    Described(
        Requirement,
        "A criterion or a group with a minimum of points or score.",
        {
            "of": "The criterion or the group.",
            "at_least": "The minimum of points or score. Default: it must be met.",
        },
        name="requirement",
        short=(
            "A requirement: a criterion or a group that must be met, or must have a minimum of points or score.",
            ref("id"),
        ),
    ),
    Described(
        NotApplicable,
        "When it is not applicable to a company: because of its cohort or because of its facts.",
        {
            "cohorts": "The cohorts to which it does not apply.",
            "when": "The condition under which it does not apply.",
            "counts_as": "How it counts if it does not apply.",
        },
        name="not_applicable",
        also={"anyOf": [{"required": ["cohorts"], "properties": {"cohorts": {"minItems": 1}}}, {"required": ["when"]}]},
    ),
)

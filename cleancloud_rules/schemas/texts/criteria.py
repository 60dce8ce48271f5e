"""What is written by hand about files of criteria."""

from cleancloud_rules.language.file_types import CriteriaFile, ProportionEntry
from cleancloud_rules.model.methodology import MAX_SHORT, Criterion, Reference, Rule
from cleancloud_rules.model.texts import Remedy
from cleancloud_rules.schemas.generation import Described, Key, key
from cleancloud_rules.schemas.parts import ID, Schema, either, ref, text
from cleancloud_rules.schemas.texts.groups import NOT_ASSESSED

_BEYOND: dict[str, str | Key] = {
    "basis": "Whose it is: the publisher's, in its own words, or this project's. `rationale` then gives the reason.",
    "rationale": "The reason why it goes beyond the publisher's words.",
}

OF_QUESTION: dict[str, Schema] = {
    "ask": text("The question. It is also the title."),
    "section": text("The place of the question in the source that the defaults of the file name."),
    "answers": {
        "type": "object",
        "description": "The points of each answer, if they differ from those of the file.",
        "patternProperties": {".+": {"type": "number"}},
        "additionalProperties": False,
        "minProperties": 1,
    },
}
"""The keys that a question has and a full criterion has not; it becomes a criterion before a class reads it."""

CRITERIA = (
    Described(
        CriteriaFile,
        "Criteria of one category.",
        {
            "category": "The category, or the group inside one, to which the criteria belong.",
            "defaults": key(form=ref("defaults")),
            "answers": "How the questions of the file are answered.",
            "criteria": key(
                "The criteria.",
                form={
                    "type": "array",
                    "items": either("A full criterion or a question.", ref("question"), ref("criterion")),
                    "minItems": 1,
                },
            ),
        },
        also={
            "if": {"not": {"required": ["defaults"]}},
            "then": {"properties": {"criteria": {"items": ref("full_criterion")}}},
        },
    ),
    Described(
        Criterion,
        "A criterion: what the methodology asks of a company.",
        {
            "id": "An id that is unique in the methodology.",
            "replaces": key("The ids that it had in the previous edition.", minItems=1),
            "title": "The title for readers.",
            "short": key("A short title, for the head of a narrow column.", maxLength=MAX_SHORT),
            "reference": "",
            "horizon": "The window of the fact types in its rules.",
            "max_points": key("The maximum of its points.", minimum=0),
            "points_basis": "Who devised the points. Default: the `points_basis` of the methodology.",
            **_BEYOND,
            "hit_policy": "Which of the rules that fire determine the points.",
            "at_most": key("The cap of a `collect sum`: a maximum of the added points.", minimum=0),
            "guidance": "What counts as evidence.",
            "monotone": "Monotonicity: whether better evidence must never lower the points. Default: true. `false` "
            "declares an exception, and `rationale` gives the reason.",
            "rules": key("The ways to earn points.", minItems=1),
            "otherwise": "The sentence for a company that earns nothing.",
            "remedy": "",
            "weight": key("Its weight in a weighted sum or weighted mean.", minimum=0),
            "level": "The level that asks for it.",
            "requirement": "How strongly it is required.",
            "met_at": "The points from which it counts as met. Default: the maximum.",
            "at_least": key("The minimum of the points where penalties apply.", maximum=0),
            "requires": "The gate: unless all of these are met, the criterion has 0 points.",
            "not_applicable": "",
            "not_assessed": NOT_ASSESSED,
            "shared_with": key("Criteria that read the same evidence on purpose.", minItems=1, uniqueItems=True),
        },
    ),
    Described(
        Reference,
        "Where the publisher states the criterion.",
        {"source": "The id of a source.", "section": "The place in the source."},
    ),
    Described(
        Remedy,
        "What a company can do to earn points that are known to be missing: partly met, not met or not found.",
        {"text": "The advice.", "recommendation": "The id of a recommendation of the methodology."},
    ),
    Described(
        Rule,
        "A rule: one way to earn points.",
        {
            "id": "An id that is unique in the criterion.",
            "points": "The points that it earns; a penalty has negative points.",
            "in_proportion": "",
            **_BEYOND,
            "when": "The condition.",
            "because": "The sentence for a company that earns the points; {type.field} stands for a value.",
        },
        name="rule",
    ),
    Described(
        ProportionEntry,
        "Points in proportion: they depend linearly on a number between two values.",
        {
            "to": key("The number: `type.field`.", pattern=f"{ID[:-1]}[.]{ID[1:]}"),
            "over": key(
                "The number that earns the minimum, then the number that earns all points.",
                minItems=2,
                maxItems=2,
                uniqueItems=True,
            ),
            "least": "The minimum: the points at the first number. Default: 0.",
            "digits": key(
                "Decimal places to which points are rounded. Default: `points_digits`.", minimum=0, maximum=12
            ),
            "mode": "The rounding mode. Default: that of the methodology.",
        },
    ),
)

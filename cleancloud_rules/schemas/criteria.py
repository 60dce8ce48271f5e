"""JSON Schema of criteria files."""

from cleancloud_rules.language.questions import MADE_KEYS, OWN_KEYS
from cleancloud_rules.model.groups import RequirementWord
from cleancloud_rules.model.methodology import MAX_SHORT, HitPolicy, PointsBasis
from cleancloud_rules.model.rounding import RoundingMode
from cleancloud_rules.schemas.groups import GROUP_PARTS, NOT_ASSESSED, NUMBER, REPLACES, different
from cleancloud_rules.schemas.parts import (
    BASICS,
    CONDITIONS,
    ID,
    TESTS,
    USERS_KEYS,
    Schema,
    amount,
    choice,
    document,
    either,
    flag,
    listing,
    mapping,
    named,
    ref,
    text,
    whole,
)

_NEEDED = ["id", "title", "horizon", "max_points", "hit_policy", "rules", "otherwise"]
"""The keys that a full criterion needs, its own or from the defaults of its file."""


def criteria_schema() -> Schema:
    """Return the schema of a criteria file."""
    body = mapping(
        "Criteria of one category.",
        {
            "category": ref("id", "The category, or the group inside one, to which the criteria belong."),
            "defaults": {
                "type": "object",
                "description": "Keys for every criterion of the file that does not state them itself.",
                "properties": _without(OWN_KEYS),
                "additionalProperties": False,
                **USERS_KEYS,
            },
            "answers": ref("answers", "How the questions of the file are answered."),
            "criteria": listing(
                "The criteria.", either("A full criterion or a question.", ref("question"), ref("criterion")), 1
            ),
        },
        ["category", "criteria"],
    )
    complete: Schema = {"anyOf": [{"required": ["ask"]}, {"required": _NEEDED}]}
    body["if"] = {"not": {"required": ["defaults"]}}
    body["then"] = {"properties": {"criteria": {"items": complete}}}
    parts = {"criterion": _criterion(), "rule": _rule(), "question": _question()}
    return document("criteria", "Criteria", body, {**BASICS, **TESTS, **CONDITIONS, **GROUP_PARTS, **parts})


def _beyond() -> dict[str, Schema]:
    return {
        "basis": choice(
            "Whose it is: the publisher's, in its own words, or this project's. `rationale` then gives the reason.",
            (basis.value for basis in PointsBasis),
        ),
        "rationale": text("The reason why it goes beyond the publisher's words."),
    }


def _criterion() -> Schema:
    return mapping("A criterion: what the methodology asks of a company.", _keys(), ["id", "title", "rules"])


def _question() -> Schema:
    own = {
        "ask": text("The question. It is also the title."),
        "section": text("The place of the question in the source that the defaults of the file name."),
        "answers": {
            **named("The points of each answer, if they differ from those of the file.", NUMBER, ".+"),
            "minProperties": 1,
        },
    }
    question = mapping("A question: a criterion in short form.", {**_without(MADE_KEYS), **own}, ["id", "ask"])
    return {**question, "not": {"required": ["section", "reference"]}}


def _without(excluded: tuple[str, ...]) -> dict[str, Schema]:
    return {key: schema for key, schema in _keys().items() if key not in excluded}


def _keys() -> dict[str, Schema]:
    return {
        "id": ref("id", "An id that is unique in the methodology."),
        "replaces": REPLACES,
        "title": text("The title for readers."),
        "short": {**text("A short title, for the head of a narrow column."), "maxLength": MAX_SHORT},
        "reference": mapping(
            "Where the publisher states the criterion.",
            {"source": ref("name", "The id of a source."), "section": text("The place in the source.")},
            ["source"],
        ),
        "horizon": ref("id", "The window of the fact types in its rules."),
        "max_points": amount("The maximum of its points."),
        "points_basis": choice(
            "Who devised the points. Default: the `points_basis` of the methodology.",
            (basis.value for basis in PointsBasis),
        ),
        **_beyond(),
        "hit_policy": choice(
            "Which of the rules that fire determine the points.", (policy.value for policy in HitPolicy)
        ),
        "at_most": amount("The cap of a `collect sum`: a maximum of the added points."),
        "guidance": text("What counts as evidence."),
        "monotone": flag(
            "Monotonicity: whether better evidence must never lower the points. Default: true. `false` declares an "
            "exception, and `rationale` gives the reason."
        ),
        "rules": listing("The ways to earn points.", ref("rule"), 1),
        "otherwise": text("The sentence for a company that earns nothing."),
        "remedy": mapping(
            "What a company can do to earn points that are known to be missing: partly met, not met or not found.",
            {
                "text": text("The advice."),
                "recommendation": ref("name", "The id of a recommendation of the methodology."),
            },
            ["text"],
        ),
        "weight": amount("Its weight in a weighted sum or weighted mean."),
        "level": ref("id", "The level that asks for it."),
        "requirement": choice("How strongly it is required.", (word.value for word in RequirementWord)),
        "met_at": {**NUMBER, "description": "The points from which it counts as met. Default: the maximum."},
        "at_least": {"type": "number", "description": "The minimum of the points where penalties apply.", "maximum": 0},
        "requires": ref("requirements", "The gate: unless all of these are met, the criterion has 0 points."),
        "not_applicable": ref("not_applicable"),
        "not_assessed": NOT_ASSESSED,
        "shared_with": different("Criteria that read the same evidence on purpose.", ref("id"), 1),
    }


def _rule() -> Schema:
    return mapping(
        "A rule: one way to earn points.",
        {
            "id": ref("id", "An id that is unique in the criterion."),
            "points": {"type": "number", "description": "The points that it earns; a penalty has negative points."},
            "in_proportion": mapping(
                "Points in proportion: they depend linearly on a number between two values.",
                {
                    "to": {**text("The number: `type.field`."), "pattern": f"{ID[:-1]}[.]{ID[1:]}"},
                    "over": {
                        **different(
                            "The number that earns the minimum, then the number that earns all points.", NUMBER, 2
                        ),
                        "maxItems": 2,
                    },
                    "least": {
                        "type": "number",
                        "description": "The minimum: the points at the first number. Default: 0.",
                    },
                    "digits": whole(
                        "Decimal places to which points are rounded. Default: `points_digits`.", maximum=12
                    ),
                    "mode": choice(
                        "The rounding mode. Default: that of the methodology.", (m.value for m in RoundingMode)
                    ),
                },
                ["to", "over"],
            ),
            **_beyond(),
            "when": ref("when", "The condition."),
            "because": text("The sentence for a company that earns the points; {type.field} stands for a value."),
        },
        ["id", "points", "when", "because"],
    )

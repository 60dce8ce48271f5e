"""The JSON Schema of criteria files."""

from cleancloud_rules.language.questions import MADE_KEYS, OWN_KEYS
from cleancloud_rules.model.groups import RequirementWord
from cleancloud_rules.model.methodology import HitPolicy, PointsBasis
from cleancloud_rules.model.rounding import RoundingMode
from cleancloud_rules.schemas.groups import GROUP_PARTS, NUMBER, REPLACES, different
from cleancloud_rules.schemas.parts import (
    BASICS,
    CONDITIONS,
    ID,
    TESTS,
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
"""The keys that a criterion in full has, be it from the defaults of its file."""


def criteria_schema() -> Schema:
    """Return the schema of a criteria file."""
    body = mapping(
        "Criteria of one category.",
        {
            "category": ref("id", "The category, or the group inside one, that they belong to."),
            "defaults": {
                "type": "object",
                "description": "Keys that every criterion of the file has that does not have them itself.",
                "properties": _without(OWN_KEYS),
                "additionalProperties": False,
            },
            "answers": ref("answers", "How the questions of the file are answered."),
            "criteria": listing(
                "The criteria.", either("A criterion in full, or a question.", ref("question"), ref("criterion")), 1
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
            "Whose it is, where it goes beyond the publisher's words; then `rationale` says why.",
            (basis.value for basis in PointsBasis),
        ),
        "rationale": text("Why it goes beyond the publisher's words."),
    }


def _criterion() -> Schema:
    return mapping("One thing that a methodology asks for.", _keys(), ["id", "title", "rules"])


def _question() -> Schema:
    own = {
        "ask": text("The question; it is the title."),
        "section": text("Where the publisher asks it, in the source of the file's defaults."),
        "answers": {
            **named("What its answers earn, where not as the file says.", NUMBER, ".+"),
            "minProperties": 1,
        },
    }
    question = mapping("A question, as short as can be.", {**_without(MADE_KEYS), **own}, ["id", "ask"])
    return {**question, "not": {"required": ["section", "reference"]}}


def _without(left_out: tuple[str, ...]) -> dict[str, Schema]:
    return {key: schema for key, schema in _keys().items() if key not in left_out}


def _keys() -> dict[str, Schema]:
    return {
        "id": ref("id", "Unique in the methodology."),
        "replaces": REPLACES,
        "title": text("What a reader sees."),
        "reference": mapping(
            "Where the publisher states it.",
            {"source": ref("name", "The id of a source."), "section": text("Where in it.")},
            ["source"],
        ),
        "horizon": ref("id", "The window that all the fact types of its rules share."),
        "max_points": amount("The most that it can earn."),
        "points_basis": choice(
            "Whose the points are; left out: the methodology's.", (basis.value for basis in PointsBasis)
        ),
        **_beyond(),
        "hit_policy": choice(
            "How the points of several rules become its points.", (policy.value for policy in HitPolicy)
        ),
        "at_most": amount("The cap of a `collect sum`."),
        "guidance": text("What counts as evidence."),
        "monotone": flag(
            "Whether better evidence must never cost points; false declares an exception, and `rationale` says why."
        ),
        "rules": listing("The ways to earn points.", ref("rule"), 1),
        "otherwise": text("The sentence for a company that earns nothing."),
        "remedy": mapping(
            "What a company can do about missing points.",
            {
                "text": text("The advice."),
                "recommendation": ref("name", "The id of one of the methodology's recommendations."),
            },
            ["text"],
        ),
        "weight": amount("How much it counts in a weighted sum or mean."),
        "level": ref("id", "The level that asks for it."),
        "requirement": choice("How strongly it is required.", (word.value for word in RequirementWord)),
        "met_at": {**NUMBER, "description": "The points from which it counts as met; left out: all of them."},
        "at_least": {"type": "number", "description": "The floor of penalties.", "maximum": 0},
        "requires": ref("requirements", "What must be met, or it earns nothing."),
        "not_applicable": ref("not_applicable"),
        "shared_with": different("Criteria that read the same evidence on purpose.", ref("id"), 1),
    }


def _rule() -> Schema:
    return mapping(
        "One way to earn points.",
        {
            "id": ref("id", "Unique in the criterion."),
            "points": {"type": "number", "description": "What it earns; a penalty is negative."},
            "in_proportion": mapping(
                "How its points follow from a number, in a straight line and no further than both ends.",
                {
                    "to": {**text("The number: `type.field`."), "pattern": f"{ID[:-1]}[.]{ID[1:]}"},
                    "over": {
                        **different("The number that earns least, and the one that earns all points.", NUMBER, 2),
                        "maxItems": 2,
                    },
                    "least": {"type": "number", "description": "The points at the first of the two; left out: 0."},
                    "digits": whole("Decimal places to which points are rounded; left out: those of points.", most=12),
                    "mode": choice("What happens to a digit that is dropped.", (m.value for m in RoundingMode)),
                },
                ["to", "over"],
            ),
            **_beyond(),
            "when": ref("when", "What must hold."),
            "because": text("The sentence for a company that earns them; {type.field} stands for a value."),
        },
        ["id", "points", "when", "because"],
    )

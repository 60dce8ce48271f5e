"""The JSON Schema of criteria files."""

from cleancloud_rules._schema_parts import (
    BASICS,
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
    ref,
    text,
    whole,
)
from cleancloud_rules.methodology import HitPolicy, PointsBasis


def criteria_schema() -> Schema:
    """Return the schema of a criteria file."""
    body = mapping(
        "Criteria of one category.",
        {
            "category": ref("id", "The category that they belong to."),
            "criteria": listing("The criteria.", ref("criterion"), 1),
        },
        ["category", "criteria"],
    )
    parts = {"criterion": _criterion(), "rule": _rule(), "when": _when(), "condition": _condition()}
    return document("criteria", "Criteria", body, {**BASICS, **TESTS, **parts})


def _beyond() -> dict[str, Schema]:
    return {
        "basis": choice(
            "Whose it is, where it goes beyond the publisher's words; then `rationale` says why.",
            (basis.value for basis in PointsBasis),
        ),
        "rationale": text("Why it goes beyond the publisher's words."),
    }


def _criterion() -> Schema:
    return mapping(
        "One question that a methodology asks.",
        {
            "id": ref("id", "Unique in the methodology."),
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
        },
        ["id", "title", "horizon", "max_points", "hit_policy", "rules", "otherwise"],
    )


def _rule() -> Schema:
    return mapping(
        "One way to earn points.",
        {
            "id": ref("id", "Unique in the criterion."),
            "points": amount("What it earns."),
            **_beyond(),
            "when": ref("when", "What must hold."),
            "because": text("The sentence for a company that earns them; {type.field} stands for a value."),
        },
        ["id", "points", "when", "because"],
    )


def _when() -> Schema:
    parts = listing("What is combined.", ref("when"), 1)
    count = mapping(
        "Holds when enough facts pass a condition.",
        {
            "of": ref("condition", "The condition that a counted fact passes."),
            "distinct": ref("id", "Count the distinct values of this field."),
            "at_least": whole("How many are enough.", 1),
        },
        ["of", "at_least"],
    )
    return either(
        "What a rule asks for: a condition, or `all`, `any`, `none` or `count` over conditions.",
        mapping("Holds when every part holds.", {"all": parts}, ["all"]),
        mapping("Holds when one of the parts holds.", {"any": parts}, ["any"]),
        mapping("Holds when no part holds: the only form that looks at absence.", {"none": parts}, ["none"]),
        mapping("Holds when enough facts pass.", {"count": count}, ["count"]),
        ref("condition"),
    )


def _condition() -> Schema:
    return {
        "type": "object",
        "description": "Holds when one fact of this type that counts passes all the tests.",
        "patternProperties": {f"^(?!(all|any|none|count)$){ID[1:]}": ref("tests")},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }

"""The JSON Schema of ``methodology.yaml``."""

from enum import Enum

from cleancloud_rules.model.groups import Parts, Reads, TableHitPolicy
from cleancloud_rules.model.methodology import PointsBasis
from cleancloud_rules.model.rounding import RoundingMode, TotalPolicy
from cleancloud_rules.schemas.groups import COUNTS_AS, GROUP_PARTS, REPLACES, WORD, combining, different
from cleancloud_rules.schemas.parts import (
    BASICS,
    CONDITIONS,
    ID,
    NAME,
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

_INPUT = f"^(?!then$){ID[1:]}"
"""What an input of a decision table may be called."""


def methodology_schema() -> Schema:
    """Return the schema of ``methodology.yaml``."""
    body = mapping(
        "What a methodology is. Its vocabulary stands in facts.yaml, its criteria in files of their own.",
        {
            "id": ref("id", "The name in files."),
            "title": text("What a reader sees."),
            "edition": text("Which edition it is; quote a year."),
            "publisher": text("Who published it."),
            "sources": named("Sources by id, which criteria and companies may cite.", ref("source"), NAME),
            "windows": named("The horizons by id, and the days in which their facts count.", ref("window"), ID),
            "source_types": listing("The types that a source may have.", ref("id"), 1),
            "accepted_sources": listing("The types whose facts count; left out: all of them.", ref("id")),
            "cohorts": named("Ids and titles of the cohorts in which companies are ranked.", text("Its title."), ID),
            "rounding": _rounding(),
            "points_basis": choice("Whose the points are: the publisher's, or this project's.", _values(PointsBasis)),
            "categories": listing("The categories in the order in which they are shown.", ref("category"), 1),
            **combining(whole=True),
            "not_applicable": choice("What is done with criteria that do not apply, where they do not say.", COUNTS_AS),
            "answers": ref("answers", "How questions are answered, in files of criteria that do not say themselves."),
            "tables": listing("Decision tables over what groups and criteria come to.", _table()),
            "rank_by": different("What companies are ranked by: total, level, label or the id of a table.", WORD, 1),
            "recommendations": named("Recommendations by id, in our own words.", text("The recommendation."), NAME),
            "notices": listing("Sentences that every output carries.", _notice()),
        },
        ["id", "title", "edition", "publisher", "windows", "source_types", "categories"],
    )
    body["dependentRequired"] = {"bands_of": ["bands"]}
    parts = {"window": _window(), "category": _category()}
    return document("methodology", "Methodology", body, {**BASICS, **TESTS, **CONDITIONS, **GROUP_PARTS, **parts})


def _values(kind: type[Enum]) -> list[str]:
    return [str(member.value) for member in kind]


def _window() -> Schema:
    ends = {
        "from": ref("day", "The first day; left out, there is none."),
        "to": ref("day", "The last day; left out, there is none."),
    }
    return either(
        "The days in which a fact counts, both ends included, or `always`.",
        {"const": "always"},
        mapping("The days in which a fact counts, both ends included.", ends),
    )


def _rounding() -> Schema:
    return mapping(
        "How points become scores.",
        {
            "digits": whole("Decimal places of category scores and of the total.", most=12),
            "mode": choice("What happens to a digit that is dropped.", _values(RoundingMode)),
            "total": choice(
                "Whether categories are rounded before they are added, or only their sum is.",
                _values(TotalPolicy),
            ),
            "points_digits": whole("Decimal places of points.", most=12),
        },
    )


def _category() -> Schema:
    group = mapping(
        "A group of criteria, of groups, or of both.",
        {
            "id": ref("id", "The name that criteria files give under `category`."),
            "title": text("What a reader sees."),
            "weight": amount(
                "Inside a sum the most that it adds (those of the categories sum to 100); inside a weighted sum or "
                "mean how much it counts."
            ),
            "groups": listing("The groups inside it, in the order in which they are shown.", ref("category")),
            **combining(whole=False),
            "parts": choice("Whether the scores of its groups are rounded before they are combined.", _values(Parts)),
            "rounding": mapping(
                "How its score is rounded, where not as the methodology says.",
                {
                    "digits": whole("Decimal places.", most=12),
                    "mode": choice("What happens to a digit that is dropped.", _values(RoundingMode)),
                },
                ["digits"],
            ),
            "requires": ref("requirements", "What must be met, or its criteria earn nothing."),
            "not_applicable": ref("not_applicable"),
            "replaces": REPLACES,
        },
        ["id", "title"],
    )
    return {**group, "dependentRequired": {"bands_of": ["bands"], "parts": ["groups"]}}


def _table() -> Schema:
    reads = {kind.value: text(f"Read the {kind.value} of this id, or of `total`.") for kind in Reads}
    read = {**mapping("What is read, and of what.", reads), "minProperties": 1, "maxProperties": 1}
    row = {"then": text("One of the outputs.")}
    return mapping(
        "A decision table.",
        {
            "id": ref("id", "The name in files."),
            "title": text("What a reader sees."),
            "inputs": {**named("What it reads, by the name that rows use.", read, _INPUT), "minProperties": 1},
            "hit_policy": choice("What it gives where several rows fit.", _values(TableHitPolicy)),
            "outputs": different("What it can give, the best first.", WORD, 1),
            "rows": listing(
                "Tests by input, all of which pass, and what holds then.",
                {
                    "type": "object",
                    "properties": row,
                    "patternProperties": {_INPUT: ref("test")},
                    "required": ["then"],
                    "additionalProperties": False,
                },
                1,
            ),
            "otherwise": text("The output where no row fits; left out: none."),
        },
        ["id", "title", "inputs", "outputs", "rows"],
    )


def _notice() -> Schema:
    return mapping(
        "A sentence that every output carries.",
        {
            "code": ref("id", "A stable word."),
            "text": text("The sentence; {company} stands for the company's name."),
            "hypothetical": flag("Whether it is shown only where hypothetical facts are read."),
        },
        ["code", "text"],
    )

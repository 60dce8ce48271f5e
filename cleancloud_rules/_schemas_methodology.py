"""The JSON Schema of ``methodology.yaml``."""

from cleancloud_rules._schema_parts import (
    BASICS,
    ID,
    NAME,
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
from cleancloud_rules.methodology import PointsBasis, RoundingMode, TotalPolicy


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
            "categories": listing("The categories in the order in which they are shown.", _category(), 1),
            "recommendations": named("Recommendations by id, in our own words.", text("The recommendation."), NAME),
            "notices": listing("Sentences that every output carries.", _notice()),
        },
        ["id", "title", "edition", "publisher", "windows", "source_types", "categories"],
    )
    return document("methodology", "Methodology", body, {**BASICS, "window": _window()})


def _values(kind: type[PointsBasis] | type[RoundingMode] | type[TotalPolicy]) -> list[str]:
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
    return mapping(
        "A weighted group of criteria.",
        {
            "id": ref("id", "The name that criteria files give under `category`."),
            "title": text("What a reader sees."),
            "weight": amount("The most that it adds to the total; all weights sum to 100."),
        },
        ["id", "title", "weight"],
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

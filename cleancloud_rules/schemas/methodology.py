"""JSON Schema of ``methodology.yaml``."""

from enum import Enum

from cleancloud_rules.model.groups import NotAssessed, Parts, Reads, TableHitPolicy
from cleancloud_rules.model.methodology import PointsBasis
from cleancloud_rules.model.rounding import RoundingMode, TotalPolicy
from cleancloud_rules.model.vocabulary import PeriodCounts
from cleancloud_rules.schemas.groups import COUNTS_AS, GROUP_PARTS, NOT_ASSESSED, REPLACES, WORD, combining, different
from cleancloud_rules.schemas.parts import (
    BASICS,
    CONDITIONS,
    ID,
    NAME,
    TESTS,
    Schema,
    amount,
    choice,
    closed,
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
"""The pattern for names of inputs of a decision table."""


def methodology_schema() -> Schema:
    """Return the schema of ``methodology.yaml``."""
    body = mapping(
        "The methodology. Its vocabulary is in facts.yaml, and its criteria are in files of their own.",
        {
            "id": ref("id", "The id in files."),
            "title": text("The title for readers."),
            "edition": text("The edition. Put a year in quotes."),
            "publisher": text("Who published it."),
            "approved_by": text("Who approved it: a person, or a body."),
            "sources": named("Sources by id, which criteria and companies may cite.", ref("source"), NAME),
            "windows": named("The windows by id, with the days in which facts count.", ref("window"), ID),
            "source_types": listing("The types that a source may have.", ref("id"), 1),
            "accepted_sources": listing("The source types whose facts count. Default: all types.", ref("id")),
            "as_of": ref("day", "The cut-off: facts count that were there by that day. Default: no cut-off."),
            "cohorts": named("The cohorts in which companies are ranked: ids and titles.", text("The title."), ID),
            "rounding": _rounding(),
            "points_basis": choice("Who devised the points: the publisher or this project.", _values(PointsBasis)),
            "categories": listing("The categories, in the order in which they are shown.", ref("category"), 1),
            **combining(is_root=True),
            "not_assessed": choice(
                "Whether what applies and is not assessed is left out or counts as 0.", _values(NotAssessed)
            ),
            "not_applicable": choice("The default of `counts_as`: how criteria count if they do not apply.", COUNTS_AS),
            "answers": ref("answers", "How questions are answered: the default for criteria files."),
            "tables": listing("Decision tables over results of groups and criteria.", _table()),
            "rank_by": different("What companies are ranked by: total, level, label or ids of tables.", WORD, 1),
            "recommendations": named("Recommendations by id.", text("The recommendation."), NAME),
            "changes": listing("What this edition changed, as its publisher says.", _change()),
            "notices": listing("Sentences that every output carries.", _notice()),
        },
        ["id", "title", "edition", "publisher", "windows", "source_types", "categories"],
    )
    body["dependentSchemas"] = {"bands_of": _MARKED}
    parts = {"window": window(), "category": _category()}
    return document("methodology", "Methodology", body, {**BASICS, **TESTS, **CONDITIONS, **GROUP_PARTS, **parts})


_MARKED: Schema = {"anyOf": [{"required": [key]} for key in ("bands", "levels", "top_level")]}
"""What a group has if it says which number bands and levels read."""


def _values(kind: type[Enum]) -> list[str]:
    return [str(member.value) for member in kind]


def window() -> Schema:
    """Return the schema of a window."""
    ends = {
        "from": ref("day", "The first day. Default: no limit."),
        "to": ref("day", "The last day. Default: no limit."),
        "counts": choice(
            "When a period lies in the window: if it ends there (the default), if any of its days does, or if all do.",
            _values(PeriodCounts),
        ),
    }
    return either(
        "The days in which a fact counts, first and last day included, or `always`.",
        {"const": "always"},
        mapping("The days in which a fact counts, first and last day included.", ends),
    )


def _rounding() -> Schema:
    return mapping(
        "Rounding: digits, mode and order.",
        {
            "digits": whole("Decimal places of category scores and of the total.", maximum=12),
            "mode": choice("The rounding mode.", _values(RoundingMode)),
            "total": choice(
                "Whether categories are rounded before they are added, or only their sum is rounded.",
                _values(TotalPolicy),
            ),
            "points_digits": whole("Decimal places of points.", maximum=12),
        },
    )


def _category() -> Schema:
    group = mapping(
        "A group of criteria, of groups, or of both.",
        {
            "id": ref("id", "The id that criteria files name under `category`."),
            "title": text("The title for readers."),
            "weight": amount(
                "Inside a sum, its maximum (the weights of the categories sum to 100). Inside a weighted sum or mean, "
                "how much it counts."
            ),
            "groups": listing("The groups inside it, in the order in which they are shown.", ref("category")),
            **combining(is_root=False),
            "parts": choice("Whether the scores of its groups are rounded before aggregation.", _values(Parts)),
            "rounding": mapping(
                "How its score is rounded. A key that is left out is that of the methodology.",
                {
                    "digits": whole("Decimal places. Default: those of the methodology.", maximum=12),
                    "mode": choice("The rounding mode. Default: that of the methodology.", _values(RoundingMode)),
                },
            ),
            "requires": ref("requirements", "The gate: unless all of these are met, its criteria earn nothing."),
            "not_applicable": ref("not_applicable"),
            "not_assessed": NOT_ASSESSED,
            "replaces": REPLACES,
        },
        ["id", "title"],
    )
    return {**group, "dependentRequired": {"parts": ["groups"]}, "dependentSchemas": {"bands_of": _MARKED}}


def _table() -> Schema:
    reads = {kind.value: text(f"Read `{kind.value}` of this id, or of `total`.") for kind in Reads}
    read = {**closed("An input: the kind of result, and the id.", reads), "minProperties": 1, "maxProperties": 1}
    row = {"then": text("The output of the row.")}
    return mapping(
        "A decision table.",
        {
            "id": ref("id", "The id in files."),
            "title": text("The title for readers."),
            "inputs": {**named("The inputs, by the names that rows use.", read, _INPUT), "minProperties": 1},
            "hit_policy": choice("Which of the matching rows determine the output.", _values(TableHitPolicy)),
            "outputs": different("The possible outputs, the best first.", WORD, 1),
            "rows": listing(
                "The rows: a unary test for each input and an output. A row matches if all its tests pass.",
                {
                    "type": "object",
                    "properties": row,
                    "patternProperties": {_INPUT: ref("test")},
                    "required": ["then"],
                    "additionalProperties": False,
                },
                1,
            ),
            "otherwise": text("The output if no row matches. Default: none."),
        },
        ["id", "title", "inputs", "outputs", "rows"],
    )


def _change() -> Schema:
    count = {
        "before": whole("The number in the earlier edition."),
        "now": whole("The number in this edition."),
    }
    return mapping(
        "What this edition changed.",
        {
            "id": ref("id", "A stable id."),
            "since": text("The earlier edition with which this one is compared. Put a year in quotes."),
            "text": text("A sentence for readers."),
            "criteria": different("The criteria that it is about.", ref("id")),
            "count": mapping("A number of companies in both editions.", count, list(count)),
            "where": text("Where the publisher says so."),
        },
        ["id", "since", "text"],
    )


def _notice() -> Schema:
    return mapping(
        "A sentence that every output carries.",
        {
            "code": ref("id", "A stable id."),
            "text": text("The sentence; {company} stands for the company's name."),
            "hypothetical": flag("Whether it is shown only if hypothetical facts are read."),
        },
        ["code", "text"],
    )

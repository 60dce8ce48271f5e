"""The JSON Schemas of files of cases, and of what became of them."""

from cleancloud_rules.model.outcomes import GroupOutcome, Outcome
from cleancloud_rules.results.case_reports import CaseReport
from cleancloud_rules.schemas.facts import company_schema
from cleancloud_rules.schemas.parts import (
    ID,
    NAME,
    Schema,
    choice,
    document,
    either,
    listing,
    mapping,
    named,
    ref,
    text,
)
from cleancloud_rules.schemas.results import result_schema


def cases_schema() -> Schema:
    """Return the schema of a file of cases."""
    company = company_schema()
    body = mapping(
        "Cases of a methodology: invented companies, and what they must come to.",
        {
            "sources": named(
                "Sources that the facts may cite beside those of the methodology, by id.", ref("source"), NAME
            ),
            "defaults": ref("defaults", "What stands beside every fact of the file that does not say otherwise."),
            "cases": listing("The cases.", _case(company["properties"]), 1),
        },
        ["cases"],
    )
    definitions = {**company["$defs"], "defaults": _defaults(company["$defs"]["fact"]["properties"])}
    return document("cases", "Cases", body, definitions)


def _case(company: Schema) -> Schema:
    own = {
        "name": text("What the case is called; unique in the file. It names the invented company."),
        "note": text("Anything a reader should know about it."),
        "defaults": ref("defaults", "In place of those of the file; `{}` for none."),
    }
    stated = {key: company[key] for key in ("cohort", "facts", "answers", "not_found")}
    return mapping("A case.", {**own, **stated, "expect": _expect()}, ["name", "expect"])


def _defaults(beside: Schema) -> Schema:
    keys = {key: beside[key] for key in ("source", "period", "as_of")}
    return mapping("A source and a time. A fact that has a time of its own is given none.", keys)


def _expect() -> Schema:
    criterion = mapping(
        "What a criterion must come to.",
        {"points": _number("Its points."), "outcome": _outcome("What it comes to.", Outcome)},
    )
    marks = {
        "outcome": _outcome("Whether there is a score, and why not.", GroupOutcome),
        "label": text("The label of its band; `none` for none."),
        "level": ref("id", "The level that is reached; `none` for none."),
    }
    category = mapping("What a category must come to.", {"score": _number("Its score."), **marks})
    some = {"minProperties": 1}
    made = mapping(
        "What must come out. What is not named is not compared.",
        {
            "criteria": named(
                "Points, an outcome or both, by criterion.",
                either(
                    "Points, an outcome, or both.",
                    _number("Its points."),
                    _outcome("What it comes to.", Outcome),
                    {**criterion, **some},
                ),
                ID,
            ),
            "categories": named(
                "Scores by category, or by a group inside one.",
                either("A score, or more than that.", _number("Its score."), {**category, **some}),
                ID,
            ),
            "total": _number("The total."),
            **marks,
        },
    )
    return {**made, **some}


def _number(describe: str) -> Schema:
    return {"type": "number", "description": describe}


def _outcome(describe: str, kind: type[Outcome] | type[GroupOutcome]) -> Schema:
    return choice(describe, (outcome.value for outcome in kind))


def case_report_schema() -> Schema:
    """Return the schema of what became of cases."""
    return result_schema("case_report", "Case report", CaseReport)

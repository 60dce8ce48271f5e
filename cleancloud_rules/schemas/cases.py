"""JSON Schemas of test cases and of their results."""

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
    """Return the schema of a file of test cases."""
    company = company_schema()
    body = mapping(
        "Test cases of a methodology: fictional companies with their expected results.",
        {
            "sources": named(
                "Sources by id that the facts may cite, in addition to those of the methodology.", ref("source"), NAME
            ),
            "defaults": ref("defaults", "Source and time of every fact of the file that does not state its own."),
            "cases": listing("The test cases.", _case(company["properties"]), 1),
        },
        ["cases"],
    )
    definitions = {**company["$defs"], "defaults": _defaults(company["$defs"]["fact"]["properties"])}
    return document("cases", "Cases", body, definitions)


def _case(company: Schema) -> Schema:
    own = {
        "name": text("The name of the test case and of its fictional company; unique in the file."),
        "note": text("A note for readers."),
        "as_of": ref("day", "The cut-off: facts count that were there by that day. Default: the methodology's."),
        "defaults": ref("defaults", "Replaces the defaults of the file; `{}` for none."),
    }
    stated = {key: company[key] for key in ("cohort", "facts", "answers", "not_found")}
    return mapping("A test case.", {**own, **stated, "expect": _expect()}, ["name", "expect"])


def _defaults(beside: Schema) -> Schema:
    keys = {key: beside[key] for key in ("source", "period", "as_of")}
    return mapping("A source and a time. A fact that states a time of its own keeps it.", keys)


def _expect() -> Schema:
    criterion = mapping(
        "The expected result of a criterion.",
        {"points": _number("The expected points."), "outcome": _outcome("The expected outcome.", Outcome)},
    )
    marks = {
        "outcome": _outcome("The expected outcome: whether there is a score, or why not.", GroupOutcome),
        "label": text("The expected label of the band; `none` for none."),
        "level": ref("id", "The expected level; `none` for none."),
    }
    category = mapping("The expected result of a category.", {"score": _number("The expected score."), **marks})
    some = {"minProperties": 1}
    made = mapping(
        "The expected results. Only results that are named are compared.",
        {
            "criteria": named(
                "Points, an outcome or both, by criterion.",
                either(
                    "Points, an outcome, or both.",
                    _number("The expected points."),
                    _outcome("The expected outcome.", Outcome),
                    {**criterion, **some},
                ),
                ID,
            ),
            "categories": named(
                "Scores by category, or by a group inside one.",
                either("A score, or several results.", _number("The expected score."), {**category, **some}),
                ID,
            ),
            "tables": named(
                "Outputs by decision table; `none` for no output.",
                either(
                    "The expected output, or all outputs of a table that collects.",
                    text("The expected output."),
                    listing("The expected outputs.", text("An expected output."), 1),
                ),
                ID,
            ),
            "total": _number("The expected total."),
            **marks,
        },
    )
    return {**made, **some}


def _number(describe: str) -> Schema:
    return {"type": "number", "description": describe}


def _outcome(describe: str, kind: type[Outcome] | type[GroupOutcome]) -> Schema:
    return choice(describe, (outcome.value for outcome in kind))


def case_report_schema() -> Schema:
    """Return the schema of the results of test cases."""
    return result_schema("case_report", "Case report", CaseReport)

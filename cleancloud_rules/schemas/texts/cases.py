"""What is written by hand about files of test cases."""

from cleancloud_rules.language.case_file_types import (
    CaseEntry,
    CasesFile,
    CategoryExpectation,
    CriterionExpectation,
    ExpectEntry,
)
from cleancloud_rules.schemas.generation import Described, Key, key
from cleancloud_rules.schemas.parts import Schema
from cleancloud_rules.schemas.texts.facts import COMPANY

_MARKS: dict[str, str | Key] = {
    "outcome": "The expected outcome: whether there is a score, or why not.",
    "label": "The expected label of the band; `none` for none.",
    "level": "The expected level; `none` for none.",
}
_SOME: Schema = {"minProperties": 1}

CASES = (
    Described(
        CasesFile,
        "Test cases of a methodology: fictional companies with their expected results.",
        {
            "sources": "Sources by id that the facts may cite, in addition to those of the methodology.",
            "defaults": "Source and time of every fact of the file that does not state its own.",
            "cases": key("The test cases.", minItems=1),
        },
    ),
    Described(
        CaseEntry,
        "A test case.",
        {
            "name": "The name of the test case and of its fictional company; unique in the file.",
            "note": "A note for readers.",
            "as_of": "The cut-off: facts count that were there by that day. Default: the methodology's.",
            "defaults": "Replaces the defaults of the file; `{}` for none.",
            **{name: COMPANY[name] for name in ("cohort", "facts", "answers", "not_found")},
            "expect": "",
        },
    ),
    Described(
        ExpectEntry,
        "The expected results. Only results that are named are compared.",
        {
            "criteria": key(
                "Points, an outcome or both, by criterion.", each={"description": "Points, an outcome, or both."}
            ),
            "categories": key(
                "Scores by category, or by a group inside one.", each={"description": "A score, or several results."}
            ),
            "tables": key(
                "Outputs by decision table; `none` for no output.",
                each={"description": "The expected output, or all outputs of a table that collects.", "minItems": 1},
            ),
            "total": "The expected total.",
            **_MARKS,
        },
        also=_SOME,
    ),
    Described(
        CriterionExpectation,
        "The expected result of a criterion.",
        {"points": "The expected points.", "outcome": "The expected outcome."},
        also=_SOME,
    ),
    Described(
        CategoryExpectation,
        "The expected result of a category.",
        {"score": "The expected score.", **_MARKS},
        also=_SOME,
    ),
)

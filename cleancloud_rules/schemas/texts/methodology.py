"""What is written by hand about ``methodology.yaml``."""

from cleancloud_rules.language.file_types import AnswersEntry, MethodologyFile, SourceEntry, TableEntry
from cleancloud_rules.model.groups import Reads
from cleancloud_rules.model.rounding import Rounding
from cleancloud_rules.model.texts import CountChange, EditionChange, Notice
from cleancloud_rules.model.vocabulary import Window
from cleancloud_rules.schemas.generation import Described, key
from cleancloud_rules.schemas.parts import ID, Schema, closed, ref, text
from cleancloud_rules.schemas.texts.groups import COMBINING, MARKED

_INPUT = f"^(?!then$){ID[1:]}"
"""The pattern for names of inputs of a decision table."""

_READ: Schema = {
    **closed(
        "An input: the kind of result, and the id.",
        {kind.value: text(f"Read `{kind.value}` of this id, or of `total`.") for kind in Reads},
    ),
    "minProperties": 1,
    "maxProperties": 1,
}
_INPUTS: Schema = {
    "type": "object",
    "patternProperties": {_INPUT: _READ},
    "additionalProperties": False,
    "minProperties": 1,
}
_ROW: Schema = {
    "type": "object",
    "properties": {"then": text("The output of the row.")},
    "patternProperties": {_INPUT: ref("test")},
    "required": ["then"],
    "additionalProperties": False,
}

METHODOLOGY = (
    Described(
        MethodologyFile,
        "The methodology. Its vocabulary is in facts.yaml, and its criteria are in files of their own.",
        {
            "id": "The id in files.",
            "title": "The title for readers.",
            "edition": "The edition. Put a year in quotes.",
            "publisher": "Who published it.",
            "approved_by": "Who approved it: a person, or a body.",
            "sources": "Sources by id, which criteria and companies may cite.",
            "windows": "The windows by id, with the days in which facts count.",
            "source_types": key("The types that a source may have.", minItems=1),
            "accepted_sources": "The source types whose facts count. Default: all types.",
            "as_of": "The cut-off: facts count that were there by that day. Default: no cut-off.",
            "cohorts": key(
                "The cohorts in which companies are ranked: ids and titles.", each={"description": "The title."}
            ),
            "rounding": "",
            "points_basis": "Who devised the points: the publisher or this project.",
            "categories": key("The categories, in the order in which they are shown.", minItems=1),
            **COMBINING,
            "bands": key("Labels for ranges of scores, the best first.", without=("value",)),
            "not_assessed": "Whether what applies and is not assessed is left out or counts as 0.",
            "not_applicable": "The default of `counts_as`: how criteria count if they do not apply.",
            "answers": "How questions are answered: the default for criteria files.",
            "tables": "Decision tables over results of groups and criteria.",
            "rank_by": key(
                "What companies are ranked by: total, level, label or ids of tables.", minItems=1, uniqueItems=True
            ),
            "recommendations": key("Recommendations by id.", each={"description": "The recommendation."}),
            "changes": "What this edition changed, as its publisher says.",
            "notices": "Sentences that every output carries.",
        },
        also={"dependentSchemas": {"bands_of": MARKED}},
    ),
    Described(
        SourceEntry,
        "A source of facts.",
        {
            "type": "One of the source types that the methodology declares.",
            "title": "The title of the publication, if it has one.",
            "publisher": "Who published it.",
            "published": "When it was published: a day, a year or `unknown`.",
            "accessed": "When it was read: a day, a year or `unknown`.",
            "url": "The address at which it was read.",
            "archived": "The address of an archived copy.",
            "footnotes": "The numbers of the footnotes that cite it in the published ranking.",
            "public": "Whether everybody can read it.",
            "note": "A note for readers.",
        },
        name="source",
    ),
    Described(
        Window,
        "The days in which a fact counts, first and last day included.",
        {
            "from": "The first day. Default: no limit.",
            "to": "The last day. Default: no limit.",
            "counts": "When a period lies in the window: if it ends there (the default), if any of its days does, or "
            "if all do.",
        },
        name="window",
        short=("The days in which a fact counts, first and last day included, or `always`.", {"const": "always"}),
    ),
    Described(
        Rounding,
        "Rounding: digits, mode and order.",
        {
            "digits": key("Decimal places of category scores and of the total.", minimum=0, maximum=12),
            "mode": "The rounding mode.",
            "total": "Whether categories are rounded before they are added, or only their sum is rounded.",
            "points_digits": key("Decimal places of points.", minimum=0, maximum=12),
        },
    ),
    Described(
        AnswersEntry,
        "How questions are answered, and the points of the answers.",
        {
            "fact": "The fact type of answers.",
            "question": "The field of that type that names the question.",
            "answer": "The field of that type with the answer.",
            "points": key("The points of each answer.", minProperties=1),
            "because": "The sentence for a company that answered; {type.field} stands for a value.",
            "otherwise": "The sentence for a company whose answers earn nothing.",
            "not_applicable": key("The answers that mean that the question does not apply.", uniqueItems=True),
            "not_assessed": key("The answers that mean that nobody knows.", uniqueItems=True),
        },
        name="question_answers",
    ),
    Described(
        TableEntry,
        "A decision table.",
        {
            "id": "The id in files.",
            "title": "The title for readers.",
            "inputs": key("The inputs, by the names that rows use.", form=_INPUTS),
            "hit_policy": "Which of the matching rows determine the output.",
            "outputs": key("The possible outputs, the best first.", minItems=1, uniqueItems=True),
            "rows": key(
                "The rows: a unary test for each input and an output. A row matches if all its tests pass.",
                form={"type": "array", "items": _ROW, "minItems": 1},
            ),
            "otherwise": "The output if no row matches. Default: none.",
        },
    ),
    Described(
        EditionChange,
        "What this edition changed.",
        {
            "id": "A stable id.",
            "since": "The earlier edition with which this one is compared. Put a year in quotes.",
            "text": "A sentence for readers.",
            "criteria": key("The criteria that it is about.", uniqueItems=True),
            "count": "A number of companies in both editions.",
            "where": "Where the publisher says so.",
        },
    ),
    Described(
        CountChange,
        "A number of companies in both editions.",
        {
            "before": key("The number in the earlier edition.", minimum=0),
            "now": key("The number in this edition.", minimum=0),
        },
    ),
    Described(
        Notice,
        "A sentence that every output carries.",
        {
            "code": "A stable id.",
            "text": "The sentence; {company} stands for the company's name.",
            "hypothetical": "Whether it is shown only if hypothetical facts are read.",
        },
    ),
)

"""What is written by hand about ``facts.yaml`` and about facts of companies."""

from cleancloud_rules.language.file_types import (
    CompanyFile,
    DerivationEntry,
    FactDefaults,
    FactEntry,
    FactsFile,
    FactTypeEntry,
    FieldEntry,
    ImpliesEntry,
    NotFoundEntry,
    ResponseEntry,
    RoundEntry,
    SourcesFile,
    StatedFacts,
)
from cleancloud_rules.model.facts import ResponseStatus
from cleancloud_rules.schemas.generation import Described, Key, key
from cleancloud_rules.schemas.parts import ID, Schema, either, named, ref


def _is(types: list[str]) -> Schema:
    return {"properties": {"type": {"enum": types}}}


def _needs(types: list[str], key: str) -> Schema:
    return {"if": _is(types), "then": {"required": [key]}, "else": {"not": {"required": [key]}}}


def _refuses(others_than: list[str], key: str) -> Schema:
    return {"if": {"not": _is(others_than)}, "then": {"not": {"required": [key]}}}


def _answers(describe: str) -> Key:
    listed = {"type": "array", "description": "Several sets of answers.", "items": ref("answers")}
    return key(describe, form={"anyOf": [ref("answers"), listed]})


_REJECTED: Schema = {"properties": {"status": {"const": ResponseStatus.REJECTED.value}}}
_OPEN: Schema = {"properties": {"status": {"const": ResponseStatus.OPEN.value}}}  # it is the default

_EVIDENCE: dict[str, str | Key] = {
    "basis": "How the fact is known. Default: reported.",
    "source": "The id of a source: one of the methodology, of the bibliography, or of this file.",
    "locator": "The place in the source.",
    "note": "A note for readers.",
}

BESIDE: dict[str, str | Key] = {
    "period": "The time that the fact is about: a year, or an ISO interval such as 2022-04-01/2023-03-31.",
    "as_of": "The day on which the fact was true, if it has no period.",
    "entity": "The part of the company that the fact is about, such as a subsidiary.",
    "disclosed": "Fields that were published, but whose value is not at hand.",
    **_EVIDENCE,
}
"""The keys beside the values of a fact."""

_STATED: dict[str, str | Key] = {
    "sources": "Sources of this company file, by id.",
    "facts": "The facts, each with its source.",
    "answers": _answers("The answers of the company to questions."),
    "not_found": "Documented searches without result.",
}

COMPANY: dict[str, str | Key] = {
    "id": "The id in files and tables.",
    "name": "The name for readers.",
    "aliases": "Other names of the same company.",
    "cohort": "The cohort in which it is ranked.",
    **_STATED,
    "responses": "What the company answers to its score. It changes no score.",
}
"""The keys of a company file."""

FACTS = (
    Described(
        FactsFile,
        "The vocabulary: which facts can be stated about a company.",
        {
            "fact_types": "The fact types, by id.",
            "units": key(
                "Dimensions in addition to the built-in ones, each with its units.",
                each={
                    "description": "The units of the dimension, each with its size in the smallest unit.",
                    "patternProperties": {".+": {"type": "number", "exclusiveMinimum": 0}},
                },
            ),
            "implies": "Implications: facts that cannot be true without another fact.",
            "derivations": "Derivations: facts that are computed from other facts.",
        },
    ),
    Described(
        FactTypeEntry,
        "A fact type: a kind of facts.",
        {
            "title": "The title for readers.",
            "horizon": "The id of the window in which its facts count.",
            "describe": "What facts of this type are for, and what they are not.",
            "says": "A sentence that states such a fact, with `{field}` for a value; or several sentences. The first "
            "one that a fact can fill states it.",
            "selection": "Which facts count if several have equal key fields and entity: `best`: all of them; "
            "`latest`: only the latest; `single`: the latest, and two of one day that differ are an error.",
            "fields": "The fields, by id.",
        },
    ),
    Described(
        FieldEntry,
        "A field of a fact type.",
        {
            "type": "What its values are.",
            "title": "The title for readers.",
            "values": key(
                form=either(
                    "The names that an enum or a set may have, in order, or `questions` for the ids of all questions.",
                    {"const": "questions"},
                    {
                        "type": "array",
                        "description": "The names, in order.",
                        "items": {"type": ["string", "number", "boolean"]},
                        "minItems": 1,
                    },
                )
            ),
            "unit": "The unit in which a quantity is stored and shown.",
            "digits": key("The maximum number of decimal places of a value; more are an error.", minimum=0, maximum=12),
            "better": "Which change is an improvement; `listed`: to a value later in the list.",
            "key": "Whether it is a key field, which says what a fact is about.",
            "optional": "Whether a fact may lack this field.",
            "valid": "A unary test that every value must pass.",
        },
        also={
            "allOf": [
                _needs(["enum", "set"], "values"),
                _needs(["quantity"], "unit"),
                _refuses(["number", "percent", "quantity"], "digits"),
            ]
        },
    ),
    Described(
        ImpliesEntry,
        "An implication: if a fact passes one condition, some fact should pass the other.",
        {"if": "The first condition.", "then": "The condition that some fact should then pass."},
    ),
    Described(
        DerivationEntry,
        "A derivation: a fact that is computed from several facts of one company.",
        {
            "id": "An id that is unique in the vocabulary.",
            "fact": "The fact type of the derived fact.",
            "from": "The input facts: a name and a condition for each.",
            "join": "Fields, `period` or `entity` that all input facts must have, with equal values.",
            "set": key(
                "The fields of the derived fact: formulas over `input.field` with + - * /, or values.",
                each={"description": "A formula or a value."},
            ),
            "round": "",
            "valid": "A unary test. If a computed value fails it, no fact is derived, and this is reported.",
        },
    ),
    Described(
        RoundEntry,
        "How results of formulas are rounded.",
        {
            "digits": key("Decimal places. Default: those of each field.", minimum=0, maximum=12),
            "mode": "The rounding mode.",
        },
    ),
    Described(
        CompanyFile,
        "The facts about one company.",
        COMPANY,
    ),
    Described(
        StatedFacts,
        "Facts that are added to those of a company, to ask what they would change.",
        {"id": "The id of the company. It can be left out if there is only one.", **_STATED},
    ),
    Described(
        ResponseEntry,
        "A response of the company to its score, in its own words.",
        {
            "id": "An id that is unique among the responses of the company.",
            "received": "The day on which it was received.",
            "by": "Who says it: a name or a role, as given.",
            "reason": "The reason, in the words of the company.",
            "about": "The ids of the criteria that it is about.",
            "disputes": "The ids of stated facts that it calls wrong.",
            "sources": "Sources of its facts, by id.",
            "facts": "The facts that it offers as evidence, each with its source.",
            "answers": _answers("The answers to questions that it offers as evidence."),
            "status": "What the publisher has decided. Default: open.",
            "decision": "The reason of the publisher. A rejected response needs it.",
        },
        name="response",
        also={
            "anyOf": [{"required": [key]} for key in ("about", "facts", "answers", "disputes")],
            "allOf": [
                {"if": {**_REJECTED, "required": ["status"]}, "then": {"required": ["decision"]}},
                {"if": _OPEN, "then": {"not": {"required": ["decision"]}}},
            ],
        },
    ),
    Described(
        FactEntry,
        "A fact: its fact type with the values, and its source.",
        BESIDE,
        name="fact",
        rest=named("The values of the fact by field.", ref("value"), ID),
        also={"minProperties": 1},
    ),
    Described(
        NotFoundEntry,
        "A documented search without result: a fact type with tests that no fact of the company passes.",
        _EVIDENCE,
        name="not_found",
        rest=ref("tests"),
        also={"minProperties": 1},
    ),
    Described(
        FactDefaults,
        "A source and a time. A fact that states a time of its own keeps it.",
        {name: BESIDE[name] for name in ("source", "period", "as_of")},
        name="fact_defaults",
    ),
    Described(SourcesFile, "A bibliography.", {"sources": "Sources by id."}),
)

"""The JSON Schemas of the vocabulary, of company files, of bibliographies and of datasets."""

from cleancloud_rules.model.facts import Basis, Better, Selection
from cleancloud_rules.model.rounding import RoundingMode
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.schemas.parts import (
    BASICS,
    BOUNDS,
    ID,
    NAME,
    TESTS,
    Schema,
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

_SCALAR: Schema = {"type": ["number", "boolean", "string"]}


def facts_schema() -> Schema:
    """Return the schema of ``facts.yaml``."""
    body = mapping(
        "What can be stated about a company.",
        {
            "fact_types": named("The kinds of facts, by id.", _fact_type(), ID),
            "units": {
                "type": "object",
                "description": "Dimensions beyond the built-in ones; in each the size of every unit.",
                "additionalProperties": {
                    "type": "object",
                    "description": "Units and how many of the smallest one each is.",
                    "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
                },
            },
            "implies": listing("What cannot be true alone.", _implication()),
            "derivations": listing("Facts that are computed from joined facts.", _derivation()),
        },
        ["fact_types"],
    )
    return document("facts", "Vocabulary of facts", body, {**BASICS, **TESTS, "condition": _condition()})


def _condition() -> Schema:
    return {
        **named("A fact type and tests on its fields.", ref("tests"), ID),
        "minProperties": 1,
        "maxProperties": 1,
    }


def _fact_type() -> Schema:
    return mapping(
        "A kind of fact.",
        {
            "title": text("What a reader sees."),
            "horizon": ref("id", "The id of the window in which its facts count."),
            "describe": text("What it is for, and what it is not."),
            "selection": choice(
                "Which facts count of those with equal key fields and entity: any, or the latest.",
                (s.value for s in Selection),
            ),
            "fields": named("Its fields, by id.", _field(), ID),
        },
        ["title", "horizon", "fields"],
    )


def _field() -> Schema:
    made = mapping(
        "A field of a fact type.",
        {
            "type": choice("What its values are.", (type.value for type in FieldType)),
            "title": text("What a reader sees."),
            "values": either(
                "The names that an enum or a set may hold, in order; `questions`: the ids of all questions.",
                {"const": "questions"},
                listing("The names, in order.", {"type": "string"}, 1),
            ),
            "unit": text("The unit in which a quantity is kept and shown."),
            "digits": whole("Decimal places that a value may have; more are an error.", most=12),
            "better": choice("Which change is an improvement; `listed`: later in the list.", (b.value for b in Better)),
            "key": flag("Whether the field says what a fact is about."),
            "optional": flag("Whether a fact may leave it out."),
            "valid": ref("test", "A test that every value must pass."),
        },
        ["type"],
    )
    return {
        **made,
        "allOf": [
            _needs(["enum", "set"], "values"),
            _needs(["quantity"], "unit"),
            _refuses(["number", "percent", "quantity"], "digits"),
        ],
    }


def _is(types: list[str]) -> Schema:
    return {"properties": {"type": {"enum": types}}}


def _needs(types: list[str], key: str) -> Schema:
    return {"if": _is(types), "then": {"required": [key]}, "else": {"not": {"required": [key]}}}


def _refuses(others_than: list[str], key: str) -> Schema:
    return {"if": {"not": _is(others_than)}, "then": {"not": {"required": [key]}}}


def _implication() -> Schema:
    return mapping(
        "Where a fact passes one condition, some fact passes the other.",
        {
            "if": ref("condition", "What a fact may pass."),
            "then": ref("condition", "What some fact then passes."),
        },
        ["if", "then"],
    )


def _derivation() -> Schema:
    return mapping(
        "A fact computed from joined facts of one company.",
        {
            "id": ref("id", "Unique in the vocabulary."),
            "fact": ref("id", "The fact type that it makes."),
            "from": named("Names and the condition that each joined fact passes.", ref("condition"), ID),
            "join": listing("Fields, `period` or `entity`: present and equal in all the joined facts.", ref("id")),
            "set": named(
                "The fields that it sets: formulas over input.field with + - * /, or values.",
                either("A formula or a value.", _SCALAR, {"type": "array", "items": {"type": "string"}}),
                ID,
            ),
            "round": mapping(
                "How formulas are rounded.",
                {
                    "digits": whole("Decimal places.", most=12),
                    "mode": choice("What happens to a digit that is dropped.", (m.value for m in RoundingMode)),
                },
            ),
            "valid": ref("test", "A computed value that does not pass derives nothing and is reported."),
        },
        ["id", "fact", "from", "join", "set"],
    )


def company_schema() -> Schema:
    """Return the schema of a company file."""
    body = mapping(
        "What is stated about one company.",
        {
            "id": ref("name", "The name in files and tables."),
            "name": text("The name that a reader sees."),
            "aliases": listing("Other names of the same company.", {"type": "string", "minLength": 1}),
            "cohort": ref("id", "The cohort in which it is ranked."),
            "sources": named("Sources of its own, by id.", ref("source"), NAME),
            "facts": listing("Facts, each with its source.", ref("fact")),
            "answers": either(
                "What the company answered to questions.", ref("answers"), listing("Several such.", ref("answers"), 1)
            ),
            "not_found": listing("What was looked for, and is not there.", ref("not_found")),
        },
        ["id", "name"],
    )
    definitions = {**BASICS, **TESTS, "value": _value(), "fact": _fact(), "not_found": _not_found()}
    definitions["answers"] = _answers()
    return document("company", "Company facts", body, definitions)


def _value() -> Schema:
    between = listing("The value lies between these, ends included.", {"type": ["number", "string"]}, 2)
    bound = mapping(
        "What is known of a value that is not known exactly.",
        {
            **{key: {"type": ["number", "string"], "description": says} for key, says in BOUNDS.items()},
            "between": {**between, "maxItems": 2},
        },
    )
    return either(
        "A value, a list of names for a set, or a bound such as {more_than: 38}.",
        _SCALAR,
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
        {**bound, "minProperties": 1, "maxProperties": 2},
    )


def _beside() -> dict[str, Schema]:
    return {
        "basis": choice("How it came to be known; left out: reported.", (b.value for b in Basis)),
        "source": ref("name", "The id of its source."),
        "locator": text("Where in the source."),
        "note": text("Anything a reader should know."),
    }


def _stating(describe: str, beside: dict[str, Schema], stated: Schema) -> Schema:
    """Return the schema of an entry with one fact type, and keys beside it."""
    return {
        **mapping(describe, beside),
        "patternProperties": {_other_than(beside): stated},
        "minProperties": 1,
    }


def _other_than(names: dict[str, Schema]) -> str:
    return f"^(?!({'|'.join(sorted(names))})$)[a-z][a-z0-9_]*$"


def _beside_facts() -> dict[str, Schema]:
    return {
        "period": either(
            "The time that it is about: a year, or an ISO interval such as 2022-04-01/2023-03-31.",
            {"type": "integer", "minimum": 1000, "maximum": 9999},
            {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        ),
        "as_of": ref("day", "The day on which it was true, for a fact without period."),
        "entity": text("The part of the company that it is about, such as a subsidiary."),
        "disclosed": listing("Fields that were published though the value is not at hand.", ref("id")),
        **_beside(),
    }


def _answers() -> Schema:
    answer = {"is": ref("value", "The answer."), **_beside_facts()}
    answers = either("An answer, or one with keys of its own.", _SCALAR, mapping("An answer.", answer, ["is"]))
    body = {
        "fact": ref("id", "The fact type that holds answers."),
        "values": named("Answers by question.", answers, ID),
    }
    return mapping("What a company answered, and where it is from.", {**body, **_beside_facts()}, ["fact", "values"])


def _fact() -> Schema:
    beside = _beside_facts()
    values = named("The fact's values by field.", ref("value"), ID)
    return _stating("A fact type with its values, and where they come from.", beside, values)


def _not_found() -> Schema:
    describe = "A fact type with tests that no fact of the company passes."
    return _stating(describe, _beside(), ref("tests"))


def sources_schema() -> Schema:
    """Return the schema of a bibliography."""
    body = mapping("A bibliography.", {"sources": named("Sources by id.", ref("source"), NAME)}, ["sources"])
    return document("sources", "Bibliography", body, BASICS)


def dataset_schema() -> Schema:
    """Return the schema of ``dataset.yaml``."""
    body = mapping(
        "What belongs together. Paths are relative to this file.",
        {
            "title": text("What a reader sees."),
            "description": text("What it holds, and what it does not."),
            "selection": text("On what basis the companies were chosen."),
            "methodology": ref("id", "The id of the methodology that it is made for."),
            "companies": either(
                "A folder of company files, or a list of files and folders.",
                text("A folder."),
                listing("Files and folders.", text("A file or a folder."), 1),
            ),
            "sources": text("The bibliography: a file `sources: {id: entry, ...}`."),
            "published": text("The file of the published table."),
            "statements": text("The file of published aggregate statements."),
            "overlays": listing("Files of hypothetical facts.", text("A file.")),
        },
        ["title", "methodology", "companies"],
    )
    return document("dataset", "Dataset", body, {"id": BASICS["id"]})

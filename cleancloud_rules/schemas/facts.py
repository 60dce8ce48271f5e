"""JSON Schemas of ``facts.yaml``, company files, bibliographies and datasets."""

from cleancloud_rules.model.facts import Basis, Better, ResponseStatus, Selection
from cleancloud_rules.model.rounding import RoundingMode
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.schemas.parts import (
    BASICS,
    BOUNDS,
    CONDITIONS,
    ID,
    NAME,
    TESTS,
    USERS_KEYS,
    Schema,
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

_SCALAR: Schema = {"type": ["number", "boolean", "string"]}


def facts_schema() -> Schema:
    """Return the schema of ``facts.yaml``."""
    body = mapping(
        "The vocabulary: which facts can be stated about a company.",
        {
            "fact_types": named("The fact types, by id.", _fact_type(), ID),
            "units": {
                "type": "object",
                "description": "Dimensions in addition to the built-in ones, each with its units.",
                "additionalProperties": {
                    "type": "object",
                    "description": "The units of the dimension, each with its size in the smallest unit.",
                    "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
                },
            },
            "implies": listing("Implications: facts that cannot be true without another fact.", _implication()),
            "derivations": listing("Derivations: facts that are computed from other facts.", _derivation()),
        },
        ["fact_types"],
    )
    return document("facts", "Vocabulary of facts", body, {**BASICS, **TESTS, "condition": _condition()})


def _condition() -> Schema:
    return {
        **named("A condition: a fact type and unary tests on its fields.", ref("tests"), ID),
        "minProperties": 1,
        "maxProperties": 1,
    }


def _fact_type() -> Schema:
    return mapping(
        "A fact type: a kind of facts.",
        {
            "title": text("The title for readers."),
            "horizon": ref("id", "The id of the window in which its facts count."),
            "describe": text("What facts of this type are for, and what they are not."),
            "says": either(
                "A sentence that states such a fact, with `{field}` for a value; or several sentences. The first one "
                "that a fact can fill states it.",
                text("A sentence."),
                listing("The sentences.", text("A sentence."), 1),
            ),
            "selection": choice(
                "Which facts count if several have equal key fields and entity: `best`: all of them; `latest`: only "
                "the latest; `single`: the latest, and two of one day that differ are an error.",
                (s.value for s in Selection),
            ),
            "fields": named("The fields, by id.", _field(), ID),
        },
        ["title", "horizon", "fields"],
    )


def _field() -> Schema:
    made = mapping(
        "A field of a fact type.",
        {
            "type": choice("What its values are.", (type.value for type in FieldType)),
            "title": text("The title for readers."),
            "values": either(
                "The names that an enum or a set may have, in order, or `questions` for the ids of all questions.",
                {"const": "questions"},
                listing("The names, in order.", {"type": "string"}, 1),
            ),
            "unit": text("The unit in which a quantity is stored and shown."),
            "digits": whole("The maximum number of decimal places of a value; more are an error.", maximum=12),
            "better": choice(
                "Which change is an improvement; `listed`: to a value later in the list.", (b.value for b in Better)
            ),
            "key": flag("Whether it is a key field, which says what a fact is about."),
            "optional": flag("Whether a fact may lack this field."),
            "valid": ref("test", "A unary test that every value must pass."),
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
        "An implication: if a fact passes one condition, some fact should pass the other.",
        {
            "if": ref("condition", "The first condition."),
            "then": ref("condition", "The condition that some fact should then pass."),
        },
        ["if", "then"],
    )


def _derivation() -> Schema:
    return mapping(
        "A derivation: a fact that is computed from several facts of one company.",
        {
            "id": ref("id", "An id that is unique in the vocabulary."),
            "fact": ref("id", "The fact type of the derived fact."),
            "from": named("The input facts: a name and a condition for each.", ref("condition"), ID),
            "join": listing(
                "Fields, `period` or `entity` that all input facts must have, with equal values.", ref("id")
            ),
            "set": named(
                "The fields of the derived fact: formulas over `input.field` with + - * /, or values.",
                either("A formula or a value.", _SCALAR, {"type": "array", "items": {"type": "string"}}),
                ID,
            ),
            "round": mapping(
                "How results of formulas are rounded.",
                {
                    "digits": whole("Decimal places. Default: those of each field.", maximum=12),
                    "mode": choice("The rounding mode.", (m.value for m in RoundingMode)),
                },
            ),
            "valid": ref(
                "test", "A unary test. If a computed value fails it, no fact is derived, and this is reported."
            ),
        },
        ["id", "fact", "from", "set"],
    )


def company_schema() -> Schema:
    """Return the schema of a company file."""
    body = mapping(
        "The facts about one company.",
        {
            "id": ref("name", "The id in files and tables."),
            "name": text("The name for readers."),
            "aliases": listing("Other names of the same company.", {"type": "string", "minLength": 1}),
            "cohort": ref("id", "The cohort in which it is ranked."),
            "sources": named("Sources of this company file, by id.", ref("source"), NAME),
            "facts": listing("The facts, each with its source.", ref("fact")),
            "answers": either(
                "The answers of the company to questions.",
                ref("answers"),
                listing("Several sets of answers.", ref("answers"), 1),
            ),
            "not_found": listing("Documented searches without result.", ref("not_found")),
            "responses": listing("What the company answers to its score. It changes no score.", ref("response")),
        },
        ["id", "name"],
    )
    definitions = {**BASICS, **TESTS, "value": value(), "fact": _fact(), "not_found": _not_found()}
    definitions["answers"] = _answers()
    definitions["response"] = _response()
    return document("company", "Company facts", body, definitions)


def _response() -> Schema:
    return mapping(
        "A response of the company to its score, in its own words.",
        {
            "id": ref("name", "An id that is unique among the responses of the company."),
            "received": ref("day", "The day on which it was received."),
            "by": text("Who says it: a name or a role, as given."),
            "reason": text("The reason, in the words of the company."),
            "about": listing("The ids of the criteria that it is about.", ref("id"), 1),
            "disputes": listing("The ids of stated facts that it calls wrong.", ref("name"), 1),
            "sources": named("Sources of its facts, by id.", ref("source"), NAME),
            "facts": listing("The facts that it offers as evidence, each with its source.", ref("fact"), 1),
            "answers": either(
                "The answers to questions that it offers as evidence.",
                ref("answers"),
                listing("Several sets of answers.", ref("answers"), 1),
            ),
            "status": choice(
                "What the publisher has decided. Default: open.", (status.value for status in ResponseStatus)
            ),
            "decision": text("The reason of the publisher. A rejected response needs it."),
        },
        ["id", "received", "by", "reason"],
    )


def added_facts_schema() -> Schema:
    """Return the schema of a file of facts that are added to ask what they would change."""
    company = company_schema()
    stated = ("sources", "facts", "answers", "not_found")
    properties = {
        "id": ref("name", "The id of the company. It can be left out if there is only one."),
        **{name: company["properties"][name] for name in stated},
    }
    body = mapping("Facts that are added to those of a company, to ask what they would change.", properties)
    definitions = {name: body for name, body in company["$defs"].items() if name != "response"}
    return document("added_facts", "Added facts", body, definitions)


def value() -> Schema:
    """Return the schema of a value of a field."""
    between = listing("The value lies between these two, both included.", {"type": ["number", "string"]}, 2)
    bound = closed(
        "A bounded value: a value that is known only as a range.",
        {
            **{key: {"type": ["number", "string"], "description": says} for key, says in BOUNDS.items()},
            "between": {**between, "maxItems": 2},
        },
    )
    return either(
        "A value, a list of names for a set, or a bounded value such as {more_than: 38}.",
        _SCALAR,
        {"type": "array", "items": {"type": "string"}, "minItems": 1},
        {**bound, "minProperties": 1, "maxProperties": 2},
    )


def _beside() -> dict[str, Schema]:
    return {
        "basis": choice("How the fact is known. Default: reported.", (b.value for b in Basis)),
        "source": ref("name", "The id of the source."),
        "locator": text("The place in the source."),
        "note": text("A note for readers."),
    }


def _stating(describe: str, beside: dict[str, Schema], stated: Schema) -> Schema:
    """Return the schema of an entry with one fact type, and keys beside it."""
    return {
        **closed(describe, beside),
        "patternProperties": {_other_than(beside): stated, **USERS_KEYS["patternProperties"]},
        "minProperties": 1,
    }


def _other_than(names: dict[str, Schema]) -> str:
    return f"^(?!({'|'.join(sorted(names))})$)[a-z][a-z0-9_]*$"


def beside_facts() -> dict[str, Schema]:
    """Return the schemas of the keys beside the values of a fact, by key."""
    return {
        "period": either(
            "The time that the fact is about: a year, or an ISO interval such as 2022-04-01/2023-03-31.",
            {"type": "integer", "minimum": 1000, "maximum": 9999},
            {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}/[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        ),
        "as_of": ref("day", "The day on which the fact was true, if it has no period."),
        "entity": text("The part of the company that the fact is about, such as a subsidiary."),
        "disclosed": listing("Fields that were published, but whose value is not at hand.", ref("id")),
        **_beside(),
    }


def _answers() -> Schema:
    answer = {"is": ref("value", "The answer."), **beside_facts()}
    answers = either("An answer, alone or with keys of its own.", _SCALAR, mapping("An answer.", answer, ["is"]))
    body = {
        "fact": ref("id", "The fact type of answers."),
        "values": named("Answers by question.", answers, ID),
    }
    return mapping("Answers of a company with their source.", {**body, **beside_facts()}, ["fact", "values"])


def _fact() -> Schema:
    beside = beside_facts()
    values = named("The values of the fact by field.", ref("value"), ID)
    return _stating("A fact: its fact type with the values, and its source.", beside, values)


def _not_found() -> Schema:
    describe = "A documented search without result: a fact type with tests that no fact of the company passes."
    return _stating(describe, _beside(), ref("tests"))


def sources_schema() -> Schema:
    """Return the schema of a bibliography."""
    body = mapping("A bibliography.", {"sources": named("Sources by id.", ref("source"), NAME)}, ["sources"])
    return document("sources", "Bibliography", body, BASICS)


def _accepted() -> Schema:
    where = "The file, as a path from this folder; after a colon the beginning of a place in it: acme.yaml:facts[3]."
    body = {
        "code": text("The code of the warnings, such as contradicting-facts."),
        "where": text(where),
        "reason": text("Why they are accepted."),
    }
    return mapping("Warnings of one code in one file.", body, ["code", "where", "reason"])


def _never() -> Schema:
    body = {
        "facts": ref("condition", "The condition that such a fact passes."),
        "cohort": ref("id", "The cohort whose companies it is about. Default: all companies."),
        "reason": text("Why none is chosen."),
    }
    return mapping("Facts that no solver may choose.", body, ["facts", "reason"])


def dataset_schema() -> Schema:
    """Return the schema of ``dataset.yaml``."""
    body = mapping(
        "A dataset: companies with their sources. Paths are relative to this file.",
        {
            "title": text("The title for readers."),
            "description": text("What the dataset contains, and what it does not."),
            "selection": text("How the companies were chosen."),
            "methodology": ref("id", "The id of its methodology."),
            "as_of": ref("day", "The cut-off: facts count that were there by that day. Default: the methodology's."),
            "companies": either(
                "A folder of company files, or a list of files and folders.",
                text("A folder."),
                listing("Files and folders.", text("A file or a folder."), 1),
            ),
            "sources": text("The bibliography: a file `sources: {id: entry, ...}`."),
            "published": text("The file of the published table."),
            "statements": text("The file of published claims."),
            "overlays": listing("Files of hypothetical facts.", text("A file.")),
            "never_hypothetical": listing("Facts that no solver may choose, each with the reason.", _never()),
            "accepted": listing("Warnings of `check` that are accepted, each with the reason.", _accepted()),
        },
        ["title", "methodology", "companies"],
    )
    return document("dataset", "Dataset", body, {**BASICS, **TESTS, "condition": CONDITIONS["condition"]})

"""JSON Schemas of company files under one methodology: they know its fact types, fields, values, units and bounds."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from cleancloud_rules.language.answers import asked_fields
from cleancloud_rules.language.conditions import EVIDENCE, RESERVED
from cleancloud_rules.language.file_types import (
    CompanyFile,
    FactEntry,
    NotFoundEntry,
    ResponseEntry,
    SourceEntry,
    StatedFacts,
)
from cleancloud_rules.model.facts import Basis, FactType, Field, Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import FieldType, Interval, Name, Period
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.schemas.field_tests import unary_test
from cleancloud_rules.schemas.field_values import DAY, NOTHING, TEXT, YEAR, value_schema, word, words
from cleancloud_rules.schemas.generation import Generator
from cleancloud_rules.schemas.inputs import DESCRIBED
from cleancloud_rules.schemas.kinds import KINDS
from cleancloud_rules.schemas.parts import (
    ID,
    NAME,
    USERS_KEYS,
    Schema,
    closed,
    document,
    mapping,
    ref,
)

UNSAID = (
    "It refuses what loading refuses, as far as JSON Schema can say it, and accepts every company that loads. It "
    "cannot tell whether a source is listed in the file or in a bibliography beside it; whether a period, a range "
    "or a bound ends before it begins; how many decimal places a number has; bounds of days, and those of "
    "quantities other than zero; whether a fact contradicts an entry of `not_found`; whether there are too many "
    "digits, values or levels; and which words YAML reads as something else."
)
"""What the schema of a company does and does not refuse."""

_NAME: Schema = {"type": ["string", "number", "boolean"], "pattern": NAME, "minimum": 0}
"""A name. In a file it may look like a number, such as that of a survey's respondent."""

_DAY: Schema = {"type": "string", "format": "date", "pattern": f"^(?:{DAY})$"}
_PERIOD: Schema = {"type": "string", "pattern": rf"^(?:{DAY})/(?:{DAY})$"}

_GENERATOR = Generator(
    DESCRIBED,
    {
        **KINDS,
        str: TEXT,
        Name: _NAME,
        Source: ref("cited"),
        date: _DAY,
        date | Interval | None: {"anyOf": [YEAR, _DAY, {"const": "unknown"}]},
        Period: {"anyOf": [YEAR, _PERIOD]},
    },
)


def company_schema_of(methodology: Methodology) -> Schema:
    """Return the schema of a company file under a methodology."""
    cohort = _one_of("The cohort in which it is ranked.", dict(methodology.vocabulary.cohorts))
    body = _GENERATOR.object(CompanyFile, {"cohort": cohort, **_stated(methodology)})
    return _document("company", "A company", body, methodology)


def added_facts_schema_of(methodology: Methodology) -> Schema:
    """Return the schema of a file of added facts under a methodology."""
    body = _GENERATOR.object(StatedFacts, _stated(methodology))
    return _document("added_facts", "Added facts", body, methodology)


def _document(name: str, title: str, body: Schema, methodology: Methodology) -> Schema:
    vocabulary = methodology.vocabulary
    definitions = {"source": _source(vocabulary.source_types), "cited": _cited(methodology)}
    definitions |= {"response": _response(methodology)} if name == "company" else {}
    definitions |= {"fact": _entry("A fact: its fact type with the values, and its source.", "fact", vocabulary)}
    definitions |= {"not_found": _entry("A documented search without result.", "tests", vocabulary)}
    definitions |= _reserved_tests(vocabulary)
    for fact_type in vocabulary.fact_types:
        definitions[f"fact_{fact_type.id}"] = _values(fact_type, vocabulary)
        definitions[f"tests_{fact_type.id}"] = _tests(fact_type, vocabulary)
        if (fields := asked_fields(fact_type)) is not None:
            definitions[f"answers_{fact_type.id}"] = _answers(fact_type, *fields, vocabulary)
    made = document(f"{name}:{methodology.id}", f"{title} under {methodology.title}", body, definitions)
    return {**made, "description": f"{body['description']} {UNSAID}"}


def _stated(methodology: Methodology) -> dict[str, Schema]:
    """Return the forms of what a file states that only the methodology knows."""
    own = [source.id for source in methodology.bibliography]
    return {
        "sources": {
            "type": "object",
            "description": "Sources by id. The ids of the methodology's sources are taken.",
            "propertyNames": {"pattern": NAME, **({"not": {"enum": own}} if own else {})},
            "additionalProperties": ref("source"),
        },
        "answers": _answer_blocks(methodology.vocabulary),
    }


def _response(methodology: Methodology) -> Schema:
    known: Schema = {"allOf": [ref("fact")], "properties": {"basis": {"not": {"const": Basis.HYPOTHETICAL.value}}}}
    forms = {"about": _listed(c.id for c in methodology.criteria), "facts": {"type": "array", "items": known}}
    return _GENERATOR.object(ResponseEntry, {**forms, **_stated(methodology)})


def _source(types: Sequence[str]) -> Schema:
    return _GENERATOR.object(SourceEntry, {"type": word(types) if types else {**_NAME, "pattern": ID}})


def _cited(methodology: Methodology) -> Schema:
    """Return the schema of a source that a fact cites. An editor offers those of the methodology."""
    own = [source.id for source in methodology.bibliography]
    describe = "The id of a source: one of the methodology, of the bibliography, or of this file."
    return {"description": describe, "anyOf": [word(own), _NAME] if own else [_NAME]}


def _one_of(describe: str, titles: dict[str, str]) -> Schema:
    says = "; ".join(f"{id}: {title}" for id, title in titles.items())
    return {"description": f"{describe} {says}".strip(), **word(titles)}


def _beside(disclosed: Iterable[str]) -> dict[str, Schema]:
    """Return the schemas of the keys beside a fact, some of whose fields can be disclosed."""
    properties: dict[str, Schema] = _GENERATOR.object(FactEntry, {"disclosed": _listed(disclosed)})["properties"]
    return properties


def _listed(names: Iterable[str]) -> Schema:
    return {"type": "array", "items": word(names)}


def _entry(describe: str, prefix: str, vocabulary: Vocabulary) -> Schema:
    """Return the schema of an entry that names one fact type, with keys beside it."""
    searched = prefix != "fact"
    ids = [fact_type.id for fact_type in vocabulary.fact_types]
    names = sorted({field.id for fact_type in vocabulary.fact_types for field in fact_type.fields})
    beside = _GENERATOR.object(NotFoundEntry)["properties"] if searched else _beside(names)
    made = closed(describe, {**{id: ref(f"{prefix}_{id}") for id in ids}, **beside})
    rules = [] if searched else [_disclosing(fact_type) for fact_type in vocabulary.fact_types]
    return {
        **made,
        **USERS_KEYS,
        "oneOf": [{"required": [id]} for id in ids],
        **({"allOf": rules} if rules else {}),
    }


def _disclosing(fact_type: FactType) -> Schema:
    """Return the schema that asks for each field as a value or, in its place, under `disclosed`."""
    names = [field.id for field in fact_type.fields]
    needed = [field.id for field in fact_type.fields if not field.optional]
    without: Schema = {"properties": {fact_type.id: {"required": needed}}} if needed else {}
    listed: list[Schema] = [{"properties": {"disclosed": {"items": word(names) if names else NOTHING}}}]
    for name in names:
        rule: Schema = {"if": {"properties": {"disclosed": {"contains": word([name])}}}}
        rule["then"] = {"properties": {fact_type.id: {"not": {"required": [name]}}}}
        if name in needed:
            rule["else"] = {"properties": {fact_type.id: {"required": [name]}}}
        listed.append(rule)
    disclosed: Schema = {"if": {"required": ["disclosed"]}, "then": {"allOf": listed}, "else": without}
    return {"if": {"required": [fact_type.id]}, "then": disclosed}


def _values(fact_type: FactType, vocabulary: Vocabulary) -> Schema:
    fields = {
        field.id: {"description": _described(field), **value_schema(field, vocabulary.units)}
        for field in fact_type.fields
    }
    return closed(_about(fact_type), fields)


def _about(fact_type: FactType) -> str:
    return f"{fact_type.title}. {fact_type.describe}".strip()


def _described(field: Field) -> str:
    """Return the hover text of a field."""
    parts = [field.label]
    if field.key:
        parts.append("A key field: it says what the fact is about.")
    if field.optional:
        parts.append("It may be left out.")
    if field.unit:
        parts.append(f"A quantity with its unit; it is kept in {field.unit}.")
    if field.type.is_decimal:
        parts.append(f"At most {field.digits} decimal places{f' in {field.unit}' if field.unit else ''}.")
    if field.valid is not None:
        parts.append(f"It must pass `{field.valid.text}`.")
    return " ".join(part if part.endswith(".") else f"{part}." for part in parts)


def _tests(fact_type: FactType, vocabulary: Vocabulary) -> Schema:
    own = {field.id: unary_test(field, vocabulary.units, together=True) for field in fact_type.fields}
    described = {
        field.id: {"description": f"A test. {_described(field)}", **own[field.id]} for field in fact_type.fields
    }
    describe = f"{fact_type.title}: unary tests by field. No fact passes all of them."
    return closed(describe, {**described, **{key: ref(f"test_{key}") for key in RESERVED}})


def _reserved_tests(vocabulary: Vocabulary) -> dict[str, Schema]:
    """Return the definitions of the tests on what every fact has beside its fields."""

    def tested(name: str) -> Schema:
        field = vocabulary.reserved_field(name)
        assert field is not None
        return unary_test(field, vocabulary.units)

    evidence = {key: tested(f"evidence.{key}") for key in EVIDENCE}
    fields = {f"test_{key}": tested(key) for key in RESERVED if key != "evidence"}
    return {**fields, "test_evidence": closed("Tests on the source of the fact.", evidence)}


def _answer_blocks(vocabulary: Vocabulary) -> Schema:
    blocks = [ref(f"answers_{type.id}") for type in vocabulary.fact_types if asked_fields(type) is not None]
    if not blocks:
        return {"type": "array", "maxItems": 0}
    block: Schema = blocks[0] if len(blocks) == 1 else {"oneOf": blocks}
    return {"anyOf": [block, {"type": "array", "items": block}]}


def _answers(fact_type: FactType, question: Field, answer: Field, vocabulary: Vocabulary) -> Schema:
    more = [field.id for field in fact_type.fields if field.optional]
    beside = _beside(more)
    value = value_schema(answer, vocabulary.units)
    full = mapping("An answer with keys of its own.", {"is": value, **beside}, ["is"])
    plain = {**value, "type": ["string", "number", "boolean", "array"]} if "type" not in value else value
    values: Schema = {
        "type": "object",
        "description": "Answers by question.",
        "additionalProperties": {"anyOf": [plain, full]},
        **_question_names(question, vocabulary),
    }
    own = {"fact": {"description": "The fact type of the answers.", "enum": words([fact_type.id])}, "values": values}
    return mapping(_about(fact_type), {**own, **beside}, ["fact", "values"])


def _question_names(question: Field, vocabulary: Vocabulary) -> Schema:
    """Return which keys answers may have. A key is a text in JSON, so that only names can be told."""
    if not question.type.is_worded:
        return {}
    schema = value_schema(question, vocabulary.units)
    return {"propertyNames": schema} if question.type is not FieldType.TEXT else {"propertyNames": dict(TEXT)}


OF_METHODOLOGY: Mapping[str, Callable[[Methodology], Schema]] = {
    "added_facts": added_facts_schema_of,
    "company": company_schema_of,
}
"""The schemas that know a methodology, each with the function that makes it."""

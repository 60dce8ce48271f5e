"""The sheets of a workbook for people: heads with comments, drop-downs, and a first page that says what cells mean."""

from collections.abc import Iterable

from attrs import evolve

from cleancloud_rules.language.answers import asked_fields
from cleancloud_rules.language.questions import names_questions
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Basis, FactType, Field, ResponseStatus
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import FieldType
from cleancloud_rules.sheets.layout import (
    ANSWERS,
    BESIDE,
    COMPANIES,
    COMPANY,
    DATASET,
    DATASET_KEYS,
    FACT,
    NOT_FOUND,
    RESPONSES,
    SOURCES,
    VALUE,
    column_of,
)
from cleancloud_rules.sheets.rows import Table
from cleancloud_rules.sheets.values import DISCLOSED, NOTHING
from cleancloud_rules.sheets.workbook_writer import Choices, Head, Page

BESIDE_WORDS = {
    "period": "The time that the fact is about: a year such as 2023, or 2022-04-01/2023-03-31.",
    "as_of": "The day on which the fact was true, for a fact without a period, such as 2024-06-30.",
    "basis": "How the fact is known.",
    "source": f"The id of a source of the sheet `{SOURCES}`. Write {NOTHING} if there is none.",
    "locator": "Where in the source: a page, a table or a section.",
    "entity": "The part of the company that the fact is about, such as a subsidiary; empty for the company.",
    "note": "Anything a reader should know about it.",
}
_COMPANY = {
    "id": "A short name without spaces, by which other sheets name the company: letters, digits, _, - and full stops.",
    "name": "The name that a reader sees.",
    "cohort": "The cohort in which the company is ranked.",
    "aliases": "Other names of the company, with semicolons between them.",
}
_SOURCE = {
    "id": "A short name without spaces, by which other sheets cite the source: letters, digits, _, - and full stops.",
    "type": "The kind of source.",
    "title": "The title of the publication.",
    "publisher": "Who published it.",
    "published": "When it was published: a day such as 2024-06-30, a year, or unknown.",
    "accessed": "When it was read: a day such as 2024-06-30, or a year.",
    "url": "Where it was read.",
    "archived": "The address of an archived copy.",
    "footnotes": "Numbers of footnotes that cite it, with commas between them.",
    "note": "Anything a reader should know about it.",
    "public": "Whether everybody can read it.",
}
_SEARCH = {
    COMPANY: f"The id of a company of the sheet `{COMPANIES}`.",
    FACT: "The kind of fact that was looked for and not found.",
    "what": 'The tests that no fact passes, such as: percent: "> 10". Leave it empty if there is no such fact at all.',
}
_RESPONSE = {
    COMPANY: f"The id of a company of the sheet `{COMPANIES}`.",
    "id": "The id of the response. A response that offers several facts has a row for each.",
    "received": "The day on which it was received, such as 2024-06-30.",
    "by": "Who says it: a name or a role, as given.",
    "about": "The ids of the criteria that it is about, with commas between them.",
    "reason": "The reason, in the words of the company.",
    "disputes": "The ids of the stated facts that it calls wrong, with commas between them.",
    "status": "What the publisher has decided; empty for open.",
    "decision": "The reason of the publisher.",
    FACT: "The kind of fact that it offers as evidence; empty for none.",
    VALUE: "The values of the fact, such as: percent: 38%; denominator: electricity",
}
EXAMPLES = {
    FieldType.BOOLEAN: "yes or no",
    FieldType.INTEGER: "12, >10, <=20, or 10 to 20",
    FieldType.YEAR: "2030, <=2030, or 2025 to 2030",
    FieldType.NUMBER: "1.25, >1.2, <=1.5, or 1.2 to 1.5",
    FieldType.PERCENT: "15.43%, >38%, or 38% to 40%",
    FieldType.DATE: "2024-06-30, or <=2024-06-30",
    FieldType.TEXT: "a text",
}


def page_of(table: Table, methodology: Methodology) -> Page:
    """Return the sheet of a table."""
    heads = {COMPANIES: _company_heads, SOURCES: _source_heads, NOT_FOUND: _search_heads, DATASET: _dataset_heads,
             RESPONSES: _response_heads}  # fmt: skip
    if table.name in heads:
        return Page(table.name, heads[table.name](methodology), table.rows)
    fact_type = methodology.vocabulary.by_id.get(table.name)
    fields = {} if fact_type is None else {column_of(own): own for own in fact_type.fields}
    made = []
    for name in table.columns:
        if name in fields:
            made.append(_field_head(name, fields[name]))
        else:
            made.append(_head_beside(name, methodology))
    return Page(table.name, tuple(made), table.rows)


def answer_page(methodology: Methodology) -> Page | None:
    """Return the sheet of answers, companies down and questions across; None if the methodology asks no questions."""
    titles: dict[str, str] = {criterion.id: criterion.title for criterion in methodology.criteria}
    types = [each for each in methodology.vocabulary.fact_types if _is_questionnaire(each)]
    heads = [_head_beside(COMPANY, methodology)]
    if len(types) > 1:
        heads.append(Head(FACT, comment="The kind of answer.", choices=Choices(tuple(each.id for each in types))))
    asked: dict[str, Field] = {}
    for fact_type in types:
        question, answer = asked_fields(fact_type) or (None, None)
        asked |= {id: answer for id in (question.values if question is not None else ()) if answer is not None}
    for id, answer in asked.items():
        own = _field_head(id, answer)
        comment = f"{titles[id]}\n{own.comment}" if id in titles else own.comment
        heads.append(Head(id, comment=comment, choices=own.choices))
    heads += [_head_beside(name, methodology) for name in BESIDE]
    return Page(ANSWERS, tuple(heads)) if types else None


def _is_questionnaire(fact_type: FactType) -> bool:
    fields = asked_fields(fact_type)
    return fields is not None and names_questions(fields[0])


def _company_heads(methodology: Methodology) -> tuple[Head, ...]:
    cohorts = tuple(id for id, _ in methodology.vocabulary.cohorts)
    choices = {"cohort": Choices(cohorts)} if cohorts else {}
    return tuple(
        Head(name, name in ("id", "name"), comment, choices.get(name), 30 if name in ("name", "aliases") else 24)
        for name, comment in _COMPANY.items()
    )


def _source_heads(methodology: Methodology) -> tuple[Head, ...]:
    types = methodology.vocabulary.source_types
    choices = {"public": Choices(("yes", "no")), **({"type": Choices(types)} if types else {})}
    return tuple(
        Head(name, name in ("id", "type"), comment, choices.get(name), 40 if name in ("title", "url", "note") else 20)
        for name, comment in _SOURCE.items()
    )


def _search_heads(methodology: Methodology) -> tuple[Head, ...]:
    types = Choices(tuple(each.id for each in methodology.vocabulary.fact_types))
    own = [
        _head_beside(COMPANY, methodology),
        Head(FACT, is_required=True, comment=_SEARCH[FACT], choices=types, width=24),
        Head("what", comment=_SEARCH["what"], width=40),
    ]
    return (*own, *(_head_beside(name, methodology) for name in ("basis", "source", "locator", "note")))


def _response_heads(methodology: Methodology) -> tuple[Head, ...]:
    required = (COMPANY, "id", "received", "by", "reason")
    choices = {
        COMPANY: Choices(sheet=COMPANIES, is_strict=False),
        "status": Choices(tuple(status.value for status in ResponseStatus)),
        FACT: Choices(tuple(each.id for each in methodology.vocabulary.fact_types)),
    }
    own = (
        Head(name, name in required, comment, choices.get(name), 40 if name in ("reason", "decision", VALUE) else 20)
        for name, comment in _RESPONSE.items()
    )
    return (*own, *(evolve(_head_beside(name, methodology), is_required=False) for name in BESIDE))


def _dataset_heads(_: Methodology) -> tuple[Head, ...]:
    keys = f"One of {', '.join(DATASET_KEYS)}."
    return (Head("key", is_required=True, comment=keys, choices=Choices(DATASET_KEYS)), Head("value", width=60))


def _head_beside(name: str, methodology: Methodology) -> Head:
    """Return a column that the facts of all types have."""
    own = tuple(source.id for source in methodology.bibliography)
    choices = {
        COMPANY: Choices(sheet=COMPANIES, is_strict=False),
        FACT: Choices(tuple(each.id for each in methodology.vocabulary.fact_types)),
        "basis": Choices(tuple(basis.value for basis in Basis)),
        "source": Choices((*own, NOTHING), SOURCES, is_strict=False),
    }
    comment = BESIDE_WORDS.get(name) or _SEARCH.get(name, "")
    width = 40 if name in ("locator", "note") else 20
    return Head(name, name in (COMPANY, FACT, "basis", "source"), comment, choices.get(name), width)


def _field_head(column: str, own: Field) -> Head:
    """Return the column of a field."""
    lines = [f"{own.label}{'' if own.optional else ' (required)'}"]
    choices = None
    match own.type:
        case FieldType.ENUM:
            choices = Choices((*own.values, DISCLOSED))
            lines.append(f"One of: {', '.join(own.values)}")
        case FieldType.SET:
            lines.append(f"One or more of: {', '.join(own.values)}; with commas between them")
        case FieldType.QUANTITY:
            lines.append(f"Such as: 10 {own.unit}, >10 {own.unit}, or 10 to 20 {own.unit}")
        case FieldType.BOOLEAN:
            choices = Choices(("yes", "no", DISCLOSED))
        case _:
            lines.append(f"Such as: {EXAMPLES[own.type]}")
    if own.valid is not None:
        lines.append(f"Must be: {own.valid.text}")
    if not own.optional:
        lines.append(f"Write {DISCLOSED} if it was published without its value.")
    return Head(column, not own.optional, "\n".join(lines), choices)


def introduction(dataset: Dataset, methodology: Methodology, names: Iterable[str]) -> tuple[str, ...]:
    """Return the lines of the first sheet."""
    types = methodology.vocabulary.by_id
    sheets = [f"{name}: {types[name].title}." for name in names if name in types]
    head = f"# Facts for {methodology.title}, edition {methodology.edition}"
    return (
        head,
        *([] if dataset.title in head else [dataset.title]),
        "",
        "# How to fill it in",
        f"1. List the companies in the sheet `{COMPANIES}` and what you have read in the sheet `{SOURCES}`.",
        "2. Write each fact as a row in the sheet of its kind. Point at the name of a column to see what it means.",
        f"3. Write into the sheet `{NOT_FOUND}` what you looked for and did not find.",
        "4. Save the workbook as .xlsx, and run: cleancloud-rules check FILE.xlsx",
        "",
        "# What cells mean",
        "An empty cell says nothing. It never means no.",
        "Columns with a bold name need a value in each row; the others may stay empty.",
        "15.43% is a percentage. Write the sign: 0.15 could be 15% or 0.15%.",
        ">38%, >=2040, <2030 and <=2030 say that only a bound is known; 38% to 40% names both ends.",
        "1.61 TWh and 1,300 MWh are quantities, always with their units.",
        "scope_1, scope_2 are several values of one cell.",
        f"{DISCLOSED} says that something was published, and that its value is not at hand.",
        f"{NOTHING} in the column source says that a fact has no source.",
        "A day is written as 2024-06-30, and a period as 2023 or as 2022-04-01/2023-03-31.",
        "Formulas and merged cells are refused, because what they show may change.",
        "A sheet or a column whose name begins with _ is for your own notes: it is not read.",
        "",
        "# The sheets of facts",
        *sheets,
    )

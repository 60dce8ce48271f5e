"""Which sheets there are, and their columns: what the reader and the writer of sheets agree on."""

from cleancloud_rules.language.answers import asked_fields
from cleancloud_rules.language.load.vocabulary import BESIDE_FACT
from cleancloud_rules.model.facts import FactType, Field
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.sheets.grid import IGNORED

COMPANIES, SOURCES, NOT_FOUND, FACTS, ANSWERS, RESPONSES, DATASET = (
    "companies", "sources", "not_found", "facts", "answers", "responses", "dataset",
)  # fmt: skip
"""The sheets beside those of fact types."""

RESULTS = ("ranking", "criteria", "findings")
"""The sheets of results, which are written and never read."""

BASE = "_base"
"""The hidden sheet that says what was stated at the export, so that an update knows which side has changed."""

BASE_COLUMNS = ("company", "id")

READ_ME = "Read me"
"""The first sheet, which says what cells mean."""

OWN_SHEETS = (READ_ME, DATASET, COMPANIES, FACTS, ANSWERS, NOT_FOUND, RESPONSES, SOURCES, *RESULTS)

COMPANY, FACT, VALUE = "company", "fact", "value"

BESIDE = tuple(key for key in BESIDE_FACT if key != "disclosed")
"""The columns beside the fields of a fact. A field that was disclosed without its value has a sign in its own cell."""

COMPANY_COLUMNS = ("id", "name", "cohort", "aliases")
SOURCE_COLUMNS = (
    "id", "type", "title", "publisher", "published", "accessed", "url", "archived", "footnotes", "note", "public",
)  # fmt: skip
NOT_FOUND_COLUMNS = (COMPANY, FACT, "what", "basis", "source", "locator", "note")
RESPONSE_COLUMNS = ("id", "received", "by", "about", "reason", "disputes", "status", "decision")
"""The columns of a response as a whole: `id` stands in each of its rows, the others in the first one."""

DATASET_COLUMNS = ("key", "value")
DATASET_KEYS = ("title", "methodology", "as_of", "description", "selection")

ANSWER, REPLY = "answer", "reply"
"""The sheets of an answer sheet: what a company answers criterion by criterion, and whose answer it is."""

PRINTED = ("title", "asked", "held", "held source", "points", "maximum")
"""The columns of the sheet `answer` that say what is held. They are not read."""

PUBLICATION = ("source type", "publisher", "published", "address")
"""Its columns that describe a publication which is cited for the first time, beside its title under `source`."""

ANSWER_COLUMNS = (
    "criterion", *PRINTED, "reason", "wrong", FACT, VALUE, "period", "as_of", "source", *PUBLICATION,
    "locator", "basis", "entity", "note",
)  # fmt: skip

REPLY_KEYS = ("company", "methodology", "by")

_MAX_NAME = 31
"""The maximum length of the name of a sheet."""


def is_read(sheet: str) -> bool:
    """Return whether a sheet of this name is read."""
    return sheet == BASE or not sheet.startswith(IGNORED)


def has_sheet(fact_type: FactType) -> bool:
    """Return whether a fact type can have a sheet of its own; the facts of the others stand in the sheet `facts`."""
    return len(fact_type.id) <= _MAX_NAME and fact_type.id not in (name.lower() for name in OWN_SHEETS)


def column_of(field: Field) -> str:
    """Return the name of the column of a field. A name that other columns have gets a dot in front."""
    return f".{field.id}" if field.id in (COMPANY, FACT, *BESIDE) else field.id


def columns_of_type(fact_type: FactType) -> tuple[str, ...]:
    """Return the columns of the sheet of a fact type."""
    return (COMPANY, *map(column_of, fact_type.fields), *BESIDE)


def columns_of_facts(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the columns of the sheet `facts`, with the facts of all types: their fields in the order of the types."""
    fields = dict.fromkeys(column_of(field) for fact_type in vocabulary.fact_types for field in fact_type.fields)
    return (COMPANY, FACT, *fields, *BESIDE)


def questions_of(vocabulary: Vocabulary) -> dict[str, tuple[FactType, ...]]:
    """Return the questions that the sheet `answers` can have as columns, each with the fact types that ask it."""
    found: dict[str, tuple[FactType, ...]] = {}
    for fact_type in vocabulary.fact_types:
        asked = asked_fields(fact_type)
        for question in asked[0].values if asked is not None else ():
            found[question] = (*found.get(question, ()), fact_type)
    return {question: types for question, types in found.items() if question not in (COMPANY, FACT, *BESIDE)}

"""Rows of texts for the sheets of a dataset: how values, facts, searches and sources are written into cells."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen

from cleancloud_rules.documents.yaml import write_line
from cleancloud_rules.generators.serialise import stated_condition, stated_fact
from cleancloud_rules.language.conditions import TOGETHER
from cleancloud_rules.model.conditions import Members
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.digest import sha256
from cleancloud_rules.model.facts import Company, Fact, FactType, Field, NotFound, Response, Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import FieldType, Interval
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.sheets.layout import (
    BASE,
    BASE_COLUMNS,
    BESIDE,
    COMPANIES,
    COMPANY_COLUMNS,
    DATASET,
    DATASET_COLUMNS,
    DATASET_KEYS,
    FACTS,
    NOT_FOUND,
    NOT_FOUND_COLUMNS,
    RESPONSES,
    SOURCE_COLUMNS,
    SOURCES,
    column_of,
    columns_of_facts,
    columns_of_type,
    has_sheet,
)
from cleancloud_rules.sheets.values import DISCLOSED, NOTHING

_SIGNS = {"more_than": ">", "at_least": ">=", "less_than": "<", "at_most": "<="}


@frozen
class Table:
    """A table of texts.

    Args:
        name: its name.
        columns: the names of its columns.
        rows: its rows; an empty text is an empty cell.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables_of(dataset: Dataset, methodology: Methodology, *, is_long: bool) -> tuple[Table, ...]:
    """Return the tables of a dataset: its head, the companies, facts, searches and sources.

    Args:
        dataset: the dataset.
        methodology: for which it was loaded.
        is_long: whether the facts of all types stand in one table, and not in one for each type.
    """
    vocabulary = methodology.vocabulary
    facts = [_long(dataset, vocabulary, vocabulary.fact_types)] if is_long else _by_type(dataset, vocabulary)
    companies, searches, sources = listing_tables(dataset, methodology)
    return (_head(dataset), companies, *facts, searches, sources)


def base_table(dataset: Dataset) -> Table:
    """Return the table of what is stated: the ids of the facts and searches of each company."""
    return Table(BASE, BASE_COLUMNS, tuple((company.id, id) for company in dataset.companies for id in ids_of(company)))


def ids_of(company: Company) -> tuple[str, ...]:
    """Return the ids of what a company states: of its facts, and of its searches and responses by their digests."""
    facts = (fact.id for fact in company.facts)
    return (*facts, *map(search_id, company.not_found), *map(response_id, company.responses))


def search_id(search: NotFound) -> str:
    """Return an id of a search without result, which depends on its content alone."""
    return f"{NOT_FOUND}-{sha256(search)[:16]}"


def response_id(response: Response) -> str:
    """Return an id of a response that depends on all its content."""
    return f"{RESPONSES}-{sha256(response)[:16]}"


def _head(dataset: Dataset) -> Table:
    values = (getattr(dataset, key) for key in DATASET_KEYS)
    rows = [(key, str(value)) for key, value in zip(DATASET_KEYS, values, strict=True) if value not in (None, "")]
    return Table(DATASET, DATASET_COLUMNS, tuple(rows))


def _companies(dataset: Dataset) -> Table:
    rows = ((c.id, c.name, c.cohort or "", "; ".join(c.aliases)) for c in dataset.companies)
    return Table(COMPANIES, COMPANY_COLUMNS, tuple(rows))


def _by_type(dataset: Dataset, vocabulary: Vocabulary) -> list[Table]:
    """Return a table for each fact type, and one for the types that have none."""
    made = [table_of_type(dataset, fact_type) for fact_type in filter(has_sheet, vocabulary.fact_types)]
    others = [fact_type for fact_type in vocabulary.fact_types if not has_sheet(fact_type)]
    return [*made, _long(dataset, vocabulary, others)] if others else made


def table_of_type(dataset: Dataset, fact_type: FactType) -> Table:
    """Return the table of the facts of a type."""
    fields = {column_of(own): own for own in fact_type.fields}
    columns = columns_of_type(fact_type)
    rows = (
        tuple(_cells(company, fact, fields).get(column, "") for column in columns)
        for company, fact in _facts(dataset)
        if fact.type == fact_type.id
    )
    return Table(fact_type.id, columns, tuple(rows))


def listing_tables(dataset: Dataset, methodology: Methodology) -> tuple[Table, ...]:
    """Return the tables of the companies, the searches and the sources of a dataset."""
    return _companies(dataset), _searches(dataset, methodology.vocabulary), _sources(dataset, methodology)


def _long(dataset: Dataset, vocabulary: Vocabulary, types: Iterable[FactType]) -> Table:
    """Return one table of the facts of some types."""
    columns = columns_of_facts(vocabulary)
    fields = {fact_type.id: {column_of(own): own for own in fact_type.fields} for fact_type in types}
    rows = (
        tuple(_cells(company, fact, fields[fact.type]).get(column, "") for column in columns)
        for company, fact in _facts(dataset)
        if fact.type in fields
    )
    return Table(FACTS, columns, tuple(rows))


def _facts(dataset: Dataset) -> Iterable[tuple[Company, Fact]]:
    return ((company, fact) for company in dataset.companies for fact in company.facts)


def _cells(company: Company, fact: Fact, fields: dict[str, Field]) -> dict[str, str]:
    """Return the texts of the cells of a fact by column."""
    stated = stated_fact(fact)
    values = stated[fact.type]
    cells = {"company": company.id, "fact": fact.type}
    for column, own in fields.items():
        if own.id in fact.disclosed:
            cells[column] = DISCLOSED
        elif own.id in values:
            cells[column] = value_text(values[own.id], own)
    beside = {"basis": fact.basis.value, "source": NOTHING, **{key: stated[key] for key in BESIDE if key in stated}}
    return cells | {key: str(value) for key, value in beside.items()}


def value_text(value: Any, field: Field) -> str:
    """Return a value, as a company file states it, as the text of a cell."""
    match value:
        case {"between": [low, high]}:
            return f"{value_text(low, field)} to {value_text(high, field)}"
        case dict():
            return " and ".join(f"{_SIGNS[name]}{value_text(end, field)}" for name, end in value.items())
        case list():
            return ", ".join(value)
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value:f}%" if field.type is FieldType.PERCENT else f"{value:f}"
        case _:
            return f"{value}%" if field.type is FieldType.PERCENT else str(value)


def _searches(dataset: Dataset, vocabulary: Vocabulary) -> Table:
    rows = (
        (
            *(company.id, search.condition.fact_type, _what(search, vocabulary), search.basis.value),
            *(search.source.id if search.source else NOTHING, search.locator or "", search.note or ""),
        )
        for company in dataset.companies
        for search in company.not_found
    )
    return Table(NOT_FOUND, NOT_FOUND_COLUMNS, tuple(rows))


def _what(search: NotFound, vocabulary: Vocabulary) -> str:
    """Return the tests of a search as YAML in braces, without the braces."""
    tests = tests_of(search, vocabulary)
    return write_line(tests).removeprefix("{").removesuffix("}") if tests else ""


def tests_of(search: NotFound, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the tests of a search as a company file states them."""
    condition = search.condition
    tests: dict[str, Any] = stated_condition(condition, vocabulary.fields_of(condition))[condition.fact_type]
    if search.also:
        name, names = _together(search)
        tests[name] = {TOGETHER: names}
    return tests


def _together(search: NotFound) -> tuple[str, list[str]]:
    """Return the field whose names several facts are asked for together, and the names."""
    shared = set.intersection(*(set(condition.tests) for condition in search.conditions))
    separate = [test for condition in search.conditions for test in condition.tests if test not in shared]
    names = [name for test in separate for member in test.test.alternatives if isinstance(member, Members)
             for name in member.names]  # fmt: skip
    return separate[0].field, names


def _sources(dataset: Dataset, methodology: Methodology) -> Table:
    rows = (
        tuple(_source_cell(source, column) for column in SOURCE_COLUMNS)
        for source in listed_sources(dataset, methodology)
    )
    return Table(SOURCES, SOURCE_COLUMNS, tuple(rows))


def listed_sources(dataset: Dataset, methodology: Methodology) -> Sequence[Source]:
    """Return the sources of a dataset: the shared ones, and those that company files list and cite."""
    own = {source.id for source in methodology.bibliography}
    shared = {source.id for source in dataset.bibliography}
    return [source for id, source in known_sources(dataset).items() if id in shared or id not in own]


def known_sources(dataset: Dataset) -> dict[str, Source]:
    """Return the sources of a dataset, and those that its facts, searches and responses cite, sorted by id."""
    found = {source.id: source for source in dataset.bibliography}
    for company in dataset.companies:
        offered = (fact for response in company.responses for fact in response.facts)
        stated: tuple[Fact | NotFound, ...] = (*company.facts, *company.not_found, *offered)
        for source in (each.source for each in stated):
            if source is not None:
                found.setdefault(source.id, source)
    return {id: found[id] for id in sorted(found)}


def _source_cell(source: Source, column: str) -> str:
    value = getattr(source, column)
    if column == "footnotes":
        return ", ".join(map(str, value))
    if isinstance(value, Interval):  # the days of a year
        return str(value.low.year) if isinstance(value.low, date) else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)

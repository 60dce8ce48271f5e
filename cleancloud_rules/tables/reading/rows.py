"""Rows of normalised tables become companies again: as plain data, which the ordinary loader reads."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.nodes import Document, MappingNode, Node, SequenceNode
from cleancloud_rules.documents.plain_data import node_of
from cleancloud_rules.errors import FactsError
from cleancloud_rules.language.load.companies import company_of
from cleancloud_rules.language.load.stated_facts import bibliography_of
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.exact import plain, shifted
from cleancloud_rules.model.facts import Bibliography, Company, FactType, Field, NotFound
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import FieldType, Interval, Plain, Value
from cleancloud_rules.sheets.nodes import mapping, placed
from cleancloud_rules.sheets.rows import tests_of
from cleancloud_rules.tables import sql
from cleancloud_rules.tables.facts import BESIDE, DISCLOSED, NOT_FOUND, FactTables, columns_of, field_columns
from cleancloud_rules.tables.reading.listings import COMPANY_PARTS, SOURCE_PARTS

_FILE = SourceFile("<tables>")

Place = Callable[[str, int], Location]
"""Returns the place of a row, by the name of its table and its number there."""

SOURCE_TEXTS = ("title", "publisher", "url", "archived", "note")
"""The texts of a source."""


def _nowhere(table: str, line: int) -> Location:
    return Location(_FILE, path=f"{table}[{line}]")


def company_of_rows(tables: FactTables, methodology: Methodology, id: str) -> Company:
    """Return a company that tables hold.

    Args:
        tables: the tables.
        methodology: whose vocabulary they use.
        id: the id of the company.

    Raises:
        KeyError: if there is no such company.
        FactsError: if its facts contradict its searches without result.
    """
    gather = DiagnosticCollector()
    found = companies_of_rows(tables, methodology, [id], gather)
    if gather.failed:
        raise FactsError(gather.diagnostics, id)
    if not found:
        raise KeyError(id)
    return found[0]


def companies_of_rows(
    tables: FactTables,
    methodology: Methodology,
    ids: Sequence[str],
    gather: DiagnosticCollector,
    place: Place = _nowhere,
) -> tuple[Company, ...]:
    """Return companies that tables hold, sorted by id. Errors are added to `gather`.

    Args:
        tables: the tables.
        methodology: whose vocabulary they use.
        ids: the ids of the companies.
        gather: collects the diagnostics.
        place: returns the places of rows.
    """
    chosen = f"IN ({', '.join(map(sql.text, ids))})" if ids else "IS NULL"
    stated: dict[str, dict[str, list[Node]]] = {}
    cited: set[str] = set()
    for number, fact_type in enumerate(methodology.vocabulary.fact_types):
        for row in _rows(tables, f"facts_{number}", columns_of(fact_type), f"company {chosen}"):
            where = place(fact_type.id, row["line"])
            cited.add(row["source"])
            entry = placed(node_of(_fact(row, fact_type), "", _FILE), where)
            stated.setdefault(row["company"], {}).setdefault("facts", []).append(entry)
    for row in _rows(tables, "not_found", (*NOT_FOUND, "line"), f"company {chosen}"):
        search = tables.searches[row["search"]]
        cited.add(search.source.id if search.source is not None else "")
        where = place("not_found", row["line"])
        entry = placed(node_of(_search(search, methodology), "", _FILE), where)
        stated.setdefault(row["company"], {}).setdefault("not_found", []).append(entry)
    shared = bibliography(tables, methodology, cited)
    read = _rows(tables, "companies", COMPANY_PARTS, f"company {chosen}")
    documents = (_document(row, stated.get(row["company"], {})) for row in sorted(read, key=_id))
    companies = [company_of(document, methodology, shared, gather) for document in documents]
    return tuple(company for company in companies if company is not None)


def dataset_of_rows(tables: FactTables, methodology: Methodology, title: str) -> Dataset:
    """Return all companies that tables hold as a dataset; only for as many as fit into memory."""
    gather = DiagnosticCollector()
    ids = [id for (id,) in tables.backend.rows(f"SELECT company FROM {tables.named('companies')}")]
    companies = companies_of_rows(tables, methodology, ids, gather)
    if gather.failed:
        raise FactsError(gather.diagnostics)
    shared = bibliography(tables, methodology, None)
    return Dataset(title, methodology.id, companies, tuple(shared[id] for id in sorted(shared)))


def bibliography(tables: FactTables, methodology: Methodology, ids: Iterable[str] | None) -> Bibliography:
    """Return sources of the tables, without those that the methodology lists.

    Args:
        tables: the tables.
        methodology: the methodology.
        ids: the sources; None for all.
    """
    own = {source.id for source in methodology.bibliography}
    wanted = None if ids is None else sorted(id for id in set(ids) - own if id)
    chosen = "TRUE" if wanted is None else f"source IN ({', '.join(map(sql.text, wanted))})"
    rows = [] if wanted == [] else _rows(tables, "sources", SOURCE_PARTS, chosen)
    data = {row["source"]: _source(row) for row in rows if row["source"] not in own}
    root = node_of({"sources": data}, "", _FILE)
    assert isinstance(root, MappingNode)
    gather = DiagnosticCollector()
    found, _ = bibliography_of(Document(root, root.location), methodology, gather)
    if gather.failed:
        raise FactsError(gather.diagnostics)
    return found


def _rows(tables: FactTables, table: str, columns: Iterable[str], condition: str) -> Iterator[dict[str, Any]]:
    names = tuple(columns)
    query = f"SELECT {', '.join(names)} FROM {tables.named(table)} WHERE {condition}"
    return (dict(zip(names, row, strict=True)) for row in tables.backend.rows(query))


def _id(row: Mapping[str, Any]) -> str:
    id: str = row["company"]
    return id


def _document(row: Mapping[str, Any], stated: Mapping[str, Sequence[Node]]) -> Document:
    where = Location(_FILE, path=f"companies[{row['company']}]")
    head = {"id": row["company"], "name": row["name"], "cohort": row["cohort"], "aliases": row.get("aliases") or None}
    entries: list[tuple[str, Node]] = [
        (key, placed(node_of(value, "", _FILE), where)) for key, value in head.items() if value is not None
    ]
    lists = [(key, SequenceNode(tuple(nodes), where)) for key, nodes in stated.items()]
    return Document(mapping([*entries, *lists], where), where)


def _fact(row: Mapping[str, Any], fact_type: FactType) -> dict[str, Any]:
    """Return a row as an entry of `facts`."""
    values, disclosed = {}, []
    for number, own in enumerate(fact_type.fields):
        state, *held = (row[column] for column in field_columns(number, own))
        if state == DISCLOSED:
            disclosed.append(own.id)
        elif state:
            values[own.id] = _value(held, own)
    beside = {key: row[key] for key in BESIDE if not key.startswith("period_")}
    beside |= {"period": _period(row), "disclosed": disclosed or None}
    return {fact_type.id: values, **{key: value for key, value in beside.items() if value is not None}}


def _value(held: Sequence[Any], field: Field) -> Any:
    """Return what the columns of a field hold as a company file states it."""
    if not field.type.is_ordered:
        (value,) = held
        return value == "true" if field.type is FieldType.BOOLEAN else value
    low, high, low_open, high_open = held
    if low is not None and low == high:
        return _number(low, field)
    ends = {
        "more_than" if low_open else "at_least": None if low is None else _number(low, field),
        "less_than" if high_open else "at_most": None if high is None else _number(high, field),
    }
    return {key: value for key, value in ends.items() if value is not None}


def value_of_row(held: Sequence[Any], field: Field) -> Value:
    """Return the value that the columns of a field hold."""
    if field.type is FieldType.SET:
        return frozenset(held[0])
    if not field.type.is_ordered:
        text: str = held[0]
        return text == "true" if field.type is FieldType.BOOLEAN else text
    low, high, low_open, high_open = held
    if low is not None and low == high:
        return _exact(low, field)
    lowest, highest = (None if end is None else _exact(end, field) for end in (low, high))
    return Interval(lowest, highest, low_open, high_open)


def _exact(scaled: Decimal, field: Field) -> Plain:
    """Return a number that was scaled, or a day."""
    match field.type:
        case FieldType.DATE:
            return date.fromordinal(int(scaled))
        case FieldType.INTEGER | FieldType.YEAR:
            return int(scaled)
        case _:
            return plain(shifted(int(scaled), field.digits))


def _number(scaled: Decimal, field: Field) -> Any:
    """Return a number or a day as a company file states it."""
    exact = _exact(scaled, field)
    return f"{exact:f} {field.unit}" if field.type is FieldType.QUANTITY else exact


def _period(row: Mapping[str, Any]) -> int | str | None:
    start, end = row["period_start"], row["period_end"]
    if start is None:
        return None
    return int(start.year) if row["period_is_year"] else f"{start}/{end}"


def _search(search: NotFound, methodology: Methodology) -> dict[str, Any]:
    """Return a search as an entry of `not_found`."""
    beside = {
        "basis": search.basis.value,
        "source": search.source and search.source.id,
        "locator": search.locator,
        "note": search.note,
    }
    tests = tests_of(search, methodology.vocabulary)
    return {search.condition.fact_type: tests, **{key: value for key, value in beside.items() if value is not None}}


def _source(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as a source of a bibliography."""
    days = {key: _days(row[f"{key}_low"], row[f"{key}_high"]) for key in ("published", "accessed")}
    footnotes = [int(number) for number in row["footnotes"] or ()] or None
    texts = {key: row[key] for key in SOURCE_TEXTS}
    found = {"type": row["type"], **days, "footnotes": footnotes, **texts, "public": row["public"]}
    return {key: value for key, value in found.items() if value is not None}


def _days(first: date | None, last: date | None) -> date | int | None:
    return first if first == last or first is None else first.year

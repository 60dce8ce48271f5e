"""Tables of loaded companies, as if users' tables had been read."""

from collections.abc import Iterable
from typing import Any

from cleancloud_rules.model.facts import Company, Fact, NotFound, Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.tables.arrow import arrow_table
from cleancloud_rules.tables.backends import Backend
from cleancloud_rules.tables.facts import (
    COMPANIES,
    NOT_FOUND,
    SOURCES,
    FactTables,
    columns_of,
    ends_of,
    field_row,
)


def tables_of_companies(companies: Iterable[Company], methodology: Methodology, backend: Backend) -> FactTables:
    """Write the facts of loaded companies into tables.

    Args:
        companies: the companies; each id occurs once.
        methodology: the methodology that they were loaded for.
        backend: the database.
    """
    chosen = tuple(companies)
    sources: dict[Source, str] = {}
    searches: dict[NotFound, int] = {}
    facts: dict[str, list[tuple[Any, ...]]] = {t.id: [] for t in methodology.vocabulary.fact_types}
    not_found: list[tuple[str, int]] = []
    for company in chosen:
        for fact in company.facts:
            key = None if fact.source is None else sources.setdefault(fact.source, f"{len(sources)}")
            rows = facts[fact.type]
            rows.append((company.id, len(rows), *fact_row(fact, key)))
        not_found += [(company.id, searches.setdefault(entry, len(searches))) for entry in company.not_found]
    for number, fact_type in enumerate(methodology.vocabulary.fact_types):
        backend.register(f"facts_{number}", arrow_table(columns_of(fact_type), facts[fact_type.id]))
    rows = [(key, s.id, s.type, *ends_of(s.published), *ends_of(s.accessed)) for s, key in sources.items()]
    backend.register("companies", arrow_table(COMPANIES, [(c.id, c.cohort, c.name) for c in chosen]))
    backend.register("sources", arrow_table(SOURCES, rows))
    backend.register("not_found", arrow_table(NOT_FOUND, not_found))
    return FactTables(backend, tuple(searches))


def fact_row(fact: Fact, source: str | None) -> tuple[Any, ...]:
    """Return a fact in the order of the columns of its type, without the company and the line."""
    period, fields = fact.period, fact.values.fact_type.fields
    said = (value for own in fields for value in field_row(fact, own, own.digits))
    days = (None, None, None) if period is None else (period.start, period.end, period.text.isdigit())
    beside = (fact.entity, *days, fact.as_of, fact.basis.value, source, fact.locator, fact.note)
    return *said, *beside

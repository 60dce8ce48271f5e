"""Datasets as YAML files: what `import` writes, read back before it is kept."""

from collections.abc import Iterable, Mapping
from typing import Any

from cleancloud_rules.diagnostics.collector import DiagnosticCollector
from cleancloud_rules.documents.yaml import write_blocks
from cleancloud_rules.errors import FactsError, OutputError
from cleancloud_rules.formatting.formatter import formatted
from cleancloud_rules.generators.serialise import stated_fact
from cleancloud_rules.language.load.dataset_root import DATASET
from cleancloud_rules.language.load.files import dataset_from
from cleancloud_rules.language.load.methodology import sources_of
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Basis, Company, NotFound, Response, ResponseStatus, Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.values import Interval
from cleancloud_rules.model.vocabulary import Vocabulary
from cleancloud_rules.sheets.export import refuse_differences
from cleancloud_rules.sheets.layout import DATASET_KEYS, SOURCE_COLUMNS
from cleancloud_rules.sheets.rows import listed_sources, tests_of

_COMPANIES = "companies"

SOURCES = "sources.yaml"
"""The file of the sources of a dataset."""


def yaml_files_of(dataset: Dataset, methodology: Methodology) -> dict[str, str]:
    """Return the files of a dataset: their texts by name.

    Raises:
        OutputError: if they do not keep something; the message says what.
    """
    vocabulary = methodology.vocabulary
    head = {key: getattr(dataset, key) for key in DATASET_KEYS if getattr(dataset, key) not in (None, "")}
    sources = {source.id: source_entry(source) for source in listed_sources(dataset, methodology)}
    data: dict[str, Mapping[str, Any]] = {DATASET: {**head, "companies": _COMPANIES}}
    if sources:
        data = {DATASET: {**data[DATASET], "sources": SOURCES}, SOURCES: {"sources": sources}}
    data |= {f"{_COMPANIES}/{company.id}.yaml": company_data(company, vocabulary) for company in dataset.companies}
    texts = {name: _text(content, name) for name, content in data.items()}
    try:
        back = dataset_from(texts, methodology)
    except FactsError as error:
        raise OutputError(f"nothing is written: the files cannot be read back\n{error}") from error
    refuse_differences(dataset, back, "YAML")
    return texts


def company_text(company: Company, vocabulary: Vocabulary) -> str:
    """Return the text of a company file."""
    return _text(company_data(company, vocabulary), f"{company.id}.yaml")


def sources_text(sources: Iterable[Source]) -> str:
    """Return the text of a bibliography."""
    return _text({"sources": {source.id: source_entry(source) for source in sources}}, SOURCES)


def _text(data: Mapping[str, Any], name: str) -> str:
    """Return the content of a file as YAML in its usual layout."""
    written = write_blocks(data, depth=3 if name == SOURCES else 1)
    return formatted(written, name)[0] or written


def company_data(company: Company, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a company as its file states it."""
    data: dict[str, Any] = {"id": company.id, "name": company.name}
    lists = {
        "aliases": list(company.aliases),
        "cohort": company.cohort,
        "facts": [stated_fact(fact) for fact in company.facts],
        "not_found": [search_entry(search, vocabulary) for search in company.not_found],
        "responses": list(map(response_entry, company.responses)),
    }
    return data | {key: value for key, value in lists.items() if value}


def search_entry(search: NotFound, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a search without result as a company file states it."""
    beside = {
        "basis": search.basis.value if search.basis is not Basis.REPORTED else None,
        "source": search.source and search.source.id,
        "locator": search.locator,
        "note": search.note,
    }
    return {search.condition.fact_type: tests_of(search, vocabulary), **{k: v for k, v in beside.items() if v}}


def response_entry(response: Response, sources: Iterable[Source] = ()) -> dict[str, Any]:
    """Return a response as a company file states it.

    Args:
        response: the response.
        sources: the sources that it lists itself.
    """
    beside = {
        "about": list(response.about),
        "reason": response.reason,
        "sources": {source.id: source_entry(source) for source in sources},
        "facts": [stated_fact(fact) for fact in response.facts],
        "disputes": list(response.disputes),
        "status": response.status.value if response.status is not ResponseStatus.OPEN else None,
        "decision": response.decision,
    }
    head = {"id": response.id, "received": response.received, "by": response.by}
    return {**head, **{key: value for key, value in beside.items() if value}}


def own_sources(response: Response, vocabulary: Vocabulary) -> tuple[Source, ...]:
    """Return the sources that a response itself lists in its file, sorted by id."""
    assert response.node is not None
    listed = sources_of(response.node, vocabulary.source_types, DiagnosticCollector())
    return tuple(listed[id] for id in sorted(listed))


def source_entry(source: Source) -> dict[str, Any]:
    """Return a source as a bibliography lists it."""
    found: dict[str, Any] = {}
    for key in SOURCE_COLUMNS[1:]:
        value = getattr(source, key)
        if isinstance(value, Interval):  # the days of a year
            value = value.low.year  # type: ignore[union-attr]
        if value not in (None, (), ""):
            found[key] = list(value) if isinstance(value, tuple) else value
    return found

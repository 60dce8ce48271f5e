"""Datasets: which files belong together, read and loaded."""

from pathlib import Path

from attrs import frozen

from cleancloud_rules import _source
from cleancloud_rules._converters import structure
from cleancloud_rules._findings import Gather
from cleancloud_rules._loading_facts import bibliography_of, company_of
from cleancloud_rules._shapes import DatasetFile
from cleancloud_rules._values import text_of
from cleancloud_rules.datasets import Dataset
from cleancloud_rules.diagnostics import Location, Source
from cleancloud_rules.documents import Document, Scalar, Sequence
from cleancloud_rules.facts import Bibliography, CompanyFacts
from cleancloud_rules.methodology import Methodology

DATASET = "dataset.yaml"
"""The file that says what belongs to a dataset."""


@frozen
class DatasetDocuments:
    """The files of a dataset, read.

    Args:
        folder: the folder of the dataset.
        file: ``dataset.yaml``.
        sources: the bibliography, if there is one.
        companies: the company files, sorted by path.
    """

    folder: Path
    file: DatasetFile
    sources: Document | None
    companies: tuple[Document, ...]


def _read(path: Path, gather: Gather) -> Document | None:
    document, findings = _source.read_file(path)
    gather.diagnostics.extend(findings)
    return document


def _head(path: Path, gather: Gather) -> DatasetFile | None:
    document = _read(path, gather)
    return None if document is None else gather.attempt(structure, document.root, DatasetFile)


def sources_beside(path: Path, gather: Gather) -> Document | None:
    """Return the bibliography of the dataset that a company file belongs to, if it belongs to one."""
    for folder in (path.parent, path.parent.parent):
        if (folder / DATASET).is_file():
            head = _head(folder / DATASET, gather)
            return _read(folder / head.sources, gather) if head is not None and head.sources else None
    return None


def company_files(path: Path) -> tuple[Path, ...]:
    """Return a company file itself, or the company files directly in a folder, sorted."""
    if not path.is_dir():
        return (path,)
    return tuple(sorted(p for p in path.iterdir() if p.suffix in (".yaml", ".yml", ".json") and p.is_file()))


def dataset_documents(path: Path, gather: Gather) -> DatasetDocuments | None:
    """Read all files of a dataset; what is wrong is added to `gather`."""
    file_path = path / DATASET if path.is_dir() else path
    folder = file_path.parent
    head = _head(file_path, gather)
    if head is None:
        return None
    sources = _read(folder / head.sources, gather) if head.sources else None
    nodes = head.companies.items if isinstance(head.companies, Sequence) else (head.companies,)
    documents: list[Document] = []
    for node in nodes:
        named = gather.attempt(text_of, node, "a file or a folder")
        if named is None:
            continue
        paths = company_files(folder / named)
        if not paths and isinstance(node, Scalar):
            gather.add("missing-file", f"`{named}` holds no company files", node.location)
        documents.extend(d for d in (_read(p, gather) for p in paths) if d is not None)
    return DatasetDocuments(folder, head, sources, tuple(documents))


def dataset_of(found: DatasetDocuments, methodology: Methodology, gather: Gather) -> Dataset:
    """Return the dataset that its files describe; what is wrong is added to `gather`."""
    file = found.file
    assert file.node is not None
    if file.methodology != methodology.id:
        message = f"the dataset is made for `{file.methodology}`, not for `{methodology.id}`"
        gather.add("wrong-methodology", message, file.node.value_location("methodology"))
    shared: Bibliography = {}
    if found.sources is not None:
        shared = bibliography_of(found.sources, methodology, gather)
    loaded = [company_of(document, methodology, shared, gather) for document in found.companies]
    companies = [company for company in loaded if company is not None]
    _repeated(companies, gather)
    if file.published is not None and not (found.folder / file.published).is_file():
        where = file.node.value_location("published")
        gather.add("unreadable-file", f"there is no file `{file.published}`", where)
    return Dataset(
        file.title,
        file.methodology,
        tuple(sorted(companies, key=lambda company: company.id)),
        tuple(shared[id] for id in sorted(shared)),
        file.description,
        file.selection,
        found.folder / file.published if file.published else None,
        node=file.node,
    )


def _repeated(companies: list[CompanyFacts], gather: Gather) -> None:
    seen: dict[str, Location] = {}
    for company in companies:
        where = company.node.value_location("id") if company.node else Location(Source("<data>"))
        if company.id in seen:
            gather.add("repeated-id", f"company `{company.id}` is declared already, at {seen[company.id]}", where)
        seen.setdefault(company.id, where)

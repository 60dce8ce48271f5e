"""Loads datasets: ``dataset.yaml`` and the files that it names."""

from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from attrs import frozen

from cleancloud_rules.diagnostics.collector import EVERYTHING, NOTHING, DiagnosticCollector, did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents import yaml
from cleancloud_rules.documents.nodes import Document, Node, ScalarNode, SequenceNode
from cleancloud_rules.language.converter import salvage
from cleancloud_rules.language.file_types import DatasetFile
from cleancloud_rules.language.load.claims import statements_of
from cleancloud_rules.language.load.companies import bibliography_of, company_of
from cleancloud_rules.language.load.overlays import with_overlay
from cleancloud_rules.language.load.published import read_published
from cleancloud_rules.language.values import text_of
from cleancloud_rules.model.claims import PublishedClaim
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Bibliography, Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import PublishedTable

DATASET = "dataset.yaml"
"""The file that names the files of a dataset."""


@frozen
class DatasetDocuments:
    """The parsed files of a dataset.

    Args:
        folder: the folder of the dataset.
        file: ``dataset.yaml``.
        sources: the bibliography, if there is one.
        companies: the company files, sorted by path.
        statements: the file of published claims, if there is one.
        overlays: the overlays, if they were asked for.
        is_whole: whether no company file is missing or unreadable.
    """

    folder: Path
    file: DatasetFile
    sources: Document | None
    companies: tuple[Document, ...]
    statements: Document | None = None
    overlays: tuple[Document, ...] = ()
    is_whole: bool = True


def _read(path: Path, gather: DiagnosticCollector) -> Document | None:
    document, diagnostics = yaml.read_file(path)
    gather.include(*diagnostics)
    return document


def _head(path: Path, gather: DiagnosticCollector) -> DatasetFile | None:
    document = _read(path, gather)
    if document is None:
        return None
    nothing = SequenceNode((), document.root.location)
    return salvage(document.root, DatasetFile, gather, title="", methodology="", companies=nothing)[0]


def read_beside(path: Path, gather: DiagnosticCollector, *, with_hypothetical: bool = False) -> DatasetDocuments | None:
    """Read the sources and overlays of the dataset that a company file belongs to; None if it belongs to none."""
    file = dataset_file_of(path.parent)
    head = None if file is None else _head(file, gather)
    if file is None or head is None:
        return None
    folder = file.parent
    sources = _beside(folder, head.sources, head, "sources", gather)
    overlays = _overlays(folder, head, gather) if with_hypothetical else ()
    return DatasetDocuments(folder, head, sources, (), None, overlays)


def dataset_file_of(folder: Path) -> Path | None:
    """Return the ``dataset.yaml`` in a folder or in the folder above it; None if there is none."""
    files = (folder / DATASET, _above(folder) / DATASET)
    return next((file for file in files if file.is_file()), None)


def _overlays(folder: Path, head: DatasetFile, gather: DiagnosticCollector) -> tuple[Document, ...]:
    read = [_beside(folder, name, head, "overlays", gather, index) for index, name in enumerate(head.overlays)]
    return tuple(overlay for overlay in read if overlay is not None)


def folders_around(folder: Path) -> Iterator[Path]:
    """Yield the folders around a folder, the innermost first."""
    while folder.resolve() != folder.resolve().parent:
        folder = _above(folder)
        yield folder


def _above(folder: Path) -> Path:
    """Return the folder around a folder, as a short path if its name allows that."""
    return folder / ".." if folder.name in ("", "..") else folder.parent


def _beside(
    folder: Path, name: str | None, head: DatasetFile, key: str, gather: DiagnosticCollector, index: int | None = None
) -> Document | None:
    """Read a file that a dataset names; None if it names none, or if the file is missing."""
    return _read(folder / name, gather) if name and _is_there(folder, name, head, key, gather, index) else None


def _is_there(
    folder: Path, name: str, head: DatasetFile, key: str, gather: DiagnosticCollector, index: int | None = None
) -> bool:
    is_there = (folder / name).is_file()
    if not is_there and head.node is not None:
        gather.add("missing-file", f"there is no file `{name}`", head.node.value_location(key, index))
    return is_there


def company_files(path: Path) -> tuple[Path, ...]:
    """Return the path of a company file itself, or of the company files directly in a folder, sorted."""
    if not path.is_dir():
        return (path,)
    return tuple(sorted(p for p in path.iterdir() if p.suffix in (".yaml", ".yml", ".json") and p.is_file()))


def dataset_documents(
    path: Path, gather: DiagnosticCollector, *, with_hypothetical: bool = False
) -> DatasetDocuments | None:
    """Read all files of a dataset; overlays only if asked for. Errors are added to `gather`."""
    file_path = path / DATASET if path.is_dir() else path
    folder = file_path.parent
    head = _head(file_path, gather)
    if head is None:
        return None
    sources = _beside(folder, head.sources, head, "sources", gather)
    nodes = head.companies.items if isinstance(head.companies, SequenceNode) else (head.companies,)
    part = DiagnosticCollector()
    documents = [document for node in nodes for document in _companies(folder, node, part)]
    gather.absorb(part)
    statements = _beside(folder, head.statements, head, "statements", gather)
    overlays = _overlays(folder, head, gather) if with_hypothetical else ()
    return DatasetDocuments(folder, head, sources, tuple(documents), statements, overlays, not part.failed)


def _companies(folder: Path, node: Node, gather: DiagnosticCollector) -> Iterable[Document]:
    """Read the company files that an entry of ``companies`` names."""
    named = gather.attempt(text_of, node, "a file or a folder")
    if named is None:
        return
    paths = company_files(folder / named) if (folder / named).exists() else ()
    if not paths:
        gather.add("missing-file", f"there are no company files at `{named}`", node.location)
    for path in paths:
        document = _read(path, gather)
        if document is not None:
            yield document


def dataset_of(found: DatasetDocuments, methodology: Methodology, gather: DiagnosticCollector) -> Dataset:
    """Return the dataset that its files describe. Errors are added to `gather`."""
    file = found.file
    assert file.node is not None
    if file.methodology and file.methodology != methodology.id:
        message = f"the dataset is made for `{file.methodology}`, not for `{methodology.id}`"
        gather.add("wrong-methodology", message, file.node.value_location("methodology"))
    shared: Bibliography = {}
    broken: Container[str] = EVERYTHING if file.node.get("sources") is not None else NOTHING
    if found.sources is not None:
        shared, broken = bibliography_of(found.sources, methodology, gather)
    loaded = [company_of(document, methodology, shared, gather, broken) for document in found.companies]
    companies = [company for company in loaded if company is not None]
    refuse_repeated(companies, gather)
    is_whole = found.is_whole and len(companies) == len(found.companies)
    for overlay in found.overlays:
        companies = with_overlay(companies, overlay, methodology, shared, gather, is_whole=is_whole)
    published = None
    if file.published is not None and _is_there(found.folder, file.published, file, "published", gather):
        published = read_published(found.folder / file.published, methodology, gather)
        if found.is_whole:
            _same_companies(published, found.companies, gather)
    statements: tuple[PublishedClaim, ...] = ()
    if found.statements is not None:
        statements = statements_of(found.statements, methodology, shared, gather)
    return Dataset(
        file.title,
        file.methodology,
        tuple(sorted(companies, key=lambda company: company.id)),
        tuple(shared[id] for id in sorted(shared)),
        file.description,
        file.selection,
        published,
        statements,
        tuple(found.folder / name for name in file.overlays),
        node=file.node,
    )


def _same_companies(table: PublishedTable | None, companies: Iterable[Document], gather: DiagnosticCollector) -> None:
    ids = (document.root.get("id") for document in companies)
    known = {id.raw for id in ids if isinstance(id, ScalarNode)}
    for row in table.rows if table is not None else ():
        if row.company not in known:
            help = did_you_mean(row.company, known)
            gather.add("unknown-company", f"the dataset has no company `{row.company}`", row.location, help)


def refuse_repeated(companies: Iterable[Company], gather: DiagnosticCollector) -> None:
    """Report companies that have the same id."""
    seen: dict[str, Location] = {}
    for company in companies:
        where = company.node.value_location("id") if company.node else Location(SourceFile("<data>"))
        if company.id in seen:
            gather.add("repeated-id", f"company `{company.id}` is already declared at {seen[company.id]}", where)
        seen.setdefault(company.id, where)

"""Loads datasets: ``dataset.yaml`` and the files that it names."""

import os
from collections.abc import Container, Iterable, Iterator
from pathlib import Path, PurePath

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import EVERYTHING, NOTHING, DiagnosticCollector, did_you_mean
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.file_reader import files_in, is_file, is_folder
from cleancloud_rules.documents.nodes import Document, Node, ScalarNode, SequenceNode
from cleancloud_rules.language.converter import salvage
from cleancloud_rules.language.file_types import DatasetFile
from cleancloud_rules.language.load.claims import About, Published, contradictions_of, published_of
from cleancloud_rules.language.load.companies import company_of
from cleancloud_rules.language.load.dataset_root import DATASET, DatasetRoot, MemoryRoot
from cleancloud_rules.language.load.overlays import never_hypothetical, with_overlay
from cleancloud_rules.language.load.stated_facts import bibliography_of
from cleancloud_rules.language.values import text_of
from cleancloud_rules.model.conditions import Condition
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Bibliography, Company
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import Contradiction, PublishedTable

Root = DatasetRoot | MemoryRoot
"""Where the files of a dataset are."""


@frozen
class DatasetDocuments:
    """The parsed files of a dataset.

    Args:
        root: the folder of the dataset, or its files in memory.
        file: ``dataset.yaml``.
        sources: the bibliography, if there is one.
        companies: the company files, sorted by path.
        statements: the file of published claims, if there is one.
        overlays: the overlays, if they were asked for.
        left_out: the files and folders that were not read although they may be meant.
        is_whole: whether no company file is missing or unreadable.
    """

    root: Root
    file: DatasetFile
    sources: Document | None
    companies: tuple[Document, ...]
    statements: Document | None = None
    overlays: tuple[Document, ...] = ()
    left_out: tuple[PurePath, ...] = ()
    is_whole: bool = True


def _head(root: Root, path: PurePath | None, gather: DiagnosticCollector) -> DatasetFile | None:
    document = None if path is None else root.read(path, gather)
    if document is None:
        return None
    nothing = SequenceNode((), document.root.location)
    return salvage(document.root, DatasetFile, gather, title="", methodology="", companies=nothing)[0]


def read_beside(
    path: Path, gather: DiagnosticCollector, *, with_hypothetical: bool = False, allow_outside: bool = False
) -> DatasetDocuments | None:
    """Read the sources and overlays of the dataset that a company file belongs to; None if it belongs to none."""
    file = dataset_file_of(path.parent)
    if file is None:
        return None
    return read_around(DatasetRoot(file.parent, allow_outside), gather, with_hypothetical=with_hypothetical)


def read_around(root: Root, gather: DiagnosticCollector, *, with_hypothetical: bool = False) -> DatasetDocuments | None:
    """Read what all companies of a dataset share; None if its ``dataset.yaml`` cannot be read."""
    head = _head(root, gather.attempt(root.head), gather)
    if head is None:
        return None
    named = _Named(root, head, gather)
    overlays = named.overlays() if with_hypothetical else ()
    return DatasetDocuments(root, head, named.document("sources"), (), None, overlays)


def dataset_file_of(folder: Path) -> Path | None:
    """Return the ``dataset.yaml`` in a folder or in the folder above it; None if there is none."""
    files = (folder / DATASET, _above(folder) / DATASET)
    return next((file for file in files if is_file(file)), None)


def folders_around(folder: Path) -> Iterator[Path]:
    """Yield the folders around a folder, the innermost first."""
    while (whole := Path(os.path.realpath(folder))) != whole.parent:
        folder = _above(folder)
        yield folder


def _above(folder: Path) -> Path:
    """Return the folder around a folder, as a short path if its name allows that."""
    return folder / ".." if folder.name in ("", "..") else folder.parent


@frozen
class _Named:
    """Reads the files that a ``dataset.yaml`` names. Errors are added to `gather`."""

    root: Root
    head: DatasetFile
    gather: DiagnosticCollector

    def path(self, key: str, index: int | None = None) -> PurePath | None:
        """Return the path of the file under a key; None if none is named, or if it is missing or outside."""
        assert self.head.node is not None
        value = getattr(self.head, key)
        name = value if index is None else value[index]
        where = self.head.node.value_location(key, index)
        return self.gather.attempt(self.root.file, name, where) if name else None

    def document(self, key: str, index: int | None = None) -> Document | None:
        """Return the file under a key; None if none is named, or if it cannot be read."""
        path = self.path(key, index)
        return None if path is None else self.root.read(path, self.gather)

    def overlays(self) -> tuple[Document, ...]:
        """Return the overlays that can be read."""
        read = [self.document("overlays", index) for index in range(len(self.head.overlays))]
        return tuple(overlay for overlay in read if overlay is not None)


def words_of_companies(path: Path, allow_outside: bool) -> dict[Path, tuple[str, ...]]:
    """Return the company files of a dataset, each with the id, the name and the aliases of the company.

    Files that cannot be read are skipped; they are reported when the dataset is loaded.

    Args:
        path: the folder of the dataset, or its file ``dataset.yaml``.
        allow_outside: whether it may name files outside of its folder.
    """
    gather = DiagnosticCollector()
    root, head = _root_and_head(path, gather, allow_outside=allow_outside)
    file = _head(root, head, gather)
    documents = () if file is None else _every_company(root, file, gather)
    named = ((Path(document.location.file.name), _words(document)) for document in documents)
    return {path: words for path, words in named if words}


def _words(document: Document) -> tuple[str, ...]:
    """Return the id, the name and the aliases in a company file; nothing without an id."""
    id, name, aliases = (document.root.get(key) for key in ("id", "name", "aliases"))
    others = (name, *(aliases.items if isinstance(aliases, SequenceNode) else ()))
    return tuple(node.raw for node in (id, *others) if isinstance(node, ScalarNode)) if id is not None else ()


def company_files(path: Path) -> tuple[Path, ...]:
    """Return the path of a company file itself, or of the company files directly in a folder, sorted.

    Raises:
        Rejected: if the folder cannot be read.
    """
    return files_in(path) if is_folder(path) else (path,)


def dataset_documents(
    source: Path | MemoryRoot,
    gather: DiagnosticCollector,
    *,
    with_hypothetical: bool = False,
    allow_outside: bool = False,
) -> DatasetDocuments | None:
    """Read all files of a dataset; overlays only if asked for. Errors are added to `gather`.

    Args:
        source: the folder of the dataset, its file ``dataset.yaml``, or its files in memory.
        gather: collects the diagnostics.
        with_hypothetical: whether its overlays are read.
        allow_outside: whether it may name files outside of its folder.
    """
    root, path = _root_and_head(source, gather, allow_outside=allow_outside)
    head = _head(root, path, gather)
    if head is None:
        return None
    named = _Named(root, head, gather)
    sources = named.document("sources")
    part = DiagnosticCollector()
    documents = _every_company(root, head, part)
    gather.absorb(part)
    statements = named.document("statements")
    overlays = named.overlays() if with_hypothetical else ()
    read = (DATASET, head.sources, head.published, head.statements, *head.overlays)
    named_so = (node.raw for node in _named_companies(head) if isinstance(node, ScalarNode))
    skipped = root.left_out(filter(None, read), named_so, gather)
    return DatasetDocuments(root, head, sources, documents, statements, overlays, skipped, not part.failed)


def _root_and_head(
    source: Path | MemoryRoot, gather: DiagnosticCollector, *, allow_outside: bool
) -> tuple[Root, PurePath | None]:
    """Return where the files of a dataset are, and the path of ``dataset.yaml``; None if it may not be read."""
    if isinstance(source, MemoryRoot):
        return source, gather.attempt(source.head)
    if is_folder(source):
        root = DatasetRoot(source, allow_outside)
        return root, gather.attempt(root.head)
    return DatasetRoot(source.parent, allow_outside), source


def _named_companies(head: DatasetFile) -> tuple[Node, ...]:
    """Return the entries of ``companies``, which name files and folders."""
    return tuple(head.companies.items) if isinstance(head.companies, SequenceNode) else (head.companies,)


def _every_company(root: Root, head: DatasetFile, gather: DiagnosticCollector) -> tuple[Document, ...]:
    return tuple(document for node in _named_companies(head) for document in _companies(root, node, gather))


def _companies(root: Root, node: Node, gather: DiagnosticCollector) -> Iterable[Document]:
    """Read the company files that an entry of ``companies`` names."""
    named = gather.attempt(text_of, node, "a file or a folder")
    paths = None if named is None else gather.attempt(root.files, named, node.location)
    if paths == ():
        gather.add("missing-file", f"there are no company files at `{named}`", node.location)
    for path in paths or ():
        document = root.read(path, gather)
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
    companies = [evolve(company, cut_off=file.as_of) for company in loaded if company is not None]
    _refuse_same(_places_of_ids(found.companies), gather)
    never = never_hypothetical(file, methodology, gather)
    is_whole = found.is_whole and len(companies) == len(found.companies)
    for overlay in found.overlays:
        companies = with_overlay(companies, overlay, methodology, shared, gather, never, is_whole=is_whole)
    published = _table(_Named(found.root, file, gather), methodology)
    if found.is_whole:
        _same_companies(published, found.companies, gather)
    claims = Published()
    if found.statements is not None:
        known = _ids_of(found.companies) if found.is_whole else None
        about = About(known, companies if is_whole else None)
        claims = published_of(found.statements, methodology, shared, about, gather)
    return Dataset(
        file.title,
        file.methodology,
        tuple(sorted(_with_published(companies, published, claims.contradictions), key=lambda company: company.id)),
        tuple(shared[id] for id in sorted(shared)),
        file.description,
        file.selection,
        published,
        claims.statements,
        claims.contradictions,
        tuple(map(found.root.at, file.overlays)),
        file.accepted,
        found.left_out,
        file.as_of,
        never,
        unanswerable=claims.unanswerable,
        node=file.node,
    )


def with_published(
    company: Company,
    beside: DatasetDocuments,
    methodology: Methodology,
    shared: Bibliography,
    gather: DiagnosticCollector,
) -> Company:
    """Return the company of a single file with what the publisher says of it, as in its dataset."""
    named = _Named(beside.root, beside.file, gather)
    statements = named.document("statements")
    told = () if statements is None else contradictions_of(statements, methodology, shared, gather)
    (found,) = _with_published([company], _table(named, methodology), told)
    return found


def _table(named: _Named, methodology: Methodology) -> PublishedTable | None:
    """Return the published table of a dataset; None if there is none, or if it cannot be read."""
    path = named.path("published")
    return None if path is None else named.root.table(path, methodology, named.gather)


def _same_companies(table: PublishedTable | None, companies: Iterable[Document], gather: DiagnosticCollector) -> None:
    known = _ids_of(companies)
    for row in table.rows if table is not None else ():
        if row.company not in known:
            help = did_you_mean(row.company, known)
            gather.add("unknown-company", f"the dataset has no company `{row.company}`", row.location, help)


def _with_published(
    companies: Iterable[Company], table: PublishedTable | None, contradictions: Iterable[Contradiction]
) -> Iterable[Company]:
    """Return companies with what the publisher says of each: its row in the table, and the contradictions about it.

    A contradiction is about the companies that it names, and about those with a search without result that rests on it.
    If it names criteria alone, it is about all companies.
    """
    rows = {row.company: row for row in (table.rows if table is not None else ())}
    told = tuple(contradictions)
    for company in companies:
        searched = {entry.conditions for entry in company.not_found}
        about = tuple(c for c in told if _is_about(c, company, searched))
        yield evolve(company, published_row=rows.get(company.id), contradictions=about)


def _is_about(one: Contradiction, company: Company, searched: Container[tuple[Condition, ...]]) -> bool:
    if company.id in one.companies or any(conditions in searched for conditions in one.not_found):
        return True
    return bool(one.criteria) and not one.companies and not one.not_found


def _ids_of(companies: Iterable[Document]) -> set[str]:
    return {id for id, _ in _places_of_ids(companies)}


def _places_of_ids(companies: Iterable[Document]) -> Iterator[tuple[str, Location]]:
    """Yield the id in each company file, also in one with mistakes, and its place."""
    ids = (document.root.get("id") for document in companies)
    return ((id.raw, id.location) for id in ids if isinstance(id, ScalarNode) and isinstance(id.value, str))


def refuse_repeated(companies: Iterable[Company], gather: DiagnosticCollector) -> None:
    """Report companies that have the same id."""
    nowhere = Location(SourceFile("<data>"))
    _refuse_same(((one.id, one.node.value_location("id") if one.node else nowhere) for one in companies), gather)


def _refuse_same(ids: Iterable[tuple[str, Location]], gather: DiagnosticCollector) -> None:
    seen: dict[str, Location] = {}
    for id, where in ids:
        if id in seen:
            gather.add("repeated-id", f"company `{id}` is already declared at {seen[id]}", where)
        seen.setdefault(id, where)

"""Loads companies and datasets from files, text and plain data."""

import os
from collections.abc import Container, Mapping, Sequence
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from attrs import evolve

from cleancloud_rules.diagnostics.collector import (
    EVERYTHING,
    NOTHING,
    DiagnosticCollector,
    Rejected,
    did_you_mean,
    reject,
)
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.contents import BYTES, Data, document_from, files_from, read_document
from cleancloud_rules.documents.file_reader import SUFFIXES, Kind, kind_of
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.documents.plain_data import kind_in_words
from cleancloud_rules.errors import FactsError
from cleancloud_rules.language.arguments import check_methodology
from cleancloud_rules.language.load.companies import company_of
from cleancloud_rules.language.load.dataset_root import DATASET, MemoryRoot
from cleancloud_rules.language.load.datasets import (
    DatasetDocuments,
    dataset_documents,
    dataset_of,
    read_around,
    read_beside,
    with_published,
    words_of_companies,
)
from cleancloud_rules.language.load.methodology import check_source_type
from cleancloud_rules.language.load.overlays import never_hypothetical, with_overlay
from cleancloud_rules.language.load.plain_facts import STATING, facts_of_data
from cleancloud_rules.language.load.stated_facts import bibliography_of
from cleancloud_rules.model.datasets import Dataset, no_company
from cleancloud_rules.model.facts import Bibliography, Company, Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.texts import called
from cleancloud_rules.resources import bundled, bundled_dataset

PathLike = str | os.PathLike[str]
"""A path. For a methodology or a dataset it can also be the name of a bundled one."""

Rows = Sequence[Mapping[str, Any]]
"""The rows of a table as plain data: mappings of columns to values."""


def load_company(
    path: PathLike, methodology: Methodology, *, with_hypothetical: bool = False, allow_outside: bool = False
) -> Company:
    """Return the facts that a company file states.

    Args:
        path: the file. It can cite the sources of a dataset in its folder or in the folder above, and has its cut-off,
            its row in the published table and the contradictions about it. If there is no such file, the id, the name
            or an alias of a company of one bundled dataset.
        methodology: whose vocabulary it uses.
        with_hypothetical: whether that dataset's overlays of hypothetical facts are read too.
        allow_outside: whether that dataset may name files outside of its folder.

    Returns:
        The company, with its facts in the types that the vocabulary declares.

    Raises:
        FactsError: with all diagnostics.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> cc.load_company("gds", methodology).name
        'GDS'
    """
    check_methodology(methodology)
    gather = DiagnosticCollector()
    file = gather.attempt(_company_file, path)
    if file is None:
        raise FactsError(gather.diagnostics)
    beside = read_beside(file, gather, with_hypothetical=with_hypothetical, allow_outside=allow_outside)
    return _company(read_document(file, gather), beside, methodology, gather)


def company_in(
    files: Mapping[str, Data | Rows], name: str, methodology: Methodology, *, with_hypothetical: bool = False
) -> Company:
    """Return the facts of a company whose file is in memory; see `load_company`.

    Args:
        files: the contents of files by name, as `dataset_from` takes them: the company file, and those of its dataset
            if it belongs to one. Other companies need not be among them.
        name: the name of the company file.
        methodology: whose vocabulary it uses.
        with_hypothetical: whether the dataset's overlays of hypothetical facts are read too.

    Raises:
        FactsError: with all diagnostics.
    """
    gather = DiagnosticCollector()
    root = memory_of(files, gather)
    if root is None or name not in root.contents:
        gather.add("missing-file", f"there is no file `{name}`", Location(SourceFile(name)))
        raise FactsError(gather.diagnostics)
    beside = None
    if DATASET in root.contents:
        beside = read_around(root, gather, with_hypothetical=with_hypothetical)
    return _company(root.read(PurePosixPath(name), gather), beside, methodology, gather)


def _company(
    document: Document | None, beside: DatasetDocuments | None, methodology: Methodology, gather: DiagnosticCollector
) -> Company:
    """Return the facts of a company file, with what the dataset beside it says of the company."""
    shared, broken = _shared(beside.sources if beside else None, methodology, gather)
    company = None if document is None else company_of(document, methodology, shared, gather, broken)
    never = never_hypothetical(beside.file, methodology, gather) if beside and beside.overlays else ()
    for overlay in beside.overlays if beside and company else ():
        assert company is not None
        (company,) = with_overlay([company], overlay, methodology, shared, gather, never, is_whole=False)
    if beside and company:
        company = with_published(company, beside, methodology, shared, gather)
    found = _facts(company, gather)
    return found if beside is None else evolve(found, cut_off=beside.file.as_of)


def _company_file(name_or_path: PathLike) -> Path:
    """Return the path of a company file, or of the bundled one of the company that the path names."""
    path, name = Path(name_or_path), str(name_or_path)
    if not name:
        raise reject("unreadable-file", "the path of the company file is empty", Location(SourceFile("<path>")))
    if path.suffix in SUFFIXES or kind_of(path) is not Kind.MISSING:
        return path
    try:
        return company_file(name)
    except Rejected as rejected:
        nothing = f"there is no file `{name}`, and "
        raise Rejected(*(evolve(each, message=nothing + each.message) for each in rejected.diagnostics)) from None


def company_file(name: str, dataset: Path | None = None, *, allow_outside: bool = False) -> Path:
    """Return the file of a company.

    Args:
        name: its id, its name or an alias of it. Case and spaces of names and aliases do not matter.
        dataset: the dataset to which it belongs; None for all bundled datasets.
        allow_outside: whether that dataset may name files outside of its folder.

    Raises:
        Rejected: if there is no such company, or several.
    """
    folders = [bundled_dataset(id) for id in bundled()["datasets"]] if dataset is None else [dataset]
    words = {
        path: own for folder in folders if folder for path, own in words_of_companies(folder, allow_outside).items()
    }
    found = called(name, words)
    if len(found) == 1:
        return found[0]
    where = "the bundled datasets have" if dataset is None else f"the dataset `{dataset}` has"
    said = no_company(name, [str(path) for path in found], [word for own in words.values() for word in own])
    raise reject("unknown-company", f"{where} {said}", Location(SourceFile(name)))


def company_from(data: Data, methodology: Methodology, *, sources: Data | Bibliography | None = None) -> Company:
    """Return the facts of a company from plain data, or from YAML or JSON text.

    Args:
        data: the content of a company file. Values may be scalars of numpy and pandas; NaN, NaT and NA are absent.
        methodology: whose vocabulary it uses.
        sources: a bibliography: the content of ``sources.yaml``, or sources by id, loaded or as plain data.

    Returns:
        The company, with its facts in the types that the vocabulary declares.

    Raises:
        FactsError: with all diagnostics.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> shop = {
        ...     "id": "shop",
        ...     "name": "Corner Shop",
        ...     "sources": {"site": {"type": "corporate_publication", "title": "Energy", "published": "2024-03-01"}},
        ...     "facts": [
        ...         {"renewable_share": {"percent": 12, "denominator": "energy"}, "period": 2023, "source": "site"},
        ...     ],
        ... }
        >>> company = cc.company_from(shop, methodology)
        >>> company.facts[0].values.get("percent"), cc.score(company, methodology).total
        (Decimal('12'), Decimal('6.28'))
    """
    check_methodology(methodology)
    gather = DiagnosticCollector()
    shared, broken = sources_given(sources, methodology, gather)
    ready = facts_of_data(data, methodology, shared) if isinstance(data, Mapping) and not gather.failed else None
    if ready is not None:
        data = {key: value for key, value in data.items() if key not in STATING}  # type: ignore[union-attr]
    document = document_from(data, "<text>" if isinstance(data, str | BYTES) else "<data>", gather)
    company = None if document is None else company_of(document, methodology, shared, gather, broken, ready)
    return _facts(company, gather)


def sources_given(
    sources: Data | Bibliography | None, methodology: Methodology, gather: DiagnosticCollector
) -> tuple[Bibliography, Container[str]]:
    """Return a bibliography that a caller gives, and the names of the rejected sources in it."""
    if isinstance(sources, Mapping) and (not sources or any(isinstance(s, Source) for s in sources.values())):
        return _loaded(sources, methodology, gather)
    if isinstance(sources, Mapping) and "sources" not in sources:
        sources = {"sources": sources}
    listed = None if sources is None else document_from(sources, "<sources>", gather)
    return _shared(listed, methodology, gather)


def _loaded(
    sources: Mapping[Any, Any], methodology: Methodology, gather: DiagnosticCollector
) -> tuple[Bibliography, Container[str]]:
    """Return loaded sources by id, and the names of those that are rejected. Errors are added to `gather`."""
    valid: dict[str, Source] = {}
    broken: set[str] = set()
    own = {source.id: source for source in methodology.bibliography}
    for name, source in sources.items():
        part = DiagnosticCollector()
        where = Location(SourceFile("<sources>"), path=f"sources.{name}")
        if not isinstance(source, Source):
            help = "give all sources loaded, or all as plain data"
            part.add("wrong-type", f"expected a loaded source, got {kind_in_words(source)}", where, help)
        else:
            if name != source.id:
                part.add("bad-id", f"the source `{source.id}` stands under another name, `{name}`", where)
            if own.get(source.id, source) != source:
                part.add("repeated-id", f"the methodology already lists another source `{source.id}`", where)
            check_source_type(source.type, methodology.vocabulary.source_types, where, part)
        gather.absorb(part)
        if part.diagnostics:
            broken |= {str(name), source.id} if isinstance(source, Source) else {str(name)}
        else:
            valid[name] = source
    return valid, broken


def load_dataset(
    path: PathLike, methodology: Methodology, *, with_hypothetical: bool = False, allow_outside: bool = False
) -> Dataset:
    """Return a dataset with all its companies.

    Args:
        path: the folder that holds ``dataset.yaml``, or that file, or the name of a bundled dataset.
        methodology: whose vocabulary its companies use.
        with_hypothetical: whether its overlays of hypothetical facts are read too.
        allow_outside: whether it may name files outside of its folder, by an absolute path, by ``..`` or by a link.

    Raises:
        FactsError: with all diagnostics of all its files.
    """
    gather = DiagnosticCollector()
    source = source_of(path, gather)
    return _dataset(source, methodology, gather, with_hypothetical=with_hypothetical, allow_outside=allow_outside)


def dataset_from(
    files: Mapping[str, Data | Rows], methodology: Methodology, *, with_hypothetical: bool = False
) -> Dataset:
    """Return a dataset with all its companies from its files without a folder.

    Args:
        files: file names and their contents: plain data, or YAML or JSON text. They are named as in a folder:
            ``dataset.yaml`` names the others, and a name before a slash is a folder. A published table is CSV text, or
            a list of rows, each a mapping of columns to values.
        methodology: whose vocabulary its companies use.
        with_hypothetical: whether its overlays of hypothetical facts are read too.

    Returns:
        The dataset, as `load_dataset` gives it.

    Raises:
        FactsError: with all diagnostics of all its files.

    Example:
        >>> import cleancloud_rules as cc
        >>> methodology = cc.load_methodology("clean_cloud_2024")
        >>> files = {
        ...     "dataset.yaml": {"title": "Shops", "methodology": "clean_cloud_2024", "companies": ["shop"]},
        ...     "shop": {"id": "shop", "name": "Corner Shop"},
        ... }
        >>> cc.dataset_from(files, methodology).company("shop").name
        'Corner Shop'
    """
    check_methodology(methodology)
    gather = DiagnosticCollector()
    return _dataset(memory_of(files, gather), methodology, gather, with_hypothetical=with_hypothetical)


def _dataset(
    source: Path | MemoryRoot | None,
    methodology: Methodology,
    gather: DiagnosticCollector,
    *,
    with_hypothetical: bool,
    allow_outside: bool = False,
) -> Dataset:
    options = {"with_hypothetical": with_hypothetical, "allow_outside": allow_outside}
    found = None if source is None else dataset_documents(source, gather, **options)
    dataset = None if found is None else dataset_of(found, methodology, gather)
    if dataset is None or gather.diagnostics:
        raise FactsError(gather.diagnostics)
    return dataset


def memory_of(files: Any, gather: DiagnosticCollector) -> MemoryRoot | None:
    """Return the files of a dataset in memory; None if they are no mapping of names to contents."""
    read = gather.attempt(files_from, files, "a dataset", "`load_dataset` reads a folder")
    if read is None:
        return None
    named: dict[str, Any] = {}
    for name, content in read.items():
        path = normpath(name)
        if path in named:
            where = Location(SourceFile(path))
            gather.add("repeated-key", f"file `{path}` is given twice", where, "keep one of the two")
        named.setdefault(path, content)
    return MemoryRoot(named)


def source_of(name_or_path: PathLike, gather: DiagnosticCollector) -> Path | None:
    """Return the path of a dataset: what is there, else the bundled dataset of this name; None if there is neither."""
    path, name = Path(name_or_path), str(name_or_path)
    kind = gather.attempt(kind_of, path)
    if kind is not Kind.MISSING:
        return None if kind is None else path
    found = bundled_dataset(name)
    if found is None:
        message = f"`{name}` is neither a file, a folder nor a bundled dataset"
        help = did_you_mean(name, bundled()["datasets"])
        gather.add("unreadable-file", message, Location(SourceFile(name)), help)
    return found


def sources_beside(path: PathLike, methodology: Methodology, *, allow_outside: bool = False) -> Bibliography:
    """Return the sources of the dataset that a company file belongs to; none if it belongs to none.

    Args:
        path: the company file.
        methodology: whose types of sources they have.
        allow_outside: whether the dataset may name files outside of its folder.

    Raises:
        FactsError: with all diagnostics.
    """
    gather = DiagnosticCollector()
    beside = read_beside(Path(path), gather, allow_outside=allow_outside)
    shared, _ = _shared(beside.sources if beside else None, methodology, gather)
    if gather.diagnostics:
        raise FactsError(gather.diagnostics)
    return shared


def _facts(company: Company | None, gather: DiagnosticCollector) -> Company:
    if company is None or gather.diagnostics:
        raise FactsError(gather.diagnostics)
    return company


def _shared(
    document: Document | None, methodology: Methodology, gather: DiagnosticCollector
) -> tuple[Bibliography, Container[str]]:
    """Return the valid sources of a bibliography, and the names of the rejected ones."""
    if document is not None:
        return bibliography_of(document, methodology, gather)
    return {}, EVERYTHING if gather.failed else NOTHING

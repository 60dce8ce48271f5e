"""The input files of a record: read from folders, and loaded from their contents."""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.analysis.editions.company_files import CompanyFiles
from cleancloud_rules.api import methodology_from
from cleancloud_rules.diagnostics.collector import DiagnosticCollector, reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.file_reader import content_of, decoded, files_in
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.errors import FactsError
from cleancloud_rules.language.load.dataset_root import DATASET as DATASET_FILE
from cleancloud_rules.language.load.dataset_root import DatasetRoot
from cleancloud_rules.language.load.datasets import dataset_documents, dataset_file_of, read_around
from cleancloud_rules.language.load.files import company_in, dataset_from, memory_of
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology

OUTSIDE = "outside-dataset"
"""The code of what a dataset names outside of its folder."""

METHODOLOGY, DATASET = "methodology/", "dataset/"
"""How the names of the files of a methodology and of a dataset begin in a record."""


@frozen
class Loaded:
    """What the input files of a record state.

    Args:
        methodology: the methodology.
        dataset: the dataset; None if the record is of one company.
        companies: the companies.
    """

    methodology: Methodology
    dataset: Dataset | None
    companies: tuple[Company, ...]


def methodology_contents(folder: Path) -> dict[str, bytes]:
    """Return the files of a methodology by their names in a record.

    Raises:
        Rejected: if one of them cannot be read.
    """
    return {f"{METHODOLOGY}{path.name}": content_of(path) for path in files_in(folder)}


def dataset_contents(path: Path, *, with_hypothetical: bool, allow_outside: bool = False) -> dict[str, bytes]:
    """Return the files of a dataset by their names in a record.

    Args:
        path: its folder, or its file ``dataset.yaml``.
        with_hypothetical: whether its overlays are read.
        allow_outside: whether it may name files outside of its folder. Their names lead out of it too.

    Raises:
        FactsError: if one of them cannot be read, or lies outside of the folder although that is not allowed.
    """
    gather = DiagnosticCollector()
    found = dataset_documents(path, gather, with_hypothetical=with_hypothetical, allow_outside=allow_outside)
    if found is None or gather.diagnostics:
        raise FactsError(gather.diagnostics)
    assert found.file.node is not None
    assert isinstance(found.root, DatasetRoot)
    root = found.root.folder
    documents = (found.sources, *found.companies, found.statements, *found.overlays)
    paths = [Path(found.file.node.location.file.name), *_paths(documents)]
    paths += [root / found.file.published] if found.file.published else []
    return _contents(paths, root, gather)


def company_contents(
    path: Path, *, with_hypothetical: bool, allow_outside: bool = False
) -> tuple[str, dict[str, bytes]]:
    """Return the name of a company file in a record, and the files that it is loaded with.

    These are the file itself and, if it belongs to a dataset, the files of the dataset but for other companies.

    Raises:
        FactsError: if one of them cannot be read, or lies outside of the folder of the dataset although that is not
            allowed.
    """
    gather = DiagnosticCollector()
    head = dataset_file_of(path.parent)
    if head is None:
        return path.name, _contents([path], path.parent, gather)
    root = DatasetRoot(head.parent, allow_outside)
    company = path.resolve().relative_to(root.folder.resolve())
    part = DiagnosticCollector()
    found = dataset_documents(root.folder, part, with_hypothetical=with_hypothetical, allow_outside=allow_outside)
    # Mistakes in files of the dataset are reported when they are loaded, and other companies do not matter here.
    outside = [one for one in part.diagnostics if one.code == OUTSIDE and not one.location.path.startswith("companies")]
    if outside:
        raise FactsError(outside)
    paths = [root.folder / company, head]
    if found is not None:
        paths += [*_paths((found.sources, found.statements, *found.overlays))]
        paths += [root.folder / found.file.published] if found.file.published else []
    return company.as_posix(), _contents(paths, root.folder, gather)


def _paths(documents: Iterable[Document | None]) -> list[Path]:
    return [Path(document.location.file.name) for document in documents if document is not None]


def _contents(paths: Iterable[Path], root: Path, gather: DiagnosticCollector) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in paths:
        content = gather.attempt(content_of, path)
        if content is not None:
            # A file outside has the name that the dataset gives it, such as `../sources.yaml`.
            own = path.relative_to(root) if path.is_relative_to(root) else path
            found[f"{DATASET}{normpath(own.as_posix())}"] = content
    if gather.diagnostics:
        raise FactsError(gather.diagnostics)
    return found


def as_inputs(contents: Mapping[str, bytes]) -> dict[str, Any]:
    """Return input files as a record holds them: the text of each, and the SHA-256 of its bytes.

    Raises:
        Rejected: if one of them is not UTF-8.
    """
    for name, content in contents.items():
        decoded(content, Path(name))
    return {
        name: {"sha256": sha256(content).hexdigest(), "text": content.decode("utf-8")}
        for name, content in contents.items()
    }


def contents_of(inputs: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the contents of the input files of a record, by name."""
    return {name: entry["text"].encode() for name, entry in inputs.items()}


def loaded(
    contents: Mapping[str, bytes], company: str | None, as_of: date | None, *, with_hypothetical: bool
) -> Loaded:
    """Return what input files state.

    Args:
        contents: the files by their names in a record.
        company: the name of the company file, if the record is of one company; None for a dataset.
        as_of: the cut-off that takes the place of that of the dataset and of the methodology.
        with_hypothetical: whether overlays are read.

    Raises:
        CriteriaError: with every diagnostic of the methodology.
        FactsError: with all diagnostics of the facts.
    """
    methodology = methodology_from(_below(METHODOLOGY, contents))
    files = _below(DATASET, contents)
    if company is not None:
        one = company_in(files, company, methodology, with_hypothetical=with_hypothetical)
        return Loaded(methodology, None, (_at(one, as_of),))
    dataset = dataset_from(files, methodology, with_hypothetical=with_hypothetical)
    if as_of is not None:
        dataset = evolve(dataset, companies=tuple(_at(one, as_of) for one in dataset.companies), as_of=as_of)
    if not dataset.companies:
        where = Location(SourceFile("dataset.yaml"))
        raise FactsError(reject("missing-file", "the dataset has no companies", where).diagnostics)
    return Loaded(methodology, dataset, dataset.companies)


def company_files(contents: Mapping[str, bytes], company: str | None, as_of: date | None) -> CompanyFiles:
    """Return the company files among input files that could be loaded, and the cut-off of the companies.

    Args:
        contents: the files by their names in a record.
        company: the name of the company file, if the record is of one company; None for a dataset.
        as_of: the cut-off that takes the place of that of the dataset and of the methodology.
    """
    gather = DiagnosticCollector()
    root = memory_of(_below(DATASET, contents), gather)
    assert root is not None
    if company is None:
        found = dataset_documents(root, gather)
        documents = () if found is None else found.companies
    else:
        found = read_around(root, gather) if DATASET_FILE in root.contents else None
        document = root.read(PurePosixPath(company), gather)
        documents = () if document is None else (document,)
    if found is None:
        return CompanyFiles(None, documents, as_of)
    return CompanyFiles(found.sources, documents, as_of or found.file.as_of)


def _at(company: Company, as_of: date | None) -> Company:
    return company if as_of is None else evolve(company, cut_off=as_of)


def _below(folder: str, contents: Mapping[str, bytes]) -> dict[str, Any]:
    return {name.removeprefix(folder): content for name, content in contents.items() if name.startswith(folder)}

"""The root of a dataset: the folder in which the files must lie that the dataset names, or their contents in memory."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath, PurePosixPath
from posixpath import normpath
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, Rejected, did_you_mean, reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.contents import BYTES, document_from, read_document
from cleancloud_rules.documents.file_reader import Kind, decoded, files_in, is_file, is_folder, kind_of, left_out
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.language.load.published import published_from, published_of_rows, read_published
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import PublishedTable

DATASET = "dataset.yaml"
"""The file that names the files of a dataset."""


@frozen
class DatasetRoot:
    """The folder of a ``dataset.yaml``.

    A dataset may come from someone else, and what it names is read and quoted in diagnostics. So a path that leaves the
    folder is refused before anything is looked up there, unless the user allows it.

    Args:
        folder: the folder.
        allow_outside: whether the dataset may name files outside of its folder.
    """

    folder: Path
    allow_outside: bool = False

    def head(self) -> Path:
        """Return the path of ``dataset.yaml``.

        Raises:
            Rejected: if it is a link that leads out of the folder.
        """
        return self._inside(DATASET, Location(SourceFile(str(self.folder / DATASET))))

    def file(self, name: str, where: Location) -> Path:
        """Return the path of a file that the dataset names.

        Args:
            name: the path from the folder.
            where: the place at which the dataset names it.

        Raises:
            Rejected: if it lies outside or is missing.
        """
        path = self._inside(name, where)
        if _kind(path, where) in (Kind.MISSING, Kind.FOLDER):
            raise reject("missing-file", f"there is no file `{name}`", where)
        return path

    def files(self, name: str, where: Location) -> tuple[Path, ...]:
        """Return the path of a file that the dataset names, or of the files directly in a folder, sorted.

        Args:
            name: the path from the folder.
            where: the place at which the dataset names it.

        Raises:
            Rejected: if it or one of the files lies outside, if it is missing, or if the folder cannot be read.
        """
        path = self._inside(name, where)
        match _kind(path, where):
            case Kind.MISSING:
                return ()
            case Kind.FOLDER:
                return tuple(self._inside(f"{name}/{file.name}", where) for file in files_in(path))
            case _:
                return (path,)

    def at(self, name: str) -> Path:
        """Return the path of a name in the dataset."""
        return self.folder / name

    def read(self, path: PurePath, gather: DiagnosticCollector) -> Document | None:
        """Return a file as a document; None if it cannot be read."""
        return read_document(Path(path), gather)

    def table(self, path: PurePath, methodology: Methodology, gather: DiagnosticCollector) -> PublishedTable | None:
        """Return a published table: a CSV file. Errors are added to `gather`."""
        return read_published(Path(path), methodology, gather)

    def left_out(self, named: Iterable[str], companies: Iterable[str], gather: DiagnosticCollector) -> tuple[Path, ...]:
        """Return what is not read in the folder and in its folders of companies, although it may be meant.

        Args:
            named: the names of files that are read.
            companies: the names of files and folders of companies.
            gather: collects the diagnostics.
        """
        companies = tuple(companies)
        known = {os.path.normpath(self.at(name)) for name in (*named, *companies, DATASET) if name}
        found: list[Path] = []
        for name in companies:
            inside = gather.attempt(self._folders, name)
            found += [path for folder in inside or () for path in gather.attempt(left_out, folder) or ()]
        if not is_file(self.at("methodology.yaml")):
            beside = (*(gather.attempt(files_in, self.folder) or ()), *(gather.attempt(left_out, self.folder) or ()))
            found += [path for path in beside if not is_folder(path)]
        return tuple(sorted({path for path in found if os.path.normpath(path) not in known}))

    def _folders(self, name: str) -> tuple[Path, ...]:
        """Return the path of a folder that the dataset names; nothing if it is none, or if it lies outside."""
        path = self.folder / name
        is_allowed = self.allow_outside or not self._way_out(name)
        return (path,) if is_allowed and is_folder(path) else ()

    def _inside(self, name: str, where: Location) -> Path:
        path = self.folder / name
        if not self.allow_outside and (reason := self._way_out(name)):
            help = "put it into the folder of the dataset, or allow it with `--allow-outside` (`allow_outside=True`)"
            raise reject("outside-dataset", f"`{name}` {reason}", where, help)
        return path

    def _way_out(self, name: str) -> str:
        """Return how a path leaves the folder; empty if it stays inside."""
        if PurePath(name).anchor:
            return "is an absolute path, and a dataset names files by their path from its own folder"
        if PurePath(os.path.normpath(name)).parts[:1] == ("..",):
            return "leads out of the folder of the dataset"
        try:
            target, root = (Path(os.path.realpath(path)) for path in (self.folder / name, self.folder))
        except ValueError:  # a name that the system cannot look up, which is reported when it is
            return ""
        return "" if target.is_relative_to(root) else "leads through a link out of the folder of the dataset"


def _kind(path: Path, where: Location) -> Kind:
    """Return what is at a path; an error of the system is reported where the dataset names it."""
    try:
        return kind_of(path)
    except Rejected as rejected:
        raise Rejected(*(evolve(found, location=where) for found in rejected.diagnostics)) from rejected


@frozen
class MemoryRoot:
    """The files of a dataset in memory. They are named as in a folder: a name before a slash is a folder.

    Args:
        contents: the contents by name, each name in its shortest form.
    """

    contents: Mapping[str, Any]

    def head(self) -> PurePath:
        """Return the path of ``dataset.yaml``.

        Raises:
            Rejected: if there is none.
        """
        if DATASET not in self.contents:
            help = did_you_mean(DATASET, self.contents) or f"name the file that describes the dataset `{DATASET}`"
            raise reject("missing-file", f"there is no file `{DATASET}`", Location(SourceFile(DATASET)), help)
        return PurePosixPath(DATASET)

    def file(self, name: str, where: Location) -> PurePath:
        """Return the path of a file that the dataset names.

        Args:
            name: the path from the folder of the dataset.
            where: the place at which the dataset names it.

        Raises:
            Rejected: if it is missing.
        """
        path = self.at(name)
        if str(path) not in self.contents:
            raise reject("missing-file", f"there is no file `{name}`", where, did_you_mean(name, self.contents))
        return path

    def files(self, name: str, where: Location) -> tuple[PurePath, ...]:  # noqa: ARG002 - as in a folder
        """Return the path of a file that the dataset names, or of the files directly in a folder, sorted."""
        path = self.at(name)
        if str(path) in self.contents:
            return (path,)
        return tuple(inside for inside in map(PurePosixPath, sorted(self.contents)) if inside.parent == path)

    def at(self, name: str) -> PurePath:
        """Return the path of a name in the dataset."""
        return PurePosixPath(normpath(name))

    def read(self, path: PurePath, gather: DiagnosticCollector) -> Document | None:
        """Return a file as a document; None if it cannot be read."""
        return document_from(self.contents[str(path)], str(path), gather)

    def table(self, path: PurePath, methodology: Methodology, gather: DiagnosticCollector) -> PublishedTable | None:
        """Return a published table: CSV text, or rows of plain data. Errors are added to `gather`."""
        name, content = str(path), self.contents[str(path)]
        text = gather.attempt(decoded, bytes(content), Path(name)) if isinstance(content, BYTES) else content
        if text is None and content is not None:
            return None
        if isinstance(text, str):
            return published_from(text.removeprefix("\N{BYTE ORDER MARK}"), name, methodology, gather)
        return published_of_rows(text, name, methodology, gather)

    def left_out(
        self,
        named: Iterable[str],
        companies: Iterable[str],
        gather: DiagnosticCollector,  # noqa: ARG002 - as in a folder
    ) -> tuple[PurePath, ...]:
        """Return the files that the dataset does not name, sorted."""
        known = {self.at(name) for name in (*named, *companies) if name}
        paths = (PurePosixPath(name) for name in sorted(self.contents))
        return tuple(path for path in paths if path not in known and path.parent not in known)

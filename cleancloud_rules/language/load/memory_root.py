"""The root of a dataset in memory: the contents of its files by name."""

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath, PurePosixPath
from posixpath import normpath
from typing import Any

from attrs import frozen

from cleancloud_rules.diagnostics.collector import DiagnosticCollector, did_you_mean, reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.contents import BYTES, document_from
from cleancloud_rules.documents.file_reader import decoded
from cleancloud_rules.documents.nodes import Document
from cleancloud_rules.language.load.dataset_root import DATASET
from cleancloud_rules.language.load.published import published_from, published_of_rows
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.model.published import PublishedTable


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

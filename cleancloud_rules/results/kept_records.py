"""Records as files, and what replaying one has shown."""

import hashlib
import json
from enum import Enum
from typing import Any, Self

from attrs import field, frozen

from cleancloud_rules.diagnostics.collector import reject
from cleancloud_rules.diagnostics.diagnostic import Location, SourceFile
from cleancloud_rules.documents.canonical_json import read_canonical
from cleancloud_rules.errors import InputError
from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.base import Result
from cleancloud_rules.results.from_data import Count
from cleancloud_rules.results.records import SCHEMA_VERSION

FORMAT = "cleancloud-record/1"
"""The format of records. Its number increases if a part changes its meaning or is removed."""

IN_MEMORY = "<record>"
"""What stands for the name of the file of a record in memory."""

PARTS = ("inputs", "meaning", "results")
"""The parts of a record that have digests of their own."""


@frozen
class Record:
    """A result with all that it follows from: the input files, what they mean, and the results, with digests.

    It is kept as canonical JSON (RFC 8785). Two records are equal if they are equal byte by byte.

    Args:
        text: the record as canonical JSON.
    """

    text: str = field(repr=False)

    def data(self) -> dict[str, Any]:
        """Return the record as plain data, a copy of its own: decimals and fractions are texts."""
        data: dict[str, Any] = json.loads(self.text)
        return data

    @property
    def sha256(self) -> str:
        """The SHA-256 of its file, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def to_json(self) -> str:
        """Return the record as canonical JSON, without a line end: the content of its file."""
        return self.text

    @classmethod
    def from_json(cls, text: str | bytes, *, name: str = IN_MEMORY) -> Self:
        """Return the record that a file holds. Its digests are not compared: `verify` does that.

        Args:
            text: the content of the file, as text or as bytes in UTF-8.
            name: the name of the file, for errors.

        Raises:
            InputError: if it is not canonical JSON, or no record of this format.
        """
        content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)
        try:
            data = read_canonical(content)
        except ValueError as error:
            raise no_record(f"this is no record: {error}", name) from None
        format = data.get("format") if isinstance(data, dict) else None
        if format != FORMAT:
            shown = "there is none" if format is None else f"got {json.dumps(format)}"
            raise no_record(f"this is no record of this version: `format` must be {FORMAT}, and {shown}", name)
        return cls(content.decode("utf-8"))


def no_record(message: str, name: str, help: str = "") -> InputError:
    """Return the error about a file that is no record, or a changed one."""
    return InputError(reject("unreadable-result", message, Location(SourceFile(name)), help).diagnostics)


class Replay(Enum):
    """What a replay has shown: the same bytes, other sentences alone, or something else that differs."""

    IDENTICAL = "identical"
    SENTENCES = "sentences"
    DIFFERENT = "different"


@frozen(field_transformer=one_line)
class RecordDifference:
    """A place at which a record differs from its replay.

    Args:
        path: the keys that lead to the place, joined by dots; numbers of entries stand in brackets, counted from 0.
        recorded: the value in the record, as JSON; None if there is none.
        replayed: the value that it ought to be, as JSON; None if there ought to be none.
        is_sentence: whether it is a sentence for readers, and no figure, outcome, fact or source.
    """

    path: str
    recorded: str | None
    replayed: str | None
    is_sentence: bool


@frozen(field_transformer=one_line)
class Verification(Result):
    """The result of replaying a record.

    Args:
        replay: what the replay has shown.
        differences: the places at which the record differs from its replay, in the order of the record; at most
            `MAX_DIFFERENCES` of them.
        differing: how many there are.
        companies: how many companies were scored again.
        record: the digest that the record has of itself.
        made_by: the library that made the record, with its version.
        library_version: the version of the library that has replayed it.
        schema_version: the version of the JSON form.
    """

    replay: Replay
    differences: tuple[RecordDifference, ...]
    differing: Count
    companies: Count
    record: str
    made_by: str
    library_version: str
    schema_version: int = SCHEMA_VERSION


MAX_DIFFERENCES = 100
"""How many differences a verification names."""

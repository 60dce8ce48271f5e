"""Records as files, what replaying one has shown, and two records compared: evidence, rules, and what they change."""

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
from cleancloud_rules.results.differences import Change, ChangedFigureKind, ChangeKind, CompanyDifference, Step
from cleancloud_rules.results.from_data import Count, Rank
from cleancloud_rules.results.records import (
    SCHEMA_VERSION,
    CompanyRecord,
    FactRecord,
    MethodologyRecord,
    NoticeRecord,
    SearchRecord,
    SourceRecord,
)

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
        company: the id of the only company that was scored again; None for all. The results of other companies, the
            ranks, the claims and the notices were not compared then.
    """

    replay: Replay
    differences: tuple[RecordDifference, ...]
    differing: Count
    companies: Count
    record: str
    made_by: str
    library_version: str
    schema_version: int = SCHEMA_VERSION
    company: str | None = None


MAX_DIFFERENCES = 100
"""How many differences a verification names."""


class EvidenceKind(Enum):
    """What kind of evidence changed."""

    CUT_OFF = "cut_off"
    SOURCE = "source"
    COMPANY = "company"
    FACT = "fact"
    SEARCH = "search"


@frozen(field_transformer=one_line)
class Evidence:
    """A piece of evidence as one of the records has it.

    Args:
        fact: the fact, with whether it counts in this record; None for another kind of evidence.
        search: the search without result; None for another kind.
        company: the company; None for another kind.
        as_of: the cut-off; None for another kind, or if there is none.
        source: the source, or the source that the fact or the search cites; None if it cites none.
    """

    fact: FactRecord | None = None
    search: SearchRecord | None = None
    company: CompanyRecord | None = None
    as_of: str | None = None
    source: SourceRecord | None = None


@frozen(field_transformer=one_line)
class EvidenceChange:
    """A change of evidence. Two facts are one changed fact if they have the same type, key fields, entity and time.

    Args:
        number: its position in the list of all changes, from 1.
        kind: whether it is ``added``, ``removed`` or ``changed``.
        of: what changed. A changed source is one change, and not a change of each fact that cites it.
        company: the id of the company; None for the cut-off and for sources.
        old: the evidence in the old record; None if it is new.
        new: the evidence in the new record; None if it is gone.
        response: the id of the response of the company that a change of a fact accepts: it offers the new fact, or
            disputes the one that is gone. None if none does.
    """

    number: Rank
    kind: ChangeKind
    of: EvidenceKind
    company: str | None
    old: Evidence | None
    new: Evidence | None
    response: str | None = None


@frozen(field_transformer=one_line)
class CriterionMove:
    """A criterion whose points or outcome changed. Both are among the figures and the words of the company.

    Args:
        id: its id, in the new methodology if it has it.
        title: its title.
        old_because: the sentences that explained its result; empty if there was none.
        because: the sentences that explain its result now; empty if there is none.
    """

    id: str
    title: str
    old_because: tuple[str, ...]
    because: tuple[str, ...]


@frozen(field_transformer=one_line)
class ComparedCompany(CompanyDifference):
    """A company in two records.

    Args:
        company: the company, as the new record has it; as the old one has it if it is gone.
        figures: the total and the rank, then each score and each criterion that some step changes. There is no rank if
            one of the records is of one company. Of a company that one record lacks, there are the total and the rank
            alone.
        words: level and label of the total and the outputs of decision tables, as far as there are any; and the levels,
            labels and outcomes that some step changes.
        kind: ``added`` or ``removed`` if only one record has it; ``changed`` if a step changes anything about its
            results; None if none does.
        criteria: the criteria whose points or outcome changed, in the order of the new methodology.
    """

    kind: ChangeKind | None = None
    criteria: tuple[CriterionMove, ...] = ()


@frozen(field_transformer=one_line)
class ComparedRecord:
    """One of two records that are compared.

    Args:
        record: the digest that the record has of itself.
        made_at: when it was made, as it says.
        made_by: the library that made it, as it says.
        replay: what replaying it has shown. What is compared is always what its input files give.
        differing: at how many places it differs from its replay.
        methodology: the methodology, with the cut-off.
        dataset: the title of its dataset; None if it is a record of one company.
        companies: how many companies it has.
    """

    record: str
    made_at: str | None
    made_by: str
    replay: Replay
    differing: Count
    methodology: MethodologyRecord
    dataset: str | None
    companies: Count


@frozen(field_transformer=one_line)
class Comparison(Result):
    """Two records, compared.

    Args:
        notices: the notices that every output carries.
        old: the old record.
        new: the new record.
        evidence: what changed in the evidence, in the order in which it is applied.
        changes: what changed in the methodology. Their numbers go on where those of the evidence end.
        remarks: remarks on ids under `replaces`.
        order: in which order the changes are applied, in words.
        steps: the steps, in the order in which they are applied. Companies are scored again after each, and the
            contributions of the steps add up to the change of each figure exactly.
        companies: the companies, in the order of the new ranking; those that are gone come last.
        rank_by: what companies are ranked by in the new record, then what only the old one ranks by.
        library_version: the version of the library.
        schema_version: the version of the JSON form.
    """

    notices: tuple[NoticeRecord, ...]
    old: ComparedRecord
    new: ComparedRecord
    evidence: tuple[EvidenceChange, ...]
    changes: tuple[Change, ...]
    remarks: tuple[str, ...]
    order: str
    steps: tuple[Step, ...]
    companies: tuple[ComparedCompany, ...]
    rank_by: tuple[str, ...]
    library_version: str
    schema_version: int = SCHEMA_VERSION

    def company(self, id: str) -> ComparedCompany:
        """Return what changed for a company; KeyError if neither record has it."""
        for company in self.companies:
            if company.company.id == id:
                return company
        raise KeyError(id)

    @property
    def is_ranked(self) -> bool:
        """Whether companies have ranks: not if one of the records is of one company."""
        kinds = (figure.kind for company in self.companies for figure in company.figures)
        return any(kind is ChangedFigureKind.RANK for kind in kinds)

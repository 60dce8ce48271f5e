"""The differences between two editions of a methodology, and their effect on companies."""

from decimal import Decimal
from enum import Enum
from operator import attrgetter

from attrs import field, frozen

from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.base import Result
from cleancloud_rules.results.from_data import Rank, stored_at
from cleancloud_rules.results.json import form
from cleancloud_rules.results.records import SCHEMA_VERSION, CompanyRecord, MethodologyRecord, NoticeRecord


class ChangeKind(Enum):
    """The kind of a change of a methodology."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    MOVED = "moved"
    REORDERED = "reordered"
    CHANGED = "changed"


class ChangedFigureKind(Enum):
    """Which figure of a company is compared."""

    TOTAL = "total"
    RANK = "rank"
    SCORE = "score"
    POINTS = "points"


class WordKind(Enum):
    """Which word about a company is compared."""

    LEVEL = "level"
    LABEL = "label"
    TABLE = "table"
    OUTCOME = "outcome"


@frozen(field_transformer=one_line)
class Change:
    """One change of a methodology.

    Args:
        number: its position in the list of changes, from 1.
        kind: the kind of change.
        path: its place: the key of each part and the id of each item, from the methodology down.
        text: the change as a sentence.
        old: the old value in words; None if the old edition has none.
        new: the new value in words; None if the new edition has none.
    """

    number: Rank
    kind: ChangeKind
    path: tuple[str, ...]
    text: str
    old: str | None
    new: str | None


@frozen(field_transformer=one_line)
class Step:
    """Changes that are applied together; after them companies are scored again.

    Args:
        number: its position in the order of the steps, from 1.
        changes: the numbers of the changes.
        because: why they are applied together; None for a single change.
    """

    number: Rank
    changes: tuple[Rank, ...]
    because: str | None


@frozen(field_transformer=one_line)
class Contribution:
    """The effect of one step on a figure.

    Args:
        step: number of the step.
        change: the change of the figure.
    """

    step: Rank
    change: Decimal


@frozen(field_transformer=one_line)
class FigureChange:
    """One figure of a company before and after changes: under two editions, or with other facts.

    The contributions of the steps add up to the change exactly.

    Args:
        kind: the kind of figure.
        id: the id of its group or criterion, in the new edition if there are two; None for total and rank.
        old: the figure before the changes; None if there is none, which counts as 0 in the change.
        new: the figure after the changes; None if there is none, which counts as 0 in the change.
        change: the new figure minus the old one; a better rank is a smaller number.
        contributions: the effect of each step, without steps that have none.
    """

    kind: ChangedFigureKind
    id: str | None
    old: Decimal | None
    new: Decimal | None
    change: Decimal
    contributions: tuple[Contribution, ...]


@frozen(field_transformer=one_line)
class Turn:
    """The effect of one step on a word.

    Args:
        step: number of the step.
        old: the word before the step; None if there is none.
        new: the word after the step; None if there is none.
    """

    step: Rank
    old: str | None
    new: str | None


@frozen(field_transformer=one_line)
class WordChange:
    """A level, a label, an outcome or the output of a decision table before and after changes.

    Each turn starts where the last one ends.

    Args:
        kind: the kind of word.
        id: the id of its group, criterion or decision table, in the new edition if there are two; None for the total.
        old: the id of the level, the label, the outcome, or the output of the table before the changes; None if there
            is none.
        new: the word after the changes; None if there is none.
        turns: the effect of each step, without steps that have none.
    """

    kind: WordKind
    id: str | None
    old: str | None
    new: str | None
    turns: tuple[Turn, ...]


@frozen(field_transformer=one_line)
class CompanyDifference:
    """The effect of the changes on one company.

    Args:
        company: the company, as the new edition records it.
        figures: total and rank, then each score and each criterion that some step changes.
        words: level and label of the total and the outputs of decision tables, as far as there are any; the levels
            and labels of groups that some step changes; and the outcomes that some step changes: of the total, and of
            each group and criterion that both editions have.
    """

    company: CompanyRecord
    figures: tuple[FigureChange, ...]
    words: tuple[WordChange, ...] = ()

    def figure(self, kind: ChangedFigureKind, id: str | None = None) -> FigureChange:
        """Return one of the figures; KeyError if no step changes it."""
        for figure in self.figures:
            if (figure.kind, figure.id) == (kind, id):
                return figure
        raise KeyError((kind.value, id))

    def word(self, kind: WordKind, id: str | None = None) -> WordChange:
        """Return one of the words; KeyError if there is none."""
        for word in self.words:
            if (word.kind, word.id) == (kind, id):
                return word
        raise KeyError((kind.value, id))


@frozen(field_transformer=one_line)
class UnreadFile:
    """A file of a dataset that one of the editions cannot read.

    Args:
        file: its name.
        edition: the edition that cannot read it: ``old`` or ``new``.
        diagnostics: its diagnostics under that edition, as the command line shows them.
    """

    file: str
    edition: str
    diagnostics: tuple[str, ...] = field(metadata=stored_at("findings"))


@frozen(field_transformer=one_line)
class Effect:
    """The effect of the changes on the companies of a dataset.

    Args:
        dataset: the title of the dataset.
        order: in which order changes are applied, and which are applied together, in words.
        steps: the steps, in the order in which they are applied.
        companies: the companies that both editions can read, in the order of the new ranking.
        unread: the files that one of the editions cannot read; their companies are neither compared nor ranked.
        rank_by: what companies are ranked by in the new edition, then what only the old edition ranks by.
    """

    dataset: str
    order: str
    steps: tuple[Step, ...]
    companies: tuple[CompanyDifference, ...]
    unread: tuple[UnreadFile, ...]
    rank_by: tuple[str, ...] = ("total",)


@frozen(field_transformer=one_line)
class Difference(Result):
    """Two editions of a methodology, compared.

    Args:
        old: the old edition.
        new: the new edition.
        changes: the changes, in the order of the parts of the old and the new methodology.
        remarks: remarks on ids under `replaces`.
        effect: the effect on companies; None if no dataset was given.
        notices: the notices that every output carries.
        library_version: the version of the library.
        schema_version: the version of the JSON form.
    """

    old: MethodologyRecord
    new: MethodologyRecord
    changes: tuple[Change, ...]
    remarks: tuple[str, ...]
    effect: Effect | None
    notices: tuple[NoticeRecord, ...]
    library_version: str
    schema_version: int = SCHEMA_VERSION


form(UnreadFile, without=("diagnostics",), findings=attrgetter("diagnostics"))

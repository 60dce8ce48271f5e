"""What changed between two editions of a methodology, and what that does to companies."""

from decimal import Decimal
from enum import Enum

from attrs import frozen

from cleancloud_rules.results.records import CompanyRecord, MethodologyRecord, NoticeRecord


class ChangeKind(Enum):
    """What became of a part of a methodology."""

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


@frozen
class Change:
    """One thing that is not as it was.

    Args:
        number: its place in the order in which changes are listed, from 1.
        kind: what became of it.
        path: where it is: the key of each part, and the id of each item, from the methodology down.
        text: the change as a sentence.
        old: what it was, in words; None where it was not there.
        new: what it is, in words; None where it is not there any more.
    """

    number: int
    kind: ChangeKind
    path: tuple[str, ...]
    text: str
    old: str | None
    new: str | None


@frozen
class Step:
    """Changes that are applied together, and after which all companies are scored anew.

    Args:
        number: its place in the order in which steps are taken, from 1.
        changes: the numbers of the changes.
        because: why they are applied together; None for a single change.
    """

    number: int
    changes: tuple[int, ...]
    because: str | None


@frozen
class Contribution:
    """What one step moves.

    Args:
        step: number of the step.
        change: by how much.
    """

    step: int
    change: Decimal


@frozen
class FigureChange:
    """One figure of a company under both editions. The contributions of the steps add up to the change exactly.

    Args:
        kind: which figure it is.
        id: the group or the criterion that it belongs to, as the new edition calls it; None for total and rank.
        old: the figure under the old edition; None where there is none, which counts as 0 in the change.
        new: the figure under the new edition, likewise.
        change: the new figure less the old one; a rank that rises falls in number.
        contributions: what each step moves, those left out that move nothing.
    """

    kind: ChangedFigureKind
    id: str | None
    old: Decimal | None
    new: Decimal | None
    change: Decimal
    contributions: tuple[Contribution, ...]


@frozen
class Turn:
    """What one step makes of a word.

    Args:
        step: number of the step.
        old: the word before it; None where there is none.
        new: the word after it, likewise.
    """

    step: int
    old: str | None
    new: str | None


@frozen
class WordChange:
    """A level, a label or what a decision table gives, under both editions. Each turn begins where the one before ends.

    Args:
        kind: which word it is.
        id: the group or the decision table that it belongs to, as the new edition calls it; None for the whole.
        old: the id of the level, the label or what the table gives under the old edition; None where there is none.
        new: the word under the new edition, likewise.
        turns: what each step makes of it, those left out that leave it is.
    """

    kind: WordKind
    id: str | None
    old: str | None
    new: str | None
    turns: tuple[Turn, ...]


@frozen
class CompanyDifference:
    """What the changes do to one company.

    Args:
        company: which company, as the new edition records it.
        figures: total and rank, then each score and each criterion of which some step moves something.
        words: level and label of the whole and what decision tables give, as far as there are any, and the levels and
            labels of groups that some step changes.
    """

    company: CompanyRecord
    figures: tuple[FigureChange, ...]
    words: tuple[WordChange, ...] = ()

    def figure(self, kind: ChangedFigureKind, id: str | None = None) -> FigureChange:
        """Return one of the figures; KeyError where nothing moves it."""
        for figure in self.figures:
            if (figure.kind, figure.id) == (kind, id):
                return figure
        raise KeyError((kind.value, id))

    def word(self, kind: WordKind, id: str | None = None) -> WordChange:
        """Return one of the words; KeyError where there is none."""
        for word in self.words:
            if (word.kind, word.id) == (kind, id):
                return word
        raise KeyError((kind.value, id))


@frozen
class UnreadFile:
    """A file of a dataset that one of the editions cannot read.

    Args:
        file: its name.
        edition: the edition that cannot read it: ``old`` or ``new``.
        findings: what is wrong with it there, as the command line shows it.
    """

    file: str
    edition: str
    findings: tuple[str, ...]


@frozen
class Effect:
    """What the changes do to the companies of a dataset.

    Args:
        dataset: the title of the dataset.
        order: in which order changes are applied, and what is applied together, in words.
        steps: the steps, in the order in which they are taken.
        companies: those that both editions can read, in the new ranking's order.
        unread: the files that one of the editions cannot read; their companies are not compared or ranked.
        rank_by: what the ranks follow in the new edition, and after it what they follow in the old one alone.
    """

    dataset: str
    order: str
    steps: tuple[Step, ...]
    companies: tuple[CompanyDifference, ...]
    unread: tuple[UnreadFile, ...]
    rank_by: tuple[str, ...] = ("total",)


@frozen
class Difference:
    """Two editions of a methodology, compared.

    Args:
        old: the edition that is compared with.
        new: the edition that is compared.
        changes: what changed, in the order of the old methodology's and the new one's parts.
        remarks: what a reader should know about ids that are said to be replaced.
        effect: what the changes do to companies; None where no dataset was given.
        notices: what every rendering says.
        library_version: the version that compared them.
    """

    old: MethodologyRecord
    new: MethodologyRecord
    changes: tuple[Change, ...]
    remarks: tuple[str, ...]
    effect: Effect | None
    notices: tuple[NoticeRecord, ...]
    library_version: str

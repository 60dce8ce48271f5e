"""What added and removed facts change, and what accepting the response of a company would change."""

from decimal import Decimal
from enum import Enum

from attrs import frozen

from cleancloud_rules.model.facts import ResponseStatus
from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.base import Result
from cleancloud_rules.results.differences import ChangedFigureKind, CompanyDifference, Step, WordKind
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


class WhatIfKind(Enum):
    """Whether a what-if adds or removes a fact."""

    ADDED = "added"
    REMOVED = "removed"


@frozen(field_transformer=one_line)
class WhatIfChange:
    """A fact, or a search without result, that a what-if adds to a company, or a fact that it removes.

    Args:
        number: its position in the list of changes, from 1.
        kind: whether it is added or removed.
        company: id of the company.
        fact: the fact; None for a search without result. Whether an added fact counts, and why not, is that after all
            changes.
        search: the search without result; None for a fact.
        source: the source that it cites; None if it cites none.
        refutes: the searches without result of the company that an added fact contradicts. They are dropped with it.
    """

    number: Rank
    kind: WhatIfKind
    company: str
    fact: FactRecord | None
    search: SearchRecord | None
    source: SourceRecord | None
    refutes: tuple[SearchRecord, ...] = ()


@frozen(field_transformer=one_line)
class FigureEffect:
    """The part of the change of a score or of the total that one criterion or group accounts for.

    Args:
        kind: the kind of figure: ``score`` or ``total``.
        id: id of the group; None for the total.
        change: the part of the change.
    """

    kind: ChangedFigureKind
    id: str | None
    change: Decimal


@frozen(field_transformer=one_line)
class PartEffect:
    """What one criterion accounts for: its points, and whether it applies and is assessed.

    A group is listed like a criterion if it applies, or does not, because of a fact.

    Args:
        id: id of the criterion or group.
        changes: numbers of the changes in whose steps its points or its outcome change.
        facts: ids of the facts of these changes, without searches without result.
        because: the sentences that explain its result after the changes.
        effects: the parts of the changes of scores and of the total, without those of 0. The parts of all criteria and
            groups add up to the change of a score, and to that of the total, exactly.
    """

    id: str
    changes: tuple[Rank, ...]
    facts: tuple[str, ...]
    because: tuple[str, ...]
    effects: tuple[FigureEffect, ...]


@frozen(field_transformer=one_line)
class WhatIfCompany(CompanyDifference):
    """What the changes of its facts change for one company.

    Args:
        company: the company, with the digest of the facts that it states.
        figures: the total and the rank, then each score and each criterion that some step changes, and the points of
            criteria whose outcome alone changes. `old` is before and `new` after the changes. There is no rank if only
            one company was given.
        words: level and label of the total and the outputs of decision tables, as far as there are any; and the levels,
            labels and outcomes that some step changes.
        parts: what the criteria and groups account for, in the order of the methodology.
    """

    parts: tuple[PartEffect, ...] = ()

    def part(self, id: str) -> PartEffect:
        """Return what a criterion or a group accounts for; KeyError if its result does not change."""
        for part in self.parts:
            if part.id == id:
                return part
        raise KeyError(id)


@frozen(field_transformer=one_line)
class RankChange:
    """The rank of a company before and after.

    Args:
        company: the company.
        old: its rank before; None if it was not ranked.
        new: its rank after; None if it is not ranked.
    """

    company: CompanyRecord
    old: Rank | None
    new: Rank | None


@frozen(field_transformer=one_line)
class WhatIf(Result):
    """What added and removed facts would change. It is no scorecard and no ranking.

    Args:
        notices: the notices that every output carries. The first says that this is a what-if.
        methodology: the methodology.
        changes: the facts that are added and removed, in the order in which they are applied.
        order: in which order the changes are applied, and to what their effects are attributed, in words.
        steps: the steps, in the order in which they are applied.
        companies: the companies whose facts are changed, in the order given.
        ranks: the ranks that change, cohort by cohort in the order after the changes.
        ranked: how many companies were ranked; 0 if only one company was given.
        rank_by: what companies are ranked by, most important first.
        library_version: the version of the library.
        schema_version: the version of the JSON form.
    """

    notices: tuple[NoticeRecord, ...]
    methodology: MethodologyRecord
    changes: tuple[WhatIfChange, ...]
    order: str
    steps: tuple[Step, ...]
    companies: tuple[WhatIfCompany, ...]
    ranks: tuple[RankChange, ...]
    ranked: Count
    rank_by: tuple[str, ...]
    library_version: str
    schema_version: int = SCHEMA_VERSION

    def company(self, id: str) -> WhatIfCompany:
        """Return what changes for a company; KeyError if its facts are not changed."""
        for company in self.companies:
            if company.company.id == id:
                return company
        raise KeyError(id)


@frozen(field_transformer=one_line)
class ResponseFigure:
    """A figure of the company, as it is and as it would be.

    Args:
        kind: the kind of figure.
        id: the id of its group or criterion; None for total and rank.
        old: the figure as it is; None if there is none.
        new: the figure if the response were accepted; None if there would be none.
        on_total: the part of the change of the total that a criterion, or a group that applies or does not, accounts
            for; None for other figures. The parts add up to the change of the total exactly.
    """

    kind: ChangedFigureKind
    id: str | None
    old: Decimal | None
    new: Decimal | None
    on_total: Decimal | None = None


@frozen(field_transformer=one_line)
class ResponseWord:
    """A level, a label, an outcome or the output of a decision table, as it is and as it would be.

    Args:
        kind: the kind of word.
        id: the id of its group, criterion or decision table; None for the total.
        old: the word as it is; None if there is none.
        new: the word if the response were accepted; None if there would be none.
    """

    kind: WordKind
    id: str | None
    old: str | None
    new: str | None


@frozen(field_transformer=one_line)
class ResponseRank:
    """The rank of a company of the dataset, as it is and as it would be.

    Args:
        company: id of the company.
        name: its name.
        old: its rank as it is; None if it is not ranked.
        new: its rank if the response were accepted; None if it would not be ranked.
    """

    company: str
    name: str
    old: Rank | None
    new: Rank | None


@frozen(field_transformer=one_line)
class ResponseEffect:
    """What would change if a response were accepted: its facts added, and those that it disputes removed.

    Args:
        figures: the total; then each score and each criterion that changes.
        words: the levels, labels, outcomes and outputs of decision tables that change.
        ranks: the ranks of the dataset that change, in the order that there would be.
        ranked: how many companies were ranked; 0 if the company was scored alone, so that no rank is known.
        drops: the searches without result that its facts contradict. They would be dropped.
        problems: why it cannot be accepted as it is, in sentences; then nothing else is known.
    """

    figures: tuple[ResponseFigure, ...] = ()
    words: tuple[ResponseWord, ...] = ()
    ranks: tuple[ResponseRank, ...] = ()
    ranked: Count = 0
    drops: tuple[SearchRecord, ...] = ()
    problems: tuple[str, ...] = ()

    def figure(self, kind: ChangedFigureKind, id: str | None = None) -> ResponseFigure:
        """Return one of the figures; KeyError if it does not change."""
        for figure in self.figures:
            if (figure.kind, figure.id) == (kind, id):
                return figure
        raise KeyError((kind.value, id))


@frozen(field_transformer=one_line)
class ResponseRecord:
    """What the company answers to its score, in its own words. It changes no figure of the scorecard.

    Args:
        id: its id.
        received: the day on which it was received.
        by: who says it, as given.
        reason: the reason, in the words of the company.
        about: ids of the criteria that it is about.
        facts: the facts that it offers as evidence. Whether one counts is said for the case that it is accepted.
        sources: the sources that these facts cite.
        disputes: ids of the facts that it calls wrong.
        status: what the publisher has decided.
        decision: the reason of the publisher; None if none is given.
        effect: its effect if it were accepted; None if it is accepted already, and its facts are among those of the
            company, or if it neither offers nor disputes facts.
    """

    id: str
    received: str
    by: str
    reason: str
    about: tuple[str, ...]
    facts: tuple[FactRecord, ...]
    sources: tuple[SourceRecord, ...]
    disputes: tuple[str, ...]
    status: ResponseStatus
    decision: str | None
    effect: ResponseEffect | None = None

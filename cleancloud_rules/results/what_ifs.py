"""What added and removed facts change for companies: figures before and after, and what they are attributed to."""

from decimal import Decimal
from enum import Enum

from attrs import frozen

from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.base import Result
from cleancloud_rules.results.differences import ChangedFigureKind, CompanyDifference, Step
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

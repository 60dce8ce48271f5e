"""Hypothetical facts under which rules give a published table, and what they do and do not show."""

from decimal import Decimal
from enum import Enum
from typing import Any

from attrs import frozen

from cleancloud_rules.results.records import MethodologyRecord, NoticeRecord


class ConditionStatus(Enum):
    """Whether a condition holds in the solutions: in every one, in some, or in none."""

    FORCED = "forced"
    OPEN = "open"
    EXCLUDED = "excluded"


@frozen
class ConditionStanding:
    """A condition of one company that stated facts do not settle.

    Args:
        company: id of the company.
        condition: the condition in words.
        standing: whether it holds in every solution, in some, or in none.
        chosen: whether it holds in the solution that was chosen.
    """

    company: str
    condition: str
    standing: ConditionStatus
    chosen: bool


@frozen
class HypotheticalFact:
    """A fact that the solver chose.

    Args:
        company: id of the company.
        type: id of its fact type.
        entry: the entry as an overlay states it, in plain data.
        conditions: the conditions that it satisfies, in words.
        standing: forced where one of its conditions holds in every solution and no stated fact satisfies it; None where
            that was not asked for.
    """

    company: str
    type: str
    entry: dict[str, Any]
    conditions: tuple[str, ...]
    standing: ConditionStatus | None = None


@frozen
class Target:
    """A printed figure or a published count that facts must give.

    Args:
        company: id of the company; None for a count over all companies.
        figure: id of the category or of the statement.
        published: as published.
    """

    company: str | None
    figure: str
    published: str


@frozen
class Fit:
    """The outcome of a fit.

    Args:
        methodology: which methodology was applied.
        feasible: whether there is any solution.
        optimal: whether no solution with fewer facts exists.
        facts: the facts that were chosen, by company and type.
        conditions: how each open condition stands; empty where that was not asked for.
        conflicts: where there is no solution, an irreducible set of figures that cannot hold together.
        solver: name and version of the solver.
        notices: what every rendering says.
        library_version: the version that computed it.
    """

    methodology: MethodologyRecord
    feasible: bool
    optimal: bool
    facts: tuple[HypotheticalFact, ...]
    conditions: tuple[ConditionStanding, ...]
    conflicts: tuple[Target, ...]
    solver: str
    notices: tuple[NoticeRecord, ...]
    library_version: str


@frozen
class PointsChange:
    """One rule's points changed, and whether the published table can still be given.

    Args:
        criterion: id of the criterion.
        rule: id of the rule.
        points: its points.
        changed: its points after the change.
        feasible: whether some facts give the table then.
        note: what else had to change, such as the criterion's maximum.
    """

    criterion: str
    rule: str
    points: Decimal
    changed: Decimal
    feasible: bool
    note: str = ""

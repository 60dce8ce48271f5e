"""Fits: hypothetical facts under which the rules give a published table, or a reason why there are none."""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

from attrs import frozen

from cleancloud_rules.one_line import one_line
from cleancloud_rules.results.base import Result
from cleancloud_rules.results.records import SCHEMA_VERSION, MethodologyRecord, NoticeRecord


class ConditionStatus(Enum):
    """Whether a condition holds in every solution (forced), in some (open) or in none (excluded)."""

    FORCED = "forced"
    OPEN = "open"
    EXCLUDED = "excluded"


@frozen(field_transformer=one_line)
class ConditionStanding:
    """A condition of one company that the stated facts leave undecided.

    Args:
        company: id of the company.
        condition: the condition in words.
        standing: whether it holds in every solution, in some or in none.
        chosen: whether it holds in the chosen solution.
    """

    company: str
    condition: str
    standing: ConditionStatus
    chosen: bool


@frozen(field_transformer=one_line)
class HypotheticalFact:
    """A fact that the solver chose.

    Args:
        company: id of the company.
        type: id of its fact type.
        entry: the entry as an overlay states it, in plain data.
        conditions: the conditions that it satisfies, in words.
        standing: forced if one of its conditions holds in every solution and no stated fact satisfies it; None if not
            requested.
    """

    company: str
    type: str
    entry: Mapping[str, Any]
    conditions: tuple[str, ...]
    standing: ConditionStatus | None = None


@frozen(field_transformer=one_line)
class Target:
    """A published figure or a published claim that the facts must give.

    Args:
        company: id of the company; None for a claim, which counts companies.
        figure: id of the category or of the claim.
        published: the published value.
    """

    company: str | None
    figure: str
    published: str


@frozen(field_transformer=one_line)
class Fit(Result):
    """The outcome of a fit.

    Args:
        methodology: the methodology.
        feasible: whether there is a solution.
        optimal: whether no solution has fewer facts.
        facts: the chosen facts, by company and type.
        conditions: the status of each undecided condition; empty if not requested.
        conflicts: if there is no solution, an irreducible set of figures that cannot hold together.
        solver: name and version of the solver.
        notices: the notices that every output carries.
        library_version: the version of the library.
        schema_version: the version of the JSON form.
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
    schema_version: int = SCHEMA_VERSION


@frozen(field_transformer=one_line)
class PointsChange:
    """A change of the points of one rule, and whether some facts still give the published table.

    Args:
        criterion: id of the criterion.
        rule: id of the rule.
        points: the points of the rule.
        changed: its points after the change.
        feasible: whether some facts give the table after the change.
        note: what else had to change, such as the maximum of the criterion.
    """

    criterion: str
    rule: str
    points: Decimal
    changed: Decimal
    feasible: bool
    note: str = ""

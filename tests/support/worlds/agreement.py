"""Bounds of a company that states nothing, held against the limits in the certificate of its methodology."""

from collections.abc import Iterator
from decimal import Decimal

from cleancloud_rules.analysis import bounds
from cleancloud_rules.model.methodology import Criterion, Group, Methodology
from cleancloud_rules.results import Certificate
from tests.support.worlds.companies import Small
from tests.support.worlds.differences import Difference

Said = tuple[Decimal | None, Decimal | None, bool]
"""A lower and an upper bound, and whether both are reached."""


def differences(small: Small, certificate: Certificate) -> Iterator[Difference]:
    """Yield where they differ.

    A certificate speaks of all companies, in every cohort, also of those that keep no implications. So bounds lie
    within its limits, and are equal where both are reached and neither cohorts nor implications matter.

    Args:
        small: a company that states nothing.
        certificate: the certificate of its methodology.
    """
    methodology = small.world.methodology
    (found,) = bounds([small.company], methodology).companies
    plain = not methodology.vocabulary.implications and not _asks_for_cohorts(methodology)
    limits = {
        part.id: (part.least, part.greatest, part.reached) for part in (*certificate.groups, *certificate.categories)
    }
    for group in found.groups:
        yield from _held(group.id, (group.floor, group.ceiling, group.exact), limits[group.id], plain=plain)
    own = certificate.total
    total = (own.least, own.greatest, own.reached)
    yield from _held("total", (found.floor, found.ceiling, found.exact), total, plain=plain)


def _asks_for_cohorts(methodology: Methodology) -> bool:
    owners: tuple[Group | Criterion, ...] = (*methodology.groups, *methodology.criteria)
    rules = (owner.not_applicable for owner in owners)
    return any(rule is not None and bool(rule.cohorts) for rule in rules)


def _held(name: str, inner: Said, outer: Said, *, plain: bool) -> Iterator[Difference]:
    (floor, ceiling, exact), (least, greatest, reached) = inner, outer
    what, shown = f"bounds {floor} to {ceiling}, exact {exact}", f"limits {least} to {greatest}, reached {reached}"
    if exact and floor is not None and least is not None and floor < least:
        yield Difference("an exact floor below the least value", name, what, shown)
    if exact and ceiling is not None and greatest is not None and ceiling > greatest:
        yield Difference("an exact ceiling above the greatest value", name, what, shown)
    if exact and reached and plain and None not in (floor, ceiling, least, greatest) and inner != outer:
        yield Difference("bounds and limits that are both reached and differ", name, what, shown)

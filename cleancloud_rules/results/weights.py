"""Declared and effective weights of criteria."""

from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from cleancloud_rules.one_line import one_line


@frozen(field_transformer=one_line)
class CriterionWeight:
    """Declared and effective weight of one criterion.

    Args:
        criterion: id of the criterion.
        groups: ids of the groups around it, the outermost first.
        max_points: its maximum points.
        weight: its declared weight; None if its group does not weigh its parts.
        effective: the part of the maximum total that is lost if only this criterion earns nothing; None without total.
        share: `effective` divided by the maximum total; None without total, or if the maximum is 0.
    """

    criterion: str
    groups: tuple[str, ...]
    max_points: Decimal
    weight: Decimal | None
    effective: Fraction | None
    share: Fraction | None

"""How much each criterion of a methodology counts."""

from decimal import Decimal
from fractions import Fraction

from attrs import frozen


@frozen
class CriterionWeight:
    """How much one criterion counts.

    Args:
        criterion: id of the criterion.
        groups: ids of the groups around it, the outermost first.
        max_points: the most points that it earns.
        weight: the weight that it declares; None where its group does not weigh its parts.
        effective: how much of the total is lost where everything is earned but this; None without a total.
        share: `effective` as a part of the greatest total; None without a total, or where that is 0.
    """

    criterion: str
    groups: tuple[str, ...]
    max_points: Decimal
    weight: Decimal | None
    effective: Fraction | None
    share: Fraction | None

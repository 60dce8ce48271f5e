"""How exact numbers become printed ones."""

from enum import Enum

from attrs import frozen


class RoundingMode(Enum):
    """What happens to a digit that is dropped."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    FLOOR = "floor"
    CEILING = "ceiling"


class TotalPolicy(Enum):
    """Whether category scores are rounded before they are added, or only their sum is."""

    SUM_OF_ROUNDED = "sum_of_rounded"
    ROUNDED_SUM = "rounded_sum"


@frozen
class Rounding:
    """How scores are rounded.

    Args:
        digits: decimal places of category scores and of the total.
        mode: what happens to a digit that is dropped; halves go away from zero in `half_up`.
        total: whether categories are rounded before they are added.
        points_digits: decimal places of points.
    """

    digits: int = 2
    mode: RoundingMode = RoundingMode.HALF_UP
    total: TotalPolicy = TotalPolicy.SUM_OF_ROUNDED
    points_digits: int = 0

"""Values of facts and tests: field types, intervals and periods."""

from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, NewType

from attrs import field, frozen

FIRST_YEAR, LAST_YEAR = 1000, 9999
"""The years of four digits."""


class FieldType(Enum):
    """The types that a field of a fact type may have."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    PERCENT = "percent"
    YEAR = "year"
    DATE = "date"
    TEXT = "text"
    ENUM = "enum"
    SET = "set"
    QUANTITY = "quantity"

    @property
    def is_ordered(self) -> bool:
        """Whether one value can be above another."""
        return self.is_numeric or self is FieldType.DATE

    @property
    def is_numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.is_decimal or self is FieldType.INTEGER or self is FieldType.YEAR

    @property
    def is_computable(self) -> bool:
        """Whether a formula can compute its values."""
        return self.is_decimal or self is FieldType.INTEGER

    @property
    def is_decimal(self) -> bool:
        """Whether its values may have decimal places."""
        return self is FieldType.NUMBER or self is FieldType.PERCENT or self is FieldType.QUANTITY

    @property
    def has_neighbours(self) -> bool:
        """Whether each value has a next one: whole numbers, years and days."""
        return self is FieldType.INTEGER or self is FieldType.YEAR or self is FieldType.DATE

    @property
    def lists_values(self) -> bool:
        """Whether a field of this type declares the names that it may hold."""
        return self is FieldType.ENUM or self is FieldType.SET

    @property
    def is_worded(self) -> bool:
        """Whether its values are names or text, which a unary test writes in double quotes."""
        return self.lists_values or self is FieldType.TEXT

    @property
    def first_and_last(self) -> tuple[int, int] | tuple[date, date] | tuple[None, None]:
        """The lowest and the highest value: years have four digits, and the calendar has a first and a last day."""
        match self:
            case FieldType.YEAR:
                return FIRST_YEAR, LAST_YEAR
            case FieldType.DATE:
                return date.min, date.max
            case _:
                return None, None

    def __str__(self) -> str:
        return self.value


Id = NewType("Id", str)
"""A name that files refer to: lower-case words joined by underscores."""

Name = NewType("Name", str)
"""A name of a source, a company or a recommendation: letters, digits, ``_``, ``-`` and ``.``."""

Word = NewType("Word", str)
"""A value that an enum or a set declares."""

Ordered = int | Decimal | date
"""Values with an order: integers and years, numbers (percent and quantity in the field's unit), dates."""

Plain = bool | int | Decimal | date | str
"""A single exact value."""


@frozen
class Bound:
    """Two ends as they were written; see `Interval`.

    Args:
        low: the lower end, or None.
        high: the upper end, or None.
        low_open: whether the lower end itself is outside.
        high_open: whether the upper end itself is outside.
    """

    low: Plain | None
    high: Plain | None
    low_open: bool
    high_open: bool

    @property
    def is_closed(self) -> bool:
        """Whether both ends are stated and belong to it."""
        return None not in (self.low, self.high) and not self.low_open and not self.high_open


@frozen
class Interval:
    """All values between two ends. A missing end is unbounded; equal closed ends are one value.

    As a fact's value it says that the true value lies somewhere inside ("more than 38" is
    ``Interval(low=Decimal(38), low_open=True)``); as part of a test it says which values pass.

    Whole numbers, years and days have neighbours. An open end of theirs becomes the closed end beside it at once, so
    that equal statements are equal intervals everywhere: more than 2029 is at least 2030. `written` keeps the ends as
    they were written.

    Args:
        low: the lower end, or None.
        high: the upper end, or None.
        low_open: whether the lower end itself is outside.
        high_open: whether the upper end itself is outside.

    Example:
        >>> from decimal import Decimal
        >>> from cleancloud_rules.model import Interval
        >>> Interval(low=2029, low_open=True) == Interval(low=2030)
        True
        >>> Interval(low=Decimal(38), low_open=True).low_open
        True
    """

    low: Plain | None = None
    high: Plain | None = None
    low_open: bool = False
    high_open: bool = False
    _written: Bound | None = field(default=None, init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        low = _neighbour(self.low, 1) if self.low_open else self.low
        high = _neighbour(self.high, -1) if self.high_open else self.high
        if low is self.low and high is self.high:
            return
        object.__setattr__(self, "_written", Bound(self.low, self.high, self.low_open, self.high_open))
        object.__setattr__(self, "low_open", self.low_open and low is self.low)
        object.__setattr__(self, "high_open", self.high_open and high is self.high)
        object.__setattr__(self, "low", low)
        object.__setattr__(self, "high", high)

    @classmethod
    def at(cls, value: Plain) -> "Interval":
        """Return the interval that holds `value` alone."""
        return cls(value, value)

    @property
    def written(self) -> Bound:
        """The ends as they were written."""
        return self._written or Bound(self.low, self.high, self.low_open, self.high_open)

    @property
    def is_point(self) -> bool:
        """Whether the interval is a single value."""
        return self.low is not None and self.low == self.high

    @property
    def is_empty(self) -> bool:
        """Whether no value lies in the interval."""
        low: Any = self.low
        high: Any = self.high
        if low is None or high is None:
            return False
        return bool(low > high or (low == high and (self.low_open or self.high_open)))


def _neighbour(value: Any, step: int) -> Any:
    """Return the next or the previous value; the value itself where it has no neighbour."""
    if isinstance(value, date):
        edge = date.max if step > 0 else date.min
        return value if value == edge else value + timedelta(days=step)
    return value + step if isinstance(value, int) else value


@frozen(order=True)
class Period:
    """The time that a fact is about, both days included.

    Args:
        start: first day.
        end: last day.
        text: as written: a year or an ISO interval.
    """

    start: date
    end: date
    text: str = field(eq=False, order=False)

    def __str__(self) -> str:
        return self.text


Value = Plain | frozenset[str] | Interval
"""The value of a field of a fact: one exact value, a set of names, or a bound."""

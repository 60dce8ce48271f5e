"""Texts that SQL converts itself: written-out numbers, quantities and their one-sided bounds, names and plain texts.

A text is first compared with a regular expression; only what the library would certainly take passes it. The digits of
a number are then shifted by their decimal places and by the power of ten between the units, as a text, and become a
whole number. A unit whose size is no power of ten of that of the field multiplies and divides it; what leaves a
remainder is left to the library. Nothing is ever rounded, and no text is cast to a decimal.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import ceil, floor

from attrs import frozen

from cleancloud_rules.documents.limits import MAX_DIGITS
from cleancloud_rules.model.conditions import UnaryTest
from cleancloud_rules.model.facts import Field
from cleancloud_rules.model.units import Units
from cleancloud_rules.model.values import FieldType, Interval
from cleancloud_rules.tables import sql

PRINTABLE = r"[A-Za-z0-9](?:[ -~]*[!-~])?"
"""Texts of printable ASCII that no spreadsheet takes for a formula, without spaces around them."""

NAMES = r"[A-Za-z0-9][A-Za-z0-9_.-]*"
"""Names of companies and sources."""

_MOST_DIGITS = 17
"""The maximum number of digits before the decimal point."""

_ODD_PLACES, _ODD_DIGITS = 8, 20
"""The digits before and after the decimal point of a number in an odd unit, and those of what it is multiplied with."""

_SPECIAL, _ESCAPED = re.compile(r"([^A-Za-z0-9 ])"), r"\\\1"


@frozen
class _Shape:
    """How a number of a field can be written.

    Args:
        pattern: the regular expression.
        unit: the unit after the number; empty if there is none.
        places: by how many decimal places it is shifted.
        times: by which whole number it is then multiplied.
        over: by which whole number it is then divided.
    """

    pattern: str
    unit: str
    places: int
    times: int = 1
    over: int = 1


_Ranges = list[tuple[int | None, int | None]]


@frozen
class Numeral:
    """How SQL converts the texts of numbers.

    Args:
        shapes: how a number can be written.
        ranges: the lowest and the highest valid numbers; None if all are valid.
        has_neighbours: whether each number has a next one.
    """

    shapes: tuple[_Shape, ...]
    ranges: _Ranges | None
    has_neighbours: bool

    @property
    def pattern(self) -> str:
        """The regular expression of the texts."""
        # Of a bound, some value must be valid: the library judges that.
        sign = "(?:[<>]=? ?)?" if self.ranges is None else ""
        return f"{sign}(?:{'|'.join(shape.pattern for shape in self.shapes)})"

    def split(self, text: str) -> tuple[str, str]:
        """Return the digits of a text, and its unit."""
        bare = text if self.ranges is not None else f"LTRIM({text}, '<>= ')"
        if not self.shapes[0].unit:
            return f"RTRIM({bare}, ' %')", "NULL"
        behind = f"STRPOS({bare}, ' ')"
        return f"SPLIT_PART({bare}, ' ', 1)", f"SUBSTRING({bare}, {behind} + 1)"

    def scaled(self, digits: str, unit: str) -> str:
        """Return a number as a whole number of units of its last place."""
        if not self.shapes[0].unit:
            return _converted(digits, self.shapes[0])
        cases = (f"WHEN {sql.text(shape.unit)} THEN {_converted(digits, shape)}" for shape in self.shapes)
        return f"CASE {unit} {' '.join(cases)} END"

    def is_valid(self, number: str) -> str:
        """Return the condition that a number is exact and valid."""
        if self.ranges is None:
            return f"{number} IS NOT NULL"
        lows = ("TRUE" if low is None else f"{number} >= {sql.whole(low)}" for low, _ in self.ranges)
        highs = ("TRUE" if high is None else f"{number} <= {sql.whole(high)}" for _, high in self.ranges)
        inside = " OR ".join(f"({low} AND {high})" for low, high in zip(lows, highs, strict=True))
        return f"{number} IS NOT NULL AND ({inside})"

    def parts(self, text: str, number: str) -> tuple[str, str, str, str]:
        """Return the ends of an exact number or of a one-sided bound, and whether they are open."""
        if self.ranges is not None:
            return number, number, "FALSE", "FALSE"
        sign, second = f"SUBSTRING({text}, 1, 1)", f"SUBSTRING({text}, 2, 1)"
        open_low, open_high = (f"({sign} = '{which}' AND {second} <> '=')" for which in "><")
        low = high = number
        if self.has_neighbours:
            low = f"CASE WHEN {open_low} THEN {number} + 1 ELSE {number} END"
            high = f"CASE WHEN {open_high} THEN {number} - 1 ELSE {number} END"
            open_low = open_high = "FALSE"
        return (
            f"CASE WHEN {sign} <> '<' THEN {low} END",
            f"CASE WHEN {sign} <> '>' THEN {high} END",
            open_low,
            open_high,
        )


@frozen
class Plain:
    """Texts that SQL converts.

    Args:
        pattern: their regular expression.
        numeral: how they are converted; None if they stay as they are.
    """

    pattern: str
    numeral: Numeral | None = None

    def matches(self, text: str) -> str:
        """Return whether a text is one of them, from its first to its last character."""
        whole = rf"\A(?:{self.pattern})\z"
        return f"REGEXP_MATCHES({text}, {sql.text(whole)})"


def plain_number(field: Field, units: Units) -> Plain | None:
    """Return the texts of a field that state written-out numbers; None if SQL converts none."""
    shapes = tuple(_shapes(field, units))
    ranges = None if field.valid is None else _ranges(field.valid, field.digits)
    if not shapes or (field.valid is not None and ranges is None):
        return None
    numeral = Numeral(shapes, ranges, field.type.has_neighbours)
    return Plain(numeral.pattern, numeral)


def _shapes(field: Field, units: Units) -> list[_Shape]:
    digits = field.digits
    match field.type:
        case FieldType.INTEGER | FieldType.NUMBER:
            return _fitting([("", digits)])
        case FieldType.PERCENT:  # a number up to 1 may be a share, unless it has the sign
            (number,) = _fitting([("", digits)])
            return [_Shape(f"{_two_or_more(digits)}|0|{number.pattern} ?%", "", digits)]
        case FieldType.QUANTITY:
            own = units.get(field.unit or "")
            assert own is not None, field
            same = (unit for unit in units.all if unit.dimension == own.dimension)
            ratios = {unit.id: Fraction(unit.size) / Fraction(own.size) for unit in same}
            powers = {id: power for id, ratio in ratios.items() if (power := _power_of_ten(ratio)) is not None}
            odd = {id: ratio * 10**digits for id, ratio in ratios.items() if id not in powers}
            return [*_fitting((id, digits + power) for id, power in powers.items()), *_odd(odd)]
        case _:
            return []


def _fitting(written: Iterable[tuple[str, int]]) -> list[_Shape]:
    """Return the shapes whose numbers have so few digits that they can be kept."""
    found = []
    for unit, places in written:
        before = min(_MOST_DIGITS, MAX_DIGITS - places)
        if places >= 0 and before > 0:
            after = f" {_SPECIAL.sub(_ESCAPED, unit)}" if unit else ""
            found.append(_Shape(_number(before, places) + after, unit, places))
    return found


def _odd(ratios: Mapping[str, Fraction]) -> Iterator[_Shape]:
    """Yield the shapes of numbers in units that are no power of ten of that of the field, if they are no large numbers.

    Args:
        ratios: how many units of the last place of the field each unit has.
    """
    for unit, ratio in ratios.items():
        whole = ratio / 10**_ODD_PLACES
        is_small = whole < 10 ** (MAX_DIGITS - 2 * _ODD_PLACES)  # so that no number has too many digits
        if is_small and max(whole.numerator, whole.denominator) < 10**_ODD_DIGITS:
            pattern = f"{_number(_ODD_PLACES, _ODD_PLACES)} {_SPECIAL.sub(_ESCAPED, unit)}"
            yield _Shape(pattern, unit, _ODD_PLACES, whole.numerator, whole.denominator)


def _converted(number: str, shape: _Shape) -> str:
    """Return a number in digits as a whole number of units of the last place of its field; null if it has none."""
    shifted = _shifted(number, shape.places)
    if (shape.times, shape.over) == (1, 1):
        return shifted
    times, over = (f"CAST('{factor}' AS HUGEINT)" for factor in (shape.times, shape.over))
    product = f"CAST({shifted} AS HUGEINT) * {times}"
    return f"CASE WHEN ({product}) % {over} = 0 THEN CAST(({product}) // {over} AS DECIMAL(38, 0)) END"


def _number(before: int, places: int) -> str:
    """Return the regular expression of a number with so many digits before and after the decimal point."""
    return rf"-?(?:0|[1-9][0-9]{{0,{before - 1}}})" + (rf"(?:\.[0-9]{{1,{places}}})?" if places else "")


def _two_or_more(places: int) -> str:
    """Return the regular expression of a number that is 2 or more without its sign."""
    return rf"-?(?:[2-9]|[1-9][0-9]{{1,{_MOST_DIGITS - 1}}})" + (rf"(?:\.[0-9]{{1,{places}}})?" if places else "")


def _power_of_ten(ratio: Fraction) -> int | None:
    """Return the exponent of a power of ten; None for another number."""
    for number, sign in ((ratio, 1), (1 / ratio, -1)):
        text = str(number.numerator)
        if number.denominator == 1 and text.rstrip("0") == "1":
            return sign * (len(text) - 1)
    return None


def _shifted(number: str, places: int) -> str:
    """Return a number in digits without its decimal point, which has moved by so many places."""
    digits = f"SPLIT_PART({number}, '.', 1)"
    if places:
        digits = f"CONCAT({digits}, RPAD(SPLIT_PART({number}, '.', 2), {places}, '0'))"
    return f"TRY_CAST({digits} AS DECIMAL(38, 0))"


def _ranges(test: UnaryTest, digits: int) -> _Ranges | None:
    """Return the lowest and the highest scaled numbers that pass a test; None if it is more than a list of ranges."""
    intervals = [one for one in test.alternatives if isinstance(one, Interval)]
    if test.negated or test.anything or len(intervals) < len(test.alternatives):
        return None
    return [(_lowest(one, digits), _highest(one, digits)) for one in intervals]


def _lowest(interval: Interval, digits: int) -> int | None:
    if interval.low is None:
        return None
    exact: Fraction = Fraction(interval.low) * 10**digits  # type: ignore[arg-type]
    return floor(exact) + 1 if interval.low_open else ceil(exact)


def _highest(interval: Interval, digits: int) -> int | None:
    if interval.high is None:
        return None
    exact: Fraction = Fraction(interval.high) * 10**digits  # type: ignore[arg-type]
    return ceil(exact) - 1 if interval.high_open else floor(exact)

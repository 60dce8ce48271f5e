"""Arithmetic in the sentences of scorecards, reckoned up anew."""

import re
from decimal import Decimal
from fractions import Fraction

from cleancloud_rules.model.rounding import RoundingMode
from tests.reference.scores import rounded

_TOKEN = re.compile(r"(?:(?<=^)|(?<=[ (]))-?\d+(?:\.\d+)?(?:/\d+)?|[()+/x,-]|minimum of|maximum of")
_MODES = {
    "rounded half up": RoundingMode.HALF_UP,
    "rounded half to even": RoundingMode.HALF_EVEN,
    "rounded down": RoundingMode.FLOOR,
    "rounded up": RoundingMode.CEILING,
}


class _Sum:
    """A sum of products, as it stands in a sentence: ``2 x (3 / 4) + (-1)``, or ``minimum of 3, 1 / 2``."""

    def __init__(self, text: str) -> None:
        self._left = _TOKEN.findall(text)
        assert "".join(self._left).replace(" ", "") == text.replace(" ", ""), text

    def value(self) -> Fraction:
        if self._left[0] in ("minimum of", "maximum of"):
            pick = min if self._left.pop(0) == "minimum of" else max
            values = [self._sum()]
            while self._takes(","):
                values.append(self._sum())
            found = pick(values)
        else:
            found = self._sum()
        assert not self._left
        return found

    def _takes(self, token: str) -> bool:
        found = self._left[:1] == [token]
        del self._left[: 1 if found else 0]
        return found

    def _sum(self) -> Fraction:
        value = self._product()
        while self._left[:1] in (["+"], ["-"]):
            sign = 1 if self._left.pop(0) == "+" else -1
            value += sign * self._product()
        return value

    def _product(self) -> Fraction:
        value = self._atom()
        while self._left[:1] in (["x"], ["/"]):
            multiplies = self._left.pop(0) == "x"
            factor = self._atom()
            value = value * factor if multiplies else value / factor
        return value

    def _atom(self) -> Fraction:
        if self._takes("("):
            value = self._sum()
            assert self._takes(")")
            return value
        return Fraction(self._left.pop(0))


def value_of(text: str) -> Fraction:
    """Return what a sum in a sentence comes to."""
    return _Sum(text).value()


def result_of(sentence: str) -> tuple[Fraction, Decimal]:
    """Return the exact value and the printed one that the arithmetic of a group ends with; every step must be right.

    Steps are separated by semicolons. Each is a sum and what it comes to, or a limit and the value that it leaves; what
    the last comes to may be rounded.
    """
    value: Fraction | None = None
    *steps, last = sentence.split("; ")
    for step in steps:
        value = _step(step, value)
    said, _, mode_and_result = last.partition(", rounded ")
    value = _step(said, value)
    if not mode_and_result:
        printed = Decimal(last.rpartition(" = ")[2] if " = " in last else last)
        assert printed == value
        return value, printed
    mode, _, result = f"rounded {mode_and_result}".rpartition(" to ")
    assert rounded(value, len(result.partition(".")[2]), _MODES[mode]) == Decimal(result) != value
    return value, Decimal(result)


def _step(step: str, before: Fraction | None) -> Fraction:
    first, _, result = step.rpartition(" = ")
    first = first or result
    limit = re.fullmatch(r"(?:as .*, )?(at most|at least) (\S+)", first)
    if limit is None:
        assert value_of(first) == Fraction(result), step
        return Fraction(result)
    assert before is not None, step
    end = Fraction(limit[2])
    assert end == Fraction(result) if " = " in step else True, step
    assert end < before if limit[1] == "at most" else end > before, step
    return end

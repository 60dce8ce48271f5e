"""Aggregation functions: the values of parts to the value of a group, with the arithmetic in words.

Words are made when they are read: most groups are computed and not explained.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache, partial

from attrs import frozen

from cleancloud_rules.model.conditions import UnaryTest
from cleancloud_rules.model.exact import ZERO, fraction_sum, total
from cleancloud_rules.model.groups import Aggregation, Band, Combining, Taken
from cleancloud_rules.model.rounding import RoundingMode, rounding_in_words, short
from cleancloud_rules.model.values import Interval

KEPT_PARTS = 4096
"""For how many different points, maxima and weights what a group takes of a criterion is kept; likewise of weights."""

Said = str | Decimal | Fraction
"""A value in words, or a number that stands for itself."""


@frozen
class Part:
    """What a group takes of one of its parts.

    Args:
        value: its value.
        most: the maximum of `value`.
        weight: its weight.
        said: the value in words or as a number; for a share, what is divided by `of`.
        of: the maximum of that number; None if the value is no share.
    """

    value: Fraction
    most: Fraction
    weight: Decimal
    said: Said
    of: Fraction | None = None

    @cached_property
    def text(self) -> str:
        """The value in words."""
        text = in_words(self.said)
        return text if self.of is None else f"{_operand(text)} / {_operand(short(self.of))}"


@frozen
class Step:
    """A step of the arithmetic and its result.

    Args:
        say: returns the step in words.
        value: its result.
    """

    say: Callable[[], str]
    value: Fraction


def in_words(said: Said) -> str:
    """Return a value in words."""
    return said if isinstance(said, str) else short(said)


def part_of(of: Taken, value: Fraction, most: Fraction, weight: Decimal | None, said: Said) -> Part:
    """Return what a group takes of a part: its value, or its share of its maximum, which is above 0."""
    weight = Decimal(1) if weight is None else weight
    if of is Taken.POINTS:
        return Part(value, most, weight, said)
    return Part(value / most, Fraction(1), weight, said, most)


@lru_cache(KEPT_PARTS)
def part_of_criterion(of: Taken, points: Decimal, most: Decimal, weight: Decimal | None) -> Part:
    """Return what a group takes of a criterion; see `part_of`.

    Numbers that are equal but for their zeros share a part, so nothing may show the digits of one.
    """
    return part_of(of, Fraction(points), Fraction(most), weight, points)


def combined(
    combining: Combining, parts: tuple[Part, ...], scale: Decimal | None
) -> tuple[list[Step] | None, Fraction]:
    """Return the steps from the parts to the value, and the maximum of the value.

    There are no steps if the maximum is not above 0, so that there is no scale, or if no part has a weight.
    """
    aggregate = combining.aggregate
    parts = _with_base(combining, parts)
    if aggregate is Aggregation.WEIGHTED_MEAN and not any(part.weight for part in parts):
        return None, Fraction(0)
    raw = aggregated(aggregate, [(part.value, part.weight) for part in parts])
    most = aggregated(aggregate, [(part.most, part.weight) for part in parts])
    if scale is None:
        return steps_to(aggregate, parts, scale, raw, most, raw), most
    if most <= 0:
        return None, most
    return steps_to(aggregate, parts, scale, raw, most, Fraction(scale) * raw / most), Fraction(scale)


def steps_to(
    aggregate: Aggregation,
    parts: tuple[Part, ...],
    scale: Decimal | None,
    raw: Fraction,
    most: Fraction,
    value: Fraction,
) -> list[Step]:
    """Return the steps from parts to the value.

    Args:
        aggregate: how they are aggregated.
        parts: the parts.
        scale: the value at its maximum; None if it is not scaled.
        raw: the aggregate of the values of the parts.
        most: that of their maxima.
        value: the value.
    """
    first = Step(partial(_expression, aggregate, parts), raw)
    if scale is None:
        return [first]
    last = Step(partial(_scaled, scale, raw, most), value)
    return [last] if aggregate is Aggregation.SUM else [first, last]


def formula(combining: Combining, parts: tuple[Part, ...], scale: Decimal | None) -> str | None:
    """Return the computation of the value as one expression over the texts of the parts; None if there is no value."""
    steps, _ = combined(combining, parts, scale)
    if not parts or steps is None:
        return None
    parts = _with_base(combining, parts)
    text = _expression(combining.aggregate, parts)
    most = aggregated(combining.aggregate, [(part.most, part.weight) for part in parts])
    return text if scale is None else _scaled(scale, text, most)


def _with_base(combining: Combining, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    base = Fraction(combining.base)
    return (Part(base, base, Decimal(1), short(base)), *parts) if base else parts


def _scaled(scale: Decimal, said: Said, most: Fraction) -> str:
    shared = "" if most == 1 else f" / {_operand(short(most))}"
    return f"{short(scale)} x {_operand(in_words(said))}{shared}"


_fraction = lru_cache(KEPT_PARTS)(Fraction)
"""Return a weight or the end of a band as a fraction; there are few different ones."""


def aggregated(aggregate: Aggregation, parts: Collection[tuple[Fraction, Decimal]]) -> Fraction:
    """Return the aggregate of values with their weights: at least one, and in a weighted mean weights above 0."""
    values = [value for value, _ in parts]
    match aggregate:
        case Aggregation.MINIMUM:
            return min(values)
        case Aggregation.MAXIMUM:
            return max(values)
        case Aggregation.MEAN:
            return fraction_sum(values) / len(values)
        case Aggregation.WEIGHTED_SUM | Aggregation.WEIGHTED_MEAN:
            together = fraction_sum([value * _fraction(weight) for value, weight in parts])
            weights = fraction_sum([_fraction(weight) for _, weight in parts])
            return together if aggregate is Aggregation.WEIGHTED_SUM else together / weights
        case _:
            return fraction_sum(values)


def _expression(aggregate: Aggregation, parts: tuple[Part, ...]) -> str:
    texts = [part.text for part in parts]
    if aggregate.is_weighted:
        weighed = " + ".join(f"{short(part.weight)} x {_operand(part.text)}" for part in parts)
        weights = total(part.weight for part in parts)
        return weighed if aggregate is Aggregation.WEIGHTED_SUM else f"({weighed}) / {short(weights)}"
    match aggregate:
        case Aggregation.MINIMUM | Aggregation.MAXIMUM:
            return f"{aggregate.value} of {', '.join(texts)}"
        case Aggregation.MEAN:
            return f"({_added(texts)}) / {len(texts)}"
        case _:
            return _added(texts)


def _operand(text: str) -> str:
    """Return an operand of `x` or `/`, in parentheses if it is a sum, a fraction or negative."""
    return f"({text})" if " " in text or "/" in text or text.startswith("-") else text


def _added(texts: Iterable[str]) -> str:
    return " + ".join(f"({text})" if text.startswith("-") else text for text in texts)


def sentence(steps: Sequence[Step], score: Decimal, mode: RoundingMode) -> str:
    """Return the arithmetic of a group: each step with its result, the last one rounded."""
    last = steps[-1].say()
    end = rounding_in_words(steps[-1].value, score, mode)
    said = [f"{step.say()} = {short(step.value)}" for step in steps[:-1]]
    plain = last in (end, short(steps[-1].value), str(score))
    return "; ".join([*said, end if plain else f"{last} = {end}"])


def lies_in(test: UnaryTest, number: Fraction) -> bool:
    """Whether a number passes a unary test."""
    return test.anything or any(_holds(a, number) for a in test.alternatives) is not test.negated


def _holds(alternative: object, number: Fraction) -> bool:
    if not isinstance(alternative, Interval):
        return False
    low, high = (None if end is None else _fraction(end) for end in (alternative.low, alternative.high))
    above = low is None or number > low or (number == low and not alternative.low_open)
    below = high is None or number < high or (number == high and not alternative.high_open)
    return above and below


def best_of(bands: Iterable[Band]) -> Fraction:
    """Return the highest number of a band."""
    return Fraction(max((band.value for band in bands if band.value is not None), default=ZERO))

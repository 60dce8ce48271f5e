"""Aggregation functions: the values of parts to the value of a group, with the arithmetic in words."""

from collections.abc import Collection, Iterable
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from cleancloud_rules.model.conditions import UnaryTest
from cleancloud_rules.model.exact import ZERO, total
from cleancloud_rules.model.groups import Aggregation, Band, Combining, Taken
from cleancloud_rules.model.rounding import RoundingMode, rounding_in_words, short
from cleancloud_rules.model.values import Interval


@frozen
class Part:
    """What a group takes of one of its parts: a value, its maximum, its weight, and the value in words."""

    value: Fraction
    most: Fraction
    weight: Decimal
    text: str


@frozen
class Step:
    """A step of the arithmetic and its result."""

    text: str
    value: Fraction


def part_of(combining: Combining, value: Fraction, most: Fraction, weight: Decimal | None, text: str) -> Part:
    """Return what a group takes of a part: its value, or its share of its maximum, which is above 0."""
    weight = Decimal(1) if weight is None else weight
    if combining.of is Taken.POINTS:
        return Part(value, most, weight, text)
    return Part(value / most, Fraction(1), weight, f"{_operand(text)} / {_operand(short(most))}")


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
        return [Step(_expression(aggregate, parts), raw)], most
    if most <= 0:
        return None, most
    value = Fraction(scale) * raw / most
    product = _scaled(scale, short(raw), most)
    first = [] if aggregate is Aggregation.SUM else [Step(_expression(aggregate, parts), raw)]
    return [*first, Step(product, value)], Fraction(scale)


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


def _scaled(scale: Decimal, text: str, most: Fraction) -> str:
    shared = "" if most == 1 else f" / {_operand(short(most))}"
    return f"{short(scale)} x {_operand(text)}{shared}"


def aggregated(aggregate: Aggregation, parts: Collection[tuple[Fraction, Decimal]]) -> Fraction:
    """Return the aggregate of values with their weights: at least one, and in a weighted mean weights above 0."""
    values = [value for value, _ in parts]
    match aggregate:
        case Aggregation.MINIMUM:
            return min(values)
        case Aggregation.MAXIMUM:
            return max(values)
        case Aggregation.MEAN:
            return sum(values, Fraction(0)) / len(values)
        case Aggregation.WEIGHTED_SUM | Aggregation.WEIGHTED_MEAN:
            together = sum((value * Fraction(weight) for value, weight in parts), Fraction(0))
            weights = sum((Fraction(weight) for _, weight in parts), Fraction(0))
            return together if aggregate is Aggregation.WEIGHTED_SUM else together / weights
        case _:
            return sum(values, Fraction(0))


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


def sentence(steps: list[Step], score: Decimal, mode: RoundingMode) -> str:
    """Return the arithmetic of a group: each step with its result, the last one rounded."""
    end = rounding_in_words(steps[-1].value, score, mode)
    said = [f"{step.text} = {short(step.value)}" for step in steps[:-1]]
    plain = steps[-1].text in (end, short(steps[-1].value), str(score))
    return "; ".join([*said, end if plain else f"{steps[-1].text} = {end}"])


def lies_in(test: UnaryTest, number: Fraction) -> bool:
    """Whether a number passes a unary test."""
    return test.anything or any(_holds(a, number) for a in test.alternatives) is not test.negated


def _holds(alternative: object, number: Fraction) -> bool:
    if not isinstance(alternative, Interval):
        return False
    low, high = (None if end is None else Fraction(end) for end in (alternative.low, alternative.high))  # type: ignore[arg-type]
    above = low is None or number > low or (number == low and not alternative.low_open)
    below = high is None or number < high or (number == high and not alternative.high_open)
    return above and below


def best_of(bands: Iterable[Band]) -> Fraction:
    """Return the highest number of a band."""
    return Fraction(max((band.value for band in bands if band.value is not None), default=ZERO))
